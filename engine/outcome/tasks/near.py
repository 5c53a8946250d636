"""Which touches may be due soon, whoever does them: asked once, before it is found out for each account who does.

By one calendar a later start is never due earlier. So the starts that may come to a window of days are a window too,
which is found from its two ends; where people have days of their own, it is the widest of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeAlias

from ...periods import Duration
from ...policy.model import Touch
from .calendar import REACH, Calendars, Days, reach

_Window: TypeAlias = tuple[date, date]
"""``[first, before)``."""


class Near:
    """The starts from which the first of a ``chain``, by whatever calendar, may be due in ``[as_of, before)``."""

    def __init__(self, calendars: Calendars, links: tuple[Touch, ...], as_of: date, before: date) -> None:
        window = as_of, max(as_of, before)
        self._links: list[tuple[Duration, _Window]] = []
        for touch in links:
            if touch.roll != "none":
                window = _widest(calendars.different, window, _rolling)
            asked = window
            if touch.due.unit == "business days":
                asked = _widest(calendars.different, window, lambda days, w, by=touch.due: _counting(days, w, by))
            self._links.append((touch.due, asked))

    def __contains__(self, start: date) -> bool:
        """None of the chain lies beyond its window, and one of them not before it: the latest of them decides."""
        late = False
        for due, (first, before) in self._links:
            try:
                asked = start if due.unit == "business days" else due.after(start)
            except OverflowError:
                return True
            if asked >= before:
                return False
            late |= asked >= first
        return late


def _widest(calendars: Iterable[Days], window: _Window, of: Callable[[Days, _Window], _Window]) -> _Window:
    found = [of(days, window) for days in calendars]
    return min(first for first, _ in found), max(before for _, before in found)


def _rolling(days: Days, window: _Window) -> _Window:
    """The days that a roll may bring into the window: none of them lies behind a worked day outside of it."""
    first, before = window
    yesterday = Duration(-1, "days").clamped(first)
    try:
        low = Duration(1, "days").clamped(days.rolled(yesterday, "preceding"))
    except OverflowError:
        low = Duration(-REACH, "days").clamped(first)
    try:
        return low, days.rolled(before, "following")
    except OverflowError:
        return low, Duration(REACH, "days").clamped(before)


def _counting(days: Days, window: _Window, by: Duration) -> _Window:
    """The days from which so many worked days lead into the window."""
    first, before = window
    back = Duration(-by.count, by.unit)
    try:
        if by.count > 0:
            return days.moved(first, back), before
        last = days.moved(Duration(-1, "days").clamped(before), back)
        return first, Duration(1, "days").clamped(last)
    except OverflowError:
        far = Duration(reach(by) if by.count < 0 else -reach(by), "days")
        return (far.clamped(first), before) if by.count > 0 else (first, far.clamped(before))
