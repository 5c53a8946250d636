"""The hand-written queries by workspace: from the accounts of the Parquet file to the columns that granger decides."""

from __future__ import annotations

import polars as pl

from bench.generate.table200 import COUNTRIES, FITS
from bench.rivals.polars_million import MILLION, million
from bench.rivals.polars_shapes import CURVES, TABLE200, curves, table200

COUNTRY, FIT = pl.Enum(COUNTRIES), pl.Enum(FITS)

QUERIES = {"million": (million, MILLION), "curves": (curves, CURVES), "table200": (table200, TABLE200)}
"""By workspace: the query, and the columns of it that count."""


def decided(workspace: str, book: pl.DataFrame) -> pl.DataFrame:
    query, columns = QUERIES[workspace]
    return query(book.lazy()).select(columns).collect()


def prepared(path: str) -> pl.DataFrame:
    """The accounts, with the texts that are compared as whole numbers: what stands in memory before the clock runs."""
    return pl.read_parquet(path).with_columns(pl.col("country").cast(COUNTRY), pl.col("fit").cast(FIT))
