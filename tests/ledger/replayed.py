"""What a run pays, posted and read again."""

from __future__ import annotations

from datetime import date

from granger.engine.ledger.entries import NO_ENTRY, chained
from granger.engine.ledger.posted import Lock, paid, posted, postings
from granger.engine.ledger.verify import Verifying
from granger.engine.outcome.pay.credits import UNPAID
from granger.engine.outcome.pay.lines import Pay
from granger.engine.periods import Period
from granger.engine.runners.memory import Outcome

LOCK = Lock(0, Period(date(2026, 1, 1), date(2027, 1, 1), "2026"), 0, "Ana", "", date(2026, 12, 31), {"policies": "p"})


def replay(outcome: Outcome) -> int:
    """Asserts that the ledger gives again what the run paid, all of it; gives how many lines that is."""
    before = Pay(outcome.credits, outcome.attainments, outcome.payouts)
    entries = chained(NO_ENTRY, postings(LOCK, before))
    verifying = Verifying("ledger")
    again = paid(verifying.through(entries))
    assert verifying.problems == []
    assert again.payouts == before.payouts
    assert again.attainments == before.attainments
    payees = {line.payee for line in before.payouts}
    assert list(again.credits) == [credit for credit in before.credits if credit.payee in payees]
    assert all(credit.status == UNPAID for credit in before.credits if credit.payee not in payees)
    told = posted(entries)
    assert [each.line for each in told.lines] == before.payouts
    assert (told.head, [lock.lines for lock in told.locks]) == (entries[-1].head, [len(before.payouts)])
    return len(before.payouts)
