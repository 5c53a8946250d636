"""Playbooks: conditions and anchors are typed, owners exist, business days have a calendar."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic, Related
from ...language.infer import checked, expect
from ...language.types import BOOLEAN, DATE
from ...messages import diagnose, did_you_mean
from ..model import Escalation, Play, Repeat, Touch
from ..names import ACCOUNTS, ASSIGNMENTS, PEOPLE, Holding, Names, Scope
from ..pack import InForce, whole_of


def check(force: InForce, names: Names) -> Iterator[Diagnostic]:
    scope = names.account()
    for playbook in force.playbooks:
        for play in playbook.plays:
            for expression, kind in ((play.population, BOOLEAN), (play.when, BOOLEAN), (play.anchor, DATE)):
                if expression is not None:
                    yield from expect(expression, kind, scope.types, scope.elsewhere)[1]
            if play.per is not None:
                yield from checked(play.per, scope.types, scope.elsewhere)[1]
            if play.repeat is not None:
                yield from _repeat(play, play.repeat, scope)
            for touch in play.touches:
                yield from _touch(force, names, touch)
                yield from _due(force, play, touch)
            yield from _after(play)


def _repeat(play: Play, repeat: Repeat, scope: Scope) -> Iterator[Diagnostic]:
    for end in (repeat.before, repeat.until):
        if end is not None:
            yield from expect(end, DATE, scope.types, scope.elsewhere)[1]
    for pace in repeat.paces:
        if pace.when is not None:
            yield from expect(pace.when, BOOLEAN, scope.types, scope.elsewhere)[1]
    if play.when is not None and not play.firing.level and repeat.is_open:
        yield diagnose("repeat-never-ends", repeat.span, play=play.name)


def _touch(force: InForce, names: Names, touch: Touch) -> Iterator[Diagnostic]:
    yield from owner(force, names, touch)
    scope = names.account()
    for condition in (touch.close_when, touch.skip_when):
        if condition is not None:
            yield from expect(condition, BOOLEAN, scope.types, scope.elsewhere)[1]
    for step in touch.escalate:
        yield from _escalation(force, names, step)
    units = [touch.due.unit, *(step.overdue.unit for step in touch.escalate), *(d.unit for d in touch.flex or ())]
    if ("business days" in units or touch.roll != "none") and force.workspace.business is None:
        yield diagnose("business-days-without-calendar", touch.span, task=touch.task)


def _due(force: InForce, play: Play, touch: Touch) -> Iterator[Diagnostic]:
    """A setting that counts days is a whole number; nothing is due before its play starts."""
    span = touch.due_span or touch.span
    if touch.due_setting:
        setting = next((s for s in force.settings if s.name == touch.due_setting), None)
        if setting is None:
            near = did_you_mean(touch.due_setting, [s.name for s in force.settings])
            yield diagnose("due-without-setting", span, name=touch.due_setting, near=near)
            return
        if whole_of(setting) is None:
            related = [Related(setting.span, "the setting is here")]
            yield diagnose("due-of-setting", span, name=setting.name, found=setting.value.text, related=related)
            return
    if play.when is not None and play.anchor is None and play.repeat is None and touch.due.count < 0:
        yield diagnose("due-before-trigger", span, task=touch.task, found=touch.due)


def _after(play: Play) -> Iterator[Diagnostic]:
    """What comes before a task is another task of the play, and no task comes before itself."""
    touches = {touch.task: touch for touch in play.touches}
    told: set[str] = set()
    for touch in play.touches:
        if touch.after and touch.after_span is not None and touch.after not in touches:
            near = did_you_mean(touch.after, [name for name in touches if name != touch.task])
            yield diagnose("after-unknown-task", touch.after_span, name=touch.after, play=play.name, near=near)
        way = [touch.task]
        while (last := touches.get(way[-1])) is not None and last.after and last.after not in way:
            way.append(last.after)
        back = touches.get(way[-1])
        if back is not None and back.after == touch.task and touch.task not in told and touch.after_span is not None:
            told.update(way)
            yield diagnose("circular-after", touch.after_span, way=" after ".join([*way, touch.task]))


def _escalation(force: InForce, names: Names, step: Escalation) -> Iterator[Diagnostic]:
    roles = _roles(names)
    if step.to not in roles:
        yield diagnose("unknown-role", step.span, name=step.to, near=did_you_mean(step.to, roles))
    elif ASSIGNMENTS not in force.workspace.shapes:
        yield diagnose("table-needed", step.span, table=ASSIGNMENTS, why="it says who holds a role")


def _roles(names: Names) -> list[str]:
    """The roles and duties."""
    return [name for name, d in names.definitions.items() if isinstance(d, Holding) and not d.since]


def owner(force: InForce, names: Names, touch: Touch) -> Iterator[Diagnostic]:
    """An owner is a role, a duty, or a field of accounts that holds a person."""
    roles = _roles(names)
    accounts = force.workspace.shapes.get(ACCOUNTS)
    persons = [f.name for f in accounts.fields if f.kind == "person" or f.refers_to == PEOPLE] if accounts else []
    if touch.owner in roles:
        if ASSIGNMENTS not in force.workspace.shapes:
            yield diagnose("table-needed", touch.owner_span, table=ASSIGNMENTS, why="it says who holds a role")
    elif touch.owner and touch.owner not in persons:
        near = did_you_mean(touch.owner, [*roles, *persons])
        yield diagnose("unknown-role", touch.owner_span, name=touch.owner, near=near)
