"""Yesterday's tasks read again: granger's own ``tasks.csv`` and ``ended.csv``, and what a CRM says of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..diagnostics import Cell, Diagnostic, Span
from ..messages import REASONS, diagnose
from ..outcome.tasks.touches import DONE, OPEN, SNOOZED, WAITING, Task, task_id
from ..outcome.tasks.yesterday import CLOSED, Ended, Known, Yesterday
from ..policy.model import Playbook
from ..policy.names import ACCOUNTS, TASKS
from ..policy.pack import Policies
from ..tables.read import Tables, read_tables
from ..tables.shape import Field, Reject, Shape, Table, Value
from .layout import Layout, layout
from .previous import unguarded

_MAY_BE_EMPTY = frozenset(
    {"account_name", "owner", "role", "activity", "channel", "snoozed_until", "done_on", "closed_by", "set_owner"}
    | {"waits_for", "moved", "because", "source", "reason"}
)


_STATES = (OPEN, WAITING, SNOOZED, DONE, CLOSED)


@dataclass(frozen=True)
class Remembered:
    """``yesterday`` None: nothing is known of it."""

    yesterday: Yesterday | None = None
    rejects: Sequence[Reject] = ()
    problems: Sequence[Diagnostic] = field(default_factory=list)


def is_own(path: Path) -> bool:
    """Whether a file is a ``tasks.csv`` of granger's."""
    return _header(path) == [column.name for column in layout("tasks").columns]


def _header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def remembered(policies: Policies, read: Tables, own: Path | None, previous: Path | None, as_of: date) -> Remembered:
    """``own`` is a ``tasks.csv`` that was named; a CRM's export is the table ``tasks`` of ``read``, and ``previous``
    the folder of an earlier run."""
    base = own
    if base is None and previous is not None and (previous / "tasks.csv").is_file():
        base = previous / "tasks.csv"
        if not is_own(base):
            return Remembered(problems=[diagnose("since-unreadable", Cell(base.name, 1), file=base.name)])
    export = read.tables.get(TASKS)
    if base is None and export is None:
        return Remembered()
    tasks, ended = _Read.of("tasks", base, as_of), _Read.of("ended", _ended_of(previous), as_of)
    problems = [*tasks.problems, *ended.problems]
    if problems:
        return Remembered(problems=problems)
    known, rejects = _sound(tasks)
    if tasks.rows and not _of_workspace(policies, read, known.values()):
        return Remembered(problems=[diagnose("tasks-of-another-workspace", Cell(tasks.file), file=tasks.file)])
    befores = {one.task_id: one for one in known.values() if one.before is not None}
    file = tasks.file
    if export is not None:
        file = export.file
        befores |= {one.task_id: one for one in _exported(export, befores)}
    over = {row["task_id"]: Ended(**row) for _, row in ended.rows}
    return Remembered(Yesterday(befores, over, file), [*tasks.rejects, *ended.rejects, *rejects])


def _ended_of(previous: Path | None) -> Path | None:
    path = previous / "ended.csv" if previous is not None else None
    return path if path is not None and path.is_file() else None


@dataclass(frozen=True)
class _Read:
    """The rows of one of granger's own files, each with its row in it."""

    file: str = ""
    rows: Sequence[tuple[int, dict[str, Any]]] = ()
    rejects: Sequence[Reject] = ()
    problems: Sequence[Diagnostic] = ()

    @staticmethod
    def of(name: str, path: Path | None, as_of: date) -> _Read:
        if path is None:
            return _Read()
        stated = layout(name)
        read = read_tables([_shape(name, stated, path.name)], {name: path}, as_of=as_of)
        if read.diagnostics:
            return _Read(path.name, (), read.rejects, read.diagnostics)
        table = read.tables[name]
        columns = {column.name: _values(table, column.name, column.kind) for column in stated.columns}
        rows = [
            (row, dict(zip(columns, cells, strict=True)))
            for row, cells in zip(table.rows, zip(*columns.values(), strict=True), strict=True)
        ]
        return _Read(path.name, rows, read.rejects)


def _shape(name: str, stated: Layout, file: str) -> Shape:
    place = Span(file, 1, 1, 1, 2)
    kinds = {"integer": "integer", "date": "date"}
    fields = tuple(
        Field(c.name, c.name, "enum", place, one_of=_STATES)
        if c.name == "status"
        else Field(c.name, c.name, kinds.get(c.kind, "text"), place, required=c.name not in _MAY_BE_EMPTY)
        for c in stated.columns
    )
    return Shape(name, fields, place, file=file, file_span=place, key="task_id", delimiter=",")


def _values(table: Table, name: str, kind: str) -> list[Any]:
    """Texts as they were before they were guarded; an empty one is no text at all."""
    turn: Callable[[Value], Any] = _whole if kind == "integer" else _day if kind == "date" else _text
    return [turn(value) for value in table.columns[name]]


def _whole(value: Value) -> int:
    return int(value) if isinstance(value, Fraction) else 0


def _day(value: Value) -> date | None:
    return value if isinstance(value, date) else None


def _text(value: Value) -> str:
    return unguarded(value) if isinstance(value, str) else ""


def _sound(tasks: _Read) -> tuple[dict[str, Known], list[Reject]]:
    """The tasks whose id is that of what they say they are; the others are rejected."""
    known: dict[str, Known] = {}
    rejects: list[Reject] = []
    for number, row in tasks.rows:
        task = Task(**row, contact=True, earliest=row["due"], latest=row["due"])
        if task.task_id != task_id(task.policy, task.play, task.task, task.account_id, task.occurrence):
            rejects.append(Reject("tasks", tasks.file, number, "task_id", task.task_id, REASONS["not-its-id"], "row"))
            continue
        known[task.task_id] = Known(
            task.task_id,
            task.status,
            task.due,
            task.owner,
            task.snoozed_until,
            task.done_on,
            task.closed_by,
            task,
            number,
        )
    return known, rejects


def _of_workspace(policies: Policies, read: Tables, known: Iterable[Known]) -> bool:
    """Whether one of the tasks is of a playbook of this workspace, in any version, and for one of its accounts."""
    names = {policy.name for policy in policies.policies if isinstance(policy, Playbook)}
    accounts = read.tables.get(ACCOUNTS)
    ids = set(accounts.columns["account_id"]) if accounts is not None else set()
    befores = (one.before for one in known if one.before is not None)
    return any(before.policy in names and before.account_id in ids for before in befores)


def _exported(export: Table, befores: Mapping[str, Known]) -> list[Known]:
    """What a CRM says: over what granger knows of the same task. A row without an id is none of granger's."""
    found = []
    names = export.columns.keys()
    for i in range(len(export)):
        row = export.record(i)
        name, due = row["task_id"], row["due"]
        if not isinstance(name, str) or not isinstance(due, date):
            continue
        base = befores.get(name)
        status = row["status"] if isinstance(row["status"], str) else OPEN
        snoozed, done = (_day(row[key]) if key in names else None for key in ("snoozed_until", "done_on"))
        one = Known(name, status, due, _text(row["owner"]), snoozed, done, row=export.rows[i])
        if base is not None:
            one = _over(one, base)
        found.append(one)
    return found


def _over(one: Known, base: Known) -> Known:
    """A task that an activity has done stays done, although the CRM may not have heard of it yet."""
    if base.status == DONE and (base.closed_by or one.status == DONE):
        return replace(base, row=one.row)
    return replace(one, before=base.before, owner=one.owner or base.owner)
