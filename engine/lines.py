"""The lines of an output file, a slice at a time: columns for most, row objects for what columns cannot hold."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby, starmap
from typing import TYPE_CHECKING, Protocol, TypeVar, overload

if TYPE_CHECKING:
    import polars as pl

    from .columns import ExactColumn


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


@dataclass(frozen=True, slots=True)
class Framed:
    """A frame as a part: its columns are those of the lines."""

    frame: pl.DataFrame

    @property
    def height(self) -> int:
        return self.frame.height

    def slices(self, lines: int) -> Iterator[Lines]:
        for start in range(0, self.frame.height, lines):
            some = self.frame.slice(start, lines)
            yield Lines(columns_of({name: some[name] for name in some.columns}))


T = TypeVar("T")


class InColumns(Sequence[T]):
    """Rows that stand in columns: ``part`` for who takes them whole; objects of the dataclass ``row`` for who asks."""

    def __init__(self, part: Part, row: type[T]) -> None:
        self.part, self.row = part, row
        self._whole = {field.name for field in fields(row) if field.type in ("int", "int | None")}  # type: ignore[arg-type]

    def __len__(self) -> int:
        return self.part.height

    def __iter__(self) -> Iterator[T]:
        for lines in self.part.slices(AT_ONCE):
            names = [field.name for field in fields(self.row)] if lines.columns else []  # type: ignore[arg-type]
            values = [self._values(name, lines.columns[name]) for name in names]
            for rows, start, end in lines.pieces():
                yield from rows  # type: ignore[misc]
                yield from starmap(self.row, zip(*(found[start:end] for found in values), strict=True))

    def _values(self, name: str, column: ExactColumn) -> Sequence[object]:
        if column.kind == "text":
            return ["" if text is None else text for text in column.series.to_list()]
        return column.series.to_list() if name in self._whole else column.values()

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return list(self)[index]

    def where(self, name: str, text: str, other: str) -> list[object]:
        """What stands under ``other`` in the lines that have this text under ``name``."""
        found: list[object] = []
        for lines in self.part.slices(AT_ONCE):
            if lines.columns:
                rows = (lines.columns[name].series == text).fill_null(False)
                found += lines.columns[other].series.filter(rows).to_list()
            found += [getattr(row, other) for _, row in lines.rows if getattr(row, name) == text]
        return found


AT_ONCE = 100_000
"""Lines that are looked at together."""


def part_of(rows: Sequence[object]) -> Part | None:
    """The columns that the rows stand in; None where they are rows."""
    found: Part | None = getattr(rows, "part", None)
    return found


def counted(rows: Sequence[object], *names: str) -> Counter[tuple[object, ...]]:
    """How many rows have each combination of these values (texts and dates)."""
    part = part_of(rows)
    if part is None:
        return Counter(tuple(getattr(row, name) for name in names) for row in rows)
    import polars as pl

    found: Counter[tuple[object, ...]] = Counter()
    for lines in part.slices(AT_ONCE):
        if lines.columns:
            frame = pl.DataFrame({name: lines.columns[name].series for name in names})
            for *values, count in frame.group_by(names).len().iter_rows():
                found[tuple("" if value is None else value for value in values)] += count
        found.update(tuple(getattr(row, name) for name in names) for _, row in lines.rows)
    return found


def columns_of(
    columns: Mapping[str, pl.Series], divisors: Mapping[str, int | pl.Series] | None = None
) -> Mapping[str, ExactColumn]:
    """Columns whose kind is that of their type; whole numbers stand over their divisor (1 unless given)."""
    import polars as pl

    from .columns import BOOLEAN, DATE, NUMBER, TEXT, ExactColumn

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
        return tuple(_first(getattr(row, name)) for name in self.key)

    def _key_at(self, found: Lines, index: int) -> tuple[object, ...]:
        return tuple(_first(found.columns[name].series[index]) for name in self.key)


def _first(value: object) -> object:
    """No day comes before all days."""
    return date.min if value is None else value
