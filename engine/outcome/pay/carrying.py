"""A payee's total below zero: brought in from the period before, carried on to the next, or forgiven."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from ...amounts import grouped
from ...currencies import minor_digits
from ...diagnostics import Diagnostic
from ...messages import diagnose
from ...periods import Period
from ...policy.model_pay import Plan
from ...policy.model_settlement import CARRY, FORGIVE
from ...program.spoken import source_of
from .history import Earlier
from .kept import Owed
from .lines import CARRIED, Payout
from .settling import Account

NOTHING = Fraction(0)
BROUGHT, CARRIED_ON, FORGIVEN = "brought in", "carried on", "forgiven"
SOME = 5
"""People whom a finding names."""

Total = tuple[str, str, str]
"""Plan, payee and currency."""


def brought(lines: Iterable[Payout]) -> dict[Total, Fraction]:
    """What all these lines carry on to the next period: below zero. Those of a ledger say what was really paid."""
    found: dict[Total, Fraction] = {}
    for line in lines:
        if line.kind == CARRIED and line.component in (BROUGHT, CARRIED_ON):
            key = line.plan, line.payee, line.currency
            found[key] = found.get(key, NOTHING) - (line.amount or NOTHING)
    return {key: amount for key, amount in found.items() if amount}


def carried(
    lines: Sequence[Payout],
    periods: Sequence[tuple[Plan, Period, Period]],
    before: Mapping[Total, Fraction] | None = None,
) -> list[Payout]:
    """The lines by which a payee's total below zero is brought in, and carried on or forgiven, period after period.

    ``lines`` are all others of these periods, adjustments too; ``before`` is what was carried on to the first.
    """
    totals: dict[tuple[str, str, str], dict[str, Fraction]] = {}
    for line in lines:
        own = totals.setdefault((line.plan, line.payee, line.currency), {})
        period = line.period.partition(" from ")[0]
        own[period] = own.get(period, NOTHING) + (line.amount or NOTHING)
    versions: dict[tuple[str, str], Plan] = {}
    order: dict[tuple[str, str], date] = {}
    for plan, _, whole in periods:
        versions[plan.name, whole.name], order[plan.name, whole.name] = plan, whole.start
    found: list[Payout] = []
    for (name, payee, currency), own in sorted(totals.items()):
        open_ = (before or {}).get((name, payee, currency), NOTHING)
        for _, called in sorted((order[name, p], p) for p in own if (name, p) in order):
            at = Account(versions[name, called], payee, called, currency)
            some, open_ = _carried(at, own[called], open_)
            found += some
    return found


def left_owing(
    plans: Sequence[Plan],
    lines: Iterable[Payout],
    periods: Sequence[tuple[Plan, Period, Period]],
    before: Mapping[Total, Fraction],
) -> Iterator[Diagnostic]:
    """One finding for each plan and currency of which these periods pay nobody who could pay back what was carried on.

    So it is with people who have left, or are paid in another currency now. A plan that pays in other periods is left
    to these.
    """
    taken_in = {(line.plan, line.payee, line.currency) for line in lines if line.component == BROUGHT}
    left = {total: -amount for total, amount in before.items() if total not in taken_in}
    yield from _told("carried-without-pay", plans, periods, left)


def left_drawn(
    plans: Sequence[Plan],
    settled: Iterable[Owed],
    periods: Sequence[tuple[Plan, Period, Period]],
    earlier: Earlier,
) -> Iterator[Diagnostic]:
    """The same of what was drawn and not yet recovered, where these periods have nothing to say of it (``settled``).

    What is forgiven at the end of a draw is not owed to a plan that has ended.
    """
    known = {(owed.plan, owed.payee, owed.draw.name, owed.currency) for owed in settled}
    now, left = {plan.name for plan, _, _ in periods}, dict[Total, Fraction]()
    names = sorted({plan.name for plan in plans})
    for owed in (owed for plan in names for every in earlier.owing(plan).values() for owed in every):
        is_known = (owed.plan, owed.payee, owed.draw.name, owed.currency) in known
        if not is_known and (owed.plan in now or not owed.draw.forgiven):
            total = owed.plan, owed.payee, owed.currency
            left[total] = left.get(total, NOTHING) + owed.after
    yield from _told("drawn-without-pay", plans, periods, left)


def _told(
    code: str, plans: Sequence[Plan], periods: Sequence[tuple[Plan, Period, Period]], left: Mapping[Total, Fraction]
) -> Iterator[Diagnostic]:
    now, start = {plan.name for plan, _, _ in periods}, min((part.start for _, part, _ in periods), default=date.min)
    later = {plan.name for plan in plans if plan.effective.before is None or plan.effective.before > start} - now
    owing: dict[tuple[str, str], Fraction] = {}
    people: dict[tuple[str, str], list[str]] = {}
    for (plan, payee, currency), amount in sorted(left.items()):
        if plan not in later:
            owing[plan, currency] = owing.get((plan, currency), NOTHING) + amount
            people.setdefault((plan, currency), []).append(payee)
    spans = {plan.name: plan.span for plan in plans}
    for (plan, currency), amount in owing.items():
        names = people[plan, currency]
        some = ", ".join(names[:SOME]) + (f" and {len(names) - SOME} more" if len(names) > SOME else "")
        told = f"{grouped(amount, minor_digits(currency))} {currency}"
        yield diagnose(code, spans.get(plan), plan=plan, people=some, amount=told)


def _carried(at: Account, total: Fraction, before: Fraction) -> tuple[list[Payout], Fraction]:
    source, found = source_of(at.plan.span), []
    if before:
        found.append(at.line(CARRIED, BROUGHT, before, "from the period before, whose total was below zero", source))
    left = total + before
    if left >= 0 or at.plan.negative not in (CARRY, FORGIVE):
        return found, NOTHING
    if at.plan.negative == FORGIVE:
        return [*found, at.line(CARRIED, FORGIVEN, -left, "a total below zero is forgiven", source)], NOTHING
    why = "the total is below zero, and the next period's pay is less by that much"
    return [*found, at.line(CARRIED, CARRIED_ON, -left, why, source)], left
