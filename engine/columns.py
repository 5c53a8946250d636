"""A column of exact values: whole numbers over a positive divisor, dates, texts, truths. No floating point anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import lcm

import polars as pl

NUMBER, DATE, BOOLEAN, TEXT = "number", "date", "boolean", "text"

INT64 = range(-(2**63), 2**63)
INT128 = range(-(2**127), 2**127)

INT32 = range(-(2**31), 2**31)

_TYPES = {DATE: pl.Date, BOOLEAN: pl.Boolean, TEXT: pl.String}


@dataclass(frozen=True, slots=True)
class WholeNumbers:
    """``series`` is Int32, Int64 or Int128, the narrowest that holds all; all lie in ``[low, high]``."""

    series: pl.Series
    low: int
    high: int
    missing: int


def whole(series: pl.Series) -> WholeNumbers:
    low, high = series.min(), series.max()
    if not isinstance(low, int) or not isinstance(high, int):
        return WholeNumbers(series, 0, 0, len(series))
    narrow = pl.Int32 if low in INT32 and high in INT32 else pl.Int64 if low in INT64 and high in INT64 else pl.Int128
    return WholeNumbers(series.cast(narrow), low, high, series.null_count())


@dataclass(frozen=True)
class ExactColumn:
    """Values of one kind, one a row; null is missing.

    A number is ``series / divisor``: Int64 or Int128 over a positive whole number, or over a column of them (which may
    hold anything where ``series`` is null). A date is pl.Date, a truth pl.Boolean, a text pl.String or pl.Enum.
    """

    kind: str
    series: pl.Series
    divisor: int | pl.Series = 1

    def __len__(self) -> int:
        return len(self.series)

    @cached_property
    def whole(self) -> WholeNumbers:
        """The numerators of a number, or the days of a date since 1970-01-01. Looked at once, however often asked."""
        return whole(self.series.to_physical() if self.kind == DATE else self.series)

    def values(self) -> list[Fraction | bool | date | str | None]:
        """The values as the reference has them."""
        found = self.series.to_list()
        if self.kind != NUMBER:
            return found
        if isinstance(self.divisor, int):
            known: dict[int | None, Fraction | None] = {None: None}
            for number in found:
                if number not in known:
                    known[number] = Fraction(number, self.divisor)
            return [known[number] for number in found]
        pairs = zip(found, self.divisor.to_list(), strict=True)
        return [None if number is None else Fraction(number, divisor) for number, divisor in pairs]

    def slice(self, start: int, length: int) -> ExactColumn:
        """The rows from ``start`` on, at most ``length``; nothing is copied."""
        divisor = self.divisor if isinstance(self.divisor, int) else self.divisor.slice(start, length)
        return ExactColumn(self.kind, self.series.slice(start, length), divisor)

    def gather(self, rows: pl.Series) -> ExactColumn:
        """The rows of these indices; a null index gives a missing value."""
        divisor = self.divisor if isinstance(self.divisor, int) else self.divisor.gather(rows)
        return ExactColumn(self.kind, self.series.gather(rows), divisor)


def exact_column(kind: str, values: Sequence[object]) -> ExactColumn:
    """``values`` as the reference has them, as a column.

    Raises OverflowError for a number that is no ratio of two 128-bit whole numbers.
    """
    if kind != NUMBER:
        return ExactColumn(kind, pl.Series(values, dtype=_TYPES[kind]))
    numbers = [value if isinstance(value, Fraction) else None for value in values]
    divisor = 1
    for denominator in {number.denominator for number in numbers if number is not None}:
        divisor = lcm(divisor, denominator)
        if divisor not in INT64:
            break
    else:
        scaled = [None if n is None else n.numerator * (divisor // n.denominator) for n in numbers]
        if _width(scaled) is not None:
            return ExactColumn(NUMBER, whole_numbers(scaled), divisor)
    below = whole_numbers([1 if number is None else number.denominator for number in numbers])
    return ExactColumn(NUMBER, whole_numbers([None if n is None else n.numerator for n in numbers]), below)


def whole_numbers(values: Sequence[int | None]) -> pl.Series:
    """Int64 where all fit, else Int128. Raises OverflowError where one fits neither."""
    width = _width(values)
    if width is None:
        raise OverflowError("a whole number beyond 128 bits")
    return pl.Series(values, dtype=width)


def _width(values: Sequence[int | None]) -> type[pl.DataType] | None:
    known = [value for value in values if value is not None]
    least, most = min(known, default=0), max(known, default=0)
    if least in INT64 and most in INT64:
        return pl.Int64
    return pl.Int128 if least in INT128 and most in INT128 else None
