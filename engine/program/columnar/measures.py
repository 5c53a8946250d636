"""Measures over the rows of a table: one value an account, by group-bys that never sum a float."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ...columns import ExactColumn
from ...language.columnar.inputs import Inputs, fitted
from ...language.columnar.outputs import Output
from ...language.infer import infer
from ...language.ranges import TooWide
from ...language.tree import Expression
from ...language.types import BOOLEAN
from ...policy.typing import resolve
from ...tables.shape import Table
from ..compile import Aggregate
from ..divisors import Beyond
from ..grouped import Grouped, Rows, aggregated, in_window
from .rows import RowFrame, RowsBehind, accounts_of, set_aside

if TYPE_CHECKING:
    from .book import ColumnBook


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is worked out of every row of a measure."""

    frame: RowFrame
    holds: Output | None
    what: Output | None
    over: Output | None


class Measures:
    def __init__(self, accounts: ColumnBook) -> None:
        self.accounts = accounts
        self.names = resolve(accounts.program.force)
        self._links: dict[tuple[str, str], pl.Series] = {}

    def of_accounts(self, definition: Aggregate) -> ExactColumn:
        """One value for each account of the book. Raises SetAside for accounts whose rows do not fit."""
        table = self.accounts.book.tables[definition.table]
        link = self.link(table, definition.link)
        days = table.exact(definition.dated_by).series if definition.dated_by else None
        window = self.accounts.book.window_of(definition)
        counted = link.is_not_null()
        if days is not None:
            counted &= in_window(days, window, self.accounts.as_of)
        indices = counted.arg_true()
        parts, kept = self._parts(definition, table, indices, link)
        if len(kept) < len(indices):
            gone = indices.filter(~indices.is_in(kept.implode()))
            raise set_aside(self.accounts, link.gather(gone))
        return self._grouped(
            definition, parts, link.gather(indices), days.gather(indices) if days is not None else None
        ).value

    def link(self, table: Table, link: str) -> pl.Series:
        """As ``accounts_of``, remembered."""
        key = table.shape.name, link
        if key not in self._links:
            self._links[key] = accounts_of(self.accounts, table, link)
        return self._links[key]

    def _parts(
        self, definition: Aggregate, table: Table, indices: pl.Series, link: pl.Series
    ) -> tuple[_Parts, pl.Series]:
        types = self.names.row(table.shape).types

        def make(rows: pl.Series, inputs: Inputs) -> _Parts:
            frame = RowFrame(self.accounts, table, rows, link.gather(rows), inputs)

            def out(expression: Expression | None, kind: str = "") -> Output | None:
                return (
                    frame.output(expression, kind or infer(expression, types)[0].kind)
                    if expression is not None
                    else None
                )

            return _Parts(frame, out(definition.where, BOOLEAN), out(definition.what), out(definition.over))

        try:
            return fitted(indices, make)
        except RowsBehind as failure:
            raise set_aside(self.accounts, link.gather(failure.rows)) from None
        except TooWide:
            raise set_aside(self.accounts, link.gather(indices)) from None

    def _grouped(self, definition: Aggregate, parts: _Parts, group: pl.Series, days: pl.Series | None) -> Grouped:
        def column(found: Output | None) -> ExactColumn | None:
            return parts.frame.column(found) if found is not None else None

        wanted = [found for found in (parts.holds, parts.what, parts.over) if found is not None]
        parts.frame.frame.stages.run(step for found in wanted for step in found.steps)
        holds = column(parts.holds)
        rows = Rows(group, len(self.accounts.kept), holds.series if holds is not None else None, days)
        try:
            return aggregated(definition.verb, rows, column(parts.what), column(parts.over))
        except Beyond as failure:
            raise set_aside(self.accounts, failure.groups) from None
