"""Bands, curves and weighted scores as plain expressions, so that every reading of the language can read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from ..diagnostics import Origin, Span
from ..language.tree import Arithmetic, Call, Choose, Compare, Expression, Literal, Logic, Name, Node, Value
from ..policy.model import Case
from ..policy.model_health import Health, Scored
from ..policy.model_pay import Bands, Curve
from ..tables.shape import Shape

POINT_DIGITS = 4
"""Digits of a measure's points: their rounding keeps denominators small, and is what the reader sees."""

ZERO = Fraction(0)

NEVER = date.max
"""The end of what holds on."""

NOWHERE = Origin("", ((0, 1, 1),))
"""The origin of trees that are evaluated at once and never shown."""


def lowered(root: Node, text: str, span: Span) -> Expression:
    """An expression that lowering made; ``text`` tells a reader what it stands for."""
    return Expression(text, root, Origin(span.file, ((0, span.line, span.column),)))


def literal(value: Value) -> Literal:
    return Literal(value)


def plus(nodes: Sequence[Node]) -> Node:
    """A balanced sum, so that depth grows with the logarithm of the length."""
    if len(nodes) == 1:
        return nodes[0]
    half = len(nodes) // 2
    return Arithmetic("+", plus(nodes[:half]), plus(nodes[half:]))


def times(left: Node, right: Node) -> Node:
    return Arithmetic("*", left, right)


def is_missing(node: Node) -> Node:
    return Call("is_missing", (node,))


def in_force(shape: Shape, day: Expression, where: Expression | None) -> Expression:
    """That a row of the table holds on a day, and ``where``: from its first day on (without one: always), to before its
    end, or to its last day (without one: it still runs)."""
    edges = ((shape.valid_from, "<="), (shape.valid_before, ">"), (shape.valid_until, ">="))
    found = [holds for name, op in edges if (holds := _edge(shape, name, op, day)) is not None]
    return _all(found, where, f"in force on {day.text}", day)


def begun(shape: Shape, day: Expression, where: Expression | None) -> tuple[Expression, Expression, Expression]:
    """Of the rows that began by a day: the first day of each, that it counts, and the first day on which it no longer
    holds; ``NEVER`` where that is after the day."""
    start = shape.field(shape.valid_from or "")
    counts = _edge(shape, shape.valid_from, "<=", day)
    assert start is not None and counts is not None
    first: Node = Name(start.name)
    first = first if start.required else Call("coalesce", (first, literal(date.min)))
    last: Node = literal(NEVER)
    for name, op, more in ((shape.valid_before, ">", 0), (shape.valid_until, ">=", 1)):
        holds = _edge(shape, name, op, day)
        if name and holds is not None:
            end = Call("add_days", (Name(name), literal(Fraction(more)))) if more else Name(name)
            last = Choose(holds, last, end)
    return (
        lowered(first, "rows", day.span),
        _all([counts], where, f"begun by {day.text}", day),
        lowered(last, "their ends", day.span),
    )


def _edge(shape: Shape, name: str | None, op: str, day: Expression) -> Node | None:
    """That a day is on the right side of an edge of a row; a row without the edge has no end there."""
    field = shape.field(name) if name else None
    if field is None:
        return None
    holds = Compare((op,), (Name(field.name), day.root))
    return holds if field.required else Logic("or", (is_missing(Name(field.name)), holds))


def _all(found: list[Node], where: Expression | None, text: str, day: Expression) -> Expression:
    parts = (*found, where.root) if where is not None else tuple(found)
    text += f" and {where.text}" if where is not None else ""
    return lowered(parts[0] if len(parts) == 1 else Logic("and", parts), text, (where or day).span)


def bands(given: Node, shape: Bands, scale: Node | None = None) -> Node:
    """The value of the first row that holds; the last row is the rest, and never catches missing.

    ``scale`` multiplies the edges: parts of a quota become amounts.
    """
    op = "<" if shape.rising else ">" if shape.exclusive else ">="
    rest: Node = Choose(is_missing(given), literal(None), shape.rows[-1].value.root)
    for row in reversed(shape.rows[:-1]):
        edge: Node = literal(row.edge)
        rest = Choose(Compare((op,), (given, times(edge, scale) if scale else edge)), row.value.root, rest)
    return rest


def curve(given: Node, shape: Curve) -> Node:
    """Straight lines between the points; ``hold``, ``zero`` or ``extend`` outside."""
    points = shape.points
    (first_x, first_y), (last_x, last_y) = points[0], points[-1]
    below = {"hold": literal(first_y), "zero": literal(ZERO)}.get(shape.below, _line(given, points[0], points[1]))
    above = {"hold": literal(last_y), "zero": literal(ZERO)}.get(shape.above, _line(given, points[-2], points[-1]))
    rest: Node = Choose(Compare(("<=",), (given, literal(last_x))), _line(given, points[-2], points[-1]), above)
    for left, right in reversed(list(pairwise(points[:-1]))):
        rest = Choose(Compare(("<",), (given, literal(right[0]))), _line(given, left, right), rest)
    return Choose(Compare(("<",), (given, literal(first_x))), below, rest)


def _line(given: Node, left: tuple[Fraction, Fraction], right: tuple[Fraction, Fraction]) -> Node:
    slope = (right[1] - left[1]) / (right[0] - left[0])
    start = left[1] - slope * left[0]
    return Arithmetic("+", literal(start), times(literal(slope), given))


def cases(rows: Sequence[Case]) -> Node:
    """The first row that holds; undecided above the hit is missing."""
    rest: Node = rows[-1].value.root
    for row in reversed(rows[:-1]):
        if row.when is not None:
            rest = Choose(row.when.root, row.value.root, rest)
    return rest


def points_name(fact: str, scored: Scored) -> str:
    """The hidden name of a measure's points; no author can write it."""
    return f"{fact} points {scored.span.line}:{scored.span.column} {scored.name}"


def points(scored: Scored) -> Node:
    """The points of one measure, rounded."""
    given = Name(scored.name)
    match scored.points:
        case Bands():
            found = bands(given, scored.points)
        case Curve():
            found = curve(given, scored.points)
        case _:
            found = cases(scored.points or ())
    return Call("round", (found, literal(Fraction(POINT_DIGITS))))


def lowest(scored: Scored) -> Fraction:
    """The fewest points that a measure, or the worst of a group's measures, can have."""
    if scored.is_group:
        return sum((part.weight * lowest(part) for part in scored.parts), ZERO)
    if isinstance(scored.points, Curve):
        return min(y for _, y in scored.points.points)
    rows = scored.points.rows if isinstance(scored.points, Bands) else scored.points or ()
    known = [row.value.root.value for row in rows if isinstance(row.value.root, Literal)]
    return min((value for value in known if isinstance(value, Fraction)), default=ZERO)


def weighted(fact: str, parts: Sequence[Scored], neutral: Fraction) -> Node:
    """The weighted mean of the parts, each missing one treated as it says; missing where no weight is left."""
    above: list[Node] = []
    below: list[Node] = []
    for part in parts:
        own = part_points(fact, part, neutral)
        weight = literal(part.weight)
        if part.missing == "exclude":
            above.append(times(weight, Call("coalesce", (own, literal(ZERO)))))
            below.append(Choose(is_missing(own), literal(ZERO), weight))
        else:
            filled = {"neutral": neutral, "worst": lowest(part)}.get(part.missing)
            above.append(times(weight, Call("coalesce", (own, literal(filled))) if filled is not None else own))
            below.append(weight)
    return Arithmetic("/", plus(above), plus(below))


def part_points(fact: str, part: Scored, neutral: Fraction) -> Node:
    """The points of a measure by their hidden name; of a group by its parts."""
    if not part.is_group:
        return Name(points_name(fact, part))
    return Call("round", (weighted(fact, part.parts, neutral), literal(Fraction(POINT_DIGITS))))


def coverage(fact: str, parts: Sequence[Scored], total: Fraction) -> Node:
    """The part of the weight that has real data."""
    return Arithmetic("/", plus([_covered(fact, part) for part in parts]), literal(total))


def _covered(fact: str, part: Scored) -> Node:
    if part.is_group:
        return times(literal(part.weight), plus([_covered(fact, inner) for inner in part.parts]))
    return Choose(is_missing(Name(points_name(fact, part))), literal(ZERO), literal(part.weight))


def uncapped(health: Health) -> Node:
    """The weighted mean, rounded as the reader sees it."""
    return Call("round", (weighted(health.fact, health.measures, health.neutral), literal(Fraction(health.digits))))


def score(health: Health) -> Node:
    """The score without exceptions, then held by those that certainly apply."""
    found = uncapped(health)
    for exception in health.exceptions:
        applies = Call("coalesce", (exception.when.root, literal(False)))
        verb = "min" if exception.at_most else "max"
        found = Choose(applies, Call(verb, (found, literal(exception.points))), found)
    return _inside(health, found)


def _inside(health: Health, found: Node) -> Node:
    """Missing for accounts that the score is not for."""
    return Choose(health.population.root, found, literal(None)) if health.population else found


def grade(health: Health) -> Node:
    """The grade of the score that is shown; none below the least coverage."""
    if health.grades is None or not health.grades.rows:
        return literal(None)
    enough = Compare((">=",), (Name(health.coverage_name), literal(health.min_coverage)))
    return Choose(enough, bands(Name(health.fact), health.grades), literal(None))


def covered(health: Health) -> Node:
    return _inside(health, coverage(health.fact, health.measures, health.weights_total))
