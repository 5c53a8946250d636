"""Which days are worked, by a place, a company and a person, and dates moved by them.

The only importer of ``holidays``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property, partial
from typing import TypeAlias

import holidays

from ...diagnostics import Diagnostic
from ...messages import diagnose
from ...periods import WEEKDAYS, Duration
from ...policy.model import BusinessCalendar, DaySpan, Workspace
from ...policy.names import PEOPLE, TIME_OFF
from ...tables.shape import Table
from .time_off import Own, TimeOff, own_calendars

_ONE = timedelta(days=1)
_DAYS = "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
_LANGUAGE = "en_US"
"""Of the names of holidays, where a country's are known in it: never that of the machine."""

REACH = 400
"""The days within which the next worked day must lie: a calendar that has none for longer has no day to give."""
_REACH_OF_ONE = 10
"""As many days more for each business day that is counted."""

_YEAR_BY_YEAR = 3
"""A country with special days in each of so many years, up to the last that is known, announces them every year."""

STANDS_IN = " stands in for "

_Place: TypeAlias = tuple[str, str | None]


def known(country: str, subdivision: str | None) -> bool:
    """Whether the holidays of the place are."""
    subdivisions = holidays.list_supported_countries().get(country)
    return subdivisions is not None and (subdivision is None or subdivision in subdivisions)


def unsupported(calendar: BusinessCalendar | None) -> list[Diagnostic]:
    """A finding where the holidays of the workspace's place are not known."""
    if calendar is None or calendar.country is None or known(calendar.country, calendar.subdivision):
        return []
    place = calendar.country + (f"/{calendar.subdivision}" if calendar.subdivision else "")
    return [diagnose("unknown-country", calendar.span, found=place)]


class Holidays:
    """The public holidays of a place, the weekend days worked in exchange, and which years may still change."""

    def __init__(self, country: str, subdivision: str | None) -> None:
        self.place = country + (f"-{subdivision}" if subdivision else "")
        self._days = holidays.country_holidays(country, subdiv=subdivision, language=_LANGUAGE)
        self._provisional: dict[int, bool] = {}

    def name(self, day: date) -> str:
        """Of the holiday on that day; empty where there is none."""
        return str(self._days.get(day, ""))

    def is_weekend(self, day: date) -> bool:
        return bool(self._days.is_weekend(day))

    def is_worked_in_exchange(self, day: date) -> bool:
        self.name(day)  # a year is filled in when a day of it is asked for
        return day in self._days.weekend_workdays and self.is_weekend(day)

    def is_provisional(self, year: int) -> bool:
        """Whether the year lies beyond what a country that announces its holidays year by year has announced, has
        holidays that are estimated (by the moon, say), or is not known at all.
        """
        if year not in self._provisional:
            own = self._days
            beyond = self._announced_until is not None and year > self._announced_until
            known = own.start_year <= year <= own.end_year
            self._provisional[year] = beyond or not known or self._is_estimated(year)
        return self._provisional[year]

    def _is_estimated(self, year: int) -> bool:
        labels = (getattr(self._days, name, "") for name in ("estimated_label", "observed_estimated_label"))
        marks = [self._days.tr(label).replace("%s", "").strip() for label in labels if label]
        self.name(date(year, 1, 1))  # fills in the year
        names = [name for day, name in self._days.items() if day.year == year]
        return any(mark in name for name in names for mark in marks)

    @cached_property
    def _announced_until(self) -> int | None:
        """The last year announced; None where the holidays of all years follow from the laws.

        Weekend days worked in exchange, and special days year after year, are what a government decides each year.
        """
        special = set(getattr(self._days, "special_public_holidays", ()))
        if not special:
            return None
        last = max(special)
        every_year = all(last - i in special for i in range(_YEAR_BY_YEAR))
        for year in special:
            self.name(date(year, 1, 1))
        return last if self._days.weekend_workdays or every_year else None


class Days:
    """The days that one calendar works, and dates moved by them. Without a calendar only weekends are free.

    ``week`` and ``place`` come before those of the calendar. ``person`` is named where a day is free for that person
    alone; ``absent`` tells why the person is off on a day (empty: is not).
    """

    def __init__(
        self,
        calendar: BusinessCalendar | None,
        place: Holidays | None = None,
        week: tuple[int, ...] | None = None,
        person: str = "",
        absent: Callable[[date], str] | None = None,
    ) -> None:
        if place is None and calendar is not None and calendar.country is not None:
            place = Holidays(calendar.country, calendar.subdivision)
        self.place, self.person, self.absent = place, person, absent
        self.own_week = week is not None
        self.week = week if week is not None or calendar is None else calendar.week
        self.company = calendar
        self._known: dict[date, str] = {}
        self._provisional: dict[tuple[int, int], tuple[str, ...]] = {}

    def is_worked(self, day: date) -> bool:
        return not self.why_free(day)

    def why_free(self, day: date) -> str:
        """Why the day is not worked; empty where it is."""
        why = self._known.get(day)
        if why is None:
            why = self._known[day] = self._why_free(day)
        return why

    def _why_free(self, day: date) -> str:
        if self.absent is not None and (why := self.absent(day)):
            return why
        company = self.company
        if company is not None and _within(day, company.days_worked):
            return ""
        if company is not None and _within(day, company.days_off):
            return f"{day} is a day off of the company"
        if self.place is not None:
            if self.place.is_worked_in_exchange(day):
                return ""
            if name := self.place.name(day):
                return f"{day} is a holiday in {self.place.place}: {name}"
        if self.week is not None:
            free = day.weekday() not in self.week
        else:
            free = self.place.is_weekend(day) if self.place is not None else day.weekday() > 4
        if free and self.own_week:
            return f"{day}, a {_DAYS[day.weekday()]}, is not a working day of {self.person}"
        return f"{day} is a {_DAYS[day.weekday()]}" if free else ""

    @property
    def told(self) -> str:
        """Whose it is and which days it works, for an explanation."""
        place = f"holidays of {self.place.place}" if self.place is not None else "no holidays"
        if self.week is not None:
            week = "works " + " ".join(WEEKDAYS[day] for day in self.week)
        else:
            week = "the usual week of the place" if self.place is not None else "Monday to Friday"
        return ", ".join([*([f"that of {self.person}"] if self.person else []), place, week])

    def provisional(self, first: date, last: date) -> tuple[str, ...]:
        """The years between two days, each after its place, whose holidays may still change."""
        if self.place is None:
            return ()
        years = min(first, last).year, max(first, last).year
        known = self._provisional.get(years)
        if known is None:
            place, spanned = self.place, range(years[0], years[1] + 1)
            known = tuple(f"{place.place} {year}" for year in spanned if place.is_provisional(year))
            self._provisional[years] = known
        return known

    def moved(self, day: date, by: Duration) -> date:
        """``day`` moved by calendar units, or by so many worked days. Raises OverflowError outside the calendar, and
        where no worked day is near.
        """
        if by.unit != "business days":
            return by.after(day)
        step, left = (_ONE if by.count > 0 else -_ONE), abs(by.count)
        for _ in range(reach(by)):
            if not left:
                return day
            day += step
            left -= self.is_worked(day)
        if left:
            raise OverflowError(f"no worked day is near {day}")
        return day

    def rolled(self, day: date, roll: str) -> date:
        """``day`` itself when it is worked or ``roll`` is none; else the worked day that the roll names.

        ``modified_following`` stays in the month; ``nearest`` prefers the later of two as near. Raises OverflowError
        where no worked day is near.
        """
        if roll == "none" or self.is_worked(day):
            return day
        match roll:
            case "following":
                return self._next(day, _ONE)
            case "preceding":
                return self._next(day, -_ONE)
        after, before = self._next(day, _ONE), self._next(day, -_ONE)
        if roll == "modified_following":
            return after if (after.year, after.month) == (day.year, day.month) else before
        return after if after - day <= day - before else before

    def _next(self, day: date, step: timedelta) -> date:
        for _ in range(REACH):
            if self.is_worked(day):
                return day
            day += step
        raise OverflowError(f"no worked day is near {day}")


def reach(by: Duration) -> int:
    """The days within which so many worked days must lie."""
    return REACH + _REACH_OF_ONE * abs(by.count)


class Calendars:
    """The calendar of the workspace and of every person.

    A person without a place, a week or time off has the workspace's. People of one place share a calendar.
    """

    def __init__(self, workspace: Workspace, tables: Mapping[str, Table]) -> None:
        self.findings: list[Diagnostic] = []
        self.company = workspace.business
        self.workspace = Days(workspace.business)
        self.time_off = TimeOff(tables.get(TIME_OFF), self.findings)
        self._own = own_calendars(tables.get(PEOPLE), workspace.business, known, self.findings)
        self._places: dict[_Place, Holidays] = {}
        self._shared: dict[_Place, Days] = {}
        self._days: dict[str, Days] = {}
        self._alike: dict[int, str] = {}

    @cached_property
    def persons(self) -> frozenset[str]:
        """Those whose calendar is not the workspace's."""
        return self.time_off.persons | self._own.keys()

    @cached_property
    def different(self) -> list[Days]:
        """The calendars that there are, each once."""
        found = [self.workspace, *(self.of(person) for person in sorted(self.persons))]
        return list({id(days): days for days in found}.values())

    def of(self, person: str | None) -> Days:
        """The days on which the work of a person is done: time off counts unless somebody at work stands in."""
        if person is None or person not in self.persons:
            return self.workspace
        if person not in self._days:
            self._days[person] = self._make(person)
        return self._days[person]

    def works(self, person: str | None, day: date) -> bool:
        """Whether work of the person can be done on that day."""
        return self.of(person).is_worked(day)

    def alike(self, person: str) -> str:
        """The first of those asked for who have the same calendar as the person."""
        return self._alike.setdefault(id(self.of(person)), person)

    def stand_in(self, person: str, day: date) -> tuple[str, str] | None:
        """Who stands in for a person who is off on that day, and what is said of it; None where nobody does."""
        found = self.time_off.stand_in(person, day) if person in self.time_off.persons else None
        return (found[0], f"{found[0]}{STANDS_IN}{person}: {found[1].told}") if found is not None else None

    def is_worked(self, person: str, day: date) -> bool:
        """Whether the person is at work on that day: not off, though somebody stands in."""
        return self.time_off.on(person, day) is None and self.of(person).is_worked(day)

    def days_a_week(self, person: str) -> int:
        """The days of an ordinary week of the person."""
        return len(self.of(person).week or range(5))

    def worked(self, person: str, start: date, before: date) -> Iterator[date]:
        """The days of ``[start, before)`` on which the person is at work."""
        days = (start + timedelta(days=i) for i in range((before - start).days))
        return (day for day in days if self.is_worked(person, day))

    def _make(self, person: str) -> Days:
        own = self._own.get(person, Own(None, None, None))
        place = self._place(own)
        away = person in self.time_off.persons
        if own.week is None and not away:
            key = own.country or "", own.subdivision
            if key not in self._shared:
                self._shared[key] = Days(self.company, place)
            return self._shared[key]
        return Days(self.company, place, own.week, person, partial(self._absent, person) if away else None)

    def _place(self, own: Own) -> Holidays | None:
        if own.country is None:
            return self.workspace.place
        key = own.country, own.subdivision
        if key not in self._places:
            self._places[key] = Holidays(*key)
        return self._places[key]

    def _absent(self, person: str, day: date) -> str:
        """Why nobody does the work of a person who is off on that day; empty where somebody does, or nobody is off."""
        row, found = self.time_off.on(person, day), self.time_off.stand_in(person, day)
        if row is None or found is None:
            return row.told if row is not None else ""
        why = self.of(found[0]).why_free(day)
        return f"{row.told} and {found[0]} stands in, but {why}" if why else ""


def _within(day: date, spans: tuple[DaySpan, ...]) -> bool:
    return any(first <= day <= last for first, last in spans)
