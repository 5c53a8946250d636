"""Rate tables and what a bonus pays: bands, curves and matrices, each kind with its own shape."""

from __future__ import annotations

from dataclasses import replace

from ..language.expression import constant
from ..source.document import List, Scalar
from .decode_shapes import axis, bands, curve
from .model_pay import Bands, Component, Curve, Limit, Matrix, RateTable
from .reading import Reading, expression_of

SHAPES = {
    "linear": "curve",
    "matrix": "rows",
    "steps": "bands",
    "marginal": "bands",
    "whole_amount": "bands",
    "top_tier_on_overage": "bands",
}
"""The key that gives a kind its shape."""


def pays(row: Reading) -> tuple[str, Bands | Curve | Matrix]:
    """The kind and shape of what a bonus earns."""
    return row.text("kind"), _shape(row, "earns")


def rate_table(row: Reading) -> RateTable:
    if row.text("kind") == "top_tier_on_overage" and not row.has("of"):
        row.problem("overage-without-quota", row.span)
    return RateTable(
        kind=row.text("kind"),
        shape=_shape(row, "rate"),
        accumulate=row.text("accumulate"),
        span=row.span,
        of=row.expression("of"),
    )


def _shape(row: Reading, result: str) -> Bands | Curve | Matrix:
    """Of a bonus or of a rate table; ``result`` is what a band gives: earns or rate."""
    kind = row.text("kind")
    own = SHAPES.get(kind, "bands")
    if row.map and [key for key in ("curve", "rows", "bands") if row.has(key)] != [own]:
        row.problem("pays-form", row.span, kind=kind, expected=own)
    if row.map and kind == "linear" and not (row.has("below_first") and row.has("above_last")):
        row.problem("curve-ends", row.span)
    if kind == "linear":
        return curve(row, "curve")
    if kind == "matrix":
        return _matrix(row, result)
    found = bands(row, "bands", result)
    _check_retroactive(row, kind, found)
    return found


def _check_retroactive(row: Reading, kind: str, found: Bands) -> None:
    """A band re-rates what lies below it: only a marginal table has anything there, and not below its lowest band."""
    lowest = 0 if found.rising else len(found.rows) - 1
    for i, (reading, band) in enumerate(zip(row.readings("bands"), found.rows, strict=False)):
        if band.retroactive and kind != "marginal":
            reading.problem("retroactive-kind", reading.span_of("retroactive"), kind=kind)
        elif band.retroactive and i == lowest:
            reading.problem("retroactive-lowest", reading.span_of("retroactive"))


def _matrix(row: Reading, result: str) -> Matrix:
    columns, rows = axis(row, "columns"), axis(row, "rows")
    if not row.has("across") or not row.has("columns"):
        row.problem("matrix-across", row.span)
    nothing = constant(None, "", row.origin)
    cells = []
    for reading in row.readings("rows"):
        node = reading.node(result)
        items = node.items if isinstance(node, List) else ()
        if len(items) != len(columns.rows) and columns.rows:
            span = reading.span_of(result)
            reading.problem("matrix-cells", span, found=len(items), expected=len(columns.rows))
        values = [expression_of(item, row.problems) or nothing for item in items if isinstance(item, Scalar)]
        own = [
            replace(band, value=value, span=item.span)
            for band, value, item in zip(columns.rows, values, items, strict=False)
        ]
        cells.append(replace(columns, rows=tuple(own)))
    across = row.expression("across") or nothing
    return Matrix(across, rows, tuple(cells), row.span, row.expression("down"))


def limit(row: Reading, key: str) -> Limit | None:
    value = row.number(key)
    node = row.node(key)
    if value is None or not isinstance(node, Scalar):
        return None
    return Limit(value, node.text.endswith("%"), node.span)


def check_limits(row: Reading, cap: Limit | None, floor: Limit | None) -> None:
    """A cap is not below zero; of the same kind, a floor is not above it."""
    if cap is not None and cap.value < 0:
        row.problem("cap-below-zero", cap.span, cap=row.text("cap"))
    elif cap is not None and floor is not None and cap.is_share == floor.is_share and floor.value > cap.value:
        row.problem("limits-crossed", floor.span, floor=row.text("floor"), cap=row.text("cap"))


def check_limits_per_credit(row: Reading, found: Component) -> None:
    """They hold what each credit earns by itself; the sum of a period is earned by none."""
    rounds = ["round"] if found.each_credit and found.accumulates == "year" else []
    for key in ("cap_per_credit", "floor_per_credit", *rounds):
        if row.has(key) and (found.bonus is not None or found.accumulates in ("period", "year")):
            summed = f"`accumulate: {found.accumulates}` sums them"
            why = "a bonus has no credits" if found.bonus is not None else summed
            row.problem("limit-per-credit", row.key_span(key), key=key, why=why)
    cap, floor = found.cap_per_credit, found.floor_per_credit
    if cap is not None and floor is not None and floor > cap:
        texts = {name: row.text(f"{name}_per_credit") for name in ("floor", "cap")}
        row.problem("limits-crossed", row.span_of("floor_per_credit"), **texts)
