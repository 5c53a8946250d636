"""When the touches of a play are due, worked out once for each distinct day by the code that serves one account.

A million accounts have a few thousand days between them, so that no date is computed in columns and none can differ.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ...policy.model import Repeat
from .recurrence import occurrences_of_many

_COLUMNS = "anchor", "ordinal", "start", "accounts"


def each(function: Callable[..., object], dtype: type[pl.DataType] | pl.DataType, *keys: pl.Series) -> pl.Series:
    """``function`` of each row of ``keys``, called once for each distinct row; null where a key is null."""
    frame = pl.DataFrame([key.alias(str(i)) for i, key in enumerate(keys)])
    distinct = frame.unique().drop_nulls()
    values = pl.Series("value", [function(*row) for row in distinct.iter_rows()], dtype=dtype)
    return frame.join(distinct.with_columns(values), on=frame.columns, how="left", maintain_order="left")["value"]


def starts(repeat: Repeat | None, interval: int, accounts: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Where touches count from, for each distinct anchor of ``accounts`` (``anchor``, and ``end`` where they repeat at
    this interval).

    The frame has ``ordinal`` (from 1; null where nothing repeats), the day of the ``start``, and how many ``accounts``
    of the anchor have it, as their ends allow. The series are the anchors whose repeat leaves the calendar.
    """
    if repeat is None:
        counted = accounts.group_by("anchor").agg(pl.len().cast(pl.Int64).alias("accounts"))
        once = pl.lit(None, dtype=pl.Int32).alias("ordinal"), pl.col("anchor").alias("start")
        return counted.with_columns(once).select(_COLUMNS), pl.Series([], dtype=pl.Date)
    ends = accounts.group_by("anchor").agg(pl.col("end").max()).sort("anchor")  # an earlier end only cuts the tail
    found, lost = occurrences_of_many(repeat, interval, ends.iter_rows())
    times = pl.Series([len(days) for _, _, days in found], dtype=pl.UInt32)
    anchors = pl.Series([anchor for anchor, _, _ in found], dtype=pl.Date)
    rows = pl.DataFrame(
        {
            "anchor": anchors.repeat_by(times).explode(),
            "ordinal": pl.Series([n for _, ordinals, _ in found for n in ordinals], dtype=pl.Int32),
            "start": pl.Series([day for _, _, days in found for day in days], dtype=pl.Date),
        }
    )
    return _counted(rows, accounts), pl.Series(lost, dtype=pl.Date)


def _counted(rows: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with how many accounts of the anchor end after the start."""
    ends = accounts.group_by("anchor", "end").agg(pl.len().cast(pl.Int64).alias("accounts")).sort("anchor", "end")
    ends = ends.with_columns(pl.col("accounts").cum_sum(reverse=True).over("anchor"))
    counted = rows.sort("anchor", "start").join_asof(
        ends,
        left_on="start",
        right_on="end",
        by="anchor",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,  # sorted within each anchor
    )
    return counted.select(_COLUMNS)
