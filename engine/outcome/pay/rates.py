"""Rate tables: an amount cut into slices, each at its rate. The kinds are told apart by their names, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...language.rowwise import Rowwise
from ...language.tree import Expression, Literal, Node
from ...periods import FiscalCalendar
from ...policy.model_pay import Band, Bands, Curve, Matrix
from ...program import lowering

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Segment:
    """The amounts of ``[low, high)`` and their rate; ``exclusive``: of ``(low, high]``. None reaches without end.

    ``retroactive``: once reached, its rate counts from zero up to ``high``.
    """

    low: Fraction | None
    high: Fraction | None
    rate: Fraction
    retroactive: bool = False
    exclusive: bool = False

    def __contains__(self, amount: Fraction) -> bool:
        if self.exclusive:
            return (self.low is None or amount > self.low) and (self.high is None or amount <= self.high)
        return (self.low is None or amount >= self.low) and (self.high is None or amount < self.high)


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the amount at its rate; ``rate`` None where a curve gives the amount itself."""

    amount: Fraction
    rate: Fraction | None
    earning: Fraction


@dataclass(frozen=True, slots=True)
class Scale:
    """A rate table with the figures of one payee: rising segments of amounts, or a curve over parts of ``of``."""

    kind: str
    shape: Sequence[Segment] | Curve
    of: Fraction | None = None

    def cut(self, amount: Fraction, after: Fraction | None = None) -> list[Slice]:
        """The slices of ``amount``; of one that comes after others, where these sum to ``after``."""
        if isinstance(self.shape, Curve):
            return on_curve(self.shape, amount, self.of, after)
        return slices(self.kind, self.shape, amount, self.of, after or ZERO)


def segments(shape: Bands, rates: Sequence[Fraction], of: Fraction | None) -> list[Segment]:
    """The bands, lowest first; edges are parts of ``of`` where it is given."""
    edges = [row.edge * (of if of is not None else 1) for row in shape.rows if row.edge is not None]
    rows = list(zip(shape.rows, rates, strict=True))
    if not shape.rising:
        edges, rows = edges[::-1], rows[::-1]
    bounds = [None, *edges, None]
    return [
        Segment(low, high, rate, row.retroactive, shape.exclusive)
        for low, high, (row, rate) in zip(bounds, bounds[1:], rows, strict=False)
    ]


def slices(
    kind: str, table: Sequence[Segment], amount: Fraction, of: Fraction | None, after: Fraction = ZERO
) -> list[Slice]:
    """``marginal``: each slice at its own rate, from zero up; an amount below zero all at the lowest. ``whole_amount``:
    all at the rate reached. ``top_tier_on_overage``: up to ``of`` at the rate just below it, all above at the one
    reached. What others sum to before it, ``after``, moves where the amount begins.
    """
    if kind == "marginal":
        return _marginal(table, amount, after)
    end = after + amount
    if kind == "top_tier_on_overage" and of is not None and max(after, end) >= of:
        over = max(end, of) - max(after, of)
        below = next(
            each for each in table if (each.low is None or each.low < of) and (each.high is None or each.high >= of)
        )
        reached = _reached(table, max(after, end)).rate
        found = [_slice(amount - over, below.rate), _slice(over, reached)]
        return [each for each in found if each.amount] or found[:1]
    return [_slice(amount, _reached(table, end).rate)]


def _marginal(table: Sequence[Segment], amount: Fraction, after: Fraction) -> list[Slice]:
    """What each segment has with the amount, less what it had before: one that is re-rated gives back what it had."""
    earlier = _parts(table, after) if after else [ZERO] * len(table)
    more = zip(table, _parts(table, after + amount), earlier, strict=True)
    found = [_slice(now - before, segment.rate) for segment, now, before in more if now != before]
    return found or [_slice(amount, _reached(table, after + amount).rate)]


def _parts(table: Sequence[Segment], amount: Fraction) -> list[Fraction]:
    """How much of the amount lies in each segment, from zero up; in a retroactive one all from zero to its end."""
    reached = next(i for i, each in enumerate(table) if amount in each)
    if amount <= 0:
        return [amount if i == reached else ZERO for i in range(len(table))]
    again = max((i for i in range(reached + 1) if table[i].retroactive), default=-1)
    found = []
    for i, each in enumerate(table):
        low = ZERO if i == again or each.low is None else max(each.low, ZERO)
        high = amount if each.high is None else min(each.high, amount)
        found.append(high - low if i >= again and high > low else ZERO)
    return found


def _reached(table: Sequence[Segment], amount: Fraction) -> Segment:
    return next(each for each in table if amount in each)


def _slice(amount: Fraction, rate: Fraction) -> Slice:
    return Slice(amount, rate, amount * rate)


def on_curve(shape: Curve, amount: Fraction, of: Fraction | None, after: Fraction | None = None) -> list[Slice]:
    """The amount that the curve gives; its x are parts of ``of`` where it is given. Missing where ``of`` is zero.

    After others: what it gives for all of them, less what it gave before.
    """
    if of == 0:
        return []
    ends = [amount] if after is None else [after + amount, after]
    given = [value_of(lowering.curve(Literal(end / of if of is not None else end), shape)) for end in ends]
    known = [value for value in given if value is not None]
    if len(known) < len(ends):
        return []
    return [Slice(amount, None, known[0] - sum(known[1:], ZERO))]


def cell_column(shape: Matrix, across: Fraction) -> Bands:
    """The rows of a matrix, each with the cell of the column that ``across`` is in."""
    chosen = [band_of(cells, across) for cells in shape.cells]
    rows = [replace(row, value=cell.value, span=cell.span) for row, cell in zip(shape.rows.rows, chosen, strict=True)]
    return replace(shape.rows, rows=tuple(rows))


def band_of(shape: Bands, amount: Fraction) -> Band:
    """The band that the amount is in."""
    for row in shape.rows[:-1]:
        edge = row.edge if row.edge is not None else ZERO
        if amount < edge if shape.rising else amount > edge or (amount == edge and not shape.exclusive):
            return row
    return shape.rows[-1]


def value_of(node: Node) -> Fraction | None:
    """A constant tree that lowering made."""
    root = Expression("", node, _NOWHERE)
    value = Rowwise(FiscalCalendar()).value(root, {})
    return value if isinstance(value, Fraction) else None


_NOWHERE = lowering.NOWHERE
