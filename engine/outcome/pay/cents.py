"""Rounding and apportioning in columns of whole numbers: to the cent, as ``amounts.round_to`` and ``apportion`` do."""

from __future__ import annotations

from math import gcd

import polars as pl

from ...amounts import HALF_EVEN
from ...columns import INT64
from .whole import largest, lit


def in_cents(numbers: pl.Series, divisor: int, digits: int) -> tuple[pl.Series, int]:
    """numbers / divisor as whole numbers over another divisor that counts minor units; ``|numbers| <= MOST``."""
    shared = gcd(10**digits, divisor)
    factor = 10**digits // shared
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
    earlier row; a negative total is the mirror of the positive one.
    """
    if divisor == 1:
        return numbers
    n, d = pl.col("n"), lit(divisor, numbers)
    mirrored = (totals < 0).gather(who)
    frame = pl.DataFrame({"n": numbers, "who": who, "mirrored": mirrored}).with_columns(
        n=pl.when("mirrored").then(lit(0, numbers) - n).otherwise(n) if mirrored.any() else n
    )
    frame = frame.with_columns(floor=n // d).with_columns(rest=n - pl.col("floor") * d)
    floors = sums(frame["floor"], who, len(totals)).cast(pl.Int128)
    left = totals.cast(pl.Int128).abs() - floors
    # of a group with no more units to give than rows with a remainder, only these come into question
    ranked = _ranked(frame.with_row_index("at").filter(pl.col("rest") > lit(0, numbers)), divisor)
    first = ranked.group_by("who").agg(pl.col("rank").min().alias("first"))
    given = pl.DataFrame({"who": pl.int_range(len(totals), dtype=pl.UInt32, eager=True), "left": left.cast(pl.Int64)})
    given = given.join(first, on="who", how="left", maintain_order="left").with_columns(
        last=pl.col("first").fill_null(0).cast(pl.Int64) + pl.col("left")
    )
    chosen = ranked.filter(pl.col("rank").cast(pl.Int64) < given["last"].gather(ranked["who"]))["at"]
    more = pl.zeros(len(numbers), dtype=pl.Int8, eager=True).scatter(chosen, 1).cast(numbers.dtype)
    found = frame["floor"] + more
    return found.zip_with(~mirrored, pl.Series([0], dtype=numbers.dtype) - found) if mirrored.any() else found


def _ranked(frame: pl.DataFrame, divisor: int) -> pl.DataFrame:
    """Group by group, the largest remainder first, equal ones in the order of the rows; ``rank`` counts through."""
    if (largest(frame["who"]) + 1) * divisor in INT64:
        key = pl.col("who").cast(pl.Int64) * pl.lit(divisor, dtype=pl.Int64) - pl.col("rest").cast(pl.Int64)
        found = frame.select("at", "who", key=key).sort("key", maintain_order=True)
    else:
        found = frame.sort("who", "rest", descending=[False, True], maintain_order=True)
    return found.select("at", "who").with_row_index("rank")
