"""Reading a column cell by cell, each distinct cell once: the meaning of every other way to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from .cells import cell_reader, shown
from .column import Column, Listed
from .records import Bad, Cells
from .shape import Field, Shape, Value


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that did not fit ``field``, in record ``i``; its value counts as missing."""

    i: int
    field: Field
    shown: str
    reason: str


class Reading(Protocol):
    """A column while it is read, some records at a time."""

    def take(self, raws: Cells, start: int) -> list[BadCell]:
        """Read the cells of the records from ``start`` on; gives those that do not fit, in their order."""

    def column(self) -> Column:
        """All that was taken."""


class Remembered:
    """The reader of a field's cells, which reads a cell that comes again only once."""

    def __init__(self, field: Field, shape: Shape, zone: tzinfo | None) -> None:
        self._read = cell_reader(field, shape, zone)
        self._known: dict[tuple[type, object], Value | Bad] = {}

    def values(self, raws: Sequence[object]) -> list[Value | Bad]:
        # True == 1 == 1.0 in Python: cells are told apart by their type as well.
        marks = [(type(raw), raw) for raw in raws]
        for mark in set(marks).difference(self._known):
            self._known[mark] = self._read(mark[1])
        return [self._known[mark] for mark in marks]


class ListReading:
    """Records that came as Python values stay so: a few accounts are not worth the loading of Polars."""

    def __init__(self, field: Field, shape: Shape, zone: tzinfo | None) -> None:
        self.field, self._cells = field, Remembered(field, shape, zone)
        self._values: list[Value] = []

    def take(self, raws: Cells, start: int) -> list[BadCell]:
        cells, spoiled = list(raws), []
        for i, value in enumerate(self._cells.values(cells)):
            if isinstance(value, Bad):
                spoiled.append(BadCell(start + i, self.field, shown(cells[i]), value.reason))
            self._values.append(None if isinstance(value, Bad) else value)
        return spoiled

    def column(self) -> Column:
        return Listed(self.field.kind, self._values, self.field.one_of)
