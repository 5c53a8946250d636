"""granger's inner step on a workspace of bench/workspaces: from tables that are read to columns of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import granger
import polars as pl
from granger.engine.columns import NUMBER, ExactColumn
from granger.engine.language.tree import Expression
from granger.engine.outcome.tasks.calendar import Calendars
from granger.engine.outcome.tasks.columns import tasks_in_columns
from granger.engine.program import lowering
from granger.engine.program.columnar.book import ColumnBook
from granger.engine.program.columns import ByReference, Columns
from granger.engine.program.compile import Program, compile_program
from granger.engine.program.evaluate import Book
from granger.engine.runners.memory import DEFAULT_HORIZON
from granger.engine.tables.read import read_tables
from granger.engine.tables.shape import Table

WORKSPACES = Path(__file__).parent / "workspaces"
AS_OF = date(2026, 9, 30)
COLUMN_OF_PLAY = {"usage-drop": "usage_drop", "logins-drop": "logins_drop", "unpaid": "unpaid_drop"}


@dataclass(frozen=True)
class Inner:
    """A program over tables that are read."""

    program: Program
    tables: dict[str, Table]

    def book(self) -> Book:
        """The reference over the tables, with nothing worked out yet."""
        return Book(self.program, self.tables, AS_OF)

    def by_reference(self) -> Columns:
        return ByReference(self.book())


def in_columns(book: Book) -> ColumnBook:
    """The book in columns, in the order of the file as the hand-written query has it: lowered and proven, with nothing
    worked out yet, which ``evaluate()`` does."""
    return ColumnBook(book, by_id=False)


def inner(workspace: str, data: Path) -> Inner:
    pack = granger.load(WORKSPACES / workspace)
    shapes = list(pack.policies.workspace.shapes.values())
    places = {shape.name: data / Path(shape.file or "").name for shape in shapes}
    read = read_tables(shapes, places, as_of=AS_OF)
    if read.rejects or read.diagnostics:
        raise ValueError(f"the data of the benchmark does not fit: {[*read.rejects[:3], *read.diagnostics[:3]]}")
    return Inner(compile_program(pack.policies.on(AS_OF)), dict(read.tables))


def decided(book: Columns) -> pl.DataFrame:
    """The columns of the hand-written query of the same workspace, by the same names, sorted by account.

    Numbers become doubles for the comparison: each has four digits at most, so the nearest double tells them apart.
    """
    force, columns = book.program.force, dict[str, pl.Series]()
    for choice in book.program.choices.values():
        found, words = book.decision(choice), pl.Series([row.name for row in choice.rows])
        columns |= {"hit": found.hit, "tier": words.gather(found.hit.cast(pl.UInt32)), "status": found.status}
    for health in force.healths:
        for part in health.measures:
            columns[f"points {part.name}"] = nearest(book.name(lowering.points_name(health.fact, part)))
        columns["score"] = nearest(book.name(health.fact))
        columns["coverage"] = nearest(book.name(health.coverage_name))
        columns["grade"] = book.name(health.grade_name).series
    for playbook in force.playbooks:
        for play in playbook.plays:
            holds = [_truth(book, condition) for condition in (play.population, play.when) if condition is not None]
            frame = pl.DataFrame({str(n): series for n, series in enumerate(holds)})
            columns[COLUMN_OF_PLAY[play.name]] = frame.select(pl.all_horizontal(pl.all())).to_series()
    return pl.DataFrame({"account_id": book.account_ids, **columns})


def nearest(column: ExactColumn) -> pl.Series:
    if column.kind != NUMBER:
        raise TypeError(f"a number was expected, not {column.kind}")
    return column.series.cast(pl.Float64) / column.divisor


def _truth(book: Columns, condition: Expression) -> pl.Series:
    return book.value(condition).series


def tasks_of(given: Inner) -> pl.DataFrame:
    """The tasks of all accounts, in the order of the file where they stand on the same day with the same owner."""
    columns = in_columns(given.book())
    columns.evaluate()
    calendars = Calendars(given.program.force.workspace, given.tables)
    return tasks_in_columns(columns, calendars, DEFAULT_HORIZON, {}).tasks
