"""Faults of the columnar reading of the language, each planted in one place of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import polars as pl
from granger.engine.language.columnar import numbers, operations, steps
from granger.engine.language.columnar.numbers import Arm, Number, Numbers
from granger.engine.language.columnar.steps import Graph, Step
from granger.engine.language.ranges import Range, TooWide
from pytest import MonkeyPatch

HALF = Number(Fraction(1, 2))
Emit = Callable[[Step, list[pl.Expr]], pl.Expr]


def width_of_unsigned(to: MonkeyPatch) -> None:
    """2**63 is taken to fit 64 bits, and 2**127 to fit 128."""

    def width(low: int, high: int) -> int:
        for bits in (32, 64, 128):
            if -(1 << bits) <= low and high < 1 << bits:
                return bits
        raise TooWide

    to.setattr(steps, "width", width)


def _narrower(verb: str) -> Callable[[MonkeyPatch], None]:
    def plant(to: MonkeyPatch) -> None:
        sound = getattr(Range, verb)

        def narrow(self: Range, other: Range) -> Range:
            found = sound(self, other)
            return Range(-(-found.low // 2), found.high // 2) if found.bits > 31 else found

        to.setattr(Range, verb, narrow)

    return plant


narrow_product, narrow_sum, narrow_difference = _narrower("__mul__"), _narrower("__add__"), _narrower("__sub__")


def half_to_even(to: MonkeyPatch) -> None:
    def rounded(self: Numbers, number: Number, digits: int) -> Number:
        unit = Fraction(10) ** -digits
        half = self.sum(_times(number, 1 / unit), HALF)
        up = self.floored(half)
        even = _times(self.floored(_times(up, Fraction(1, 2))), Fraction(2))
        tie = self.graph.all_of([self.compare("==", up, half), self.compare("!=", up, even)])
        found = self.choice([Arm(tie, self.sum(up, Number(Fraction(1)), -1)), Arm(None, up)])
        return _times(found, unit)

    to.setattr(Numbers, "rounded", rounded)


def floor_for_round(to: MonkeyPatch) -> None:
    def rounded(self: Numbers, number: Number, digits: int) -> Number:
        unit = Fraction(10) ** -digits
        return _times(self.floored(self.sum(_times(number, 1 / unit), HALF)), unit)

    to.setattr(Numbers, "rounded", rounded)


def _times(number: Number, factor: Fraction) -> Number:
    return Number(number.constant * factor, number.over, number.divisors)


def _with(op: str, change: Callable[[Emit], Emit]) -> Callable[[MonkeyPatch], None]:
    return lambda to: to.setitem(operations._OPS, op, change(operations._OPS[op]))


false_in_logic = _with("all_of", lambda sound: lambda step, args: sound(step, [arg.fill_null(False) for arg in args]))
false_in_alternatives = _with(
    "any_of", lambda sound: lambda step, args: sound(step, [arg.fill_null(False) for arg in args])
)
false_in_comparisons = _with("compare", lambda sound: lambda step, args: sound(step, args).fill_null(False))
false_in_not = _with("negate", lambda sound: lambda step, args: sound(step, [args[0].fill_null(False)]))


def lost_missing_of_a_divisor(to: MonkeyPatch) -> None:
    """One that is proven positive is not asked whether it is there."""
    to.setattr(numbers, "implied", lambda by, missing: True)


def zero_divisor_kept(to: MonkeyPatch) -> None:
    sound = Graph.only_where

    def only_where(self: Graph, condition: Step, value: Step) -> Step:
        guard = condition.op == "compare" and condition.data in (">", "!=")
        return value if guard else sound(self, condition, value)

    to.setattr(Graph, "only_where", only_where)


def greater_for_at_least(to: MonkeyPatch) -> None:
    to.setitem(operations._COMPARE, ">=", operations._COMPARE[">"])


def greater_for_at_least_mirrored(to: MonkeyPatch) -> None:
    to.setitem(numbers.FLIPPED, "<=", ">")


def negative_divisor_kept(to: MonkeyPatch) -> None:
    """The numerator does not turn with it."""
    sound = Graph.where

    def where(self: Graph, condition: Step, then: Step, otherwise: Step) -> Step:
        turned = otherwise.op == "subtract" and otherwise.args[0].is_constant and otherwise.args[0].data == 0
        return then if turned and otherwise.args[1] is then else sound(self, condition, then, otherwise)

    to.setattr(Graph, "where", where)


def else_on_missing(to: MonkeyPatch) -> None:
    to.setitem(operations._OPS, "where_guarded", operations._OPS["where"])


def else_without_guard(to: MonkeyPatch) -> None:
    to.setattr(steps, "implied", lambda by, missing: True)


def sum_in_floats(to: MonkeyPatch) -> None:
    def added(step: Step, args: Sequence[pl.Expr]) -> pl.Expr:
        total = args[0].cast(pl.Float64) + args[1].cast(pl.Float64)
        return total.cast(operations._INTEGERS[step.width], strict=False)

    to.setitem(operations._OPS, "add", added)
