"""Commissions capitalised as costs of a contract (ASC 340-40), written off month by month in a straight line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ...amounts import apportion
from ...currencies import minor_digits
from ...language.tree import Literal
from ...periods import Duration
from ...policy.model_pay import Amortise, Component, Plan
from ...program.evaluate import Book, Row
from ...program.spoken import source_of
from .credits import CREDITED, Credited

BookOf = Callable[[Plan, Component, date], Book]
"""The book that pays a component of a plan for a day."""

MOST_MONTHS = 1200


@dataclass(frozen=True, slots=True)
class Amortised:
    """One month of one credit. ``balance`` is what is left of it at the end of the month.

    Where it cannot be said over how many months, or from when, there is one row, with no month and the ``reason``.
    """

    plan: str
    period: str
    payee: str
    component: str
    table: str
    record: str
    account_id: str
    month: str
    amount: Fraction | None
    balance: Fraction
    currency: str
    reason: str
    source: str


def amortised(credits: Iterable[Credited], plans: Sequence[Plan], book_of: BookOf) -> Iterator[Amortised]:
    """Of the credits that earned something by a component that says ``amortise``, in their order."""
    asked = {(plan.name, component.name) for plan in plans for component in plan.components if component.amortise}
    rows: dict[str, Mapping[int, int]] = {}
    for credit in credits if asked else ():
        if (credit.plan, credit.component) in asked and credit.status == CREDITED and credit.earning:
            found = _in_force(plans, credit)
            if found is not None:
                yield from _schedule(credit, *found, book_of, rows)


def _in_force(plans: Sequence[Plan], credit: Credited) -> tuple[Plan, Component, Amortise] | None:
    for plan in plans:
        for component in plan.components if plan.name == credit.plan and credit.dated in plan.effective else ():
            if component.name == credit.component and component.amortise is not None:
                return plan, component, component.amortise
    return None


def _schedule(
    credit: Credited,
    plan: Plan,
    component: Component,
    amortise: Amortise,
    book_of: BookOf,
    rows: dict[str, Mapping[int, int]],
) -> Iterator[Amortised]:
    source, left = source_of(amortise.span), credit.earning or Fraction(0)
    if isinstance(amortise.months.root, Literal) and amortise.start is None:
        months, start = amortise.months.root.value, credit.dated
    else:
        book = book_of(plan, component, credit.dated)
        row = _row(book, credit, rows)
        months = book.value(amortise.months, row)
        begins = credit.dated if amortise.start is None else book.value(amortise.start, row)
        if not isinstance(begins, date):
            yield _month(credit, source, left, reason="the first month is missing")
            return
        start = begins
    if not isinstance(months, Fraction) or months.denominator != 1 or not 1 <= months <= MOST_MONTHS:
        why = f"{months} is no number of months from 1 to {MOST_MONTHS}"
        yield _month(credit, source, left, reason="the number of months is missing" if months is None else why)
        return
    parts = [left / int(months)] * int(months)
    for n, amount in enumerate(apportion(left, parts, minor_digits(credit.currency))):
        left -= amount
        yield _month(credit, source, left, Duration(n, "months").after(start.replace(day=1)).isoformat()[:7], amount)


def _row(book: Book, credit: Credited, rows: dict[str, Mapping[int, int]]) -> Row:
    table = book.tables[credit.table]
    if credit.table not in rows:
        rows[credit.table] = {row: i for i, row in enumerate(table.rows)}
    return book.row_and_account(table, rows[credit.table][credit.row])


def _month(
    credit: Credited, source: str, balance: Fraction, month: str = "", amount: Fraction | None = None, reason: str = ""
) -> Amortised:
    return Amortised(
        plan=credit.plan,
        period=credit.period,
        payee=credit.payee,
        component=credit.component,
        table=credit.table,
        record=credit.record,
        account_id=credit.account_id,
        month=month,
        amount=amount,
        balance=balance,
        currency=credit.currency,
        reason=reason,
        source=source,
    )
