"""Staffing: ratios read measures of their own per, budgets are money over dates, limits and levelling stand once."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...diagnostics import Diagnostic, Related
from ...language.infer import checked, expect
from ...language.tree import Expression, Literal
from ...language.types import BOOLEAN, DATE, MONEY, NUMBER, Type, common
from ...messages import diagnose, did_you_mean
from ..model import Measure
from ..model_staffing import Budget, Ratio
from ..names import ASSIGNMENTS, COMPANY, Holding, Names, Scope
from ..pack import InForce


def check(force: InForce, names: Names) -> Iterator[Diagnostic]:
    yield from _once(force)
    account = names.account()
    for policy in force.staffings:
        for ratio in policy.ratios:
            yield from _ratio(force, names, ratio)
        for budget in policy.budgets:
            yield from _budget(force, account, budget)
        for limit in policy.contact_limits:
            if limit.when is not None:
                yield from _expect(limit.when, BOOLEAN, account)


def _once(force: InForce) -> Iterator[Diagnostic]:
    """Limits of contacts, and levelling, are for all accounts: no two policies in force have them."""
    for key, spans in (
        ("contact_limits", [p.contact_limits[0].span for p in force.staffings if p.contact_limits]),
        ("levelling", [p.levelling.span for p in force.staffings if p.levelling is not None]),
    ):
        for span in spans[1:]:
            other = [Related(spans[0], "the other is here")]
            yield diagnose("one-staffing", span, key=key, day=force.day, related=other)


def _ratio(force: InForce, names: Names, ratio: Ratio) -> Iterator[Diagnostic]:
    pers = {m.per for m in force.measures} - {"account"}
    roles = [name for name, d in names.definitions.items() if isinstance(d, Holding) and not d.since]
    if ratio.per != COMPANY and ratio.per not in pers and ratio.per not in roles:
        near = did_you_mean(ratio.per, [*roles, *sorted(pers), COMPANY])
        yield diagnose("unknown-per", ratio.per_span, name=ratio.per, near=near)
        return
    if ratio.per in roles and ASSIGNMENTS not in force.workspace.shapes:
        yield diagnose("table-needed", ratio.per_span, table=ASSIGNMENTS, why="it says who holds a role")
    scope = names.per(ratio.per)
    load, problems = checked(ratio.load, scope.types, scope.elsewhere)
    carries, others = checked(ratio.one_carries, scope.types, scope.elsewhere)
    unseen = [*problems, *others, *_expect(ratio.have, NUMBER, scope)]
    yield from unseen
    for expression, kind in ((ratio.load, load), (ratio.one_carries, carries)):
        if kind.known and kind.kind not in (NUMBER, MONEY):
            yield diagnose("wrong-result", expression.span, found=kind, expected="a number or an amount of money")
            return
    if load.known and carries.known and common(load, carries) is None:
        yield diagnose("comparison-of-kinds", ratio.one_carries.span, left=load, right=carries)
    if _is_nothing(ratio.one_carries):
        yield diagnose("carries-nothing", ratio.one_carries.span, found=ratio.one_carries.text)
    if not unseen and ratio.per != COMPANY and not _reads(names, ratio):
        yield diagnose("ratio-without-measure", ratio.span, name=ratio.name, per=ratio.per)


def _is_nothing(carries: Expression) -> bool:
    """Whether it is written as a figure that is not above zero."""
    written = carries.root.value if isinstance(carries.root, Literal) else None
    return isinstance(written, Fraction) and written <= 0


def _reads(names: Names, ratio: Ratio) -> bool:
    """Whether the ratio reads a measure of its own ``per``: those who have it are its lines."""
    read = {name for part in (ratio.load, ratio.one_carries, ratio.have) for name in part.names}
    found = [names.definitions.get(name) for name in read]
    return any(isinstance(d, Measure) and d.per == ratio.per for d in found)


def _budget(force: InForce, account: Scope, budget: Budget) -> Iterator[Diagnostic]:
    if budget.population is not None:
        yield from _expect(budget.population, BOOLEAN, account)
    allowed, problems = expect(budget.allow, MONEY, account.types, account.elsewhere)
    yield from problems
    currency = force.workspace.currency
    if allowed.known and allowed.currency not in (None, currency):
        yield diagnose("currency-mix", budget.allow.span, left=allowed, right=Type(MONEY, currency))
    for edge in (budget.start, budget.before):
        yield from _expect(edge, DATE, account)
    if all(role.cost is None for role in force.workspace.roles.values()):
        yield diagnose("budget-without-cost", budget.span)


def _expect(expression: Expression, kind: str, scope: Scope) -> list[Diagnostic]:
    return expect(expression, kind, scope.types, scope.elsewhere)[1]
