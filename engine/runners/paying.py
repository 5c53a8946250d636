"""Pay of a run: the periods that are open, after those that a ledger has locked, and the corrections of these."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..diagnostics import Diagnostic
from ..ledger.posted import NOTHING_POSTED, Posted
from ..outcome.pay.carrying import brought, carried, left_drawn, left_owing
from ..outcome.pay.lines import Pay, line_order
from ..outcome.pay.payouts import pay
from ..outcome.pay.settlement import from_nothing, left_held
from ..policy.model_pay import Plan
from ..policy.pack import Policies
from ..progress import SILENT, Progress
from .books import Books
from .correcting import Corrected, Correcting, Open
from .plan_periods import PlanPeriod, plan_periods

if TYPE_CHECKING:
    from ..program.row_columns import RowsOf
    from .memory import Request


@dataclass(frozen=True)
class Proposed:
    """What the open periods pay: the versions of plans that pay in them, their pay, and what was found on the way."""

    periods: list[PlanPeriod]
    pay: Pay
    findings: list[Diagnostic]


def paying(
    policies: Policies, request: Request, books: Books, rows_of: RowsOf | None, progress: Progress = SILENT
) -> Proposed:
    """The locked periods before the open ones are computed too: what they come to is the history of these, and what
    that is more or less than was posted stands in these as adjustments. Only what is carried on is the ledger's own.
    """
    posted, asked, fiscal = request.posted or NOTHING_POSTED, request.period, policies.workspace.fiscal
    periods, before = open_periods(policies, request), request.paid_before
    corrected = Corrected()
    if asked is not None and posted.locks:
        opened = Open(asked, periods)
        locked = locked_periods(policies, request, posted, opened)
        correcting = Correcting(posted, opened, fiscal)
        before = replace(before, posted=correcting.sums)
        clean = pay(locked, books.paying, fiscal, rows_of, progress, before)
        corrected = correcting.corrected(clean)
        before = before.after(clean)
    found = pay(periods, books.paying, fiscal, rows_of, progress, before)
    lines, owed = [*found.payouts, *corrected.lines], brought(posted.payouts)
    found.payouts = sorted([*lines, *carried(lines, periods, owed)], key=line_order)
    plans = [policy for policy in policies.policies if isinstance(policy, Plan)]
    told = [*from_nothing(plans, periods, before), *left_held(plans, periods, before)]
    told += left_owing(plans, found.payouts, periods, owed)
    told += left_drawn(plans, found.kept.owed, periods, before)
    return Proposed(periods, found, [*corrected.findings, *told])


def open_periods(policies: Policies, request: Request) -> list[PlanPeriod]:
    """The asked periods of every plan version but those that are locked."""
    periods = plan_periods(policies, request)
    posted = request.posted
    return periods if posted is None else [each for each in periods if posted.closing(each[2]) is None]


def locked_periods(policies: Policies, request: Request, posted: Posted, opened: Open) -> list[PlanPeriod]:
    """The periods of every plan version that were locked, and are before those that are open.

    By the policies at hand: one that was written later for such a period is among them.
    """
    found = {
        (plan.name, part): (plan, part, whole)
        for lock in posted.locks
        for plan, part, whole in plan_periods(policies, replace(request, period=lock.period))
        if whole.start < opened.first(plan.name).start
    }
    return [found[key] for key in sorted(found)]
