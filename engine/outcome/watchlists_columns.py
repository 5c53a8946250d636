"""Whom a condition of a watchlist holds for, in columns."""

from __future__ import annotations

import polars as pl

from ..language.tree import Expression
from ..program.columnar.book import ColumnBook


def held_in_columns(columns: ColumnBook, condition: Expression) -> tuple[list[str], list[str]]:
    """As ``watchlists.holding_by_reference``; the accounts that no column holds by the reference."""
    value, ids, book = columns.value(condition).series, columns.account_ids.cast(pl.String), columns.book
    others = [(account_id, book.value(condition, book.accounts[account_id])) for account_id in columns.replayed]
    held = [*ids.filter(value.fill_null(False)), *(account_id for account_id, holds in others if holds is True)]
    unclear = [*ids.filter(value.is_null()), *(account_id for account_id, holds in others if holds is None)]
    return sorted(held), sorted(unclear)
