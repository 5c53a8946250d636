"""Measures per role, duty, field and company: whose rows are whose, over how many, and what is missing stays missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import granger
import pytest
from granger.engine.outcome.measures import MeasureValue

TOP = """
kind: workspace
name: w
currency: CNY
roles:
  csm: {fallback: [lead]}
  lead: {}
  am: {}
tables:
  people: {file: people.csv, key: person, fields: {person: person}}
  accounts:
    file: accounts.csv
    key: account_id
    fields:
      account_id: text
      region: {required: false}
      seats: {kind: number, required: false}
      due_on: {kind: date, required: false}
  assignments:
    file: assignments.csv
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts}
      role: text
      person: {refers_to: people}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
      split: {kind: percent, required: false}
  rows:
    file: rows.csv
    dated_by: on_day
    fields:
      account_id: {refers_to: accounts}
      on_day: {kind: date, required: false}
      due: {kind: money, required: false}
      paid: {kind: money, required: false}
      kept: {kind: boolean, required: false}
      seller: {refers_to: people, required: false}
"""
LIBRARY = "kind: library\nname: l\neffective: {from: 2026-01-01}\n"

Measured = Callable[..., list[MeasureValue]]


@pytest.fixture
def measured(workspace: Callable[[Mapping[str, str]], Path]) -> Measured:
    """Account A is Lin's until 15 August, then Max's; B is Lin's. A row is (account, day) and its other fields."""

    def run(measure: str, *rows: Any, more: str = "", **tables: Any) -> list[MeasureValue]:
        text = f"{LIBRARY}{more}measures:\n  m: {{{measure}}}\n"
        pack = granger.load(workspace({"granger.yaml": TOP, "library.yaml": text}))
        given = {
            "accounts": [{"account_id": "A", "region": "N"}, {"account_id": "B", "region": "S"}],
            "people": [{"person": name} for name in ("Lin", "Max", "Tan")],
            "assignments": [
                held("A", "Lin", "2026-01-01", "2026-08-15"), held("A", "Max", "2026-08-15"), held("B", "Lin", "2026-01-01"),
            ],
            "rows": [{"account_id": account, "on_day": day, **rest} for account, day, rest in rows],
        }  # fmt: skip
        return pack.run({**given, **tables}, as_of=date(2026, 9, 30)).outcome.measures

    return run


def held(account: str, person: str, start: str, end: str = "", role: str = "csm", split: str = "") -> dict[str, str]:
    return {"account_id": account, "role": role, "person": person, "starts_on": start, "ends_on": end, "split": split}


def shown(found: list[MeasureValue]) -> list[tuple[str, Any, int, int, str]]:
    return [(row.of, row.exact, row.population, row.skipped, row.status) for row in found]


def row(account: str, day: str, **rest: str) -> tuple[str, str, dict[str, str]]:
    return account, day, rest


RATE = "per: csm, sum: paid, over: due, table: rows, window: quarter"
DUE = [
    row("A", "2026-08-14", due="100", paid="80"), row("A", "2026-08-15", due="100", paid="20"),
    row("B", "2026-07-01", due="300", paid="300"), row("B", "2026-09-30", due="100", paid="0"),
    row("B", "2026-06-30", due="100", paid="0"), row("B", "2026-10-01", due="100", paid="0"),
]  # fmt: skip


def test_rows_are_whose_who_held_the_account_on_the_day_of_the_row(measured: Measured) -> None:
    """Lin: (80 + 300 + 0) / (100 + 300 + 100); Max: 20 / 100. June and October are outside the quarter."""
    assert shown(measured(RATE, *DUE)) == [
        ("Lin", Fraction(380, 500), 3, 0, "measured"),
        ("Max", Fraction(20, 100), 1, 0, "measured"),
    ]


def test_a_ratio_is_of_two_sums_and_no_average_of_ratios(measured: Measured) -> None:
    found = measured(RATE, row("B", "2026-08-01", due="900", paid="900"), row("B", "2026-08-02", due="100", paid="0"))
    assert shown(found) == [("Lin", Fraction(9, 10), 2, 0, "measured")]
    assert [found[0].value] == ["90%"]


def test_a_row_without_either_part_is_skipped_in_both_sums(measured: Measured) -> None:
    found = measured(
        RATE, row("B", "2026-08-01", due="100", paid="50"), row("B", "2026-08-02", due="100"),
        row("B", "2026-08-03", paid="100"),
    )  # fmt: skip
    assert shown(found) == [("Lin", Fraction(1, 2), 1, 2, "measured")]


def test_a_ratio_over_nothing_is_missing(measured: Measured) -> None:
    found = measured(RATE, row("B", "2026-08-01", due="0", paid="0"))
    assert shown(found) == [("Lin", None, 1, 0, "missing")] and found[0].value == ""


def test_nobody_has_a_measure_over_no_rows(measured: Measured) -> None:
    assert shown(measured(RATE)) == []


def test_rows_of_nobody_count_for_nobody_and_fall_backs_hold(measured: Measured) -> None:
    count = "per: csm, count: rows, table: rows, window: quarter"
    rows = (row("A", "2026-08-01"), row("B", "2026-08-01"))
    assert shown(measured(count, *rows, assignments=[held("A", "Tan", "2026-01-01", role="lead")])) == [
        ("Tan", 1, 1, 0, "measured")
    ]


def test_undated_rows_are_nobody_s(measured: Measured) -> None:
    assert shown(measured("per: csm, count: rows, table: rows", row("A", ""))) == []


@pytest.mark.xfail(
    strict=True, reason="a row whose duty cannot be decided, or that nobody holds, is in no count at all"
)
def test_rows_that_count_for_nobody_are_said(measured: Measured) -> None:
    """DESIGN, 'Nothing lost': of two rows one is nobody's; population 1, and no word of the other."""
    duty = "duties:\n  owner: [{role: am, when: region == 'N'}, {role: csm}]\n"
    accounts = [{"account_id": "A"}, {"account_id": "B", "region": "S"}]
    rows = (row("A", "2026-08-01"), row("B", "2026-08-01"))
    found = measured("per: owner, count: rows, table: rows, window: quarter", *rows, more=duty, accounts=accounts)
    assert sum(each.population + each.skipped for each in found) == 2


def test_per_duty_goes_by_the_case_that_holds(measured: Measured) -> None:
    duty = "duties:\n  owner: [{role: am, when: region == 'N'}, {role: csm}]\n"
    held_by = [
        held("A", "Lin", "2026-01-01"),
        held("A", "Max", "2026-01-01", role="am"),
        held("B", "Lin", "2026-01-01"),
    ]
    rows = (row("A", "2026-08-01"), row("A", "2026-08-02"), row("B", "2026-08-01"))
    found = measured("per: owner, count: rows, table: rows, window: quarter", *rows, more=duty, assignments=held_by)
    assert shown(found) == [("Lin", 1, 1, 0, "measured"), ("Max", 2, 2, 0, "measured")]


def test_per_field_of_the_row_and_of_its_account(measured: Measured) -> None:
    rows = (
        row("A", "2026-08-01", seller="Tan", due="5"), row("B", "2026-08-01", seller="Tan", due="7"),
        row("B", "2026-08-01", due="11"), row("B", "2026-08-02", seller="Lin", due="13"),
    )  # fmt: skip
    by_seller = measured("per: seller, sum: due, table: rows, window: quarter", *rows)
    assert shown(by_seller) == [("Lin", 13, 1, 0, "measured"), ("Tan", 12, 2, 0, "measured")]
    by_region = measured("per: region, sum: due, table: rows, window: quarter", *rows)
    assert shown(by_region) == [("N", 5, 1, 0, "measured"), ("S", 31, 3, 0, "measured")]


def test_per_company_has_a_value_even_over_no_rows(measured: Measured) -> None:
    assert shown(measured("per: company, sum: due, table: rows, window: quarter")) == [("company", 0, 0, 0, "measured")]
    assert shown(measured("per: company, average: due, table: rows")) == [("company", None, 0, 0, "no_rows")]
    assert shown(measured(RATE.replace("csm", "company"), *DUE)) == [("company", Fraction(400, 600), 4, 0, "measured")]


@pytest.mark.parametrize(("least", "status"), [(3, "measured"), (4, "population_too_small"), (1, "measured")])
def test_a_population_that_is_too_small_is_missing(least: int, status: str, measured: Measured) -> None:
    (found, *_) = measured(f"{RATE}, min_population: {least}", *DUE)
    assert (found.of, found.population, found.status) == ("Lin", 3, status)
    assert found.exact == (Fraction(380, 500) if status == "measured" else None)


def test_skipped_rows_are_no_part_of_the_population(measured: Measured) -> None:
    rows = [row("B", "2026-08-01", due="100", paid="50"), row("B", "2026-08-02", due="100")]
    (found,) = measured(f"{RATE}, min_population: 2", *rows)
    assert (found.population, found.skipped, found.status) == (1, 1, "population_too_small")


def test_a_min_population_is_missing_also_for_counts_and_over_no_rows(measured: Measured) -> None:
    (found,) = measured("per: company, count: rows, table: rows, min_population: 2")
    assert (found.exact, found.status) == (None, "population_too_small")


SHARE = "per: csm, share: seats > 10, table: accounts, held_on: HELD"
ACCOUNTS = [
    {"account_id": "A", "seats": "20", "due_on": "2026-08-14"}, {"account_id": "B", "seats": "5", "due_on": "2026-08-15"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("held_on", "expected"),
    [
        ("due_on", [("Lin", Fraction(1, 2), 2, 0, "measured")]),
        ("as_of", [("Lin", 0, 1, 0, "measured"), ("Max", 1, 1, 0, "measured")]),
        ("\"add_days(due_on, 1)\"", [("Lin", 0, 1, 0, "measured"), ("Max", 1, 1, 0, "measured")]),
    ],
)  # fmt: skip
def test_accounts_are_whose_who_held_them_on_held_on(held_on: str, expected: list[Any], measured: Measured) -> None:
    assert shown(measured(SHARE.replace("HELD", held_on), accounts=ACCOUNTS)) == expected


def test_an_account_without_a_held_on_or_a_value(measured: Measured) -> None:
    accounts = [{**ACCOUNTS[0], "due_on": ""}, {**ACCOUNTS[1], "seats": ""}]
    assert shown(measured(SHARE.replace("HELD", "due_on"), accounts=accounts)) == [("Lin", None, 0, 1, "missing")]


def test_rows_that_all_lack_a_value_are_missing_and_not_no_rows(measured: Measured) -> None:
    (found,) = measured("per: csm, average: due, table: rows, window: quarter", row("B", "2026-08-01"))
    assert (found.exact, found.skipped, found.status) == (None, 1, "missing")


@pytest.mark.parametrize("verb", ["sum: due", "count: due > 5", "distinct: seller"])
def test_what_nobody_knows_sums_to_missing_and_not_to_zero(verb: str, measured: Measured) -> None:
    """DESIGN 1: missing is never zero pay by accident. A sum over no rows at all is 0; here are two, both unknown."""
    found = measured(f"per: csm, {verb}, table: rows, window: quarter", row("B", "2026-08-01"), row("B", "2026-08-02"))
    assert [(each.exact, each.skipped) for each in found] == [(None, 2)]


SHARED = [
    held("A", "Lin", "2026-01-01", split="60%"),
    held("A", "Max", "2026-01-01", split="40%"),
    held("B", "Lin", "2026-01-01"),
]


@pytest.mark.parametrize(
    ("verb", "lin", "max_"),
    [("count: rows", 2, 1), ("sum: due", 160, 40), ("sum: paid, over: due", Fraction(130, 160), Fraction(1, 2)),
     ("average: due", 100, 100), ("max: due", 100, 100), ("share: kept", Fraction(1, 2), 0)],
)  # fmt: skip
def test_a_row_of_a_role_that_is_shared_counts_for_each(verb: str, lin: Any, max_: Any, measured: Measured) -> None:
    """Of A's row, 100 due and 50 paid, 60 and 30 are Lin's, 40 and 20 Max's; B's row is all Lin's."""
    rows = (
        row("A", "2026-08-01", due="100", paid="50", kept="no"),
        row("B", "2026-08-01", due="100", paid="100", kept="yes"),
    )
    found = measured(f"per: csm, {verb}, table: rows, window: quarter", *rows, assignments=SHARED)
    assert [(each.of, each.exact, each.population) for each in found] == [("Lin", lin, 2), ("Max", max_, 1)]


def test_splits_that_make_no_whole_are_nobody_s_in_a_measure_too(measured: Measured) -> None:
    found = measured(
        "per: csm, count: rows, table: rows, window: quarter", row("A", "2026-08-01"), assignments=SHARED[:1]
    )
    assert found == []


def test_the_buffer_after_a_hand_over(measured: Measured) -> None:
    """held_since in the condition: A came to Max on 15 August, 46 days before the 30th of September."""
    for days, expected in [(46, [("Lin", 1, 1), ("Max", 1, 1)]), (47, [("Lin", 1, 1)])]:
        where = f'where: "days_between(held_since(csm), as_of) >= {days}"'
        found = measured(f"per: csm, count: rows, table: accounts, held_on: as_of, {where}")
        assert [(each.of, each.exact, each.population) for each in found] == expected


@pytest.mark.parametrize(
    ("digits", "kind", "value"),
    [("", "", "66.67%"), (", digits: 2", "", "67%"), (", digits: 3, kind: percent", "", "66.7%")],
)
def test_what_is_shown_has_the_measure_s_digits(digits: str, kind: str, value: str, measured: Measured) -> None:
    """A percentage has two digits fewer, being a hundred times as large."""
    rows = (row("B", "2026-08-01", kept="yes"), row("B", "2026-08-02", kept="yes"), row("B", "2026-08-03", kept="no"))
    (found,) = measured(f"per: csm, share: kept, table: rows, window: quarter{digits}", *rows)
    assert (found.exact, found.value) == (Fraction(2, 3), value)


@pytest.mark.parametrize(
    ("measure", "code"),
    [
        ("per: csm, share: seats > 1, table: accounts", "held-on-needed"),
        ("per: boss, count: rows, table: rows", "unknown-per"),
        ("per: csm, average: due, over: paid, table: rows", "over-without-sum"),
        ("value: seats, per: csm", "unknown-per"),
        ("value: seats, table: rows", "value-over-rows"),
        ("count: rows, table: accounts", "table-without-account"),
        ("per: company, sum: due, over: mm, table: rows", "unknown-name"),
    ],
)
def test_what_check_refuses(measure: str, code: str, workspace: Callable[[Mapping[str, str]], Path]) -> None:
    files = {"granger.yaml": TOP, "library.yaml": f"{LIBRARY}measures:\n  m: {{{measure}}}\n"}
    pack, found, _ = granger.check(workspace(files))
    assert pack is None and code in [d.code for d in found]


def test_a_person_s_measure_is_no_fact_of_an_account(workspace: Callable[[Mapping[str, str]], Path]) -> None:
    text = f"{LIBRARY}measures:\n  m: {{{RATE}}}\n  n: {{value: m + 1}}\n"
    _, found, _ = granger.check(workspace({"granger.yaml": TOP, "library.yaml": text}))
    (problem,) = [d for d in found if d.is_error]
    assert problem.code == "name-not-visible" and "one value per csm" in problem.help


@pytest.mark.parametrize("reading", ["reference", "columns"])
def test_accounts_are_counted_inside_a_window(reading: str, ran: Callable[..., granger.Run]) -> None:
    """By the date that the table of accounts names: of three that renew, two in the quarter so far."""
    measures = "measures:\n  due: {per: company, count: account_id, table: accounts, window: quarter}\n"
    dated = (
        "file: accounts.csv\n    key: account_id\n",
        "file: accounts.csv\n    key: account_id\n    dated_by: renewal_on\n",
    )
    accounts = "a,,2026-09-20,,\nb,,2026-07-01,,\nc,,2026-06-30,,\n"
    files = {"granger.yaml": dated, "library": measures, "accounts.csv": accounts, "assignments.csv": ""}
    found = ran(files, reading=reading).outcome.measures
    assert [(row.measure, row.exact, row.population) for row in found] == [("due", 2, 2)]
