"""Widths of columns: what a step only looks at may be wider than what it gives."""

from __future__ import annotations

from fractions import Fraction

from granger.engine.columns import NUMBER, exact_column
from granger.engine.diagnostics import Origin
from granger.engine.language.columnar.reading import evaluate
from granger.engine.language.expression import parse
from granger.engine.language.rowwise import evaluate as by_reference
from granger.engine.language.tree import Expression


def test_a_figure_of_128_bits_is_looked_at_for_a_small_number() -> None:
    figures = [Fraction(10**20), Fraction(-3), None, Fraction(7)]
    text = "3 if m < 0 else (coalesce(m, m) * 0 + 4 if is_missing(m) else 4)"
    ladder = "1 if m >= 100_000_000_000_000_000_000 else (2 if m < 0 else 4)"
    swept = 0
    for written in (text, ladder, "4 if m > 5 else 5"):
        expression = parse(written, Origin("x", ((0, 1, 1),)))
        assert isinstance(expression, Expression)
        found = evaluate({"x": (expression, NUMBER)}, {"m": exact_column(NUMBER, figures)}, len(figures))
        assert not len(found.replayed)
        assert found.columns["x"].values() == [by_reference(expression, {"m": m}) for m in figures]
        swept += len(figures)
    assert swept == 12
