"""A plan's own cap and floor: a line that takes away, or adds, what all components together are beyond them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...amounts import round_to
from ...policy.model_pay import Limit
from ...program.spoken import source_of
from .lines import EARNED, LIMITED, Payout
from .payees import Payees
from .scales import Waits
from .settling import Account
from .tabled import limit_step
from .target import of_the_part, yearly

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Limits:
    """The cap and floor of one version of a plan in one of its periods; ``versions`` are all of the period."""

    payees: Payees
    versions: Sequence[Payees]

    def lines(self, earned: Sequence[Payout]) -> list[Payout]:
        plan = self.payees.plan
        if plan.cap is None and plan.floor is None:
            return []
        mine: dict[str, list[Payout]] = {}
        for line in earned:
            if line.kind == EARNED:
                mine.setdefault(line.payee, []).append(line)
        persons = (person for person in sorted(self.payees) if self.payees.is_paid(person))
        return [line for person in persons for line in self._of(person, mine.get(person, []))]

    def _of(self, person: str, lines: Sequence[Payout]) -> Iterator[Payout]:
        """They hold what is earned in the plan's currency. A floor waits while a line does, which may yet reach it."""
        plan, book = self.payees.plan, self.payees.book_on(self.payees.part.start)
        at = Account(plan, person, self.payees.part.name, plan.currency or book.program.force.workspace.currency)
        own = [line for line in lines if line.currency == at.currency]
        total = sum((line.amount or NOTHING for line in own), NOTHING)
        for name, limit, word in (("floor", plan.floor, 1), ("cap", plan.cap, -1)):
            if limit is None:
                continue
            money, source = self._money(limit, person), source_of(limit.span)
            if isinstance(money, Waits):
                yield at.line(LIMITED, name, None, money.reason, source)
                continue
            most = round_to(money, at.digits)
            if (most - total) * word <= 0:
                continue
            if name == "floor" and any(line.amount is None or line.status == "partly_waiting" for line in own):
                yield at.line(LIMITED, name, None, "what still waits may reach the floor", source)
                continue
            yield at.line(LIMITED, name, most - total, "", source, (limit_step(total, most, at.digits),))
            total = most

    def _money(self, limit: Limit, person: str) -> Fraction | Waits:
        """A percentage is one of the variable pay of the days on which the plan pays the person."""
        if not limit.is_share:
            return limit.value
        whole, plan = self.payees.whole, self.payees.plan
        days = sum(version.days_in(person, whole) for version in self.versions)
        prorate, found = plan.pay.prorate if plan.pay is not None else "days", NOTHING
        for agreed, _ in self.payees.agreed(person, self.payees.part, whole):
            payee = self.payees.payee(person, agreed, self.payees.book_on(agreed.part.start))
            paid = yearly(plan.pay, payee)
            if paid.variable is None:
                return Waits(paid.why)
            found += of_the_part(paid.variable, prorate, payee, days)
        return limit.value * found
