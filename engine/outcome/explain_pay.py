"""The tree of reasons of a payee's pay: from the amount down to rows of data and lines of policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..amounts import grouped, percent
from ..currencies import minor_digits
from ..language.tree import Expression
from ..language.types import MONEY, NUMBER, Type
from ..periods import FiscalCalendar, Period
from ..policy.model_pay import Component, Plan
from ..program.explain import Explainer, Reason
from ..program.spoken import source_of, spoken
from .explain_figures import BookOf, figure, figures, measured
from .pay.bonus import Attainment
from .pay.credits import Credited
from .pay.lines import CLAWED_BACK, DRAWN, EARNED, HELD, RECOVERED, RELEASED, Pay, Payout
from .pay.payees import Payee, payee_again


def explain_payee(
    payee: str, paid: Pay, plans: list[Plan], fiscal: FiscalCalendar, book_of: BookOf, number: int = 0
) -> Reason:
    """Every line of the payee's pay, or the one of this ``number`` on the statement, with all that it came from."""
    own = paid.credits.of(payee)
    lines = [line for line in paid.payouts if line.payee == payee]
    below = [_line(n, line, own, paid, plans, fiscal, book_of) for n, line in enumerate(lines, 1) if number in (0, n)]
    return Reason(f"payee {payee}", "", tuple(below))


def _line(
    number: int,
    line: Payout,
    own: list[Credited],
    paid: Pay,
    plans: list[Plan],
    fiscal: FiscalCalendar,
    book_of: BookOf,
) -> Reason:
    key = line.plan, line.payee, line.component
    reasons = [Reason(step.text, _place(line, plans)) for step in line.steps]
    if line.kind == EARNED:
        reasons += figures(line, plans, fiscal, book_of)
        credits = [c for c in own if (c.plan, c.payee, c.component) == key and c.period == line.period]
        reasons += [_credit(c, _component(plans, line, c.dated), book_of) for c in credits]
        every = (a for a in paid.attainments if a.paid_in == line.period)
        reasons += [_attained(a, plans, line, book_of) for a in every if (a.plan, a.payee, a.component) == key]
    else:
        reasons += _agreed_on(line, plans)
    digits = minor_digits(line.currency)
    amount = f"{grouped(line.amount, digits)} {line.currency}" if line.amount is not None else "waits"
    kind = f", {line.kind.replace('_', ' ')}" if line.kind != EARNED else ""
    corrects = f", corrects {line.corrects}" if line.corrects else ""
    why = f" – {line.reason}" if line.reason else ""
    head = f"line {number}: {line.plan}, {line.period}, {line.component}{kind}{corrects}: {amount}{why}"
    return Reason(head, line.source, tuple(reasons))


def _place(line: Payout, plans: list[Plan]) -> str:
    """Where the slices of a line are agreed: its rate table. The component's, where versions have several."""
    tables = {
        source_of(component.table.span)
        for plan in plans
        for component in plan.components
        if (plan.name, component.name) == (line.plan, line.component) and component.table is not None
    }
    return tables.pop() if line.kind == EARNED and len(tables) == 1 else line.source


def _agreed_on(line: Payout, plans: list[Plan]) -> Iterator[Reason]:
    """The terms of a draw, a holdback or a clawback, as the policy writes them."""
    found: list[tuple[str, Expression | None]] = []
    for plan in (plan for plan in plans if plan.name == line.plan):
        for draw in plan.draws if line.kind in (DRAWN, RECOVERED) else ():
            if draw.name == line.component:
                found += [(f"{draw.kind}, a {draw.unit}", draw.amount), ("recover from", draw.recover_from)]
        for holdback in plan.holdbacks if line.kind in (HELD, RELEASED) else ():
            if holdback.name == line.component:
                found += [("part", holdback.part), ("release on", holdback.release_on)]
        for component in plan.components if line.kind == CLAWED_BACK else ():
            if component.name == line.component and component.clawback is not None:
                found += [("taken back when", component.clawback.when), ("on", component.clawback.day)]
    told = ((f"{what}: {each.text}", source_of(each.span)) for what, each in found if each is not None)
    yield from (Reason(text, place) for text, place in dict.fromkeys(told))


def _component(plans: list[Plan], line: Payout, day: date) -> tuple[Plan, Component]:
    return next(
        (plan, component)
        for plan in plans
        if plan.name == line.plan and day in plan.effective
        for component in plan.components
        if component.name == line.component
    )


def _credit(credit: Credited, found: tuple[Plan, Component], book_of: BookOf) -> Reason:
    plan, component = found
    book = book_of(plan, component, credit.dated)
    table = book.tables[credit.table]
    i = list(table.rows).index(credit.row)
    row = book.row_and_account(table, i)
    explainer = Explainer(book)
    below: list[Reason] = []
    if component.credit is not None:
        if component.credit.where is not None:
            below.append(explainer.expression("where", component.credit.where, row))
        kind = Type(MONEY, credit.currency) if component.credit.currency is None else Type(NUMBER)
        below.append(explainer.expression("amount", component.credit.amount, row, kind=kind))
    for case in component.rates:
        held = True if case.when is None else book.value(case.when, row)
        if case.when is not None:
            below.append(explainer.expression("when", case.when, row, case.because))
        if held is None:
            break
        if held:
            kind = Type(NUMBER, percent=True)
            below.append(explainer.expression("rate", case.value, row, case.because, kind))
            break
    place = f"{credit.file}, row {credit.row}"
    return Reason(f"{credit.record} of {credit.dated}: {_sum(credit)}", place, tuple(below))


def _sum(credit: Credited) -> str:
    digits = minor_digits(credit.currency)
    if credit.earning is None or credit.credit_amount is None:
        return f"{credit.status}, {credit.reason}"
    amount, earning = grouped(credit.credit_amount, digits), grouped(credit.earning, digits)
    way = f"its part of the line {earning}" if credit.rate is None else f"× {percent(credit.rate)} = {earning}"
    why = f" – {credit.reason}" if credit.reason else ""
    return f"{amount}{', ' if credit.rate is None else ' '}{way}{why}"


def _attained(attained: Attainment, plans: list[Plan], line: Payout, book_of: BookOf) -> Reason:
    plan, component = _component(plans, line, attained.start)
    book = book_of(plan, component, attained.start)
    part = Period(attained.start, attained.before, attained.period)
    whole = book.program.fiscal.containing(component.period, attained.start)
    payee = payee_again(book, attained.payee, part, whole, attained.terms_row)
    below = [*_agreed(payee), measured(book, payee, attained.measure)]
    target = component.bonus.target if component.bonus is not None else None
    if target is not None:
        read = [figure(payee, name) for name in target.names]
        kind = book.program.per_holder.get(attained.measure) or book.program.types.get(attained.measure)
        text = f"target: {target.text} → {spoken(attained.target, kind)}"
        below.append(Reason(text, source_of(target.span), tuple(read)))
    digits = minor_digits(attained.currency)
    if attained.earns is not None and attained.earning is not None and attained.attainment is not None:
        amount = f"{percent(attained.earns)} of {grouped(attained.target_amount, digits)}"
        text = f"{percent(attained.attainment)} attained earns {amount} = {grouped(attained.earning, digits)}"
    else:
        text = attained.status
    why = f" – {attained.reason}" if attained.reason else ""
    return Reason(f"{attained.period}: {text}{why}", attained.source, tuple(below))


def _agreed(payee: Payee) -> list[Reason]:
    """The days that are paid, where these are not the whole period, and the terms that are in force on them."""
    part, whole = payee.agreed.part, payee.agreed.whole
    if payee.terms is None:
        return [] if part.days == whole.days else [Reason(str(payee.agreed), "")]
    return [Reason(f"terms of {payee.agreed}", f"{payee.terms.file}, row {payee.terms_row}")]
