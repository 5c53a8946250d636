"""Credits or attainments of one payee to a line: summed exactly, rounded once as the plan says, zeros with reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...amounts import apportion, round_to
from ...currencies import minor_digits
from ...policy.model_pay import Component
from ...program.spoken import source_of
from .bonus import Attainment, limited
from .credit_frame import credit_order
from .credits import CREDITED, WAITING, Credited, Summed
from .lines import PAID, PARTLY_WAITING, TOO_LITTLE, ZERO, Payout, Step


@dataclass(frozen=True, slots=True)
class Lining:
    """The lines of one component in one period of a plan; ``period`` is the plan's, by name."""

    plan: str
    period: str
    component: Component
    currency: str

    def of_bonus(
        self, person: str, attained: list[Attainment], steps: Sequence[Step]
    ) -> tuple[Payout, list[Attainment]]:
        """The line, and the attainments with earnings that sum to it."""
        waiting = [a for a in attained if a.status == WAITING]
        known = [a.earning for a in attained if a.earning is not None]
        total = sum(known, Fraction(0))
        amount = round_to(total, minor_digits(self.currency), self.component.rounding)
        reasons = "; ".join(dict.fromkeys(a.reason for a in attained if a.reason))
        paid = PAID if amount else ZERO
        status = (PARTLY_WAITING if known else WAITING) if waiting else paid
        if status == ZERO and known and not reasons:
            reasons = f"what it earns {TOO_LITTLE}" if total else "what it earns adds up to zero"
        line = Payout(
            plan=self.plan,
            payee=person,
            period=self.period,
            component=self.component.name,
            credit_amount=None,
            credits=0,
            rate=None,
            amount=amount if known or not attained else None,
            currency=self.currency,
            status=status,
            waiting_credits=0,
            reason=reasons if status != PAID else "",
            source=source_of(self.component.span),
            steps=tuple(steps),
        )
        return line, _apportioned(attained, line)

    def of_commission(
        self,
        person: str,
        credits: Sequence[Credited],
        exact: Sequence[Fraction],
        gated: Sequence[str],
        steps: Sequence[Step],
    ) -> tuple[Payout, list[Credited]]:
        """The line, and its credits with earnings that sum to it. ``exact`` are the earnings of the component's
        periods, ``gated`` the reasons of those that a gate shuts.
        """
        component, ordered = self.component, sorted(credits, key=credit_order)
        counted = [credit for credit in ordered if credit.status == CREDITED]
        waiting = [credit for credit in ordered if credit.status == WAITING]
        digits = minor_digits(self.currency)
        earnings = [credit.earning or Fraction(0) for credit in counted]
        if component.each_credit:
            parts = [round_to(earning, digits, component.rounding) for earning in earnings]
            # each rounded alone, the credits may pass the cap by a cent, and without any there is still a floor
            total = sum(parts, Fraction(0))
            # behind shut gates there is no floor
            amount = round_to(limited(component, total, Fraction(0)) if exact else total, digits, component.rounding)
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
            reasons={("" if credit.earning else credit.reason, credit.because) for credit in counted},
            gated=gated,
            steps=tuple(steps),
        )
        return self.of_summed(person, summed), written + waiting

    def of_summed(self, person: str, summed: Summed) -> Payout:
        status, reason = self._status(person, summed)
        return Payout(
            plan=self.plan,
            payee=person,
            period=self.period,
            component=self.component.name,
            credit_amount=summed.credit_amount,
            credits=summed.counted,
            rate=summed.rate,
            amount=None if summed.waiting and not summed.counted else summed.amount,
            currency=self.currency,
            status=status,
            waiting_credits=summed.waiting,
            reason=reason,
            source=source_of(self.component.span),
            steps=tuple(summed.steps),
        )

    def _status(self, person: str, summed: Summed) -> tuple[str, str]:
        if summed.waiting:
            why = "; ".join(sorted(summed.waits_for))
            return (PARTLY_WAITING if summed.counted else WAITING), f"{summed.waiting} waiting: {why}"
        if summed.amount:
            return PAID, ""
        if summed.gated:
            return ZERO, "; ".join(dict.fromkeys(summed.gated))
        if not summed.counted:
            table = self.component.credit.table if self.component.credit else ""
            return ZERO, f"no row of {table} counts for {person} in {self.period}"
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
