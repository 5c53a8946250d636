"""Rows to a Polars frame with exact columns: amounts are decimals, never floats."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import polars as pl

from ..amounts import plain
from ..currencies import minor_digits
from .layout import Column, Layout

_KINDS: dict[str, pl.DataType | type[pl.DataType]] = {"integer": pl.Int64, "date": pl.Date}
RATE_DIGITS = 6
"""A percentage of at most four digits, or a number of at most six."""


def frame(rows: Sequence[object], layout: Layout) -> pl.DataFrame:
    """The columns of ``layout``; money has the digits of the finest currency among the rows, a rate six."""
    digits = max(
        (minor_digits(str(getattr(row, "currency", ""))) for row in rows if getattr(row, "currency", "")), default=2
    )
    columns = {c.name: [_cell(getattr(row, c.name), c, digits) for row in rows] for c in layout.columns}
    return pl.DataFrame(columns, schema={c.name: _type(c, digits) for c in layout.columns}, strict=True)


def _type(column: Column, digits: int) -> pl.DataType | type[pl.DataType]:
    if column.kind == "money":
        return pl.Decimal(38, digits)
    if column.kind in ("percent", "number"):
        return pl.Decimal(38, RATE_DIGITS)
    return _KINDS.get(column.kind, pl.String)


def _cell(value: object, column: Column, digits: int) -> object:
    if isinstance(value, Fraction):
        return Decimal(plain(value, digits if column.kind == "money" else RATE_DIGITS))
    return None if value == "" else value
