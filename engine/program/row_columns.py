"""What pay reads of the rows of a table at once, in the spirit of ``columns.Columns``: an expression over every row,
each seeing its own fields, then what stands behind it.

``RowColumns`` is the contract. ``RowsByReference`` keeps it by asking the reference row by row: the meaning of the
other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Protocol

import polars as pl

from ..columns import NUMBER, ExactColumn, exact_column
from ..language.infer import infer
from ..language.tree import Expression
from ..policy.names import account_field, type_of
from ..policy.typing import resolve
from ..tables.shape import Table
from .columns import KIND_OF
from .evaluate import Book, Row

HELD = {"line": pl.UInt32, "person": pl.String, "reason": pl.String, "undecided": pl.Boolean}


class RowColumns(Protocol):
    """Some rows of one table under one book, in file order; every series has their order.

    ``indices`` (UInt32) are their records in ``table``. What is asked for raises OverflowError where a number is no
    ratio of two 128-bit whole numbers: pay then goes row by row.
    """

    book: Book
    table: Table
    indices: pl.Series

    def at(self, positions: pl.Series) -> RowColumns:
        """Those of the rows at these positions (UInt32, rising)."""

    def field(self, name: str) -> ExactColumn:
        """A field of the table's own."""

    def value(self, expression: Expression) -> ExactColumn:
        """An expression over each row, its account's facts behind it (``Book.behind``), or the settings alone."""

    def missing(self, expression: Expression) -> pl.Series:
        """The names that the expression reads and that have no value: sorted, joined by ``", "`` (pl.String)."""

    def holders(self, role: str, days: pl.Series) -> tuple[pl.DataFrame, ExactColumn]:
        """Who holds the role or duty for each row's account on ``days[i]``, and with which share.

        The frame has one line for each holder of a row, or one for nobody: ``line`` (UInt32, the row's position,
        rising; holders in the order of ``holders.Held.shares``), ``person`` (null: nobody), ``reason`` (empty where
        somebody is found) and ``undecided`` (Boolean). All rows must name an account.
        """


RowsOf = Callable[[Book, Table], RowColumns]
"""All rows of a table under a book."""


class RowsByReference:
    """The contract kept by the reference."""

    def __init__(self, book: Book, table: Table, indices: pl.Series | None = None) -> None:
        self.book, self.table = book, table
        self.indices = pl.int_range(len(table), dtype=pl.UInt32, eager=True) if indices is None else indices
        self.link = account_field(table.shape)

    def at(self, positions: pl.Series) -> RowsByReference:
        return RowsByReference(self.book, self.table, self.indices.gather(positions))

    @cached_property
    def rows(self) -> list[Row]:
        return [self.book.row_and_account(self.table, i) for i in self.indices.to_list()]

    def field(self, name: str) -> ExactColumn:
        declared, column = self.table.shape.field(name), self.table.columns[name]
        kind = KIND_OF.get(type_of(declared).kind, NUMBER) if declared is not None else NUMBER
        return exact_column(kind, [column[i] for i in self.indices.to_list()])

    def value(self, expression: Expression) -> ExactColumn:
        kind = infer(expression, resolve(self.book.program.force).row(self.table.shape).types)[0].kind
        return exact_column(KIND_OF.get(kind, NUMBER), [self.book.value(expression, row) for row in self.rows])

    def missing(self, expression: Expression) -> pl.Series:
        return pl.Series([", ".join(self.book.missing(expression, row)) for row in self.rows], dtype=pl.String)

    def holders(self, role: str, days: pl.Series) -> tuple[pl.DataFrame, ExactColumn]:
        accounts = self.field(self.link.name).series.to_list() if self.link else []
        lines: list[tuple[int, str | None, str, bool]] = []
        parts: list[Fraction] = []
        for line, (account_id, day) in enumerate(zip(accounts, days.to_list(), strict=True)):
            held = self.book.holder(role, account_id, day)
            shares: Sequence[tuple[str | None, Fraction]] = held.shares or ((held.person, Fraction(1)),)
            for person, part in shares:
                lines.append((line, person, held.reason, bool(held.undecided)))
                parts.append(part)
        return pl.DataFrame(lines, schema=HELD, orient="row"), exact_column(NUMBER, parts)
