"""Playbooks: conditions and anchors are typed, owners exist, business days have a calendar."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic
from ...language.infer import expect
from ...language.types import BOOLEAN, DATE
from ...messages import diagnose, did_you_mean
from ..model import Play, Touch
from ..names import ACCOUNTS, ASSIGNMENTS, PEOPLE, Names
from ..pack import InForce


def check(force: InForce, names: Names) -> Iterator[Diagnostic]:
    scope = names.account()
    for playbook in force.playbooks:
        for play in playbook.plays:
            for expression, kind in ((play.population, BOOLEAN), (play.when, BOOLEAN), (play.anchor, DATE)):
                if expression is not None:
                    yield from expect(expression, kind, scope.types, scope.elsewhere)[1]
            for touch in play.touches:
                yield from _touch(force, play, touch)


def _touch(force: InForce, play: Play, touch: Touch) -> Iterator[Diagnostic]:
    yield from owner(force, touch)
    counts = touch.due.unit == "business days" or touch.roll != "none"
    if counts and force.workspace.business is None:
        yield diagnose("business-days-without-calendar", touch.span, task=touch.task)


def owner(force: InForce, touch: Touch) -> Iterator[Diagnostic]:
    """An owner is a role of the workspace, or a field of accounts that holds a person."""
    roles = force.workspace.roles
    accounts = force.workspace.shapes.get(ACCOUNTS)
    persons = [f.name for f in accounts.fields if f.kind == "person" or f.refers_to == PEOPLE] if accounts else []
    if touch.owner in roles:
        if ASSIGNMENTS not in force.workspace.shapes:
            yield diagnose("table-needed", touch.owner_span, table=ASSIGNMENTS, why="it says who holds a role")
    elif touch.owner and touch.owner not in persons:
        near = did_you_mean(touch.owner, [*roles, *persons])
        yield diagnose("unknown-role", touch.owner_span, name=touch.owner, near=near)
