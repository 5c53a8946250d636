"""Commissions capitalised as costs of a contract (ASC 340-40), written off month by month in a straight line; and what
goes of that when a commission is taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from heapq import merge

from ...amounts import apportion
from ...currencies import minor_digits
from ...language.tree import Literal
from ...periods import Duration
from ...policy.model_pay import Amortise, Component, Plan
from ...program.evaluate import Book, Row
from ...program.spoken import source_of
from .credits import CREDITED, Credited
from .kept import TakenBack
from .lines import CLAWED_BACK, EARNED, LineOf, Pay, Payout

BookOf = Callable[[Plan, Component, date], Book]
"""The book that pays a component of a plan for a day."""

MOST_MONTHS = 1200


@dataclass(frozen=True, slots=True)
class Amortised:
    """One month of one credit. ``balance`` is what is left of it at the end of the month. What was taken back of one
    has amounts below zero, its months up to then in one: with those of the credit they come to what stayed paid.

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


def amortised(paid: Pay, plans: Sequence[Plan], book_of: BookOf) -> Iterator[Amortised]:
    """Of the credits that earned something by a component that says ``amortise``, of what is taken back of such, and of
    the corrections of locked lines; by plan, period and payee.
    """
    asked = {(plan.name, component.name) for plan in plans for component in plan.components if component.amortise}
    if not asked:
        return
    schedules = Schedules(plans, book_of)
    credits = (each for each in paid.credits if each.status == CREDITED and each.earning)
    earned = (row for each in credits if (each.plan, each.component) in asked for row in schedules.of(each))
    taken = sorted((each for each in paid.kept.taken if (each.plan, each.component) in asked), key=_place)
    back = (row for each in taken for row in schedules.back(each))
    corrected = (line for line in paid.payouts if line.corrects and (line.plan, line.component) in asked)
    told = (_corrected(line) for line in corrected if LineOf.parse(line.corrects).kind in (EARNED, CLAWED_BACK))
    yield from merge(earned, back, sorted(told, key=_place), key=_place)


def _place(row: Amortised | TakenBack) -> tuple[str, str, str]:
    return row.plan, row.period, row.payee


def _corrected(line: Payout) -> Amortised:
    """A locked line has one sum for all of its credits, whose months were said when it was paid."""
    why = f"corrects {line.corrects}: a run of that period without a ledger has the months of its credits"
    return Amortised(
        plan=line.plan,
        period=line.period,
        payee=line.payee,
        component=line.component,
        table="",
        record="",
        account_id="",
        month="",
        amount=None,
        balance=line.amount or Fraction(0),
        currency=line.currency,
        reason=why,
        source=line.source,
    )


class Schedules:
    """``of`` is the schedule of a credit, ``back`` that of what is taken back of one."""

    def __init__(self, plans: Sequence[Plan], book_of: BookOf) -> None:
        self.plans, self.book_of = plans, book_of
        self._rows: dict[str, Mapping[int, int]] = {}

    def of(self, credit: Credited, since: str = "") -> Iterator[Amortised]:
        """The months before ``since`` are written off in it."""
        found = self._in_force(credit)
        if found is None:
            return
        plan, component, amortise = found
        source, left, before = source_of(amortise.span), credit.earning or Fraction(0), Fraction(0)
        spread = self._months(credit, plan, component, amortise)
        if isinstance(spread, str):
            yield _month(credit, source, left, reason=spread)
            return
        start, months = spread
        for n, amount in enumerate(apportion(left, [left / months] * months, minor_digits(credit.currency)), 1):
            left, before = left - amount, before + amount
            month = Duration(n - 1, "months").after(start.replace(day=1)).isoformat()[:7]
            if month >= since or n == months:
                yield _month(credit, source, left, max(month, since), before)
                before = Fraction(0)

    def back(self, taken: TakenBack) -> Iterator[Amortised]:
        credit = replace(taken.credit, period=taken.period, earning=-taken.amount)
        return self.of(credit, taken.day.isoformat()[:7])

    def _in_force(self, credit: Credited) -> tuple[Plan, Component, Amortise] | None:
        for plan in self.plans:
            for component in plan.components if plan.name == credit.plan and credit.dated in plan.effective else ():
                if component.name == credit.component and component.amortise is not None:
                    return plan, component, component.amortise
        return None

    def _months(self, credit: Credited, plan: Plan, component: Component, amortise: Amortise) -> tuple[date, int] | str:
        """A day of the first month, and how many they are; or why that cannot be said."""
        if isinstance(amortise.months.root, Literal) and amortise.start is None:
            months, begins = amortise.months.root.value, credit.dated
        else:
            book = self.book_of(plan, component, credit.dated)
            row = self._row(book, credit)
            months = book.value(amortise.months, row)
            found = credit.dated if amortise.start is None else book.value(amortise.start, row)
            if not isinstance(found, date):
                return "the first month is missing"
            begins = found
        if months is None:
            return "the number of months is missing"
        if not isinstance(months, Fraction) or months.denominator != 1 or not 1 <= months <= MOST_MONTHS:
            return f"{months} is no number of months from 1 to {MOST_MONTHS}"
        return begins, int(months)

    def _row(self, book: Book, credit: Credited) -> Row:
        table = book.tables[credit.table]
        if credit.table not in self._rows:
            self._rows[credit.table] = {row: i for i, row in enumerate(table.rows)}
        return book.row_and_account(table, self._rows[credit.table][credit.row])


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
