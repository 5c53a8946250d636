"""The occurrences of a repeating play: each is counted from the start, never from the one before it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import compress

from ...policy.model import Repeat
from ...recurrence import MAX_PERIODS, kin, period_of, recurring

_BY_MONTHS = ("monthly", "yearly")
_MONTHS = ("months", "years")
MAX_OCCURRENCES = 100_000


def occurrences(repeat: Repeat, interval: int, anchor: date, before: date) -> Iterator[tuple[int, date]]:
    """Ordinal (from 1) and day of every occurrence that lies before ``before``, ``count`` of them at most.

    Days that are left out (``exdate``) keep their ordinal for themselves. Where the interval hangs on a condition, an
    occurrence has the ordinal that it has with an interval of 1, so that it stays the same whatever the rhythm. Raises
    OverflowError where the first day leaves the calendar.
    """
    start, day_of_month = _begins(repeat, anchor)
    every, kept = _rhythm(repeat, interval)
    found = enumerate(recurring(repeat.rule, start, before, every, day_of_month), start=1)
    for ordinal, (period, day) in found:
        if ordinal > _most(repeat):
            return
        if period % kept == 0 and day not in repeat.exdates:
            yield ordinal, day


@dataclass(frozen=True, slots=True)
class Span:
    """A start and the first day after its repeat; ``day_of_month`` as ``recurring`` takes it."""

    anchor: date
    start: date
    before: date
    day_of_month: int


def occurrences_of_many(
    repeat: Repeat, interval: int, spans: Iterable[tuple[date, date]]
) -> tuple[list[tuple[date, list[int], list[date]]], list[date]]:
    """``occurrences`` of many anchors, each with its ``before``: the anchors that have some with their ordinals and
    days, and those whose first day leaves the calendar.

    Starts of one kin share the days of the earliest of them, which are found once.
    """
    every, kept = _rhythm(repeat, interval)
    kins: dict[tuple[int, ...], list[Span]] = {}
    lost: list[date] = []
    for anchor, before in spans:
        try:
            start, day_of_month = _begins(repeat, anchor)
        except OverflowError:
            lost.append(anchor)
            continue
        span = Span(anchor, start, before, day_of_month)
        kins.setdefault(kin(repeat.rule, start, every, day_of_month), []).append(span)
    found: list[tuple[date, list[int], list[date]]] = []
    for of_kin in kins.values():
        for near in _in_reach(repeat, every, of_kin):
            found += _shared(repeat, every, kept, near)
    return found, lost


def _in_reach(repeat: Repeat, every: int, spans: list[Span]) -> Iterator[list[Span]]:
    """All of them together; each alone where ``MAX_PERIODS`` of the first do not reach as far as the last."""
    first, last = min(span.start for span in spans), max(span.before for span in spans)
    if period_of(repeat.rule, last) - period_of(repeat.rule, first) < MAX_PERIODS * every:
        yield spans
    else:
        yield from ([span] for span in spans)


def _shared(repeat: Repeat, every: int, kept: int, spans: list[Span]) -> Iterator[tuple[date, list[int], list[date]]]:
    first = min(spans, key=lambda span: span.start)
    last = max(span.before for span in spans)
    periods, days = [], []
    for period, day in recurring(repeat.rule, first.start, last, every, first.day_of_month):
        periods.append(period)
        days.append(day)
    begun = period_of(repeat.rule, first.start)
    for span in spans:
        low, high = bisect_left(days, span.start), bisect_left(days, span.before)
        high = min(high, low + _most(repeat))
        ordinals, own = list(range(1, high - low + 1)), days[low:high]
        if kept > 1 or repeat.exdates:
            since = (period_of(repeat.rule, span.start) - begun) // every
            stays = [
                (period - since) % kept == 0 and day not in repeat.exdates
                for period, day in zip(periods[low:high], own, strict=True)
            ]
            ordinals, own = list(compress(ordinals, stays)), list(compress(own, stays))
        if own:
            yield span.anchor, ordinals, own


def _begins(repeat: Repeat, anchor: date) -> tuple[date, int]:
    """The first day and, where a month of fewer days clamps itself alone, the day of the month that is wanted."""
    by_months = repeat.rule.freq in _BY_MONTHS and repeat.first.unit in _MONTHS
    return repeat.first.after(anchor), anchor.day if by_months else 0


def _rhythm(repeat: Repeat, interval: int) -> tuple[int, int]:
    """Every which period is looked at, and every which of those counts."""
    return (1, interval) if repeat.is_paced else (interval, 1)


def _most(repeat: Repeat) -> int:
    return min(repeat.count or MAX_OCCURRENCES, MAX_OCCURRENCES)
