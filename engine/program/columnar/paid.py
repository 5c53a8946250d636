"""The rows of a table as pay reads them (``row_columns.RowColumns``), in columns."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from ...columns import NUMBER, ExactColumn
from ...language.columnar.outputs import Output
from ...language.infer import infer
from ...language.ranges import TooWide
from ...language.tree import Expression
from ...policy.names import account_field
from ...policy.typing import resolve
from ...tables.shape import Table
from ..columns import KIND_OF
from ..divisors import Beyond
from .book import ColumnBook
from .frame import SetAside
from .rows import RowFrame, RowsBehind, accounts_of


class RowsInColumns:
    """Raises OverflowError, as its contract says, where something fits no column: an account, a row, a number."""

    def __init__(self, accounts: ColumnBook, table: Table, indices: pl.Series | None = None) -> None:
        self.accounts, self.book, self.table = accounts, accounts.book, table
        self.indices = pl.int_range(len(table), dtype=pl.UInt32, eager=True) if indices is None else indices
        self.link = account_field(table.shape)

    def at(self, positions: pl.Series) -> RowsInColumns:
        return RowsInColumns(self.accounts, self.table, self.indices.gather(positions))

    def field(self, name: str) -> ExactColumn:
        if self.table.beyond(name):
            raise OverflowError(name)
        return self.table.exact(name).gather(self.indices)

    def value(self, expression: Expression) -> ExactColumn:
        try:
            return self._frame.column(self._output(expression))
        except (TooWide, RowsBehind, SetAside, Beyond) as failure:
            raise OverflowError(expression.text) from failure

    def missing(self, expression: Expression) -> pl.Series:
        try:
            return self._frame.missing(expression)
        except (TooWide, RowsBehind, SetAside, Beyond) as failure:
            raise OverflowError(expression.text) from failure

    def holders(self, role: str, days: pl.Series) -> tuple[pl.DataFrame, ExactColumn]:
        try:
            return self.accounts.holdings.parts(role, self._numbers, days)
        except (TooWide, SetAside, Beyond) as failure:
            raise OverflowError(role) from failure

    @cached_property
    def _frame(self) -> RowFrame:
        if self.accounts.replayed:
            raise OverflowError("accounts that fit no column")
        link = accounts_of(self.accounts, self.table, self.link.name).gather(self.indices) if self.link else None
        return RowFrame(self.accounts, self.table, self.indices, link)

    def _output(self, expression: Expression) -> Output:
        kind = infer(expression, resolve(self.book.program.force).row(self.table.shape).types)[0].kind
        return self._frame.output(expression, KIND_OF.get(kind, NUMBER))

    @cached_property
    def _numbers(self) -> pl.Series:
        """Each row's account as the assignments number it, whether the book has it or not."""
        if self.link is None:
            raise OverflowError("rows that lead to no account")
        return self.accounts.holdings.numbers(self.table.exact(self.link.name).series.gather(self.indices))
