"""Bonuses: a measure against its target, what that earns, of which part of variable pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ...language.tree import Expression, Literal
from ...periods import MONTHS_IN, Period
from ...policy.model_pay import Bands, Bonus, Component, Gate, Plan
from ...program import lowering
from ...program.spoken import lacking, source_of
from .credits import WAITING, first_case
from .payees import Payee

ATTAINED, ZERO, GATED = "attained", "zero", "gated"


@dataclass(frozen=True, slots=True)
class Attainment:
    """One bonus of one payee for one period of the component. ``earning`` is exact until the payout line is rounded.

    ``value``, ``target``, ``attainment`` (value / target, or the value itself) and ``earns`` (the part of
    ``target_amount`` that is paid) are None where they are missing. ``start`` is the period's first day,
    ``paid_in`` the plan's period whose line it belongs to, ``unit`` that of value and target: percent, number
    or a currency.
    """

    plan: str
    payee: str
    period: str
    component: str
    measure: str
    value: Fraction | None
    target: Fraction | None
    attainment: Fraction | None
    earns: Fraction | None
    target_amount: Fraction
    earning: Fraction | None
    currency: str
    status: str
    reason: str
    source: str
    start: date
    paid_in: str
    unit: str


@dataclass
class Awarding:
    """One bonus component of one version of a plan, for one of its periods."""

    plan: Plan
    component: Component
    bonus: Bonus
    period: Period
    whole: Period
    paid_in: str
    currency: str

    def attainment(self, payee: Payee) -> Attainment:
        """What the payee attained. Missing data waits, pays zero or pays as on target, as ``if_missing`` says."""
        weight, problem = self._weight(payee)
        amount = self._variable() * (weight or Fraction(0))
        if problem or weight is None:
            return self._found(payee, amount, status=WAITING, reason=problem or "the weight is missing")
        if weight == 0:
            return self._found(payee, amount, earning=Fraction(0), status=ZERO, reason="its weight is 0%")
        measured = payee.measured(self.bonus.measure)
        value = measured.value if isinstance(measured.value, Fraction) else None
        target = payee.book.value(self.bonus.target, payee) if self.bonus.target is not None else None
        target = target if isinstance(target, Fraction) else None
        if value is None:
            why = f"{self.bonus.measure} has no value for {payee.person} ({measured.status.replace('_', ' ')})"
            return self._without(payee, amount, target, why)
        if self.bonus.target is not None and not target:
            why = "the target is missing" if target is None else "the target is 0"
            return self._found(payee, amount, value=value, target=target, status=WAITING, reason=why)
        reached = value / target if target is not None else value
        return self._paid(payee, amount, value, target, reached, "")

    def _without(self, payee: Payee, amount: Fraction, target: Fraction | None, why: str) -> Attainment:
        if self.bonus.if_missing == "target":
            return self._paid(payee, amount, None, target, Fraction(1), f"{why}: paid as on target")
        if self.bonus.if_missing == "zero":
            return self._found(payee, amount, target=target, earning=Fraction(0), status=ZERO, reason=why)
        return self._found(payee, amount, target=target, status=WAITING, reason=why)

    def _paid(
        self,
        payee: Payee,
        amount: Fraction,
        value: Fraction | None,
        target: Fraction | None,
        reached: Fraction,
        why: str,
    ) -> Attainment:
        earns = self._earns(payee, reached)
        if earns is None:
            return self._found(
                payee, amount, value=value, target=target, status=WAITING, reason="what it earns is missing"
            )
        earning = limited(self.component, amount * earns, amount)
        status = ATTAINED if earning else ZERO
        reason = why or ("" if earning else f"{self.bonus.measure} earns 0% at this attainment")
        if earning != amount * earns:
            reason = "; ".join(filter(None, (reason, "capped" if earning < amount * earns else "raised to the floor")))
        return self._found(
            payee,
            amount,
            status=status,
            reason=reason,
            value=value,
            target=target,
            attainment=reached,
            earns=earns,
            earning=earning,
        )

    def _earns(self, payee: Payee, reached: Fraction) -> Fraction | None:
        given = Literal(reached)
        shape = self.bonus.pays
        node = lowering.bands(given, shape) if isinstance(shape, Bands) else lowering.curve(given, shape)
        found = payee.book.value(Expression("", node, lowering.NOWHERE), payee)
        return found if isinstance(found, Fraction) else None

    def _unit(self, payee: Payee) -> str:
        program = payee.book.program
        kind = program.per_holder.get(self.bonus.measure) or program.types.get(self.bonus.measure)
        if kind is None or kind.percent:
            return "percent"
        return kind.currency or "number"

    def _weight(self, payee: Payee) -> tuple[Fraction | None, str]:
        case, undecided = first_case(self.bonus.weight, payee.book, payee)
        if case is None:
            return None, f"the weight cannot be decided: {undecided.text}" if undecided else "there is no weight"
        value = payee.book.value(case.value, payee)
        return (value, "") if isinstance(value, Fraction) else (None, "the weight is missing")

    def _variable(self) -> Fraction:
        """Variable pay of the period; of a part of it, by days."""
        if self.plan.pay is None:
            return Fraction(0)
        year = self.plan.pay.variable
        months = MONTHS_IN[self.component.period]
        days = Fraction((self.period.before - self.period.start).days, (self.whole.before - self.whole.start).days)
        return year * months / 12 * days

    def _found(
        self,
        payee: Payee,
        amount: Fraction,
        *,
        status: str,
        reason: str,
        value: Fraction | None = None,
        target: Fraction | None = None,
        attainment: Fraction | None = None,
        earns: Fraction | None = None,
        earning: Fraction | None = None,
    ) -> Attainment:
        return Attainment(
            plan=self.plan.name,
            payee=payee.person,
            period=self.period.name,
            component=self.component.name,
            measure=self.bonus.measure,
            value=value,
            target=target,
            attainment=attainment,
            earns=earns,
            target_amount=amount,
            earning=earning,
            currency=self.currency,
            status=status,
            reason=reason,
            source=source_of(self.component.span),
            start=self.period.start,
            paid_in=self.paid_in,
            unit=self._unit(payee),
        )


def limited(component: Component, earning: Fraction, target_amount: Fraction) -> Fraction:
    """``earning`` between the component's floor and cap; shares are of the target amount."""
    if component.floor is not None:
        least = component.floor.value * (target_amount if component.floor.is_share else 1)
        earning = max(earning, least)
    if component.cap is not None:
        most = component.cap.value * (target_amount if component.cap.is_share else 1)
        earning = min(earning, most)
    return earning


def gate(gates: tuple[Gate, ...], payee: Payee) -> tuple[bool | None, str]:
    """Whether all gates are open; with the first that is shut, else the first that cannot be decided."""
    unclear = ""
    for each in gates:
        holds = payee.book.value(each.when, payee)
        if holds is False:
            because = f" ({each.because})" if each.because else ""
            return False, f"the gate {each.name!r} is shut: {each.when.text}{because}"
        if holds is None and not unclear:
            missing = lacking(payee.book.missing(each.when, payee))
            unclear = f"the gate {each.name!r} cannot be decided: {missing} is missing"
    return (None, unclear) if unclear else (True, "")


def facts_day(plan: Plan, period: Period) -> date | None:
    """The day whose decisions the plan reads; None where it reads none."""
    return {"period_start": period.start, "period_end": period.last_day}.get(plan.facts_as_of)
