"""Business days of six places against a list of their public holidays that is kept outside this project."""

import csv
from datetime import date, timedelta

from granger.engine.diagnostics import Span
from granger.engine.outcome.tasks.calendar import Days
from granger.engine.policy.model import BusinessCalendar

SPAN = Span("granger.yaml", 1, 1, 1, 2)
PLACES = {("US", ""), ("US", "CA"), ("GB", "ENG"), ("DE", ""), ("DE", "BY"), ("JP", "")}


def test_the_free_weekdays_of_eleven_years_are_those_of_the_list(foreign):
    with foreign("calendar_holidays/public_only_2020_2030.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    listed: dict[tuple[str, str], set[date]] = {}
    for row in rows:
        listed.setdefault((row["country"], row["subdivision"]), set()).add(date.fromisoformat(row["date"]))
    assert listed.keys() == PLACES and len(rows) == 828
    free = 0
    for (country, subdivision), days_off in sorted(listed.items()):
        days, day = Days(BusinessCalendar(country, subdivision or None, SPAN)), date(2020, 1, 1)
        while day < date(2031, 1, 1):
            assert days.is_worked(day) == (day.weekday() < 5 and day not in days_off), (country, subdivision, day)
            free += day.weekday() < 5 and day in days_off
            day += timedelta(days=1)
    assert free > 600
