"""Days, durations, half-open periods and the fiscal calendar. The engine knows dates only; today is never read here."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
UNITS = ("business days", "days", "weeks", "months", "years")

_DURATION = re.compile(r"([+-]?\d{1,5}) (business day|day|week|month|year)s?", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])))?", re.ASCII)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, clamped to the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = 31 if day.day <= 28 else monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


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

    def clamped(self, day: date) -> date:
        """As ``after``; the calendar's first or last day where the result leaves it."""
        try:
            return self.after(day)
        except OverflowError:
            return date.max if self.count > 0 else date.min

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

    @property
    def days(self) -> int:
        return (self.before - self.start).days

    @property
    def months(self) -> int:
        """The months whose first day lies in it: of periods that follow each other, each has whole ones of its own."""
        return _firsts_before(self.before) - _firsts_before(self.start)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.before

    def common(self, other: Period) -> Period | None:
        """The days that are in both, under this one's name."""
        start, before = max(self.start, other.start), min(self.before, other.before)
        return Period(start, before, self.name) if start < before else None

    def share_of(self, whole: Period, unit: str) -> Fraction:
        """The part that this is of ``whole``, in which it lies: by ``days`` or by whole ``months``."""
        if unit == "months":
            return Fraction(self.months, whole.months)
        return Fraction(self.days, whole.days)


def _firsts_before(day: date) -> int:
    return day.year * 12 + day.month - (1 if day.day == 1 else 0)


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """Months, quarters, halves and years; a fiscal year is named by the calendar year in which it ends.

    What leaves the calendar (years 1 to 9999) raises OverflowError.
    """

    starts_month: int = 1

    def containing(self, unit: str, day: date) -> Period:
        """The period of ``unit`` (month, quarter, half, year) that ``day`` falls in."""
        start = self.first_day(unit, day)
        return Period(start, self.last_day(unit, day) + timedelta(days=1), self._name(unit, start))

    def first_day(self, unit: str, day: date) -> date:
        return _within_years(day.replace(day=1), -self._months_into(unit, day))

    def last_day(self, unit: str, day: date) -> date:
        month = _within_years(day.replace(day=1), MONTHS_IN[unit] - 1 - self._months_into(unit, day))
        return month + relativedelta(day=31)

    def _months_into(self, unit: str, day: date) -> int:
        return (day.month - self.starts_month) % MONTHS_IN[unit]

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
        try:
            return self._parsed(*found.groups())
        except OverflowError:
            return None

    def _parsed(self, year: str, quarter: str | None, half: str | None, month: str | None) -> Period:
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
        start = self.first_day(unit, whole.start)
        while start < whole.before:
            try:
                period = self.containing(unit, start)
            except OverflowError:
                return
            if whole.start <= period.start and period.before <= whole.before:
                yield period
            start = period.before

    def _name(self, unit: str, start: date) -> str:
        if unit == "month":
            return start.isoformat()[:7]
        year = f"{self.last_day('year', start).year:04}"
        number = self._months_into("year", start) // MONTHS_IN[unit] + 1
        return {"quarter": f"{year}-Q{number}", "half": f"{year}-H{number}"}.get(unit, year)
