"""Sums that count each row by the part of the window in which it holds, as plain expressions over the row and as_of."""

from __future__ import annotations

from fractions import Fraction

from ..language.tree import Arithmetic, Call, Choose, Compare, Expression, Literal, Logic, Name, Node
from ..policy.model import CalendarWindow, Measure
from ..tables.shape import Shape
from .lowering import is_missing, lowered, times

AS_OF = Name("as_of")


def prorated(measure: Measure, shape: Shape) -> tuple[Expression, Expression, Expression | None]:
    """What is summed, which rows are, and over what, so that nobody need look at the window any more."""
    window = measure.window
    if not isinstance(window, CalendarWindow) or measure.what is None:
        raise TypeError("the checks let it pass")
    start, last = _days_of(window)
    own_start, own_last = _own_days(shape, start, last)
    holds: Node = Compare((">=",), (own_last, own_start))
    if measure.where is not None:
        holds = Logic("and", (measure.where.root, holds))
    text = measure.where.text if measure.where is not None else f"some of the {window.unit}"
    part = Arithmetic("/", _count(measure.prorate, own_start, own_last), _count(measure.prorate, start, last))
    over = _times(measure.over, part, window) if measure.over is not None else None
    return _times(measure.what, part, window), lowered(holds, text, measure.span), over


def _times(whole: Expression, part: Node, window: CalendarWindow) -> Expression:
    return Expression(f"{whole.text} × its part of the {window.unit}", times(whole.root, part), whole.origin)


def _days_of(window: CalendarWindow) -> tuple[Node, Node]:
    """The first and the last day of the window."""
    start = Call("start_of", (Literal(window.unit), AS_OF))
    if not window.previous:
        return start, AS_OF
    last = _day_before(start)
    return Call("start_of", (Literal(window.unit), last)), last


def _own_days(shape: Shape, start: Node, last: Node) -> tuple[Node, Node]:
    """The first and the last day of the window on which a row holds; the last is before the first where none is."""
    first, end = start, last
    if shape.valid_from:
        day = Name(shape.valid_from)
        first = Choose(_or_missing(day, "<", start), start, day)
    if shape.valid_before or shape.valid_until:
        day = Name(shape.valid_before or shape.valid_until or "")
        end = Choose(_or_missing(day, ">", last), last, _day_before(day) if shape.valid_before else day)
    return first, end


def _or_missing(day: Name, sign: str, other: Node) -> Node:
    return Logic("or", (is_missing(day), Compare((sign,), (day, other))))


def _day_before(day: Node) -> Node:
    return Call("add_days", (day, Literal(Fraction(-1))))


def _count(unit: str, first: Node, last: Node) -> Node:
    """The days, or the months whose first day lies between them, both ends included."""
    if unit == "days":
        return Arithmetic("+", Call("days_between", (first, last)), Literal(Fraction(1)))
    before, end = (Call("start_of", (Literal("month"), day)) for day in (_day_before(first), last))
    return Call("months_between", (before, end))
