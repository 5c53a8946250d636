"""Overlaps, gaps and rows out of reach in decision tables, each shown by an example account.

The edges that the conditions name are tried, and what lies just beside them, in every combination (a bounded, even
selection of them where there are too many). An example that is found is real; that none is found proves nothing about
conditions that calculate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor, prod

from ..diagnostics import Diagnostic, Related, Severity
from ..language.infer import infer
from ..language.rowwise import Rowwise
from ..language.tree import Arithmetic, Call, Compare, Expression, Literal, Member, Name, Node, Value, walk
from ..language.types import BOOLEAN, DATE, MONEY, NUMBER, TEXT, Type
from ..messages import diagnose
from ..policy.model import Segmentation, Setting
from ..policy.names import ACCOUNTS, Names, expressions
from ..policy.pack import InForce
from ..policy.typing import resolve
from ..program.spoken import spoken
from ..tables.shape import Field

MAX_POINTS = 2_000
MAX_ROWS = 40

Point = Mapping[str, Value]


def check_tiers(forces: Iterable[InForce]) -> Iterator[Diagnostic]:
    """Findings for every decision table that is small enough to be tried, whatever is wrong elsewhere.

    A table with a mistake of its own is passed over: it has been reported. One that reads on a later day what it read
    before is not tried again.
    """
    tried: set[object] = set()
    for force in forces:
        names = resolve(force)
        shared = _shared(names)
        for segmentation in force.segmentations:
            if 0 < len(segmentation.tiers) <= MAX_ROWS and _sound(segmentation, names):
                trial = _Trial(names, segmentation, shared)
                if trial.identity not in tried:
                    tried.add(trial.identity)
                    yield from trial.findings()


def _sound(segmentation: Segmentation, names: Names) -> bool:
    scope = names.account()
    found = [infer(expression, scope.types, scope.elsewhere) for expression in expressions(segmentation)]
    if any(problems for _, problems in found):
        return False
    read = {name for expression in expressions(segmentation) for name in expression.names}
    return all(kind.known for kind, _ in found) and all(
        name in scope.types and scope.types[name].known for name in read
    )


def _shared(names: Names) -> dict[str, Value]:
    """The settings' values; those with a mistake are missing."""
    rowwise = Rowwise(names.force.workspace.fiscal)
    shared: dict[str, Value] = {"as_of": names.force.day}
    for name in names.order:
        definition = names.definitions[name]
        if isinstance(definition, Setting):
            shared[name] = rowwise.value(definition.value, shared) if names.types[name].known else None
    return shared


class _Trial:
    def __init__(self, names: Names, segmentation: Segmentation, shared: Mapping[str, Value]) -> None:
        self.types, self.force, self.choice, self.shared = names.types, names.force, segmentation, shared
        self.rowwise = Rowwise(names.force.workspace.fiscal)
        self.expressions = expressions(segmentation)
        self.conditions = [tier.when for tier in segmentation.tiers if tier.when is not None]
        read = dict.fromkeys(name for expression in self.expressions for name in expression.names)
        self.names = [name for name in read if name not in shared]
        self.fields = self._fields()
        self.values = {name: self._values(name) for name in self.names}
        self.total = prod(len(values) for values in self.values.values())
        self.reads = {id(expression): expression.names for expression in self.expressions}
        self.known: dict[tuple[int, tuple[Value, ...]], Value] = {}
        self.hit: set[int] = set()
        self.overlaps: dict[tuple[int, int], Point] = {}
        self.gap: Point | None = None

    @property
    def identity(self) -> object:
        """Trials of which this is the same find the same."""
        read = dict.fromkeys(name for expression in self.expressions for name in expression.names)
        known = tuple((name, self.types.get(name), self.shared.get(name)) for name in read)
        return id(self.choice), known, tuple(map(tuple, self.values.values()))

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
            for i in range(len(self.conditions)):
                if i not in self.hit:
                    tier = self.choice.rows[i]
                    yield diagnose(
                        "row-unreachable", tier.span, tier=tier.name, policy=self.choice.name, tried=self.total
                    )

    def _try(self, point: Point) -> None:
        if self.choice.population is not None and self._value(self.choice.population, point) is not True:
            return
        values = [self._value(condition, point) for condition in self.conditions]
        hits = [i for i, value in enumerate(values) if value is True]
        self.hit.update(hits[:1] if self.choice.hit_policy == "first" else hits)
        if self.choice.hit_policy == "unique" and len(hits) > 1:
            self.overlaps.setdefault((hits[0], hits[1]), point)
        if not hits and None not in values and self.choice.otherwise is None and self.gap is None:
            self.gap = point

    def _value(self, condition: Expression, point: Point) -> Value:
        """Worked out once for each combination of what it reads."""
        key = id(condition), tuple([point.get(name) for name in self.reads[id(condition)]])
        if key not in self.known:
            self.known[key] = self.rowwise.value(condition, {**self.shared, **point})
        return self.known[key]

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
        shape = self.force.workspace.shapes.get(ACCOUNTS)
        return {field.name: field for field in shape.fields} if shape else {}

    def _calculates(self) -> bool:
        nodes = [node for expression in self.expressions for node in walk(expression.root)]
        return any(isinstance(node, Arithmetic | Call) for node in nodes)

    def _literals(self, name: str, kind: type) -> list[Value]:
        """The constants of that kind that stand in a comparison with ``name``, written or through a setting."""
        found: list[Value] = []
        for comparison in (node for expression in self.expressions for node in walk(expression.root)):
            if isinstance(comparison, Compare | Member) and any(_names(node, name) for node in walk(comparison)):
                for node in walk(comparison):
                    value = node.value if isinstance(node, Literal) else None
                    if isinstance(node, Name) and node.id in self.shared and node.id != "as_of":
                        value = self.shared[node.id]
                    if isinstance(value, kind):
                        found.append(value)
        return list(dict.fromkeys(found))

    def _meets_text(self, name: str) -> bool:
        """Whether another unwritten text is compared with ``name``: they must be tried alike and apart."""
        for expression in self.expressions:
            for node in walk(expression.root):
                if isinstance(node, Compare | Member) and any(_names(inner, name) for inner in walk(node)):
                    others = {inner.id for inner in walk(node) if isinstance(inner, Name)} - {name}
                    if any(self.types.get(other, Type(TEXT)).kind == TEXT for other in others):
                        return True
        return False

    def _values(self, name: str) -> list[Value]:
        kind = self.types.get(name, Type(TEXT))
        if kind.kind == BOOLEAN:
            return [True, False]
        if kind.kind == TEXT:
            beside = [f"another {name}"] if self._meets_text(name) else []
            return list(kind.one_of) or [*self._literals(name, str), "anything else", *beside]
        if kind.kind == DATE:
            edges = [day for day in self._literals(name, date) if isinstance(day, date)] or [self.force.day]
            around = [day + timedelta(days=step) for day in edges for step in (-1, 0, 1) if date.min < day < date.max]
            return list(dict.fromkeys(around)) or [date(2026, 1, 1)]
        return self._numbers(name) if kind.kind in (NUMBER, MONEY) else [None]

    def _numbers(self, name: str) -> list[Value]:
        """Every edge and its neighbours, inside the bounds of the field."""
        field = self.fields.get(name)
        step, exact = _step(field)
        edges = [edge for edge in self._literals(name, Fraction) if isinstance(edge, Fraction)] or [Fraction(0)]
        low = field.at_least if field else None
        high = field.at_most if field else None
        edges += [edge for edge in (low, high) if edge is not None]
        found = {edge for edge in edges if not exact or (edge / step).denominator == 1}
        found |= {beside for edge in edges for beside in (ceil(edge / step - 1) * step, floor(edge / step + 1) * step)}
        tried = [v for v in sorted(found) if (low is None or v >= low) and (high is None or v <= high)]
        return list(tried) or [Fraction(0)]

    def _shown(self, point: Point) -> str:
        return ", ".join(f"{name} = {spoken(value, self.types.get(name))}" for name, value in point.items())


def _step(field: Field | None) -> tuple[Fraction, bool]:
    """The least difference of two values of the field that is tried, and whether the field can hold no finer ones."""
    if field is None or (field.digits is None and field.kind != "integer"):
        return Fraction(1, 100), False
    places = (field.digits or 0) + (2 if field.kind == "percent" else 0)
    return Fraction(1, 10**places), True


def _names(node: Node, name: str) -> bool:
    return isinstance(node, Name) and node.id == name
