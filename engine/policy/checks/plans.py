"""Pay plans: where credits come from, whom they go to, and that amounts are money and rates are numbers."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic
from ...language.infer import expect
from ...language.types import BOOLEAN, DATE, MONEY, NUMBER
from ...messages import diagnose, did_you_mean
from ...tables.shape import Shape
from ..model import Component, Credit
from ..names import ASSIGNMENTS, PEOPLE, Names, account_field
from ..pack import InForce


def check(force: InForce, names: Names) -> Iterator[Diagnostic]:
    for plan in force.plans:
        if PEOPLE not in force.workspace.shapes:
            yield diagnose("table-needed", plan.span, table=PEOPLE, why="a plan pays people")
        elif plan.payees is not None:
            scope = names.people()
            yield from expect(plan.payees, BOOLEAN, scope.types, scope.elsewhere)[1]
        for component in plan.components:
            shape = force.workspace.shapes.get(component.credit.table)
            if shape is None:
                near = did_you_mean(component.credit.table, force.workspace.shapes)
                yield diagnose("unknown-table", component.credit.table_span, name=component.credit.table, near=near)
                continue
            yield from _component(names, component, shape)
            yield from _to(force, component.credit, shape)


def _component(names: Names, component: Component, shape: Shape) -> Iterator[Diagnostic]:
    scope = names.pay_row(shape)
    credit = component.credit
    yield from expect(credit.amount, MONEY, scope.types, scope.elsewhere)[1]
    if credit.where is not None:
        yield from expect(credit.where, BOOLEAN, scope.types, scope.elsewhere)[1]
    for case in component.rates:
        yield from expect(case.value, NUMBER, scope.types, scope.elsewhere)[1]
        if case.when is not None:
            yield from expect(case.when, BOOLEAN, scope.types, scope.elsewhere)[1]
    dated = credit.dated_by or shape.dated_by
    day = shape.field(dated) if dated else None
    if day is None or day.kind != DATE:
        yield diagnose("table-without-day", credit.span, table=shape.name, name=component.name)


def _to(force: InForce, credit: Credit, shape: Shape) -> Iterator[Diagnostic]:
    """A credit goes to a field of the row that holds a person, or to whoever holds a role on the row's day."""
    found = shape.field(credit.to)
    if found is not None:
        if found.kind != "person" and found.refers_to != PEOPLE:
            yield diagnose("field-of-kind", credit.to_span, name=credit.to, found=found.kind, expected="person")
        return
    if credit.to not in force.workspace.roles:
        persons = [f.name for f in shape.fields if f.kind == "person" or f.refers_to == PEOPLE]
        near = did_you_mean(credit.to, [*force.workspace.roles, *persons])
        yield diagnose("unknown-role", credit.to_span, name=credit.to, near=near)
    elif ASSIGNMENTS not in force.workspace.shapes:
        yield diagnose("table-needed", credit.to_span, table=ASSIGNMENTS, why="it says who holds a role")
    elif account_field(shape) is None:
        yield diagnose("table-without-account", credit.to_span, table=shape.name)
