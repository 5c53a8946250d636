"""Several periods paid in a row, each with the history of those before it, as a clean computation gives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from granger.engine.outcome.pay.history import NOTHING_BEFORE, Earlier
from granger.engine.outcome.pay.lines import Pay
from granger.engine.outcome.pay.payouts import pay
from granger.engine.periods import Period
from granger.engine.policy.pack import Policies
from granger.engine.runners.books import Books
from granger.engine.runners.memory import Request
from granger.engine.runners.plan_periods import plan_periods


def paid_in_order(
    policies: Policies,
    books: Books,
    periods: Sequence[Period],
    request: Request,
    earlier: Earlier = NOTHING_BEFORE,
) -> Iterator[tuple[Period, Pay]]:
    """The pay of each of ``periods``, which are in order, by the facts at hand; ``earlier`` is known to the first.

    Totals below zero are not carried on: what was really paid says that (``settlement.carried``). One after the other,
    the history of the next period is ``earlier.after(pay)`` for each of them.
    """
    for period in periods:
        versions = plan_periods(policies, replace(request, period=period))
        found = pay(versions, books.paying, policies.workspace.fiscal, earlier=earlier)
        yield period, found
        earlier = earlier.after(found)
