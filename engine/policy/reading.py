"""A typed look at the nodes of a document.

The schema has judged their shape already: what does not fit is passed over here in the knowledge that it was reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from ..amounts import parse_decimal
from ..diagnostics import Diagnostic, Origin, Span
from ..language.expression import constant, parse
from ..language.tree import Expression
from ..messages import diagnose
from ..periods import Duration
from ..source.document import List, Map, Node, Scalar


class Reading:
    """One mapping being decoded; problems found on the way gather in the list that all readings of a run share."""

    def __init__(self, node: Node | None, problems: list[Diagnostic], span: Span) -> None:
        self.map = node if isinstance(node, Map) else None
        self.problems = problems
        self.span = node.span if node is not None else span

    @property
    def origin(self) -> Origin:
        return Origin(self.span.file, ((0, self.span.line, self.span.column),))

    def node(self, key: str) -> Node | None:
        return self.map.get(key) if self.map else None

    def has(self, key: str) -> bool:
        return self.map is not None and key in self.map

    def span_of(self, key: str) -> Span:
        """Where the value of ``key`` stands; the mapping itself when it is not written."""
        node = self.node(key)
        return node.span if node is not None else self.span

    def key_span(self, key: str) -> Span:
        if self.map and key in self.map.keys:
            return self.map.keys[key].span
        return self.span

    def inner(self, key: str) -> Reading:
        return Reading(self.node(key), self.problems, self.span)

    def text(self, key: str, default: str = "") -> str:
        return text_of(self.node(key)) or default

    def words(self, key: str) -> tuple[tuple[str, Span], ...]:
        """A list of texts, or one text alone, each with its span."""
        node = self.node(key)
        items = node.items if isinstance(node, List) else (node,) if node is not None else ()
        return tuple((text, item.span) for item in items if (text := text_of(item)))

    def integer(self, key: str, default: int) -> int:
        value = self.number(key)
        return int(value) if value is not None and value.denominator == 1 else default

    def number(self, key: str) -> Fraction | None:
        node = self.node(key)
        return number_of(node)

    def boolean(self, key: str, default: bool) -> bool:
        node = self.node(key)
        return node.value if isinstance(node, Scalar) and isinstance(node.value, bool) else default

    def day(self, key: str) -> date | None:
        return day_of(self.node(key))

    def duration(self, key: str) -> Duration | None:
        return Duration.parse(self.text(key))

    def length(self, key: str, *, least: int = 1) -> Duration | None:
        """A length of calendar time; business days and one that is too short are a problem."""
        found = self.duration(key)
        if found is not None and (found.unit == "business days" or found.count < least):
            self.problem("length-of-time", self.span_of(key), key=key, found=self.text(key))
            return None
        return found

    def expression(self, key: str) -> Expression | None:
        return expression_of(self.node(key), self.problems)

    def leading(self, key: str, length: int) -> Expression | None:
        """The expression that the first ``length`` characters of a text are."""
        node = self.node(key)
        if not isinstance(node, Scalar) or node.broken:
            return None
        return _parsed(node.text[:length], node, self.problems)

    def required(self, key: str) -> Expression:
        """As ``expression``; one of unknown type where it is not written, which the schema reported."""
        return self.expression(key) or broken(self.span)

    def readings(self, key: str) -> Iterator[Reading]:
        """The mappings of a list; a mapping alone counts as a list of one."""
        node = self.node(key)
        for item in node.items if isinstance(node, List) else (node,):
            if isinstance(item, Map):
                yield Reading(item, self.problems, self.span)

    def named(self, key: str) -> Iterator[tuple[str, Span, Node]]:
        """The entries of a mapping of names: name, the name's span, what stands behind it."""
        node = self.node(key)
        if isinstance(node, Map):
            for name, value in node.items():
                yield name, node.keys[name].span, value

    def entries(self) -> Iterator[tuple[str, Span, Node]]:
        """The entries of this mapping: key, the key's span, what stands behind it."""
        for name, value in self.map.items() if self.map else ():
            yield name, self.map.keys[name].span if self.map else self.span, value

    def problem(self, code: str, span: Span, **values: Any) -> None:
        self.problems.append(diagnose(code, span, **values))


def text_of(node: Node | None) -> str | None:
    return node.text if isinstance(node, Scalar) and not node.broken else None


def day_of(node: Node | None) -> date | None:
    """A date; in quotes it is one all the same."""
    if not isinstance(node, Scalar) or node.broken:
        return None
    if isinstance(node.value, str):
        try:
            return date.fromisoformat(node.value)
        except ValueError:
            return None
    return node.value if isinstance(node.value, date) else None


def number_of(node: Node | None) -> Fraction | None:
    """A number, or a percentage such as ``5%``; in quotes too, as the schema has it."""
    if not isinstance(node, Scalar) or node.broken:
        return None
    if isinstance(node.value, Fraction):
        return node.value
    value = parse_decimal(node.text.removesuffix("%"))
    return value / 100 if value is not None and node.text.endswith("%") else value


def expression_of(node: Node | None, problems: list[Diagnostic]) -> Expression | None:
    """The expression of a scalar. One with mistakes stands as a value of unknown type, so that whoever reads its name
    is not blamed too.
    """
    if not isinstance(node, Scalar):
        return None
    if node.broken:
        return constant(None, node.text, node.origin)
    if isinstance(node.value, Fraction | bool | date) and not node.quoted:
        return constant(node.value, node.text, node.origin)
    return _parsed(node.text, node, problems)


def _parsed(text: str, node: Scalar, problems: list[Diagnostic]) -> Expression:
    parsed = parse(text, node.origin)
    if isinstance(parsed, list):
        problems.extend(parsed)
        return constant(None, text, node.origin)
    return parsed


def broken(span: Span) -> Expression:
    """Stands where a mistake that was reported left no expression."""
    return constant(None, "", Origin(span.file, ((0, span.line, span.column),)))
