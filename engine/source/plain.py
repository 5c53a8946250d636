"""A Document as the plain values that JSON Schema knows, and the ways back from a path to the node it names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..diagnostics import Span
from .document import Document, List, Map, Node, Scalar


class DateText(str):
    """An unquoted date. A schema sees text with ``format: date``; a message says "the date"."""

    __slots__ = ()


def plain(node: Node) -> object:
    """Numbers without a fraction as int, others as Decimal (exact: from their text)."""
    if isinstance(node, Map):
        return {key: plain(value) for key, value in node.items()}
    if isinstance(node, List):
        return [plain(item) for item in node.items]
    if isinstance(node.value, Fraction):
        if node.value.denominator == 1:
            return int(node.value)
        return Decimal(node.text.replace("_", ""))
    return DateText(node.text) if isinstance(node.value, date) else node.value


def is_date(value: object) -> bool:
    """What ``format: date`` asks of a text."""
    if not isinstance(value, str) or isinstance(value, DateText):
        return True
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def nodes_along(document: Document, path: Iterable[str | int]) -> list[Node]:
    """The root and each node on the way to the one that ``path`` names, that one last."""
    node: Node = document.root
    nodes = [node]
    for step in path:
        if isinstance(node, Map) and isinstance(step, str) and step in node:
            node = node.entries[step]
        elif isinstance(node, List) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
        nodes.append(node)
    return nodes


def is_broken(node: Node) -> bool:
    return isinstance(node, Scalar) and node.broken


def value_span(node: Node) -> Span:
    """What to underline for a value: what stands on one line whole, of more lines the first key or item."""
    if node.span.line == node.span.end_line:
        return node.span
    if isinstance(node, Map) and node.keys:
        return next(iter(node.keys.values())).span
    if isinstance(node, List) and node.items:
        return value_span(node.items[0])
    return node.span


def key_span(document: Document, path: list[str | int]) -> Span:
    """The key that ``path`` ends in; for an item of a list and for the whole file, its first key."""
    nodes = nodes_along(document, path)
    parent = nodes[-2] if len(nodes) > 1 else None
    if path and isinstance(parent, Map) and isinstance(path[-1], str) and path[-1] in parent.keys:
        return parent.keys[path[-1]].span
    return first_key(nodes[-1])


def first_key(node: Node) -> Span:
    return next(iter(node.keys.values())).span if isinstance(node, Map) and node.keys else value_span(node)
