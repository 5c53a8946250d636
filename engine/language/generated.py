"""The generated reading: an expression as Python over pairs of whole numbers, for one account at a time.

A number is numerator and positive denominator, never reduced; a comparison multiplies crosswise, a rounding is one
floor division. Sizes are bounded before anything runs, so that no number can outgrow what the reference keeps.
What several places of a tree share is computed once, before any branch; what a branch computes stays in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ..diagnostics import Origin
from ..periods import Duration, FiscalCalendar, months_between
from . import pairs
from .branches import Arm, Targets, branched
from .code import MISSING, Code, Held, NotGenerated, Pair, Plain, absent, constant_of, given, times
from .rowwise import evaluate
from .tree import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Expression,
    Literal,
    Logic,
    Member,
    Name,
    Negate,
    Node,
    Not,
    Value,
    children,
)
from .types import BOOLEAN, DATE, MONEY, NUMBER, TEXT, Type

DOOR_BITS = 128
"""Of a number's numerator and denominator as it comes in: larger ones are left to the reference."""

_DAY_BITS = 22
"""Of days or months between two dates of the calendar."""

_FARTHEST = 4_000_000
"""Days or months that a date can be moved by, as in ``rowwise``."""

_NOWHERE = Origin("", ((0, 1, 1),))
_NOTHING = Literal(None)


class Replay(Exception):
    """This row is left to the reference: a number is beyond ``DOOR_BITS``, or something about it is in doubt."""


def compiled(
    expression: Expression, types: Mapping[str, Type], fiscal: FiscalCalendar | None = None
) -> Callable[[Mapping[str, Value]], Value]:
    """A function from a row's names to the value, as ``rowwise.evaluate`` has it.

    Raises NotGenerated where the reference must do it; the function raises Replay for a row with larger numbers.
    """
    code, names = Code(), {}
    for name in expression.names:
        held = names[name] = taken_in(code, types[name].kind)
        cell = f"r[{code.name_of(name)}]"
        if isinstance(held, Pair):
            code.put(f"{held.above}, {held.below} = {code.name_of(pair_of)}({cell})")
        else:
            code.put(f"{held.code} = {cell}")
    found = Reading(code, names, fiscal or FiscalCalendar()).of(expression.root)
    run = code.function("r", given_out(found))
    return lambda row: value_of(run(row))


def taken_in(code: Code, kind: str, *, nullable: bool = True, whole: bool = False, least: int | None = None) -> Held:
    """New variables for a value that comes from outside; ``whole`` numbers have no denominator."""
    if kind not in (NUMBER, MONEY):
        return Plain(kind, code.fresh(), nullable)
    below: str | int = 1 if whole else code.fresh("d")
    return Pair(code.fresh("n"), below, nullable, DOOR_BITS, 1 if whole else DOOR_BITS, least)


def given_out(held: Held) -> str:
    """The code that hands a value out: a number as a pair."""
    return f"({held.above}, {held.below})" if isinstance(held, Pair) else held.code


def pair_of(value: Value) -> tuple[int | None, int]:
    """A number as numerator and denominator; missing is None over 1. Raises Replay for a large one."""
    if not isinstance(value, Fraction):
        return None, 1
    above, below = value.numerator, value.denominator
    if above.bit_length() > DOOR_BITS or below.bit_length() > DOOR_BITS:
        raise Replay
    return above, below


def value_of(found: Any) -> Value:
    """What ``given_out`` handed out, as the reference has it."""
    if isinstance(found, tuple):
        return None if found[0] is None else Fraction(*found)
    return found  # type: ignore[no-any-return]


class Reading:
    """Puts an expression into ``code``; ``names`` are what it reads, in variables or as constants."""

    def __init__(self, code: Code, names: Mapping[str, Held], fiscal: FiscalCalendar) -> None:
        self.code, self.names, self.fiscal = code, names, fiscal
        self._shared: dict[int, Held] = {}
        self._constant: dict[int, bool] = {}
        self._readings: dict[type[Node], Callable[[Any], Held]] = {
            Literal: lambda node: self.code.constant(node.value),
            Name: lambda node: self.names[node.id],
            Negate: lambda node: pairs.negated(self.code, self._number(node.operand)),
            Not: self._not,
            Arithmetic: self._arithmetic,
            Compare: self._compare,
            Logic: self._logic,
            Member: self._member,
            Choose: self._choose,
            Call: self._call,
        }

    def of(self, root: Node) -> Held:
        """The value of a whole expression, after the lines that compute it."""
        self._shared, self._constant = {}, {}
        seen: dict[int, int] = {}
        ordered = _below_first(root, seen)
        for node in ordered:
            self._constant[id(node)] = self._is_constant(node)
        for node in ordered:
            if seen[id(node)] > 1 and not isinstance(node, Name | Literal):
                held = self._held(node)
                self._shared[id(node)] = self.code.bound(held) if isinstance(held, Plain) else held
        return self._held(root)

    def _is_constant(self, node: Node) -> bool:
        if isinstance(node, Name):
            return bool(constant_of(self.names[node.id]))
        return all(self._constant[id(below)] for below in children(node))

    def _held(self, node: Node) -> Held:
        if id(node) in self._shared:
            return self._shared[id(node)]
        if not isinstance(node, Name | Literal) and self._constant[id(node)]:
            expression = Expression("", node, _NOWHERE)
            row = {name: constant_of(self.names[name])[0] for name in expression.names}
            return self.code.constant(evaluate(expression, row, self.fiscal))
        return self._readings[type(node)](node)

    def _number(self, node: Node) -> Pair:
        """A number; what is always missing is one too."""
        held = self._held(node)
        return held if isinstance(held, Pair) else pairs.always_missing(self.code)

    def _plain(self, node: Node) -> Plain:
        held = self._held(node)
        if not isinstance(held, Plain):
            raise NotGenerated("a number where none can be")
        return self.code.bound(held)

    def _either(self, node: Node) -> Held:
        """Ready to be used more than once."""
        held = self._held(node)
        return self.code.bound(held) if isinstance(held, Plain) else held

    # --- numbers --------------------------------------------------------------------------------------------------

    def _arithmetic(self, node: Arithmetic) -> Held:
        x, y = self._number(node.left), self._number(node.right)
        return self.quotient(x, y) if node.op == "/" else pairs.arithmetic(self.code, node.op, x, y)

    def quotient(self, x: Pair, y: Pair) -> Held:
        return pairs.quotient(self.code, x, y)

    # --- truths ---------------------------------------------------------------------------------------------------

    def _not(self, node: Not) -> Held:
        x = self._plain(node.operand)
        return Plain(BOOLEAN, f"({given(absent([x]), f'not {x.code}')})", x.nullable)

    def _compare(self, node: Compare) -> Held:
        values = [self._either(operand) for operand in node.operands]
        return self._joined("and", [_compared(op, x, y) for op, (x, y) in zip(node.ops, pairwise(values), strict=True)])

    def _logic(self, node: Logic) -> Held:
        return self._joined(node.op, [self._truth(operand) for operand in node.operands])

    def _truth(self, node: Node) -> Plain:
        held = self._held(node)
        if not isinstance(held, Plain):
            raise NotGenerated("a number where a condition must be")
        return held

    def _joined(self, word: str, parts: Sequence[Plain]) -> Plain:
        """Kleene's and, or: one that decides does so beside missing ones."""
        if len(parts) == 1:
            return parts[0]
        decides = word == "or"
        sure = [part.code for part in parts if not part.nullable]
        unsure = [self.code.bound(part).code for part in parts if part.nullable]
        if not unsure:
            return Plain(BOOLEAN, f"({f' {word} '.join(sure)})", False)
        ends = [*(code if decides else f"not {code}" for code in sure), *(f"{code} is {decides}" for code in unsure)]
        missing = " or ".join(f"{code} is None" for code in unsure)
        return Plain(BOOLEAN, f"({decides} if {' or '.join(ends)} else None if {missing} else {not decides})", True)

    def _member(self, node: Member) -> Held:
        x = self._either(node.operand)
        known = [constant_of(held) for held in map(self._held, node.items)] if isinstance(x, Plain) else []
        if isinstance(x, Plain) and all(known) and (None,) not in known:
            listed = self.code.name_of(frozenset(value for (value,) in known))
            word = "not in" if node.negated else "in"
            return Plain(BOOLEAN, f"({given(absent([x]), f'{x.code} {word} {listed}')})", x.nullable)
        found = self._joined("or", [_compared("==", x, self._either(item)) for item in node.items])
        if not node.negated:
            return found
        found = self.code.bound(found)
        return Plain(BOOLEAN, f"({given(absent([found]), f'not {found.code}')})", found.nullable)

    # --- branches -------------------------------------------------------------------------------------------------

    def _choose(self, node: Choose) -> Held:
        """A chain of rows, each taken where all above it are false; flat, since a table may have hundreds."""
        arms: list[Arm] = []
        outside = self.names
        rest: Node = node
        while isinstance(rest, Choose) and (rest is node or id(rest) not in self._shared):
            with self.code.aside() as before:
                condition = self._truth(rest.condition)
                condition = self.code.bound(condition) if condition.nullable else condition
            if condition.known:
                holds = condition.known[0]
                rest = _NOTHING if holds is None else rest.then if holds else rest.otherwise
                continue
            self._narrow(_read_by(rest.condition))
            with self.code.aside() as lines:
                arms.append(Arm(condition.code, self._held(rest.then), lines, before))
            if condition.nullable:
                arms.append(Arm(f"{condition.code} is None", self.code.constant(None)))
            self._narrow(_asked_by(rest.condition))
            rest = rest.otherwise
        with self.code.aside() as lines:
            last = self._held(rest)
        self.names = outside
        if arms:
            return branched(self.code, arms, last, lines)
        self.code.put(*lines)
        return last

    def _narrow(self, there: Sequence[Node]) -> None:
        """From here on these are there, as far as they are names."""
        for node in there:
            held = self.names[node.id] if isinstance(node, Name) else MISSING
            if isinstance(node, Name) and held.nullable and not constant_of(held):
                self.names = {**self.names, node.id: replace(held, nullable=False)}

    def _coalesce(self, arguments: Sequence[Node]) -> Held:
        found: list[tuple[Held, list[str]]] = []
        for argument in arguments:
            with self.code.aside() as lines:
                held = self._either(argument)
            found.append((held, lines))
            if not held.nullable:
                break
        (first, lines), *others = found
        self.code.put(*lines)
        if not others:
            return first
        targets = Targets(self.code, [held for held, _ in found])
        nullable, target = all(held.nullable for held, _ in found), targets.held
        if isinstance(target, Pair) and isinstance(target.below, int) and not any(lines for _, lines in others):
            value = targets.value(found[-1][0])
            for held, _ in reversed(found[:-1]):
                value = f"({value}) if {absent([held])} else {targets.value(held)}"
            return replace(target, above=self.code.variable("n", value), nullable=nullable)
        self.code.put(*targets.set_to(first))
        for held, lines in others:
            self.code.put_under(f"if {absent([target])}:", [*lines, *targets.set_to(held)])
        return replace(target, nullable=nullable)

    # --- functions ------------------------------------------------------------------------------------------------

    def _call(self, node: Call) -> Held:
        match node.function:
            case "coalesce":
                return self._coalesce(node.arguments)
            case "is_missing":
                test = absent([self._either(node.arguments[0])])
                return Plain(BOOLEAN, f"({test})", False) if test else self.code.constant(False)
            case "abs":
                return pairs.absolute(self.code, self._number(node.arguments[0]))
            case "floor" | "ceiling":
                return pairs.whole(self.code, self._number(node.arguments[0]), up=node.function == "ceiling")
            case "round":
                return self._rounded(self._number(node.arguments[0]), node.arguments[1:])
            case "min" | "max":
                return self._extreme(node)
            case "add_days" | "add_months":
                day, count = self._plain(node.arguments[0]), self._number(node.arguments[1])
                moved = f"{self.code.name_of(_moved)}({day.code}, {count.above}, {count.below}, {node.function[4:]!r})"
                return Plain(DATE, f"({given(absent([day, count]), moved)})", True)
            case _:
                return self._of_plain(node.function, [self._plain(argument) for argument in node.arguments])

    def _rounded(self, x: Pair, digits: Sequence[Node]) -> Held:
        places = digits[0].value if digits and isinstance(digits[0], Literal) else Fraction(0)
        assert isinstance(places, Fraction)
        return pairs.rounded(self.code, x, int(places))

    def _extreme(self, node: Call) -> Held:
        """Missing if one is; two at a time."""
        values = [self._number(argument) for argument in node.arguments]
        test = absent(values)
        missing = [Arm(test, self.code.constant(None))] if test else []
        sure = [replace(value, nullable=False) for value in values]
        with self.code.aside() as lines:
            best: Held = sure[0]
            for value in sure[1:]:
                better = _compared("<=" if node.function == "min" else ">=", best, value)
                best = branched(self.code, [Arm(better.code, best)], value)
        if missing:
            return branched(self.code, missing, best, lines)
        self.code.put(*lines)
        return best

    def _of_plain(self, function: str, values: Sequence[Plain]) -> Held:
        """Functions over dates and texts: missing if one argument is."""
        test = absent(values)
        first, *others = (value.code for value in values)
        if function == "days_between":
            return self.code.number(f"({others[0]} - {first}).days", 1, test, (_DAY_BITS, 1))
        if function == "months_between":
            months = f"{self.code.name_of(months_between)}({first}, {others[0]})"
            return self.code.number(months, 1, test, (_DAY_BITS, 1))
        if function in ("start_of", "end_of"):
            edge = self.code.name_of(self._edge(last=function == "end_of"))
            return Plain(DATE, f"({given(test, f'{edge}({first}, {others[0]})')})", True)
        if function == "lower":
            return Plain(TEXT, f"({given(test, f'{first}.lower()')})", bool(test))
        holds = {
            "contains": "{1} in {0}",
            "starts_with": "{0}.startswith({1})",
            "ends_with": "{0}.endswith({1})",
        }[function].format(first, *others)
        return Plain(BOOLEAN, f"({given(test, holds)})", bool(test))

    def _edge(self, *, last: bool) -> Callable[[str, date], date | None]:
        find = self.fiscal.last_day if last else self.fiscal.first_day

        def edge(unit: str, day: date) -> date | None:
            try:
                return find(unit, day)
            except OverflowError:
                return None

        return edge


def _compared(op: str, x: Held, y: Held) -> Plain:
    """One pair of a comparison; both sides are bound. Missing where one is."""
    if isinstance(x, Pair) and isinstance(y, Pair):
        left, right = times(x.above, y.below), times(y.above, x.below)
        if x.below == y.below:
            left, right = times(x.above), times(y.above)
    else:
        left, right = (str(held.above) if isinstance(held, Pair) else held.code for held in (x, y))
    test = absent([x, y])
    return Plain(BOOLEAN, f"({given(test, f'{left} {op} {right}')})", bool(test))


def _read_by(condition: Node) -> Sequence[Node]:
    """What is there where a condition is decided: of a comparison, both sides."""
    return condition.operands if isinstance(condition, Compare) and len(condition.ops) == 1 else ()


def _asked_by(condition: Node) -> Sequence[Node]:
    """What is there where a condition is false, since it asks whether it is missing."""
    return condition.arguments if isinstance(condition, Call) and condition.function == "is_missing" else ()


def _moved(day: date, above: int, below: int, unit: str) -> date | None:
    """A date that leaves the calendar is missing; part of a day or month does not count."""
    if abs(above) > _FARTHEST * below:
        return None
    try:
        return Duration(above // below, unit).after(day)
    except OverflowError:
        return None


def _below_first(root: Node, seen: dict[int, int]) -> list[Node]:
    """Every node of the tree once, after those below it; ``seen`` counts in how many places it stands."""
    ordered: list[Node] = []
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, opened = waiting.pop()
        if opened:
            ordered.append(node)
            continue
        seen[id(node)] = seen.get(id(node), 0) + 1
        if seen[id(node)] == 1:
            waiting.append((node, True))
            waiting.extend((below, False) for below in reversed(children(node)))
    return ordered
