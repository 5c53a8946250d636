"""Rounding, apportioning and proven widths in columns against ``amounts`` and Python's own whole numbers."""

from __future__ import annotations

import random
from fractions import Fraction

import polars as pl
import pytest
from granger.engine.amounts import HALF_EVEN, HALF_UP, apportion, round_to
from granger.engine.columns import INT64, INT128, ExactColumn
from granger.engine.outcome.pay.cents import apportioned, in_cents, rounded, sums
from granger.engine.outcome.pay.whole import MOST, Number, over_one, stacked, times
from hypothesis import example, given, settings
from hypothesis import strategies as st

EDGES = [0, 1, -1, 2**63 - 1, -(2**63), 2**31, MOST, -MOST, MOST // 3]
LAWS = settings(derandomize=True, max_examples=400, deadline=None)
NUMBERS = st.integers(-(10**6), 10**6) | st.sampled_from(EDGES) | st.integers(-MOST, MOST)


def whole(values: list[int | None]) -> pl.Series:
    fits = all(value is None or value in INT64 for value in values)
    return pl.Series(values, dtype=pl.Int64 if fits else pl.Int128)


@LAWS
@given(st.lists(NUMBERS, min_size=1, max_size=12), st.integers(1, 2**40), st.sampled_from([HALF_UP, HALF_EVEN]))
def test_rounding_is_that_of_amounts(numbers: list[int], divisor: int, rule: str) -> None:
    ties = [*numbers, *(n - n % divisor + divisor // 2 for n in numbers)]
    found = rounded(whole(ties), divisor, rule).to_list()
    assert found == [round_to(Fraction(n, divisor), 0, rule) for n in ties]


@LAWS
@given(
    st.lists(st.tuples(st.integers(0, 3), NUMBERS), min_size=1, max_size=30),
    st.integers(1, 700) | st.integers(1, 2**40), st.sampled_from([HALF_UP, HALF_EVEN]), st.integers(0, 3),
)  # fmt: skip
@example([(0, -(2**63))], 2, HALF_UP, 0)
def test_apportioning_is_that_of_amounts(lines: list[tuple[int, int]], divisor: int, rule: str, digits: int) -> None:
    lines = sorted(lines, key=lambda line: line[0])
    names = sorted({who for who, _ in lines})
    who = pl.Series([names.index(name) for name, _ in lines], dtype=pl.UInt32)
    numbers, units = in_cents(whole([number for _, number in lines]), divisor, digits)
    totals = rounded(sums(numbers, who, len(names)), units, rule)
    shown, expected = apportioned(numbers, units, who, totals).to_list(), []
    for name, total in zip(names, totals.to_list(), strict=True):
        parts = [Fraction(number, divisor) for other, number in lines if other == name]
        line = round_to(sum(parts, Fraction(0)), digits, rule)
        assert line == Fraction(total, 10**digits)
        expected += apportion(line, parts, digits)
    assert [Fraction(cents, 10**digits) for cents in shown] == expected


@LAWS
@given(st.lists(st.none() | NUMBERS, max_size=12), st.lists(NUMBERS, min_size=12, max_size=12))
def test_a_product_is_exact_or_wild(numbers: list[int | None], by: list[int]) -> None:
    others = by[: len(numbers)]
    found, wild = times(whole(numbers), whole(list(others)))
    marks = wild.to_list() if wild is not None else [False] * len(numbers)
    for number, other, product, is_wild in zip(numbers, others, found.to_list(), marks, strict=True):
        if is_wild:
            assert product is None and number is not None
            assert abs(number) * max(map(abs, others)) > MOST
        else:
            assert product == (None if number is None else number * other)
            assert product is None or product in INT128


def test_divisors_of_their_own_become_one_or_are_wild() -> None:
    rng = random.Random(3)
    wild_ones = 0
    for _ in range(200):
        below = [rng.choice([1, 2, 3, 7, 600, 10**6, 2**61 - 1]) for _ in range(20)]
        above = [rng.choice([None, 0, 5, -7, rng.randint(-(10**9), 10**9), 2**90]) for _ in below]
        column = ExactColumn("number", whole(above), whole(list(below)))
        numbers, divisor, wild = over_one(column)
        for n, value in enumerate(column.values()):
            if wild is not None and wild[n]:
                wild_ones += 1
            else:
                assert (None if numbers[n] is None else Fraction(numbers[n], divisor)) == value
    assert 200 < wild_ones < 3_000


def test_numbers_are_stacked_over_their_common_divisor() -> None:
    found = stacked([Number(whole([1, None]), 4), Number(whole([2**70]), 6, pl.Series([False])), Number(whole([]), 1)])
    assert (found.series.to_list(), found.divisor) == ([3, None, 2**71], 12)
    with pytest.raises(OverflowError):
        stacked([Number(whole([1]), 2**40), Number(whole([1]), 3**25)])
