"""The reference reading: one row at a time, over exact rationals with Kleene logic. What it gives is the meaning.

A closed subclass of simpleeval: its dispatcher walks our tree with our handlers, and none of its own operators,
functions, attributes or literals can be reached.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from simpleeval import SimpleEval

from ..amounts import round_to
from ..periods import Duration, FiscalCalendar, months_between
from .tree import Arithmetic, Call, Choose, Compare, Expression, Literal, Logic, Member, Name, Negate, Node, Not, Value

MAX_BITS = 6_000
"""Of a number's numerator and denominator: some 1,800 digits."""

Observer = Callable[[Node, Value], None]
"""Told of every node that was evaluated, after what is below it."""


def evaluate(
    expression: Expression,
    names: Mapping[str, Value],
    calendar: FiscalCalendar | None = None,
    observer: Observer | None = None,
) -> Value:
    """The value of a well-typed expression; None is missing.

    ``names`` must hold every name the expression reads. Raises KeyError where it does not: that is an error of the
    caller, never of an author.
    """
    return Rowwise(calendar or FiscalCalendar(), observer).value(expression, names)


class Rowwise(SimpleEval):  # type: ignore[misc]
    """Reusable for many rows: ``value(expression, names)``."""

    def __init__(self, calendar: FiscalCalendar, observer: Observer | None = None) -> None:
        super().__init__(operators={}, functions={}, names={})
        self.calendar = calendar
        self.observer = observer
        self.row: Mapping[str, Value] = {}
        self.nodes = {
            Literal: lambda node: node.value,
            Name: lambda node: self.row[node.id],
            Negate: self._negate,
            Not: self._not,
            Arithmetic: self._arithmetic,
            Compare: self._compare,
            Logic: self._logic,
            Member: self._member,
            Choose: self._choose,
            Call: self._call,
        }
        self.calls: dict[str, Callable[..., Value]] = {
            "abs": abs,
            "floor": lambda number: Fraction(math.floor(number)),
            "ceiling": lambda number: Fraction(math.ceil(number)),
            "round": lambda number, digits=Fraction(0): round_to(number, int(digits)),
            "min": lambda *numbers: min(numbers),
            "max": lambda *numbers: max(numbers),
            "days_between": lambda start, end: Fraction((end - start).days),
            "months_between": lambda start, end: Fraction(months_between(start, end)),
            "add_days": lambda day, count: _moved(day, count, "days"),
            "add_months": lambda day, count: _moved(day, count, "months"),
            "start_of": lambda unit, day: self._edge(unit, day, last=False),
            "end_of": lambda unit, day: self._edge(unit, day, last=True),
            "contains": lambda text, part: part in text,
            "starts_with": lambda text, part: text.startswith(part),
            "ends_with": lambda text, part: text.endswith(part),
            "lower": lambda text: text.lower(),
        }

    def value(self, expression: Expression, names: Mapping[str, Value]) -> Value:
        self.row = names
        result: Value = self.eval(expression.text, previously_parsed=expression.root)
        return result

    def _eval(self, node: Node) -> Value:
        value: Value = super()._eval(node)
        if self.observer is not None:
            self.observer(node, value)
        return value

    def _check_disallowed_items(self, item: object) -> None:
        """Our handlers give values alone: there is no function or module among them to look for."""

    def _edge(self, unit: str, day: date, *, last: bool) -> date | None:
        """The first or last day of the fiscal period; missing where it leaves the calendar."""
        try:
            return self.calendar.last_day(unit, day) if last else self.calendar.first_day(unit, day)
        except OverflowError:
            return None

    def _negate(self, node: Negate) -> Value:
        value = self._eval(node.operand)
        return -value if isinstance(value, Fraction) else None

    def _not(self, node: Not) -> Value:
        value = self._eval(node.operand)
        return None if value is None else not value

    def _arithmetic(self, node: Arithmetic) -> Value:
        left, right = self._eval(node.left), self._eval(node.right)
        if not isinstance(left, Fraction) or not isinstance(right, Fraction):
            return None
        match node.op:
            case "+":
                return _kept(left + right)
            case "-":
                return _kept(left - right)
            case "*":
                return _kept(left * right)
            case _:
                return _kept(left / right) if right else None

    def _compare(self, node: Compare) -> Value:
        """Every pair is looked at, so that a false pair decides beside a missing one."""
        values = [self._eval(operand) for operand in node.operands]
        return _all([_compared(op, left, right) for op, left, right in zip(node.ops, values, values[1:], strict=False)])

    def _logic(self, node: Logic) -> Value:
        decided = node.op == "or"
        undecided = False
        for operand in node.operands:
            value = self._eval(operand)
            if value is decided:
                return decided
            undecided = undecided or value is None
        return None if undecided else not decided

    def _member(self, node: Member) -> Value:
        value = self._eval(node.operand)
        found = _any([_compared("==", value, self._eval(item)) for item in node.items])
        return found if found is None or not node.negated else not found

    def _choose(self, node: Choose) -> Value:
        condition = self._eval(node.condition)
        if condition is None:
            return None
        return self._eval(node.then if condition else node.otherwise)

    def _call(self, node: Call) -> Value:
        if node.function == "coalesce":
            for argument in node.arguments:
                value = self._eval(argument)
                if value is not None:
                    return value
            return None
        values = [self._eval(argument) for argument in node.arguments]
        if node.function == "is_missing":
            return values[0] is None
        if any(value is None for value in values):
            return None
        return self.calls[node.function](*values)


def _kept(number: Fraction) -> Fraction | None:
    """Missing, like a division by zero, where a number has outgrown all use: chains of products must end somewhere."""
    bits = max(number.numerator.bit_length(), number.denominator.bit_length())
    return number if bits <= MAX_BITS else None


def _moved(day: date, count: Fraction, unit: str) -> date | None:
    """A date that leaves the calendar is missing; part of a day or month does not count."""
    if abs(count) > 4_000_000:
        return None
    try:
        return Duration(math.floor(count), unit).after(day)
    except OverflowError:
        return None


def _compared(op: str, left: Value, right: Value) -> bool | None:
    if left is None or right is None:
        return None
    match op:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right  # type: ignore[operator]
        case "<=":
            return left <= right  # type: ignore[operator]
        case ">":
            return left > right  # type: ignore[operator]
        case _:
            return left >= right  # type: ignore[operator]


def _all(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def _any(values: list[bool | None]) -> bool | None:
    if True in values:
        return True
    return None if None in values else False
