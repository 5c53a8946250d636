"""What an unquoted value means."""

from datetime import date
from fractions import Fraction

import pytest
from granger.engine.source.document import Scalar
from granger.engine.source.reader import read
from granger.engine.source.scalars import MAX_DIGITS, Refusal, resolve

TEXTS = [
    "no",
    "yes",
    "on",
    "off",
    "NO",
    "Yes",
    "On",
    "OFF",
    "True",
    "TRUE",
    "False",
    "Null",
    "NULL",
    "y",
    "n",
    "012",
    "007",
    "-012",
    "+012",
    "0_1",
    "00.5",
    "12:30",
    "1:30",
    "190:20:30",
    "80%",
    "-3%",
    "12.5%",
    "1,000",
    "1.2.3",
    "2026-Q3",
    "2026-01",
    "inf",
    "nan",
    "INF",
    "-",
    "+",
    ".",
    "..",
    "--",
    "x",
    "1x",
    "1-2",
    "3/4",
    "$5",
    "٣",
    "１２",
    "=",
    "~x",
    "null-ish",
    "true-ish",
    "2026/01/31",
]

NUMBERS = {
    "0": 0, "-0": 0, "5": 5, "+5": 5, "-3": -3, "0.5": Fraction(1, 2), "0.0": 0, "1_000": 1000, "1_000_000": 1_000_000,
    "7_222.22": Fraction(722222, 100), "-1_0.2_5": Fraction(-1025, 100), "9" * MAX_DIGITS: int("9" * MAX_DIGITS),
    "0.1": Fraction(1, 10), "123456789012345678901234567890.1": Fraction(1234567890123456789012345678901, 10),
}  # fmt: skip

REFUSED = {
    "0x1F": "31", "-0x1f": "-31", "0X10": "16", "0o14": "12", "0b1": "1", "0b1_0": "2", "1e3": "1000", "1.5E+3": "1500",
    "1e-3": "0.001", "-2.5e1": "-25", ".3e3": "300", "85.230_15e+03": "85230.15", ".5": "0.5", "-.5": "-0.5", "5.": "5",
    "+5.": "+5", ".1_4": "0.1_4", "1__0": "1_0", "1_": "1", "1_.5": "1.5",
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_text(text):
    assert resolve(text) == text


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_numbers_are_exact(text, value):
    resolved = resolve(text)
    assert isinstance(resolved, Fraction)
    assert resolved == value


def test_booleans_are_these_two_words():
    assert resolve("true") is True
    assert resolve("false") is False


@pytest.mark.parametrize(("text", "instead"), REFUSED.items())
def test_another_form_of_a_number_is_refused_with_the_plain_one(text, instead):
    assert resolve(text) == Refusal("number-form-refused", {"text": text, "instead": instead})


@pytest.mark.parametrize("text", ["1e999999", "1e" + "9" * 5000, "0x" + "F" * 5000, "9" * 100 + "e5", "0x_", "0b_"])
def test_a_number_too_long_to_spell_out(text):
    assert resolve(text).code == "number-not-spelled-out"


@pytest.mark.parametrize("text", [".inf", "-.inf", "+.Inf", ".INF", ".nan", ".NaN", ".NAN"])
def test_what_is_no_amount(text):
    assert resolve(text) == Refusal("not-a-finite-number", {"text": text})


@pytest.mark.parametrize("text", ["9" * 61, "0." + "1" * 60, "1" + "_1" * 60, "9" * 100_000])
def test_a_number_of_too_many_digits(text):
    assert resolve(text).code == "number-too-long"


@pytest.mark.parametrize("text", ["", "~", "null"])
def test_no_value(text):
    assert resolve(text).code == "empty-value"


def test_dates():
    assert resolve("2026-01-31") == date(2026, 1, 31)
    assert resolve("2024-02-29") == date(2024, 2, 29)
    assert resolve("2026-01-31 10:00") == "2026-01-31 10:00"
    assert resolve("2026-01-31T10:00:00Z") == "2026-01-31T10:00:00Z"


@pytest.mark.parametrize("text", ["2026-13-45", "2026-02-29", "0000-01-01", "2026-00-10", "2026-1-45"])
def test_an_impossible_date(text):
    assert resolve(text) == Refusal("bad-date", {"text": text})


def test_a_date_without_its_zeros_is_not_taken_for_a_subtraction():
    assert resolve("2026-1-5") == Refusal("short-date", {"text": "2026-1-5", "instead": "2026-01-05"})


@pytest.mark.parametrize("style", ["'{}'", '"{}"', "|-\n  {}", ">-\n  {}"])
@pytest.mark.parametrize("text", ["12", "true", "2026-01-31", "null", "~", "1e3", "<<", "2026-13-45"])
def test_what_is_quoted_is_text(style, text):
    document, problems = read(f"a: {style.format(text)}\n".encode(), "f.yaml")
    assert problems == []
    scalar = document.root.entries["a"]
    assert isinstance(scalar, Scalar)
    assert (scalar.value, scalar.text, scalar.quoted) == (text, text, True)


@pytest.mark.parametrize(
    ("text", "code", "message", "advice"),
    [
        ("0x1F", "number-form-refused", "'0x1F' is not a number as granger reads them", 'write 31 (for text, "0x1F")'),
        ("~", "empty-value", "a value is missing: '~' stands for none", "write the value, or remove the key"),
        (
            "2026-02-30",
            "bad-date",
            "'2026-02-30' is no day of the calendar",
            "write the year, month and day as 2026-01-31",
        ),
    ],
)
def test_a_refusal_stands_at_the_value(text, code, message, advice):
    document, (problem,) = read(f"k:\n  数据: {text}\n".encode(), "f.yaml")
    assert (problem.code, problem.message, problem.help) == (code, message, advice)
    assert (problem.place.line, problem.place.column, problem.place.end_column) == (2, 7, 7 + len(text))
    assert document is not None, "the rest of the file is still checked"
