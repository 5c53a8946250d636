"""Who holds a role or duty, for many accounts and days at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ...columns import BOOLEAN, DATE, NUMBER, ExactColumn
from ...language.columnar.lower import Operand
from ...language.tree import Expression
from ...policy.names import ASSIGNMENTS
from ...tables.shape import Table
from ..assigned import Assigned, Assignments
from ..divisors import with_common_divisor
from ..spoken import lacking
from .decisions import joined
from .frame import Frame

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


@dataclass(frozen=True, slots=True)
class _Asked:
    """Lines whose holder ``role`` says; or (None) that nobody can be found for, each for its ``reason``."""

    line: pl.Series
    role: str | None
    reason: pl.Series | None = None
    undecided: pl.Series | None = None


class Holdings:
    """The assignments of a book's accounts, by their places in it; accounts that it has not are numbered on."""

    def __init__(self, accounts: ColumnBook) -> None:
        self.accounts = accounts
        table = accounts.book.tables.get(ASSIGNMENTS)
        assigned = table.exact("account_id").series.cast(_TEXT) if table is not None else pl.Series([], dtype=_TEXT)
        own = accounts.account_ids.cast(_TEXT)
        strangers = assigned.filter(~assigned.is_in(own.implode())).drop_nulls().unique().sort()
        self._places = pl.DataFrame({"id": pl.concat([own, strangers])}).with_row_index("#")
        rows = _assignments(table, self.numbers(assigned)) if table is not None else None
        self.assigned = Assigned(rows, accounts.program.force.workspace.roles)

    def numbers(self, ids: pl.Series) -> pl.Series:
        """The number of each account; of one that nobody is assigned to and the book has not, one beyond all."""
        asked = pl.DataFrame({"id": ids.cast(_TEXT)})
        found = asked.join(self._places, on="id", how="left", maintain_order="left")["#"]
        return found.fill_null(self._places.height).set(ids.is_null(), None)

    def on(self, name: str, rows: pl.Series, days: pl.Series) -> pl.DataFrame:
        """As ``columns.Columns.holders``."""
        found = []
        for asked in self._asked(name, rows, days):
            if asked.role is not None:
                held = self.assigned.on(asked.role, rows.gather(asked.line), days.gather(asked.line))
                told = held.with_columns(pl.lit("", dtype=_TEXT).alias("undecided"))
            else:
                told = _nobody(name, asked)
            columns = [pl.col(column).cast(kind) for column, kind in _SCHEMA.items()]
            found.append(told.select(*columns, asked.line.alias("#")))
        return (pl.concat(found).sort("#") if len(found) > 1 else found[0]).drop("#")

    def shares(self, name: str, rows: pl.Series, days: pl.Series) -> pl.DataFrame:
        """Whoever holds the role or duty, as ``parts``, without the lines of nobody: ``line``, ``person``,
        ``numerator``, ``denominator``.
        """
        asked = [(each.line, each.role) for each in self._asked(name, rows, days) if each.role is not None]
        found = [self._shares(role, line, rows, days) for line, role in asked]
        return (pl.concat(found).sort("line", "nth") if len(found) > 1 else found[0]).drop("nth")

    def parts(self, name: str, rows: pl.Series, days: pl.Series) -> tuple[pl.DataFrame, ExactColumn]:
        """As ``row_columns.RowColumns.holders``."""
        found = [self._parts(asked, rows, days) for asked in self._asked(name, rows, days)]
        frame = pl.concat(found, how="vertical_relaxed").sort("line", "nth")
        shares = with_common_divisor(ExactColumn(NUMBER, frame["numerator"], frame["denominator"]), frame["line"])
        return frame.select("line", "person", "reason", "undecided"), shares

    def _parts(self, asked: _Asked, rows: pl.Series, days: pl.Series) -> pl.DataFrame:
        """One line a holder: ``nth`` of them, with ``numerator`` and ``denominator`` of the share."""
        line, whole = pl.Series("line", asked.line, dtype=pl.UInt32), pl.lit(1, dtype=pl.Int64)
        if asked.role is None:
            found = pl.DataFrame({"line": line, "reason": asked.reason, "undecided": asked.undecided})
            return found.select(
                "line",
                pl.lit(0, dtype=pl.UInt32).alias("nth"),
                pl.lit(None, dtype=_TEXT).alias("person"),
                "reason",
                (pl.col("undecided") != "").alias("undecided"),
                whole.alias("numerator"),
                whole.alias("denominator"),
            )
        held = self._shares(asked.role, line, rows, days).select(
            "line",
            "nth",
            "person",
            pl.lit("", dtype=_TEXT).alias("reason"),
            pl.lit(False, dtype=pl.Boolean).alias("undecided"),
            "numerator",
            "denominator",
        )
        found = self.assigned.on(asked.role, rows.gather(line), days.gather(line)).with_columns(line)
        nobody = found.filter(pl.col("person").is_null())
        return pl.concat([held, self._unheld(nobody)], how="vertical_relaxed")

    def _shares(self, role: str, line: pl.Series, rows: pl.Series, days: pl.Series) -> pl.DataFrame:
        shares = self.assigned.shares(role, rows.gather(line), days.gather(line))
        return shares.with_row_index("nth").select(
            line.gather(shares["pair"]).cast(pl.UInt32).alias("line"), "nth", "person", "numerator", "denominator"
        )

    def _unheld(self, found: pl.DataFrame) -> pl.DataFrame:
        one = pl.lit(1, dtype=pl.Int64)
        return found.select(
            "line",
            pl.lit(0, dtype=pl.UInt32).alias("nth"),
            pl.col("person").cast(_TEXT),
            "reason",
            pl.lit(False, dtype=pl.Boolean).alias("undecided"),
            one.alias("numerator"),
            one.alias("denominator"),
        )

    def _asked(self, name: str, rows: pl.Series, days: pl.Series) -> Iterator[_Asked]:
        """Which role each line asks for: of a duty, that of the first case that holds."""
        left = pl.int_range(len(rows), dtype=pl.UInt32, eager=True)
        duty = next((duty for duty in self.accounts.program.force.duties if duty.name == name), None)
        if duty is None:
            yield _Asked(left, name)
            return
        for case in duty.cases:
            if case.when is None:
                yield _Asked(left, case.role)
                return
            holds, missing = self._case(case.when, rows.gather(left), days.gather(left))
            unclear, true = holds.is_null(), holds.fill_null(False)
            waits = _lacking(missing.filter(unclear))
            why = pl.Series([f"who has the duty {name} cannot be decided without "], dtype=_TEXT) + waits
            yield _Asked(left.filter(unclear), None, why, waits)
            yield _Asked(left.filter(true), case.role)
            left = left.filter(~true & ~unclear)
        none = pl.repeat(f"no case of the duty {name} holds", len(left), dtype=_TEXT, eager=True)
        yield _Asked(left, None, none, pl.repeat("", len(left), dtype=_TEXT, eager=True))

    def _case(self, when: Expression, rows: pl.Series, days: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Whether the case holds, and what is missing; ``as_of`` is the line's day, for the case itself alone."""
        accounts = self.accounts
        known = rows < len(accounts.account_ids)
        if "as_of" not in when.names and known.all():
            return accounts.value(when).series.gather(rows), accounts.missing(when).gather(rows)
        own = rows.set(~known, None)

        def resolve(name: str) -> Operand | None:
            if name == "as_of":
                return frame.leaf(name, ExactColumn(DATE, days))
            if name in accounts.book.shared:
                return frame.leaf(name, accounts.book.shared[name])
            return frame.leaf(name, accounts.name(name).gather(own))

        frame = Frame(len(rows), accounts.program.fiscal, resolve)
        found = frame.column(frame.output(frame.operand(when), BOOLEAN)).series
        absent = {name: frame.series(frame.is_missing(resolve(name))) for name in when.names}
        return found, joined(absent, len(rows))


def _lacking(missing: pl.Series) -> pl.Series:
    """What a case waits for; where no name is missing, a calculation."""
    return missing.set(missing == "", lacking(()))


def _nobody(duty: str, asked: _Asked) -> pl.DataFrame:
    return pl.DataFrame({"reason": asked.reason, "undecided": asked.undecided}).with_columns(
        person=pl.lit(None, dtype=_TEXT), role=pl.lit(duty, dtype=_TEXT), since=pl.lit(None, dtype=pl.Date)
    )


def _assignments(table: Table, numbers: pl.Series) -> Assignments:
    def series(name: str | None) -> pl.Series | None:
        return table.exact(name).series if name is not None else None

    def text(name: str) -> pl.Series:
        return table.exact(name).series.cast(_TEXT)

    shape = table.shape
    return Assignments(
        account=numbers,
        role=text("role"),
        person=text("person"),
        row=pl.Series(table.rows, dtype=pl.Int64),
        start=series(shape.valid_from),
        before=series(shape.valid_before),
        until=series(shape.valid_until),
        split=table.exact("split") if shape.field("split") is not None else None,
    )
