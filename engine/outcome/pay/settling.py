"""One payee's statement of one plan and period, to which settlement adds lines in one currency."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...currencies import minor_digits
from ...policy.model_pay import Plan
from .credits import WAITING
from .lines import PAID, ZERO, Payout, Step


@dataclass(frozen=True, slots=True)
class Account:
    """``period`` is the name that the lines have."""

    plan: Plan
    payee: str
    period: str
    currency: str

    @property
    def digits(self) -> int:
        return minor_digits(self.currency)

    def line(
        self,
        kind: str,
        component: str,
        amount: Fraction | None,
        reason: str,
        source: str,
        steps: tuple[Step, ...] = (),
        credits: int = 0,
    ) -> Payout:
        """``amount`` None: it waits, for ``reason``."""
        return Payout(
            plan=self.plan.name,
            payee=self.payee,
            period=self.period,
            component=component,
            credit_amount=None,
            credits=credits,
            rate=None,
            amount=amount,
            currency=self.currency,
            status=WAITING if amount is None else PAID if amount else ZERO,
            waiting_credits=0,
            reason=reason,
            source=source,
            kind=kind,
            steps=steps,
        )
