"""Diagnostics as text for a terminal, with the line they are about and a caret under it, and as JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from ..diagnostics import Cell, Diagnostic, Related, Severity, Span
from .terminal import printable

WIDTH = 100

_RESET, _BOLD, _BLUE = "\x1b[0m", "\x1b[1m", "\x1b[1;34m"
_COLOURS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}


def render_text(diagnostics: Sequence[Diagnostic], lines: Mapping[str, Sequence[str]], *, colour: bool = False) -> str:
    """The diagnostics one below the other, and how many there are; empty for none. ``lines`` are those of each file."""
    if not diagnostics:
        return ""
    blocks = ["\n".join(_block(diagnostic, lines, colour)) for diagnostic in diagnostics]
    return "\n\n".join([*blocks, _count(diagnostics)]) + "\n"


def to_json(diagnostics: Sequence[Diagnostic]) -> list[dict[str, object]]:
    """One object for each, always with the same keys; those that do not fit its place are null."""
    return [
        {
            "code": diagnostic.code,
            "severity": diagnostic.severity.value,
            "message": diagnostic.message,
            **_place(diagnostic.place),
            "help": diagnostic.help or None,
            "related": [{"label": related.label, **_place(related.place)} for related in diagnostic.related],
        }
        for diagnostic in diagnostics
    ]


def _place(place: Span | Cell | None) -> dict[str, object]:
    span = place if isinstance(place, Span) else None
    cell = place if isinstance(place, Cell) else None
    return {
        "file": place.file if place is not None else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
        "row": cell.row or None if cell else None,
        "column_name": cell.column or None if cell else None,
    }


def _count(diagnostics: Sequence[Diagnostic]) -> str:
    errors = sum(diagnostic.is_error for diagnostic in diagnostics)
    counts = [(errors, "error"), (len(diagnostics) - errors, "warning")]
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)


def _block(diagnostic: Diagnostic, lines: Mapping[str, Sequence[str]], colour: bool) -> Iterator[str]:
    def painted(text: str, code: str) -> str:
        return f"{code}{text}{_RESET}" if colour else text

    tone = _COLOURS[diagnostic.severity]
    places = [diagnostic.place, *(related.place for related in diagnostic.related)]
    gutter = max((len(str(place.line)) for place in places if isinstance(place, Span)), default=1)
    head = painted(f"{diagnostic.severity.value}[{diagnostic.code}]", tone)
    yield f"{head}: {painted(printable(diagnostic.message), _BOLD)}"
    if diagnostic.place is not None:
        yield f"{' ' * gutter}{painted('-->', _BLUE)} {printable(str(diagnostic.place))}"
        yield from _snippet(diagnostic.place, lines, gutter, "", "^", tone if colour else "")
    for related in diagnostic.related:
        yield from _related(related, lines, gutter, colour)
    if diagnostic.help:
        yield f"{' ' * gutter} {painted('=', _BLUE)} help: {printable(diagnostic.help)}"


def _related(related: Related, lines: Mapping[str, Sequence[str]], gutter: int, colour: bool) -> Iterator[str]:
    mark = f"{_BLUE}:::{_RESET}" if colour else ":::"
    snippet = list(_snippet(related.place, lines, gutter, related.label, "-", _BLUE if colour else ""))
    label = "" if snippet else f": {printable(related.label)}"
    yield f"{' ' * gutter}{mark} {printable(str(related.place))}{label}"
    yield from snippet


def _snippet(
    place: Span | Cell, lines: Mapping[str, Sequence[str]], gutter: int, label: str, mark: str, tone: str
) -> Iterator[str]:
    if not isinstance(place, Span):
        return
    text = lines.get(place.file, ())
    if not 1 <= place.line <= len(text):
        return
    shown, before, under = _cut(text[place.line - 1], place, WIDTH - gutter - 3)
    bar, reset = ("\x1b[1;34m|\x1b[0m", _RESET) if tone else ("|", "")
    yield f"{' ' * gutter} {bar}"
    yield f"{place.line:>{gutter}} {bar} {shown}".rstrip()
    yield f"{' ' * gutter} {bar} {' ' * before}{tone}{(mark * under + ' ' + printable(label)).rstrip()}{reset}"


def _cut(line: str, place: Span, room: int) -> tuple[str, int, int]:
    """The part of ``line`` around its span that fits ``room`` columns, and the columns before and under the mark."""
    widths = [_width(char) for char in line]
    start = min(place.column - 1, len(line))
    end = min(place.end_column - 1, len(line)) if place.end_line == place.line else len(line)
    left, right = 0, len(line)
    if sum(widths) > room:
        left = _back(widths, start, room // 3)
        right = _ahead(widths, left, room - 2)
        if right == len(line):
            left = _back(widths, right, room - 1)
    dots_left, dots_right = "…" if left else "", "…" if right < len(line) else ""
    shown = dots_left + "".join(_shown(char) for char in line[left:right]) + dots_right
    before = len(dots_left) + sum(widths[left:start])
    under = max(sum(widths[start : max(min(end, right), start)]), 1)
    return shown, before, under


def _back(widths: Sequence[int], at: int, room: int) -> int:
    while at > 0 and widths[at - 1] <= room:
        at, room = at - 1, room - widths[at - 1]
    return at


def _ahead(widths: Sequence[int], at: int, room: int) -> int:
    while at < len(widths) and widths[at] <= room:
        at, room = at + 1, room - widths[at]
    return at


def _width(char: str) -> int:
    """Columns on a terminal: two for a wide (CJK) character, none for a mark that sits on the one before."""
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _shown(char: str) -> str:
    return "→" if char == "\t" else printable(char)
