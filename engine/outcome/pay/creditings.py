"""What is credited by a component in some of its periods: each period and each tranche by itself, in one currency."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...language.infer import infer
from ...periods import FiscalCalendar, Period
from ...policy.model_credit import Credit
from ...policy.model_pay import Component, Plan
from ...policy.typing import resolve
from ...program.evaluate import Book
from .credits import Crediting
from .exchange import Exchanging
from .payees import BookOn, Payees


def creditings(
    component: Component,
    payees: Payees,
    parts: Iterable[tuple[Period, Period, str]],
    currency: str,
    book_of: Callable[[Period], BookOn],
    fiscal: FiscalCalendar,
) -> list[Crediting]:
    """``parts`` are the component's own periods, cut to the days of the version, each with its whole and the name
    that the plan gives it; ``book_of`` gives the books of such a period.
    """
    credit, plan = component.credit, payees.plan
    if credit is None:
        return []
    book = book_of(payees.whole)(payees.part.start)
    exchange = _exchanging(component, credit, plan, book, fiscal, currency)
    return [
        Crediting(plan, component, credit, part, name, currency, book_of(whole), payees, tranche, exchange)
        for part, whole, name in parts
        for tranche in credit.tranches or (None,)
    ]


def counted_in(component: Component, plan: Plan, book: Book) -> str:
    """The currency of the plan; without one that of the amounts, or of the workspace."""
    credit = component.credit
    if plan.currency or credit is None or credit.currency is not None:
        return plan.currency or book.program.force.workspace.currency
    return _currency_of(credit, plan, book)


def _exchanging(
    component: Component, credit: Credit, plan: Plan, book: Book, fiscal: FiscalCalendar, currency: str
) -> Exchanging | None:
    """What brings amounts of other currencies into that of the plan; None where there are none."""
    fixed = "" if credit.currency is not None else _currency_of(credit, plan, book)
    if plan.exchange is None or fixed == currency:
        return None
    return Exchanging(plan.exchange, book.tables[plan.exchange.table], fiscal, component.period, currency, fixed)


def _currency_of(credit: Credit, plan: Plan, book: Book) -> str:
    """The currency of the credited amount; the workspace's for a bare number."""
    scope = resolve(book.program.force).pay_row(book.tables[credit.table].shape, plan.facts_as_of)
    kind = infer(credit.amount, scope.types)[0]
    return kind.currency or book.program.force.workspace.currency
