"""Exact numbers: read, rounded once, shown. The `decimal` module is the oracle."""

from __future__ import annotations

import decimal
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from granger.engine.amounts import (
    HALF_EVEN,
    HALF_UP,
    from_double,
    grouped,
    parse_decimal,
    percent,
    places,
    plain,
    round_to,
)
from hypothesis import given, settings
from hypothesis import strategies as st

EXACT = decimal.Context(prec=200)
DECIMALS = st.decimals(min_value=-(10**12), max_value=10**12, places=6, allow_nan=False)
FRACTIONS = st.fractions(max_denominator=10**6)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"), ("-0", "0"), ("+5", "5"), ("-1_234.50", "-1234.5"), ("1_000_000", "1000000"), ("012", "12"),
        ("0.000_001", "0.000001"), ("1_0.2_5", "10.25"), ("-0.1", "-0.1"),
    ],
)  # fmt: skip
def test_a_plain_decimal_is_read_exactly(text: str, value: str) -> None:
    assert parse_decimal(text) == Fraction(Decimal(value))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1 ", " 1", "+", "-", ".", ".5", "5.", "1e3", "1E3", "0x1F", "0o7", "0b1", "inf", "nan", "1/3", "--1",
        "1__0", "_1", "1_", "1_.5", "1._5", "1,000", "１２", "٣", "1\n", "\n1", "5%", "1.2.3", "−5",
    ],
)  # fmt: skip
def test_anything_else_is_not_read(text: str) -> None:
    assert parse_decimal(text) is None


def test_a_number_of_any_length_is_read_or_refused_never_raised() -> None:
    read = parse_decimal("9" * 5000)
    assert read is None or read == 10**5000 - 1


def test_tens_and_hundreds_are_shown_exactly() -> None:
    assert plain(Fraction(12345678901234567890), -2) == "12345678901234567900"
    assert plain(Fraction(-149), -2) == "-100" and plain(Fraction(49), -2) == "0"


@given(DECIMALS)
@settings(derandomize=True, max_examples=300)
def test_reading_agrees_with_the_decimal_module(value: Decimal) -> None:
    assert parse_decimal(f"{value:f}") == Fraction(value)


@given(DECIMALS, st.integers(0, 5), st.sampled_from([(HALF_UP, ROUND_HALF_UP), (HALF_EVEN, ROUND_HALF_EVEN)]))
@settings(derandomize=True, max_examples=500)
def test_rounding_agrees_with_the_decimal_module(value: Decimal, digits: int, rules: tuple[str, str]) -> None:
    ours, theirs = rules
    expected = value.quantize(Decimal(1).scaleb(-digits), rounding=theirs, context=EXACT)
    assert round_to(Fraction(value), digits, ours) == Fraction(expected)


@pytest.mark.parametrize("unit", [1, 2, 3, 4, 5, 6, 7, 8])
@pytest.mark.parametrize("digits", [-3, -1, 0, 2, 6])
def test_every_exact_tie_goes_away_from_zero_or_to_the_even_neighbour(unit: int, digits: int) -> None:
    scale = Fraction(10) ** -digits
    for sign in (1, -1):
        tie = sign * (unit + Fraction(1, 2)) * scale
        assert round_to(tie, digits) == sign * (unit + 1) * scale
        assert round_to(tie, digits, HALF_EVEN) == sign * (unit + unit % 2) * scale


@given(FRACTIONS, st.integers(-6, 12))
@settings(derandomize=True, max_examples=300)
def test_a_clawback_takes_back_exactly_what_was_paid(value: Fraction, digits: int) -> None:
    assert round_to(-value, digits) == -round_to(value, digits)
    assert abs(round_to(value, digits) - value) <= Fraction(10) ** -digits / 2
    assert round_to(round_to(value, digits), digits) == round_to(value, digits)


def test_the_issue_s_line_without_a_minor_unit() -> None:
    assert round_to(20_007 * Fraction(5, 6), 0) == 16_673
    assert round_to(-20_007 * Fraction(5, 6), 0) == -16_673
    assert round_to(20_007 * Fraction(5, 6), 0, HALF_EVEN) == 16_672


@pytest.mark.parametrize(
    ("value", "exact"),
    [(0.1, "1/10"), (0.29999999999999999, "3/10"), (1e23, "1" + "0" * 23), (5e-324, None), (-0.0, "0"), (2.5, "5/2")],
)
def test_a_double_is_the_shortest_decimal_that_gives_it(value: float, exact: str | None) -> None:
    read = from_double(value)
    assert read is not None and float(read) == value
    assert exact is None or read == Fraction(exact)


def test_a_double_that_is_no_number() -> None:
    assert from_double(float("nan")) is None
    for infinity in (float("inf"), float("-inf")):
        with pytest.raises(ValueError, match="infinity"):
            from_double(infinity)


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        ("1234567.5", None, "1234567.5"), ("1/3", None, "1/3"), ("1/3", 4, "0.3333"), ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"), ("-0.004", 2, "0.00"), ("0", 2, "0.00"), ("12", 0, "12"), ("0.1", 0, "0"),
        ("-7", 2, "-7.00"), ("99.995", 2, "100.00"), ("0.05", None, "0.05"),
    ],
)  # fmt: skip
def test_plain_text_for_a_machine(value: str, digits: int | None, shown: str) -> None:
    assert plain(Fraction(value), digits) == shown


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        ("12345.6", 2, "12,345.60"), ("-1234567", None, "-1,234,567"), ("999", 0, "999"), ("1000", 0, "1,000"),
        ("0.5", None, "0.5"), ("10000/3", None, "3,333.3333"), ("-0.001", 2, "0.00"),
        ("1234.5678", None, "1,234.5678"),
    ],
)  # fmt: skip
def test_grouped_text_for_a_reader(value: str, digits: int | None, shown: str) -> None:
    assert grouped(Fraction(value), digits) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.8", "80%"), ("-0.3", "-30%"), ("1/3", "33.3333%"), ("2/3", "66.6667%"), ("0.123456", "12.3456%"),
        ("0.12345678", "12.3457%"), ("12", "1,200%"), ("0", "0%"), ("1/8", "12.5%"), ("-1/3", "-33.3333%"),
    ],
)  # fmt: skip
def test_a_percentage_for_a_reader(value: str, shown: str) -> None:
    assert percent(Fraction(value)) == shown


@given(DECIMALS)
@settings(derandomize=True, max_examples=300)
def test_what_is_written_exactly_is_read_back(value: Decimal) -> None:
    exact = Fraction(value)
    assert parse_decimal(plain(exact)) == exact
    assert Decimal(grouped(exact).replace(",", "")) == value
    assert places(exact) == max(0, -value.normalize(EXACT).as_tuple().exponent)  # type: ignore[operator]


@given(FRACTIONS, st.integers(0, 8))
@settings(derandomize=True, max_examples=300)
def test_what_is_written_with_digits_is_the_rounded_value(value: Fraction, digits: int) -> None:
    shown = plain(value, digits)
    assert parse_decimal(shown) == round_to(value, digits)
    assert len(shown.partition(".")[2]) == digits
