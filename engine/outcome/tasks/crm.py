"""The rows of a CRM's import file, cell by cell, and what they lack since people or accounts lack it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from ...amounts import plain
from ...diagnostics import Cell, Diagnostic, Related
from ...lines import counted
from ...messages import diagnose
from ...policy.model_forms import OTHERWISE, CrmForm, FormColumn
from ...policy.names import ACCOUNTS, PEOPLE
from ...tables.references import count_of
from ...tables.shape import Reject, Table, Value
from .planned import CONFLICT, UPDATE, Planned
from .touches import Task
from .worded import description, status, subject

LINKS = {PEOPLE: ("person", "owner"), ACCOUNTS: ("account_id", "account_id")}
"""By table, its field that names a row, and the field of a task that holds such a name."""

_NOUNS = {PEOPLE: "owner", ACCOUNTS: "account"}
_NAMED = 8
"""People or accounts that a message names."""

Reader: TypeAlias = Callable[[Planned], str]


class Rows:
    """The rows of one CRM's file, cell by cell."""

    def __init__(self, form: CrmForm, tables: Mapping[str, Table]) -> None:
        self.actions = form.crm.actions
        self._words = form.words
        self._readers = [self._reader(column, tables) for column in form.columns]

    def of(self, plan: Iterable[Planned]) -> Iterator[list[str]]:
        return ([read(planned) for read in self._readers] for planned in plan if self._takes(planned))

    def _takes(self, planned: Planned) -> bool:
        """Where a person and the policy disagree, the row has the person's word: told if something changed."""
        action = UPDATE if planned.action == CONFLICT and planned.changed else planned.action
        return action in self.actions

    def _reader(self, column: FormColumn, tables: Mapping[str, Table]) -> Reader:
        if column.table:
            return _beside(column, tables)
        words, read = self._words.get(column.field), _read(column.field)
        return read if words is None else _called(read, words)


def _read(field: str) -> Reader:
    return _WORDED.get(field) or (lambda planned: written(getattr(planned.task, field)))


def _called(read: Reader, words: Mapping[str, str]) -> Reader:
    """What the CRM calls the word; without a word for all others, they stand as they are."""
    rest = words.get(OTHERWISE)
    return lambda planned: words.get(text := read(planned), text if rest is None else rest)


_WORDED: Mapping[str, Reader] = {
    "subject": lambda planned: subject(planned.task),
    "description": description,
    "status": status,
}


def _beside(column: FormColumn, tables: Mapping[str, Table]) -> Reader:
    """Reads a field of the row that the task leads to; empty where there is no such row or nothing in it."""
    _, link = LINKS[column.table]
    values = {name: written(value) for name, (_, value) in _values(column, tables).items()}
    return lambda planned: values.get(getattr(planned.task, link), "")


def _values(column: FormColumn, tables: Mapping[str, Table]) -> dict[str, tuple[int, Value]]:
    """By what names the row: the record and what the column's field holds there."""
    table = tables.get(column.table)
    if table is None:
        return {}
    names, values = table.columns[LINKS[column.table][0]], table.columns[column.field]
    return {str(name): (i, value) for i, (name, value) in enumerate(zip(names, values, strict=True))}


def written(value: Value | int) -> str:
    """A value as a CRM reads it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Lack:
    """A column of a form that is empty for some tasks: whose it is (person or account) -> how many tasks."""

    form: CrmForm
    column: FormColumn
    whose: Mapping[str, int]
    table: Table | None
    rows: Mapping[str, int]

    def finding(self) -> Diagnostic:
        names = sorted(self.whose)
        rest = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        header, file, row = self._header(), self.table.file if self.table else "", min(self.rows.values(), default=-1)
        place = Cell(file, self.table.rows[row], header) if self.table and row >= 0 else self.column.span
        return diagnose(
            "form-value-missing",
            place,
            related=(Related(self.column.span, "the column"),),
            header=self.column.header,
            file=self.form.crm.file,
            tasks=count_of(sum(self.whose.values()), "task"),
            who=count_of(len(names), _NOUNS[self.column.table]),
            field=f"{self.column.table}.{self.column.field}",
            names=", ".join(names[:_NAMED]) + rest,
        )

    def rejects(self) -> Iterator[Reject]:
        """A line for each row that lacks the value; those that are no row of the table are in the finding alone."""
        for name, row in self.rows.items():
            tasks = count_of(self.whose[name], "task")
            told = f"empty, so that {self.column.header} is empty for {tasks} of {self.form.crm.file}"
            if self.table:
                yield Reject(
                    self.column.table, self.table.file, self.table.rows[row], self._header(), "", told, "finding"
                )

    def _header(self) -> str:
        field = self.table.shape.field(self.column.field) if self.table else None
        return field.column if field else self.column.field


def lacks(forms: Sequence[CrmForm], tasks: Sequence[Task], tables: Mapping[str, Table]) -> Iterator[Lack]:
    """What the files of the CRMs cannot say of these tasks, since people or accounts lack it."""
    for form in forms:
        for column in form.columns:
            if not column.table:
                continue
            values = _values(column, tables)
            found = {str(name): count for (name,), count in sorted(counted(tasks, LINKS[column.table][1]).items())}
            whose = {name: n for name, n in found.items() if not written(values.get(name, (0, None))[1])}
            rows = {name: values[name][0] for name in whose if name in values}
            if whose:
                yield Lack(form, column, whose, tables.get(column.table), rows)
