"""Days that come again: the examples of RFC 5545, dateutil as oracle where it follows the RFC, and where each departs."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random

import pytest
from dateutil import rrule
from granger.engine.recurrence import MAX_PERIODS, WEEKDAYS, Rule, Weekday, recurring

FREQUENCIES = {"daily": rrule.DAILY, "weekly": rrule.WEEKLY, "monthly": rrule.MONTHLY, "yearly": rrule.YEARLY}
KEYS = ("byday", "bymonthday", "bymonth", "bysetpos")

EXAMPLES = """
DAILY;COUNT=10 | 1997-09-02 | 1997 9: 2 3 4 5 6 7 8 9 10 11
DAILY;BEFORE=1997-12-24 | 1997-09-02 | 1997 9: 2-30, 10: 1-31, 11: 1-30, 12: 1-23
DAILY;INTERVAL=2;... | 1997-09-02
  | 1997 9: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30, 10: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30, 11: 1 3 5
DAILY;INTERVAL=10;COUNT=5 | 1997-09-02 | 1997 9: 2 12 22, 10: 2 12
YEARLY;BEFORE=2000-02-01;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA | 1998-01-01 | 1998 1: 1-31; 1999 1: 1-31; 2000 1: 1-31
DAILY;BEFORE=2000-02-01;BYMONTH=1 | 1998-01-01 | 1998 1: 1-31; 1999 1: 1-31; 2000 1: 1-31
WEEKLY;COUNT=10 | 1997-09-02 | 1997 9: 2 9 16 23 30, 10: 7 14 21 28, 11: 4
WEEKLY;BEFORE=1997-12-24 | 1997-09-02 | 1997 9: 2 9 16 23 30, 10: 7 14 21 28, 11: 4 11 18 25, 12: 2 9 16 23
WEEKLY;INTERVAL=2;... | 1997-09-02 | 1997 9: 2 16 30, 10: 14 28, 11: 11 25, 12: 9 23; 1998 1: 6 20, 2: 3 17
WEEKLY;BEFORE=1997-10-07;BYDAY=TU,TH | 1997-09-02 | 1997 9: 2 4 9 11 16 18 23 25 30, 10: 2
WEEKLY;COUNT=10;BYDAY=TU,TH | 1997-09-02 | 1997 9: 2 4 9 11 16 18 23 25 30, 10: 2
WEEKLY;INTERVAL=2;BEFORE=1997-12-24;BYDAY=MO,WE,FR | 1997-09-01
  | 1997 9: 1 3 5 15 17 19 29, 10: 1 3 13 15 17 27 29 31, 11: 10 12 14 24 26 28, 12: 8 10 12 22
WEEKLY;INTERVAL=2;COUNT=8;BYDAY=TU,TH | 1997-09-02 | 1997 9: 2 4 16 18 30, 10: 2 14 16
MONTHLY;COUNT=10;BYDAY=1FR | 1997-09-05 | 1997 9: 5, 10: 3, 11: 7, 12: 5; 1998 1: 2, 2: 6, 3: 6, 4: 3, 5: 1, 6: 5
MONTHLY;BEFORE=1997-12-24;BYDAY=1FR | 1997-09-05 | 1997 9: 5, 10: 3, 11: 7, 12: 5
MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU | 1997-09-07 | 1997 9: 7 28, 11: 2 30; 1998 1: 4 25, 3: 1 29, 5: 3 31
MONTHLY;COUNT=6;BYDAY=-2MO | 1997-09-22 | 1997 9: 22, 10: 20, 11: 17, 12: 22; 1998 1: 19, 2: 16
MONTHLY;BYMONTHDAY=-3;... | 1997-09-28 | 1997 9: 28, 10: 29, 11: 28, 12: 29; 1998 1: 29, 2: 26
MONTHLY;COUNT=10;BYMONTHDAY=2,15 | 1997-09-02 | 1997 9: 2 15, 10: 2 15, 11: 2 15, 12: 2 15; 1998 1: 2 15
MONTHLY;COUNT=10;BYMONTHDAY=1,-1 | 1997-09-30 | 1997 9: 30, 10: 1 31, 11: 1 30, 12: 1 31; 1998 1: 1 31, 2: 1
MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15 | 1997-09-10 | 1997 9: 10-15; 1999 3: 10-13
MONTHLY;INTERVAL=2;BYDAY=TU;... | 1997-09-02
  | 1997 9: 2 9 16 23 30, 11: 4 11 18 25; 1998 1: 6 13 20 27, 3: 3 10 17 24 31
YEARLY;COUNT=10;BYMONTH=6,7 | 1997-06-10
  | 1997 6: 10, 7: 10; 1998 6: 10, 7: 10; 1999 6: 10, 7: 10; 2000 6: 10, 7: 10; 2001 6: 10, 7: 10
YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3 | 1997-03-10
  | 1997 3: 10; 1999 1: 10, 2: 10, 3: 10; 2001 1: 10, 2: 10, 3: 10; 2003 1: 10, 2: 10, 3: 10
YEARLY;BYDAY=20MO;... | 1997-05-19 | 1997 5: 19; 1998 5: 18; 1999 5: 17
YEARLY;BYMONTH=3;BYDAY=TH;... | 1997-03-13 | 1997 3: 13 20 27; 1998 3: 5 12 19 26; 1999 3: 4 11 18 25
YEARLY;BYDAY=TH;BYMONTH=6,7,8;... | 1997-06-05
  | 1997 6: 5 12 19 26, 7: 3 10 17 24 31, 8: 7 14 21 28; 1998 6: 4 11 18 25, 7: 2 9 16 23 30, 8: 6 13 20 27
  ; 1999 6: 3 10 17 24, 7: 1 8 15 22 29, 8: 5 12 19 26
MONTHLY;BYDAY=FR;BYMONTHDAY=13;... | 1997-09-02 | 1998 2: 13, 3: 13, 11: 13; 1999 8: 13; 2000 10: 13
MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13;... | 1997-09-13
  | 1997 9: 13, 10: 11, 11: 8, 12: 13; 1998 1: 10, 2: 7, 3: 7, 4: 11, 5: 9, 6: 13
YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;... | 1996-11-05 | 1996 11: 5; 2000 11: 7; 2004 11: 2
MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3 | 1997-09-04 | 1997 9: 4, 10: 7, 11: 6
MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;... | 1997-09-29
  | 1997 9: 29, 10: 30, 11: 27, 12: 30; 1998 1: 29, 2: 26, 3: 30
WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU | 1997-08-05 | 1997 8: 5 10 19 24
MONTHLY;BYMONTHDAY=15,30;COUNT=5 | 2007-01-15 | 2007 1: 15 30, 2: 15, 3: 15 30
"""
"""Section 3.8.5.3, in its order: the rule, its DTSTART and the days that it prints; ``...`` where it goes on.

UNTIL is written as the day before which it ends, since it has a time there. WKST is left out where the RFC writes it
and the days are the same without: four examples. The first Friday the 13th has an EXDATE for its DTSTART, which is no
such day; here a start that is none of its rule's days does not come.
"""


def examples() -> list[tuple[dict[str, str], date, list[date], bool]]:
    found = []
    for line in EXAMPLES.replace("\n  ", " ").strip().splitlines():
        rule, start, days = line.split(" | ")
        parts = dict(part.split("=") for part in f"FREQ={rule}".split(";") if "=" in part)
        found.append((parts, date.fromisoformat(start), list(_days(days)), rule.endswith("...")))
    return found


def _days(text: str) -> list[date]:
    found = []
    for year in text.split(";"):
        number, months = year.strip().split(" ", 1)
        for month in months.split(","):
            name, days = month.split(":")
            for span in days.split():
                first, _, last = span.partition("-")
                found += [date(int(number), int(name), day) for day in range(int(first), int(last or first) + 1)]
    return found


def rule_of(parts: dict[str, str], *, clamp: bool = False) -> Rule:
    numbers = {key: tuple(map(int, parts[key.upper()].split(","))) for key in KEYS[1:] if key.upper() in parts}
    weekdays = tuple(day for text in parts.get("BYDAY", "").split(",") if (day := Weekday.parse(text)))
    return Rule(parts["FREQ"].lower(), clamp=clamp, byday=weekdays, **numbers)


@pytest.mark.parametrize("clamp", [False, True])
def test_the_examples_of_the_rfc(clamp: bool) -> None:
    """39 examples there, 32 of them in the subset (two of those with two rules); none but the last lacks a day, so
    that clamp changes nothing but there."""
    swept = 0
    for parts, start, expected, goes_on in examples():
        interval, before = int(parts.get("INTERVAL", 1)), date.fromisoformat(parts.get("BEFORE", "2010-01-01"))
        found = by_granger(rule_of(parts, clamp=clamp), start, interval, before - timedelta(1))
        days = found[: int(parts.get("COUNT", len(found)))]
        swept += 1
        if clamp and parts.get("BYMONTHDAY") == "15,30":
            assert days == [*expected[:3], date(2007, 2, 28), expected[3]]
        else:
            assert (days[: len(expected)] if goes_on else days) == expected, parts
    assert swept == 34


def drawn(random: Random) -> Rule:
    """A rule of the subset that dateutil reads as the RFC does: weekdays with a number are not mixed with others."""
    freq = random.choice(["daily", "weekly", "monthly", "monthly", "yearly", "yearly"])
    some = [random.random() < share for share in (0.6, 0.4, 0.35)]
    byday: list[Weekday] = []
    if some[0]:
        numbered = freq in ("monthly", "yearly") and random.random() < 0.5
        numbers = [n for n in range(-5, 6) if n]
        byday = [Weekday(day, random.choice(numbers) if numbered else 0) for day in random.sample(range(7), 2)]
    months = sorted(random.sample(range(1, 13), random.randint(1, 4))) if some[2] else []
    if freq == "yearly" and not months and byday and byday[0].nth and random.random() < 0.7:
        byday = [Weekday(day.day, random.choice([-53, -20, -1, 1, 20, 52, 53])) for day in byday]
    numbers = [*range(-31, 0), *range(1, 32)]
    monthdays = random.sample(numbers, random.randint(1, 8)) if some[1] and freq != "weekly" else []
    positions: list[int] = []
    if (byday or monthdays or months) and random.random() < 0.4:
        positions = random.sample([-3, -2, -1, 1, 2, 3], random.randint(1, 2))
    if freq == "weekly" and any(place > 0 for place in positions):
        positions = [-1]
    return Rule(freq, False, tuple(byday), tuple(monthdays), tuple(months), tuple(positions))


def by_dateutil(rule: Rule, start: date, interval: int, before: date) -> list[date]:
    weekdays = [getattr(rrule, WEEKDAYS[day.day])(day.nth or None) for day in rule.byday]
    found = rrule.rrule(
        FREQUENCIES[rule.freq],
        dtstart=datetime.combine(start, time()),
        until=datetime.combine(before, time()),
        interval=interval,
        byweekday=weekdays or None,
        bymonthday=rule.bymonthday or None,
        bymonth=rule.bymonth or None,
        bysetpos=rule.bysetpos or None,
    )
    return [day.date() for day in found]


def by_granger(rule: Rule, start: date, interval: int, before: date) -> list[date]:
    return [day for _, day in recurring(rule, start, before + timedelta(1), interval)]


@pytest.fixture
def a_near_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a rule has no further day, dateutil looks for one to the end of the calendar: it is brought nearer."""
    monkeypatch.setattr(rrule.datetime, "MAXYEAR", 2016)


@pytest.mark.usefixtures("a_near_end")
def test_dateutil_finds_the_same() -> None:
    met = Counter[str]()
    for seed in range(2_500):
        random = Random(seed)
        rule, interval = drawn(random), random.choice([1, 1, 2, 3, 7, 12])
        start = date(1996, 1, 1) + timedelta(random.randint(0, 3_000))
        before = start + timedelta(random.choice([400, 1_500, 4_000]))
        found = by_granger(rule, start, interval, before)
        assert found == by_dateutil(rule, start, interval, before), (seed, rule, start, interval)
        met["rules"] += 1
        met["days"] += len(found)
        met["rules with days"] += bool(found)
        met.update(key for key in KEYS if getattr(rule, key))
        met[rule.freq] += 1
        met["plain"] += rule.is_plain
        met["numbered"] += any(day.nth for day in rule.byday)
    assert met["rules"] >= 2_000 and met["rules with days"] >= 1_500 and met["days"] > 100_000
    assert all(met[name] >= 250 for name in (*KEYS, *FREQUENCIES, "plain", "numbered")), met


@pytest.mark.usefixtures("a_near_end")
@pytest.mark.parametrize(
    ("rule", "ours", "dateutil"),
    [
        # a list of weekdays is a union, with numbers and without; dateutil takes the days that are in both
        (Rule("monthly", byday=(Weekday(0), Weekday(4, 1))), ["01-02", "01-05", "01-12", "01-19", "01-26"], []),
        # places count in the whole week, dateutil's first one begins on the start, a Thursday
        (Rule("weekly", byday=(Weekday(0), Weekday(4)), bysetpos=(1,)), ["01-05", "01-12", "01-19", "01-26"],
         ["01-02", "01-05", "01-12", "01-19", "01-26"]),
    ],
)  # fmt: skip
def test_where_dateutil_departs_from_the_rfc(rule: Rule, ours: list[str], dateutil: list[str]) -> None:
    asked = rule, date(1998, 1, 1), 1, date(1998, 1, 31)
    assert [f"{day:%m-%d}" for day in by_granger(*asked)] == ours
    assert [f"{day:%m-%d}" for day in by_dateutil(*asked)] == dateutil


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        (Rule("monthly", True, bymonthday=(31,)), "2026-01-31", ["01-31", "02-28", "03-31", "04-30"]),
        (Rule("monthly", True, bymonthday=(30, 31)), "2026-01-31", ["01-31", "02-28", "03-30", "03-31"]),
        (Rule("monthly", True, bymonthday=(-31,)), "2026-01-31", ["02-01", "03-01", "04-01", "05-01"]),
        (Rule("monthly", False, bymonthday=(31,)), "2026-01-31", ["01-31", "03-31", "05-31", "07-31"]),
        (Rule("yearly", True, bymonth=(2, 4)), "2026-01-31", ["02-28", "04-30", "02-28", "04-30"]),
        (Rule("monthly", True, byday=(Weekday(4, 5),)), "2026-01-01", ["01-30", "05-29", "07-31", "10-30"]),
        (Rule("daily", True, bymonthday=(31,), bymonth=(2,)), "2026-01-31", ["02-28", "02-28", "02-29", "02-28"]),
    ],
)
def test_clamp_moves_a_day_that_a_month_lacks(rule: Rule, start: str, expected: list[str]) -> None:
    found = islice(recurring(rule, date.fromisoformat(start), date(2030, 1, 1)), 4)
    assert [f"{day:%m-%d}" for _, day in found] == expected


@pytest.mark.parametrize("freq", FREQUENCIES)
def test_the_calendar_and_the_periods_looked_at_are_bounds(freq: str) -> None:
    """At both ends of the calendar, and with a rule that has no day."""
    late = [day for _, day in recurring(Rule(freq), date(9999, 12, 24), date.max)]
    assert late[0] == date(9999, 12, 24) and len(late) == {"daily": 7}.get(freq, 1)
    early = list(recurring(Rule(freq), date.min, date.max))
    assert early[0] == (0, date.min)
    assert len(early) == (9_999 if freq == "yearly" else MAX_PERIODS)
    impossible = Rule(freq, False, bymonth=(2,), bymonthday=(30,))
    assert freq == "weekly" or list(recurring(impossible, date.min, date.max)) == []


def test_the_numbers_of_the_periods() -> None:
    rule = Rule("monthly", False, bymonthday=(1, 31))
    found = [(period, f"{day:%m-%d}") for period, day in recurring(rule, date(2026, 1, 15), date(2026, 4, 2))]
    assert found == [(0, "01-31"), (1, "02-01"), (2, "03-01"), (2, "03-31"), (3, "04-01")]


@pytest.mark.parametrize("text", ["", "mo", "0MO", "MO1", "100MO", "+MO", "1 FR", "XX", "-FR", "１FR", "MO\n"])
def test_what_is_no_weekday(text: str) -> None:
    assert Weekday.parse(text) is None


@pytest.mark.parametrize("text", ["MO", "1FR", "-1FR", "53SU", "-20TH"])
def test_weekdays_are_written_as_they_are_read(text: str) -> None:
    assert str(Weekday.parse(text)) == text
    assert Weekday.parse("+2WE") == Weekday(2, 2)
