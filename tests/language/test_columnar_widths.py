"""Widths of columns: what a step only looks at may be wider than what it gives."""

from __future__ import annotations

from fractions import Fraction

from granger.engine.columns import NUMBER, exact_column
from granger.engine.diagnostics import Origin
from granger.engine.language.columnar.reading import evaluate
from granger.engine.language.rowwise import evaluate as by_reference
from granger.engine.language.tree import Call, Choose, Expression, Literal, Name


def test_a_figure_of_128_bits_is_looked_at_for_a_small_number() -> None:
    figures = [Fraction(10**20), Fraction(-3), None, Fraction(7)]
    root = Choose(Call("is_missing", (Name("m"),)), Literal(None), Literal(Fraction(4)))
    expression = Expression("the last of bands", root, Origin("x", ((0, 1, 1),)))
    found = evaluate({"x": (expression, NUMBER)}, {"m": exact_column(NUMBER, figures)}, len(figures))
    assert not len(found.replayed)
    expected = [by_reference(expression, {"m": m}) for m in figures]
    assert found.columns["x"].values() == expected == [4, 4, None, 4]
