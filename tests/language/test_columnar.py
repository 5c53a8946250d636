"""Expressions over columns, against the reference: forms that once went wrong, each shrunk to the least that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from granger.engine.columns import BOOLEAN, DATE, NUMBER, TEXT, ExactColumn, exact_column
from granger.engine.language.columnar.reading import evaluate
from granger.engine.language.rowwise import evaluate as by_reference
from granger.engine.language.tree import Expression, Value

Parsed = Callable[[str], Expression]
DAY = date(2026, 1, 31)


def held(expression: Expression, kind: str, columns: Mapping[str, ExactColumn], height: int) -> list[Value]:
    """The values by columns, after the reference said the same."""
    found = evaluate({"x": (expression, kind)}, columns, height)
    assert len(found.replayed) == 0
    values = {name: column.values() for name, column in columns.items()}
    rows = [{name: some[i] for name, some in values.items()} for i in range(height)]
    told = found.columns["x"].values()
    assert told == [by_reference(expression, row) for row in rows]
    return told


def texts(values: Sequence[str | None], words: Sequence[str] | None = None) -> ExactColumn:
    return ExactColumn(TEXT, pl.Series(values, dtype=pl.Enum(words) if words is not None else pl.String))


@pytest.mark.parametrize("text", ["'x' if p else 'y'", "'x' if p and q else 'y' if p else 'z'"])
def test_words_of_a_condition_that_is_always_missing(text: str, parsed: Parsed) -> None:
    columns = {"p": exact_column(BOOLEAN, [None] * 3), "q": exact_column(BOOLEAN, [True, None, True])}
    assert held(parsed(text), TEXT, columns, 3) == [None] * 3


@pytest.mark.parametrize(
    "text",
    [
        "('x' if p else 'y') == lower('X')",
        "('x' if start_of('month', date('2026-02-01')) < date('2026-03-01') else 'y') == s",
        "lower('X') == ('x' if p else 'y')",
        "lower('X') == lower('X' if p else 'Y')",
        "lower('X') == lower(s)",
    ],
)
def test_what_is_the_same_for_all_rows_beside_what_is_not(text: str, parsed: Parsed) -> None:
    columns = {"p": exact_column(BOOLEAN, [True, False, None]), "s": texts(["x", "y", None])}
    assert held(parsed(text), BOOLEAN, columns, 3) == [True, False, None]


@pytest.mark.parametrize(
    "text", ["'x' if start_of('month', date('2026-02-01')) < date('2026-03-01') else 'y'", "lower('X')"]
)
@pytest.mark.parametrize("height", [0, 1, 3])
def test_words_that_are_the_same_for_all_rows(text: str, height: int, parsed: Parsed) -> None:
    assert held(parsed(text), TEXT, {}, height) == ["x"] * height


@pytest.mark.parametrize(
    "text",
    [
        "contains(WORD, 'x')",
        "starts_with('xy', WORD)",
        "ends_with(WORD, s)",
        "WORD == s",
        "lower(WORD) == s",
        "coalesce(WORD, s) == 'x'",
    ],
)
@pytest.mark.parametrize("words", [["a", "x"], None])
def test_a_word_among_texts(text: str, words: list[str] | None, parsed: Parsed) -> None:
    """``WORD`` comes as a number of a word."""
    columns = {"p": exact_column(BOOLEAN, [True, False, None]), "s": texts(["x", "x", "x"], words)}
    held(parsed(text.replace("WORD", "('x' if p else 'yz')")), BOOLEAN, columns, 3)


@pytest.mark.parametrize(
    "text", ["t == u", "t != u", "u != t", "not (t != u)", "u != t != u", "('x' if u == 'a' else 'y') != t"]
)
def test_a_text_that_is_always_missing_beside_an_enumeration(text: str, parsed: Parsed) -> None:
    columns = {"t": texts([None, None]), "u": texts(["a", None], ["a", "b"])}
    assert held(parsed(text), BOOLEAN, columns, 2) == [None, None]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("n + 1", NUMBER), ("a / n", NUMBER), ("n / a", NUMBER), ("floor(n) + a", NUMBER), ("n < a", BOOLEAN), ("a == n", BOOLEAN), ("add_days(d, n)", DATE), ("add_months(e, a)", DATE), ("days_between(d, e)", NUMBER), ("lower(t)", TEXT), ("contains(s, t)", BOOLEAN)],
)  # fmt: skip
def test_what_is_made_of_something_always_missing_is_missing(text: str, kind: str, parsed: Parsed) -> None:
    columns = {
        "a": exact_column(NUMBER, [None, Fraction(1), Fraction(-2)]),
        "n": exact_column(NUMBER, [None] * 3),
        "d": exact_column(DATE, [None, DAY, DAY]),
        "e": exact_column(DATE, [None] * 3),
        "s": texts(["x", None, "y"]),
        "t": texts([None] * 3),
    }
    assert held(parsed(text), kind, columns, 3) == [None] * 3
