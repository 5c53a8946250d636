"""Who holds a role or duty, for many accounts and days at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ...columns import DATE, ExactColumn
from ...language.columnar.lower import Operand
from ...language.tree import Expression
from ...policy.model import Duty
from ...policy.names import ASSIGNMENTS
from ...tables.shape import Table
from ..assigned import Assigned, Assignments
from ..spoken import lacking
from .decisions import joined
from .frame import Frame
from .rows import accounts_of

if TYPE_CHECKING:
    from .book import ColumnBook

_TEXT = pl.String
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "person": _TEXT,
    "role": _TEXT,
    "reason": _TEXT,
    "since": pl.Date,
    "undecided": _TEXT,
}


class Holdings:
    """The assignments of a book's accounts, by their places in it."""

    def __init__(self, accounts: ColumnBook) -> None:
        self.accounts = accounts
        table = accounts.book.tables.get(ASSIGNMENTS)
        rows = _assignments(accounts, table) if table is not None else None
        self.assigned = Assigned(rows, accounts.program.force.workspace.roles)

    def on(self, name: str, rows: pl.Series, days: pl.Series) -> pl.DataFrame:
        """As ``columns.Columns.holders``."""
        duty = next((duty for duty in self.accounts.program.force.duties if duty.name == name), None)
        if duty is not None:
            return self._of_duty(duty, rows, days)
        found = self.assigned.on(name, rows, days)
        return found.with_columns(pl.lit("", dtype=_TEXT).alias("undecided")).select(_SCHEMA)

    def _of_duty(self, duty: Duty, rows: pl.Series, days: pl.Series) -> pl.DataFrame:
        """Line by line the first case that holds: its role's holder; an undecided case before it: nobody."""
        left = pl.int_range(len(rows), dtype=pl.UInt32, eager=True)
        parts: list[tuple[pl.Series, pl.DataFrame]] = []
        for case in duty.cases:
            own, when = rows.gather(left), days.gather(left)
            if case.when is None:
                parts.append((left, self.assigned.on(case.role, own, when).with_columns(undecided=pl.lit(""))))
                left = left.clear()
                break
            holds, missing = self._case(case.when, own, when)
            unclear = holds.is_null()
            parts.append((left.filter(unclear), _undecided(duty, missing.filter(unclear))))
            true = holds.fill_null(False)
            found = self.assigned.on(case.role, own.filter(true), when.filter(true))
            parts.append((left.filter(true), found.with_columns(undecided=pl.lit(""))))
            left = left.filter(~true & ~unclear)
        nobody = pl.Series([f"no case of the duty {duty.name} holds"], dtype=_TEXT).new_from_index(0, len(left))
        parts.append((left, _nobody(duty, nobody, nobody.clear().extend_constant("", len(left)))))
        frames = [
            found.select(pl.col(name).cast(kind) for name, kind in _SCHEMA.items()).with_columns(line.alias("#"))
            for line, found in parts
        ]
        return pl.concat(frames).sort("#").drop("#")

    def _case(self, when: Expression, rows: pl.Series, days: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Whether the case holds, and what is missing; ``as_of`` is the line's day, for the case itself alone."""
        accounts = self.accounts
        if "as_of" not in when.names:
            return accounts.value(when).series.gather(rows), accounts.missing(when).gather(rows)

        def resolve(name: str) -> Operand | None:
            if name == "as_of":
                return frame.leaf(name, ExactColumn(DATE, days))
            if name in accounts.book.shared:
                return frame.leaf(name, accounts.book.shared[name])
            return frame.leaf(name, accounts.name(name).gather(rows))

        frame = Frame(len(rows), accounts.program.fiscal, resolve)
        found = frame.column(frame.output(frame.operand(when), "boolean")).series
        absent = {name: frame.series(frame.is_missing(resolve(name))) for name in when.names}
        return found, joined(absent, len(rows))


def _undecided(duty: Duty, missing: pl.Series) -> pl.DataFrame:
    """The reasons of the few lines whose case waits for something."""
    shown = [lacking(tuple(names.split(", ")) if names else ()) for names in missing.unique().sort()]
    words = missing.replace_strict(missing.unique().sort(), pl.Series(shown, dtype=_TEXT), return_dtype=_TEXT)
    reason = pl.Series([f"who has the duty {duty.name} cannot be decided without "], dtype=_TEXT) + words
    return _nobody(duty, reason, words)


def _nobody(duty: Duty, reason: pl.Series, undecided: pl.Series) -> pl.DataFrame:
    columns = {"reason": reason, "undecided": undecided}
    found = pl.DataFrame(columns).with_columns(
        person=pl.lit(None, dtype=_TEXT), role=pl.lit(duty.name, dtype=_TEXT), since=pl.lit(None, dtype=pl.Date)
    )
    return found.select(_SCHEMA)


def _assignments(accounts: ColumnBook, table: Table) -> Assignments:
    def series(name: str | None) -> pl.Series | None:
        return table.exact(name).series if name is not None else None

    def text(name: str) -> pl.Series:
        return table.exact(name).series.cast(_TEXT)

    shape = table.shape
    return Assignments(
        account=accounts_of(accounts, table, "account_id"),
        role=text("role"),
        person=text("person"),
        row=pl.Series(table.rows, dtype=pl.Int64),
        start=series(shape.valid_from),
        before=series(shape.valid_before),
        until=series(shape.valid_until),
        split=table.exact("split") if shape.field("split") is not None else None,
    )
