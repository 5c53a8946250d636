"""The lines of an output file, a slice at a time: columns for most, row objects for what columns cannot hold."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import polars as pl

from .columns import BOOLEAN, DATE, NUMBER, TEXT, ExactColumn


@dataclass(frozen=True, slots=True)
class Lines:
    """Consecutive lines. ``columns`` are by the layout's names; ``(i, row)`` stands before line ``i`` of the columns.

    ``rows`` are in order, and ``i`` never falls.
    """

    columns: Mapping[str, ExactColumn]
    rows: Sequence[tuple[int, object]] = ()

    @property
    def height(self) -> int:
        """The lines that are in columns."""
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def pieces(self) -> Iterator[tuple[list[object], int, int]]:
        """Rows, and the lines ``[start, end)`` of the columns that follow them, until all are told."""
        rows: list[object] = []
        start = 0
        for at, found in groupby(self.rows, key=lambda pair: pair[0]):
            yield rows, start, at
            rows, start = [row for _, row in found], at
        yield rows, start, self.height


class Part(Protocol):
    """One output of a run, in the order of its file."""

    @property
    def height(self) -> int:
        """How many lines there are in all."""

    def slices(self, lines: int) -> Iterator[Lines]:
        """All lines, about ``lines`` at a time."""


def columns_of(
    columns: Mapping[str, pl.Series], divisors: Mapping[str, int | pl.Series] | None = None
) -> Mapping[str, ExactColumn]:
    """Columns whose kind is that of their type; whole numbers stand over their divisor (1 unless given)."""
    below = divisors or {}
    kinds = {pl.Date: DATE, pl.Boolean: BOOLEAN, pl.String: TEXT, pl.Enum: TEXT}
    return {
        name: ExactColumn(kinds.get(series.dtype.base_type(), NUMBER), series, below.get(name, 1))
        for name, series in columns.items()
    }


def between(lines: pl.Series, late: Iterable[tuple[int, object]]) -> list[tuple[int, object]]:
    """Rows with the number of their account, before the first line of a later one (``lines``: the accounts, rising)."""
    return [(int(lines.search_sorted(account)), row) for account, row in late]


@dataclass(frozen=True, slots=True)
class Merged:
    """``part`` with ``rows`` between its lines: both stand in the order of ``key``, and share no key."""

    part: Part
    rows: Sequence[object]
    key: tuple[str, ...]

    @property
    def height(self) -> int:
        return self.part.height + len(self.rows)

    def slices(self, lines: int) -> Iterator[Lines]:
        told = 0
        for found in self.part.slices(lines):
            upto = bisect_left(self.rows, self._last(found), key=self._key_of)
            yield self._with(found, self.rows[told:upto])
            told = max(told, upto)
        if told < len(self.rows):
            yield Lines({}, [(0, row) for row in self.rows[told:]])

    def _with(self, found: Lines, rows: Sequence[object]) -> Lines:
        if not rows:
            return found
        places = range(found.height)
        new = [(bisect_left(places, self._key_of(row), key=lambda i: self._key_at(found, i)), row) for row in rows]
        return Lines(found.columns, sorted([*found.rows, *new], key=lambda pair: (pair[0], self._key_of(pair[1]))))

    def _last(self, found: Lines) -> tuple[object, ...]:
        """The last key of the lines; before all others where there is none."""
        keys = [self._key_of(row) for _, row in found.rows[-1:]]
        return max([*keys, *([self._key_at(found, found.height - 1)] if found.height else [])], default=())

    def _key_of(self, row: object) -> tuple[object, ...]:
        return tuple(getattr(row, name) for name in self.key)

    def _key_at(self, found: Lines, index: int) -> tuple[object, ...]:
        return tuple(found.columns[name].series[index] for name in self.key)
