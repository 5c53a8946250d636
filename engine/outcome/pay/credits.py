"""Rows of tables to credits: which row counts, for whom, with what amount, at which rate, by which line of the plan."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ...language.tree import Expression, Value
from ...periods import Period
from ...policy.model import Case
from ...policy.model_credit import Credit, Tranche
from ...policy.model_pay import Component, Plan
from ...policy.names import account_field
from ...program.evaluate import Book, Row
from ...program.spoken import source_of
from ...tables.shape import Table
from .chain import Chains
from .exchange import Exchanging, no_currency
from .exchange import Found as Exchanged
from .payees import BookOn, Payees
from .shares import NO_PART, joined, off_total, shares

if TYPE_CHECKING:
    from .lines import Step

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
    share: Fraction | None
    earning: Fraction | None
    currency: str
    status: str
    because: str
    reason: str
    source: str


class Summed(NamedTuple):
    """What the credits of one payout line come to. ``amount`` is rounded; ``rate`` the one that all have.

    ``waits_for`` are the reasons of those that wait, ``reasons`` the (reason, because) of those that count, empty for
    what earns something; ``gated`` those of shut gates. ``steps`` say how a rate table, cap or floor came to it.
    """

    amount: Fraction = Fraction(0)
    credit_amount: Fraction = Fraction(0)
    counted: int = 0
    waiting: int = 0
    rate: Fraction | None = None
    waits_for: Collection[str] = ()
    reasons: Collection[tuple[str, str]] = ()
    gated: Sequence[str] = ()
    steps: Sequence[Step] = ()


@dataclass
class Crediting:
    """One component of one version of a plan, for one period of it; ``name`` is the plan's period. Of a credit with
    tranches it is one of these.
    """

    plan: Plan
    component: Component
    credit: Credit
    period: Period
    name: str
    currency: str
    book_on: BookOn
    payees: Payees
    tranche: Tranche | None = None
    exchange: Exchanging | None = None
    chains: Chains = field(default_factory=Chains)

    def credits(self) -> Iterator[Credited]:
        """The credits of the rows dated in the period while this version of the plan is in force, in file order.

        A row for somebody whom the plan does not pay is yielded as unpaid; for whom that is undecided, like any other.
        """
        table, dated_by = self.table()
        for i, day in enumerate(table.columns[dated_by]):
            if isinstance(day, date) and day in self.period and day in self.plan.effective:
                yield from self._credits(table, i, day, self.book_on(day))

    def of_record(self, i: int) -> Iterator[Credited]:
        """The credits of one dated record of the table."""
        table, dated_by = self.table()
        day = table.columns[dated_by][i]
        if isinstance(day, date):
            yield from self._credits(table, i, day, self.book_on(day))

    def undated(self) -> set[tuple[str, str, int]]:
        """Table, date field and index of the rows that are in no period since they have no date, unless ``where`` is
        false for them.
        """
        table, dated_by = self.table()
        book = self.book_on(self.period.start)
        rows = [i for i, day in enumerate(table.columns[dated_by]) if day is None]
        kept = [i for i in rows if self._matches(book, book.row_and_account(table, i)) is not False]
        return {(table.shape.name, dated_by, i) for i in kept}

    def table(self) -> tuple[Table, str]:
        """The table whose rows are credited, and the field that dates them."""
        table = self.book_on(self.period.start).tables[self.credit.table]
        dated_by = self.tranche.dated_by if self.tranche is not None else self.credit.dated_by
        return table, dated_by or table.shape.dated_by or ""

    def _matches(self, book: Book, row: Row) -> Value:
        return True if self.credit.where is None else book.value(self.credit.where, row)

    def _credits(self, table: Table, i: int, day: date, book: Book) -> Iterator[Credited]:
        link = account_field(table.shape)
        account_id = table.columns[link.name][i] if link else None
        row = book.row_and_account(table, i)
        holds = self._matches(book, row)
        if holds is False:
            return
        blank, faulty = self._blank(table, i, day, account_id), off_total(self.credit, row, book)
        for share in shares(self.credit, row, day, account_id, book, self.chains, self.tranche):
            own = replace(blank, payee=share.person, share=share.part)
            if holds is None:
                yield self._waiting(own, "`where` cannot be decided", self.credit.where, book, row)
            elif faulty:
                yield replace(own, status=WAITING, reason=faulty)
            elif share.waits or (share.person and share.part is None):
                yield replace(own, status=WAITING, reason=share.reason or NO_PART)
            elif not share.person:
                yield replace(own, status=UNPAID, reason=share.reason)
            elif self.payees.on(share.person, day) is False:
                yield replace(own, status=UNPAID, reason=self.payees.not_paid(share.person, day))
            else:
                yield self._amount(replace(own, reason=share.said), share.part or Fraction(0), book, row)

    def _amount(self, blank: Credited, part: Fraction, book: Book, row: Row) -> Credited:
        amount = book.value(self.credit.amount, row)
        if not isinstance(amount, Fraction):
            return self._waiting(blank, "there is no amount", self.credit.amount, book, row)
        if self.exchange is not None:
            exchanged = self._exchanged(self.exchange, row, blank.dated)
            if exchanged.rate is None:
                return replace(blank, status=WAITING, reason=exchanged.reason)
            amount *= exchanged.rate
            blank = replace(blank, reason=joined(blank.reason, exchanged.said))
        found = replace(blank, credit_amount=amount * part)
        if self.component.table is not None:
            source = source_of(self.component.table.span)
            return replace(found, status=CREDITED, because=self.component.because, source=source)
        return self._rated(found, amount * part, book, row)

    def _exchanged(self, exchange: Exchanging, row: Row, day: date) -> Exchanged:
        """What one unit of the row's currency comes to."""
        source = row[self.credit.currency] if self.credit.currency is not None else exchange.fixed
        if isinstance(source, str):
            return exchange.of(source, day)
        return Exchanged(None, "", no_currency(self.credit))

    def _rated(self, blank: Credited, amount: Fraction, book: Book, row: Row) -> Credited:
        case, undecided = first_case(self.component.rates, book, row)
        if undecided is not None:
            return self._waiting(blank, "the rate cannot be decided", undecided, book, row)
        if case is None:
            raise ValueError("a list of cases without a last row: the checks let it pass")
        rate = book.value(case.value, row)
        because = case.because or self.component.because
        source = source_of(case.span)
        if not isinstance(rate, Fraction):
            return replace(self._waiting(blank, "there is no rate", case.value, book, row), source=source)
        zero = "" if rate and amount else ("the rate is 0%" if not rate else "the amount is 0")
        reason = joined(blank.reason, zero)
        return replace(
            blank, rate=rate, earning=amount * rate, status=CREDITED, because=because, reason=reason, source=source
        )

    def _waiting(self, blank: Credited, what: str, expression: Expression | None, book: Book, row: Row) -> Credited:
        missing = ", ".join(book.missing(expression, row)) if expression else ""
        reason = f"{what}: {missing} is missing" if missing else what
        source = source_of(expression.span) if expression else blank.source
        return replace(blank, status=WAITING, reason=reason, source=source)

    def _blank(self, table: Table, i: int, day: date, account_id: Value) -> Credited:
        return Credited(
            plan=self.plan.name,
            payee="",
            period=self.name,
            component=self.component.name,
            table=table.shape.name,
            record=record_of(table, i),
            file=table.file,
            row=table.rows[i],
            account_id=account_id if isinstance(account_id, str) else "",
            dated=day,
            credit_amount=None,
            rate=None,
            share=None,
            earning=None,
            currency=self.currency,
            status=WAITING,
            because="",
            reason="",
            source=source_of(self.component.span),
        )


def record_of(table: Table, i: int) -> str:
    """The key of a record as text; where it has none, its number in the file."""
    key = table.columns[table.shape.key][i] if table.shape.key else None
    return str(key) if key is not None else f"row {table.rows[i]}"


def undecided_payee(person: str) -> str:
    return f"whether {person} is a payee cannot be decided"


def first_case(cases: tuple[Case, ...], book: Book, row: Mapping[str, Value]) -> tuple[Case | None, Expression | None]:
    """The first case that holds; or the condition that is undecided before any does."""
    for case in cases:
        holds = True if case.when is None else book.value(case.when, row)
        if holds is None:
            return None, case.when
        if holds:
            return case, None
    return None, None
