"""The rows of which something is taken back, found in columns."""

from __future__ import annotations

from datetime import date

import polars as pl

from ...policy.model_settlement import Clawback
from ...program.row_columns import RowColumns
from .clawbacks import Claim, undecided
from .columns import records


def claims_in_columns(clawback: Clawback, rows: RowColumns, before: date) -> dict[str, Claim] | None:
    """As ``clawbacks.claims``; None where something of the rows fits no column."""
    try:
        days = rows.value(clawback.day).series
        kept = (days < before).fill_null(value=False).arg_true()
        rows, days = rows.at(kept), days.gather(kept)
        if clawback.when is None:
            holds = pl.repeat(True, len(days), dtype=pl.Boolean, eager=True)
        else:
            holds = rows.value(clawback.when).series
            kept = holds.fill_null(value=True).arg_true()
            rows, days, holds = rows.at(kept), days.gather(kept), holds.gather(kept)
        names = records(rows)
        missing = pl.Series([""] * len(days), dtype=pl.String)
        if clawback.when is not None and holds.null_count():
            missing = rows.missing(clawback.when)
    except OverflowError:
        # not an error: figures that no column holds exactly are read row by row
        return None
    found = zip(names.to_list(), days.to_list(), holds.to_list(), missing.to_list(), strict=True)
    return {
        record: Claim(day, "" if truth else undecided(absent.split(", ") if absent else ()))
        for record, day, truth, absent in found
    }
