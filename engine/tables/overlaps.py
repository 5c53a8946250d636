"""Rows that hold from one day to another, of which one thing has at most one on a day: those that overlap are rejected.

All of them are: which of two is meant, nobody knows, and the order of a file decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

from .cells import shown
from .records import reason
from .shape import Shape, Value

if TYPE_CHECKING:
    from .draft import Draft

Days: TypeAlias = tuple[date, date | None]
"""The first day, and the first day that no longer counts; None: it still holds."""


def days_of(shape: Shape, columns: Mapping[str, Sequence[Value]], i: int) -> Days:
    """From when to when a record holds. One without a first day always has."""

    def day(name: str | None) -> date | None:
        value = columns[name][i] if name else None
        return value if isinstance(value, date) else None

    until = day(shape.valid_until)
    before = day(shape.valid_before)
    if until is not None:
        before = until + timedelta(days=1) if until < date.max else None
    return day(shape.valid_from) or date.min, before


def reject_overlaps(draft: Draft, used: int) -> None:
    """Of a shape whose rows are apart; ``used`` is the fate of records that count so far."""
    shape = draft.shape
    if shape.apart_by is None:
        return
    fields = (shape.apart_by, shape.valid_from, shape.valid_before, shape.valid_until)
    columns = {name: draft.columns[name].values() for name in fields if name}
    found: dict[Value, list[tuple[date, date, int]]] = {}
    for i, whose in enumerate(columns[shape.apart_by]):
        if whose is None or draft.fate[i] != used:
            continue
        start, before = days_of(shape, columns, i)
        if before is not None and before <= start:
            draft.reject(i, _column(shape), shown(start), reason("no-time"))
        else:
            found.setdefault(whose, []).append((start, before or date.max, i))
    for rows in found.values():
        for i, other in _overlapping(rows).items():
            draft.reject(i, _column(shape), shown(columns[shape.apart_by][i]), reason("overlap", row=draft.rows[other]))


def _column(shape: Shape) -> str:
    field = shape.field(shape.valid_from or "")
    return field.column if field is not None else ""


def _overlapping(rows: Sequence[tuple[date, date, int]]) -> dict[int, int]:
    """The records that share a day with another, each with one such record."""
    found: dict[int, int] = {}
    reach: tuple[date, int] | None = None
    for start, before, i in sorted(rows):
        # of all that began earlier, the one that lasts longest meets this row if any does
        if reach is not None and start < reach[0]:
            found[i] = reach[1]
            found.setdefault(reach[1], i)
        if reach is None or before > reach[0]:
            reach = before, i
    return found
