"""Who works on which day of the simulated year, written down by hand: nothing here is granger's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

COMPANY_OFF = (date(2026, 12, 24), date(2026, 12, 31))
COMPANY_WORKED = (date(2026, 6, 27),)
"""A Saturday."""
WEEK = "MO TU WE TH FR"
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _days(year: int, text: str) -> set[date]:
    """``1-1 10-1..7``: days of a year as month and day, or several days of a month."""
    found = set[date]()
    for part in text.split():
        month, days = part.split("-")
        first, _, last = days.partition("..")
        found |= {date(year, int(month), day) for day in range(int(first), int(last or first) + 1)}
    return found


FREE = {
    "DE": _days(2026, "1-1 4-3 4-6 5-1 5-14 5-25 10-3 12-25 12-26")
    | _days(2027, "1-1 3-26 3-29 5-1 5-6 5-17 10-3 12-25 12-26"),
    "FR": _days(2026, "1-1 4-6 5-1 5-8 5-14 5-25 7-14 8-15 11-1 11-11 12-25")
    | _days(2027, "1-1 3-29 5-1 5-6 5-8 5-17 7-14 8-15 11-1 11-11 12-25"),
    "CN": _days(2026, "1-1..3 2-15..23 4-4..6 5-1..5 6-19..21 9-25..27 10-1..7"),
}
"""By public record; of China what its State Council has announced, which is 2026."""
IN_EXCHANGE = {"CN": _days(2026, "1-4 2-14 2-28 5-9 9-20 10-10")}
"""Weekend days that are worked."""


class WorkedDays:
    """By the rows of ``people`` and ``time_off``. Whoever is not among the people works as the company does."""

    def __init__(self, people: Iterable[Mapping[str, Any]], time_off: Iterable[Mapping[str, Any]]) -> None:
        self.people = {row["person"]: row for row in people}
        self.off = set[tuple[str, date]]()
        for row in time_off:
            length = (row["ends_on"] - row["starts_on"]).days
            self.off |= {(row["person"], row["starts_on"] + timedelta(n)) for n in range(length + 1)}

    def at_work(self, person: str, day: date) -> bool | None:
        """None where nobody has announced it yet."""
        own = self.people.get(person, {})
        country = own.get("country") or "DE"
        if (person, day) in self.off or day in COMPANY_OFF:
            return False
        if day in COMPANY_WORKED or day in IN_EXCHANGE.get(country, ()):
            return True
        if day.year > max(free.year for free in FREE[country]):
            return None
        week = own.get("working_week") or WEEK
        return day not in FREE[country] and NAMES[day.weekday()] in week.split()
