"""Draws, holdbacks and clawbacks: that amounts are money and days are days, and that what they name is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from ...diagnostics import Diagnostic, Related
from ...language.infer import expect
from ...language.tree import Expression, Literal
from ...language.types import BOOLEAN, DATE, MONEY, NUMBER
from ...messages import diagnose, did_you_mean
from ..model_pay import Plan
from ..model_settlement import Clawback, Draw, Holdback
from ..names import Names, Scope
from ..pack import InForce, Policies


def check(force: InForce, names: Names, plan: Plan) -> Iterator[Diagnostic]:
    payee = names.payee(plan.facts_as_of)
    for draw in plan.draws:
        yield from _draw(draw, plan.currency or force.workspace.currency, payee)
    for holdback in plan.holdbacks:
        yield from _holdback(force, plan, holdback, payee)
    for component in plan.components:
        shape = force.workspace.shapes.get(component.credit.table) if component.credit is not None else None
        if component.clawback is not None and shape is not None:
            yield from _clawback(component.clawback, names.pay_row(shape, plan.facts_as_of))


def check_versions(policies: Policies) -> Iterator[Diagnostic]:
    """A draw that the next version of its plan has no more says what becomes of what is owed; one that it has too is
    recovered in both or in neither.
    """
    versions: dict[str, list[Plan]] = {}
    for plan in sorted((p for p in policies.policies if isinstance(p, Plan)), key=lambda plan: plan.effective.start):
        versions.setdefault(plan.name, []).append(plan)
    for _, same in sorted(versions.items()):
        for plan, later in pairwise(same):
            has, day = {draw.name: draw for draw in later.draws}, later.effective.start
            for draw in plan.draws:
                same_draw = has.get(draw.name)
                if same_draw is None and draw.recovers and not draw.at_end:
                    yield diagnose("draw-dropped", draw.span, name=draw.name, day=day)
                elif same_draw is not None and same_draw.recovers != draw.recovers:
                    before = [Related(draw.span, "the version before has it here")]
                    never = "" if same_draw.recovers else "never "
                    yield diagnose("draw-turned", same_draw.span, related=before, name=draw.name, never=never)


def _expect(expression: Expression | None, kind: str, scope: Scope) -> Iterator[Diagnostic]:
    if expression is not None:
        yield from expect(expression, kind, scope.types, scope.elsewhere)[1]


def _draw(draw: Draw, currency: str, payee: Scope) -> Iterator[Diagnostic]:
    amount, problems = expect(draw.amount, MONEY, payee.types, payee.elsewhere)
    yield from problems
    if amount.currency not in (None, currency):
        yield diagnose("currency-differs", draw.amount.span, found=amount.currency, expected=currency)
    for day in (draw.start, draw.before, draw.recover_from):
        yield from _expect(day, DATE, payee)
    start, before = _written(draw.start), _written(draw.before)
    if start is not None and before is not None and before <= start:
        yield diagnose("draw-backwards", draw.span, name=draw.name, start=start, before=before)


def _holdback(force: InForce, plan: Plan, holdback: Holdback, payee: Scope) -> Iterator[Diagnostic]:
    yield from _expect(holdback.part, NUMBER, payee)
    yield from _expect(holdback.release_on, DATE, payee)
    components = [component.name for component in plan.components]
    for name, span in holdback.of:
        if name not in components:
            yield diagnose("unknown-component", span, name=name, near=did_you_mean(name, components))
    day = _written(holdback.release_on)
    first = force.workspace.fiscal.containing(plan.period, plan.effective.start)
    if day is not None and day < min(first.before, plan.effective.before or first.before):
        yield diagnose("released-too-early", holdback.span, name=holdback.name, day=day, period=first.name)


def _clawback(clawback: Clawback, row: Scope) -> Iterator[Diagnostic]:
    yield from _expect(clawback.day, DATE, row)
    yield from _expect(clawback.when, BOOLEAN, row)


def _written(expression: Expression | None) -> date | None:
    """The day, where one is written out."""
    value = expression.root.value if expression is not None and isinstance(expression.root, Literal) else None
    return value if isinstance(value, date) else None


def expressions(plan: Plan) -> Iterator[Expression]:
    """All that what becomes of earnings reads."""
    found: list[Expression | None] = []
    for draw in plan.draws:
        found += [draw.amount, draw.start, draw.before, draw.recover_from]
    for holdback in plan.holdbacks:
        found += [holdback.part, holdback.release_on]
    for component in plan.components:
        if component.clawback is not None:
            found += [component.clawback.day, component.clawback.when]
    yield from (expression for expression in found if expression is not None)
