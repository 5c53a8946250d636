"""Arithmetic on columns of whole numbers whose width is proven first: Polars integers wrap silently.

A value is a whole number over one positive divisor for the column. Numbers are held below ``MOST``, so that the sum of
2^30 of them, brought to cents, still fits 128 bits. What would be larger is set to null and marked *wild*: those rows
are left to the reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import lcm

import polars as pl

from ...columns import INT64, ExactColumn

MOST = 2**80
MOST_DIVISOR = 2**40
COMMON_DIVISORS = 100
"""Of a column with a divisor of its own in each row, so many of the frequent ones are brought to one."""


def largest(numbers: pl.Series) -> int:
    """The largest absolute value; 0 of none."""
    least, most = numbers.min(), numbers.max()
    return max(abs(int(least)), abs(int(most))) if isinstance(least, int) and isinstance(most, int) else 0


def lit(number: int, like: pl.Series) -> pl.Expr:
    return pl.lit(number, dtype=like.dtype)


def common_divisor(divisors: Iterable[int]) -> int | None:
    """The least that all divide; None where it is too large to calculate with."""
    found = lcm(*divisors)
    return found if found <= MOST_DIVISOR else None


def within(numbers: pl.Series, most: int) -> tuple[pl.Series, pl.Series | None]:
    """The numbers with those beyond ``most`` set to null, and which these are; None: none."""
    if largest(numbers) <= most:
        return numbers, None
    wide = numbers.cast(pl.Int128)
    wild = ((wide > most) | (wide < -most)).fill_null(value=False)
    return wide.zip_with(~wild, pl.Series([None], dtype=pl.Int128)), wild


def times(numbers: pl.Series, by: pl.Series | int) -> tuple[pl.Series, pl.Series | None]:
    """The products, in Int64 where all fit, else in Int128; null and wild where one would be beyond ``MOST``."""
    factor = abs(by) if isinstance(by, int) else largest(by)
    kept, wild = within(numbers, MOST // max(factor, 1))
    if factor > MOST:
        raise OverflowError("a factor beyond all widths")
    if max(largest(kept), 1) * max(factor, 1) in INT64:
        width: type[pl.DataType] = pl.Int64
    else:
        width = pl.Int128
    other = pl.Series([by], dtype=width) if isinstance(by, int) else by.cast(width)
    return kept.cast(width) * other, wild


def either(*masks: pl.Series | None) -> pl.Series | None:
    """Where any mask is true; None: nowhere."""
    found: pl.Series | None = None
    for mask in masks:
        found = mask if found is None else found if mask is None else found | mask
    return found


def over_one(column: ExactColumn) -> tuple[pl.Series, int, pl.Series | None]:
    """The column over one divisor: numbers, divisor, and which rows are wild."""
    if isinstance(column.divisor, int):
        numbers, wild = within(column.series, MOST)
        return (numbers, column.divisor, wild) if column.divisor <= MOST_DIVISOR else _none(column)
    frame = pl.DataFrame({"n": column.series.cast(pl.Int128), "d": column.divisor.cast(pl.Int128)})
    known = frame.filter(pl.col("n").is_not_null())
    frequent = known.group_by("d").len().sort("len", "d", descending=[True, False]).head(COMMON_DIVISORS)
    divisor = 1
    for each in frequent["d"].to_list():
        found = common_divisor((divisor, each))
        divisor = divisor if found is None else found
    of = frame["d"].zip_with(frame["n"].is_not_null(), pl.Series([1], dtype=pl.Int128))
    fits = pl.Series([divisor], dtype=pl.Int128) % of == 0
    by = (pl.Series([divisor], dtype=pl.Int128) // of).zip_with(fits, pl.Series([1], dtype=pl.Int128))
    numbers, wild = times(frame["n"].zip_with(fits, pl.Series([None], dtype=pl.Int128)), by)
    return numbers, divisor, either(wild, ~fits if not fits.all() else None)


def _none(column: ExactColumn) -> tuple[pl.Series, int, pl.Series | None]:
    """All rows wild: the divisor is too large to calculate with."""
    nothing = pl.repeat(None, len(column), dtype=pl.Int64, eager=True)
    return nothing, 1, column.series.is_not_null()


@dataclass(frozen=True, slots=True)
class Number:
    """Whole numbers over one divisor; ``wild`` are the rows that do not fit, which only the reference knows."""

    series: pl.Series
    divisor: int
    wild: pl.Series | None = None

    @staticmethod
    def of(column: ExactColumn) -> Number:
        return Number(*over_one(column))

    def gather(self, rows: pl.Series) -> Number:
        wild = self.wild.gather(rows) if self.wild is not None else None
        return Number(self.series.gather(rows), self.divisor, wild)

    def over(self, divisor: int) -> Number:
        """The same over a multiple of its divisor."""
        if divisor == self.divisor:
            return self
        series, wild = times(self.series, divisor // self.divisor)
        return Number(series, divisor, either(self.wild, wild))

    def only(self, rows: pl.Series) -> Number:
        """The others missing."""
        if rows.all():
            return self
        nothing = pl.Series([None], dtype=self.series.dtype)
        return Number(self.series.zip_with(rows, nothing), self.divisor, self.wild)

    def __mul__(self, other: Number) -> Number:
        series, wild = times(self.series, other.series)
        divisor = common_divisor([self.divisor * other.divisor])
        if divisor is None:
            raise OverflowError("a divisor too large to calculate with")
        return Number(series, divisor, either(self.wild, other.wild, wild))


def stacked(numbers: Sequence[Number]) -> Number:
    """One below the other, over their common divisor. Raises OverflowError where that is too large."""
    divisor = common_divisor(number.divisor for number in numbers)
    if divisor is None:
        raise OverflowError("divisors too different to calculate with")
    found = [number.over(divisor) for number in numbers]
    wide = any(number.series.dtype == pl.Int128 for number in found)
    series = [number.series.cast(pl.Int128 if wide else pl.Int64) for number in found]
    wild = None
    if any(number.wild is not None for number in found):
        masks = [
            number.wild if number.wild is not None else pl.repeat(False, len(number.series), eager=True)
            for number in found
        ]
        wild = pl.concat(masks)
    return Number(pl.concat(series), divisor, wild)
