"""Whole numbers over a power of ten: how a column of numbers of a file is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import polars as pl

from ..amounts import places as places_of
from ..columns import INT64, INT128

WHOLE, PLACES = 18, 18
"""Numbers with at most so many digits before and after the point fit 128 bits together, whatever they are."""

_MOST_PLACES = 38


@dataclass(frozen=True, slots=True)
class Scaled:
    """Whole numbers (Int64 or Int128) that stand for ``series / 10**places``; days, truths or texts stand as they are.

    ``wide`` are numbers that are not in it, by their index; ``series`` is null there.
    """

    series: pl.Series
    places: int = 0
    wide: Mapping[int, Fraction] = field(default_factory=dict)


def of_fractions(values: Sequence[Fraction | None]) -> Scaled:
    """Numbers that a finite decimal writes; those of more than WHOLE and PLACES digits are left wide."""
    wide = {i: value for i, value in enumerate(values) if value is not None and not _is_narrow(value)}
    narrow = [None if i in wide else value for i, value in enumerate(values)]
    most = max((places_of(value) or 0 for value in narrow if value is not None), default=0)
    whole = [None if value is None else int(value * 10**most) for value in narrow]
    return Scaled(narrowed(pl.Series(whole, dtype=pl.Int128)), most, wide)


def _is_narrow(value: Fraction) -> bool:
    found = places_of(value)
    return abs(value) < 10**WHOLE and found is not None and found <= PLACES


def joined(parts: Sequence[Scaled]) -> Scaled:
    """The numbers of all parts, one after the other; a wide number is held as well where it fits with the others."""
    most = max(part.places for part in parts)
    series = [rescaled(part.series, part.places, most) for part in parts]
    width = _width(*series)
    wide: dict[int, Fraction] = {}
    start = 0
    for part in parts:
        wide |= {start + i: value for i, value in part.wide.items()}
        start += len(part.series)
    together = pl.concat([one.cast(width) for one in series])
    return _with_wide(Scaled(together, most, wide)) if wide else Scaled(together, most)


def patched(held: Scaled, rows: pl.Series, other: Scaled) -> Scaled:
    """``held`` with the numbers of ``other`` in place of its nulls: the number i stands in each of ``rows[i]``."""
    most = max(held.places, other.places)
    base, given = rescaled(held.series, held.places, most), rescaled(other.series, other.places, most)
    width = _width(base, given)
    flat = pl.DataFrame({"row": rows, "value": given.cast(width)}).explode("row")
    wide = {row: value for i, value in other.wide.items() for row in rows[i]}
    return Scaled(base.cast(width).scatter(flat["row"], flat["value"]), most, wide)


def _width(*series: pl.Series) -> pl.DataType:
    """The type that holds them all: their own, or for whole numbers of both widths the longer."""
    kinds = {one.dtype for one in series}
    return kinds.pop() if len(kinds) == 1 else pl.Int128()


def _with_wide(held: Scaled) -> Scaled:
    """All wide numbers with the others, if there is a power of ten that holds all; else those that fit the others'."""
    most = max(held.places, *(places_of(value) or 0 for value in held.wide.values()))
    ends = [Fraction(end, 10**held.places) for end in (held.series.min(), held.series.max()) if isinstance(end, int)]
    together = most <= _MOST_PLACES and all(_fits(value, most) for value in (*held.wide.values(), *ends))
    places = most if together else held.places
    fitting = sorted(i for i, value in held.wide.items() if _fits(value, places))
    series = rescaled(held.series, held.places, places).cast(pl.Int128)
    numbers = pl.Series([int(held.wide[i] * 10**places) for i in fitting], dtype=pl.Int128)
    series = series.scatter(pl.Series(fitting, dtype=pl.UInt32), numbers) if fitting else series
    rest = {i: value for i, value in held.wide.items() if not _fits(value, places)}
    return Scaled(narrowed(series), places, rest)


def _fits(value: Fraction, places: int) -> bool:
    scaled = value * 10**places
    return scaled.denominator == 1 and scaled.numerator in INT128


def rescaled(series: pl.Series, places: int, more: int) -> pl.Series:
    """The same numbers with ``more`` places. They must fit 128 bits there."""
    if more == places:
        return series
    factor = 10 ** (more - places)
    ends = (series.min(), series.max())
    short = series.dtype == pl.Int64 and all(end * factor in INT64 for end in ends if isinstance(end, int))
    width = pl.Int64 if short and factor in INT64 else pl.Int128
    return _frame(series.cast(width)).select(pl.col("n") * pl.lit(factor, dtype=width)).to_series()


def fewest_places(series: pl.Series, places: int) -> tuple[pl.Series, int]:
    """The same numbers with the fewest places after the point that hold them all, in 64 bits where all fit."""
    while places:
        ten = pl.lit(10, dtype=series.dtype)
        if _frame(series).select((pl.col("n") % ten != 0).any()).item():
            break
        series, places = _frame(series).select(pl.col("n") // ten).to_series(), places - 1
    return narrowed(series), places


def narrowed(series: pl.Series) -> pl.Series:
    """Whole numbers in 64 bits where all fit."""
    if series.dtype == pl.Int64:
        return series
    fits = all(end in INT64 for end in (series.min(), series.max()) if isinstance(end, int))
    return series.cast(pl.Int64) if fits else series


def _frame(series: pl.Series) -> pl.DataFrame:
    return pl.DataFrame([series.alias("n")])
