"""Days that come again, in the terms of RFC 5545 (RRULE): a rule's parts, and the days that they give period by period.

What of the RFC is here, and where this departs from it, stands in docs/how-to-write-plays.md.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MAX_PERIODS = 100_000
"""So many days, weeks, months or years of a rule are looked at, whether they hold a day or not."""

_LAST = date.max.toordinal()
_WEEKDAY = re.compile(rf"([+-]?[1-9][0-9]?)?({'|'.join(WEEKDAYS)})", re.ASCII)
_MONTHS_KNOWN = 16_384


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week (0 is Monday); with ``nth``, only the one so many from the start (or the end) of its span."""

    day: int
    nth: int = 0

    @staticmethod
    def parse(text: str) -> Weekday | None:
        """``MO``, ``1FR``, ``-1FR``."""
        found = _WEEKDAY.fullmatch(text)
        return Weekday(WEEKDAYS.index(found[2]), int(found[1] or 0)) if found else None

    def __str__(self) -> str:
        return f"{self.nth or ''}{WEEKDAYS[self.day]}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rhythm (daily, weekly, monthly, yearly) and its by-parts, which mean what they mean in RFC 5545; weeks start on
    Monday. ``clamp`` moves a day that a month lacks to its last (counted from the end: to its first); without it there
    is no such day.
    """

    freq: str
    clamp: bool = True
    byday: tuple[Weekday, ...] = ()
    bymonthday: tuple[int, ...] = ()
    bymonth: tuple[int, ...] = ()
    bysetpos: tuple[int, ...] = ()

    @property
    def is_plain(self) -> bool:
        return not (self.byday or self.bymonthday or self.bymonth or self.bysetpos)


def recurring(
    rule: Rule, start: date, before: date, interval: int = 1, day_of_month: int = 0
) -> Iterator[tuple[int, date]]:
    """Every recurrence in ``[start, before)``, with the number of its period among every ``interval``-th (0 is that of
    the start). What the parts do not say is the start's: its weekday, its month, and its day of the month (or the one
    given). Days rise; ``MAX_PERIODS`` are looked at.
    """
    wanted = day_of_month or start.day
    for step in range(MAX_PERIODS):
        days = _of_period(rule, start, before, wanted, step * interval)
        if days is None:
            return
        for day in _picked(rule, days):
            if start <= day < before:
                yield step, day


def period_of(rule: Rule, day: date) -> int:
    """The number of the day, week, month or year that the day lies in, counted from any fixed one."""
    match rule.freq:
        case "daily":
            return day.toordinal()
        case "weekly":
            return _monday(day) // 7
        case "monthly":
            return day.year * 12 + day.month
    return day.year


def kin(rule: Rule, start: date, interval: int = 1, day_of_month: int = 0) -> tuple[int, ...]:
    """What ``recurring`` takes of a start, but where it begins: from the later of two starts of one kin on, both have
    the same days, as long as ``MAX_PERIODS`` are not all looked at.
    """
    phase = period_of(rule, start) % interval
    match rule.freq:
        case "daily":
            return (phase,)
        case "weekly":
            return phase, start.weekday()
        case "monthly":
            return phase, day_of_month or start.day
    return phase, day_of_month or start.day, start.month


def _of_period(rule: Rule, start: date, before: date, wanted: int, ahead: int) -> Iterable[date] | None:
    """The days of the period so far ``ahead`` of that of the start; None where it begins at ``before`` or later."""
    if rule.freq in ("daily", "weekly"):
        first = start.toordinal() + ahead if rule.freq == "daily" else _monday(start) + 7 * ahead
        if first >= before.toordinal():
            return None
        return _of_day(rule, date.fromordinal(first)) if rule.freq == "daily" else _of_week(rule, first, start)
    if rule.freq == "yearly":
        year = start.year + ahead
        return None if year > before.year else _of_year(rule, year, start.month, wanted)
    year, month = divmod(start.year * 12 + start.month - 1 + ahead, 12)
    if (year, month + 1) > (before.year, before.month):
        return None
    return () if rule.bymonth and month + 1 not in rule.bymonth else _of_month(rule, year, month + 1, wanted)


def _monday(day: date) -> int:
    return day.toordinal() - day.weekday()


def _picked(rule: Rule, days: Iterable[date]) -> Iterable[date]:
    """The days of one period at the places that ``bysetpos`` names; all without it."""
    if not rule.bysetpos:
        return days
    found = list(days)
    places = {place - 1 if place > 0 else len(found) + place for place in rule.bysetpos}
    return [found[place] for place in sorted(places) if 0 <= place < len(found)]


def _of_day(rule: Rule, day: date) -> Iterable[date]:
    if rule.bymonth and day.month not in rule.bymonth:
        return ()
    if rule.byday and all(weekday.day != day.weekday() for weekday in rule.byday):
        return ()
    if rule.bymonthday and day.day not in _placed(rule, rule.bymonthday, day.year, day.month):
        return ()
    return (day,)


def _of_week(rule: Rule, monday: int, start: date) -> Iterable[date]:
    weekdays = sorted({weekday.day for weekday in rule.byday}) or [start.weekday()]
    days = [date.fromordinal(monday + day) for day in weekdays if monday + day <= _LAST]
    return [day for day in days if not rule.bymonth or day.month in rule.bymonth]


@lru_cache(maxsize=_MONTHS_KNOWN)
def _of_month(rule: Rule, year: int, month: int, wanted: int) -> tuple[date, ...]:
    first, length = date(year, month, 1).toordinal(), monthrange(year, month)[1]
    if rule.byday and not rule.bymonthday:
        return tuple(map(date.fromordinal, sorted(_weekdays(rule, first, length))))
    days = {first + day - 1 for day in _placed(rule, rule.bymonthday or (wanted,), year, month)}
    if rule.byday:
        in_year = rule.freq == "yearly" and not rule.bymonth
        days &= _weekdays(rule, *_year(year)) if in_year else _weekdays(rule, first, length)
    return tuple(map(date.fromordinal, sorted(days)))


def _of_year(rule: Rule, year: int, month: int, wanted: int) -> Iterable[date]:
    if rule.byday and not rule.bymonth and not rule.bymonthday:
        return map(date.fromordinal, sorted(_weekdays(rule, *_year(year))))
    months = sorted(set(rule.bymonth)) or (range(1, 13) if rule.bymonthday else (month,))
    return [day for each in months for day in _of_month(rule, year, each, wanted)]


def _year(year: int) -> tuple[int, int]:
    first = date(year, 1, 1).toordinal()
    return first, date(year, 12, 31).toordinal() - first + 1


def _placed(rule: Rule, numbers: Iterable[int], year: int, month: int) -> set[int]:
    """The days of the month that the numbers stand for, counted from its start or, below 0, from its end."""
    last = monthrange(year, month)[1]
    days = {number if number > 0 else last + 1 + number for number in numbers}
    return {min(max(day, 1), last) for day in days} if rule.clamp else {day for day in days if 1 <= day <= last}


def _weekdays(rule: Rule, first: int, length: int) -> set[int]:
    """The ordinals of the rule's weekdays among so many days from ``first`` on."""
    found: set[int] = set()
    for weekday in rule.byday:
        days = range(first + (weekday.day + 1 - first) % 7, first + length, 7)  # ordinal 1 is a Monday
        if not weekday.nth:
            found.update(days)
        elif abs(weekday.nth) <= len(days):
            found.add(days[weekday.nth - (weekday.nth > 0)])
    return found
