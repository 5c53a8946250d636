"""Types, units and nullability of an expression, with every mistake at its own place in the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..diagnostics import Diagnostic
from ..messages import diagnose, did_you_mean
from .rowwise import evaluate
from .signatures import ANY, DIGITS, FUNCTIONS, NUMERIC, SAME, UNIT_WORD, UNITS
from .tree import Arithmetic, Call, Choose, Compare, Expression, Literal, Logic, Member, Name, Negate, Node, Not
from .types import BOOLEAN, DATE, MONEY, NUMBER, TEXT, UNKNOWN, Type, common, number, of_literal

Scope = Mapping[str, Type]
"""The names an expression can see, each with its type."""


def infer(
    expression: Expression, scope: Scope, elsewhere: Mapping[str, str] | None = None
) -> tuple[Type, list[Diagnostic]]:
    """The type of ``expression`` where the names of ``scope`` are seen.

    ``elsewhere`` explains names that exist but cannot be seen here: name -> what to do. After a mistake the type is
    unknown from there upwards, so that one mistake gives one diagnostic.
    """
    inference = _Inference(expression, scope, {} if elsewhere is None else elsewhere)
    return inference.of(expression.root), inference.problems


def checked(
    expression: Expression, scope: Scope, elsewhere: Mapping[str, str] | None = None
) -> tuple[Type, list[Diagnostic]]:
    """As ``infer``, of all that an author wrote at one place, and a problem where that can have no value."""
    found, problems = infer(expression, scope, elsewhere)
    if found.known and not problems and not expression.names and evaluate(expression, {}) is None:
        problems.append(diagnose("never-a-value", expression.span, written=expression.text[:60]))
    return found, problems


def expect(
    expression: Expression, kind: str, scope: Scope, elsewhere: Mapping[str, str] | None = None
) -> tuple[Type, list[Diagnostic]]:
    """As ``checked``, and a problem where the result is not of ``kind``; bare numbers pass for money."""
    found, problems = checked(expression, scope, elsewhere)
    fits = found.kind == kind or (kind == MONEY and found.kind == NUMBER and found.bare)
    if found.known and not fits:
        wanted = {BOOLEAN: "a condition (true or false)", MONEY: "an amount of money"}.get(kind, str(Type(kind)))
        problems.append(diagnose("wrong-result", expression.span, found=found, expected=wanted))
    return found, problems


class _Inference:
    def __init__(self, expression: Expression, scope: Scope, elsewhere: Mapping[str, str]) -> None:
        self.expression, self.scope, self.elsewhere = expression, scope, elsewhere
        self.problems: list[Diagnostic] = []
        self.reading: dict[type[Node], Callable[..., Type]] = {
            Literal: lambda node: of_literal(node.value, node.percent),
            Name: self._name,
            Negate: self._negate,
            Not: self._not,
            Arithmetic: self._arithmetic,
            Compare: self._compare,
            Logic: self._logic,
            Member: self._member,
            Choose: self._choose,
            Call: self._call,
        }

    def of(self, node: Node) -> Type:
        return self.reading[type(node)](node)

    def _problem(self, code: str, node: Node, **values: Any) -> Type:
        self.problems.append(diagnose(code, self.expression.span_of(node), **values))
        return Type(UNKNOWN)

    def _name(self, node: Name) -> Type:
        found = self.scope.get(node.id)
        if found is not None:
            return found
        if node.id in self.elsewhere:
            return self._problem("name-not-visible", node, name=node.id, why=self.elsewhere[node.id])
        return self._problem("unknown-name", node, name=node.id, near=did_you_mean(node.id, self.scope))

    def _wrong(self, node: Node, found: Type, expected: str) -> Type:
        if not found.known:
            return found
        return self._problem(
            "wrong-operand", node, found=found, expected=expected, written=self.expression.written(node)[:60]
        )

    def _negate(self, node: Negate) -> Type:
        found = self.of(node.operand)
        return (
            found if found.kind in (NUMBER, MONEY, UNKNOWN) else self._wrong(node.operand, found, "a number or money")
        )

    def _boolean(self, node: Node) -> Type:
        found = self.of(node)
        return found if found.kind == BOOLEAN else self._wrong(node, found, "a condition (true or false)")

    def _not(self, node: Not) -> Type:
        return self._boolean(node.operand)

    def _logic(self, node: Logic) -> Type:
        types = [self._boolean(operand) for operand in node.operands]
        return Type(BOOLEAN, nullable=any(found.nullable for found in types))

    def _arithmetic(self, node: Arithmetic) -> Type:
        left, right = self.of(node.left), self.of(node.right)
        for operand, found in ((node.left, left), (node.right, right)):
            if found.kind in (DATE, TEXT, BOOLEAN):
                advice = "add_days(…), add_months(…)" if found.kind == DATE else "a number or money"
                return self._wrong(operand, found, advice)
        if not left.known or not right.known:
            return Type(UNKNOWN)
        nullable = left.nullable or right.nullable
        if node.op in "+-":
            shared = common(left, right)
            return shared if shared else self._mixed(node, left, right)
        if node.op == "*":
            return self._product(node, left, right, nullable)
        return self._quotient(node, left, right, nullable)

    def _product(self, node: Arithmetic, left: Type, right: Type, nullable: bool) -> Type:
        if left.kind == right.kind == MONEY:
            return self._problem("money-times-money", node)
        for one, other in ((left, right), (right, left)):
            if one.kind == MONEY and other.kind == NUMBER:
                return Type(MONEY, one.currency, nullable)
        return number(nullable=nullable, percent=left.percent and right.percent, bare=left.bare or right.bare)

    def _quotient(self, node: Arithmetic, left: Type, right: Type, nullable: bool) -> Type:
        if right.kind == MONEY and left.kind != MONEY:
            return self._problem("number-over-money", node)
        if left.kind == right.kind == MONEY and left.currency != right.currency:
            return self._mixed(node, left, right)
        never_zero = isinstance(node.right, Literal) and node.right.value != 0
        nullable = nullable or not never_zero
        if left.kind == MONEY and right.kind == NUMBER:
            return Type(MONEY, left.currency, nullable)
        ratio = left.kind == MONEY
        return number(nullable=nullable, percent=left.percent, bare=not ratio and (left.bare or right.bare))

    def _mixed(self, node: Node, left: Type, right: Type) -> Type:
        code = "currency-mix" if left.kind == right.kind == MONEY else "unit-mismatch"
        return self._problem(code, node, left=left, right=right)

    def _compare(self, node: Compare) -> Type:
        types = [self.of(operand) for operand in node.operands]
        for op, left, right, first, second in zip(
            node.ops, types, types[1:], node.operands, node.operands[1:], strict=False
        ):
            shared = common(left, right)
            if shared is None:
                if {left.kind, right.kind} == {NUMBER, MONEY} or left.kind == right.kind == MONEY:
                    return self._mixed(node, left, right)
                return self._problem("comparison-of-kinds", node, left=left, right=right)
            if op not in ("==", "!=") and shared.kind in (TEXT, BOOLEAN):
                return self._problem("no-order", node, found=shared)
            if not self._words_fit(first, second, right) or not self._words_fit(second, first, left):
                return Type(UNKNOWN)
        return Type(BOOLEAN, nullable=any(found.nullable for found in types))

    def _words_fit(self, node: Node, beside: Node, other: Type) -> bool:
        """A written word must be one that the other side can be."""
        if isinstance(beside, Literal) or not isinstance(node, Literal) or not isinstance(node.value, str):
            return True
        if other.one_of and node.value not in other.one_of:
            near = did_you_mean(node.value, other.one_of)
            self._problem("impossible-word", node, found=node.value, near=near)
            return False
        return True

    def _member(self, node: Member) -> Type:
        operand = self.of(node.operand)
        nullable = operand.nullable
        for item in node.items:
            found = self.of(item)
            nullable = nullable or found.nullable
            if common(operand, found) is None:
                return self._problem("comparison-of-kinds", item, left=operand, right=found)
            if not self._words_fit(item, node.operand, operand):
                return Type(UNKNOWN)
        return Type(BOOLEAN, nullable=nullable)

    def _choose(self, node: Choose) -> Type:
        condition = self._boolean(node.condition)
        then, otherwise = self.of(node.then), self.of(node.otherwise)
        shared = common(then, otherwise)
        if shared is None:
            return self._problem("arms-of-kinds", node, left=then, right=otherwise)
        return shared.or_missing(condition.nullable)

    def _call(self, node: Call) -> Type:
        signature = FUNCTIONS[node.function]
        types = [self.of(argument) for argument in node.arguments]
        shared: Type | None = None
        for i, (argument, found) in enumerate(zip(node.arguments, types, strict=True)):
            wanted = signature.parameter(i)
            if wanted in (ANY, NUMERIC):
                if wanted == NUMERIC and found.kind not in (NUMBER, MONEY):
                    return self._wrong(argument, found, "a number or money")
                joined = found if shared is None else common(shared, found)
                if joined is None:
                    return self._problem("arms-of-kinds", argument, left=shared, right=found)
                shared = joined
            elif not self._fits(argument, found, wanted):
                return Type(UNKNOWN)
        nullable = any(found.nullable for found in types)
        if signature.takes_missing:
            nullable = signature.result == SAME and all(found.nullable for found in types)
        if signature.result == SAME and shared is not None:
            return replace(shared, nullable=nullable)
        # a date can leave the calendar, and is then missing
        leaves = node.function in ("add_days", "add_months", "start_of", "end_of")
        return Type(signature.result, nullable=nullable or leaves)

    def _fits(self, argument: Node, found: Type, wanted: str) -> bool:
        if wanted == UNIT_WORD:
            if isinstance(argument, Literal) and argument.value in UNITS:
                return True
            self._problem("unit-word", argument, units=", ".join(f"'{unit}'" for unit in UNITS))
            return False
        if wanted == DIGITS:
            value = argument.value if isinstance(argument, Literal) else None
            is_plain = self.expression.written(argument).lstrip("+- ").isdecimal()
            if is_plain and isinstance(value, Fraction) and -6 <= value <= 12:
                return True
            self._problem("digits-number", argument)
            return False
        if found.kind == wanted:
            return True
        self._wrong(argument, found, str(Type(wanted)))
        return False
