"""What is earned and not yet paid, for those who keep the books: open, held back, and waiting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from .credit_frame import Credits
from .credits import WAITING, Credited
from .lines import HELD, RELEASED, Payout

OPEN, HELD_BACK, WAITS = "open", "held", "waiting"

Place: TypeAlias = tuple[str, str, str, str]
"""Plan, period, component and currency."""


@dataclass(frozen=True, slots=True)
class Accrual:
    """``open``: the lines of a period that is not locked. ``held``: what is held back, less what was released.
    ``waiting``: ``amount`` is None, for it is not known; ``waiting_amount`` is what was credited.
    """

    plan: str
    period: str
    component: str
    currency: str
    state: str
    amount: Fraction | None
    payees: int
    waiting_credits: int
    waiting_amount: Fraction | None


def accrued(lines: Iterable[Payout], credits: Iterable[Credited], locked: Collection[str] = ()) -> list[Accrual]:
    """Of all lines given. The amounts of a period that is not locked are its whole cost: what is held back of a line
    stands in ``open`` with its sign, and in ``held`` against it.
    """
    sums: dict[tuple[Place, str], Fraction] = {}
    payees: dict[tuple[Place, str], set[str]] = {}
    waiting: dict[Place, int] = {}
    for line in lines:
        place = line.plan, line.period, line.component, line.currency
        if line.amount and line.period not in locked:
            _add(sums, payees, (place, OPEN), line.amount, line.payee)
        if line.amount and line.kind in (HELD, RELEASED):
            _add(sums, payees, (place, HELD_BACK), -line.amount, line.payee)
        if line.amount is None or line.waiting_credits:
            waiting[place] = waiting.get(place, 0) + line.waiting_credits
            payees.setdefault((place, WAITS), set()).add(line.payee)
    credited = _credited(credits)
    found = [
        Accrual(*at, state, amount, len(payees[at, state]), 0, None) for (at, state), amount in sums.items() if amount
    ]
    found += [
        Accrual(*at, WAITS, None, len(payees[at, WAITS]), count, credited.get(at)) for at, count in waiting.items()
    ]
    return sorted(found, key=lambda row: (row.plan, row.period, row.component, row.currency, row.state))


def _add(
    sums: dict[tuple[Place, str], Fraction],
    payees: dict[tuple[Place, str], set[str]],
    key: tuple[Place, str],
    amount: Fraction,
    payee: str,
) -> None:
    sums[key] = sums.get(key, Fraction(0)) + amount
    payees.setdefault(key, set()).add(payee)


def _credited(credits: Iterable[Credited]) -> dict[Place, Fraction]:
    """What was credited and waits, where an amount is known."""
    found: dict[Place, Fraction] = {}
    for credit in _waiting(credits):
        if credit.credit_amount is not None:
            place = credit.plan, credit.period, credit.component, credit.currency
            found[place] = found.get(place, Fraction(0)) + credit.credit_amount
    return found


def _waiting(credits: Iterable[Credited]) -> Iterator[Credited]:
    if isinstance(credits, Credits):
        yield from (credit for credit in credits.singly if credit.status == WAITING)
        if credits.frames:
            import polars as pl

            for each in credits.frames:
                yield from each.where(pl.col("status") == WAITING).credited()
    else:
        yield from (credit for credit in credits if credit.status == WAITING)
