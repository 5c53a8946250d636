"""The shapes that several kinds share: lists of cases, bands in one direction, curves of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ..language.expression import constant
from ..source.document import List, Scalar
from .model import Case
from .model_pay import Band, Bands, Curve
from .reading import Reading, number_of


def cases(row: Reading, key: str) -> tuple[Case, ...]:
    """Where one value may stand, a list of cases may: first match, the last row without ``when``."""
    node = row.node(key)
    if not isinstance(node, List):
        value = row.expression(key)
        return (Case(value, None, row.span_of(key)),) if value else ()
    return case_rows(list(row.readings(key)), key)


def case_rows(readings: Sequence[Reading], key: str) -> tuple[Case, ...]:
    check_order(readings, key)
    found: list[Case] = []
    for case in readings:
        value, when = case.expression(key), case.expression("when")
        if value is not None and (when is not None) == case.has("when"):
            found.append(Case(value, when, case.span_of(key), case.text("because")))
    return tuple(found)


def check_order(readings: Sequence[Reading], key: str) -> None:
    """Every row but the last has a ``when``, and the last has none."""
    for i, case in enumerate(readings):
        if (i < len(readings) - 1) != case.has("when"):
            case.problem("case-order", case.span, key=key)


EDGES = ("from", "above", "below")


def bands(row: Reading, key: str, result: str, *, words: bool = False) -> Bands:
    """Rows with ``from`` or ``above`` falling, or with ``below`` rising; the last has no edge. ``words``: the result is
    a text.
    """
    readings = list(row.readings(key))
    found = axis(row, key)
    rows = []
    for reading, band in zip(readings, found.rows, strict=False):
        node = reading.node(result)
        if words and isinstance(node, Scalar):
            value = constant(node.text, node.text, node.origin)
        else:
            value = reading.expression(result) or constant(None, "", row.origin)
        retroactive = reading.boolean("retroactive", default=False)
        said = reading.text("because")
        rows.append(replace(band, value=value, span=reading.span_of(result), because=said, retroactive=retroactive))
    return replace(found, rows=tuple(rows))


def axis(row: Reading, key: str) -> Bands:
    """The rows with their edges alone; none where these are not in order."""
    readings = list(row.readings(key))
    edges = [next((word for word in EDGES if r.has(word)), "") for r in readings]
    first, span = edges[0] if edges else "", row.span_of(key)
    rising, exclusive = first == "below", first == "above"
    for i, (reading, edge) in enumerate(zip(readings, edges, strict=True)):
        is_last = i == len(readings) - 1
        mixed = sum(reading.has(word) for word in EDGES) > 1
        if mixed or is_last == bool(edge) or (not is_last and edge != first):
            reading.problem("bands-form", reading.span)
            return Bands((), rising, span, exclusive)
    numbers = [reading.number(edge) for reading, edge in zip(readings, edges, strict=True) if edge]
    known = [number for number in numbers if number is not None]
    if known != sorted(set(known), reverse=not rising):
        row.problem("bands-order", span, way="rise" if rising else "fall", word=first)
    nothing = constant(None, "", row.origin)
    rows = [
        Band(r.number(edge), nothing, r.span, told=f"{edge} {r.text(edge)}") if edge else Band(None, nothing, r.span)
        for r, edge in zip(readings, edges, strict=True)
    ]
    return Bands(tuple(rows), rising, span, exclusive)


def curve(row: Reading, key: str) -> Curve:
    """``[[x, y], …]`` with x rising; two points at least."""
    node = row.node(key)
    points: list[tuple[Fraction, Fraction]] = []
    for item in node.items if isinstance(node, List) else ():
        pair = [number_of(part) for part in item.items] if isinstance(item, List) else []
        if len(pair) != 2 or pair[0] is None or pair[1] is None:
            return Curve((), row.span_of(key))
        points.append((pair[0], pair[1]))
    if len(points) < 2 or [x for x, _ in points] != sorted({x for x, _ in points}):
        row.problem("curve-order", row.span_of(key))
        return Curve((), row.span_of(key))
    ends = {"below": row.text("below_first", "hold"), "above": row.text("above_last", "hold")}
    return Curve(tuple(points), row.span_of(key), **ends)
