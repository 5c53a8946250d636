"""Days, durations, half-open periods and the fiscal calendar. The engine knows dates only; today is never read here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
UNITS = ("business days", "days", "weeks", "months", "years")

_DURATION = re.compile(r"([+-]?\d{1,5}) (business day|day|week|month|year)s?", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])))?", re.ASCII)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, clamped to the month's last day."""
    return day + relativedelta(months=months)


def months_between(start: date, end: date) -> int:
    """The greatest n with ``add_months(start, n) <= end``."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


@dataclass(frozen=True, slots=True)
class Duration:
    """A signed length of time: ``-3 months``, ``+2 business days``."""

    count: int
    unit: str

    @staticmethod
    def parse(text: str) -> Duration | None:
        found = _DURATION.fullmatch(text.strip())
        return Duration(int(found[1]), found[2] + "s") if found else None

    def after(self, day: date) -> date:
        """``day`` moved by this; calendar units only (business days need a calendar of holidays).

        Raises OverflowError when the result leaves the calendar (years 1 to 9999).
        """
        if self.unit == "months":
            return _within_years(day, self.count)
        if self.unit == "years":
            return _within_years(day, self.count * 12)
        if self.unit == "weeks":
            return day + timedelta(weeks=self.count)
        if self.unit == "days":
            return day + timedelta(days=self.count)
        raise ValueError(f"{self.unit} are counted by a calendar")

    def __str__(self) -> str:
        return f"{self.count:+d} {self.unit}"


def _within_years(day: date, months: int) -> date:
    year = day.year + (day.month - 1 + months) // 12
    if not 1 <= year <= 9999:
        raise OverflowError("the year leaves the calendar")
    return add_months(day, months)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """``[start, before)``, with the name people call it: 2026-Q3."""

    start: date
    before: date
    name: str = ""

    @property
    def last_day(self) -> date:
        return self.before - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.before


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """Months, quarters, halves and years; a fiscal year is named by the calendar year in which it ends."""

    starts_month: int = 1

    def containing(self, unit: str, day: date) -> Period:
        """The period of ``unit`` (month, quarter, half, year) that ``day`` falls in."""
        months = MONTHS_IN[unit]
        into_year = (day.month - self.starts_month) % 12
        first = date(day.year, day.month, 1)
        start = add_months(first, -(into_year % months))
        return Period(start, add_months(start, months), self._name(unit, start))

    def previous(self, unit: str, day: date) -> Period:
        return self.containing(unit, self.containing(unit, day).start - timedelta(days=1))

    def completed(self, unit: str, day: date) -> Period:
        """The last period that is over at the close of ``day``."""
        return self.previous(unit, day + timedelta(days=1))

    def parse(self, name: str) -> Period | None:
        """``2026``, ``2026-H1``, ``2026-Q3`` (fiscal) or ``2026-09`` (a calendar month)."""
        found = _PERIOD.fullmatch(name)
        if not found or int(found[1]) < 2:
            return None
        year, quarter, half, month = found.groups()
        if month:
            return self.containing("month", date(int(year), int(month), 1))
        start = date(int(year) - (1 if self.starts_month > 1 else 0), self.starts_month, 1)
        if quarter:
            return self.containing("quarter", add_months(start, (int(quarter) - 1) * 3))
        if half:
            return self.containing("half", add_months(start, (int(half) - 1) * 6))
        return self.containing("year", start)

    def within(self, unit: str, whole: Period) -> Iterator[Period]:
        """The periods of ``unit`` that lie inside ``whole``, in order; none when they are longer than it."""
        period = self.containing(unit, whole.start)
        while period.before <= whole.before:
            if period.start >= whole.start:
                yield period
            period = self.containing(unit, period.before)

    def _name(self, unit: str, start: date) -> str:
        if unit == "month":
            return f"{start:%Y-%m}"
        last = add_months(start, MONTHS_IN[unit] - 1)
        into_year = (last.month - self.starts_month) % 12
        year_end = add_months(date(last.year, last.month, 1), 11 - into_year)
        number = into_year // MONTHS_IN[unit] + 1
        return {"quarter": f"{year_end.year}-Q{number}", "half": f"{year_end.year}-H{number}"}.get(
            unit, str(year_end.year)
        )
