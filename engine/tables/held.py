"""A column of a file, held exactly and without a Python object per cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property

import polars as pl

from ..amounts import places
from ..columns import BOOLEAN, DATE, INT128, NUMBER, TEXT, ExactColumn, exact_column
from .cells import shown
from .column import Column, Listed
from .scaled import fewest_places, joined, of_fractions
from .shape import NUMERIC, Value

_PIECE = 1 << 16


def kind_of(kind: str) -> str:
    """The kind of exact column that a field of ``kind`` is held in."""
    if kind in NUMERIC:
        return NUMBER
    return {"date": DATE, "boolean": BOOLEAN}.get(kind, TEXT)


def dtype_of(kind: str, one_of: tuple[str, ...]) -> pl.DataType:
    """What a column of ``kind`` is held in, where it is none of numbers."""
    if kind == "enum":
        return pl.Enum(list(dict.fromkeys(one_of)))
    return {"date": pl.Date(), "boolean": pl.Boolean()}.get(kind, pl.String())


def exact_of(kind: str, one_of: tuple[str, ...], values: Sequence[Value]) -> tuple[ExactColumn, tuple[int, ...]]:
    """The values of a field of ``kind`` as a column, and the records whose number is too long for it.

    Decimals stand as those of a file do; with a ratio among them (1/3) all have a common divisor, or each its own.
    """
    if kind not in NUMERIC:
        return ExactColumn(kind_of(kind), pl.Series(values, dtype=dtype_of(kind, one_of))), ()
    if all(places(value) is not None for value in values if isinstance(value, Fraction)):
        scaled = joined([of_fractions([value if isinstance(value, Fraction) else None for value in values])])
        held = Held(kind, scaled.series, scaled.places, scaled.wide)
        return held.exact(), held.beyond()
    beyond = tuple(i for i, value in enumerate(values) if isinstance(value, Fraction) and not _is_ratio(value))
    left_out = set(beyond)
    within = [None if i in left_out else value for i, value in enumerate(values)] if beyond else values
    return exact_column(NUMBER, within), beyond


def _is_ratio(value: Fraction) -> bool:
    return value.numerator in INT128 and value.denominator in INT128


class Held:
    """``series`` is as in ExactColumn; a number is ``series / 10**places``, the fewest places that hold all cells.

    ``wide`` has the numbers too long for the series, by record; the series has null there.
    """

    def __init__(
        self, kind: str, series: pl.Series, places: int = 0, wide: Mapping[int, Fraction] | None = None
    ) -> None:
        self.kind, self.wide = kind, dict(wide or {})
        self.series, self.places = fewest_places(series, places) if kind in NUMERIC else (series, 0)

    def __len__(self) -> int:
        return len(self.series)

    def values(self) -> tuple[Value, ...]:
        found = self.exact().values()
        for i, number in self.wide.items():
            found[i] = number
        return tuple(found)

    def values_at(self, records: Iterable[int]) -> set[Value]:
        chosen = sorted(records)
        found = Held(self.kind, self.series.gather(chosen), self.places)
        return {*found.values(), *(self.wide[i] for i in chosen if i in self.wide)}

    def exact(self) -> ExactColumn:
        return self._exact

    @cached_property
    def _exact(self) -> ExactColumn:
        """One object, which remembers what was found out about its values."""
        return ExactColumn(kind_of(self.kind), self.series, 10**self.places)

    def beyond(self) -> tuple[int, ...]:
        return tuple(sorted(self.wide))

    def missing(self) -> list[int]:
        if not self.series.null_count():
            return []
        found: list[int] = self.series.is_null().arg_true().to_list()
        return [i for i in found if i not in self.wide] if self.wide else found

    def after(self, day: date) -> list[int]:
        found: list[int] = (self.series > day).arg_true().to_list()
        return found

    def repeated(self) -> Iterable[tuple[int, Value]]:
        if self.wide:
            return self._listed().repeated()
        doubled = self.series.is_duplicated() & self.series.is_not_null()
        return self._pairs(doubled)

    def strangers(self, known: Column) -> list[tuple[int, Value]]:
        if not isinstance(known, Held) or (kind_of(self.kind), kind_of(known.kind)) != (TEXT, TEXT):
            return self._listed().strangers(known)
        asked = self.series.cast(pl.String).drop_nulls().unique()
        strange = asked.filter(~asked.is_in(known.series.cast(pl.String).drop_nulls().implode()))
        return self._pairs(self.series.cast(pl.String).is_in(strange.implode())) if len(strange) else []

    def distinct(self) -> int:
        return self.series.n_unique() - (self.series.null_count() > 0) + len(set(self.wide.values()))

    def names(self, start: str | None, most: int | None) -> list[str]:
        if kind_of(self.kind) != TEXT:
            return self._listed().names(start, most)
        found = self.series.cast(pl.String).drop_nulls().unique()
        if start is not None:
            starts = found.str.slice(0, 2)
            alike = [text for text in starts.unique().to_list() if text.lower() == start]
            found = found.filter(starts.is_in(alike))
        found = found.sort() if most is None else found.sort().head(most)
        return sorted(shown(name) for name in found.to_list())

    def used(self, chosen: Sequence[bool]) -> Held:
        series = self.series.filter(pl.Series(chosen, dtype=pl.Boolean))
        if not self.wide:
            return Held(self.kind, series, self.places)
        before = [0]
        for one in chosen:
            before.append(before[-1] + one)
        wide = {before[i]: number for i, number in self.wide.items() if chosen[i]}
        return Held(self.kind, series, self.places, wide)

    def without(self, values: Collection[Value]) -> Column:
        if kind_of(self.kind) != TEXT:
            return self._listed().without(values)
        among = self.series.cast(pl.String).is_in(pl.Series(list(values), dtype=pl.String).implode())
        return Held(self.kind, self.series.filter(~among.fill_null(False)))

    def texts(self) -> Iterator[str]:
        if self.wide:
            yield from self._listed().texts()
            return
        if self.kind in NUMERIC:
            yield f"{self.places};"
        words = self.series.cast(pl.String)
        counted = kind_of(self.kind) == TEXT
        terms = words.str.len_bytes().cast(pl.String) if counted else words
        yield from _joined(terms, ",")
        if counted:
            yield from _joined(words, "")

    def _listed(self) -> Listed:
        return Listed(self.kind, self.values())

    def _pairs(self, chosen: pl.Series) -> list[tuple[int, Value]]:
        rows = chosen.arg_true()
        values = ExactColumn(kind_of(self.kind), self.series.gather(rows), 10**self.places).values()
        return list(zip(rows.to_list(), values, strict=True))


def _joined(words: pl.Series, end: str) -> Iterator[str]:
    """All words, each followed by ``end``; a missing one is empty."""
    for start in range(0, len(words), _PIECE):
        piece = words.slice(start, _PIECE)
        yield piece.str.join(end, ignore_nulls=True).item() if not end else piece.fill_null("").str.join(end).item()
        yield end
