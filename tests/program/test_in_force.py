"""Measures over the rows in force on a day, since when they have been, and measures worked out from those of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import granger
import pytest

Value = Callable[..., object]
Ran = Callable[..., granger.Run]

HELD = """\
a,csm,ann,2026-01-01,2026-03-01
a,csm,bob,2026-03-01,2026-06-01
a,lead,cat,2026-05-01,2026-08-01
a,csm,ann,2026-09-10,
b,csm,ann,,
"""
DAYS = [
    # as_of, rows in force, in force since
    ("2025-12-31", 0, None), ("2026-01-01", 1, date(2026, 1, 1)), ("2026-03-01", 1, date(2026, 1, 1)),
    ("2026-05-31", 2, date(2026, 1, 1)), ("2026-06-01", 1, date(2026, 1, 1)), ("2026-07-31", 1, date(2026, 1, 1)),
    ("2026-08-01", 0, None), ("2026-09-09", 0, None), ("2026-09-10", 1, date(2026, 9, 10)),
]  # fmt: skip


@pytest.fixture(autouse=True)
def both_ways(read_both_ways: None) -> None:
    """In both readings."""


@pytest.mark.parametrize(("as_of", "count", "since"), DAYS)
def test_the_rows_in_force_on_a_day(as_of: str, count: int, since: date | None, value: Value) -> None:
    rows = {"as_of": as_of, "assignments": HELD}
    assert value("{count: rows, table: assignments, at: as_of}", **rows) == count
    assert value("{since: rows, table: assignments, at: as_of}", **rows) == since


def test_another_day_than_that_of_the_run_and_some_of_the_rows(value: Value) -> None:
    before = "add_days(start_of('quarter', as_of), -1)"
    assert value(f'{{count: rows, table: assignments, at: "{before}"}}', assignments=HELD) == 1
    assert value(f'{{since: rows, table: assignments, at: "{before}"}}', assignments=HELD) == date(2026, 1, 1)
    csm = f"{{since: rows, table: assignments, where: role == 'csm', at: \"{before}\"}}"
    assert value(csm, assignments=HELD) is None


def test_a_row_without_edges_is_always_in_force(value: Value) -> None:
    always = "a,csm,ann,,\na,lead,cat,2026-09-01,2026-09-02\n"
    assert value("{count: rows, table: assignments, at: as_of}", assignments=always) == 1
    assert value("{since: rows, table: assignments, at: as_of}", assignments=always) == date.min


def test_the_last_day_is_in_force_where_it_is_included(ran: Ran) -> None:
    measures = "measures:\n  pins: {per: company, count: rows, table: pins, at: as_of}\n"
    measures += "  pinned: {per: company, since: rows, table: pins, at: as_of}\n"
    pins = "a,A,,,2026-09-01,2026-09-10\na,A,,,2026-09-11,2026-09-30\n"
    for day, count, since in (("2026-09-30", 1, date(2026, 9, 1)), ("2026-10-01", 0, None)):
        run = ran({"granger.yaml+": measures, "pins.csv": pins}, day)
        assert {m.measure: m.exact for m in run.outcome.measures} == {"pins": count, "pinned": since}


def test_a_row_of_a_role_is_of_whoever_holds_the_account_on_that_day(ran: Ran) -> None:
    measures = "measures:\n  held: {per: csm, count: rows, table: assignments, at: \"date('2026-05-31')\"}\n"
    run = ran({"granger.yaml+": measures, "assignments.csv": HELD, "accounts.csv": "a,,,,\nb,,,,\n"})
    assert {m.of: m.exact for m in run.outcome.measures} == {"ann": 1, "bob": 2}


WORKED_OUT = """
measures:
  sold: {per: csm, sum: n, table: events}
  all_sold: {per: company, sum: n, table: events}
  part: {per: csm, value: sold / all_sold, kind: percent}
  rest: {per: csm, value: 100% - part, kind: percent}
  twice: {per: company, value: all_sold * 2, digits: 0}
  never: {per: company, value: all_sold / (twice - 2 * all_sold)}
"""


def test_worked_out_of_a_person_and_of_the_company(ran: Ran) -> None:
    events = "a,2026-02-01,1,,\na,2026-04-01,2,,\nb,2026-04-01,5,,\n"
    tiers = "tiers: [{tier: A, when: twice > 15}, {tier: B, when: twice <= 15}]\n"
    run = ran({
        "granger.yaml+": WORKED_OUT, "assignments.csv": HELD, "accounts.csv": "a,,,,\nb,,,,\n", "events.csv": events,
        "segmentation": tiers,
    })  # fmt: skip
    found = {(m.measure, m.of): (m.exact, m.value, m.population, m.status) for m in run.outcome.measures}
    assert found["part", "ann"] == (Fraction(3, 4), "75%", 2, "measured")
    assert found["rest", "bob"] == (Fraction(3, 4), "75%", 1, "measured")
    assert found["twice", "company"] == (16, "16", 3, "measured")
    assert found["never", "company"] == (None, "", 3, "missing")
    assert {row.tier for row in run.outcome.segments} == {"A"}
    assert "twice" in str(run.explain("account", "a"))


def test_explain_says_on_which_day(ran: Ran) -> None:
    measures = "measures:\n  held: {count: rows, table: assignments, at: as_of}\n"
    measures += '  since_when: {since: rows, table: assignments, at: "add_months(as_of, -2)"}\n'
    tiers = "tiers: [{tier: A, when: held > 0 and not is_missing(since_when)}]\notherwise: B\n"
    run = ran({"granger.yaml+": measures, "assignments.csv": HELD, "segmentation": tiers})
    told = str(run.explain("account", "a"))
    assert "count of rows over 1 rows of assignments.csv in force on 2026-09-30" in told
    assert "days without a gap, over 3 rows of assignments.csv begun by 2026-07-30" in told
