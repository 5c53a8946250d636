"""Plans and books to pay: the credits, attainments and lines of each version of a plan, component by component."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from ...currencies import minor_digits
from ...language.infer import infer
from ...periods import FiscalCalendar, Period
from ...policy.model_credit import Credit
from ...policy.model_pay import Component, Plan
from ...policy.names import PEOPLE
from ...policy.typing import resolve
from ...program.evaluate import Book
from ...progress import SILENT, Progress
from .bonus import GATED, Attainment, Awarding, facts_day, gate
from .credit_frame import Listed, credit_order
from .credits import CREDITED, UNPAID, WAITING, BookOn, Credited, Crediting, Summed, undecided_payee
from .lines import Pay, Step, line_order
from .lining import Lining
from .payees import Payee, payees_of
from .tabled import Tabled, priced

if TYPE_CHECKING:
    from ...program.row_columns import RowsOf

BookFor = Callable[[date, date | None], BookOn]
"""(as_of, facts day) -> (day -> book): policies of the day, facts of ``as_of``, decisions of the facts day."""


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
    found.payouts.sort(key=line_order)
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
                    lining = self._lining(component, currency)
                    self.found.payouts.append(lining.of_summed(person, summed[person]))
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
        steps: list[Step] = []
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
            line, shown_attained = self._lining(component, currency).of_bonus(person, attained)
            self.found.payouts.append(line)
            self.found.attainments += shown_attained
            return
        line, shown = self._lining(component, currency).of_commission(person, written, exact, gated, steps)
        self.found.payouts.append(line)
        self.listed.singly += shown

    def _lining(self, component: Component, currency: str) -> Lining:
        return Lining(self.plan.name, self.period.name, component, currency)


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
