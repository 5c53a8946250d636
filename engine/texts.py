"""The column twins of ``amounts``: exact numbers rounded once and written as text, a whole column at a time.

Every function equals its scalar on every value; rows whose steps may leave 128 bits are given to the scalar. Digits are
places after the point and not negative, but for ``rounded`` and ``fitting``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

import polars as pl

from .amounts import HALF_EVEN, HALF_UP, SHORT, grouped, percent, places, plain, round_to, short
from .columns import INT64, INT128, ExactColumn, whole_numbers

_HALF = INT128[-1] // 2
"""Numerator and denominator may each be this large, so that half of one can be added to the other."""

_TABLED = 4
"""Up to so many digits after the point are looked up among all that there are."""


def day_texts(days: pl.Series) -> pl.Series:
    """Days in ISO form. Where there are fewer between the first and the last than rows, each is written once."""
    number = days.to_physical()
    first, last = number.min(), number.max()
    if not isinstance(first, int) or not isinstance(last, int) or last - first >= len(days):
        return days.dt.to_string("iso")
    texts = pl.int_range(first, last + 1, dtype=pl.Int32, eager=True).cast(pl.Date).dt.to_string("iso")
    return texts.gather(number - first)


def rounded(column: ExactColumn, digits: int, rule: str = HALF_UP) -> pl.Series:
    """The numbers at ``digits`` places as whole numbers of ``10 ** -digits``: Int64, or Int128 where they need it.

    Raises OverflowError where one of them leaves 128 bits.
    """
    whole, wide = fitting(column, digits, rule)
    if not len(wide):
        return whole
    late = [int(round_to(value, digits, rule) * Fraction(10) ** digits) for value in _at(column, wide)]
    return whole.cast(pl.Int128).scatter(wide, whole_numbers(late).cast(pl.Int128))


def fitting(column: ExactColumn, digits: int, rule: str = HALF_UP) -> tuple[pl.Series, pl.Series]:
    """As ``rounded``, with null where a step may leave 128 bits; and the indices of these rows."""
    above, below, wide = _ratio(column, digits)
    if rule == HALF_EVEN:
        floor = above // below
        rest = above - floor * below
        other = below - rest
        up = (rest > other) | ((rest == other) & (floor % constant(2, floor) == constant(1, floor)))
        return floor + up.cast(floor.dtype), wide
    # half away from zero, in one floor division
    two, none = constant(2, below), constant(0, below)
    back = (above < none) & (below % two == none)
    return (above + below // two - back.cast(above.dtype)) // below, wide


def _ratio(column: ExactColumn, digits: int) -> tuple[pl.Series, pl.Series, pl.Series]:
    """``value * 10 ** digits``: numerators, positive denominators (one, or one a row), and the rows left out."""
    scale = Fraction(10) ** digits
    if isinstance(column.divisor, int):
        scale /= column.divisor
        divisor = pl.Series([1], dtype=pl.Int64)
    else:
        nothing = column.series.is_null()
        divisor = column.divisor.zip_with(~nothing, pl.Series([1], dtype=column.divisor.dtype))
    number, room = column.series, _HALF // scale.numerator
    if scale.denominator > _HALF:
        return number.clear(len(number)), divisor, number.is_not_null().arg_true()
    wide = pl.Series([], dtype=pl.UInt32)
    if magnitude(number) > room or magnitude(divisor) * scale.denominator > _HALF:
        fits = number.is_between(constant(-room, number), constant(room, number))
        fits &= divisor <= constant(_HALF // scale.denominator, divisor)
        wide = (~fits).fill_null(False).arg_true()
        number = number.zip_with(fits, constant(None, number))
        divisor = divisor.zip_with(fits, constant(1, divisor)) if len(divisor) == len(fits) else divisor
    peak = magnitude(number) * scale.numerator + magnitude(divisor) * scale.denominator
    width = pl.Int64 if peak in INT64 else pl.Int128
    number, divisor = number.cast(width), divisor.cast(width)
    return number * constant(scale.numerator, number), divisor * constant(scale.denominator, divisor), wide


def constant(value: int | None, like: pl.Series) -> pl.Series:
    """One value beside a column of whole numbers, cut to what its type holds."""
    limits = INT128 if like.dtype == pl.Int128 else INT64
    return pl.Series([None if value is None else min(max(value, limits[0]), limits[-1])], dtype=like.dtype)


def magnitude(number: pl.Series) -> int:
    """The largest absolute value of whole numbers; 0 where there is none."""
    least, most = number.min(), number.max()
    return max(-least, most) if isinstance(least, int) and isinstance(most, int) else 0


def _at(column: ExactColumn, rows: pl.Series) -> list[Fraction]:
    return [value for value in column.gather(rows).values() if isinstance(value, Fraction)]


def plain_texts(column: ExactColumn, digits: int | None = None) -> pl.Series:
    """As ``plain``: at ``digits``, or exact."""
    if isinstance(column.divisor, int) and column.divisor == 1 and not digits:
        return column.series.cast(pl.String)
    if digits is None:
        return _exact_texts(column)
    return _written(
        column,
        digits,
        lambda whole: _looked_up(whole, lambda part: _decimals(part, digits)),
        lambda value: plain(value, digits),
    )


def trimmed_texts(column: ExactColumn, digits: int, shift: int = 0) -> pl.Series:
    """The numbers times ``10 ** shift`` as ``plain(round_to(value, digits))``, which has no closing zeros."""
    times = Fraction(10) ** shift
    needed = places(times / column.divisor) if isinstance(column.divisor, int) else None
    shown = digits if needed is None else min(digits, needed)
    return _written(
        column,
        shown + shift,
        lambda whole: _looked_up(whole, lambda part: _decimals(part, shown, trimmed=True)),
        lambda value: plain(round_to(value * times, digits)),
    )


def _exact_texts(column: ExactColumn) -> pl.Series:
    """Decimals of few places as columns; fractions and long decimals one by one."""
    digits = SHORT + 2
    if isinstance(column.divisor, int):
        odd = column.divisor
        for prime in (2, 5):
            while odd % prime == 0:
                odd //= prime
        digits = places(Fraction(odd, column.divisor)) or 0
    texts = _written(column, digits, lambda whole: _decimals(whole, digits, trimmed=True), plain)
    return _patched(texts, column, _inexact(column, digits).arg_true(), plain)


def _inexact(column: ExactColumn, digits: int) -> pl.Series:
    """Which rows need more than ``digits`` places; false for those that ``fitting`` leaves out."""
    above, below, _ = _ratio(column, digits)
    return (above % below != constant(0, above)).fill_null(False)


def grouped_texts(column: ExactColumn, digits: int) -> pl.Series:
    """As ``grouped``: ``12,345.60``."""
    return _written(
        column,
        digits,
        lambda whole: _looked_up(whole, lambda part: _decimals(part, digits, commas=True)),
        lambda value: grouped(value, digits),
    )


def short_texts(column: ExactColumn) -> pl.Series:
    """As ``short``: ``12,345.6``."""
    return _short(column, 0, short)


def percent_texts(column: ExactColumn) -> pl.Series:
    """As ``percent``: ``12.5%``."""
    return _short(column, 2, lambda value: percent(value).removesuffix("%")) + pl.Series(["%"])


def _short(column: ExactColumn, shift: int, scalar: Callable[[Fraction], str]) -> pl.Series:
    """Numbers times ``10 ** shift`` with four places; without closing zeros where these are exact."""
    inexact = _inexact(column, SHORT + shift)

    def texts(whole: pl.Series) -> pl.Series:
        if inexact.any():
            return _decimals(whole, SHORT, commas=True, trimmed=~inexact)
        return _looked_up(whole, lambda part: _decimals(part, SHORT, commas=True, trimmed=True))

    return _written(column, SHORT + shift, texts, scalar)


def _written(
    column: ExactColumn, digits: int, texts: Callable[[pl.Series], pl.Series], scalar: Callable[[Fraction], str]
) -> pl.Series:
    """``texts`` of the whole numbers of ``10 ** -digits``; ``scalar`` for the rows that 128 bits may not hold."""
    if 10**digits > _HALF:
        known = column.series.is_not_null().arg_true()
        return _patched(pl.repeat(None, len(column), dtype=pl.String, eager=True), column, known, scalar)
    whole, wide = fitting(column, digits)
    return _patched(texts(whole), column, wide, scalar)


def _patched(texts: pl.Series, column: ExactColumn, rows: pl.Series, scalar: Callable[[Fraction], str]) -> pl.Series:
    if not len(rows):
        return texts
    known: dict[Fraction, str] = {}
    for value in (values := _at(column, rows)):
        if value not in known:
            known[value] = scalar(value)
    return texts.scatter(rows, pl.Series([known[value] for value in values], dtype=pl.String))


def _looked_up(whole: pl.Series, texts: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """``texts`` of whole numbers; where they lie close together, by a table of all between the least and the most."""
    least, most = whole.min(), whole.max()
    if not isinstance(least, int) or not isinstance(most, int) or most - least > len(whole) // 4:
        return texts(whole)
    if least not in INT64 or most + 1 not in INT64:
        return texts(whole)
    table = texts(pl.int_range(least, most + 1, dtype=pl.Int64, eager=True))
    return table.gather((whole - constant(least, whole)).cast(pl.UInt32))


def _decimals(whole: pl.Series, digits: int, *, commas: bool = False, trimmed: bool | pl.Series = False) -> pl.Series:
    """Whole numbers of ``10 ** -digits`` as text; ``trimmed`` (all, or which rows) without closing zeros."""
    if 10**digits not in INT64:
        whole = whole.cast(pl.Int128)
    sign = pl.Series(["", "-"]).gather((whole < constant(0, whole)).cast(pl.UInt8))
    unit, amount = constant(10**digits, whole), whole.abs()
    heads = _grouped(amount // unit) if commas else [(amount // unit).cast(pl.String)]
    tails = [_tails(amount % unit, digits, trimmed)] if digits else []
    return pl.select(pl.concat_str([sign, *heads, *tails])).to_series()


def _grouped(amount: pl.Series) -> list[pl.Series]:
    """The pieces of whole numbers of 0 and more, with a comma before every three digits."""
    pieces: list[pl.Series] = []
    thousand = constant(1000, amount)
    while magnitude(amount) >= 1000:
        longer = amount >= thousand
        below = (amount % thousand).zip_with(longer, thousand)
        pieces.insert(0, _table("threes").gather(below.cast(pl.UInt32)))
        amount = (amount // thousand).zip_with(longer, amount)
    return [amount.cast(pl.String), *pieces]


def _tails(part: pl.Series, digits: int, trimmed: bool | pl.Series) -> pl.Series:
    """The point and the ``digits`` behind it."""
    if digits <= _TABLED:
        padded = ~trimmed if isinstance(trimmed, pl.Series) else pl.Series([not trimmed])
        index = part.cast(pl.UInt32) + padded.cast(pl.UInt32) * pl.Series([10**digits], dtype=pl.UInt32)
        return _table("tails", digits).gather(index)
    texts = pl.Series(["."]) + part.cast(pl.String).str.zfill(digits)
    return texts.str.strip_chars_end("0").str.strip_chars_end(".") if trimmed is True else texts


@lru_cache(maxsize=16)
def _table(of: str, digits: int = 3) -> pl.Series:
    """``threes``: ``,000`` to ``,999``, and nothing. ``tails``: all decimals of ``digits``, trimmed, then padded."""
    if of == "threes":
        return pl.Series([*(f",{i:03d}" for i in range(1000)), ""])
    padded = [f".{i:0{digits}d}" for i in range(10**digits)]
    return pl.Series([text.rstrip("0").rstrip(".") for text in padded] + padded)
