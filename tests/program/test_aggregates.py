"""Aggregates over the rows of a child table: no rows, missing values, an undecided `where`, rows of other accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

Value = Callable[..., object]

FULL = """\
a,2026-09-01,1,x,2027-01-01
a,2026-09-03,4,y,2027-03-01
a,2026-09-02,1,x,2027-02-01
b,2026-09-30,100,z,2029-01-01
"""
GAPS = """\
a,2026-09-01,1,x,
a,2026-09-05,,y,
a,2026-09-03,4,,
a,2026-09-04,,,
"""
HALVES = """\
a,2026-09-01,1,,
a,2026-09-02,2,x,
a,2026-09-03,8,y,
"""

VERBS = [
    # measure, over no rows, full, with gaps
    ("count: rows", 0, 3, 4), ("count: n > 1", 0, 1, 1), ("count: n", 0, 3, 2), ("sum: n", 0, 6, 5), ("average: n", None, 2, Fraction(5, 2)),
    ("min: n", None, 1, 1), ("max: n", None, 4, 4), ("min: day", None, date(2026, 9, 1), date(2026, 9, 1)),
    ("max: day", None, date(2026, 9, 3), date(2026, 9, 5)), ("latest: n", None, 4, 4), ("earliest: n", None, 1, 1),
    ("latest: word", None, "y", "y"), ("earliest: word", None, "x", "x"), ("any: n > 3", False, True, True),
    ("any: n > 4", False, False, False), ("share: n > 1", None, Fraction(1, 3), Fraction(1, 2)),
    ("distinct: n", 0, 2, 2),
    ("distinct: word", 0, 2, 2), ("sum: n / (n - 1)", 0, Fraction(4, 3), Fraction(4, 3)),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "none", "full", "gaps"), VERBS, ids=[v[0] for v in VERBS])
def test_every_verb(verb: str, none: object, full: object, gaps: object, value: Value) -> None:
    assert value(f"{{{verb}, table: events}}") == none
    assert value(f"{{{verb}, table: events}}", FULL) == full
    assert value(f"{{{verb}, table: events}}", GAPS) == gaps


def test_every_verb_of_the_language_was_tried() -> None:
    from granger.engine.policy import model

    assert {v[0].split(":")[0] for v in VERBS} | {"since"} == set(model.VERBS)  # since: test_in_force.py


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("count: rows", 1), ("sum: n", 2), ("average: n", 2), ("min: n", 2), ("max: n", 2), ("any: n > 0", True),
        ("share: n == 2", 1), ("distinct: n", 1), ("latest: n", 2), ("earliest: n", 2),
    ],
)  # fmt: skip
def test_a_row_whose_where_is_undecided_does_not_count(measure: str, expected: object, value: Value) -> None:
    assert value(f"{{{measure}, table: events, where: \"word == 'x'\"}}", HALVES) == expected


def test_where_may_read_the_account_and_settings(value: Value) -> None:
    assert value("{count: rows, table: events, where: n > x}", FULL, accounts="a,3,,,\n") == 1
    assert value("{sum: n * x, table: events}", FULL, accounts="a,10,,,\n") == 60


@pytest.mark.parametrize(("order", "latest", "earliest"), [("1,2", 2, 1), ("2,1", 1, 2)])
def test_of_rows_on_one_day_the_later_in_the_file_is_the_latest(
    order: str, latest: int, earliest: int, value: Value
) -> None:
    events = "".join(f"a,2026-09-01,{n},,\n" for n in order.split(","))
    assert value("{latest: n, table: events}", events) == latest
    assert value("{earliest: n, table: events}", events) == earliest


def test_a_row_without_a_day_is_never_the_latest(value: Value) -> None:
    assert value("{latest: n, table: events}", "a,,7,,\na,2026-09-01,1,,\n") == 1
    assert value("{latest: n, table: events}", "a,,7,,\n") is None
    assert value("{sum: n, table: events}", "a,,7,,\na,2026-09-01,1,,\n") == 8


def test_rows_of_nobody_and_of_strangers_belong_to_no_account(value: Value) -> None:
    assert value("{sum: n, table: events}", ",2026-09-01,7,,\nzz,2026-09-01,8,,\na,2026-09-01,1,,\n") == 1


def test_rows_later_than_as_of_do_not_exist(value: Value) -> None:
    assert value("{sum: n, table: events}", "a,2026-09-30,1,,\na,2026-10-01,2,,\n") == 1
    assert (
        value("{sum: n, table: events, dated_by: until}", "a,2026-09-01,1,,2026-09-30\na,2026-09-01,2,,2026-10-01\n")
        == 1
    )


def test_measures_read_measures(value: Value) -> None:
    more = "  total: {sum: n, table: events}\n  rows_of: {count: rows, table: events}\n"
    assert value("{value: total / rows_of}", FULL, more=more) == 2
    assert value("{value: total / rows_of}", "", more=more) is None
    assert value("{count: rows, table: events, where: n < total / rows_of}", FULL, more=more) == 2


def test_exact_sums(value: Value) -> None:
    tenths = "".join(f"a,2026-09-{day:02},0.1,,\n" for day in range(1, 31))
    assert value("{sum: n, table: events}", tenths) == 3
    assert value("{average: n, table: events}", "a,2026-09-01,1,,\na,2026-09-01,1,,\na,2026-09-01,0,,\n") == Fraction(
        2, 3
    )
