from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from granger.engine.tables.dates import compile_format, of_native, read_date, zone_named
from granger.engine.tables.records import Bad
from hypothesis import given
from hypothesis import strategies as st

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("written", "text", "day"),
    [
        ("YYYY/MM/DD", "2026/01/31", date(2026, 1, 31)),
        ("D.M.YY", "1.2.26", date(2026, 2, 1)),
        ("D.M.YY", "31.12.26", date(2026, 12, 31)),
        ("YYYY-MM", "2026-02", date(2026, 2, 1)),
        ("MMM YY", "Feb 26", date(2026, 2, 1)),
        ("DD MMM YYYY", "05 jan 2026", date(2026, 1, 5)),
        ("MMM D, YYYY", "Sep 7, 2026", date(2026, 9, 7)),
        ("YYYYMMDD", "20260131", date(2026, 1, 31)),
        ("DD-MM-YY", "01-01-68", date(2068, 1, 1)),
        ("DD-MM-YY", "01-01-69", date(1969, 1, 1)),
    ],
)
def test_a_declared_format(written: str, text: str, day: date) -> None:
    assert read_date(text, compile_format(written), None) == day


@pytest.mark.parametrize(
    ("written", "text", "why"),
    [
        ("DD-MM-YY", "2026-01-31", "not a date: expected DD-MM-YY"),
        ("DD-MM-YY", "1-1-26", "not a date: expected DD-MM-YY"),
        ("DD-MM-YY", "31-02-26", "there is no such day"),
        ("DD MMM YYYY", "05 Mai 2026", "'Mai' is not the name of a month: expected Jan, Feb, Mar and so on"),
        ("YYYY/MM/DD", "２０２６/01/31", "not a date: expected YYYY/MM/DD"),
    ],
)
def test_what_does_not_fit_a_format(written: str, text: str, why: str) -> None:
    assert read_date(text, compile_format(written), None) == Bad(why)


@pytest.mark.parametrize("written", ["", "YYYY", "YYYY-DD", "YYYY-MM-DD hh:mm", "DD-MM-YYYY-DD", "DMYY", "YYYY-QQ-DD"])
def test_what_is_no_format(written: str) -> None:
    assert compile_format(written) is None


@given(st.dates(), st.sampled_from(["YYYY-MM-DD", "D.M.YYYY", "DD MMM YYYY", "YYYYMMDD"]))
def test_every_day_comes_back(day: date, written: str) -> None:
    month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][day.month - 1]
    texts = {
        "YYYY-MM-DD": day.isoformat(),
        "D.M.YYYY": f"{day.day}.{day.month}.{day.year:04}",
        "DD MMM YYYY": f"{day.day:02} {month} {day.year:04}",
        "YYYYMMDD": day.isoformat().replace("-", ""),
    }
    assert read_date(texts[written], compile_format(written), None) == day
    assert read_date(day.isoformat(), None, None) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-09-30T23:30:00+08:00", date(2026, 9, 30)),
        ("2026-09-30T23:30:00Z", date(2026, 10, 1)),
        ("2026-09-30 15:59:59.999Z", date(2026, 9, 30)),
        ("2026-09-30 16:00Z", date(2026, 10, 1)),
        ("2026-09-30T23:30", date(2026, 9, 30)),
        ("2026-09-30T12:00:00-0500", date(2026, 10, 1)),
    ],
)
def test_a_timestamp_is_seen_from_the_time_zone(text: str, day: date) -> None:
    assert read_date(text, None, SHANGHAI) == day


@pytest.mark.parametrize("text", ["2026-09-30T23:30:00+08:00", "2026-09-30 00:00:00", "2026-09-30T23:30Z"])
def test_a_timestamp_without_a_time_zone_declared_says_what_to_write(text: str) -> None:
    found = read_date(text, None, None)
    assert isinstance(found, Bad)
    assert "write `timezone:` in granger.yaml" in found.reason


@pytest.mark.parametrize(
    "text",
    ["2026-13-01", "2026-02-29", "0000-01-01", "2026-01-01T25:00Z", "2026-01-01T10:00+25:00", "0001-01-01T00:00Z"],
)
def test_no_such_day(text: str) -> None:
    zone = ZoneInfo("America/New_York") if text.startswith("0001") else SHANGHAI
    assert read_date(text, None, zone) == Bad("there is no such day")


@pytest.mark.parametrize("text", ["2026-1-1", "1/2/2026", "today", "2026-01-01T", "2026-01-01Z", "20260101", "46053"])
def test_not_a_date(text: str) -> None:
    assert read_date(text, None, SHANGHAI) == Bad("not a date: expected YYYY-MM-DD")


def test_typed_dates() -> None:
    assert of_native(date(2026, 1, 31), None) == date(2026, 1, 31)
    assert of_native(datetime(2026, 1, 31), None) == date(2026, 1, 31)  # noqa: DTZ001
    assert of_native(datetime(2026, 1, 31, 20, tzinfo=UTC), SHANGHAI) == date(2026, 2, 1)
    assert isinstance(of_native(datetime(2026, 1, 31, 20), None), Bad)  # noqa: DTZ001


def test_an_unknown_zone_is_none() -> None:
    assert zone_named("Asia/Shanghai") == SHANGHAI
    assert zone_named("Asia/Nowhere") is None
    assert zone_named("../../etc/passwd") is None
