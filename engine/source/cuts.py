"""Values that YAML cuts short without a word: at a comma inside brackets, at `` #`` inside an expression's quotes.

``{when: min(a, b) > 3}`` is, to YAML, a key ``when`` with ``min(a`` and a key ``b) > 3`` without a value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .document import Node, Scalar

_FLOW_KEY = re.compile(r"[{,] *(?P<key>\w{1,64}): +")


@dataclass(frozen=True, slots=True)
class Part:
    """A key with its value, or an item without key, and where in the source it starts and ends."""

    key: Scalar | None
    node: Node
    start: int
    end: int

    @property
    def is_empty(self) -> bool:
        return isinstance(self.node, Scalar) and self.node.broken and not self.node.text and not self.node.quoted


@dataclass(frozen=True, slots=True)
class Cut:
    """``parts[first:after]`` are one value, cut at its commas."""

    first: int
    after: int


def cuts_at_commas(parts: Sequence[Part], is_map: bool) -> list[Cut]:
    """The values of a flow collection that an open parenthesis shows to have been cut."""
    cuts: list[Cut] = []
    at = 0
    while at < len(parts):
        depth, after = _depth(_text(parts[at].node)), at + 1
        while depth > 0 and after < len(parts) and (text := _continues(parts[after], is_map)):
            depth, after = depth + _depth(text), after + 1
        if depth == 0 and after > at + 1:
            cuts.append(Cut(at, after))
        at = after
    return cuts


def cut_at_hash(source: str, start: int, end: int) -> str | None:
    """The whole value, when the plain scalar of these indexes ends in an open quote that the comment after it closes.

    A quote opens only where a text can start in an expression: the apostrophe of "the seller's" does not.
    """
    text, line_end = source[start:end], source.find("\n", end)
    comment = source[end : line_end if line_end >= 0 else len(source)]
    if not comment.lstrip(" \t").startswith("#"):
        return None
    mark = _open_quote(text)
    return (text + comment).rstrip() if mark and mark in comment else None


def quoted(value: str) -> str:
    """``value`` as a quoted scalar to paste."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    if "'" not in value:
        return f"'{value}'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """An entry inside brackets as it was meant: where its value starts, the line to paste, if a comma cut it."""

    start: int
    line: str
    cut: bool


def flow_entry(text: str, column: int) -> FlowEntry | None:
    """The entry of a line that the parser gave up in at ``column``, up to the bracket or the key that ends it."""
    found = [entry for entry in _FLOW_KEY.finditer(text) if entry.end() <= column]
    if not found:
        return None
    start = found[-1].end()
    depth, at, mark = 0, start, ""
    while at < len(text):
        char = text[at]
        if mark:
            mark = "" if char == mark else mark
        elif char in "'\"":
            mark = char
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif depth <= 0 and (char in "]}" or (char == "," and _FLOW_KEY.match(text, at))):
            break
        at += 1
    value = text[start:at].strip()
    return FlowEntry(start, f"{found[-1]['key']}: {quoted(value)}", _depth(text[start:column]) > 0)


def _continues(part: Part, is_map: bool) -> str:
    if is_map:
        return part.key.text if part.key is not None and not part.key.quoted and part.is_empty else ""
    return _text(part.node)


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) and not node.quoted else ""


def _depth(text: str) -> int:
    return text.count("(") - text.count(")")


def _open_quote(text: str) -> str:
    mark = ""
    for before, char in zip(" " + text, text, strict=False):
        if mark:
            mark = "" if char == mark else mark
        elif char in "'\"" and before in " \t\n([,=<>":
            mark = char
    return mark
