"""A workspace folder to checked policies, with every diagnostic that can be known at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..diagnostics import Diagnostic, in_order
from ..source.discover import read_workspace
from .checks import check
from .decode_policies import decode_policy
from .decode_tests import TestFile, decode_tests
from .decode_workspace import decode_workspace
from .pack import Policies, digest_of


@dataclass(frozen=True)
class Loaded:
    """``policies`` is None where granger.yaml itself could not be read; ``lines`` serve the snippets of diagnostics."""

    policies: Policies | None
    diagnostics: tuple[Diagnostic, ...]
    lines: Mapping[str, tuple[str, ...]]
    tests: tuple[TestFile, ...] = ()


def load_policies(folder: Path) -> Loaded:
    read = read_workspace(folder)
    problems: list[Diagnostic] = list(read.diagnostics)
    top = next((document for document in read.documents if document.kind == "workspace"), None)
    if top is None:
        return Loaded(None, tuple(in_order(problems)), read.lines)
    workspace = decode_workspace(top, problems)
    decoded = (decode_policy(document, problems) for document in read.documents if document is not top)
    policies = Policies(workspace, tuple(policy for policy in decoded if policy), digest_of(read.documents))
    problems += check(policies)
    tests = tuple(
        decode_tests(document, workspace, problems) for document in read.documents if document.kind == "tests"
    )
    return Loaded(policies, tuple(in_order(problems)), read.lines, tests)
