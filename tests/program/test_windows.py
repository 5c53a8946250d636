"""Windows: rolling, calendar so far, previous, offsets; half-open, counted from the close of as_of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import granger
import pytest
from granger.engine.periods import Duration, FiscalCalendar
from granger.engine.policy.model import CalendarWindow, Offsets, Rolling
from granger.engine.program.windows import days_of

Value = Callable[..., object]
Ran = Callable[..., granger.Run]

DAILY = "".join(f"a,{date(2026, 1, 1) + timedelta(days=i)},1,,\n" for i in range(365))
"""One row a day of 2026: a sum of n counts the days of a window; min and max of day are its ends."""


@pytest.mark.parametrize(
    ("window", "as_of", "first", "last"),
    [
        ("7 days", "2026-09-30", "2026-09-24", "2026-09-30"), ("1 days", "2026-09-30", "2026-09-30", "2026-09-30"),
        ("2 weeks", "2026-09-30", "2026-09-17", "2026-09-30"), ("1 month", "2026-09-30", "2026-09-01", "2026-09-30"),
        ("1 month", "2026-09-29", "2026-08-30", "2026-09-29"), ("1 month", "2026-03-30", "2026-02-28", "2026-03-30"),
        ("3 months", "2026-08-30", "2026-05-31", "2026-08-30"), ("1 year", "2026-12-31", "2026-01-01", "2026-12-31"),
        ("month", "2026-09-30", "2026-09-01", "2026-09-30"), ("month", "2026-09-01", "2026-09-01", "2026-09-01"),
        ("quarter", "2026-08-15", "2026-07-01", "2026-08-15"), ("half", "2026-08-15", "2026-07-01", "2026-08-15"),
        ("year", "2026-08-15", "2026-01-01", "2026-08-15"),
        ("previous month", "2026-09-30", "2026-08-01", "2026-08-31"),
        ("previous quarter", "2026-09-30", "2026-04-01", "2026-06-30"),
        ("previous half", "2026-09-30", "2026-01-01", "2026-06-30"),
        ("{from: -35 days, before: -7 days}", "2026-09-30", "2026-08-27", "2026-09-23"),
        ("{from: -1 month, before: 0 days}", "2026-09-30", "2026-09-01", "2026-09-30"),
        ("{from: -2 months, before: -1 month}", "2026-09-30", "2026-08-01", "2026-08-31"),
    ],
)  # fmt: skip
def test_the_days_of_a_window(window: str, as_of: str, first: str, last: str, value: Value) -> None:
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    more = (
        f"  first_day: {{min: day, table: events, window: {window}}}\n"
        f"  last_day: {{max: day, table: events, window: {window}}}\n"
    )
    edges = "days_between(first_day, date('2026-01-01')) * 1_000 + days_between(last_day, date('2026-01-01'))"
    start = date(2026, 1, 1)
    expected = (start - date.fromisoformat(first)).days * 1_000 + (start - date.fromisoformat(last)).days
    assert value(f"{{sum: n, table: events, window: {window}}}", DAILY, as_of=as_of) == days
    assert value(f'{{value: "{edges}"}}', DAILY, as_of=as_of, more=more) == expected


def test_offsets_end_where_seven_days_begin() -> None:
    fiscal = FiscalCalendar()
    for as_of in (date(2026, 9, 30), date(2024, 2, 29), date(2026, 1, 1)):
        week = days_of(Rolling(Duration(7, "days")), as_of, fiscal)
        before = days_of(Offsets(Duration(-35, "days"), Duration(-7, "days")), as_of, fiscal)
        assert before.before == week.start and week.last_day == as_of
        assert (before.before - before.start).days == 28


@pytest.mark.parametrize("starts", range(1, 13))
def test_calendar_windows_are_fiscal_and_meet(starts: int) -> None:
    fiscal, tried = FiscalCalendar(starts), 0
    for month in range(1, 13):
        as_of = date(2026, month, 17)
        for unit in ("month", "quarter", "half", "year"):
            now, previous = (days_of(CalendarWindow(unit, back), as_of, fiscal) for back in (False, True))
            assert previous.before == now.start and now.last_day == as_of
            assert now.start.day == 1 and (
                unit == "month" or (now.start.month - starts) % {"quarter": 3, "half": 6, "year": 12}[unit] == 0
            )
            tried += 1
    assert tried == 48


def test_a_row_without_its_day_is_in_no_window(value: Value) -> None:
    assert value("{sum: n, table: events, window: 7 days}", "a,,7,,\na,2026-09-24,1,,\na,2026-09-23,2,,\n") == 1


def test_a_window_may_look_at_another_day_of_the_row(value: Value) -> None:
    events = "a,2026-01-01,1,,2026-09-24\na,2026-09-30,2,,2026-09-23\na,2026-09-30,4,,\n"
    assert value("{sum: n, table: events, window: 7 days, dated_by: until}", events) == 1


def test_a_window_that_reaches_forward_sees_later_days(value: Value) -> None:
    """The contract's end lies ahead, the row itself is known today."""
    events = (
        "a,2026-01-01,1,,2026-10-01\n"
        "a,2026-01-01,2,,2026-10-30\n"
        "a,2026-01-01,4,,2026-10-31\n"
        "a,2026-01-01,8,,2026-09-30\n"
    )
    assert value("{sum: n, table: events, window: {from: 0 days, before: 30 days}, dated_by: until}", events) == 3


@pytest.mark.parametrize(
    "window",
    ["99999 years", "99999 months", "{from: -99999 years, before: 0 days}", "{from: -7 days, before: 9999 years}"],
)
def test_a_window_that_leaves_the_calendar_is_no_traceback(window: str, value: Value) -> None:
    """Either the check refuses it, or it reaches to the edge of the calendar."""
    try:
        assert value(f"{{sum: n, table: events, window: {window}}}", "a,2026-09-24,1,,\n") == 1
    except granger.PolicyRejected as refused:
        assert {d.code for d in refused.diagnostics} <= {"window-form", "wrong-form"}
    except OverflowError as error:
        pytest.fail(str(error))


def test_a_row_without_its_day_is_counted_in_the_explanation(ran: Ran) -> None:
    found = ran({
        "granger.yaml+": "measures:\n  week: {sum: n, table: events, window: 7 days}\n",
        "segmentation": (
            "tiers: [{tier: A, when: week > 5}]\n"
            "otherwise: B\n"
        ), "events.csv": "a,,7,,\na,2026-09-24,1,,\n",
    })  # fmt: skip
    text = granger.tree_text(found.explain("account", "a"))
    assert ("1 row" in text and "no day" in text) or "skipped" in text
