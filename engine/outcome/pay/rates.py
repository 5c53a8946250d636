"""Rate tables: an amount cut into slices, each at its rate. The kinds are told apart by their names, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...language.rowwise import Rowwise
from ...language.tree import Expression, Literal, Node
from ...periods import FiscalCalendar
from ...policy.model_pay import Bands, Curve
from ...program import lowering

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Step:
    """A segment ``[low, high)`` of the amounts (None reaches without end) and its rate."""

    low: Fraction | None
    high: Fraction | None
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the amount at its rate; ``rate`` None where a curve gives the amount itself."""

    amount: Fraction
    rate: Fraction | None
    earning: Fraction


def steps(shape: Bands, rates: Sequence[Fraction], of: Fraction | None) -> list[Step]:
    """The bands as rising segments; edges are parts of ``of`` where it is given. An edge opens the upper one."""
    edges = [row.edge * (of if of is not None else 1) for row in shape.rows if row.edge is not None]
    if shape.rising:
        bounds = [None, *edges, None]
        return [Step(low, high, rate) for low, high, rate in zip(bounds, bounds[1:], rates, strict=False)]
    bounds = [None, *reversed(edges), None]
    return [Step(low, high, rate) for low, high, rate in zip(bounds, bounds[1:], reversed(rates), strict=False)]


def slices(kind: str, table: Sequence[Step], amount: Fraction, of: Fraction | None) -> list[Slice]:
    """``marginal``: each slice at its own rate, from zero up; an amount below zero all at the lowest. ``whole_amount``:
    all at the rate reached. ``top_tier_on_overage``: up to ``of`` at the rate just below it, all above at the one
    reached.
    """
    if kind == "marginal" and amount > 0:
        cut = [
            (step, max(step.low or ZERO, ZERO), amount if step.high is None else min(step.high, amount))
            for step in table
        ]
        return [_slice(high - low, step.rate) for step, low, high in cut if high > low]
    if kind == "top_tier_on_overage" and of is not None and amount >= of:
        below = next(
            step for step in table if (step.low is None or step.low < of) and (step.high is None or step.high >= of)
        )
        over = [_slice(amount - of, _reached(table, amount).rate)] if amount > of else []
        return [_slice(of, below.rate), *over]
    return [_slice(amount, _reached(table, amount).rate)]


def _reached(table: Sequence[Step], amount: Fraction) -> Step:
    return next(
        step for step in table if (step.low is None or amount >= step.low) and (step.high is None or amount < step.high)
    )


def _slice(amount: Fraction, rate: Fraction) -> Slice:
    return Slice(amount, rate, amount * rate)


def on_curve(shape: Curve, amount: Fraction, of: Fraction | None) -> list[Slice]:
    """The amount that the curve gives; its x are parts of ``of`` where it is given. Missing where ``of`` is zero."""
    if of == 0:
        return []
    found = value_of(lowering.curve(Literal(amount / of if of is not None else amount), shape))
    return [Slice(amount, None, found)] if found is not None else []


def value_of(node: Node) -> Fraction | None:
    """A constant tree that lowering made."""
    root = Expression("", node, _NOWHERE)
    value = Rowwise(FiscalCalendar()).value(root, {})
    return value if isinstance(value, Fraction) else None


_NOWHERE = lowering.NOWHERE
