"""Credits to payout lines: summed exactly, rounded once where the plan says, with a reason on every zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ...amounts import apportion, round_to
from ...currencies import minor_digits
from ...language.infer import infer
from ...periods import Period
from ...policy.model import Component, Plan
from ...policy.names import PEOPLE, resolve
from ...program.evaluate import Book
from ...program.holders import Holders
from ...program.spoken import source_of
from .credits import CREDITED, UNPAID, WAITING, BookOn, Credited, Crediting, payees_of

PAID, ZERO, PARTLY_WAITING = "paid", "zero", "partly_waiting"


@dataclass(frozen=True, slots=True)
class Payout:
    """A statement line: payee × component × period × currency. ``amount`` is None while all of it waits.

    ``rate`` is the one rate of all its credits, None where they have several or there are none.
    """

    plan: str
    payee: str
    period: str
    component: str
    credit_amount: Fraction
    credits: int
    rate: Fraction | None
    amount: Fraction | None
    currency: str
    status: str
    waiting_credits: int
    reason: str
    source: str


@dataclass
class Pay:
    credits: list[Credited] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    undecided_payees: list[tuple[str, str, str, int]] = field(default_factory=list)


def pay(plans: Iterable[tuple[Plan, Period]], book_for: Mapping[Period, BookOn], holders: Holders) -> Pay:
    """The pay of every plan version in its periods. Rows that no plan pays anybody for are listed once as unpaid."""
    found = Pay()
    unpaid: list[Credited] = []
    served: set[tuple[str, int]] = set()
    for plan, period in plans:
        book_on = book_for[period]
        book = book_on(max(period.start, plan.effective.start))
        payees, rows = payees_of(plan, book)
        for person, holds in payees.items():
            if holds is None:
                found.undecided_payees.append((plan.name, person, book.tables[PEOPLE].file, rows[person]))
        for component in plan.components:
            currency = currency_of(component, book)
            all_credits = list(Crediting(plan, component, period, currency, book_on, holders, payees).credits())
            unpaid += [credit for credit in all_credits if credit.status == UNPAID]
            kept = [credit for credit in all_credits if credit.status != UNPAID]
            served |= {(credit.table, credit.row) for credit in kept}
            for payee in sorted(person for person, holds in payees.items() if holds):
                own = [credit for credit in kept if credit.payee == payee]
                line, written = payout(plan, component, period, payee, own, currency)
                found.payouts.append(line)
                found.credits += written
            # a row that waits for whether it counts at all may have no payee yet
            found.credits += [c for c in kept if payees.get(c.payee) is not True]
    found.credits += [credit for credit in unpaid if (credit.table, credit.row) not in served]
    found.credits.sort(key=_credit_order)
    found.payouts.sort(key=lambda p: (p.plan, p.period, p.payee, p.component, p.currency))
    return found


def currency_of(component: Component, book: Book) -> str:
    """The currency of the credited amount; the workspace's for a bare number."""
    names = resolve(book.program.force)
    scope = names.pay_row(book.tables[component.credit.table].shape)
    kind = infer(component.credit.amount, scope.types)[0]
    return kind.currency or book.program.force.workspace.currency


def payout(
    plan: Plan, component: Component, period: Period, payee: str, credits: list[Credited], currency: str
) -> tuple[Payout, list[Credited]]:
    """The line of one payee, and its credits with their earnings apportioned to sum to it."""
    credits = sorted(credits, key=_credit_order)
    counted = [credit for credit in credits if credit.status == CREDITED]
    waiting = [credit for credit in credits if credit.status == WAITING]
    digits = minor_digits(currency)
    exact = [credit.earning for credit in counted if credit.earning is not None]
    if component.each_credit:
        parts = [round_to(earning, digits, component.rounding) for earning in exact]
        amount = sum(parts, Fraction(0))
    else:
        amount = round_to(sum(exact, Fraction(0)), digits, component.rounding)
        parts = apportion(amount, exact, digits)
    written = [replace(credit, earning=part) for credit, part in zip(counted, parts, strict=True)]
    rates = {credit.rate for credit in counted}
    status, reason = _status(component, period, payee, counted, waiting, amount)
    line = Payout(
        plan=plan.name,
        payee=payee,
        period=period.name,
        component=component.name,
        credit_amount=sum((credit.credit_amount or Fraction(0) for credit in counted), Fraction(0)),
        credits=len(counted),
        rate=rates.pop() if len(rates) == 1 else None,
        amount=None if waiting and not counted else amount,
        currency=currency,
        status=status,
        waiting_credits=len(waiting),
        reason=reason,
        source=source_of(component.span),
    )
    return line, written + waiting


def _status(
    component: Component, period: Period, payee: str, counted: list[Credited], waiting: list[Credited], amount: Fraction
) -> tuple[str, str]:
    if waiting:
        why = "; ".join(sorted({credit.reason for credit in waiting}))
        return (PARTLY_WAITING if counted else WAITING), f"{len(waiting)} waiting: {why}"
    if amount:
        return PAID, ""
    if not counted:
        return ZERO, f"no row of {component.credit.table} counts for {payee} in {period.name}"
    reasons = sorted({": ".join(filter(None, (c.reason, c.because))) for c in counted if c.reason})
    return ZERO, "; ".join(reasons) or "the credits add up to zero"


def _credit_order(credit: Credited) -> tuple[object, ...]:
    return credit.plan, credit.period, credit.payee, credit.component, credit.dated, credit.file, credit.row
