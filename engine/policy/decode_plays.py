"""Playbooks: plays, when they start, and their touches."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from ..periods import Duration
from ..source.document import Map
from .decode_repeats import repeat
from .model import NO_TIME, AtMost, Escalation, Firing, Play, Playbook, Touch
from .reading import Reading

_OF_SETTING = re.compile(r"([+-])([A-Za-z_]\w*) (business days?|days?|weeks?|months?|years?)", re.ASCII)


def playbook(top: Reading, frame: dict[str, Any]) -> Playbook:
    return Playbook(**frame, horizon=_horizon(top), plays=tuple(_play(row) for row in top.readings("plays")))


def _horizon(top: Reading) -> Duration | date | None:
    if isinstance(top.node("horizon"), Map):
        return top.inner("horizon").day("before")
    return top.duration("horizon")


def _play(row: Reading) -> Play:
    if not row.has("anchor") and not row.has("when"):
        row.problem("play-without-anchor", row.span_of("play"), play=row.text("play"))
    return Play(
        name=row.text("play"),
        span=row.span_of("play"),
        touches=tuple(_touch(touch) for touch in row.readings("touches")),
        population=row.expression("for"),
        when=row.expression("when"),
        anchor=row.expression("anchor"),
        per=row.expression("per"),
        repeat=repeat(row.inner("repeat")) if row.has("repeat") else None,
        because=row.text("because"),
        firing=_firing(row),
    )


_OF_TRIGGERS = "trigger", "lasting", "cooldown", "cooldown_from", "at_most"


def _firing(row: Reading) -> Firing:
    for key in _OF_TRIGGERS if not row.has("when") else ():
        if row.has(key):
            row.problem("trigger-without-when", row.key_span(key), key=key, play=row.text("play"))
    if row.has("cooldown_from") and not row.has("cooldown"):
        row.problem("cooldown-needed", row.key_span("cooldown_from"))
    at_most = row.inner("at_most") if row.has("at_most") else None
    during = at_most.length("during") if at_most else None
    return Firing(
        level=row.text("trigger") == "level",
        lasting=row.length("lasting", least=0) or NO_TIME,
        cooldown=row.length("cooldown"),
        from_completion=row.text("cooldown_from") == "completion",
        at_most=AtMost(at_most.integer("times", 1), during) if at_most and during else None,
    )


def _touch(row: Reading) -> Touch:
    due, setting = _due(row)
    return Touch(
        task=row.text("task"),
        due=due,
        due_span=row.span_of("due") if row.has("due") else None,
        due_setting=setting,
        owner=row.text("owner"),
        owner_span=row.span_of("owner"),
        span=row.span_of("task"),
        activity=row.text("activity"),
        minutes=row.integer("minutes", 0),
        priority=row.text("priority", "normal"),
        channel=row.text("channel"),
        roll=row.text("roll", "none"),
        because=row.text("because"),
        close_when=row.expression("close_when"),
        contact=row.boolean("contact", True),
        after=row.text("after"),
        after_span=row.span_of("after") if row.has("after") else None,
        skip_when=row.expression("skip_when"),
        escalate=tuple(_escalation(step) for step in row.readings("escalate")),
        flex=_flex(row),
    )


def _due(row: Reading) -> tuple[Duration, str]:
    """How long after the anchor, and the setting whose figure it counts: ``+transition_days days`` is one of each."""
    found = _OF_SETTING.fullmatch(row.text("due"))
    if found is None:
        return row.duration("due") or Duration(0, "days"), ""
    return Duration(-1 if found[1] == "-" else 1, found[3].removesuffix("s") + "s"), found[2]


def _flex(row: Reading) -> tuple[Duration, Duration] | None:
    """How much earlier, and how much later."""
    found = [Duration.parse(text) for text, _ in row.words("flex")]
    if len(found) != 2 or found[0] is None or found[1] is None:
        return None
    if found[0].count > 0 or found[1].count < 0 or found[0].count == found[1].count:
        row.problem("flex-order", row.span_of("flex"))
        return None
    return found[0], found[1]


def _escalation(row: Reading) -> Escalation:
    overdue = row.duration("overdue") or Duration(1, "days")
    if overdue.count < 1:
        row.problem("escalate-too-soon", row.span_of("overdue"), found=row.text("overdue"))
    return Escalation(row.text("to"), overdue, row.span_of("to"))
