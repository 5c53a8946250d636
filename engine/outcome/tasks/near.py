"""Which touches may be due soon, whoever does them: asked once, before it is found out for each account who does.

By one calendar a later start is never due earlier. So the starts that may come to a window of days are a window too,
which is found from its two ends; where people have days of their own, it is the widest of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
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
            later = [_rolling(days, window, "following") if _waits(touch) else window for days in calendars.different]
            asked = map(partial(_asked, touch), calendars.different, later)
            self._links.append((touch.due, _widest(asked)))
            window = _widest(later)

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


def _widest(windows: Iterable[_Window]) -> _Window:
    firsts, befores = zip(*windows, strict=True)
    return min(firsts), max(befores)


def _waits(touch: Touch) -> bool:
    """Whether a touch that another moves is rolled on from the other's day."""
    return bool(touch.after) and touch.roll != "none"


def _asked(touch: Touch, days: Days, window: _Window) -> _Window:
    """The days that the touch counts from, or (in calendar units) asks for."""
    if touch.roll != "none":
        window = _rolling(days, window, touch.roll)
    return _counting(days, window, touch.due) if touch.due.unit == "business days" else window


def _rolling(days: Days, window: _Window, roll: str) -> _Window:
    """The days that the roll may bring into the window: none of them lies behind a worked day outside of it."""
    first, before = window
    if roll != "preceding":
        try:
            first = Duration(1, "days").clamped(days.rolled(Duration(-1, "days").clamped(first), "preceding"))
        except OverflowError:
            first = Duration(-REACH, "days").clamped(first)
    if roll != "following":
        try:
            before = days.rolled(before, "following")
        except OverflowError:
            before = Duration(REACH, "days").clamped(before)
    return first, before


def _counting(days: Days, window: _Window, by: Duration) -> _Window:
    """The days from which so many worked days lead into the window."""
    (first, before), back = window, Duration(-by.count, by.unit)
    far = Duration(reach(by) if by.count < 0 else -reach(by), "days")
    if by.count > 0:
        try:
            return days.moved(first, back), before
        except OverflowError:
            return far.clamped(first), before
    try:
        return first, Duration(1, "days").clamped(days.moved(Duration(-1, "days").clamped(before), back))
    except OverflowError:
        return first, far.clamped(before)
