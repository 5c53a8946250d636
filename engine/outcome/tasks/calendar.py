"""Business days of one country: weekends, public holidays and the weekend days worked in exchange.

The only importer of ``holidays``.
"""

from __future__ import annotations

from datetime import date, timedelta

import holidays

from ...diagnostics import Diagnostic
from ...messages import diagnose
from ...periods import Duration
from ...policy.model import BusinessCalendar

_ONE = timedelta(days=1)


def unsupported(calendar: BusinessCalendar | None) -> list[Diagnostic]:
    """A finding where the holidays of the workspace's place are not known."""
    if calendar is None:
        return []
    known = holidays.list_supported_countries().get(calendar.country)
    place = calendar.country + (f"/{calendar.subdivision}" if calendar.subdivision else "")
    if known is None or (calendar.subdivision is not None and calendar.subdivision not in known):
        return [diagnose("unknown-country", calendar.span, found=place)]
    return []


class Days:
    """Which days are worked, and dates moved by them. Without a calendar only weekends are free."""

    def __init__(self, calendar: BusinessCalendar | None) -> None:
        self._free: holidays.HolidayBase | None = None
        if calendar is not None:
            self._free = holidays.country_holidays(calendar.country, subdiv=calendar.subdivision)
        self._known: dict[date, bool] = {}

    def is_worked(self, day: date) -> bool:
        worked = self._known.get(day)
        if worked is None:
            worked = bool(self._free.is_working_day(day)) if self._free is not None else day.weekday() < 5
            self._known[day] = worked
        return worked

    def moved(self, day: date, by: Duration) -> date:
        """``day`` moved by calendar units, or by so many worked days. Raises OverflowError outside the calendar."""
        if by.unit != "business days":
            return by.after(day)
        step, left = (_ONE if by.count > 0 else -_ONE), abs(by.count)
        while left:
            day += step
            left -= self.is_worked(day)
        return day

    def rolled(self, day: date, roll: str) -> date:
        """``day`` itself when it is worked or ``roll`` is none; else the worked day that the roll names.

        ``modified_following`` stays in the month; ``nearest`` prefers the later of two as near.
        """
        if roll == "none" or self.is_worked(day):
            return day
        after, before = self._next(day, _ONE), self._next(day, -_ONE)
        match roll:
            case "following":
                return after
            case "preceding":
                return before
            case "modified_following":
                return after if after.month == day.month else before
            case _:
                return after if after - day <= day - before else before

    def _next(self, day: date, step: timedelta) -> date:
        while not self.is_worked(day):
            day += step
        return day
