"""Rounding and apportioning in columns of whole numbers: to the cent, as ``amounts.round_to`` and ``apportion`` do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import gcd

import polars as pl

from ...amounts import HALF_EVEN
from ...columns import INT64
from .whole import largest, lit


def in_cents(numbers: pl.Series, divisor: int, digits: int) -> tuple[pl.Series, int]:
    """numbers / divisor as whole numbers over another divisor that counts minor units; ``|numbers|`` up to 2^110."""
    shared = gcd(10**digits, divisor)
    factor = 10**digits // shared
    if factor == 1:
        return numbers, divisor // shared
    width = pl.Int64 if largest(numbers) * factor in INT64 else pl.Int128
    return numbers.cast(width) * pl.Series([factor], dtype=width), divisor // shared


def rounded(numbers: pl.Series, divisor: int, rule: str) -> pl.Series:
    """numbers / divisor to whole numbers: half away from zero, or half to even."""
    if divisor == 1:
        return numbers
    exact = numbers if (largest(numbers) + divisor) * 2 in INT64 else numbers.cast(pl.Int128)
    n, d = pl.col("n"), lit(divisor, exact)
    if rule == HALF_EVEN:
        floor = n // d
        twice = (n - floor * d) * lit(2, exact)
        up = (twice > d) | ((twice == d) & (floor % lit(2, exact) != lit(0, exact)))
        found = floor + up.cast(exact.dtype)
    else:
        mirrored = (n < lit(0, exact)).cast(exact.dtype) if divisor % 2 == 0 else lit(0, exact)
        found = (n + lit(divisor // 2, exact) - mirrored) // d
    return pl.DataFrame({"n": exact}).select(found).to_series()


def sums(numbers: pl.Series, who: pl.Series, count: int) -> pl.Series:
    """The sum of each group, by its code 0 … count - 1; missing numbers count nothing."""
    width = pl.Int64 if largest(numbers) * len(numbers) in INT64 else pl.Int128
    found = pl.DataFrame({"who": who, "n": numbers.cast(width)}).group_by("who").agg(pl.col("n").sum())
    codes = pl.DataFrame({"who": pl.int_range(count, dtype=pl.UInt32, eager=True)})
    return codes.join(found, on="who", how="left", maintain_order="left")["n"].fill_null(0)


def apportioned(numbers: pl.Series, divisor: int, who: pl.Series, totals: pl.Series) -> pl.Series:
    """numbers / divisor as whole numbers that sum to ``totals`` in each group, by largest remainder.

    ``totals[code]`` is the group's sum of numbers / divisor, rounded; ``who`` are the codes, rising. Ties go to the
    earlier row; a negative total is the mirror of the positive one. Every code has a row.
    """
    if divisor == 1:
        return numbers
    if largest(numbers) not in INT64:
        # the least number of 64 bits has no mirror in them
        numbers = numbers.cast(pl.Int128)
    mirrored = (totals < 0).gather(who) if (totals < 0).any() else None
    positive = (
        numbers if mirrored is None else (pl.Series([0], dtype=numbers.dtype) - numbers).zip_with(mirrored, numbers)
    )
    n, d = pl.col("n"), lit(divisor, numbers)
    frame = pl.DataFrame({"n": positive}).with_columns(floor=n // d)
    rest = frame.select(n - pl.col("floor") * d).to_series()
    left = totals.cast(pl.Int128).abs() - sums(frame["floor"], who, len(totals)).cast(pl.Int128)
    found = frame["floor"] + _more(rest, divisor, who, left.cast(pl.Int64)).cast(numbers.dtype)
    return found if mirrored is None else (pl.Series([0], dtype=found.dtype) - found).zip_with(mirrored, found)


def _more(rest: pl.Series, divisor: int, who: pl.Series, left: pl.Series) -> pl.Series:
    """Which rows get one unit more: ``left[code]`` of each group, largest remainder first, then the earlier row.

    ``left`` is at most the number of rows with a remainder.
    """
    rows = len(rest)
    width = pl.Int64 if len(left) * divisor * (rows + 1) in INT64 else pl.Int128
    group, size = divisor * rows, pl.lit(rows, dtype=width)
    key = pl.col("who").cast(width) * pl.lit(group, dtype=width) + pl.int_range(rows, dtype=pl.Int64).cast(width)
    key += pl.lit(divisor - 1, dtype=width) * size - pl.col("rest").cast(width) * size
    keys = pl.DataFrame({"who": who, "rest": rest}).select(key).to_series()
    starts = pl.DataFrame({"who": who}).group_by("who").len().sort("who")["len"].cum_sum().shift(1, fill_value=0)
    # the key of the last row of each group that gets one: before all others where none does
    last = (starts.cast(pl.Int64) + left - 1).clip(lower_bound=0).cast(pl.UInt32)
    limit = keys.sort().gather(last).zip_with(left > 0, pl.Series([-1], dtype=width))
    return keys <= limit.gather(who)


def apportioned_each(numbers: pl.Series, divisors: Sequence[int], who: pl.Series, totals: Sequence[int]) -> pl.Series:
    """As ``apportioned``, where each group has a divisor of its own, by its code; and a total that may be further from
    its sum than one unit a row, which is shared out alike.
    """
    if not divisors:
        return numbers
    fits = (largest(numbers) + max(divisors)) * 2 in INT64
    width: type[pl.DataType] = pl.Int64 if fits else pl.Int128
    exact, of = numbers.cast(width), pl.Series(divisors, dtype=width).gather(who)
    sign = pl.Series([-1 if total < 0 else 1 for total in totals], dtype=width).gather(who) if min(totals) < 0 else None
    positive = exact if sign is None else exact * sign
    floor = positive // of
    rest = positive - floor * of
    sizes = pl.DataFrame({"who": who}).group_by("who").len().sort("who")["len"].to_list()
    floors = sums(floor, who, len(totals)).to_list()
    left = [divmod(abs(total) - have, size) for total, have, size in zip(totals, floors, sizes, strict=True)]
    shares = pl.Series([share for share, _ in left], dtype=pl.Int128)
    more = _first(rest, divisors, who, sizes, [extra for _, extra in left])
    found = floor + more.cast(width)
    if any(share for share, _ in left):
        found = found.cast(pl.Int128) + shares.gather(who)
    return found if sign is None else found * sign.cast(found.dtype)


def _first(
    rest: pl.Series, divisors: Sequence[int], who: pl.Series, sizes: Sequence[int], wanted: Sequence[int]
) -> pl.Series:
    """As ``_more``, with a key in which the rests of a group lie behind those of the group before."""
    starts = [0, *accumulate(sizes)][:-1]
    offsets = [0, *accumulate(size * divisor for size, divisor in zip(sizes, divisors, strict=True))]
    width: type[pl.DataType] = pl.Int64 if offsets[-1] + len(rest) in INT64 else pl.Int128
    # offset + (divisor - 1 - rest) * size + the place in the group
    groups = zip(offsets, divisors, sizes, starts, strict=False)
    base = [offset + (divisor - 1) * size - start for offset, divisor, size, start in groups]
    behind = rest.cast(width) * pl.Series(sizes, dtype=width).gather(who)
    place = pl.int_range(len(rest), dtype=pl.Int64, eager=True).cast(width)
    keys = pl.Series(base, dtype=width).gather(who) - behind + place
    # the key of the last row of each group that gets one: before all others where none does
    last = [start + max(more - 1, 0) for start, more in zip(starts, wanted, strict=True)]
    limit = keys.sort().gather(pl.Series(last, dtype=pl.UInt32))
    some = pl.Series([more > 0 for more in wanted], dtype=pl.Boolean)
    return keys <= limit.zip_with(some, pl.Series([-1], dtype=width)).gather(who)
