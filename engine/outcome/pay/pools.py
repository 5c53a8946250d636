"""Pools: the value of a measure, rounded once, and shared out to the last cent among those of one group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ...amounts import apportion, grouped, plain, round_to
from ...currencies import minor_digits
from ...periods import Period
from ...policy.model import Measure
from ...policy.model_pay import Component, Pool
from ...policy.names import COMPANY
from ...policy.typing import resolve
from ...program.evaluate import Book
from ...program.measured import measured_of
from ...program.spoken import lacking, source_of
from .credits import WAITING, undecided_payee
from .gates import Own
from .lines import PAID, PARTLY_WAITING, TOO_LITTLE, ZERO, Payout, Step
from .payees import Payees

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Given:
    """What one person gets of the pool of one period; ``amount`` None: it waits for ``reason``."""

    amount: Fraction | None
    reason: str = ""
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Sharing:
    """One pool in one of its component's periods, or in the part of it in which a version of the plan is in force."""

    component: Component
    pool: Pool
    payees: Payees
    book: Book
    part: Period
    whole: Period
    digits: int

    def given(self, own: Mapping[str, Own]) -> dict[str, Given]:
        """What each gets; of several terms of a person in the period the last ones count."""
        groups: dict[str, list[str]] = {}
        found: dict[str, Given] = {}
        definition = resolve(self.book.program.force).definitions[self.pool.measure]
        per = definition.per if isinstance(definition, Measure) else COMPANY
        for person in sorted(own):
            group = COMPANY if per == COMPANY else own[person].payee[per]
            if isinstance(group, str):
                groups.setdefault(group, []).append(person)
            else:
                found[person] = Given(None, f"whose pool it is cannot be said: {per} is missing")
        for group, persons in groups.items():
            found |= self._of(group, {person: own[person] for person in persons})
        return found

    def _of(self, group: str, own: Mapping[str, Own]) -> Iterator[tuple[str, Given]]:
        value, why = measured_of(self.book, self.pool.measure, group).value, ""
        parts = {person: each.payee.book.value(self.pool.parts, each.payee) for person, each in own.items()}
        known = {person: part for person, part in parts.items() if isinstance(part, Fraction)}
        if not isinstance(value, Fraction):
            why = f"{self.pool.measure} has no value for {group}"
        elif undecided := [person for person in own if self.payees.is_paid(person) is None]:
            why = undecided_payee(undecided[0])
        elif lost := [person for person in own if person not in known]:
            missing = own[lost[0]].payee.book.missing(self.pool.parts, own[lost[0]].payee)
            why = f"the part of {lost[0]} is not known without {lacking(missing)}"
        elif below := [person for person, part in known.items() if part < 0]:
            why = f"the part of {below[0]} is below 0"
        elif not sum(known.values(), NOTHING):
            why = f"nobody has a part of the pool of {group}"
        if why or not isinstance(value, Fraction):
            yield from ((person, Given(None, why)) for person in own)
            return
        total = sum(known.values(), NOTHING)
        of_the_version = value * self.part.share_of(self.whole, "days")
        amount = round_to(of_the_version, self.digits, self.component.rounding)
        shares = apportion(amount, [amount * part / total for part in known.values()], self.digits)
        for (person, part), share in zip(known.items(), shares, strict=True):
            yield person, self._gated(own[person], group, amount, part / total, share)

    def _gated(self, own: Own, group: str, amount: Fraction, part: Fraction, share: Fraction) -> Given:
        """A gate that is shut leaves the part of the others as it is."""
        if own.is_open is None:
            return Given(None, own.why)
        if own.is_open is False:
            return Given(NOTHING, own.why)
        text = f"{plain(part)} of the pool of {group} in {self.part.name}, {grouped(amount, self.digits)}"
        reason = "" if share else _why_nothing(part, amount)
        return Given(share, reason, Step(text, amount, part, share))


def pool_line(payees: Payees, component: Component, currency: str, person: str, given: list[Given]) -> Payout:
    """The line of one person over the component's periods."""
    known = [each.amount for each in given if each.amount is not None]
    waiting = len(known) < len(given)
    amount = sum(known, NOTHING)
    reasons = "; ".join(dict.fromkeys(each.reason for each in given if each.reason))
    status = (PARTLY_WAITING if known else WAITING) if waiting else PAID if amount else ZERO
    return Payout(
        plan=payees.plan.name,
        payee=person,
        period=payees.part.name,
        component=component.name,
        credit_amount=None,
        credits=0,
        rate=None,
        amount=round_to(amount, minor_digits(currency)) if known or not given else None,
        currency=currency,
        status=status,
        waiting_credits=0,
        reason=reasons if status != PAID else "",
        source=source_of(component.span),
        steps=tuple(each.step for each in given if each.step is not None),
    )


def _why_nothing(part: Fraction, amount: Fraction) -> str:
    if not part:
        return "no part of the pool"
    return f"its part {TOO_LITTLE}" if amount else "the pool is 0"
