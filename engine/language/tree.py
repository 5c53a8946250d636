"""The closed tree that every reading of the language walks: nothing outside these nodes has a meaning.

Each node knows ``start`` and ``end``, offsets into the expression's text (``end`` excluded); nodes made by lowering
carry those of the text they stand for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from ..diagnostics import Origin, Span

Value: TypeAlias = Fraction | bool | date | str | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. ``percent`` remembers that it was written with a ``%`` sign (its value is already divided)."""

    value: Value
    start: int = 0
    end: int = 0
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    id: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Negate:
    operand: Node
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    operand: Node
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``op`` is one of ``+ - * /``."""

    op: str
    left: Node
    right: Node
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Compare:
    """A chain: ``operands[0] ops[0] operands[1] ops[1] …``, true when every pair is. ``ops`` of ``== != < <= > >=``."""

    ops: tuple[str, ...]
    operands: tuple[Node, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Logic:
    """``op`` is ``and`` or ``or``; two operands or more."""

    op: str
    operands: tuple[Node, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """``operand in (items)``, or ``not in`` when ``negated``."""

    operand: Node
    items: tuple[Node, ...]
    negated: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Choose:
    """``then if condition else otherwise``; missing when the condition is."""

    condition: Node
    then: Node
    otherwise: Node
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    start: int = 0
    end: int = 0


Node: TypeAlias = Literal | Name | Negate | Not | Arithmetic | Compare | Logic | Member | Choose | Call


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order they are written."""
    match node:
        case Negate(operand=operand) | Not(operand=operand):
            return (operand,)
        case Arithmetic(left=left, right=right):
            return (left, right)
        case Compare(operands=operands) | Logic(operands=operands):
            return operands
        case Member(operand=operand, items=items):
            return (operand, *items)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return (then, condition, otherwise)
        case Call(arguments=arguments):
            return arguments
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """``node`` and all below it, each before what is below it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))


def distinct(node: Node) -> Iterator[Node]:
    """As ``walk``, but once for a node that lowering put in several places: of those there can be very many."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if id(current) not in seen:
            seen.add(id(current))
            yield current
            waiting.extend(reversed(children(current)))


def depth(node: Node) -> int:
    """How many nodes stand one inside the other."""
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        current, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((below, level + 1) for below in children(current))
    return deepest


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression with the text it was written as and the way back to its file."""

    text: str
    root: Node
    origin: Origin

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it reads, in the order of first use."""
        return tuple(dict.fromkeys(node.id for node in distinct(self.root) if isinstance(node, Name)))

    @property
    def span(self) -> Span:
        return self.origin.span(0, max(len(self.text), 1))

    def span_of(self, node: Node) -> Span:
        return self.origin.span(node.start, max(node.end, node.start + 1))

    def written(self, node: Node) -> str:
        """The text that ``node`` was written as."""
        return self.text[node.start : node.end]
