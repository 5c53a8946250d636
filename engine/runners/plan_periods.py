"""Which versions of which plans pay in a period, and in which part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ..periods import Period
from ..policy.model_pay import Plan
from ..policy.pack import Policies

if TYPE_CHECKING:
    from .memory import Request

PlanPeriod: TypeAlias = tuple[Plan, Period, Period]
"""A version of a plan, the part of a period in which it is in force, and the whole period."""


def plan_periods(policies: Policies, request: Request) -> list[PlanPeriod]:
    """Every version of every plan with the part of each period it is in force, and the whole period, in order.

    Where two versions meet inside a period, the later part is named by its first day: ``2026-Q3 from 2026-08-15``.
    """
    fiscal = policies.workspace.fiscal
    found: list[PlanPeriod] = []
    for plan in policies.policies:
        if not isinstance(plan, Plan):
            continue
        asked = request.period
        periods = list(fiscal.within(plan.period, asked)) if asked else [fiscal.completed(plan.period, request.as_of)]
        for period in periods:
            start = max(period.start, plan.effective.start)
            before = min(period.before, plan.effective.before or period.before)
            if start >= before:
                continue
            earlier = any(
                other.name == plan.name and other is not plan and period.start < start and other.effective.start < start
                for other in policies.policies
                if isinstance(other, Plan)
            )
            name = f"{period.name} from {start}" if earlier else period.name
            found.append((plan, Period(start, before, name), period))
    return sorted(found, key=lambda pair: (pair[0].name, pair[1]))
