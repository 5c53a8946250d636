"""How a play repeats: the parts of a rule, what cannot be among them, and rules that never come to anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ..diagnostics import Span
from ..periods import Duration
from ..recurrence import WEEKDAYS, Rule, Weekday, recurring
from ..source.document import List
from .decode_shapes import check_order
from .model import Pace, Repeat
from .reading import Reading, number_of

_BY_PARTS = ("byday", "bymonthday", "bymonth")
_FREQUENCIES = ("daily", "weekly", "monthly", "yearly")
_ALL_YEARS = date(2000, 1, 1), date(2028, 1, 1)
"""Between these days lies every year that there can be: leap or not, from each weekday on."""


def repeat(row: Reading) -> Repeat:
    ends = [key for key in ("before", "until", "count") if row.has(key)]
    if len(ends) > 1:
        row.problem("repeat-with-two-ends", row.key_span(ends[1]), found=" and ".join(ends))
    rule, paces = _rule(row), _paces(row)
    if len(paces) > 1 and row.has("count"):
        row.problem("count-at-changing-pace", row.key_span("count"))
    return Repeat(
        rule=rule,
        paces=paces,
        first=row.duration("first") or Duration(0, "days"),
        span=row.span,
        before=row.expression("before"),
        until=row.expression("until"),
        count=row.integer("count", 1) if row.has("count") else None,
        exdates=frozenset(_exdates(row, rule)),
    )


def _paces(row: Reading) -> tuple[Pace, ...]:
    if not isinstance(row.node("interval"), List):
        return (Pace(max(row.integer("interval", 1), 1), None, row.span_of("interval")),)
    readings = list(row.readings("interval"))
    check_order(readings, "interval")
    cases = [
        Pace(max(case.integer("interval", 1), 1), case.expression("when"), case.span, case.text("because"))
        for case in readings
    ]
    return tuple(cases) or (Pace(1, None, row.span),)


def _rule(row: Reading) -> Rule:
    rule = Rule(
        freq=row.text("freq"),
        clamp=row.text("on_missing_day", "clamp") == "clamp",
        byday=tuple(day for text, _ in row.words("byday") if (day := Weekday.parse(text))),
        bymonthday=tuple(number for number, _ in _numbers(row, "bymonthday")),
        bymonth=tuple(number for number, _ in _numbers(row, "bymonth")),
        bysetpos=tuple(number for number, _ in _numbers(row, "bysetpos")),
    )
    before = len(row.problems)
    _outside(row, rule)
    sound = len(row.problems) == before and rule.freq in _FREQUENCIES
    if sound and not rule.is_plain and next(recurring(rule, *_ALL_YEARS), None) is None:
        row.problem("repeat-never-occurs", row.span)
    if not row.has("on_missing_day") and _may_lack_a_day(rule):
        row.problem("repeat-without-missing-day", row.span, freq=rule.freq)
    return rule


def _outside(row: Reading, rule: Rule) -> None:
    """What RFC 5545 does not allow together."""
    in_years = rule.freq == "yearly" and not rule.bymonth
    most = 53 if in_years else 5
    for text, span in row.words("byday"):
        weekday = Weekday.parse(text)
        if weekday is None or not weekday.nth:
            continue
        if rule.freq in ("daily", "weekly"):
            row.problem("rrule-numbered-day", span, found=text, freq=rule.freq)
        elif abs(weekday.nth) > most:
            row.problem("rrule-number-too-large", span, found=text, most=most, within="year" if in_years else "month")
    for key in ("bymonthday", "bymonth", "bysetpos"):
        for number, span in _numbers(row, key):
            if number == 0:
                row.problem("rrule-number-zero", span, key=key)
    if rule.bymonthday and rule.freq == "weekly":
        row.problem("rrule-month-day-in-week", row.key_span("bymonthday"))
    if rule.bysetpos and not any(row.has(key) for key in _BY_PARTS):
        row.problem("rrule-position-alone", row.key_span("bysetpos"))


def _may_lack_a_day(rule: Rule) -> bool:
    """Whether a month can lack a day that the rule, or the anchor, names by its number."""
    if rule.bymonthday:
        return any(abs(number) > 28 for number in rule.bymonthday)
    return rule.freq in ("monthly", "yearly") and not rule.byday


def _exdates(row: Reading, rule: Rule) -> Iterator[date]:
    for text, span in row.words("exdate"):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            continue  # the schema reported it
        yield day
        if rule.freq in _FREQUENCIES and day < date.max and not any(recurring(rule, day, day + timedelta(1))):
            row.problem("exdate-without-effect", span, day=f"{day} ({WEEKDAYS[day.weekday()]})")


def _numbers(row: Reading, key: str) -> Iterator[tuple[int, Span]]:
    node = row.node(key)
    for item in node.items if isinstance(node, List) else ():
        number = number_of(item)
        if number is not None and number.denominator == 1:
            yield int(number), item.span
