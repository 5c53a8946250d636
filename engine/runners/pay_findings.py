"""What pay finds out about the data: rows without a day, people who stand above each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..diagnostics import Cell, Diagnostic
from ..messages import diagnose
from ..outcome.pay.lines import Pay
from ..policy.names import PEOPLE
from ..tables.shape import Table


def pay_findings(paid: Pay, tables: Mapping[str, Table]) -> Iterator[Diagnostic]:
    yield from _undated("undated-rows", paid.undated, tables)
    yield from _undated("not-due-yet", paid.not_due, tables)
    yield from _circles(paid, tables)


def _undated(code: str, places: Collection[tuple[str, str, int]], tables: Mapping[str, Table]) -> Iterator[Diagnostic]:
    """One finding per table and date field with rows that may count and are in no period."""
    for name, dated_by in sorted({(name, dated_by) for name, dated_by, _ in places}):
        table = tables[name]
        rows = [i for other, by, i in places if (other, by) == (name, dated_by)]
        told = f"{len(rows)} row" + ("s" if len(rows) != 1 else "")
        yield diagnose(code, _cell(table, min(rows), dated_by), rows=told, table=name, field=dated_by)


def _circles(paid: Pay, tables: Mapping[str, Table]) -> Iterator[Diagnostic]:
    """One finding for each circle of people through which a credit should go up."""
    people = tables.get(PEOPLE)
    for field, circle in sorted(paid.circles):
        if people is not None:
            place = _cell(people, people.columns["person"].index(circle[0]), field)
            yield diagnose("people-in-circle", place, field=field, people=", ".join(circle))


def _cell(table: Table, i: int, field: str) -> Cell:
    declared = table.shape.field(field)
    return Cell(table.file, table.rows[i], declared.column if declared else field)
