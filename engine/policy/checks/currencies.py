"""Currencies of pay plans: that there is a table of rates where amounts are exchanged, and what is of one currency."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic, Span
from ...language.infer import infer
from ...language.tree import Expression
from ...language.types import MONEY
from ...messages import diagnose, did_you_mean
from ...tables.shape import NUMERIC, Shape
from ..model_pay import Exchange, Plan
from ..names import PEOPLE, TERMS, Names, Scope
from ..pack import InForce

RATES = ("from_currency", "to_currency", "rate")


def check(force: InForce, names: Names, plan: Plan) -> Iterator[Diagnostic]:
    if plan.exchange is not None:
        yield from _table(force, plan.exchange)
    if plan.pay_currency:
        yield from _of_persons(force, plan)
    foreign = [plan.pay_currency_span] if plan.pay_currency else []
    for component in plan.components:
        credit = component.credit
        shape = force.workspace.shapes.get(credit.table) if credit is not None else None
        if credit is None or shape is None:
            continue
        if credit.currency is not None:
            yield from _of_rows(credit.currency, credit.currency_span or credit.span, shape)
            foreign.append(credit.currency_span)
        elif plan.currency and _differs(credit.amount, plan, names.pay_row(shape, plan.facts_as_of)):
            foreign.append(credit.amount.span)
    if plan.exchange is None and foreign:
        yield diagnose("exchange-needed", foreign[0])
    payee = names.payee(plan.facts_as_of)
    for expression in _figures(plan):
        if plan.currency and (found := _differs(expression, plan, payee)):
            yield diagnose("currency-differs", expression.span, found=found, expected=plan.currency)


def _figures(plan: Plan) -> Iterator[Expression]:
    """The figures of a payee that stand beside amounts in the plan's currency."""
    yield from (paid.value for paid in (plan.pay.written if plan.pay is not None else ()))
    for component in plan.components:
        if component.table is not None and component.table.of is not None:
            yield component.table.of


def _differs(expression: Expression, plan: Plan, scope: Scope) -> str:
    """The other currency in which it stands; empty: none."""
    found = infer(expression, scope.types, scope.elsewhere)[0]
    return found.currency or "" if found.kind == MONEY and found.currency != plan.currency else ""


def _table(force: InForce, exchange: Exchange) -> Iterator[Diagnostic]:
    shape = force.workspace.shapes.get(exchange.table)
    if shape is None:
        near = did_you_mean(exchange.table, force.workspace.shapes)
        yield diagnose("unknown-table", exchange.span, name=exchange.table, near=near)
        return
    for name in RATES:
        found = shape.field(name)
        if found is None:
            yield diagnose("rates-need", exchange.span, table=shape.name, name=name)
        elif (found.kind in NUMERIC) != (name == "rate"):
            expected = "number" if name == "rate" else "text"
            yield diagnose("field-of-kind", exchange.span, name=name, found=found.kind, expected=expected)
    if shape.valid_from is None and shape.dated_by is None:
        yield diagnose("rates-undated", exchange.span, table=shape.name)


def _of_rows(name: str, span: Span, shape: Shape) -> Iterator[Diagnostic]:
    found = shape.field(name)
    if found is None:
        near = did_you_mean(name, [field.name for field in shape.fields])
        yield diagnose("unknown-field", span, name=name, near=near)
    elif found.kind not in ("text", "enum"):
        yield diagnose("field-of-kind", span, name=name, found=found.kind, expected="text")


def _of_persons(force: InForce, plan: Plan) -> Iterator[Diagnostic]:
    shapes = [shape for each in (PEOPLE, TERMS) if (shape := force.workspace.shapes.get(each)) is not None]
    name, span = plan.pay_currency, plan.pay_currency_span or plan.span
    found = next((field for shape in shapes if (field := shape.field(name)) is not None), None)
    if found is None:
        near = did_you_mean(name, [field.name for shape in shapes for field in shape.fields])
        yield diagnose("unknown-field", span, name=name, near=near)
    elif found.kind not in ("text", "enum"):
        yield diagnose("field-of-kind", span, name=name, found=found.kind, expected="text")
