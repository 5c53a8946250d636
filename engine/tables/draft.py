"""A table while it is being read: every record's values, and what becomes of each record."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from itertools import compress, pairwise

from .cells import shown
from .cellwise import BadCell, ListReading, Reading
from .column import Column, Listed
from .overlaps import reject_overlaps
from .records import reason
from .shape import Columns, Field, Reject, Shape, Table, Value
from .sources import Opened

USED, LATER, REJECTED = 0, 1, 2


@dataclass(slots=True)
class Draft:
    """``fate`` tells what becomes of each record; ``refused`` counts those that were no records at all."""

    shape: Shape
    file: str
    rows: array[int] = field(default_factory=lambda: array("q"))
    columns: dict[str, Column] = field(default_factory=dict)
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

    def known_keys(self) -> Column:
        """The keys that rows may refer to: of records that are used, or will be once their day has come."""
        if self.shape.key is None:
            return Listed("text", ())
        keys = self.columns[self.shape.key]
        return keys.used([fate != REJECTED for fate in self.fate]) if REJECTED in self.fate else keys

    def needed(self) -> Iterator[Field]:
        """The fields without which a record cannot be used."""
        return (f for f in self.shape.fields if f.required or f.name == self.shape.key)

    def digest(self) -> str:
        """The SHA-256 of what was read: of each field's values, and of the cells that fit none.

        It is the same for every source of the same values, be they frames, lists or files; see ``Column.texts``.
        """
        digest = hashlib.sha256()
        for name, column in self.columns.items():
            digest.update(json.dumps([name, len(column)]).encode())
            for text in column.texts():
                digest.update(text.encode())
        cells = sorted((cell.i, cell.field.name, cell.shown) for cell in self.bad)
        digest.update(json.dumps([cells, self.refused]).encode())
        return digest.hexdigest()


def fill(draft: Draft, opened: Opened, zone: tzinfo | None) -> None:
    """Read every cell. Raises Unreadable."""
    reading = _readings(draft.shape, opened.listed, zone)
    for batch in opened.batches:
        start = len(draft.rows)
        draft.rows.extend(batch.rows)
        for refusal in batch.refused:
            draft.refused += 1
            draft.note(refusal.row, "", shown(refusal.shown), refusal.reason, "row")
        for name, column in reading.items():
            draft.bad.extend(column.take(batch.cells[name], start))
    draft.columns = {name: column.column() for name, column in reading.items()}
    draft.fate = bytearray(len(draft.rows))


def _readings(shape: Shape, listed: bool, zone: tzinfo | None) -> dict[str, Reading]:
    if listed:
        return {f.name: ListReading(f, shape, zone) for f in shape.fields}
    from .vectors import SeriesReading

    return {f.name: SeriesReading(f, shape, zone) for f in shape.fields}


def settle(draft: Draft, as_of: date) -> None:
    """Decide each record's fate by its own cells: later than ``as_of``, without a needed cell, or a key again."""
    if draft.shape.dated_by is not None:
        for i in draft.columns[draft.shape.dated_by].after(as_of):
            draft.fate[i] = LATER
    needed = {f.name: f for f in draft.needed()}
    spoiled = {(cell.i, cell.field.name) for cell in draft.bad}
    for cell in draft.bad:
        if cell.field.name in needed and draft.fate[cell.i] != LATER:
            draft.reject(cell.i, cell.field.column, cell.shown, cell.reason)
    for wanted in needed.values():
        for i in draft.columns[wanted.name].missing():
            if draft.fate[i] != LATER and (i, wanted.name) not in spoiled:
                draft.reject(i, wanted.column, "", reason("empty"))
    _reject_repeats(draft)
    _reject_repeated_together(draft)
    _reject_out_of_order(draft)
    reject_overlaps(draft, USED)


def _reject_repeats(draft: Draft) -> None:
    """A key belongs to the first row that has it, even if that row is rejected: which of two is meant, nobody knows."""
    key = next((f for f in draft.shape.fields if f.name == draft.shape.key), None)
    if key is None:
        return
    first: dict[Value, int] = {}
    for i, value in draft.columns[key.name].repeated():
        if draft.fate[i] == LATER:
            continue
        earlier = first.setdefault(value, i)
        if earlier != i:
            draft.reject(i, key.column, shown(value), reason("repeated-key", row=draft.rows[earlier]))


def _reject_repeated_together(draft: Draft) -> None:
    """As a key, of several fields; a row that lacks one of them repeats none."""
    names = draft.shape.unique
    first: dict[tuple[Value, ...], int] = {}
    for i, values in enumerate(zip(*(draft.columns[name].values() for name in names), strict=True)):
        if None in values or draft.fate[i] == LATER:
            continue
        earlier = first.setdefault(values, i)
        if earlier != i and draft.fate[i] != REJECTED:
            draft.reject(i, *_cell(draft, names[-1], values[-1]), _together(names, draft.rows[earlier]))


def _together(names: Sequence[str], row: int) -> str:
    return reason("repeated-together", fields=f"{', '.join(names[:-1])} and {names[-1]}", row=row)


def _reject_out_of_order(draft: Draft) -> None:
    names = draft.shape.in_order
    for i, values in enumerate(zip(*(draft.columns[name].values() for name in names), strict=True)):
        known = [(name, value) for name, value in zip(names, values, strict=True) if value is not None]
        for (earlier, more), (later, less) in pairwise(known):
            if draft.fate[i] == USED and less < more:
                draft.reject(i, *_cell(draft, later, less), reason("out-of-order", earlier=earlier, value=shown(more)))


def _cell(draft: Draft, name: str, value: Value) -> tuple[str, str]:
    field = draft.shape.field(name)
    return (field.column if field else name), shown(value)


def finish(draft: Draft, digest: str) -> Table:
    """The table of the used records. Lists the bad cells of those, and counts their empty ones."""
    spoiled: dict[str, int] = {}
    for cell in draft.bad:
        if draft.fate[cell.i] == USED:
            draft.note(draft.rows[cell.i], cell.field.column, cell.shown, cell.reason, "cell")
            spoiled[cell.field.name] = spoiled.get(cell.field.name, 0) + 1
    whole = draft.fate.count(USED) == len(draft.fate)
    used = [] if whole else [fate == USED for fate in draft.fate]
    columns = {name: column if whole else column.used(used) for name, column in draft.columns.items()}
    empty = {name: len(column.missing()) - spoiled.get(name, 0) for name, column in columns.items()}
    return Table(
        shape=draft.shape,
        file=draft.file,
        columns=Columns(columns),
        rows=_shortly(draft.rows if whole else array("q", compress(draft.rows, used))),
        read=draft.read,
        later=draft.fate.count(LATER),
        rejected=draft.rejected,
        empty={name: count for name, count in empty.items() if count},
        digest=digest,
    )


def _shortly(rows: array[int]) -> Sequence[int]:
    """Rows rise: where none is left out, the first and the last tell them all."""
    whole = range(rows[0], rows[-1] + 1) if rows else range(0)
    return whole if len(whole) == len(rows) else rows
