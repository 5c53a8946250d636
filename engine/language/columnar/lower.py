"""A well-typed tree to the steps of its columnar computation. What a name stands for, the caller says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from ...periods import FiscalCalendar
from ..tree import Arithmetic, Call, Choose, Compare, Literal, Logic, Member, Name, Negate, Node, Not, Value
from .days import Days
from .numbers import Arm, Number, Numbers
from .steps import INTEGER, TEXT, TRUTH, Graph, Step

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Day:
    """Days since 1970-01-01."""

    step: Step


Operand: TypeAlias = Number | Day | Step
"""A number, a date, or the step of a truth or text."""

Resolve: TypeAlias = Callable[[str], Operand | None]


def constant_operand(graph: Graph, value: Value) -> Operand | None:
    """A value as an operand; None for the missing one, whose kind its neighbours tell."""
    if value is None:
        return None
    if isinstance(value, Fraction):
        return Number(value)
    if isinstance(value, date):
        return Day(graph.constant((value - EPOCH).days))
    return graph.constant(value)


class Lowering:
    """Lowers the expressions of one graph; ``resolve`` gives the operand of a name."""

    def __init__(self, graph: Graph, calendar: FiscalCalendar, resolve: Resolve) -> None:
        self.graph, self.numbers, self.days = graph, Numbers(graph), Days(graph, calendar)
        self.resolve = resolve
        self._lowered: dict[int, tuple[Node, Operand | None]] = {}

    def operand(self, node: Node) -> Operand | None:
        """What ``node`` computes; None where that is always missing. Raises ranges.TooWide."""
        # a node is kept beside its operand, so that its id stays its own
        known = self._lowered.get(id(node))
        if known is None or known[0] is not node:
            known = self._lowered[id(node)] = node, self._operand(node)
        return known[1]

    def _operand(self, node: Node) -> Operand | None:
        match node:
            case Literal(value=value):
                return constant_operand(self.graph, value)
            case Name(id=name):
                return self.resolve(name)
            case Negate(operand=operand):
                number = self.number(operand)
                return self.numbers.negated(number)
            case Not(operand=operand):
                return self.graph.negate(self.truth(operand))
            case Arithmetic():
                return self._arithmetic(node)
            case Compare():
                pairs = zip(node.ops, node.operands, node.operands[1:], strict=False)
                return self.graph.all_of([self._compare(op, left, right) for op, left, right in pairs])
            case Logic(op=op, operands=operands):
                truths = [self.truth(operand) for operand in operands]
                return self.graph.all_of(truths) if op == "and" else self.graph.any_of(truths)
            case Member():
                found = self._member(node)
                return self.graph.negate(found) if node.negated else found
            case Choose():
                return self._choose(node)
            case _:
                return self._call(node)

    def number(self, node: Node) -> Number:
        found = self.operand(node)
        return found if isinstance(found, Number) else self.numbers.missing()

    def truth(self, node: Node) -> Step:
        return self._step(node, TRUTH)

    def _step(self, node: Node, kind: str) -> Step:
        """The step of a truth, a text, or (``INTEGER``) a date."""
        found = self.operand(node)
        if isinstance(found, Day):
            return found.step
        return found if isinstance(found, Step) else self.graph.constant(None, kind)

    def _arithmetic(self, node: Arithmetic) -> Number:
        left, right = self.number(node.left), self.number(node.right)
        match node.op:
            case "+":
                return self.numbers.sum(left, right)
            case "-":
                return self.numbers.sum(left, right, -1)
            case "*":
                return self.numbers.times(left, right)
            case _:
                return self.numbers.quotient(left, right)

    def _compare(self, op: str, left: Node, right: Node) -> Step:
        one, other = self.operand(left), self.operand(right)
        if one is None or other is None:
            return self.graph.constant(None, TRUTH)
        if isinstance(one, Number) and isinstance(other, Number):
            return self.numbers.compare(op, one, other)
        first, second = (found.step if isinstance(found, Day) else found for found in (one, other))
        if isinstance(first, Number) or isinstance(second, Number):
            raise TypeError("a number beside another kind: the expression is not well typed")
        if first.is_constant and not second.is_constant:
            first, second, op = second, first, FLIPPED[op]
        return self.graph.compare(op, first, second)

    def _member(self, node: Member) -> Step:
        """Texts that are written out are looked up at once."""
        found = self.operand(node.operand)
        texts = [item.value for item in node.items if isinstance(item, Literal) and isinstance(item.value, str)]
        if (
            isinstance(found, Step)
            and found.kind == TEXT
            and not found.is_constant
            and len(texts) == len(node.items) > 1
        ):
            return self.graph.is_in(found, tuple(dict.fromkeys(texts)))
        return self.graph.any_of([self._compare("==", node.operand, item) for item in node.items])

    def _choose(self, node: Choose) -> Operand | None:
        """A ladder of conditions at once, so that its arms are joined once."""
        ladder: list[tuple[Step | None, Node]] = []
        rest: Node = node
        while isinstance(rest, Choose):
            ladder.append((self.truth(rest.condition), rest.then))
            rest = rest.otherwise
        ladder.append((None, rest))
        found = [self.operand(arm) for _, arm in ladder]
        if all(operand is None for operand in found):
            return None
        if any(isinstance(operand, Number) for operand in found):
            return self.numbers.choice([Arm(condition, self.number(arm)) for condition, arm in ladder])
        kind = next(operand.kind if isinstance(operand, Step) else INTEGER for operand in found if operand is not None)
        steps = [self._step(arm, kind) for _, arm in ladder]
        if kind == TEXT and all(step.is_constant for step in steps):
            return self._words(ladder, steps)
        step = steps[-1]
        for condition, arm in reversed(ladder[:-1]):
            if condition is not None:
                step = self.graph.where(condition, self._step(arm, kind), step)
        return Day(step) if any(isinstance(operand, Day) for operand in found) else step

    def _words(self, ladder: Sequence[tuple[Step | None, Node]], steps: Sequence[Step]) -> Step:
        """Words that are written out are chosen by their number, and put in its place at the end."""
        words = tuple(dict.fromkeys(step.data for step in steps if isinstance(step.data, str)))
        numbers = [
            self.graph.constant(words.index(step.data) if isinstance(step.data, str) else None, INTEGER)
            for step in steps
        ]
        found = numbers[-1]
        for (condition, _), number in reversed(list(zip(ladder[:-1], numbers[:-1], strict=True))):
            if condition is not None:
                found = self.graph.where(condition, number, found)
        return self.graph.lookup(found, words, TEXT)

    def _call(self, node: Call) -> Operand | None:
        arguments = node.arguments
        match node.function:
            case "coalesce":
                return self._coalesce(arguments)
            case "is_missing":
                return self._is_missing(arguments[0])
            case "min" | "max":
                op = "<=" if node.function == "min" else ">="
                return self.numbers.least([self.number(argument) for argument in arguments], op)
            case "abs":
                return self.numbers.magnitude(self.number(arguments[0]))
            case "floor":
                return self.numbers.floored(self.number(arguments[0]))
            case "ceiling":
                below = self.numbers.floored(self.numbers.negated(self.number(arguments[0])))
                return self.numbers.negated(below)
            case "round":
                digits = int(_written(arguments[1])) if len(arguments) > 1 else 0
                return self.numbers.rounded(self.number(arguments[0]), digits)
            case "contains" | "starts_with" | "ends_with":
                text, part = (self._step(argument, TEXT) for argument in arguments)
                return self.graph.special(node.function, TRUTH, (text, part))
            case "lower":
                return self.graph.lower(self._step(arguments[0], TEXT))
            case _:
                return self._date_call(node)

    def _date_call(self, node: Call) -> Operand:
        first = self._step(node.arguments[0], INTEGER)
        if node.function in ("start_of", "end_of"):
            unit, day = str(_word(node.arguments[0])), self._step(node.arguments[1], INTEGER)
            return Day(self.days.edge(unit, day, last=node.function == "end_of"))
        if node.function in ("add_days", "add_months"):
            count = self.numbers.floored(self.number(node.arguments[1]))
            moved = self.days.add_days if node.function == "add_days" else self.days.add_months
            return Day(moved(first, self.numbers.fraction(count)[0]))
        second = self._step(node.arguments[1], INTEGER)
        between = self.graph.subtract if node.function == "days_between" else self.days.months_between
        found = between(second, first) if node.function == "days_between" else between(first, second)
        return Number(Fraction(1), found) if not found.is_constant else self._constant(found)

    def _constant(self, step: Step) -> Number:
        return Number(Fraction(step.data)) if isinstance(step.data, int) else self.numbers.missing()

    def _coalesce(self, arguments: Sequence[Node]) -> Operand | None:
        found = [operand for operand in (self.operand(argument) for argument in arguments) if operand is not None]
        if not found:
            return None
        numbers = [operand for operand in found if isinstance(operand, Number)]
        if numbers:
            return reduce(lambda rest, number: self.numbers.coalesced(number, rest), reversed(numbers))
        steps = [
            operand.step if isinstance(operand, Day) else operand
            for operand in found
            if not isinstance(operand, Number)
        ]
        step = reduce(lambda rest, one: self.graph.coalesce(one, rest), reversed(steps))
        return Day(step) if isinstance(found[0], Day) else step

    def _is_missing(self, node: Node) -> Step:
        found = self.operand(node)
        if found is None:
            return self.graph.constant(True)
        if isinstance(found, Number):
            return self.numbers.is_missing(found)
        return self.graph.is_missing(found.step if isinstance(found, Day) else found)


FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _written(node: Node) -> Fraction:
    """A number that is written out: the types allow no other."""
    if isinstance(node, Literal) and isinstance(node.value, Fraction):
        return node.value
    raise TypeError("a number written out was expected: the expression is not well typed")


def _word(node: Node) -> str:
    if isinstance(node, Literal) and isinstance(node.value, str):
        return node.value
    raise TypeError("a word written out was expected: the expression is not well typed")
