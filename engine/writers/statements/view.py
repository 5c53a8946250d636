"""What a statement shows, as plain values of no form or language: a payee's numbered lines, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from ...outcome.pay.bonus import Attainment
from ...outcome.pay.lines import EARNED, KINDS, Payout

Key: TypeAlias = tuple[str, str, str, str]
"""Plan, payee, period and component: what the credits under a line share with it."""


@dataclass(frozen=True, slots=True)
class Line:
    """``number`` is the line's on the statement, in every form and every language."""

    number: int
    payout: Payout
    attained: tuple[Attainment, ...] = ()

    @property
    def key(self) -> Key | None:
        """Of its credits; None where it has none of its own: what is held or drawn comes out of other lines."""
        line = self.payout
        return (line.plan, line.payee, line.period, line.component) if line.kind == EARNED else None


@dataclass(frozen=True, slots=True)
class Total:
    """What is paid in a currency, and how much of it each kind of line brings or takes, in the order of ``KINDS``."""

    currency: str
    amount: Fraction
    kinds: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    payee: str
    workspace: str
    lines: tuple[Line, ...]
    totals: tuple[Total, ...]

    @property
    def periods(self) -> tuple[str, ...]:
        return tuple(sorted({line.payout.period for line in self.lines}))

    @property
    def waiting(self) -> int:
        """Credits that are paid once what they need is known."""
        return sum(line.payout.waiting_credits for line in self.lines)


def statements_of(
    payouts: Iterable[Payout], attainments: Iterable[Attainment], workspace: str = ""
) -> Iterator[Statement]:
    """The statement of each payee, by name. Their lines stand as ``payouts`` has them."""
    attained: dict[Key, list[Attainment]] = {}
    for each in attainments:
        attained.setdefault((each.plan, each.payee, each.paid_in, each.component), []).append(each)
    by_payee: dict[str, list[Payout]] = {}
    for payout in payouts:
        by_payee.setdefault(payout.payee, []).append(payout)
    for payee, own in sorted(by_payee.items()):
        numbered = (Line(number, payout) for number, payout in enumerate(own, 1))
        lines = tuple(
            Line(line.number, line.payout, tuple(attained.get(line.key, ())) if line.key else ()) for line in numbered
        )
        yield Statement(payee, workspace, lines, tuple(_totals(own)))


def _totals(lines: list[Payout]) -> Iterator[Total]:
    for currency in sorted({line.currency for line in lines}):
        amounts = [(line.kind, line.amount or Fraction(0)) for line in lines if line.currency == currency]
        kinds = tuple(
            (kind, sum((amount for other, amount in amounts if other == kind), Fraction(0)))
            for kind in KINDS
            if any(other == kind for other, _ in amounts)
        )
        yield Total(currency, sum((amount for _, amount in amounts), Fraction(0)), kinds)
