"""The column twins of ``spoken``: how values are written into the rows that people read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import polars as pl

from ..columns import BOOLEAN, DATE, NUMBER, ExactColumn
from ..currencies import minor_digits
from ..language.tree import Expression
from ..language.types import MONEY, Type
from ..texts import day_texts, grouped_texts, percent_texts, short_texts
from .spoken import lacking, spoken


def spoken_texts(column: ExactColumn, kind: Type | None = None) -> pl.Series:
    """As ``spoken``: ``12%``, ``1,250.50 CNY``, ``2026-09-30``, ``yes``, ``missing``."""
    return known_texts(column, kind).fill_null(spoken(None))


def known_texts(column: ExactColumn, kind: Type | None = None) -> pl.Series:
    """As ``spoken_texts``, with null where a value is missing."""
    series = column.series
    if column.kind == BOOLEAN:
        words = pl.Series([spoken(False), spoken(True)])
        return words.gather(series.cast(pl.UInt8))
    if column.kind != NUMBER:
        return day_texts(series) if column.kind == DATE else series.cast(pl.String)
    if kind is not None and kind.percent:
        return percent_texts(column)
    if kind is not None and kind.kind == MONEY and kind.currency:
        return grouped_texts(column, minor_digits(kind.currency)) + pl.Series([f" {kind.currency}"])
    return short_texts(column)


def lacking_texts(missing: pl.Series) -> pl.Series:
    """As ``lacking``, of names that are joined already."""
    return missing.replace("", lacking(()))


def with_values_texts(
    because: str,
    expressions: Iterable[Expression | None],
    name: Callable[[str], ExactColumn],
    types: Mapping[str, Type],
    height: int,
) -> pl.Series:
    """As ``with_values``, over the columns that ``name`` gives; ``height`` is their length."""
    read = dict.fromkeys(name for expression in expressions if expression for name in expression.names)
    if not read:
        return pl.repeat(because, height, dtype=pl.String, eager=True)
    pieces: list[pl.Expr | pl.Series] = []
    for found in read:
        pieces += [pl.lit(f"{', ' if pieces else ''}{found} = "), spoken_texts(name(found), types.get(found))]
    if because:
        pieces = [pl.lit(f"{because} ("), *pieces, pl.lit(")")]
    return pl.select(pl.concat_str(pieces)).to_series()
