"""Several periods paid in a row, each with the history of those before it, as a clean computation gives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..outcome.pay.history import NOTHING_BEFORE, Earlier
from ..outcome.pay.lines import Pay
from ..outcome.pay.payouts import pay
from ..periods import Period
from ..policy.pack import Policies
from ..progress import SILENT, Progress
from .books import Books
from .memory import Request
from .plan_periods import plan_periods

if TYPE_CHECKING:
    from ..program.row_columns import RowsOf


def paid_in_order(
    policies: Policies,
    books: Books,
    periods: Sequence[Period],
    request: Request,
    rows_of: RowsOf | None = None,
    progress: Progress = SILENT,
    earlier: Earlier = NOTHING_BEFORE,
) -> Iterator[tuple[Period, Pay]]:
    """The pay of each of ``periods``, which are in order, by the facts at hand; ``earlier`` is known to the first.

    Totals below zero are not carried on: what was really paid says that (``settlement.carried``). One after the other,
    the history of the next period is ``earlier.after(pay)`` for each of them.
    """
    for period in periods:
        versions = plan_periods(policies, replace(request, period=period))
        found = pay(versions, books.paying, policies.workspace.fiscal, rows_of, progress, earlier)
        yield period, found
        earlier = earlier.after(found)
