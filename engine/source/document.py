"""A YAML file as the rest of the house sees it: plain nodes, each with the span it was written at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from ..diagnostics import Origin, Span


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value. ``text`` is what the author wrote (unquoted, unfolded); ``origin`` leads from it back to the file.

    ``value`` is a Fraction (numbers are exact), bool (``true`` and ``false`` only), date, or str. A quoted scalar is
    always text. A ``broken`` scalar could not be read and is reported already: what reads on passes over it.
    """

    value: Fraction | bool | date | str
    text: str
    span: Span
    origin: Origin
    quoted: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class List:
    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Map:
    """A mapping; ``keys`` has the span of each key as written."""

    entries: Mapping[str, Node]
    keys: Mapping[str, Scalar]
    span: Span

    def get(self, key: str) -> Node | None:
        return self.entries.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self.entries

    def items(self) -> Iterator[tuple[str, Node]]:
        return iter(self.entries.items())


Node: TypeAlias = Scalar | List | Map


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read. ``file`` is its path inside the workspace, with ``/``; ``lines`` serve the snippets."""

    file: str
    root: Map
    lines: tuple[str, ...] = field(repr=False)

    @property
    def kind(self) -> str | None:
        node = self.root.get("kind")
        return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None
