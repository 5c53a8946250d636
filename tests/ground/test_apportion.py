"""Splits of an amount: the parts sum to the whole, none is off by a unit, ties go to the smaller key."""

from __future__ import annotations

from fractions import Fraction

import pytest
from granger.engine.amounts import apportion, round_to
from hypothesis import given
from hypothesis import strategies as st

PARTS = st.lists(st.fractions(min_value=-1000, max_value=1000, max_denominator=360), min_size=1, max_size=30)


@given(PARTS, st.integers(-2, 3))
@pytest.mark.law
def test_parts_sum_to_the_rounded_whole_and_each_stays_within_one_unit(parts: list[Fraction], digits: int) -> None:
    unit = Fraction(10) ** -digits
    total = round_to(sum(parts, Fraction(0)), digits)
    written = apportion(total, parts, digits)
    assert sum(written) == total
    assert all(abs(after - before) < unit for before, after in zip(parts, written, strict=True))
    assert all((after / unit).denominator == 1 for after in written)


@given(PARTS, st.integers(0, 3))
@pytest.mark.law
def test_a_larger_remainder_is_served_first_and_a_tie_goes_to_the_earlier(parts: list[Fraction], digits: int) -> None:
    """Of a total below zero the mirror is looked at: what is taken back is served like what was paid."""
    unit = Fraction(10) ** -digits
    total = round_to(sum(parts, Fraction(0)), digits)
    written = apportion(total, parts, digits)
    if total < 0:
        parts, written = [-part for part in parts], [-part for part in written]
    remainders = [part / unit - part // unit for part in parts]
    raised = [after > before for before, after in zip(parts, written, strict=True)]
    for i, served in enumerate(raised):
        for j, also in enumerate(raised):
            if served and not also and remainders[j]:
                assert (remainders[i], -i) > (remainders[j], -j)


@given(PARTS)
@pytest.mark.law
def test_parts_that_need_no_rounding_stay(parts: list[Fraction]) -> None:
    whole = [Fraction(round(part)) for part in parts]
    assert apportion(sum(whole, Fraction(0)), whole, 0) == whole


@pytest.mark.parametrize(
    ("total", "parts", "written"),
    [
        ("1", ["1/3", "1/3", "1/3"], ["1", "0", "0"]),
        ("2", ["2/3", "2/3", "2/3"], ["1", "1", "0"]),
        ("1", ["1/2", "1/2"], ["1", "0"]),
        ("10", ["3.3", "3.4", "3.3"], ["3", "4", "3"]),
        ("0", ["0.5", "-0.5"], ["1", "-1"]),
        ("-1", ["-0.9", "-0.1"], ["-1", "0"]),
        ("0", [], []),
    ],
)
def test_worked_examples(total: str, parts: list[str], written: list[str]) -> None:
    assert apportion(Fraction(total), [Fraction(p) for p in parts], 0) == [Fraction(w) for w in written]


def test_a_difference_of_several_units_a_part_is_shared_out_evenly() -> None:
    assert apportion(Fraction(10), [Fraction(1), Fraction(1), Fraction(1)], 0) == [4, 3, 3]
    assert sum(apportion(Fraction(-10), [Fraction(1), Fraction(1), Fraction(1)], 0)) == -10


def test_a_clawback_takes_from_each_part_what_it_was_paid() -> None:
    parts = [Fraction(1, 2), Fraction(1, 2), Fraction(1, 3)]
    paid = apportion(Fraction(1), parts, 0)
    taken = apportion(Fraction(-1), [-part for part in parts], 0)
    assert taken == [-part for part in paid]
