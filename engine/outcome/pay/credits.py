"""Rows of tables to credits: which row counts, for whom, with what amount, at which rate, by which line of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from ...language.tree import Expression, Value
from ...periods import Period
from ...policy.model import Case, Component, Plan
from ...policy.names import PEOPLE, account_field
from ...program.evaluate import Book, Row
from ...program.holders import Holders
from ...program.spoken import source_of
from ...tables.shape import Table

CREDITED = "credited"
WAITING = "waiting"
"""Something is missing; the row is paid once that is known, never as zero."""
UNPAID = "unpaid"
"""The row matched a component and counts for nobody: the reason says why."""


@dataclass(frozen=True, slots=True)
class Credited:
    """``earning`` is exact while a payout is being summed, and apportioned to the payout line when it is written."""

    plan: str
    payee: str
    period: str
    component: str
    table: str
    record: str
    file: str
    row: int
    account_id: str
    dated: date
    credit_amount: Fraction | None
    rate: Fraction | None
    earning: Fraction | None
    currency: str
    status: str
    because: str
    reason: str
    source: str


BookOn = Callable[[date], Book]
"""The book whose policies are in force on that day; facts are those of the period's last day."""


def payees_of(plan: Plan, book: Book) -> tuple[dict[str, bool | None], Mapping[str, int]]:
    """Every person of the people table with whether the plan pays them (None: undecided), and their rows."""
    table = book.tables[PEOPLE]
    found: dict[str, bool | None] = {}
    rows: dict[str, int] = {}
    for i in range(len(table)):
        row = Row(table, i, book.shared)
        holds = True if plan.payees is None else book.value(plan.payees, row)
        person = str(row["person"])
        found[person], rows[person] = (holds if isinstance(holds, bool) else None), table.rows[i]
    return found, rows


@dataclass
class Crediting:
    """One component of one version of a plan, for one period."""

    plan: Plan
    component: Component
    period: Period
    currency: str
    book_on: BookOn
    holders: Holders
    payees: Mapping[str, bool | None]

    def credits(self) -> Iterator[Credited]:
        """The credits of the rows dated in the period while this version of the plan is in force, in file order.

        A row for somebody whom the plan does not pay is yielded as unpaid.
        """
        credit = self.component.credit
        table = self.book_on(self.period.start).tables[credit.table]
        dated_by = credit.dated_by or table.shape.dated_by or ""
        for i, day in enumerate(table.columns[dated_by]):
            if isinstance(day, date) and day in self.period and day in self.plan.effective:
                book = self.book_on(day)
                found = self._credit(table, i, day, book)
                if found is not None:
                    yield found

    def _credit(self, table: Table, i: int, day: date, book: Book) -> Credited | None:
        credit = self.component.credit
        link = account_field(table.shape)
        account_id = table.columns[link.name][i] if link else None
        row = Row(table, i, book.behind(account_id) if link else book.shared)
        blank = self._blank(table, i, day, account_id)
        holds = True if credit.where is None else book.value(credit.where, row)
        if holds is False:
            return None
        payee, reason = self._payee(table, i, day, account_id)
        blank = replace(blank, payee=payee)
        if holds is None:
            return self._waiting(blank, "`where` cannot be decided", credit.where, book, row)
        if not payee:
            return replace(blank, status=UNPAID, reason=reason)
        if self.payees.get(payee) is not True:
            return replace(blank, status=UNPAID, reason=self._not_paid(payee))
        amount = book.value(credit.amount, row)
        if not isinstance(amount, Fraction):
            return self._waiting(blank, "there is no amount", credit.amount, book, row)
        return self._rated(replace(blank, credit_amount=amount), amount, book, row)

    def _rated(self, blank: Credited, amount: Fraction, book: Book, row: Row) -> Credited:
        case, undecided = _case(self.component.rates, book, row)
        if undecided is not None:
            return self._waiting(blank, "the rate cannot be decided", undecided, book, row)
        if case is None:
            raise ValueError("a list of cases without a last row: the checks let it pass")
        rate = book.value(case.value, row)
        because = case.because or self.component.because
        source = source_of(case.span)
        if not isinstance(rate, Fraction):
            return replace(self._waiting(blank, "there is no rate", case.value, book, row), source=source)
        reason = "" if rate and amount else ("the rate is 0%" if not rate else "the amount is 0")
        return replace(
            blank, rate=rate, earning=amount * rate, status=CREDITED, because=because, reason=reason, source=source
        )

    def _waiting(self, blank: Credited, what: str, expression: Expression | None, book: Book, row: Row) -> Credited:
        missing = ", ".join(book.missing(expression, row)) if expression else ""
        reason = f"{what}: {missing} is missing" if missing else what
        source = source_of(expression.span) if expression else blank.source
        return replace(blank, status=WAITING, reason=reason, source=source)

    def _payee(self, table: Table, i: int, day: date, account_id: Value) -> tuple[str, str]:
        to = self.component.credit.to
        if to in table.columns:
            person = table.columns[to][i]
            return (person, "") if isinstance(person, str) else ("", f"the row names no {to}")
        if not isinstance(account_id, str):
            return "", "the row names no account, so nobody holds it"
        held = self.holders.on(account_id, to, day)
        return held.person or "", held.reason

    def _not_paid(self, payee: str) -> str:
        if payee not in self.payees:
            return f"{payee!r} is not in the people table"
        if self.payees[payee] is None:
            return f"whether {payee} is a payee cannot be decided"
        return f"{payee} is no payee of this plan"

    def _blank(self, table: Table, i: int, day: date, account_id: Value) -> Credited:
        key = table.columns[table.shape.key][i] if table.shape.key else None
        return Credited(
            plan=self.plan.name,
            payee="",
            period=self.period.name,
            component=self.component.name,
            table=table.shape.name,
            record=str(key) if key is not None else f"row {table.rows[i]}",
            file=table.file,
            row=table.rows[i],
            account_id=account_id if isinstance(account_id, str) else "",
            dated=day,
            credit_amount=None,
            rate=None,
            earning=None,
            currency=self.currency,
            status=WAITING,
            because="",
            reason="",
            source=source_of(self.component.span),
        )


def _case(cases: tuple[Case, ...], book: Book, row: Row) -> tuple[Case | None, Expression | None]:
    """The first case that holds; or the condition that is undecided before any does."""
    for case in cases:
        holds = True if case.when is None else book.value(case.when, row)
        if holds is None:
            return None, case.when
        if holds:
            return case, None
    return None, None
