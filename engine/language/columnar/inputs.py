"""Columns of a table as the leaves of a computation, with the ranges that their values show.

Where no width can be proven, the widest column is narrowed: its few largest values are set aside, to be replayed by
the reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

import polars as pl

from ...columns import BOOLEAN, DATE, NUMBER, ExactColumn, WholeNumbers, whole
from ..ranges import Range, TooWide
from .lower import Day, Operand
from .numbers import Number
from .steps import INTEGER, TEXT, TRUTH, Graph, Step

LEAST_BITS = 16
"""A column narrowed below this would lose ordinary figures."""

_BITS: dict[type[pl.DataType], int] = {pl.Int32: 32, pl.Int64: 64, pl.Int128: 128}

BELOW = " /"
"""Ends the name of a column of divisors."""

T = TypeVar("T")


@dataclass
class Inputs:
    """Makes leaves of ``graph`` from exact columns; ``columns`` is the frame that they name."""

    graph: Graph
    columns: dict[str, pl.Series] = field(default_factory=dict)
    leaves: dict[str, ExactColumn] = field(default_factory=dict)

    def operand(self, name: str, column: ExactColumn) -> Operand:
        self.leaves[name] = column
        if column.kind == NUMBER:
            return self._number(name, column)
        if column.kind == DATE:
            return Day(self._whole(name, column.whole))
        return self.step(name, column.series, TRUTH if column.kind == BOOLEAN else TEXT)

    def _number(self, name: str, column: ExactColumn) -> Number:
        over = self._whole(name, column.whole)
        if isinstance(column.divisor, int):
            return Number(Fraction(1, column.divisor), over)
        known = column.series.is_not_null() & column.divisor.is_not_null()
        divisor = self._whole(name + BELOW, whole(column.divisor.zip_with(known, _ones(column.divisor))))
        return Number(Fraction(1), over, () if divisor.is_constant else (divisor,))

    def _whole(self, name: str, numbers: WholeNumbers) -> Step:
        if numbers.missing == len(numbers.series):
            return self.graph.constant(None, INTEGER)
        self.columns[name] = numbers.series
        wide = _BITS[numbers.series.dtype.base_type()]
        range = Range(numbers.low, numbers.high)
        return self.graph.column(name, INTEGER, range, wide=wide, nullable=numbers.missing > 0)

    def step(self, name: str, series: pl.Series, kind: str) -> Step:
        """A column of whole numbers, truths or texts."""
        if kind == INTEGER:
            return self._whole(name, whole(series))
        if series.null_count() == len(series):
            return self.graph.constant(None, kind)
        self.columns[name] = series
        return self.graph.column(name, kind, nullable=series.null_count() > 0)


def _ones(like: pl.Series) -> pl.Series:
    return pl.Series([1], dtype=like.dtype).new_from_index(0, len(like))


def fitted(rows: pl.Series, make: Callable[[pl.Series, Inputs], T]) -> tuple[T, pl.Series]:
    """What ``make`` gives for the rows of which it can be proven, and those rows: all but a few whose numbers are huge.

    Raises TooWide where that would take more than a few: then nothing can be computed in columns.
    """
    while True:
        inputs = Inputs(Graph())
        try:
            return make(rows, inputs), rows
        except TooWide as failure:
            # the widest; of several the first by name
            bits, widest = min(((-bits, name) for name, bits in failure.columns.items()), default=(0, ""))
            column = inputs.leaves.get(widest.removesuffix(BELOW))
            if -bits <= LEAST_BITS or column is None:
                raise
            rows = rows.filter(~beyond(column, max(-bits - 8, LEAST_BITS)))


def beyond(column: ExactColumn, bits: int) -> pl.Series:
    """Whether the whole number, or the divisor, of each row has more than so many bits."""
    found = _large(column.series, bits)
    return found if isinstance(column.divisor, int) else found | _large(column.divisor, bits)


def _large(series: pl.Series, bits: int) -> pl.Series:
    edges = pl.Series([1 << bits, -(1 << bits)], dtype=pl.Int128)
    wide = series.cast(pl.Int128)
    return ((wide >= edges[:1]) | (wide < edges[1:])).fill_null(False)
