"""Policy tests: rows that are given, settings that are turned, rows that must come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from ..amounts import plain
from ..diagnostics import Diagnostic, Span
from ..language.tree import Expression
from ..messages import diagnose, did_you_mean
from ..source.document import Document, List, Map, Node, Scalar
from .model import Workspace
from .reading import Reading, expression_of, number_of

Given: TypeAlias = Mapping[str, tuple[Mapping[str, object], ...]]
"""Table -> rows by field name, as a host would bring them."""

OUTPUTS = (
    "tiers",
    "health",
    "health_measures",
    "stages",
    "watchlists",
    "successes",
    "measures",
    "tasks",
    "unserved",
    "staffing",
    "budgets",
    "credits",
    "attainments",
    "payouts",
    "pay_figures",
    "holders",
    "diagnostics",
)
MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Expected:
    """``count`` rows of ``output`` must equal ``fields``: numbers exactly, None is missing."""

    output: str
    fields: Mapping[str, Fraction | bool | date | str | None]
    count: int
    span: Span


@dataclass(frozen=True, slots=True)
class PolicyTest:
    name: str
    as_of: date
    period: str
    given: Given
    settings: Mapping[str, Expression]
    expect: tuple[Expected, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class TestFile:
    name: str
    file: str
    cases: tuple[PolicyTest, ...]

    __test__ = False


def decode_tests(document: Document, workspace: Workspace, problems: list[Diagnostic]) -> TestFile:
    top = Reading(document.root, problems, document.root.span)
    shared = _given(top, workspace)
    settings = _settings(top)
    cases = tuple(
        case for row in top.readings("cases") if (case := _case(row, workspace, shared, settings)) is not None
    )
    return TestFile(top.text("name"), document.file, cases)


def _case(row: Reading, workspace: Workspace, shared: Given, settings: Mapping[str, Expression]) -> PolicyTest | None:
    as_of = row.day("as_of")
    if as_of is None:
        return None
    own = _given(row, workspace)
    given = {name: (*shared.get(name, ()), *own.get(name, ())) for name in (*shared, *own)}
    return PolicyTest(
        name=row.text("test"),
        as_of=as_of,
        period=row.text("period"),
        given=given,
        settings={**settings, **_settings(row)},
        expect=tuple(_expected(row)),
        span=row.span_of("test"),
    )


def _settings(row: Reading) -> dict[str, Expression]:
    found = {name: expression_of(node, row.problems) for name, _, node in row.named("settings")}
    return {name: expression for name, expression in found.items() if expression is not None}


def _given(row: Reading, workspace: Workspace) -> dict[str, tuple[Mapping[str, object], ...]]:
    found: dict[str, tuple[Mapping[str, object], ...]] = {}
    for table, span, node in row.inner("given").entries():
        shape = workspace.shapes.get(table)
        if shape is None:
            row.problem("unknown-table", span, name=table, near=did_you_mean(table, workspace.shapes))
            continue
        rows: list[Mapping[str, object]] = []
        for item in node.items if isinstance(node, List) else ():
            if isinstance(item, Map):
                for name, key in item.keys.items():
                    if name != "times" and shape.field(name) is None:
                        near = did_you_mean(name, [field.name for field in shape.fields])
                        row.problems.append(diagnose("unknown-field", key.span, name=name, near=near))
                rows += _times(item)
        found[table] = tuple(rows)
    return found


def _times(item: Map) -> Iterator[Mapping[str, object]]:
    """The row, or ``times`` of it with ``{n}`` in its texts counting 1, 2, 3 …"""
    times = number_of(item.get("times"))
    for n in range(1, int(times) + 1 if times is not None else 2):
        yield {name: _value(node, n) for name, node in item.items() if name != "times"}


def _value(node: Node, n: int) -> object:
    if not isinstance(node, Scalar):
        return None
    if isinstance(node.value, Fraction):
        return plain(node.value)
    return node.value.replace("{n}", str(n)) if isinstance(node.value, str) else node.value


def _expected(row: Reading) -> Iterator[Expected]:
    for output, span, node in row.inner("expect").entries():
        if output not in OUTPUTS:
            row.problem("unknown-output", span, name=output, near=did_you_mean(output, OUTPUTS))
            continue
        for item in node.items if isinstance(node, List) else ():
            if isinstance(item, Map):
                count = number_of(item.get("count"))
                fields = {name: _compared(value) for name, value in item.items() if name != "count"}
                yield Expected(output, fields, int(count) if count is not None else 1, item.span)


def _compared(node: Node) -> Fraction | bool | date | str | None:
    if not isinstance(node, Scalar) or (node.text == MISSING and not node.quoted):
        return None
    number = number_of(node) if not node.quoted else None
    return number if number is not None else node.value
