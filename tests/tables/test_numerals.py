from __future__ import annotations

from fractions import Fraction

import pytest
from granger.engine.tables.cells import cell_reader
from granger.engine.tables.numerals import fits, money, number, percent
from granger.engine.tables.records import Bad
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("007", "7"),
        ("1234.5", "1234.5"),
        ("1,234.50", "1234.5"),
        ("12,345,678", "12345678"),
        ("1 234 567.8", "1234567.8"),
        ("1\u00a0234", "1234"),
        ("1\u202f234", "1234"),
        ("1'234.50", "1234.5"),
        ("1’234", "1234"),
        ("+5", "5"),
        ("-0.01", "-0.01"),
        ("\u22125", "-5"),
        (".5", "0.5"),
    ],
)
def test_a_number_with_a_point_is_exact(text: str, value: str) -> None:
    assert number(text, "point") == Fraction(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234,50", "1234.5"), ("1234,5", "1234.5"), ("1 234,5", "1234.5"), ("1.234", "1234"), ("-0,5", "-0.5")],
)
def test_a_number_with_a_comma_is_exact(text: str, value: str) -> None:
    assert number(text, "comma") == Fraction(value)


NO_NUMBERS = (
    "1e3 1.2.3 --5 +-5 12abc 0x10 1_000 １２ ١٢ 1,23 12,34,567 1,2345 0,123 1,234,56 ,5 5. "
    "1'234,567 , . - + NaN inf ½ ²"
)


@pytest.mark.parametrize("text", [*NO_NUMBERS.split(), "", "1  234", "1 23", "- 5", "1 000 00", "9" * 401])
def test_what_is_not_plainly_a_number_is_refused(text: str) -> None:
    assert number(text, "point") is None


@pytest.mark.parametrize("text", ["1,234.50", "0.123", "1,234,567", "1.23"])
def test_a_point_is_no_decimal_mark_where_the_comma_is(text: str) -> None:
    assert number(text, "comma") is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4), st.sampled_from([",", " ", "\u00a0", "'", ""]))
def test_a_grouped_number_comes_back(value: object, by: str) -> None:
    text = f"{value:,}".replace(",", by)
    assert number(text, "point") == Fraction(str(value))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_a_number_grouped_the_other_way_comes_back(value: object) -> None:
    text = f"{value:,}".translate(str.maketrans(",.", ".,"))
    assert number(text, "comma") == Fraction(str(value))


@given(st.text(alphabet="0123456789.,+-() %$€'\u00a0\u2212eCNY", max_size=12))
def test_whatever_is_read_has_the_digits_of_its_text(text: str) -> None:
    value = number(text, "point")
    if value is not None:
        bare = text.replace("\u2212", "-").translate(dict.fromkeys(map(ord, ", '\u00a0")))
        assert value == Fraction(bare)
    assert money(text, "point", "CNY") is not None


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [
        ("$1,234.50", "USD", "1234.5"),
        ("$ 5", "AUD", "5"),
        ("US$5", "USD", "5"),
        ("-$5.00", "USD", "-5"),
        ("$-5.00", "USD", "-5"),
        ("(1,234.50)", "CNY", "-1234.5"),
        ("($1,234.50)", "USD", "-1234.5"),
        ("$(1,234.50)", "USD", "-1234.5"),
        ("CNY 1,000", "CNY", "1000"),
        ("1 000 CNY", "CNY", "1000"),
        ("¥100", "CNY", "100"),
        ("¥100", "JPY", "100"),
        ("CN¥100", "CNY", "100"),
        ("RMB 100", "CNY", "100"),
        ("₹1,000", "INR", "1000"),
        ("\u2212£3", "GBP", "-3"),
    ],
)
def test_money_is_read_with_its_currency(text: str, currency: str, value: str) -> None:
    assert money(text, "point", currency) == Fraction(value)


def test_money_with_a_decimal_comma() -> None:
    assert money("1 000,50 €", "comma", "EUR") == Fraction(2001, 2)
    assert money("(1.000,50)", "comma", "EUR") == Fraction(-2001, 2)


@pytest.mark.parametrize(("text", "currency"), [("€5", "CNY"), ("5 USD", "CNY"), ("$5", "EUR"), ("JP¥5", "CNY")])
def test_another_currency_is_refused_by_name(text: str, currency: str) -> None:
    found = money(text, "point", currency)
    assert isinstance(found, Bad)
    assert f"does not fit {currency}" in found.reason


@pytest.mark.parametrize(
    "text", ["12ABC", "XQZ 5", "(-5)", "-(5)", "--$5", "$5$", "((5))", "(5", "5)", "$", "1e3", "$1,23", "5-", "() 5"]
)
def test_no_amount(text: str) -> None:
    found = money(text, "point", "USD")
    assert isinstance(found, Bad)
    assert found.reason == "not a number: expected one written like 1,234.50"


def test_a_sign_fits_the_currencies_that_use_it() -> None:
    assert [c for c in ("USD", "CAD", "HKD", "TWD", "SGD", "CNY", "EUR") if fits("$", c)] == [
        "USD", "CAD", "HKD", "TWD", "SGD",
    ]  # fmt: skip


def test_a_percent_sign_is_seen() -> None:
    assert percent("80 %", "point") == (80, True)
    assert percent("-1.5%", "point") == (Fraction(-3, 2), True)
    assert percent("0.8", "point") == (Fraction(4, 5), False)


@pytest.mark.parametrize(
    ("text", "scale", "value"),
    [("80%", None, "4/5"), ("80", 100, "4/5"), ("0.8", 1, "4/5"), ("80%", 1, "4/5"), ("80%", 100, "4/5")],
)
def test_percent_cells_by_scale(field, shape, text, scale, value) -> None:  # type: ignore[no-untyped-def]
    rate = field("rate", "percent", scale=scale)
    assert cell_reader(rate, shape(rate), None)(text) == Fraction(value)


def test_a_percent_cell_without_sign_or_scale_is_bad(field, shape) -> None:  # type: ignore[no-untyped-def]
    rate = field("rate", "percent")
    found = cell_reader(rate, shape(rate), None)("0.8")
    assert isinstance(found, Bad)
    assert "no % sign" in found.reason
