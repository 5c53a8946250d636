"""The way back from the text of a scalar, unquoted and unfolded, to the characters it was written with.

The YAML parser says only where a scalar starts and ends. The stretch between is read a second time here, by the rules
of its style, noting where each piece of text came from. Where the second reading gives another text than the parser's
(a corner of YAML not worth its own rule), every offset leads to the start of the scalar: less exact, never wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TypeAlias

from yaml.events import Event, NodeEvent

from ..diagnostics import Origin, Span

Piece: TypeAlias = tuple[str, int]
"""A stretch of the text and the index in the source of its first character."""

_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_HEX_ESCAPES = {"x": 2, "u": 4, "U": 8}
_STOPS = re.compile(r"[\\'\s]")
_GAP = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*")
_PROPERTY = re.compile(r"(&[^\s,\[\]{}]*|!(?:<[^>\s]*>|[^\s,\[\]{}]*))" + _GAP.pattern)
_BLANKS = re.compile(r"[ \t\n]*")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file, its line ends already ``\\n``, and the index at which each line starts."""

    file: str
    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, file: str, text: str) -> Source:
        return cls(file, text, (0, *(match.end() for match in re.finditer("\n", text))))

    def place(self, index: int) -> tuple[int, int]:
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1

    def index_of(self, span: Span) -> int:
        return self.starts[span.line - 1] + span.column - 1

    def span(self, start: int, end: int) -> Span:
        return Span(self.file, *self.place(start), *self.place(max(start, end)))

    def properties(self, event: NodeEvent) -> list[tuple[str, int, str]]:
        """The anchor and the tag written before a node: the code that refuses it, where it stands, and as written."""
        found: list[tuple[str, int, str]] = []
        if not getattr(event, "tag", None) and not event.anchor:
            return found
        at = bounds(event)[0]
        while word := _PROPERTY.match(self.text, at):
            found.append(("anchor-refused" if word.group(1)[0] == "&" else "tag-refused", at, word.group(1)))
            at = word.end()
        return found

    def after_properties(self, event: NodeEvent) -> int:
        """Where the value itself starts, after its anchor and tag."""
        at = bounds(event)[0]
        for _, start, word in self.properties(event):
            gap = _GAP.match(self.text, start + len(word))
            at = gap.end() if gap else start + len(word)
        return min(at, max(bounds(event)))


def bounds(event: Event) -> tuple[int, int]:
    """The indexes of an event's start and end in the text that was parsed."""
    start, end = event.start_mark, event.end_mark
    return (start.index if start else 0), (end.index if end else 0)


def trace(source: Source, start: int, end: int, style: str, text: str) -> tuple[Origin, int]:
    """The origin of ``text``, a scalar of ``style`` between two indexes, and the index at which its writing ends."""
    pieces = _pieces(source.text, start, end, style, text)
    if style in ("|", ">"):
        end = max((index + len(piece) for piece, index in pieces if piece != "\n"), default=start + 1)
    if not pieces or "".join(piece for piece, _ in pieces) != text:
        return Origin(source.file, ((0, *source.place(start)),)), end
    anchors, offset, due = [], 0, None
    for piece, index in pieces:
        if index != due:
            anchors.append((offset, *source.place(index)))
        offset += len(piece)
        due = index + len(piece) if not source.text.startswith("\n", index) else None
    return Origin(source.file, tuple(anchors)), end


def _pieces(source: str, start: int, end: int, style: str, text: str) -> list[Piece]:
    if style in ("|", ">"):
        return _block(source, start, end, style, text)
    if style in ("'", '"'):
        start, end = start + 1, end - 1
    if end - start == len(text) and source.startswith(text, start):
        return [(text, start)]
    return _flow(source, start, end, style)


def _flow(source: str, start: int, end: int, style: str) -> list[Piece]:
    """Plain and quoted scalars: lines are folded, quotes doubled or characters escaped."""
    pieces: list[Piece] = []
    run = at = start
    while found := _STOPS.search(source, at, end):
        at = found.start()
        char = source[at]
        if char == "\\" and style == '"':
            pieces.append((source[run:at], run))
            at = run = _escape(source, at, end, pieces)
        elif char == "'" and style == "'":
            pieces.append((source[run : at + 1], run))
            at = run = at + 2
        elif char in " \t\n" and "\n" in (blanks := _blanks(source, at, end)):
            pieces.append((source[run:at], run))
            breaks = [at + i for i, blank in enumerate(blanks) if blank == "\n"]
            pieces.extend([("\n", index) for index in breaks[1:]] or [(" ", breaks[0])])
            at = run = at + len(blanks)
        else:
            at += 1
    pieces.append((source[run:end], run))
    return [piece for piece in pieces if piece[0]]


def _blanks(source: str, at: int, end: int) -> str:
    found = _BLANKS.match(source, at, end)
    return found.group() if found else ""


def _escape(source: str, at: int, end: int, pieces: list[Piece]) -> int:
    """Adds what the escape at ``at`` stands for; the index after it."""
    kind = source[at + 1 : at + 2]
    if kind == "\n":  # an escaped line end joins the lines; blank lines after it still count
        blanks = _blanks(source, at + 2, end)
        pieces.extend(("\n", at + 2 + i) for i, blank in enumerate(blanks) if blank == "\n")
        return at + 2 + len(blanks)
    if kind in _HEX_ESCAPES:
        after = at + 2 + _HEX_ESCAPES[kind]
        try:
            pieces.append((chr(int(source[at + 2 : after], 16)), at))
        except (ValueError, OverflowError):  # the parser refuses it: this text will not be used
            pieces.append(("", at))
        return after
    pieces.append((_ESCAPES.get(kind, ""), at))
    return at + 2


def _block(source: str, start: int, end: int, style: str, text: str) -> list[Piece]:
    """Literal and folded blocks, as libyaml reads them: a line that starts with a blank keeps its line ends."""
    first = source.find("\n", start, end) + 1
    if not first:
        return []
    header = source[start + 1 : first].partition("#")[0]
    lines = source[first:end].split("\n")
    indent = _indent(header, lines, text)
    pieces: list[Piece] = []
    at, last, blank_lines, after_blank = first, -1, list[int](), False
    for line in lines[:-1] if lines[-1] == "" else lines:
        body, line_end = line[indent:], at + len(line)
        if not line[:indent].strip(" ") and body:
            starts_blank = body[0] in " \t"
            if last >= 0 and style == ">" and not after_blank and not starts_blank:
                if not blank_lines:
                    pieces.append((" ", last))
            elif last >= 0:
                pieces.append(("\n", last))
            pieces.extend(("\n", index) for index in blank_lines)
            pieces.append((body, at + indent))
            last, blank_lines, after_blank = line_end, [], starts_blank
        elif line.strip(" "):
            break
        else:
            blank_lines.append(line_end)
        at = line_end + 1
    if "-" not in header and 0 <= last < end:
        pieces.append(("\n", last))
    if "+" in header:
        pieces.extend(("\n", index) for index in blank_lines)
    return pieces


def _indent(header: str, lines: list[str], text: str) -> int:
    """Columns that the block takes off each line: those of its first line, less what a written indent left there."""
    first = next((line for line in lines if line.strip(" ")), "")
    spaces = len(first) - len(first.lstrip(" "))
    if not any(char.isdigit() for char in header):
        return spaces
    content = text.lstrip("\n")
    return max(spaces - (len(content) - len(content.lstrip(" "))), 0)
