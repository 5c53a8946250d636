"""The rows of a table in columns, each seeing its own fields, then its account's facts, then the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from ...columns import NUMBER, ExactColumn
from ...language.columnar.inputs import Inputs
from ...language.columnar.lower import Operand
from ...language.columnar.outputs import Output
from ...language.infer import infer
from ...language.tree import Expression
from ...language.types import Type
from ...tables.shape import Table
from ..columns import KIND_OF
from .decisions import joined
from .frame import Frame, SetAside

if TYPE_CHECKING:
    from .book import ColumnBook


class RowsBehind(Exception):
    """Rows that no column holds. ``rows`` are records of their own table."""

    def __init__(self, rows: pl.Series) -> None:
        super().__init__("rows that no column holds")
        self.rows = rows


class RowFrame:
    """The records ``indices`` of ``table``; ``link`` is the place of each one's account in the book, null where it has
    none; None where the table leads to no account."""

    def __init__(
        self,
        accounts: ColumnBook,
        table: Table,
        indices: pl.Series,
        link: pl.Series | None,
        inputs: Inputs | None = None,
    ) -> None:
        self.accounts, self.table, self.indices, self.link = accounts, table, indices, link
        self.frame = Frame(len(indices), accounts.program.fiscal, self.operand, inputs)
        self._operands: dict[str, Operand | None] = {}

    def operand(self, name: str) -> Operand | None:
        if name not in self._operands:
            self._operands[name] = self._operand(name)
        return self._operands[name]

    def _operand(self, name: str) -> Operand | None:
        if self.table.shape.field(name) is not None:
            beyond = pl.Series(self.table.beyond(name), dtype=self.indices.dtype)
            unfit = beyond.filter(beyond.is_in(self.indices.implode()))
            if len(unfit):
                raise RowsBehind(unfit)
            return self.frame.inputs.operand(name, self.table.exact(name).gather(self.indices))
        if name in self.accounts.book.shared:
            return self.frame.leaf(name, self.accounts.book.shared[name])
        if self.link is None:
            raise KeyError(name)
        return self.frame.leaf(name, self.accounts.name(name).gather(self.link))

    def values(self, expressions: Mapping[str, Expression], types: Mapping[str, Type]) -> dict[str, ExactColumn]:
        """All at once, so that what they share is computed once. ``types`` are those of the names that a row sees."""
        found = {name: self.output(each, infer(each, types)[0].kind) for name, each in expressions.items()}
        self.frame.stages.run(step for output in found.values() for step in output.steps)
        return {name: self.column(output) for name, output in found.items()}

    def output(self, expression: Expression, kind: str) -> Output:
        return self.frame.output(self.frame.operand(expression), KIND_OF.get(kind, NUMBER))

    def column(self, found: Output) -> ExactColumn:
        return self.frame.column(found)

    def missing(self, expression: Expression) -> pl.Series:
        """The names without a value, sorted, joined by ``", "``."""
        absent = {name: self.frame.series(self.frame.is_missing(self.operand(name))) for name in expression.names}
        return joined(absent, len(self.indices))


def accounts_of(accounts: ColumnBook, table: Table, link: str) -> pl.Series:
    """For every record of the table the place of its account in the book (UInt32), null where it has none there."""
    places = pl.DataFrame({"id": accounts.account_ids}).with_row_index("#")
    ids = pl.DataFrame({"id": table.exact(link).series.cast(pl.String)})
    return ids.join(places, on="id", how="left", maintain_order="left")["#"]


def set_aside(accounts: ColumnBook, groups: pl.Series) -> SetAside:
    """The accounts at these places cannot be computed in columns."""
    return SetAside(accounts.kept.gather(groups.unique().drop_nulls().sort()))
