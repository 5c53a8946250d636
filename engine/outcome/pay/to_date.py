"""The fiscal year to date: each stretch of it earns what the year then comes to, less what it came to before.

While a gate is shut, or something is missing, nothing is earned: the next stretch that pays catches up with the year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property

from ...amounts import grouped
from ...currencies import minor_digits
from ...periods import FiscalCalendar, Period
from ...policy.model_pay import Component
from .bonus import ATTAINED, ZERO, Attainment, Awarding, limited
from .creditings import creditings
from .credits import CREDITED, WAITING, Credited
from .gates import Own, own
from .lines import Step
from .payees import BookOn, Payees
from .scales import Waits, reached, scale_of, told
from .tabled import Tabled, amount_of, limit_step, spread

NOTHING = Fraction(0)


@dataclass
class Year:
    """One component of a plan version, in the plan's periods of the fiscal year before one; the version alone counts,
    from the day on which it is in force.
    """

    payees: Payees
    component: Component
    fiscal: FiscalCalendar
    book_of: Callable[[Period], BookOn]
    currency: str

    @cached_property
    def earlier(self) -> list[Payees]:
        plan, now = self.payees.plan, self.payees.whole
        in_force = Period(plan.effective.start, plan.effective.before or date.max)
        found = []
        for whole in self.fiscal.within(plan.period, self.fiscal.containing("year", now.start)):
            part = whole.common(in_force)
            if whole.before <= now.start and part is not None:
                found.append(Payees(plan, part, whole, self.book_of(whole)))
        return found

    def periods(self) -> Iterator[tuple[Payees, Period, Period]]:
        """The component's own periods before, each cut to the days of the version: (who is paid, part, whole)."""
        for payees in self.earlier:
            yield from ((payees, part, whole) for part, whole in own_periods(self.component, payees, self.fiscal))

    def stretches(self, person: str) -> Iterator[tuple[Payees, Own]]:
        for payees, part, whole in self.periods():
            for each in own(self.component, payees, person, part, whole, self.book_of(whole)):
                yield payees, each

    @cached_property
    def credits(self) -> dict[str, list[Credited]]:
        """The credits that count, by payee: all from the rows as they are now."""
        found: dict[str, list[Credited]] = {}
        for payees, part, whole in self.periods():
            parts = [(part, whole, part.name)]
            every = creditings(self.component, payees, parts, self.currency, self.book_of, self.fiscal)
            for each in (credit for crediting in every for credit in crediting.credits()):
                if each.status == CREDITED and payees.on(each.payee, each.dated) is not False:
                    found.setdefault(each.payee, []).append(each)
        return found


def own_periods(component: Component, payees: Payees, fiscal: FiscalCalendar) -> Iterator[tuple[Period, Period]]:
    """The component's own periods inside the plan's, each cut to the days that the version is in force."""
    for whole in fiscal.within(component.period, payees.whole):
        part = whole.common(payees.part)
        if part is not None:
            yield replace(part, name=payees.part.name if whole.name == payees.whole.name else whole.name), whole


@dataclass
class CreditedToDate:
    """A payee's credits of the year so far: their sum, and what they have earned."""

    component: Component
    currency: str
    credited: Fraction = NOTHING
    earned: Fraction = NOTHING
    count: int = 0

    @staticmethod
    def before(year: Year, person: str) -> CreditedToDate:
        found = CreditedToDate(year.component, year.currency)
        credits = year.credits.get(person, [])
        for _, each in year.stretches(person):
            found.priced(each, [credit for credit in credits if credit.dated in each.payee.agreed.part])
        return found

    def priced(self, each: Own, credits: list[Credited]) -> Tabled:
        """What the stretch earns with its credits, between cap and floor, which hold the year to date."""
        counted = [credit for credit in credits if credit.status == CREDITED]
        rest = [credit for credit in credits if credit.status != CREDITED]
        self.credited += sum(map(amount_of, counted), NOTHING)
        self.count += len(counted)
        table, digits = self.component.table, minor_digits(self.currency)
        comes_to, steps = NOTHING, list[Step]()
        if table is not None:
            steps += reached(table, each.payee, self.credited, digits, "of the quota, for the year to date")
        if self.count and table is not None:
            found = scale_of(table, each.payee)
            if isinstance(found, Waits):
                waiting = [replace(credit, status=WAITING, reason=found.reason) for credit in counted]
                return Tabled(waiting + rest, NOTHING, tuple(steps))
            cut = found[0].cut(self.credited)
            comes_to = sum((part.earning for part in cut), NOTHING)
            steps += [*found[1], *told(cut, digits)]
        most = limited(self.component, comes_to, NOTHING)
        steps += [limit_step(comes_to, most, digits)] if most != comes_to else []
        steps += _less(self.earned, digits)
        earning = most - self.earned
        if each.is_open:
            self.earned = most
        return Tabled(spread(counted, earning) + rest, earning, tuple(steps))


@dataclass
class AwardedToDate:
    """A payee's target amounts of the year so far, and what they have earned."""

    component: Component
    target: Fraction = NOTHING
    earned: Fraction = NOTHING

    @staticmethod
    def before(year: Year, person: str) -> AwardedToDate:
        component, found = year.component, AwardedToDate(year.component)
        if component.bonus is None:
            return found
        for payees, each in year.stretches(person):
            days = payees.days_in(person, each.payee.agreed.whole)
            found.attainment(
                Awarding(payees.plan, component, component.bonus, payees.part.name, year.currency, days), each
            )
        return found

    def attainment(self, awarding: Awarding, each: Own) -> Attainment:
        """The attainment of the year to date; it earns what that comes to, less what was earned before."""
        self.target += awarding.target_amount(each.payee)
        found = awarding.attainment(each.payee, self.target)
        if found.status != ATTAINED or found.earning is None:
            return found
        digits = minor_digits(awarding.currency)
        most = limited(self.component, found.earning, self.target)
        comes_to = f"the year to date earns {grouped(found.earning, digits)}"
        steps = [Step(comes_to, self.target, found.earns, found.earning)]
        steps += [limit_step(found.earning, most, digits)] if most != found.earning else []
        awarding.steps = (*awarding.steps, *steps, *_less(self.earned, digits))
        earning = most - self.earned
        if each.is_open:
            self.earned = most
        why = found.reason or ("" if earning else "the year to date earns no more than before")
        return replace(found, earning=earning, status=ATTAINED if earning else ZERO, reason=why)


def _less(earned: Fraction, digits: int) -> list[Step]:
    """What the year came to before."""
    return [Step(f"{grouped(earned, digits)} of it earned before in the year", None, None, -earned)] if earned else []
