"""Playbooks: conditions and anchors are typed, owners exist, business days have a calendar."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic
from ...language.infer import expect, infer
from ...language.types import BOOLEAN, DATE
from ...messages import diagnose, did_you_mean
from ..model import Touch
from ..names import ACCOUNTS, ASSIGNMENTS, PEOPLE, Holding, Names
from ..pack import InForce


def check(force: InForce, names: Names) -> Iterator[Diagnostic]:
    scope = names.account()
    for playbook in force.playbooks:
        for play in playbook.plays:
            for expression, kind in ((play.population, BOOLEAN), (play.when, BOOLEAN), (play.anchor, DATE)):
                if expression is not None:
                    yield from expect(expression, kind, scope.types, scope.elsewhere)[1]
            if play.per is not None:
                yield from infer(play.per, scope.types, scope.elsewhere)[1]
            if play.repeat is not None:
                for end in (play.repeat.before, play.repeat.until):
                    if end is not None:
                        yield from expect(end, DATE, scope.types, scope.elsewhere)[1]
            for touch in play.touches:
                yield from _touch(force, names, touch)


def _touch(force: InForce, names: Names, touch: Touch) -> Iterator[Diagnostic]:
    yield from owner(force, names, touch)
    if touch.close_when is not None:
        scope = names.account()
        yield from expect(touch.close_when, BOOLEAN, scope.types, scope.elsewhere)[1]
    counts = touch.due.unit == "business days" or touch.roll != "none"
    if counts and force.workspace.business is None:
        yield diagnose("business-days-without-calendar", touch.span, task=touch.task)


def owner(force: InForce, names: Names, touch: Touch) -> Iterator[Diagnostic]:
    """An owner is a role, a duty, or a field of accounts that holds a person."""
    roles = [name for name, d in names.definitions.items() if isinstance(d, Holding) and not d.since]
    accounts = force.workspace.shapes.get(ACCOUNTS)
    persons = [f.name for f in accounts.fields if f.kind == "person" or f.refers_to == PEOPLE] if accounts else []
    if touch.owner in roles:
        if ASSIGNMENTS not in force.workspace.shapes:
            yield diagnose("table-needed", touch.owner_span, table=ASSIGNMENTS, why="it says who holds a role")
    elif touch.owner and touch.owner not in persons:
        near = did_you_mean(touch.owner, [*roles, *persons])
        yield diagnose("unknown-role", touch.owner_span, name=touch.owner, near=near)
