"""Finds the YAML files of a workspace folder and reads every one of them.

A workspace is a folder with a ``granger.yaml`` at its root. All other ``*.yaml`` and ``*.yml`` files below it are its
policies, except those in hidden folders, in folders named ``data``, ``out``, ``out-…`` or ``out_…`` (runs are written
there), ``venv``, ``node_modules`` and ``__pycache__``. A linked folder is not entered, a linked file is read if it lies
in the workspace. What cannot be read is a diagnostic; nothing here raises.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .. import messages
from ..diagnostics import Cell, Diagnostic, Related, in_order
from ..messages import diagnose
from .document import Document
from .plain import key_span
from .reader import MAX_BYTES, lines_of, read
from .scalars import shown
from .schema import check

ROOT = "granger.yaml"
MAX_FILES = 2_000

_SKIPPED = frozenset({"data", "out", "venv", "node_modules", "__pycache__"})
_SKIPPED_STARTS = (".", "out-", "out_")


@dataclass(frozen=True, slots=True)
class WorkspaceFiles:
    """Documents by path, granger.yaml among them; ``lines`` of every file that could be read, for the snippets."""

    documents: tuple[Document, ...]
    diagnostics: tuple[Diagnostic, ...]
    lines: Mapping[str, tuple[str, ...]] = field(repr=False)


def read_workspace(folder: Path) -> WorkspaceFiles:
    """Reads and schema-checks every policy of ``folder``, and collects what is wrong with any of them."""
    if not (folder / ROOT).exists():
        return WorkspaceFiles((), (diagnose("workspace-missing", Cell(ROOT), folder=folder.name or str(folder)),), {})
    problems: list[Diagnostic] = []
    documents: list[Document] = []
    lines: dict[str, tuple[str, ...]] = {}
    for name, path in _readable(folder, problems):
        data = _bytes(name, path, problems)
        if data is None:
            continue
        lines[name] = lines_of(data)
        document, found = read(data, name)
        problems += found
        if document is not None:
            documents.append(document)
            problems += check(document)
    problems += _one_workspace(documents)
    return WorkspaceFiles(tuple(documents), tuple(in_order(problems)), lines)


def _readable(folder: Path, problems: list[Diagnostic]) -> list[tuple[str, Path]]:
    """The files to read with their names inside the workspace, sorted by name."""
    inside = Path(os.path.realpath(folder))
    named: list[tuple[str, Path]] = []
    seen: set[Path] = set()
    for path in _found(folder, problems):
        name = _name(folder, path)
        target = Path(os.path.realpath(path))  # Path.resolve raises for a link to itself
        if not target.is_relative_to(inside):
            problems.append(diagnose("link-leads-outside", Cell(name)))
        elif path.suffix.lower() in (".yaml", ".yml") and target not in seen:
            seen.add(target)
            named.append((name, path))
    if len(named) > MAX_FILES:
        problems.append(diagnose("too-many-files", Cell(ROOT), most=f"{MAX_FILES:,}"))
        named = [(name, path) for name, path in named if name == ROOT]
    return sorted(named)


def _found(folder: Path, problems: list[Diagnostic]) -> Iterator[Path]:
    """YAML files, and linked folders; the links last, so that a file is read under its own name."""

    def unlistable(error: OSError) -> None:
        problems.append(diagnose("unreadable-file", Cell(_name(folder, Path(error.filename))), reason=_reason(error)))

    links: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=unlistable):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith(_SKIPPED_STARTS))
        for name in sorted([*files, *folders]):
            path = Path(place, name)
            if path.is_symlink():
                links.append(path)
            elif name in files and path.suffix.lower() in (".yaml", ".yml") and not name.startswith("."):
                yield path
    yield from (link for link in links if link.is_dir() or link.suffix.lower() in (".yaml", ".yml"))


def _name(folder: Path, path: Path) -> str:
    """The path inside the workspace, printable whatever bytes the disk holds."""
    relative = path.relative_to(folder) if path.is_relative_to(folder) else path
    name = relative.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in name)


def _bytes(name: str, path: Path, problems: list[Diagnostic]) -> bytes | None:
    try:
        if not path.is_file():  # a folder, a pipe, a link to nothing
            problems.append(diagnose("unreadable-file", Cell(name), reason=messages.FOUND["no-file"]))
            return None
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        problems.append(diagnose("unreadable-file", Cell(name), reason=_reason(error)))
        return None


def _reason(error: OSError) -> str:
    return messages.FOUND["forbidden" if isinstance(error, PermissionError) else "disk"]


def _one_workspace(documents: list[Document]) -> Iterator[Diagnostic]:
    top = next((document for document in documents if document.file == ROOT), None)
    if top is not None and top.kind not in (None, "workspace"):
        found = shown(f"kind: {top.kind}")
        yield diagnose("not-a-workspace", key_span(top, ["kind"]), found=f"`{found}`")
    others = [document for document in documents if document.kind == "workspace" and document is not top]
    for other in others:
        related = [Related(key_span(top, ["kind"]), messages.LABELS["workspace"])] if top else []
        yield diagnose("two-workspaces", key_span(other, ["kind"]), related=related)
