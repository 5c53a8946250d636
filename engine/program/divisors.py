"""Whole numbers that stay exact: products that cannot wrap, and numbers of one group brought to one divisor.

Integer sums and products of Polars wrap silently, so every one here is proven first from the sizes of its parts.
"""

from __future__ import annotations

from math import lcm

import polars as pl

from ..columns import INT64, INT128, NUMBER, ExactColumn

MOST = INT128[-1]


class Beyond(Exception):
    """Some groups have a value, or a step on the way to it, that 128 bits do not hold.

    ``groups`` are their numbers, sorted, each once. The same question without their rows has an answer, or names
    others, which a later step cannot hold.
    """

    def __init__(self, groups: pl.Series) -> None:
        self.groups = groups.unique().sort()
        super().__init__(f"{len(self.groups)} groups need whole numbers of more than 128 bits")


def refuse(groups: pl.Series, lost: pl.Series) -> None:
    """Raises Beyond with the groups for which ``lost`` is true."""
    if lost.any():
        raise Beyond(groups.filter(lost))


def size(numbers: pl.Series) -> int:
    """The largest absolute value; 0 where there is none."""
    least, most = numbers.min(), numbers.max()
    return max(-least, most) if isinstance(least, int) and isinstance(most, int) else 0


def narrow(numbers: pl.Series) -> pl.Series:
    """Int64 where all fit."""
    return numbers.cast(pl.Int64) if size(numbers) in INT64 else numbers


def times(numbers: pl.Series, factors: pl.Series) -> pl.Series:
    """The products with positive factors: Int64 where all fit, else Int128, missing where 128 bits are not enough."""
    frame = pl.DataFrame({"n": numbers, "by": factors})
    bound = size(numbers) * size(factors)
    if bound in INT64 and size(numbers) in INT64 and size(factors) in INT64:
        return frame.select(pl.col("n").cast(pl.Int64) * pl.col("by").cast(pl.Int64)).to_series()
    frame = frame.cast(pl.Int128)
    product = pl.col("n") * pl.col("by")
    if bound in INT128:
        return frame.select(product).to_series()
    most = pl.lit(MOST, dtype=pl.Int128) // pl.col("by")
    fits = (pl.col("n") <= most) & (pl.col("n") >= pl.lit(0, dtype=pl.Int128) - most)
    return frame.select(pl.when(fits).then(product)).to_series()


def as_series(divisor: int | pl.Series, rows: int) -> pl.Series:
    """A divisor as one whole number a row."""
    if isinstance(divisor, pl.Series):
        return divisor
    return pl.repeat(divisor, rows, dtype=pl.Int64 if divisor in INT64 else pl.Int128, eager=True)


def wide_enough_to_sum(numbers: pl.Series, groups: pl.Series) -> pl.Series:
    """``numbers`` in a width that holds the sum of any of those of one group, and less its sign: Int64, else Int128.

    Raises Beyond for the groups whose largest number times their rows leaves 128 bits.
    """
    bound = size(numbers) * len(numbers)
    values = numbers.cast(pl.Int64 if bound in INT64 else pl.Int128)
    if bound not in INT128:
        by_group = pl.DataFrame({"group": groups, "n": values}).group_by("group")
        sizes = by_group.agg(pl.col("n").min().alias("least"), pl.col("n").max().alias("most"), pl.len())
        part = pl.lit(MOST, dtype=pl.Int128) // pl.col("len").cast(pl.Int128)
        lost = (pl.col("most") > part) | (pl.col("least") < pl.lit(0, dtype=pl.Int128) - part)
        refuse(sizes["group"], sizes.select(lost.alias("lost"))["lost"])
    return values


def with_common_divisor(column: ExactColumn, groups: pl.Series) -> ExactColumn:
    """The same numbers, all those of one group over one divisor: one for all groups, where that fits 64 bits.

    A number without a group becomes missing. Raises Beyond.
    """
    if isinstance(column.divisor, int):
        return column
    known = column.series.is_not_null() & groups.is_not_null()
    frame = pl.DataFrame({"group": groups, "n": column.series, "d": column.divisor}).with_columns(
        pl.when(known).then(pl.col("n", "d"))
    )
    divisor = _least_common(frame["d"].drop_nulls().unique())
    if divisor is not None and divisor * size(frame["n"]) in INT128:
        by = frame.select(pl.lit(divisor, dtype=pl.Int64) // pl.col("d")).to_series()
        return ExactColumn(NUMBER, times(frame["n"], by), divisor)
    found = _least_common_of_groups(frame.select("group", "d").drop_nulls())
    frame = frame.join(found, on="group", how="left", maintain_order="left")
    scaled = times(frame["n"], frame.select(pl.col("common") // pl.col("d")).to_series())
    refuse(groups, known & scaled.is_null())
    return ExactColumn(NUMBER, scaled, narrow(frame["common"]))


def _least_common(divisors: pl.Series) -> int | None:
    """None beyond 64 bits. (The divisors of one number of 64 bits are at most some 100,000.)"""
    found = 1
    for divisor in divisors.to_list():
        found = lcm(found, divisor)
        if found not in INT64:
            return None
    return found


def _least_common_of_groups(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a group: ``common``, the least common multiple of its ``d``; missing beyond 128 bits.

    The divisors of a group are joined two by two, so there are about log2(divisors of one group) rounds.
    """
    level = frame.unique().sort("group", "d")
    while level["group"].is_duplicated().any():
        place = pl.int_range(pl.len()).over("group") // 2
        pairs = level.group_by("group", place.alias("place")).agg(
            pl.col("d").first().alias("one"), pl.col("d").last().alias("other")
        )
        pairs = pairs.sort("group", "place")
        part = pairs["one"] // _greatest_common(pairs["one"], pairs["other"])
        level = pairs.select("group", times(part, pairs["other"]).alias("d"))
    return level.rename({"d": "common"})


def _greatest_common(one: pl.Series, other: pl.Series) -> pl.Series:
    """Euclid's, of positive numbers; missing where one is."""
    frame = pl.DataFrame({"one": one, "other": other}).with_columns(pl.when(one.is_not_null()).then(pl.col("other")))
    zero, left = pl.lit(0, dtype=one.dtype), pl.col("other") != 0
    while (frame["other"] != 0).any():
        frame = frame.select(
            pl.when(left).then(pl.col("other")).otherwise(pl.col("one")).alias("one"),
            pl.when(left).then(pl.col("one") % pl.col("other")).otherwise(zero).alias("other"),
        )
    return frame["one"]
