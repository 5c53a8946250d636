"""The occurrences of a repeating play: each is counted from the start, never from the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ...policy.model import Repeat
from ...recurrence import recurring

_BY_MONTHS = ("monthly", "yearly")
_MONTHS = ("months", "years")
MAX_OCCURRENCES = 100_000


def occurrences(repeat: Repeat, interval: int, anchor: date, before: date) -> Iterator[tuple[int, date]]:
    """Ordinal (from 1) and day of every occurrence that lies before ``before``, ``count`` of them at most.

    Days that are left out (``exdate``) keep their ordinal for themselves. Where the interval hangs on a condition, an
    occurrence has the ordinal that it has with an interval of 1, so that it stays the same whatever the rhythm. Raises
    OverflowError where the first day leaves the calendar.
    """
    start = repeat.first.after(anchor)
    by_months = repeat.rule.freq in _BY_MONTHS and repeat.first.unit in _MONTHS
    day_of_month = anchor.day if by_months else 0  # a month of fewer days clamps itself alone
    every, kept = (1, interval) if repeat.is_paced else (interval, 1)
    most = min(repeat.count or MAX_OCCURRENCES, MAX_OCCURRENCES)
    found = enumerate(recurring(repeat.rule, start, before, every, day_of_month), start=1)
    for ordinal, (period, day) in found:
        if ordinal > most:
            return
        if period % kept == 0 and day not in repeat.exdates:
            yield ordinal, day
