"""Bonuses: a measure against its target, what that earns, of which part of variable pay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from ...amounts import percent
from ...language.tree import Literal
from ...periods import Period
from ...policy.model_pay import Bonus, Component, Curve, Matrix, Plan
from ...program import lowering
from ...program.spoken import source_of
from .credits import WAITING, first_case
from .lines import Step
from .payees import Payee
from .rates import Slice, band_of, segments, slices, value_of
from .scales import Waits, column_of, rates_of
from .target import of_the_part, yearly

ATTAINED, ZERO, GATED = "attained", "zero", "gated"


@dataclass(frozen=True, slots=True)
class Attainment:
    """One bonus of one payee for one period of the component. ``earning`` is exact until the payout line is rounded.

    ``value``, ``target``, ``attainment`` (value / target, or the value itself) and ``earns`` (the part of
    ``target_amount`` that is paid) are None where they are missing. It is for the days from ``start`` to
    ``before`` and by the terms in ``terms_row`` of their file (0: there are none); ``paid_in`` is the plan's period
    whose line it belongs to, ``unit`` that of value and target: percent, number or a currency.
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
    before: date
    terms_row: int = 0


@dataclass
class Awarding:
    """One bonus component of one version of a plan. ``days`` are those of the component's period on which the plan pays
    the person, under any version and any terms. ``steps`` say how what the last payee earns came.
    """

    plan: Plan
    component: Component
    bonus: Bonus
    paid_in: str
    currency: str
    days: int
    steps: tuple[Step, ...] = ()

    def target_amount(self, payee: Payee) -> Fraction:
        """The part of variable pay that hangs on the bonus; nothing where it is not known."""
        paid = yearly(self.plan.pay, payee).variable or Fraction(0)
        return of_the_part(paid, self._prorate, payee, self.days) * (weight_of(self.bonus, payee)[0] or Fraction(0))

    def attainment(self, payee: Payee, amount: Fraction | None = None) -> Attainment:
        """What the payee attained, for ``amount`` of variable pay (None: that of the payee's part of the period).

        Missing data waits, pays zero or pays as on target, as ``if_missing`` says.
        """
        self.steps = ()
        weight, problem = weight_of(self.bonus, payee)
        problem = problem or self._total(payee)
        paid = yearly(self.plan.pay, payee)
        amount = self.target_amount(payee) if amount is None else amount
        if problem or weight is None:
            return self._found(payee, amount, status=WAITING, reason=problem or "the weight is missing")
        if weight == 0:
            return self._found(payee, amount, earning=Fraction(0), status=ZERO, reason="its weight is 0%")
        if paid.variable is None:
            return self._found(payee, amount, status=WAITING, reason=paid.why)
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
        if isinstance(earns, Waits):
            return self._found(payee, amount, value=value, target=target, status=WAITING, reason=earns.reason)
        return self._found(
            payee,
            amount,
            status=ATTAINED,
            reason=why,
            value=value,
            target=target,
            attainment=reached,
            earns=earns,
            earning=amount * earns,
        )

    def _earns(self, payee: Payee, reached: Fraction) -> Fraction | Waits:
        """The part of the target amount that is earned, with its steps where it takes more than one."""
        shape, missing = self.bonus.pays, Waits("what it earns is missing")
        if isinstance(shape, Curve):
            found = value_of(lowering.curve(Literal(reached), shape))
            return found if found is not None else missing
        if isinstance(shape, Matrix):
            column = column_of(shape, payee)
            if isinstance(column, Waits):
                return column
            shape, self.steps = column.rows, column.steps
        if self.bonus.kind == "marginal":
            rates = rates_of(shape, payee)
            if rates is None:
                return missing
            cut = slices("marginal", segments(shape, rates, None), reached, None)
            self.steps = tuple(Step(_slice(part), part.amount, part.rate, part.earning) for part in cut)
            return sum((part.earning for part in cut), Fraction(0))
        value = payee.book.value(band_of(shape, reached).value, payee)
        return value if isinstance(value, Fraction) else missing

    def _unit(self, payee: Payee) -> str:
        program = payee.book.program
        kind = program.per_holder.get(self.bonus.measure) or program.types.get(self.bonus.measure)
        if kind is None or kind.percent:
            return "percent"
        return kind.currency or "number"

    def _total(self, payee: Payee) -> str:
        """Why the weights of this payee are wrong; nothing of some that are not known is."""
        bonuses = [component.bonus for component in self.plan.components if component.bonus is not None]
        if all(is_constant(bonus) for bonus in bonuses):
            return ""
        weights = [weight_of(bonus, payee)[0] for bonus in bonuses]
        known = [weight for weight in weights if weight is not None]
        total = sum(known, Fraction(0))
        if len(known) < len(weights) or total == 1:
            return ""
        return f"the weights of {payee.person} sum to {percent(total)}, not to 100%"

    @property
    def _prorate(self) -> str:
        return self.plan.pay.prorate if self.plan.pay is not None else "days"

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
            period=payee.agreed.part.name,
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
            start=payee.agreed.part.start,
            paid_in=self.paid_in,
            unit=self._unit(payee),
            before=payee.agreed.part.before,
            terms_row=payee.terms_row,
        )


def weight_of(bonus: Bonus, payee: Payee) -> tuple[Fraction | None, str]:
    """The part of variable pay that hangs on the bonus, or why it is not known."""
    case, undecided = first_case(bonus.weight, payee.book, payee)
    if case is None:
        return None, f"the weight cannot be decided: {undecided.text}" if undecided else "there is no weight"
    value = payee.book.value(case.value, payee)
    return (value, "") if isinstance(value, Fraction) else (None, "the weight is missing")


def is_constant(bonus: Bonus) -> bool:
    """Whether its weight is the same for every payee, so that the checks have looked at it."""
    return len(bonus.weight) == 1 and isinstance(bonus.weight[0].value.root, Literal)


def held(component: Component, attained: list[Attainment]) -> list[Attainment]:
    """The attainments of one period of the component between its cap and its floor, which hold what they come to
    together; with a reason on those that then pay nothing.
    """
    paid = [a for a in attained if a.status == ATTAINED and a.earning is not None]
    total = sum((a.earning or Fraction(0) for a in paid), Fraction(0))
    target = sum((a.target_amount for a in paid), Fraction(0))
    most = limited(component, total, target) if paid else total
    word = "" if most == total else "capped" if most < total else "raised to the floor"
    found = []
    for each in attained:
        if each.status != ATTAINED or each.earning is None:
            found.append(each)
            continue
        if total:
            earning = each.earning * most / total
        else:
            earning = most * (each.target_amount / target if target else Fraction(1, len(paid)))
        why = each.reason or ("" if earning else f"{each.measure} earns 0% at this attainment")
        reason = "; ".join(filter(None, (why, word)))
        found.append(replace(each, earning=earning, status=ATTAINED if earning else ZERO, reason=reason))
    return found


def _slice(part: Slice) -> str:
    rate = part.rate if part.rate is not None else Fraction(1)
    return f"{percent(part.amount)} at {percent(rate)} = {percent(part.earning)}"


def limited(component: Component, earning: Fraction, target_amount: Fraction) -> Fraction:
    """``earning`` between the component's floor and cap; shares are of the target amount."""
    if component.floor is not None:
        least = component.floor.value * (target_amount if component.floor.is_share else 1)
        earning = max(earning, least)
    if component.cap is not None:
        most = component.cap.value * (target_amount if component.cap.is_share else 1)
        earning = min(earning, most)
    return earning


def facts_day(plan: Plan, period: Period) -> date | None:
    """The day whose decisions the plan reads; None where it reads none."""
    return {"period_start": period.start, "period_end": period.last_day}.get(plan.facts_as_of)
