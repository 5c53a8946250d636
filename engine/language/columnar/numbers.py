"""Exact rationals in columns: a constant times a whole number over positive whole numbers, none of them reduced.

Missing lives in the numerator alone: a divisor that is missing or zero makes it missing, and may then be anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import ceil, floor, gcd, lcm

from ..ranges import TooWide
from .steps import COMPARE, INTEGER, NOTHING, Graph, Missing, Step, columns_below, implied

MOST_FACTORS = 8
MOST_BITS = 2_000
"""Of a constant. With factors of 128 bits a number stays far below the limit where the reference lets it be missing."""

FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Number:
    """``constant · over / Π divisors``; ``over`` None is 1. ``divisors`` are in the order of their ids."""

    constant: Fraction
    over: Step | None = None
    divisors: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        bits = max(self.constant.numerator.bit_length(), self.constant.denominator.bit_length())
        if bits > MOST_BITS or len(self.divisors) > MOST_FACTORS:
            raise TooWide(columns_below((self.over, *self.divisors) if self.over else self.divisors))


@dataclass(frozen=True, slots=True)
class Arm:
    """A value of a choice, and the condition under which it is the one (None: when no other is)."""

    condition: Step | None
    value: Number


class Numbers:
    """Arithmetic on Numbers; every step is made, and proven, in ``graph``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    # building blocks

    def whole(self, number: Number) -> Step:
        """The numerator's whole number."""
        return number.over if number.over is not None else self.graph.constant(1)

    def missing(self) -> Number:
        return Number(Fraction(1), self.graph.constant(None, INTEGER))

    def unit(self, numbers: Sequence[Fraction]) -> Fraction:
        """The greatest number of which all are whole multiples."""
        return _gcd(numbers) or Fraction(1)

    def scaled(self, factor: int, step: Step) -> Step:
        return self.graph.multiply(self.graph.constant(factor), step)

    def product(self, steps: Sequence[Step]) -> Step:
        return reduce(self.graph.multiply, steps, self.graph.constant(1))

    # arithmetic

    def negated(self, number: Number) -> Number:
        return Number(-number.constant, number.over, number.divisors)

    def sum(self, left: Number, right: Number, sign: int = 1) -> Number:
        if left.over is None and right.over is None:
            return Number(left.constant + sign * right.constant)
        unit = self.unit((left.constant, right.constant))
        shared = _union(left.divisors, right.divisors)
        # of a sum both sides must be there, so a divisor that is missing may make the other side missing
        one, other = self._raised(left, unit, shared), self._raised(right, unit, shared)
        join = self.graph.add if sign > 0 else self.graph.subtract
        return Number(unit, join(one, other), shared)

    def _raised(self, number: Number, unit: Fraction, divisors: tuple[Step, ...]) -> Step:
        """The numerator over ``unit`` and ``divisors``."""
        factor = number.constant / unit
        added = _without(divisors, number.divisors)
        return self.product((self.scaled(factor.numerator, self.whole(number)), *added))

    def times(self, left: Number, right: Number) -> Number:
        constant = left.constant * right.constant
        if left.over is None or right.over is None:
            some = left if right.over is None else right
            return self._with_constant(constant, some.over, some.divisors)
        over = self.graph.multiply(left.over, right.over)
        return self._with_constant(constant, over, _sorted(left.divisors + right.divisors))

    def _with_constant(self, constant: Fraction, over: Step | None, divisors: tuple[Step, ...]) -> Number:
        """A zero keeps what is missing."""
        if constant == 0 and over is not None:
            return Number(Fraction(1), self.scaled(0, over))
        return Number(constant, over, divisors)

    def quotient(self, left: Number, right: Number) -> Number:
        """Missing where ``right`` is zero."""
        if right.constant == 0:
            return self.missing()
        constant = left.constant / right.constant
        raised = self.product((self.whole(left), *_without(right.divisors, left.divisors)))
        kept = _without(left.divisors, right.divisors)
        if right.over is None:
            return self._with_constant(constant, raised if left.over or right.divisors else None, kept)
        graph, divisor, zero = self.graph, right.over, self.graph.constant(0)
        if divisor.range.high <= 0:
            constant, divisor = -constant, graph.subtract(zero, divisor)
        if divisor.range.low >= 0:
            if divisor.range.low == 0 or not implied(divisor.missing_by, raised.missing_with):
                raised = graph.only_where(graph.compare(">", divisor, zero), raised)
        else:
            turned = graph.where(graph.compare(">", divisor, zero), raised, graph.subtract(zero, raised))
            raised = graph.only_where(graph.compare("!=", divisor, zero), turned)
            divisor = graph.magnitude(divisor)
        if constant == 0:
            return Number(Fraction(1), self.scaled(0, raised))
        return Number(constant, raised, _sorted((*kept, divisor)))

    # comparisons

    def compare(self, op: str, left: Number, right: Number) -> Step:
        """By cross-multiplication; with a constant as a threshold of the whole number, at the price of one compare."""
        if left.over is None and right.over is None:
            return self.graph.constant(COMPARE[op](left.constant, right.constant))
        if left.over is None or (left.constant == 0 and right.constant != 0):
            return self.compare(FLIPPED[op], right, left)
        if left.constant == 0:
            return self.compare(op, Number(Fraction(1), self.scaled(0, left.over)), right)
        if right.over is None:
            return self._threshold(op, left, right.constant / left.constant)
        a, b = _ratio(left.constant, right.constant)
        if b == 0:
            return self.compare(op, left, Number(Fraction(1), self.scaled(0, right.over)))
        one = self.product((self.scaled(a, left.over), *_without(right.divisors, left.divisors)))
        other = self.product((self.scaled(b, right.over), *_without(left.divisors, right.divisors)))
        return self.graph.compare(op, one, other)

    def _threshold(self, op: str, left: Number, bound: Fraction) -> Step:
        op = FLIPPED[op] if left.constant < 0 else op
        over = self.whole(left)
        if left.divisors and bound != 0:
            one = self.scaled(bound.denominator, over)
            return self.graph.compare(op, one, self.product((self.graph.constant(bound.numerator), *left.divisors)))
        if bound.denominator != 1 and op in ("==", "!="):
            return self.graph.known(op == "!=", over)
        # of whole numbers, those from t on are those from ceil t on; those up to t those up to floor t
        whole = ceil(bound) if op in (">=", "<") else floor(bound)
        low, high = over.range.low - whole, over.range.high - whole
        apart = low > 0 or high < 0
        always = {"<": high < 0, "<=": high <= 0, ">": low > 0, ">=": low >= 0, "==": False, "!=": apart}[op]
        never = {"<": low >= 0, "<=": low > 0, ">": high <= 0, ">=": high < 0, "==": apart, "!=": False}[op]
        if always or never:
            return self.graph.known(always, over)
        return self.graph.compare(op, over, self.graph.constant(whole))

    # choices

    def choice(self, arms: Sequence[Arm]) -> Number:
        """The value of the first arm whose condition holds; missing where a condition before it is missing. All stand
        over one constant and the same divisors, so that a rounding after it is one division."""
        seen = arms[0].condition.missing_with if arms[0].condition is not None else NOTHING
        numbers = self._beside([arm.value for arm in arms], seen)
        constants = [number.constant for number in numbers if not self._is_missing(number)]
        unit = self.unit(constants)
        if all(number.over is None or self._is_missing(number) for number in numbers):
            # written out anyway: with the whole numerators no product is left to do
            unit = Fraction(1, unit.denominator)
        divisors: tuple[Step, ...] = ()
        for number in numbers:
            divisors = _union(divisors, number.divisors)
        values = [self._raised_arm(number, unit, divisors) for number in numbers]
        found = values[-1]
        for arm, value in zip(reversed(arms[:-1]), reversed(values[:-1]), strict=True):
            if arm.condition is not None:
                found = self.graph.where(arm.condition, value, found)
        if found.is_constant and isinstance(found.data, int) and not divisors:
            return Number(unit * found.data)
        return Number(unit, found, divisors)

    def _raised_arm(self, value: Number, unit: Fraction, divisors: tuple[Step, ...]) -> Step:
        return self.whole(value) if self._is_missing(value) else self._raised(value, unit, divisors)

    def _beside(self, numbers: Sequence[Number], seen: Missing) -> list[Number]:
        """Numbers of which a row takes one. A divisor may be anything where its own numerator is missing; unless all
        is missing there (``seen`` says with what), it must not spoil the others, and is filled."""
        harmless = {
            divisor
            for number in numbers
            for divisor in number.divisors
            if (number.over is not None and implied(number.over.missing_by, seen))
            or (divisor.range.low >= 1 and implied(divisor.missing_by, seen))
        }

        def sound(divisor: Step) -> Step:
            return divisor if divisor in harmless else self.graph.filled(divisor)

        return [Number(n.constant, n.over, _sorted(tuple(sound(d) for d in n.divisors))) for n in numbers]

    def _is_missing(self, number: Number) -> bool:
        return number.over is not None and number.over.is_constant and number.over.data is None

    def least(self, numbers: Sequence[Number], op: str) -> Number:
        """The least (``<=``) or the greatest (``>=``); missing if one is."""
        found = numbers[0]
        for number in numbers[1:]:
            # the arm that is taken when the condition is missing should be missing with it
            one, other = (number, found) if number.over is None else (found, number)
            found = self.choice([Arm(self.compare(op, one, other), one), Arm(None, other)])
        return found

    def coalesced(self, first: Number, second: Number) -> Number:
        if first.over is None:
            return first
        if self._is_missing(first) or self._is_missing(second):
            return second if self._is_missing(first) else first
        first, second = self._beside((first, second), NOTHING)
        unit = self.unit((first.constant, second.constant))
        shared = _union(first.divisors, second.divisors)
        one, other = self._raised(first, unit, shared), self._raised(second, unit, shared)
        return Number(unit, self.graph.coalesce(one, other), shared)

    # rounding

    def floored(self, number: Number) -> Number:
        top, below = self._fraction(number, 1)
        return Number(Fraction(1), self.graph.floor_divide(top, below))

    def rounded(self, number: Number, digits: int) -> Number:
        """A half away from zero, in one floor division: ``(n + d/2 - [n < 0]) // d`` over an even d."""
        unit = Fraction(10) ** -digits
        if number.over is None:
            return Number(unit * _half_away(number.constant / unit))
        if not number.divisors and (number.constant / unit).denominator == 1:
            return number
        top, below = self._fraction(Number(number.constant / unit, number.over, number.divisors), 1)
        graph = self.graph
        if below.is_constant and isinstance(below.data, int):
            half, even = graph.constant(below.data // 2), below.data % 2 == 0
        else:
            double = 1 if (number.constant / unit).denominator % 2 == 0 else 2
            top, below = self._fraction(Number(number.constant / unit, number.over, number.divisors), double)
            half, even = self._half(number, unit, double), True
        raised = graph.add(top, half)
        if even and top.range.low < 0:
            raised = graph.subtract(raised, graph.truth_as_number(graph.compare("<", top, graph.constant(0))))
        return Number(unit, graph.floor_divide(raised, below))

    def _half(self, number: Number, unit: Fraction, double: int) -> Step:
        constant = (number.constant / unit).denominator * double // 2
        return self.scaled(constant, self.product(number.divisors))

    def _fraction(self, number: Number, double: int) -> tuple[Step, Step]:
        """Numerator and divisor, both multiplied by ``double``; the divisor positive where the numerator is there."""
        top = self.scaled(number.constant.numerator * double, self.whole(number))
        return top, self.scaled(number.constant.denominator * double, self.product(number.divisors))

    def magnitude(self, number: Number) -> Number:
        if number.over is None:
            return Number(abs(number.constant))
        return Number(abs(number.constant), self.graph.magnitude(number.over), number.divisors)

    def is_missing(self, number: Number) -> Step:
        return self.graph.is_missing(self.whole(number))

    def fraction(self, number: Number) -> tuple[Step, Step]:
        """Numerator and positive divisor, as columns can hold them."""
        return self._fraction(number, 1)


def _half_away(value: Fraction) -> int:
    whole = floor(abs(value) + Fraction(1, 2))
    return -whole if value < 0 else whole


def _gcd(numbers: Sequence[Fraction]) -> Fraction:
    """The greatest rational of which all are whole multiples; 0 where all are 0."""
    below = reduce(lcm, (n.denominator for n in numbers), 1)
    tops = reduce(gcd, (abs(n.numerator) * (below // n.denominator) for n in numbers), 0)
    return Fraction(tops, below)


def _ratio(left: Fraction, right: Fraction) -> tuple[int, int]:
    """Whole numbers with the signs of both, in the same proportion."""
    unit = _gcd((left, right)) or Fraction(1)
    return int(left / unit), int(right / unit)


def _sorted(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: step.id))


def _union(one: tuple[Step, ...], other: tuple[Step, ...]) -> tuple[Step, ...]:
    """Each as often as it is in the one that has it most."""
    return _sorted(tuple((Counter(one) | Counter(other)).elements()))


def _without(one: tuple[Step, ...], other: tuple[Step, ...]) -> tuple[Step, ...]:
    """What ``one`` has beyond ``other``."""
    return _sorted(tuple((Counter(one) - Counter(other)).elements()))
