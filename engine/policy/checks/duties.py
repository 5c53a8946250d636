"""Duties name roles of the workspace."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic
from ...messages import diagnose, did_you_mean
from ..pack import InForce


def check(force: InForce) -> Iterator[Diagnostic]:
    roles = force.workspace.roles
    for duty in force.duties:
        for case in duty.cases:
            if case.role not in roles:
                yield diagnose("unknown-role", case.span, name=case.role, near=did_you_mean(case.role, roles))
