"""Credits and attainments to payout lines: summed exactly, rounded once where the plan says, a reason on every zero."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from ...amounts import apportion, round_to
from ...currencies import minor_digits
from ...language.infer import infer
from ...periods import FiscalCalendar, Period
from ...policy.model_pay import Component, Credit, Plan
from ...policy.names import PEOPLE
from ...policy.typing import resolve
from ...program.evaluate import Book
from ...program.spoken import source_of
from ...progress import SILENT, Progress
from .bonus import GATED, Attainment, Awarding, facts_day, gate, limited
from .credit_frame import Credits, Listed, credit_order
from .credits import CREDITED, UNPAID, WAITING, BookOn, Credited, Crediting, Summed, undecided_payee
from .payees import Payee, payees_of
from .tabled import Tabled, priced

if TYPE_CHECKING:
    from ...program.row_columns import RowsOf

PAID, ZERO, PARTLY_WAITING = "paid", "zero", "partly_waiting"

BookFor = Callable[[date, date | None], BookOn]
"""(as_of, facts day) -> (day -> book): policies of the day, facts of ``as_of``, decisions of the facts day."""


@dataclass(frozen=True, slots=True)
class Payout:
    """A statement line: payee × component × period × currency. ``amount`` is None while all of it waits.

    ``rate`` is the one rate of all its credits, None where they have several or there are none. ``steps`` show how a
    rate table or a bonus came to its amount, in words.
    """

    plan: str
    payee: str
    period: str
    component: str
    credit_amount: Fraction | None
    credits: int
    rate: Fraction | None
    amount: Fraction | None
    currency: str
    status: str
    waiting_credits: int
    reason: str
    source: str
    steps: tuple[str, ...] = ()


@dataclass
class Pay:
    credits: Credits = field(default_factory=Credits)
    attainments: list[Attainment] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    undecided_payees: list[tuple[str, str, str, int]] = field(default_factory=list)
    undated: set[tuple[str, str, int]] = field(default_factory=set)
    """Table, date field and index of the rows that may count and have no date."""


def pay(
    plans: Sequence[tuple[Plan, Period, Period]],
    book_for: BookFor,
    fiscal: FiscalCalendar,
    rows_of: RowsOf | None = None,
    progress: Progress = SILENT,
) -> Pay:
    """The pay of every plan version: (plan, the part of the period it is in force, the whole period).

    With ``rows_of`` the credits are found, and lines of plain rates summed, in columns; else row by row, alike.

    A row that matches a component and pays nobody there is listed as unpaid; but not for a person who gets the same row
    by another plan, where it only was the wrong plan that looked.
    """
    found = Pay()
    listed, unpaid = Listed(), Listed()
    progress.begin("pay", "components", sum(len(plan.components) for plan, _, _ in plans))
    for plan, period, whole in plans:
        _Paying(plan, period, whole, book_for, fiscal, rows_of, found, listed, unpaid, progress).run()
    progress.end()
    found.credits = listed.with_unpaid(unpaid)
    found.attainments.sort(key=lambda a: (a.plan, a.period, a.payee, a.component))
    found.payouts.sort(key=lambda p: (p.plan, p.period, p.payee, p.component, p.currency))
    return found


@dataclass
class _Paying:
    """One version of a plan in one of its periods."""

    plan: Plan
    period: Period
    whole: Period
    book_for: BookFor
    fiscal: FiscalCalendar
    rows_of: RowsOf | None
    found: Pay
    listed: Listed
    unpaid: Listed
    progress: Progress

    def run(self) -> None:
        """Adds lines, credits and attainments, and the rows that this plan pays nobody for."""
        book = self._book_on(self.whole)(self.period.start)
        payees = payees_of(self.plan, book)
        file = book.tables[PEOPLE].file
        for person, (holds, i) in payees.items():
            if holds is None:
                self.found.undecided_payees.append((self.plan.name, person, file, book.tables[PEOPLE].rows[i]))
        paid = {person: holds for person, (holds, _) in payees.items()}
        for component in self.plan.components:
            currency = self._currency(component, book)
            creditings = self._creditings(component, currency, paid)
            credits, summed = self._found(component, creditings, payees, currency)
            by_payee: dict[str, list[Credited]] = {}
            for credit in credits:
                if credit.status == UNPAID:
                    self.unpaid.singly.append(credit)
                elif paid.get(credit.payee) is not False and credit.payee in paid:
                    by_payee.setdefault(credit.payee, []).append(credit)
                else:
                    self.listed.singly.append(credit)
            for person, (holds, i) in sorted(payees.items()):
                own = sorted(by_payee.get(person, []), key=credit_order)
                if person in summed:
                    self.found.payouts.append(self._payout(component, currency, person, summed[person], []))
                # whether it pays this person at all is open: what would be paid waits
                elif holds or (holds is None and (own or component.bonus is not None)):
                    self._line(component, currency, person, i, own, holds)
            self.progress.advance()

    def _creditings(self, component: Component, currency: str, paid: Mapping[str, bool | None]) -> list[Crediting]:
        if component.credit is None:
            return []
        return [
            Crediting(
                self.plan, component, component.credit, part, self.period.name, currency, self._book_on(whole), paid
            )
            for part, whole in self._parts(component)
        ]

    def _found(
        self,
        component: Component,
        creditings: list[Crediting],
        payees: Mapping[str, tuple[bool | None, int]],
        currency: str,
    ) -> tuple[Iterable[Credited], Mapping[str, Summed]]:
        """The credits that are paid one by one, and the lines of the payees whose credits were summed in columns."""
        found = None
        if creditings and self.rows_of is not None:
            from .settled import found_credits, settled

            found = found_credits(creditings, self.rows_of)
        if found is None:
            self.found.undated |= {place for crediting in creditings for place in crediting.undated()}
            return (credit for crediting in creditings for credit in crediting.credits()), {}
        self.found.undated |= found.undated
        beyond = {credit.payee for credit in found.singly}
        plain = component.table is None and component.cap is None and component.floor is None
        summed = {
            person
            for person, (holds, i) in payees.items()
            if plain and holds and person not in beyond and self._gate(person, i, holds)[0]
        }
        singly_paid = [person for person, (holds, _) in payees.items() if holds is not False and person not in summed]
        unpaid, alone, together = found.apart(singly_paid)
        self.unpaid.frames.append(unpaid)
        rest, lines = settled(together, component, summed, minor_digits(currency))
        self.listed.frames.append(rest)
        return [*alone.as_found().credited(), *found.singly], lines

    def _parts(self, component: Component) -> Iterator[tuple[Period, Period]]:
        """The component's own periods inside the plan's, each cut to the days that this version is in force."""
        for whole in self.fiscal.within(component.period, self.whole):
            start, before = max(whole.start, self.period.start), min(whole.before, self.period.before)
            if start < before:
                name = self.period.name if whole.name == self.whole.name else whole.name
                yield Period(start, before, name), whole

    def _book_on(self, whole: Period) -> BookOn:
        return self.book_for(whole.last_day, facts_day(self.plan, whole))

    def _gate(self, person: str, index: int, is_payee: bool | None) -> tuple[bool | None, str]:
        """Whether the plan's gates are open. They look at its whole period, whatever the component's own."""
        if not is_payee:
            return None, undecided_payee(person)
        if not self.plan.gates:
            return True, ""
        return gate(self.plan.gates, Payee(self._book_on(self.whole)(self.period.start), index))

    def _currency(self, component: Component, book: Book) -> str:
        return (
            currency_of(component.credit, self.plan, book)
            if component.credit
            else book.program.force.workspace.currency
        )

    def _line(
        self,
        component: Component,
        currency: str,
        person: str,
        index: int,
        credits: list[Credited],
        is_payee: bool | None,
    ) -> None:
        """One payout line, with its credits or attainments. All of it waits where it is undecided who is paid."""
        gated: list[str] = []
        exact: list[Fraction] = []
        steps: list[str] = []
        written: list[Credited] = []
        attained: list[Attainment] = []
        is_open, why = self._gate(person, index, is_payee)
        for part, whole in self._parts(component):
            payee = Payee(self._book_on(whole)(part.start), index)
            if component.bonus is not None:
                awarding = Awarding(self.plan, component, component.bonus, part, whole, self.period.name, currency)
                attained.append(_gated(awarding.attainment(payee), is_open, why))
                continue
            own = [credit for credit in credits if credit.dated in part]
            tabled = priced(component, payee, own, currency)
            if is_open is not True:
                gated += [why] if is_open is False else []
                tabled = Tabled([_shut(credit, is_open, why) for credit in tabled.credits], Fraction(0), ())
            exact.append(tabled.earning)
            steps += tabled.steps
            written += tabled.credits
        if component.bonus is not None:
            line = self._bonus_line(component, currency, person, attained)
            self.found.payouts.append(line)
            self.found.attainments += _apportioned(attained, line)
            return
        line, shown = self._commission_line(component, currency, person, written, exact, gated)
        self.found.payouts.append(replace(line, steps=tuple(steps)))
        self.listed.singly += shown

    def _bonus_line(self, component: Component, currency: str, person: str, attained: list[Attainment]) -> Payout:
        waiting = [a for a in attained if a.status == WAITING]
        known = [a.earning for a in attained if a.earning is not None]
        amount = round_to(sum(known, Fraction(0)), minor_digits(currency), component.rounding)
        reasons = "; ".join(dict.fromkeys(a.reason for a in attained if a.reason))
        paid = PAID if amount else ZERO
        status = (PARTLY_WAITING if known else WAITING) if waiting else paid
        return Payout(
            plan=self.plan.name,
            payee=person,
            period=self.period.name,
            component=component.name,
            credit_amount=None,
            credits=0,
            rate=None,
            amount=amount if known or not attained else None,
            currency=currency,
            status=status,
            waiting_credits=0,
            reason=reasons if status != PAID else "",
            source=source_of(component.span),
        )

    def _commission_line(
        self,
        component: Component,
        currency: str,
        person: str,
        credits: list[Credited],
        exact: list[Fraction],
        gated: list[str],
    ) -> tuple[Payout, list[Credited]]:
        credits = sorted(credits, key=credit_order)
        counted = [credit for credit in credits if credit.status == CREDITED]
        waiting = [credit for credit in credits if credit.status == WAITING]
        digits = minor_digits(currency)
        earnings = [credit.earning or Fraction(0) for credit in counted]
        if component.each_credit:
            parts = [round_to(earning, digits, component.rounding) for earning in earnings]
            # each rounded alone, the credits may pass the cap by a cent, and without any there is still a floor
            amount = round_to(limited(component, sum(parts, Fraction(0)), Fraction(0)), digits, component.rounding)
            parts = apportion(amount, parts, digits)
        else:
            amount = round_to(sum(exact, Fraction(0)), digits, component.rounding)
            parts = apportion(amount, earnings, digits)
        written = [replace(credit, earning=part) for credit, part in zip(counted, parts, strict=True)]
        rates = {credit.rate for credit in counted}
        summed = Summed(
            amount=amount,
            credit_amount=sum((credit.credit_amount or Fraction(0) for credit in counted), Fraction(0)),
            counted=len(counted),
            waiting=len(waiting),
            rate=rates.pop() if len(rates) == 1 else None,
            waits_for={credit.reason for credit in waiting},
            reasons={(credit.reason, credit.because) for credit in counted},
        )
        return self._payout(component, currency, person, summed, gated), written + waiting

    def _payout(self, component: Component, currency: str, person: str, summed: Summed, gated: list[str]) -> Payout:
        status, reason = self._status(component, person, summed, gated)
        return Payout(
            plan=self.plan.name,
            payee=person,
            period=self.period.name,
            component=component.name,
            credit_amount=summed.credit_amount,
            credits=summed.counted,
            rate=summed.rate,
            amount=None if summed.waiting and not summed.counted else summed.amount,
            currency=currency,
            status=status,
            waiting_credits=summed.waiting,
            reason=reason,
            source=source_of(component.span),
        )

    def _status(self, component: Component, person: str, summed: Summed, gated: list[str]) -> tuple[str, str]:
        if summed.waiting:
            why = "; ".join(sorted(summed.waits_for))
            return (PARTLY_WAITING if summed.counted else WAITING), f"{summed.waiting} waiting: {why}"
        if summed.amount:
            return PAID, ""
        if gated:
            return ZERO, "; ".join(dict.fromkeys(gated))
        if not summed.counted:
            table = component.credit.table if component.credit else ""
            return ZERO, f"no row of {table} counts for {person} in {self.period.name}"
        if not all(reason for reason, _ in summed.reasons):
            return ZERO, "the credits add up to zero"
        return ZERO, "; ".join(sorted({": ".join(filter(None, words)) for words in summed.reasons}))


def _apportioned(attained: list[Attainment], line: Payout) -> list[Attainment]:
    """The earnings of the line's periods, shown so that they sum to it."""
    known = [a.earning for a in attained if a.earning is not None]
    if line.amount is None:
        return attained
    parts = iter(apportion(line.amount, known, minor_digits(line.currency)))
    return [replace(a, earning=next(parts)) if a.earning is not None else a for a in attained]


def _gated(attained: Attainment, is_open: bool | None, why: str) -> Attainment:
    """A shut gate pays nothing, whatever was attained; one that cannot be decided waits."""
    if is_open is True:
        return attained
    if is_open is None:
        return replace(attained, earning=None, status=WAITING, reason=why)
    return replace(attained, earning=Fraction(0), status=GATED, reason=why)


def _shut(credit: Credited, is_open: bool | None, why: str) -> Credited:
    """A shut gate pays nothing, whatever the credit waits for; one that cannot be decided waits."""
    if is_open is False:
        return replace(credit, earning=Fraction(0), status=CREDITED, reason=why)
    if credit.status != CREDITED:
        return credit
    return replace(credit, earning=None, status=WAITING, reason=why)


def currency_of(credit: Credit, plan: Plan, book: Book) -> str:
    """The currency of the credited amount; the workspace's for a bare number."""
    scope = resolve(book.program.force).pay_row(book.tables[credit.table].shape, plan.facts_as_of)
    kind = infer(credit.amount, scope.types)[0]
    return kind.currency or book.program.force.workspace.currency
