"""Rows, or lines in columns, to a Polars frame with exact columns: amounts are decimals, never floats."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import polars as pl

from ..amounts import plain
from ..columns import ExactColumn
from ..currencies import minor_digits
from ..lines import Lines, Part
from ..texts import plain_texts
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


def frame_of(part: Part, layout: Layout) -> pl.DataFrame:
    """As ``frame``, of lines in columns: all at once, so for a caller who wants them all."""
    slices = list(part.slices(max(part.height, 1)))
    codes = {code for lines in slices for code in _currencies(lines)}
    digits = max((minor_digits(code) for code in codes), default=2)
    types = {column.name: _type(column, digits) for column in layout.columns}
    frames = [pl.DataFrame(schema=types)]
    for lines in slices:
        columns = {name: _exact(lines.columns[name], kind) for name, kind in types.items() if lines.columns}
        whole = pl.DataFrame(columns)
        for rows, start, end in lines.pieces():
            told = {c.name: [_cell(getattr(row, c.name), c, digits) for row in rows] for c in layout.columns}
            frames += [pl.DataFrame(told, schema=types), *([whole[start:end]] if start < end else [])]
    return pl.concat(frames)


def _currencies(lines: Lines) -> set[str]:
    column = lines.columns.get("currency")
    own = set(column.series.drop_nulls().cast(pl.String).unique()) if column is not None else set()
    return {code for code in own | {str(getattr(row, "currency", "")) for _, row in lines.rows} if code}


def _exact(column: ExactColumn, kind: pl.DataType | type[pl.DataType]) -> pl.Series:
    if isinstance(kind, pl.Decimal):
        return plain_texts(column, kind.scale).cast(kind)
    series = column.series.cast(kind)
    return series.replace("", None) if series.dtype == pl.String else series
