"""A table while it is being read: every record's values, and what becomes of each record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from itertools import compress
from typing import cast

from .cells import cell_reader, shown
from .records import Bad, Batch, reason
from .shape import Field, Reject, Shape, Table, Value

USED, LATER, REJECTED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that did not fit ``field``, in record ``i``; its value counts as missing."""

    i: int
    field: Field
    shown: str
    reason: str


@dataclass(slots=True)
class Draft:
    """``fate`` tells what becomes of each record; ``refused`` counts those that were no records at all."""

    shape: Shape
    file: str
    rows: list[int] = field(default_factory=list)
    values: dict[str, list[Value]] = field(default_factory=dict)
    bad: list[BadCell] = field(default_factory=list)
    fate: bytearray = field(default_factory=bytearray)
    rejects: list[Reject] = field(default_factory=list)
    refused: int = 0

    @property
    def read(self) -> int:
        return len(self.rows) + self.refused

    @property
    def rejected(self) -> int:
        return self.fate.count(REJECTED) + self.refused

    def note(self, row: int, column: str, value: str, why: str, level: str) -> None:
        self.rejects.append(Reject(self.shape.name, self.file, row, column, value, why, level))

    def reject(self, i: int, column: str, value: str, why: str) -> None:
        self.fate[i] = REJECTED
        self.note(self.rows[i], column, value, why, "row")

    def known_keys(self) -> set[Value]:
        """The keys that rows may refer to: of records that are used, or will be once their day has come."""
        if self.shape.key is None:
            return set()
        keys = zip(self.values[self.shape.key], self.fate, strict=True)
        return {key for key, fate in keys if fate != REJECTED and key is not None}

    def needed(self) -> Iterator[Field]:
        """The fields without which a record cannot be used."""
        return (f for f in self.shape.fields if f.required or f.name == self.shape.key)


def fill(draft: Draft, batches: Iterator[Batch], zone: tzinfo | None) -> None:
    """Read every cell; a text that comes again is read once. Raises Unreadable."""
    readers = {f.name: cell_reader(f, draft.shape, zone) for f in draft.shape.fields}
    known: dict[str, dict[object, Value | Bad]] = {name: {} for name in readers}
    draft.values = {name: [] for name in readers}
    spoiled: set[str] = set()
    for batch in batches:
        start = len(draft.rows)
        draft.rows.extend(batch.rows)
        for refusal in batch.refused:
            draft.refused += 1
            draft.note(refusal.row, "", shown(refusal.shown), refusal.reason, "row")
        for wanted in draft.shape.fields:
            raws = batch.cells[wanted.name]
            # True == 1 == 1.0 in Python: typed cells are told apart by their type as well.
            marks = raws if batch.text_only else [(type(raw), raw) for raw in raws]
            read, seen = readers[wanted.name], known[wanted.name]
            fresh = set(marks).difference(seen)
            for mark in fresh:
                seen[mark] = read(mark[1] if isinstance(mark, tuple) else mark)
            found = [seen[mark] for mark in marks]
            if any(isinstance(seen[mark], Bad) for mark in fresh):
                spoiled.add(wanted.name)
            sound = _without_bad(draft, wanted, start, raws, found) if wanted.name in spoiled else found
            draft.values[wanted.name].extend(cast("Sequence[Value]", sound))
    draft.fate = bytearray(len(draft.rows))


def _without_bad(
    draft: Draft, wanted: Field, start: int, raws: Sequence[object], found: Sequence[Value | Bad]
) -> list[Value]:
    sound: list[Value] = []
    for i, value in enumerate(found):
        if isinstance(value, Bad):
            draft.bad.append(BadCell(start + i, wanted, shown(raws[i]), value.reason))
            sound.append(None)
        else:
            sound.append(value)
    return sound


def settle(draft: Draft, as_of: date) -> None:
    """Decide each record's fate by its own cells: later than ``as_of``, without a needed cell, or a key again."""
    if draft.shape.dated_by is not None:
        for i, day in enumerate(draft.values[draft.shape.dated_by]):
            if isinstance(day, date) and day > as_of:
                draft.fate[i] = LATER
    needed = list(draft.needed())
    spoiled = {(cell.i, cell.field.name) for cell in draft.bad}
    for cell in draft.bad:
        if cell.field in needed and draft.fate[cell.i] != LATER:
            draft.reject(cell.i, cell.field.column, cell.shown, cell.reason)
    for wanted in needed:
        for i, value in enumerate(draft.values[wanted.name]):
            if value is None and draft.fate[i] != LATER and (i, wanted.name) not in spoiled:
                draft.reject(i, wanted.column, "", reason("empty"))
    _reject_repeats(draft)


def _reject_repeats(draft: Draft) -> None:
    """A key belongs to the first row that has it, even if that row is rejected: which of two is meant, nobody knows."""
    key = next((f for f in draft.shape.fields if f.name == draft.shape.key), None)
    if key is None:
        return
    first: dict[Value, int] = {}
    for i, value in enumerate(draft.values[key.name]):
        if value is None or draft.fate[i] == LATER:
            continue
        earlier = first.setdefault(value, i)
        if earlier != i:
            draft.reject(i, key.column, shown(value), reason("repeated-key", row=draft.rows[earlier]))


def finish(draft: Draft, digest: str) -> Table:
    """The table of the used records. Lists the bad cells of those, and counts their empty ones."""
    spoiled: dict[str, int] = {}
    for cell in draft.bad:
        if draft.fate[cell.i] == USED:
            draft.note(draft.rows[cell.i], cell.field.column, cell.shown, cell.reason, "cell")
            spoiled[cell.field.name] = spoiled.get(cell.field.name, 0) + 1
    used = [fate == USED for fate in draft.fate]
    columns = {name: tuple(compress(values, used)) for name, values in draft.values.items()}
    missing = {name: sum(value is None for value in values) for name, values in columns.items()}
    empty = {name: count - spoiled.get(name, 0) for name, count in missing.items()}
    return Table(
        shape=draft.shape,
        file=draft.file,
        columns=columns,
        rows=tuple(compress(draft.rows, used)),
        read=draft.read,
        later=draft.fate.count(LATER),
        rejected=draft.rejected,
        empty={name: count for name, count in empty.items() if count},
        digest=digest,
    )
