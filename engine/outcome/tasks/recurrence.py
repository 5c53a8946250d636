"""The occurrences of a repeating play: the n-th is counted from the start, never from the one before it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from ...periods import Duration
from ...policy.model import Repeat

_MONTHS = {"monthly": 1, "yearly": 12}
_DAYS = {"daily": 1, "weekly": 7}
_UNITS = {"months": 1, "years": 12}
MAX_OCCURRENCES = 100_000


def occurrences(repeat: Repeat, anchor: date, before: date) -> Iterator[tuple[int, date]]:
    """Ordinal (from 1) and day of every occurrence that lies before ``before``, ``count`` of them at most.

    A day that a month lacks is its last (clamp) or no occurrence at all (skip; it has no ordinal then). Raises
    OverflowError where the first occurrence leaves the calendar.
    """
    repeat.first.after(anchor)  # the first of all must lie in the calendar
    ordinal = 0
    for step in range(MAX_OCCURRENCES):
        day = _nth(repeat, anchor, step)
        if day is None:
            continue
        if day >= before or (repeat.count is not None and ordinal >= repeat.count):
            return
        ordinal += 1
        yield ordinal, day


def _nth(repeat: Repeat, anchor: date, step: int) -> date | None:
    """``first`` in months is counted together with the steps, so that a short month clamps itself alone."""
    first, count = repeat.first, step * repeat.interval
    try:
        if repeat.freq in _MONTHS and first.unit in _UNITS:
            start, months = anchor, first.count * _UNITS[first.unit]
        else:
            start, months = first.after(anchor), 0
        if repeat.freq in _DAYS:
            return start + timedelta(days=count * _DAYS[repeat.freq])
        day = Duration(months + count * _MONTHS[repeat.freq], "months").after(start)
    except OverflowError:
        return date.max
    lacks = day.day < start.day and start.day > monthrange(day.year, day.month)[1]
    return None if lacks and not repeat.clamp else day
