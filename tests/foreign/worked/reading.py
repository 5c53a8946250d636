"""What came out of a run: the one line, attainment or measure that is asked for."""

from datetime import date, timedelta
from types import SimpleNamespace


def last_day(period):
    year, _, quarter = period.partition("-Q")
    month = 3 * int(quarter) if quarter else 12
    return date(int(year) + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def line(outcome, component, payee="Ana", **other):
    """The one payout line of a component and payee; nothing of it waits."""
    wanted = {"component": component, "payee": payee, **other}
    (found,) = [row for row in outcome.payouts if all(getattr(row, key) == value for key, value in wanted.items())]
    assert (found.status in ("paid", "zero"), found.waiting_credits) == (True, 0), found
    return found


def attained(outcome, component, payee="Ana"):
    (found,) = [row for row in outcome.attainments if (row.component, row.payee) == (component, payee)]
    assert found.earning is not None, found
    return found


def measured(outcome, name, of="company"):
    (found,) = [row for row in outcome.measures if (row.measure, row.of) == (name, of)]
    return found.exact


def slices(payout):
    """The slices that a payout line tells: amount, rate and earning of each."""
    cut = [step for step in payout.steps if step.quota is None]
    return [SimpleNamespace(amount=step.input, rate=step.rate, earning=step.amount) for step in cut]
