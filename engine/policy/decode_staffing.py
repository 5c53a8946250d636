"""Staffing: ratios, budgets, limits of contacts, levelling; and what a role has to give and costs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..amounts import parse_decimal
from ..language.expression import constant
from .decode_shapes import bands
from .model_staffing import Budget, ContactLimit, Levelling, Ratio, Staffing
from .reading import Reading

_A_RATE = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?) per (week|hour)")
PARTS = ("ratios", "budgets", "contact_limits", "levelling")
WEEKS = 13
MOST_WEEKS = 53
HOURS_A_WEEK = 168


def staffing(top: Reading, frame: dict[str, Any]) -> Staffing:
    if not any(top.has(part) for part in PARTS):
        top.problem("staffing-of-nothing", top.span_of("name"))
    return Staffing(
        **frame,
        ratios=tuple(_ratio(row) for row in top.readings("ratios")),
        budgets=tuple(_budget(row) for row in top.readings("budgets")),
        contact_limits=_limits(list(top.readings("contact_limits"))),
        levelling=_levelling(top.inner("levelling")) if top.has("levelling") else None,
    )


def _ratio(row: Reading) -> Ratio:
    return Ratio(
        name=row.text("ratio"),
        span=row.span_of("ratio"),
        per=row.text("per"),
        per_span=row.span_of("per"),
        load=row.required("load"),
        one_carries=row.required("one_carries"),
        have=row.expression("have") or constant(Fraction(1), "1", row.origin),
        because=row.text("because"),
    )


def _budget(row: Reading) -> Budget:
    return Budget(
        name=row.text("budget"),
        span=row.span_of("budget"),
        allow=row.required("allow"),
        start=row.required("from"),
        before=row.required("before"),
        bands=bands(row, "bands", "service", words=True),
        population=row.expression("for"),
        because=row.text("because"),
    )


def _limits(rows: Sequence[Reading]) -> tuple[ContactLimit, ...]:
    """Every row but the last has a ``for``, and the last has none."""
    for i, row in enumerate(rows):
        if (i < len(rows) - 1) != row.has("for"):
            row.problem("limit-order", row.span)
    return tuple(
        ContactLimit(row.expression("for"), row.integer("at_most", 1), row.span_of("at_most"), row.text("because"))
        for row in rows
    )


def _levelling(row: Reading) -> Levelling:
    return Levelling(min(max(row.integer("weeks", WEEKS), 1), MOST_WEEKS), row.span)


def rate(row: Reading, key: str, unit: str) -> Fraction | None:
    """``28 per week`` or ``60 per hour`` as a number; what is something else was reported by the schema."""
    found = _A_RATE.fullmatch(row.text(key))
    value = parse_decimal(found[1]) if found and found[2] == unit else None
    if value is not None and unit == "week" and value > HOURS_A_WEEK:
        row.problem("hours-of-a-week", row.span_of(key), found=row.text(key))
        return None
    return value
