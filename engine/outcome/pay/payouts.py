"""Plans and books to pay: the credits, attainments and lines of each version of a plan, component by component."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from ...amounts import grouped
from ...currencies import minor_digits
from ...periods import FiscalCalendar, Period
from ...policy.model_pay import Bonus, Component, Plan, Pool
from ...progress import SILENT, Progress
from .bonus import GATED, Attainment, Awarding, facts_day
from .bonus import held as held_bonus
from .credit_frame import Credits, Listed, credit_order
from .creditings import counted_in, creditings
from .credits import CREDITED, UNPAID, WAITING, Credited, Crediting, Summed
from .gates import Opening, Own, own
from .history import NOTHING_BEFORE, Earlier
from .limits import Limits
from .lines import Pay, Step, line_order
from .lining import Lining
from .pay_currency import in_pay_currency
from .payees import BookOn, Payee, Payees
from .pools import Given, Sharing, pool_line
from .settlement import Settlement, has_clawback
from .tabled import Tabled, held, priced
from .to_date import AwardedToDate, CreditedToDate, Year, own_periods

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
    earlier: Earlier = NOTHING_BEFORE,
) -> Pay:
    """The pay of every plan version: (plan, the part of the period it is in force, the whole period), each plan's
    periods in order: what one leaves is known to the next, and ``earlier`` is to the first.

    With ``rows_of`` the credits are found, and lines of plain rates summed, in columns; else row by row, alike.

    A row that matches a component and pays nobody there is listed as unpaid; but not for a person who gets the same row
    by another plan, where it only was the wrong plan that looked.
    """
    found = Pay()
    listed, unpaid = Listed(), Listed()
    progress.begin("pay", "components", sum(len(plan.components) for plan, _, _ in plans))
    histories: dict[str, Earlier] = {}
    clawing = {plan.name for plan, _, _ in plans if has_clawback(plan)}
    for payees, versions in _payees_of(plans, book_for):
        paid, mine = Pay(), Listed()
        _Paying(payees, versions, book_for, fiscal, rows_of, paid, mine, unpaid, progress).run()
        known = histories.get(payees.plan.name, earlier)
        paid.payouts = [known.standing(line) for line in paid.payouts]
        paid.payouts += [known.standing(line) for line in Limits(payees, versions).lines(paid.payouts)]
        paid.credits = Credits(mine.frames, mine.singly) if payees.plan.name in clawing else paid.credits
        paid.payouts += Settlement(payees, paid, known, rows_of).lines()
        histories[payees.plan.name] = known.after(paid)
        paid.payouts = in_pay_currency(paid.payouts, payees, fiscal)
        found.add(paid)
        listed.add(mine)
    progress.end()
    found.credits = listed.with_unpaid(unpaid)
    found.attainments.sort(key=lambda a: (a.plan, a.period, a.payee, a.component))
    found.payouts.sort(key=line_order)
    return found


def _payees_of(
    plans: Sequence[tuple[Plan, Period, Period]], book_for: BookFor
) -> Iterator[tuple[Payees, Sequence[Payees]]]:
    """Those of each version of a plan, beside those of all its versions in the period, which stand together."""
    for _, group in groupby(plans, lambda version: (version[0].name, version[2])):
        versions = [Payees(p, part, whole, book_for(whole.last_day, facts_day(p, whole))) for p, part, whole in group]
        yield from ((payees, versions) for payees in versions)


@dataclass
class _Paying:
    """One version of a plan in one of its periods. ``versions`` are all those of the period, this one too."""

    payees: Payees
    versions: Sequence[Payees]
    book_for: BookFor
    fiscal: FiscalCalendar
    rows_of: RowsOf | None
    found: Pay
    listed: Listed
    unpaid: Listed
    progress: Progress

    @property
    def plan(self) -> Plan:
        return self.payees.plan

    @property
    def period(self) -> Period:
        return self.payees.part

    @property
    def whole(self) -> Period:
        return self.payees.whole

    def run(self) -> None:
        """Adds lines, credits and attainments, and the rows that this plan pays nobody for."""
        payees, people = self.payees, self.payees.people
        for person, i in payees.index.items():
            if any(stretch.holds is None for stretch in payees[person]):
                self.found.undecided_payees.append((self.plan.name, person, people.file, people.rows[i]))
        for component in self.plan.components:
            self._component(component)
            self.progress.advance()

    def _component(self, component: Component) -> None:
        if component.pool is not None:
            self._pool(component, component.pool)
            return
        payees, year = self.payees, None
        currency = counted_in(component, self.plan, self._book_on(self.whole)(self.period.start))
        creditings = self._creditings(component, currency)
        credits, summed = self._found(component, creditings, currency)
        if component.accumulates == "year":
            year = Year(payees, component, self.fiscal, self._book_on, currency)
        by_payee: dict[str, list[Credited]] = {}
        for credit in credits:
            if credit.status == UNPAID:
                self.unpaid.singly.append(credit)
            elif payees.on(credit.payee, credit.dated) is not False:
                by_payee.setdefault(credit.payee, []).append(credit)
            else:
                self.listed.singly.append(credit)
        self.found.circles |= {circle for crediting in creditings for circle in crediting.chains.circles()}
        for person in sorted(payees):
            mine = sorted(by_payee.get(person, []), key=credit_order)
            is_payee = payees.is_paid(person)
            if person in summed:
                self.found.payouts.append(self._lining(component, currency).of_summed(person, summed[person]))
            # whether it pays this person at all is open: what would be paid waits
            elif component.bonus is not None and is_payee is not False:
                self._bonus(component, component.bonus, currency, person, year)
            elif is_payee or (is_payee is None and mine):
                self._commission(component, currency, person, mine, year)

    def _pool(self, component: Component, pool: Pool) -> None:
        """One payout line for everybody who may be paid."""
        payees, given = self.payees, dict[str, list[Given]]()
        currency = counted_in(component, self.plan, self._book_on(self.whole)(self.period.start))
        persons = [person for person in sorted(payees) if payees.is_paid(person) is not False]
        for part, whole in self._parts(component):
            book_on = self._book_on(whole)
            every = {person: own(component, payees, person, part, whole, book_on) for person in persons}
            sharing = Sharing(component, pool, payees, book_on(part.start), part, whole, minor_digits(currency))
            found = sharing.given({person: stretches[-1] for person, stretches in every.items() if stretches})
            for person, each in found.items():
                given.setdefault(person, []).append(each)
        for person in persons:
            self.found.payouts.append(pool_line(payees, component, currency, person, given.get(person, [])))

    def _creditings(self, component: Component, currency: str) -> list[Crediting]:
        parts = ((part, whole, self.period.name) for part, whole in self._parts(component))
        return creditings(component, self.payees, parts, currency, self._book_on, self.fiscal)

    def _undated(self, component: Component, places: Set[tuple[str, str, int]]) -> None:
        """A tranche without its day is not due; any other row without one is in no period."""
        is_due = component.credit is None or not component.credit.tranches
        self.found.undated |= places if is_due else set()
        self.found.not_due |= set() if is_due else places

    def _found(
        self, component: Component, creditings: list[Crediting], currency: str
    ) -> tuple[Iterable[Credited], Mapping[str, Summed]]:
        """The credits that are paid one by one, and the lines of the payees whose credits were summed in columns."""
        found = None
        if creditings and self.rows_of is not None:
            from .settled import found_credits
            from .tabled_columns import paid_together

            found = found_credits(creditings, self.rows_of)
        if found is None:
            self._undated(component, {place for crediting in creditings for place in crediting.undated()})
            return (credit for crediting in creditings for credit in crediting.credits()), {}
        self._undated(component, found.undated)
        beyond = {credit.payee for credit in found.singly}
        paid = [person for person in self.payees if self.payees.is_paid(person) is not False]
        parts = list(self._parts(component))
        openings = [Opening(component, self.payees, part, whole, self._book_on(whole)) for part, whole in parts]
        stretches = {
            person: [each for opening in openings for each in opening.own(person)]
            for person in paid
            if person not in beyond
        }
        together = paid_together(component, found, stretches, [part for part, _ in parts], self.payees)
        self.unpaid.frames.append(together.unpaid)
        self.listed.frames += [together.beside, *together.written]
        return [*together.singly.as_found().credited(), *found.singly], together.lines

    def _parts(self, component: Component) -> Iterator[tuple[Period, Period]]:
        return own_periods(component, self.payees, self.fiscal)

    def _book_on(self, whole: Period) -> BookOn:
        return self.book_for(whole.last_day, facts_day(self.plan, whole))

    def _own(self, component: Component, person: str) -> Iterator[tuple[Period, list[Own]]]:
        """Each of the component's own periods with the payee's stretches in it."""
        for part, whole in self._parts(component):
            yield whole, own(component, self.payees, person, part, whole, self._book_on(whole))

    def _bonus(self, component: Component, bonus: Bonus, currency: str, person: str, year: Year | None) -> None:
        """One payout line, with its attainments."""
        steps: list[Step] = []
        attained: list[Attainment] = []
        to_date = AwardedToDate.before(year, person) if year is not None else None
        for whole, stretches in self._own(component, person):
            awarding = self._awarding(component, bonus, currency, person, whole)
            found = []
            for each in stretches:
                one = to_date.attainment(awarding, each) if to_date else awarding.attainment(each.payee)
                found.append(_gated(one, each.is_open, each.why))
                steps += [*_of_a_part(each.payee, one), *awarding.steps] if each.is_open else []
            attained += found if to_date else held_bonus(component, found)
        line, shown = self._lining(component, currency).of_bonus(person, attained, steps)
        self.found.payouts.append(line)
        self.found.attainments += shown

    def _commission(
        self, component: Component, currency: str, person: str, credits: list[Credited], year: Year | None
    ) -> None:
        """One payout line, with its credits. All of it waits where it is undecided who is paid."""
        gated: list[str] = []
        paid: list[Tabled] = []
        written: list[Credited] = []
        steps: list[Step] = []
        to_date = CreditedToDate.before(year, person) if year is not None else None
        for _, stretches in self._own(component, person):
            open_ones = []
            for each in stretches:
                dated = [credit for credit in credits if credit.dated in each.payee.agreed.part]
                tabled = to_date.priced(each, dated) if to_date else priced(component, each.payee, dated, currency)
                if each.is_open is not True:
                    # what was attained is told behind a shut gate too, not what it would have earned
                    tabled = replace(tabled, steps=tuple(step for step in tabled.steps if step.quota is not None))
                if len(stretches) > 1 and tabled.steps:
                    tabled = replace(tabled, steps=(Step(f"terms of {each.payee.agreed}"), *tabled.steps))
                if each.is_open is True:
                    open_ones.append(tabled)
                else:
                    gated += [each.why] if each.is_open is False else []
                    written += [_shut(credit, each.is_open, each.why) for credit in tabled.credits]
                    steps += tabled.steps
            now = open_ones if to_date else held(component, open_ones, currency)
            steps += [step for each in now for step in each.steps]
            paid += now
        written += [credit for each in paid for credit in each.credits]
        exact = [each.earning for each in paid]
        line, shown = self._lining(component, currency).of_commission(person, written, exact, gated, steps)
        self.found.payouts.append(line)
        self.listed.singly += shown

    def _awarding(self, component: Component, bonus: Bonus, currency: str, person: str, whole: Period) -> Awarding:
        days = sum(version.days_in(person, whole) for version in self.versions)
        return Awarding(self.plan, component, bonus, self.period.name, currency, days)

    def _lining(self, component: Component, currency: str) -> Lining:
        return Lining(self.plan.name, self.period.name, component, currency)


def _of_a_part(payee: Payee, attained: Attainment) -> Iterator[Step]:
    """What a part of the period has of its pay."""
    agreed, amount = payee.agreed, attained.target_amount
    if agreed.part.days < agreed.whole.days:
        told = "terms of" if payee.terms is not None else "for"
        yield Step(f"{told} {agreed}: {grouped(amount, minor_digits(attained.currency))} at target", amount=amount)


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
