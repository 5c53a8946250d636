"""Lines in the currency in which somebody is paid: exchanged last, when all of the statement is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...amounts import grouped, round_to
from ...currencies import is_currency, minor_digits
from ...language.tree import Value
from ...periods import FiscalCalendar
from .credits import WAITING
from .exchange import Exchanging
from .lines import PAID, TOO_LITTLE, ZERO, Payout, Step
from .payees import Agreed, Payees


def in_pay_currency(lines: Sequence[Payout], payees: Payees, fiscal: FiscalCalendar) -> list[Payout]:
    """Each line, rounded in the plan's currency, at the rate of the last day of the plan's period; rounded once more.

    A line waits whose payee has no currency, or for which there is no rate. One of zero needs none: it is zero in every
    currency, and stands beside those that wait in the plan's, in which its credits are.
    """
    plan, exchange = payees.plan, payees.plan.exchange
    if not plan.pay_currency or exchange is None:
        return list(lines)
    table = payees.book_on(payees.part.start).tables[exchange.table]
    found, known = [], dict[str, Exchanging]()
    for line in lines:
        wanted = _currency(line.payee, payees)
        if not isinstance(wanted, str) or not is_currency(wanted):
            why = f"{wanted!r} is no currency" if isinstance(wanted, str) else f"{plan.pay_currency} is missing"
            found.append(_waiting(line, f"{line.payee} has no currency to be paid in: {why}") if line.amount else line)
            continue
        if wanted not in known:
            known[wanted] = Exchanging(exchange, table, fiscal, plan.period, wanted)
        found.append(_paid(line, wanted, known[wanted], payees))
    return found


def _paid(line: Payout, wanted: str, exchanging: Exchanging, payees: Payees) -> Payout:
    if wanted == line.currency:
        return line
    exchanged = exchanging.of(line.currency, payees.whole.last_day)
    if exchanged.rate is None:
        return _waiting(line, exchanged.reason) if line.amount else line
    credited = line.credit_amount * exchanged.rate if line.credit_amount is not None else None
    if not line.amount:
        return replace(line, credit_amount=credited, currency=wanted)
    amount = round_to(line.amount * exchanged.rate, minor_digits(wanted))
    before = f"{grouped(line.amount, minor_digits(line.currency))} {exchanged.said}"
    step = Step(f"{before} = {grouped(amount, minor_digits(wanted))} {wanted}", line.amount, exchanged.rate, amount)
    paid = replace(line, credit_amount=credited, amount=amount, currency=wanted, steps=(*line.steps, step))
    if amount or line.status != PAID:
        return paid
    return replace(paid, status=ZERO, reason="; ".join(filter(None, (line.reason, f"{before} {TOO_LITTLE}"))))


def _waiting(line: Payout, why: str) -> Payout:
    return replace(line, amount=None, status=WAITING, reason="; ".join(filter(None, (line.reason, why))))


def _currency(person: str, payees: Payees) -> Value:
    """By the last of the days on which the plan pays the person, or may."""
    every = [agreed for agreed, _ in payees.agreed(person, payees.part, payees.whole)]
    last = every[-1] if every else Agreed(None, payees.part, payees.whole)
    payee = payees.payee(person, last, payees.book_on(last.part.start))
    return payee[payees.plan.pay_currency] if every or payees.terms is None else None
