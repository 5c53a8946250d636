"""Business days: weekends, public holidays, weekend days worked in exchange, and the rolls of a due date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from granger.engine.diagnostics import Span
from granger.engine.outcome.tasks.calendar import Days, unsupported
from granger.engine.periods import Duration
from granger.engine.policy.model import BusinessCalendar

SPAN = Span("granger.yaml", 1, 1, 1, 2)


def days(place: str) -> Days:
    country, _, subdivision = place.partition("/")
    return Days(BusinessCalendar(country, subdivision or None, SPAN) if country else None)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("place", "text", "worked"),
    [
        ("CN", "2025-01-28", False), ("CN", "2025-01-26", True), ("CN", "2025-10-01", False),
        ("CN", "2025-10-08", False),
        ("CN", "2025-09-28", True), ("CN", "2025-10-11", True), ("CN", "2025-10-09", True),
        ("CN", "2025-10-12", False),
        ("US", "2025-07-04", False), ("US", "2025-11-27", False), ("US", "2025-10-01", True),
        ("US", "2025-09-28", False),
        ("US", "2026-07-03", False), ("US/CA", "2025-03-31", False), ("US", "2025-03-31", True),
        ("", "2025-10-01", True), ("", "2025-10-04", False), ("", "2025-10-05", False),
    ],
)  # fmt: skip
def test_which_days_are_worked(place: str, text: str, worked: bool) -> None:
    assert days(place).is_worked(day(text)) is worked


@pytest.mark.parametrize(
    ("place", "start", "by", "end"),
    [
        ("", "2026-09-30", 2, "2026-10-02"), ("", "2026-10-02", 1, "2026-10-05"), ("", "2026-10-03", 1, "2026-10-05"),
        ("", "2026-10-05", -1, "2026-10-02"), ("", "2026-10-04", -1, "2026-10-02"),
        ("", "2026-10-03", 0, "2026-10-03"),
        ("CN", "2025-09-30", 1, "2025-10-09"), ("CN", "2025-10-09", -1, "2025-09-30"),
        ("CN", "2025-09-27", 1, "2025-09-28"),
        ("US", "2025-07-03", 1, "2025-07-07"), ("US", "2025-11-26", 2, "2025-12-01"),
        ("", "2026-01-01", 260, "2026-12-31"),
    ],
)  # fmt: skip
def test_moves_by_business_days(place: str, start: str, by: int, end: str) -> None:
    assert days(place).moved(day(start), Duration(by, "business days")) == day(end)


@pytest.mark.parametrize(
    ("place", "start", "roll", "end"),
    [
        ("", "2026-10-03", "none", "2026-10-03"), ("", "2026-10-03", "following", "2026-10-05"),
        ("", "2026-10-03", "preceding", "2026-10-02"),
        ("", "2026-10-03", "nearest", "2026-10-02"), ("", "2026-10-04", "nearest", "2026-10-05"),
        ("", "2026-10-03", "modified_following", "2026-10-05"),
        ("", "2026-10-31", "modified_following", "2026-10-30"), ("", "2026-10-31", "following", "2026-11-02"),
        ("", "2026-10-02", "following", "2026-10-02"),
        ("CN", "2025-10-01", "following", "2025-10-09"), ("CN", "2025-10-08", "preceding", "2025-09-30"),
        ("CN", "2025-10-05", "nearest", "2025-10-09"),
        ("CN", "2025-09-28", "preceding", "2025-09-28"), ("US", "2025-07-04", "nearest", "2025-07-03"),
        ("US", "2025-05-31", "modified_following", "2025-05-30"),
        ("", "2026-02-28", "modified_following", "2026-02-27"),
        ("", "2026-05-30", "modified_following", "2026-05-29"),
    ],
)  # fmt: skip
def test_rolls(place: str, start: str, roll: str, end: str) -> None:
    assert days(place).rolled(day(start), roll) == day(end)


@pytest.mark.parametrize("place", ["", "CN", "US"])
def test_the_laws_of_rolls_over_two_years(place: str) -> None:
    calendar, tried = days(place), 0
    for offset in range(730):
        start = date(2024, 6, 1) + timedelta(days=offset)
        after, before = calendar.rolled(start, "following"), calendar.rolled(start, "preceding")
        near, same_month = calendar.rolled(start, "nearest"), calendar.rolled(start, "modified_following")
        assert before <= start <= after and all(calendar.is_worked(d) for d in (after, before, near, same_month))
        assert not any(calendar.is_worked(before + timedelta(days=i)) for i in range(1, (after - before).days))
        assert near in (after, before) and abs(near - start) == min(after - start, start - before)
        assert near == after or start - before < after - start
        assert same_month.month == start.month
        tried += not calendar.is_worked(start)
    assert tried > 200


def test_a_move_there_and_back_leads_home_on_worked_days() -> None:
    calendar, start = days("CN"), day("2025-09-29")
    for count in range(1, 40):
        there = calendar.moved(start, Duration(count, "business days"))
        assert calendar.is_worked(there) and calendar.moved(there, Duration(-count, "business days")) == start


@pytest.mark.parametrize(("start", "count"), [("9999-12-30", 5), ("0001-01-02", -5)])
def test_the_end_of_the_calendar_is_an_overflow(start: str, count: int) -> None:
    for place in ("", "CN", "US"):
        with pytest.raises(OverflowError):
            days(place).moved(day(start), Duration(count, "business days"))


@pytest.mark.parametrize(
    ("place", "known"),
    [("CN", True), ("US/CA", True), ("GB/SCT", True), ("XX", False), ("US/QQ", False), ("cn", False)],
)
def test_which_calendars_are_known(place: str, known: bool) -> None:
    country, _, subdivision = place.partition("/")
    codes = [d.code for d in unsupported(BusinessCalendar(country, subdivision or None, SPAN))]
    assert codes == ([] if known else ["unknown-country"])
    assert unsupported(None) == []


def test_china_works_on_six_weekend_days_in_2026() -> None:
    calendar, year = days("CN"), [date(2026, 1, 1) + timedelta(i) for i in range(365)]
    worked = [day for day in year if day.weekday() > 4 and calendar.is_worked(day)]
    assert worked == [day(text) for text in WORKED_IN_2026]


WORKED_IN_2026 = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


@pytest.mark.parametrize(
    ("place", "text"),
    [("US", "2027-07-05"), ("GB/ENG", "2022-06-02"), ("GB/ENG", "2022-06-03"), ("GB/ENG", "2023-05-08")],
)
def test_days_that_are_off_by_public_record(place: str, text: str) -> None:
    assert day(text).weekday() < 5 and not days(place).is_worked(day(text))


@pytest.mark.parametrize(
    ("place", "first", "last", "years"),
    [
        ("CN", "2026-01-01", "2026-12-31", ()), ("CN", "2026-12-31", "2027-01-04", ("CN 2027",)),
        ("CN", "2028-01-01", "2029-01-01", ("CN 2028", "CN 2029")), ("US", "2030-01-01", "2030-12-31", ()),
        ("GB/ENG", "2029-01-01", "2029-12-31", ()), ("DE/BY", "2029-01-01", "2029-12-31", ()),
        ("AE", "2029-01-01", "2029-12-31", ("AE 2029",)), ("US", "2200-01-01", "2200-01-02", ("US 2200",)),
        ("", "2030-01-01", "2030-12-31", ()),
    ],
)  # fmt: skip
def test_years_that_are_not_announced_yet_are_provisional(
    place: str, first: str, last: str, years: tuple[str, ...]
) -> None:
    """China announces each year by itself, the moon decides in the Emirates; the others follow from their laws."""
    assert days(place).provisional(day(first), day(last)) == years


def test_what_is_provisional_does_not_hang_on_what_was_asked_before() -> None:
    asked, fresh = days("CN"), days("CN")
    for offset in range(0, 4_000, 30):
        asked.is_worked(date(2030, 1, 1) + timedelta(offset))
    assert asked.provisional(day("2024-01-01"), day("2031-01-01")) == tuple(f"CN {year}" for year in range(2027, 2032))
    assert fresh.provisional(day("2024-01-01"), day("2031-01-01")) == tuple(f"CN {year}" for year in range(2027, 2032))


def company(**keys: object) -> Days:
    return Days(BusinessCalendar(**{"country": "DE", "subdivision": None, "span": SPAN, **keys}))  # type: ignore[arg-type]


def test_the_days_of_the_company_come_before_holidays_and_the_week() -> None:
    closed = (day("2026-12-28"), day("2026-12-31"))
    calendar = company(days_off=(closed,), days_worked=((day("2026-12-19"),) * 2, (day("2026-12-25"),) * 2))
    assert [calendar.is_worked(day(f"2026-12-{d}")) for d in (19, 20, 24, 25, 28, 30, 31)] == [
        True, False, True, True, False, False, False,
    ]  # fmt: skip
    assert calendar.why_free(day("2026-12-28")) == "2026-12-28 is a day off of the company"
    assert calendar.why_free(day("2026-12-26")) == "2026-12-26 is a holiday in DE: Second Day of Christmas"
    assert calendar.why_free(day("2026-12-20")) == "2026-12-20 is a Sunday"


def test_a_week_of_the_company() -> None:
    calendar = company(country=None, week=(6, 0, 1, 2, 3))
    assert [calendar.is_worked(date(2026, 9, 6) + timedelta(i)) for i in range(7)] == [True] * 5 + [False] * 2


def test_no_worked_day_near_is_an_overflow() -> None:
    calendar = company(days_off=((day("2026-01-01"), day("2028-12-31")),))
    for roll in ("following", "preceding", "nearest", "modified_following"):
        with pytest.raises(OverflowError):
            calendar.rolled(day("2027-06-01"), roll)
    with pytest.raises(OverflowError):
        calendar.moved(day("2026-01-01"), Duration(1, "business days"))
    assert calendar.rolled(day("2027-06-01"), "none") == day("2027-06-01")
