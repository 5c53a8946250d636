"""Overlaps, gaps and rows out of reach in decision tables, each shown by an example account.

The edges that the conditions name are tried, and what lies just beside them, in every combination (a bounded, even
selection of them where there are too many). An example that is found is real; that none is found proves nothing about
conditions that calculate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import prod

from ..diagnostics import Diagnostic, Related, Severity
from ..language.rowwise import Rowwise
from ..language.tree import Arithmetic, Call, Literal, Name, Value, walk
from ..language.types import BOOLEAN, DATE, MONEY, NUMBER, TEXT, Type
from ..messages import diagnose
from ..policy.names import ACCOUNTS
from ..program.compile import Choice, Program
from ..program.evaluate import Book
from ..program.spoken import spoken
from ..tables.shape import Field

MAX_POINTS = 2_000
MAX_ROWS = 40

Point = Mapping[str, Value]


def check_tiers(program: Program) -> Iterator[Diagnostic]:
    """Findings for every decision table of the program that is small enough to be tried."""
    book = Book(program, {}, program.day)
    for choice in program.choices.values():
        if 0 < len(choice.conditions) <= MAX_ROWS:
            yield from _Trial(program, choice, book.shared).findings()


class _Trial:
    def __init__(self, program: Program, choice: Choice, shared: Mapping[str, Value]) -> None:
        self.program, self.choice, self.shared = program, choice, shared
        self.rowwise = Rowwise(program.fiscal)
        self.expressions = [*choice.conditions, *([choice.population] if choice.population else [])]
        names = dict.fromkeys(name for expression in self.expressions for name in expression.names)
        self.names = [name for name in names if name not in shared]
        self.fields = self._fields()
        self.values = {name: self._values(name) for name in self.names}
        self.total = prod(len(values) for values in self.values.values())
        self.hit: set[int] = set()
        self.overlaps: dict[tuple[int, int], Point] = {}
        self.gap: Point | None = None

    def findings(self) -> Iterator[Diagnostic]:
        for point in self._points():
            self._try(point)
        # values that are measured depend on each other, so that an example of them may be none that can occur
        certain = all(name in self.fields for name in self.names)
        severity = Severity.ERROR if certain else Severity.WARNING
        for (first, second), point in sorted(self.overlaps.items()):
            rows = self.choice.rows
            related = [Related(rows[first].span, f"this row, {rows[first].name!r}, holds too")]
            yield diagnose(
                "tiers-overlap",
                rows[second].span,
                severity=severity,
                related=related,
                policy=self.choice.name,
                witness=self._shown(point),
            )
        if self.gap is not None:
            yield diagnose("tier-gap", self.choice.span, policy=self.choice.name, witness=self._shown(self.gap))
        if self.total <= MAX_POINTS and not self._calculates():
            for i in range(len(self.choice.conditions)):
                if i not in self.hit:
                    tier = self.choice.rows[i]
                    yield diagnose("row-unreachable", tier.span, tier=tier.name, policy=self.choice.name, tried=self.total)

    def _try(self, point: Point) -> None:
        names = {**self.shared, **point}
        if self.choice.population is not None and self.rowwise.value(self.choice.population, names) is not True:
            return
        values = [self.rowwise.value(condition, names) for condition in self.choice.conditions]
        hits = [i for i, value in enumerate(values) if value is True]
        self.hit.update(hits[:1] if self.choice.hit_policy == "first" else hits)
        if self.choice.hit_policy == "unique" and len(hits) > 1:
            self.overlaps.setdefault((hits[0], hits[1]), point)
        if not hits and None not in values and self.choice.default is None and self.gap is None:
            self.gap = point

    def _points(self) -> Iterator[Point]:
        """Every combination; of too many an even selection, always the same."""
        count = min(self.total, MAX_POINTS)
        for k in range(count):
            rest, point = k * self.total // count, dict[str, Value]()
            for name, values in self.values.items():
                rest, at = divmod(rest, len(values))
                point[name] = values[at]
            yield point

    def _fields(self) -> dict[str, Field]:
        shape = self.program.force.workspace.shapes.get(ACCOUNTS)
        return {field.name: field for field in shape.fields} if shape else {}

    def _calculates(self) -> bool:
        nodes = [node for expression in self.expressions for node in walk(expression.root)]
        return any(isinstance(node, Arithmetic | Call) for node in nodes)

    def _literals(self, kind: type) -> list[Value]:
        """The constants of that kind that the conditions name, written or through a setting; in the order of reading."""
        found: list[Value] = []
        for expression in self.expressions:
            for node in walk(expression.root):
                value = node.value if isinstance(node, Literal) else None
                if isinstance(node, Name) and node.id in self.shared and node.id != "as_of":
                    value = self.shared[node.id]
                if isinstance(value, kind) and not (kind is Fraction and isinstance(value, bool)):
                    found.append(value)
        return list(dict.fromkeys(found))

    def _values(self, name: str) -> list[Value]:
        kind = self.program.types.get(name, Type(TEXT))
        if kind.kind == BOOLEAN:
            return [True, False]
        if kind.kind == TEXT:
            return list(kind.one_of) or [*self._literals(str), "anything else"]
        if kind.kind == DATE:
            edges = [day for day in self._literals(date) if isinstance(day, date)] or [self.program.day]
            around = [day + timedelta(days=step) for day in edges for step in (-1, 0, 1) if date.min < day < date.max]
            return list(dict.fromkeys(around)) or [date(2026, 1, 1)]
        return self._numbers(name) if kind.kind in (NUMBER, MONEY) else [None]

    def _numbers(self, name: str) -> list[Value]:
        """Every edge and its neighbours, inside the bounds of the field."""
        field = self.fields.get(name)
        step = Fraction(1) if field and field.kind == "integer" else Fraction(1, 100)
        edges = [edge for edge in self._literals(Fraction) if isinstance(edge, Fraction)] or [Fraction(0)]
        low = field.at_least if field else None
        high = field.at_most if field else None
        edges += [edge for edge in (low, high) if edge is not None]
        tried = sorted({edge + beside for edge in edges for beside in (-step, Fraction(0), step)})
        tried = [v for v in tried if (low is None or v >= low) and (high is None or v <= high)]
        if field and field.kind == "integer":
            tried = [value for value in tried if value.denominator == 1]
        return list(tried) or [Fraction(0)]

    def _shown(self, point: Point) -> str:
        return ", ".join(f"{name} = {spoken(value, self.program.types.get(name))}" for name, value in point.items())


