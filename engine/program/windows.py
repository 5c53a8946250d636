"""A window and the close of a day to the half-open days it covers."""

from __future__ import annotations

from datetime import date, timedelta

from ..periods import Duration, FiscalCalendar, Period
from ..policy.model import CalendarWindow, Rolling, Window


def days_of(window: Window, as_of: date, fiscal: FiscalCalendar) -> Period:
    """Rolling windows and offsets count from the close of ``as_of``; a calendar window ends there, so far.

    What lies beyond the calendar (years 1 to 9999) is cut off.
    """
    close = as_of + timedelta(days=1)
    match window:
        case Rolling(length=length):
            return Period(Duration(-length.count, length.unit).clamped(close), close)
        case CalendarWindow(unit=unit, previous=True):
            return fiscal.previous(unit, as_of)
        case CalendarWindow(unit=unit):
            return Period(fiscal.containing(unit, as_of).start, close)
        case _:
            return Period(window.start.clamped(close), window.before.clamped(close))
