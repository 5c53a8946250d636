"""Pay of the reference and of columns, held to each other."""

from __future__ import annotations

import granger
from granger.engine.outcome.pay.lines import Pay
from granger.engine.outcome.pay.payouts import pay
from granger.engine.program.row_columns import RowsByReference
from granger.engine.runners.books import Books
from granger.engine.runners.memory import Outcome
from granger.engine.runners.plan_periods import plan_periods


def both(pack: granger.Pack, outcome: Outcome) -> tuple[Pay, Pay]:
    found = []
    for rows_of in (None, RowsByReference):
        books = Books(pack.policies, outcome.tables)
        periods = plan_periods(pack.policies, outcome.request)
        found.append(pay(periods, books.paying, pack.policies.workspace.fiscal, rows_of))
    return found[0], found[1]


def alike(reference: Pay, columns: Pay) -> int:
    for one, other in zip(reference.payouts, columns.payouts, strict=True):
        assert one == other
    for ours, theirs in zip(reference.credits, columns.credits, strict=True):
        assert ours == theirs
    assert reference.attainments == columns.attainments
    assert reference.undated == columns.undated
    assert reference.undecided_payees == columns.undecided_payees
    assert len(columns.credits) == len(reference.credits)
    return len(reference.credits)


def paid_alike(pack: granger.Pack, outcome: Outcome) -> Pay:
    """What both pay."""
    reference, columns = both(pack, outcome)
    alike(reference, columns)
    return reference
