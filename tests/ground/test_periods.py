"""Months, durations, half-open periods and the fiscal calendar with every first month."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

import pytest
from granger.engine.periods import MONTHS_IN, Duration, FiscalCalendar, Period, add_months, months_between
from hypothesis import given, settings
from hypothesis import strategies as st

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
MONTHS = st.integers(1, 12)
UNITS = st.sampled_from(sorted(MONTHS_IN))


def day(text: str) -> date:
    return date.fromisoformat(text)


@given(DAYS, st.integers(-600, 600))
@settings(derandomize=True, max_examples=400)
def test_add_months_clamps_to_the_last_day(start: date, count: int) -> None:
    moved = add_months(start, count)
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    assert (moved.year, moved.month) == (year, month + 1)
    assert moved.day == min(start.day, monthrange(year, month + 1)[1])


@given(DAYS, DAYS)
@settings(derandomize=True, max_examples=400)
def test_months_between_is_the_greatest_n(start: date, end: date) -> None:
    n = months_between(start, end)
    assert add_months(start, n) <= end < add_months(start, n + 1)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-31", "2026-02-28", 1), ("2026-01-31", "2026-02-27", 0), ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1), ("2026-03-15", "2026-09-15", 6), ("2026-03-15", "2026-09-14", 5),
        ("2026-08-31", "2027-02-28", 6), ("2026-03-15", "2026-03-14", -1), ("2026-03-31", "2026-02-28", -1),
        ("2026-03-31", "2026-02-27", -2), ("2026-01-01", "2026-01-01", 0), ("0001-01-31", "9999-12-31", 119987),
    ],
)  # fmt: skip
def test_months_between_worked_out(start: str, end: str, months: int) -> None:
    assert months_between(day(start), day(end)) == months


@pytest.mark.parametrize(
    ("text", "from_day", "to_day"),
    [
        ("-3 months", "2026-05-31", "2026-02-28"), ("90 days", "2026-09-30", "2026-12-29"),
        ("1 week", "2026-09-30", "2026-10-07"),
        ("+2 weeks", "2026-09-30", "2026-10-14"), ("-1 year", "2024-02-29", "2023-02-28"),
        ("4 years", "2024-02-29", "2028-02-29"),
        ("0 days", "2026-09-30", "2026-09-30"), ("1 months", "2026-01-31", "2026-02-28"),
    ],
)  # fmt: skip
def test_a_duration_moves_a_day(text: str, from_day: str, to_day: str) -> None:
    duration = Duration.parse(text)
    assert duration is not None and duration.after(day(from_day)) == day(to_day)
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(
    "text",
    [
        "", "3", "months", "3months", "3 Months", "3  months", "- 3 months", "3.5 months", "1e2 days", "3 quarters",
        "３ days", "123456 days", "3 months 2 days",
    ],
)  # fmt: skip
def test_what_is_no_duration(text: str) -> None:
    assert Duration.parse(text) is None


@pytest.mark.parametrize("text", ["99999 years", "99999 months", "-99999 months", "-99999 years"])
def test_a_move_out_of_the_calendar_is_an_overflow(text: str) -> None:
    duration = Duration.parse(text)
    assert duration is not None
    with pytest.raises(OverflowError):
        duration.after(day("2026-09-30"))


def test_business_days_are_not_counted_here() -> None:
    duration = Duration.parse("+2 business days")
    assert duration == Duration(2, "business days")
    with pytest.raises(ValueError, match="calendar"):
        duration.after(day("2026-09-30"))


@pytest.mark.parametrize("starts", range(1, 13))
@pytest.mark.parametrize("unit", sorted(MONTHS_IN))
def test_periods_tile_the_time_and_their_names_lead_back(starts: int, unit: str) -> None:
    calendar = FiscalCalendar(starts)
    first = calendar.containing(unit, day("2020-01-01"))
    periods = [first]
    while periods[-1].before < day("2030-01-01"):
        periods.append(calendar.containing(unit, periods[-1].before))
    assert len(periods) >= 120 // MONTHS_IN[unit]
    for earlier, later in pairwise(periods):
        assert earlier.before == later.start and earlier.last_day in earlier and earlier.before not in earlier
        assert calendar.previous(unit, later.start) == calendar.previous(unit, later.last_day) == earlier
    for period in periods:
        assert calendar.parse(period.name) == period
        assert add_months(period.start, MONTHS_IN[unit]) == period.before
        assert unit == "month" or (period.start.month - starts) % 12 % MONTHS_IN[unit] == 0
        assert unit == "month" or period.name[:4] == str(calendar.containing("year", period.start).last_day.year)
    assert len({period.name for period in periods}) == len(periods)


@given(MONTHS, UNITS, DAYS)
@settings(derandomize=True, max_examples=400)
def test_a_day_lies_in_its_period_and_the_completed_one_is_over(starts: int, unit: str, today: date) -> None:
    calendar = FiscalCalendar(starts)
    around, done = calendar.containing(unit, today), calendar.completed(unit, today)
    assert today in around
    # over at the close of the day, and the next one is not
    assert done.last_day <= today < calendar.containing(unit, done.before).last_day
    assert (done == around) == (today == around.last_day)


@given(MONTHS, UNITS, UNITS, DAYS)
@settings(derandomize=True, max_examples=300)
def test_within_lists_whole_periods_in_order(starts: int, small: str, large: str, today: date) -> None:
    calendar = FiscalCalendar(starts)
    whole = calendar.containing(large, today)
    inside = list(calendar.within(small, whole))
    if MONTHS_IN[small] > MONTHS_IN[large]:
        assert inside == []
    else:
        assert len(inside) == MONTHS_IN[large] // MONTHS_IN[small]
        assert (inside[0].start, inside[-1].before) == (whole.start, whole.before)


def test_a_calendar_month_inside_a_fiscal_year_that_starts_elsewhere() -> None:
    """2026 (fiscal, from October 2025) holds October 2025 as its first month; half of a quarter holds no quarter."""
    calendar = FiscalCalendar(10)
    year = calendar.parse("2026")
    assert year == Period(day("2025-10-01"), day("2026-10-01"), "2026")
    assert [p.name for p in calendar.within("quarter", year)] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert next(calendar.within("month", year)).name == "2025-10"
    cut = Period(day("2025-11-01"), day("2026-03-01"))
    assert [p.name for p in calendar.within("quarter", cut)] == []
    assert [p.name for p in calendar.within("month", cut)] == ["2025-11", "2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "2026-Q0",
        "2026-Q5",
        "2026-H3",
        "2026-13",
        "2026-00",
        "26-Q1",
        "2026-q1",
        "2026-9",
        "0000",
        "0001",
        "2026-Q1 ",
    ],
)
def test_what_is_no_name_of_a_period(name: str) -> None:
    assert FiscalCalendar(4).parse(name) is None


@pytest.mark.parametrize("name", ["9999", "9999-Q4", "9999-H2", "9999-12"])
def test_a_period_that_leaves_the_calendar_is_none(name: str) -> None:
    assert FiscalCalendar(1).parse(name) is None


@pytest.mark.parametrize("unit", ["quarter", "half", "year"])
def test_an_early_year_is_named_by_four_digits(unit: str) -> None:
    calendar = FiscalCalendar(1)
    period = calendar.containing(unit, day("0200-05-05"))
    assert calendar.parse(period.name) == period


def test_a_period_is_half_open() -> None:
    period = Period(day("2026-07-01"), day("2026-10-01"), "2026-Q3")
    assert day("2026-07-01") in period and day("2026-09-30") in period
    assert day("2026-06-30") not in period and day("2026-10-01") not in period
    assert period.last_day + timedelta(days=1) == period.before
