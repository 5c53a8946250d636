"""The column twin of ``Crediting._exchanged``: what amounts come to in the currency of the plan, for many rows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from ...columns import NUMBER, exact_column
from ...policy.model_credit import Credit
from ...program.row_columns import RowColumns
from .exchange import Exchanging, Found, no_currency
from .whole import Number


@dataclass(frozen=True, slots=True)
class Changed:
    """Of each row the rate, how it is said, and why there is none (empty: there is)."""

    rate: Number
    said: pl.Series
    unchanged: pl.Series


def exchanged(credit: Credit, exchange: Exchanging, rows: RowColumns, days: pl.Series) -> Changed:
    """Each pair of a currency and a day is asked for once."""
    if credit.currency is not None:
        source = rows.field(credit.currency).series.cast(pl.String)
    else:
        source = pl.repeat(exchange.fixed, len(days), dtype=pl.String, eager=True)
    asked = pl.DataFrame({"source": source, "day": days})
    pairs = asked.unique().sort("source", "day").with_row_index("pair")
    missing = Found(None, "", no_currency(credit))
    found = [exchange.of(each, day) if each is not None else missing for _, each, day in pairs.iter_rows()]
    rates: list[Fraction | None] = [each.rate for each in found]
    pair = asked.join(pairs, on=["source", "day"], how="left", nulls_equal=True, maintain_order="left")["pair"]
    texts = (pl.Series([getattr(each, name) for each in found], dtype=pl.String) for name in ("said", "reason"))
    said, unchanged = (text.gather(pair) for text in texts)
    return Changed(Number.of(exact_column(NUMBER, rates)).gather(pair), said, unchanged)


def with_exchange(shared: pl.DataFrame, changed: Changed | None) -> pl.DataFrame:
    """The lines of shares with ``unchanged``, and ``said`` with how their amounts came."""
    if changed is None:
        return shared.with_columns(unchanged=pl.lit(""))
    line = shared["line"]
    shared = shared.with_columns(unchanged=changed.unchanged.gather(line), how=changed.said.gather(line))
    said, how = pl.col("said"), pl.col("how")
    both = pl.when(said == "").then(how).when(how == "").then(said).otherwise(pl.format("{}; {}", said, how))
    return shared.with_columns(said=both).drop("how")
