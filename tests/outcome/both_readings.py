"""Tasks of the reference and of columns held to each other, and what the next run is told of this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any

import granger
from granger.engine.outcome.tasks.calendar import Calendars
from granger.engine.outcome.tasks.columns import tasks_in_columns
from granger.engine.outcome.tasks.standing import NOTHING_STANDS, Standing
from granger.engine.outcome.tasks.touches import Task, Tasks, Unserved, tasks
from granger.engine.outcome.tasks.triggers import Fired, Key, Remembered, Trigger, parted
from granger.engine.periods import Duration
from granger.engine.program.columns import ByReference
from granger.engine.program.evaluate import Book
from granger.engine.runners.books import Books
from granger.engine.tables.read import read_tables


def same(
    book: Book, calendars: Calendars, horizon: Duration, fired: Fired, standing: Standing = NOTHING_STANDS
) -> Tasks:
    """The reference's tasks, after columns found the same."""
    expected = tasks(book, calendars, horizon, fired, standing=standing)
    found = tasks_in_columns(ByReference(book), calendars, horizon, fired, standing)
    for frame, rows, record in (
        (found.tasks, expected.tasks, Task),
        (found.unserved, expected.unserved, Unserved),
        (found.triggers, expected.triggers, Trigger),
    ):
        names = [column.name for column in fields(record)]
        assert frame.columns == names
        assert frame.rows() == [attrgetter(*names)(row) for row in rows]
    for count in ("past", "beyond", "closed", "skipped"):
        assert getattr(found, count) == getattr(expected, count), count
    return expected


def of(found: Sequence[Task]) -> Standing:
    return Standing((t.policy, t.play, t.task, t.account_id, t.occurrence) for t in found)


def books(pack: granger.Pack, as_of: date, tables: Mapping[str, Any] | None = None) -> Books:
    """Over these tables, or those that the workspace names."""
    shapes = pack.policies.workspace.shapes.values()
    sources = {shape.name: pack.folder / shape.file for shape in shapes if shape.file} if tables is None else tables
    return Books(pack.policies, read_tables(shapes, sources, as_of=as_of).tables)


def remembered(triggers: Iterable[Trigger]) -> dict[Key, Remembered]:
    """What the next run is told."""
    return {
        (t.policy, t.play, t.account_id): Remembered(t.since, t.fired, parted(t.fired_before), t.completed)
        for t in triggers
    }
