"""Pay plans: at which rates credits are paid, what a bonus is measured by, and that units fit."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...amounts import plain
from ...diagnostics import Diagnostic, Span
from ...language.infer import checked, expect
from ...language.tree import Expression, Literal
from ...language.types import BOOLEAN, DATE, MONEY, NUMBER, common
from ...messages import diagnose, did_you_mean
from ..model import CalendarWindow, Measure
from ..model_credit import Credit
from ..model_pay import Bands, Bonus, Component, Curve, Matrix, Plan
from ..names import PEOPLE, Names, Scope
from ..pack import InForce
from . import credits, currencies, pools, settlement


def check(force: InForce, names: Names) -> Iterator[Diagnostic]:
    for plan in force.plans:
        if PEOPLE not in force.workspace.shapes:
            yield diagnose("table-needed", plan.span, table=PEOPLE, why="a plan pays people")
            continue
        people, payee = names.people(), names.payee(plan.facts_as_of)
        if plan.payees is not None:
            yield from _expect(plan.payees, BOOLEAN, people)
        for gate in plan.gates:
            yield from _expect(gate.when, BOOLEAN, payee)
        for paid in plan.pay.written if plan.pay is not None else ():
            yield from _expect(paid.value, MONEY, payee) if paid.per else _part(paid.value, payee)
        for component in plan.components:
            for gate in component.gates:
                yield from _expect(gate.when, BOOLEAN, payee)
            if component.credit is not None:
                yield from _commission(force, names, plan, component, component.credit)
            if component.pool is not None:
                yield from pools.check(force, names, plan, component.pool, payee)
            if component.bonus is not None:
                yield from _bonus(component.bonus, payee)
                yield from _of_the_year(component.bonus, names)
            yield from _whole_numbers(component)
        yield from settlement.check(force, names, plan)
        yield from currencies.check(force, names, plan)
        if plan.facts_as_of and not reads_decisions(plan, names):
            yield diagnose("facts-not-read", plan.span)
        yield from _remembers(plan, names)


def _expect(expression: Expression, kind: str, scope: Scope) -> list[Diagnostic]:
    return expect(expression, kind, scope.types, scope.elsewhere)[1]


def _part(part: Expression, scope: Scope) -> Iterator[Diagnostic]:
    """A part of pay is a percentage: what lacks its ``per year`` is none."""
    found, problems = expect(part, NUMBER, scope.types, scope.elsewhere)
    yield from problems
    if found.known and not found.percent and not problems:
        wanted = "a percentage of on_target, or pay such as 20_000 per quarter"
        yield diagnose("wrong-result", part.span, found=found, expected=wanted)


def _remembers(plan: Plan, names: Names) -> Iterator[Diagnostic]:
    """Pay that rests on what earlier runs decided, once for each policy that remembers."""
    found: dict[tuple[str, str], str] = {}
    for name in sorted(_read(plan)):
        if name in names.remembers:
            found.setdefault(names.remembers[name], name)
    for (policy, key), name in found.items():
        yield diagnose("pay-remembers", plan.span, name=name, key=key, policy=policy)


def reads_decisions(plan: Plan, names: Names) -> bool:
    """Whether anything of the plan rests on a decision: itself, through a measure, or through a duty."""
    return bool(_read(plan) & names.decided)


def _read(plan: Plan) -> set[str]:
    """The names that the plan reads."""
    read: set[str] = {name for gate in plan.gates for name in gate.when.names}
    read |= {name for paid in (plan.pay.written if plan.pay else ()) for name in paid.value.names}
    read |= {name for expression in settlement.expressions(plan) for name in expression.names}
    for component in plan.components:
        credit, bonus = component.credit, component.bonus
        parts: list[Expression | None] = [case.when for case in component.rates] + [c.value for c in component.rates]
        parts += [gate.when for gate in component.gates]
        if component.amortise is not None:
            parts += [component.amortise.months, component.amortise.start]
        if credit is not None:
            read |= {split.to for split in credit.splits}
            parts += [credit.where, credit.amount, *(split.share for split in credit.splits)]
        if component.pool is not None:
            read.add(component.pool.measure)
            parts.append(component.pool.parts)
        if bonus is not None:
            read.add(bonus.measure)
            parts += [bonus.target, *(c.when for c in bonus.weight), *(c.value for c in bonus.weight)]
            parts += figures(bonus.pays)
        if component.table is not None:
            parts += [component.table.of, *figures(component.table.shape)]
        read |= {name for part in parts if part is not None for name in part.names}
    return read


def _commission(force: InForce, names: Names, plan: Plan, component: Component, credit: Credit) -> Iterator[Diagnostic]:
    shape = force.workspace.shapes.get(credit.table)
    if shape is None:
        near = did_you_mean(credit.table, force.workspace.shapes)
        yield diagnose("unknown-table", credit.table_span, name=credit.table, near=near)
        return
    yield from credits.check(force, names, plan, component, credit, shape)
    scope, payee = names.pay_row(shape, plan.facts_as_of), names.payee(plan.facts_as_of)
    if component.amortise is not None:
        yield from _expect(component.amortise.months, NUMBER, scope)
        if component.amortise.start is not None:
            yield from _expect(component.amortise.start, DATE, scope)
    for case in component.rates:
        yield from _expect(case.value, NUMBER, scope)
        if case.when is not None:
            yield from _expect(case.when, BOOLEAN, scope)
    if component.table is not None:
        if component.table.of is not None:
            yield from _expect(component.table.of, MONEY, payee)
        yield from _shape(component.table.shape, payee)


def figures(shape: Bands | Curve | Matrix) -> list[Expression]:
    """The expressions of a rate table or of what a bonus pays."""
    return [*_axes(shape), *_rates(shape)]


def _axes(shape: Bands | Curve | Matrix) -> list[Expression]:
    """What a matrix is looked up by."""
    return [axis for axis in (shape.down, shape.across) if axis is not None] if isinstance(shape, Matrix) else []


def _rates(shape: Bands | Curve | Matrix) -> list[Expression]:
    rows = shape.cells if isinstance(shape, Matrix) else (shape,)
    return [band.value for bands in rows if isinstance(bands, Bands) for band in bands.rows]


def _shape(shape: Bands | Curve | Matrix, payee: Scope) -> Iterator[Diagnostic]:
    for rate in _rates(shape):
        yield from _expect(rate, NUMBER, payee)
    for axis in _axes(shape):
        found, problems = checked(axis, payee.types, payee.elsewhere)
        yield from problems
        if found.known and found.kind not in (NUMBER, MONEY):
            yield diagnose("wrong-result", axis.span, found=found, expected="a number or an amount of money")


def _bonus(bonus: Bonus, payee: Scope) -> Iterator[Diagnostic]:
    measured = payee.types.get(bonus.measure)
    if measured is None:
        yield from _unseen(bonus.measure, bonus.measure_span, payee)
    for case in bonus.weight:
        yield from _expect(case.value, NUMBER, payee)
        if case.when is not None:
            yield from _expect(case.when, BOOLEAN, payee)
    yield from _shape(bonus.pays, payee)
    if bonus.target is None:
        if measured is not None and measured.known and measured.kind != NUMBER:
            yield diagnose(
                "wrong-result", bonus.measure_span, found=measured, expected="a number, or a `target` beside it"
            )
        return
    target, problems = checked(bonus.target, payee.types, payee.elsewhere)
    yield from problems
    if measured is not None and common(measured, target) is None:
        yield diagnose("comparison-of-kinds", bonus.target.span, left=measured, right=target)


def _whole_numbers(component: Component) -> Iterator[Diagnostic]:
    """Rates written without ``%`` that pay a multiple of what they are taken of: 10, where 10% may be meant."""
    bonus, table = component.bonus, component.table
    shapes = [pays.shape for pays in (table,) if pays is not None] + ([bonus.pays] if bonus is not None else [])
    for rate in [case.value for case in component.rates] + [rate for shape in shapes for rate in _rates(shape)]:
        root = rate.root
        if isinstance(root, Literal) and not root.percent and isinstance(root.value, Fraction) and root.value >= 2:
            yield diagnose("rate-above-all", rate.span, written=rate.text, percent=f"{plain(root.value * 100)}%")


def _of_the_year(bonus: Bonus, names: Names) -> Iterator[Diagnostic]:
    """What accumulates by the year rests on a measure of the year to date."""
    measure = names.definitions.get(bonus.measure)
    if bonus.accumulate != "year" or not isinstance(measure, Measure) or measure.value is not None:
        return
    if measure.window != CalendarWindow("year"):
        yield diagnose("measure-of-the-year", bonus.measure_span, name=bonus.measure)


def _unseen(name: str, span: Span, scope: Scope) -> Iterator[Diagnostic]:
    if name in scope.elsewhere:
        yield diagnose("name-not-visible", span, name=name, why=scope.elsewhere[name])
    else:
        yield diagnose("unknown-name", span, name=name, near=did_you_mean(name, scope.types))
