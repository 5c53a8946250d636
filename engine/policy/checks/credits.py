"""Credits of pay plans: which rows they come from, on which day, whom they go to."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic
from ...language.infer import expect
from ...language.tree import Expression
from ...language.types import BOOLEAN, DATE, MONEY, NUMBER
from ...messages import diagnose, did_you_mean
from ...tables.shape import Shape
from ..model_credit import Credit, Split
from ..model_pay import Component, Plan
from ..names import ASSIGNMENTS, PEOPLE, PERSON, TERMS, Holding, Names, Scope, account_field
from ..pack import InForce


def check(
    force: InForce, names: Names, plan: Plan, component: Component, credit: Credit, shape: Shape
) -> Iterator[Diagnostic]:
    """``shape`` is that of the table whose rows are credited."""
    scope = names.pay_row(shape, plan.facts_as_of)
    yield from _expect(credit.amount, MONEY if credit.currency is None else NUMBER, scope)
    if credit.where is not None:
        yield from _expect(credit.where, BOOLEAN, scope)
    yield from _days(credit, shape, component)
    for split in credit.splits:
        if split.share is not None:
            yield from _expect(split.share, NUMBER, scope)
        yield from _to(force, names, plan, split, shape)
        if split.through is not None:
            yield from _through(force, split)


def _expect(expression: Expression, kind: str, scope: Scope) -> list[Diagnostic]:
    return expect(expression, kind, scope.types, scope.elsewhere)[1]


def _days(credit: Credit, shape: Shape, component: Component) -> Iterator[Diagnostic]:
    """A row is dated by a field of it; its tranches by one each."""
    written = [(tranche.dated_by, tranche.span) for tranche in credit.tranches]
    if credit.dated_by is not None and not written:
        written = [(credit.dated_by, credit.dated_by_span or credit.span)]
    for name, span in written:
        found = shape.field(name)
        if found is None:
            near = did_you_mean(name, [field.name for field in shape.fields if field.kind == DATE])
            yield diagnose("unknown-field", span, name=name, near=near)
        elif found.kind != DATE:
            yield diagnose("field-of-kind", span, name=name, found=found.kind, expected="date")
    day = shape.field(shape.dated_by) if shape.dated_by else None
    if not written and ((day is None and shape.dated_by != "") or (day is not None and day.kind != DATE)):
        yield diagnose("table-without-day", credit.span, table=shape.name, name=component.name)


def _to(force: InForce, names: Names, plan: Plan, split: Split, shape: Shape) -> Iterator[Diagnostic]:
    """A credit goes to a field of the row that holds a person, or to whoever holds a role or duty on the row's day."""
    found = shape.field(split.to)
    if found is not None:
        if found.kind != "person" and found.refers_to != PEOPLE:
            yield diagnose("field-of-kind", split.span, name=split.to, found=found.kind, expected="person")
        return
    if not isinstance(names.definitions.get(split.to), Holding):
        persons = [f.name for f in shape.fields if f.kind == "person" or f.refers_to == PEOPLE]
        roles = [name for name, d in names.definitions.items() if isinstance(d, Holding) and not d.since]
        near = did_you_mean(split.to, [*roles, *persons])
        yield diagnose("unknown-role", split.span, name=split.to, near=near)
        return
    if ASSIGNMENTS not in force.workspace.shapes:
        yield diagnose("table-needed", split.span, table=ASSIGNMENTS, why="it says who holds a role")
    elif account_field(shape) is None:
        yield diagnose("table-without-account", split.span, table=shape.name)
    if split.to in names.decided and not plan.facts_as_of:
        yield diagnose("facts-needed", split.span, name=split.to)


def _through(force: InForce, split: Split) -> Iterator[Diagnostic]:
    """A credit goes up by a field of people, or of their terms, that names another of them."""
    shapes = [shape for name in (TERMS, PEOPLE) if (shape := force.workspace.shapes.get(name)) is not None]
    fields = {f.name: f for shape in reversed(shapes) for f in shape.fields if f.name != PERSON}
    name, span = split.through or "", split.through_span or split.span
    found = fields.get(name)
    if found is None:
        persons = [f.name for f in fields.values() if f.refers_to == PEOPLE]
        yield diagnose("unknown-field", span, name=name, near=did_you_mean(name, persons))
    elif found.kind != "person" and found.refers_to != PEOPLE:
        yield diagnose("field-of-kind", span, name=name, found=found.kind, expected="person")
