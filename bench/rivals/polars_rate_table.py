"""What somebody who knows these very figures would write: a rate table of quotas, a cap, a gate, in whole cents."""

from __future__ import annotations

import polars as pl


def settled_by_hand(deals: pl.DataFrame, people: pl.DataFrame, cap: int) -> tuple[pl.Series, pl.DataFrame]:
    """The cents that each deal shows, and what each person is paid. Deals stand in the order of person, day and id.

    Everything fits 64 bits: amounts below 2^16 cents, sums below 2^27, hundredths of cents below 2^34.
    """
    amount, quota, sold = pl.col("amount"), pl.col("quota"), pl.col("sold")
    totals = deals.group_by("sold_by").agg(sold=amount.sum())
    more = quota * 120 // 100
    earned = (
        pl.min_horizontal(sold, quota) * 8
        + (pl.min_horizontal(sold, more) - quota).clip(lower_bound=0) * 10
        + (sold - more).clip(lower_bound=0) * 12
    )
    earned = pl.min_horizontal(earned, pl.lit(cap * 100))
    lines = people.join(totals, left_on="person", right_on="sold_by", how="left").with_columns(sold.fill_null(0))
    lines = lines.with_columns(earned=pl.when(pl.col("answers") >= 2).then(earned).otherwise(0))
    sign = pl.when(pl.col("earned") < 0).then(-1).otherwise(1)
    cents = pl.col("earned").sign() * ((pl.col("earned").abs() + 50) // 100)
    lines = lines.with_columns(cents=cents, sign=sign, of=sold.abs() * 100)
    one = deals.join(
        lines.select("person", "sold", "earned", "cents", "sign", "of"), left_on="sold_by", right_on="person"
    )
    number = amount * pl.col("earned") * pl.col("sign") * sold.sign()
    one = one.with_columns(floor=number // pl.col("of"), rest=number % pl.col("of"))
    left = pl.col("cents").abs() - pl.col("floor").sum().over("sold_by")
    extra = (pl.col("rest").rank("ordinal", descending=True).over("sold_by") <= left).cast(pl.Int64)
    shown = one.select(pl.col("sign") * (pl.col("floor") + extra)).to_series()
    return shown, lines.select("person", "cents")
