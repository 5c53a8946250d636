"""Measures and windows, wherever they are written."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from ..diagnostics import Diagnostic, Span
from ..periods import MONTHS_IN, Duration
from ..source.document import Map, Node, Scalar
from .model import VERBS, CalendarWindow, Measure, Offsets, Rolling, Window
from .reading import Reading, broken, text_of

_CALENDAR = re.compile(r"(previous )?(month|quarter|half|year)")
_CLOSES = (date(2026, 1, 1), date(2027, 3, 1))
"""After a month of 31 days and after one of 28: a window that holds a day of neither holds none."""


def measures(top: Reading) -> tuple[Measure, ...]:
    return tuple(_measure(name, span, node, top.problems) for name, span, node in top.named("measures"))


def _measure(name: str, span: Span, node: Node, problems: list[Diagnostic]) -> Measure:
    reading = Reading(node, problems, span)
    if reading.map is None:
        return Measure(name, span, value=broken(span))
    verbs = [key for key in ("value", *VERBS) if reading.has(key)]
    if len(verbs) != 1:
        reading.problem("measure-without-verb", span, name=name, found=", ".join(verbs) or "none")
        return Measure(name, span, value=broken(span))
    verb = verbs[0]
    shown: dict[str, Any] = {
        "percent": reading.text("kind") == "percent",
        "digits": reading.integer("digits", 4),
        "because": reading.text("because"),
        "per": reading.text("per", "account"),
        "per_span": reading.span_of("per"),
        "used_by": tuple(word for word, _ in reading.words("used_by")),
    }
    if verb == "value":
        of_rows = "table", "where", "window", "at", "dated_by", "over", "held_on", "min_population", "prorate"
        for key in of_rows:
            if reading.has(key):
                reading.problem("value-over-rows", reading.key_span(key), key=key)
        return Measure(name, span, value=reading.expression("value") or broken(span), **shown)
    if not reading.has("table"):
        reading.problem("measure-without-table", span, name=name, verb=verb)
        return Measure(name, span, value=broken(span))
    if reading.has("at") and reading.has("window"):
        reading.problem("at-and-window", reading.key_span("at"), name=name)
    if reading.has("over") and verb != "sum":
        reading.problem("over-without-sum", reading.key_span("over"), verb=verb)
    if verb == "since" and not reading.has("at"):
        reading.problem("since-without-day", span, name=name)
    rows = verb in ("count", "since") and text_of(reading.node(verb)) == "rows"
    return Measure(
        name,
        span,
        verb=verb,
        what=None if rows else reading.expression(verb),
        table=reading.text("table"),
        table_span=reading.span_of("table"),
        where=reading.expression("where"),
        window=_window(reading),
        dated_by=reading.text("dated_by") or None,
        held_on=reading.expression("held_on"),
        over=reading.expression("over"),
        min_population=reading.expression("min_population"),
        at=reading.expression("at"),
        prorate=reading.text("prorate"),
        prorate_span=reading.key_span("prorate") if reading.has("prorate") else None,
        **shown,
    )


def _window(reading: Reading) -> Window | None:
    node = reading.node("window")
    if isinstance(node, Map):
        inner = reading.inner("window")
        start, before = inner.duration("from"), inner.duration("before")
        if start is None or before is None or "business days" in (start.unit, before.unit):
            return None
        if not any(start.clamped(close) < before.clamped(close) for close in _CLOSES):
            reading.problem("window-form", node.span)
            return None
        return Offsets(start, before)
    if not isinstance(node, Scalar):
        return None
    found = _CALENDAR.fullmatch(node.text)
    if found and found[2] in MONTHS_IN:
        return CalendarWindow(found[2], previous=bool(found[1]))
    length = Duration.parse(node.text)
    return Rolling(length) if length is not None else None
