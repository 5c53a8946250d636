"""Raw records as the readers of each file format hand them over, before any cell is understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from ..diagnostics import Cell, Diagnostic, GrangerError
from ..messages import REASONS, diagnose, did_you_mean
from .shape import Shape

if TYPE_CHECKING:
    import polars

Cells: TypeAlias = "Sequence[object] | polars.Series"
"""The raw cells of one field."""

BATCH = 50_000
"""Records handed over at a time: enough to be quick, few enough that a large file is never held as text whole."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that does not fit its field, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Odd:
    """A raw cell that no field can hold (a list inside JSON, infinity): how to show it, and why."""

    shown: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not be taken apart into cells."""

    row: int
    shown: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records in file order. ``cells`` has one list or series per field name, each as long as ``rows``.

    In a list, a cell is text, or a value the format itself types: bool, int, float, Decimal, Fraction, date, datetime,
    None, Odd.
    """

    rows: Sequence[int]
    cells: Mapping[str, Cells]
    refused: Sequence[Refused] = field(default=())


class Unreadable(GrangerError):
    """A table that cannot be read at all. Caught where tables are assembled; never leaves this room."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = diagnostics
        super().__init__("; ".join(d.message for d in diagnostics))


def bad(code: str, **values: object) -> Bad:
    return Bad(reason(code, **values))


def reason(code: str, **values: object) -> str:
    """The reason ``code`` as ``rejects.csv`` shows it."""
    return REASONS[code].format(**values)


def match_headers(
    shape: Shape, headers: Sequence[str], file: str, row: int = 1, only: frozenset[str] | None = None
) -> dict[str, int]:
    """The position of each field's column among ``headers``, compared without surrounding white space.

    ``only`` names the fields to look for (all). Raises Unreadable naming every column that is missing or stands twice.
    """
    places: dict[str, list[int]] = {}
    for i, header in enumerate(headers):
        places.setdefault(clean_header(header), []).append(i)
    found, problems = {}, []
    for wanted in (f for f in shape.fields if only is None or f.name in only):
        at = places.get(clean_header(wanted.column), [])
        if len(at) == 1:
            found[wanted.name] = at[0]
        elif at:
            problems.append(diagnose("duplicate-column", Cell(file, row), column=wanted.column.strip(), count=len(at)))
        else:
            problems.append(missing_column(shape, wanted.name, places, file))
    if problems:
        raise Unreadable(*problems)
    return found


def missing_column(shape: Shape, name: str, headers: Iterable[str], file: str) -> Diagnostic:
    wanted = next(f for f in shape.fields if f.name == name)
    advice = did_you_mean(wanted.column, [header for header in headers if header])
    return diagnose("missing-column", wanted.span, column=wanted.column, field=name, file=file, advice=advice)


def clean_header(header: str) -> str:
    return header.strip().strip("\ufeff").strip()


def in_batches(count: int, size: int = BATCH) -> Iterator[tuple[int, int]]:
    """``(start, stop)`` of each batch of ``count`` records."""
    for start in range(0, count, size):
        yield start, min(start + size, count)
