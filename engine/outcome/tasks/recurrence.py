"""The occurrences of a repeating play: the n-th is counted from the start, never from the one before it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from ...periods import Duration
from ...policy.model import Repeat

_MONTHS = {"monthly": 1, "yearly": 12}
_DAYS = {"daily": 1, "weekly": 7}
MAX_OCCURRENCES = 10_000


def occurrences(repeat: Repeat, anchor: date, before: date) -> Iterator[tuple[int, date]]:
    """Ordinal (from 1) and day of every occurrence that lies before ``before``, ``count`` of them at most.

    A day that a month lacks is its last (clamp) or no occurrence at all (skip; it has no ordinal then). Raises
    OverflowError where the first occurrence leaves the calendar.
    """
    start = repeat.first.after(anchor)
    ordinal = 0
    for step in range(MAX_OCCURRENCES):
        day = _nth(repeat, start, step)
        if day is None:
            continue
        if day >= before or (repeat.count is not None and ordinal >= repeat.count):
            return
        ordinal += 1
        yield ordinal, day


def _nth(repeat: Repeat, start: date, step: int) -> date | None:
    count = step * repeat.interval
    try:
        if repeat.freq in _DAYS:
            return start + timedelta(days=count * _DAYS[repeat.freq])
        day = Duration(count * _MONTHS[repeat.freq], "months").after(start)
    except OverflowError:
        return date.max
    lacks = day.day < start.day and start.day > monthrange(day.year, day.month)[1]
    return None if lacks and not repeat.clamp else day
