"""Where something stands, and what is wrong with it: the values every room reports with.

A mistake of an author or of a data file is a value (a Diagnostic), never an exception, so that all of a run are shown
at once. The wording of every code is in ``messages``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``error`` makes a policy not load; ``warning`` is shown and lets the run go on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A stretch of a text file. Lines and columns count characters from 1; the end is excluded."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True, slots=True)
class Cell:
    """A place in a data file. Rows count as a spreadsheet shows them: the header is row 1, the first record row 2.

    ``column`` is the header of the column as the file writes it; empty when the whole row is meant, and ``row`` 0 when
    the whole file is.
    """

    file: str
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column!r}"
        return place


@dataclass(frozen=True, slots=True)
class Origin:
    """The way back from a text (a YAML scalar after unquoting and folding) to the file it was written in.

    ``anchors`` are ``(offset, line, column)``, offsets rising, the first at 0: the character at that offset of the text
    stands at that line and column, and those after it follow one column each until the next anchor.
    """

    file: str
    anchors: tuple[tuple[int, int, int], ...]

    def place(self, offset: int) -> tuple[int, int]:
        at = bisect_right(self.anchors, offset, key=lambda anchor: anchor[0]) - 1
        start, line, column = self.anchors[max(at, 0)]
        return line, column + max(offset - start, 0)

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]``; an empty stretch is shown one character wide."""
        line, column = self.place(start)
        last_line, last_column = self.place(max(end - 1, start))
        return Span(self.file, line, column, last_line, last_column + 1)


@dataclass(frozen=True, slots=True)
class Related:
    """Another site of the same problem, with what it is: "also matched here"."""

    place: Span | Cell
    label: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a permanent code, a sentence saying what was found and expected, where, and what to do."""

    code: str
    severity: Severity
    message: str
    place: Span | Cell | None
    help: str = ""
    related: tuple[Related, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by file and position, then code; exact repeats once."""

    def key(diagnostic: Diagnostic) -> tuple[str, int, int, str, str, str]:
        place = diagnostic.place
        if isinstance(place, Span):
            where = (place.file, place.line, place.column, "")
        elif isinstance(place, Cell):
            where = (place.file, place.row, 0, place.column)
        else:
            where = ("", 0, 0, "")
        return (*where, diagnostic.code, diagnostic.message)

    unique = {(d.code, d.message, d.place): d for d in diagnostics}
    return sorted(unique.values(), key=key)


def has_errors(diagnostics: Sequence[Diagnostic]) -> bool:
    return any(diagnostic.is_error for diagnostic in diagnostics)


class GrangerError(Exception):
    """Base of the few exceptions granger raises on purpose."""


class Rejected(GrangerError):
    """``diagnostics`` says why, sorted; warnings of the same pass are among them."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(in_order(diagnostics))
        super().__init__("; ".join(f"{d.place or '-'}: {d.message}" for d in self.diagnostics if d.is_error))


class PolicyRejected(Rejected):
    """The workspace does not load."""


class DataRejected(Rejected):
    """More data was rejected than the ceiling allows, or a file cannot be read at all: nothing was computed."""


class RequestRejected(Rejected):
    """What was asked for cannot be: a period that is none, a table that is not declared, a folder that is no run."""
