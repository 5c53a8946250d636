"""Draws, holdbacks, clawbacks of a pay plan."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from ..amounts import percent
from ..language.tree import Expression, Literal
from ..source.document import Scalar
from .model_settlement import AtMost, Clawback, Draw, Holdback
from .reading import Reading, broken

_EACH = re.compile(r"(.*\S) per (month|quarter|half|year)", re.DOTALL)


def draws(top: Reading) -> tuple[Draw, ...]:
    return tuple(_draw(row) for row in top.readings("draws"))


def _draw(row: Reading) -> Draw:
    amount, unit = _each(row)
    recovers = row.text("recover") == "from_earnings"
    if not recovers:
        for key in ("recover_from", "recover_at_most", "at_end"):
            if row.has(key):
                row.problem("draw-not-recovered", row.key_span(key), name=row.text("draw"), key=key)
    elif row.has("before") and not row.has("at_end"):
        row.problem("draw-end", row.span_of("draw"), name=row.text("draw"))
    most = row.number("recover_at_most")
    node = row.node("recover_at_most")
    is_share = isinstance(node, Scalar) and node.text.endswith("%")
    if most is not None and (most <= 0 or (is_share and most > 1)):
        row.problem("recover-at-most", row.span_of("recover_at_most"), found=row.text("recover_at_most"))
    limit = row.number("limit")
    if limit is not None and limit <= 0:
        row.problem("draw-limit", row.span_of("limit"), found=row.text("limit"))
    return Draw(
        name=row.text("draw"),
        kind=row.text("kind"),
        amount=amount,
        unit=unit,
        recovers=recovers,
        span=row.span_of("draw"),
        start=row.expression("from"),
        before=row.expression("before"),
        recover_from=row.expression("recover_from"),
        recover_at_most=AtMost(most, is_share) if most is not None else None,
        limit=limit,
        at_end=row.text("at_end"),
        because=row.text("because"),
    )


def _each(row: Reading) -> tuple[Expression, str]:
    """``2_000 per month``: how much, for each of which period."""
    text = row.text("amount")
    found = _EACH.fullmatch(text)
    if found is None:
        if text:
            row.problem("draw-amount", row.span_of("amount"), found=text)
        return broken(row.span_of("amount")), "month"
    return row.leading("amount", len(found[1])) or broken(row.span_of("amount")), found[2]


def holdbacks(top: Reading) -> tuple[Holdback, ...]:
    return tuple(_holdback(row) for row in top.readings("holdbacks"))


def _holdback(row: Reading) -> Holdback:
    part = row.required("part")
    value = part.root.value if isinstance(part.root, Literal) else None
    if isinstance(value, Fraction) and not 0 < value <= 1:
        row.problem("holdback-part", row.span_of("part"), found=percent(value))
    return Holdback(
        name=row.text("holdback"),
        part=part,
        release_on=row.required("release_on"),
        span=row.span_of("holdback"),
        of=row.words("of"),
        because=row.text("because"),
    )


def clawback(row: Reading) -> Clawback:
    within = row.length("within")
    prorate = row.text("prorate", "none")
    if prorate != "none" and not row.has("within"):
        row.problem("clawback-without-window", row.span_of("prorate"), prorate=prorate)
    elif prorate == "months" and within is not None and within.unit not in ("months", "years"):
        row.problem("clawback-in-months", row.span_of("within"), found=row.text("within"))
        within = replace(within, unit="months")
    return Clawback(
        day=row.required("day"),
        span=row.span,
        when=row.expression("when"),
        within=within,
        prorate=prorate,
        because=row.text("because"),
    )
