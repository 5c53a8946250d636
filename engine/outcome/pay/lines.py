"""The lines of a statement: what is earned, limited, drawn, held, taken back, carried on and corrected."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from .credit_frame import Credits
from .kept import Kept

if TYPE_CHECKING:
    from .bonus import Attainment

PAID, ZERO, PARTLY_WAITING = "paid", "zero", "partly_waiting"
TOO_LITTLE = "rounds to zero"
STANDS = "stands"
"""A line of a locked period that cannot be computed now: it counts as it was posted. No file has this status."""

EARNED, LIMITED, DRAWN, RECOVERED = "earned", "limited", "drawn", "recovered"
HELD, RELEASED, CLAWED_BACK, CARRIED, ADJUSTMENT = "held", "released", "clawed_back", "carried", "adjustment"
KINDS = (EARNED, LIMITED, CLAWED_BACK, DRAWN, RECOVERED, HELD, RELEASED, CARRIED, ADJUSTMENT)
"""In the order in which they act, which is that of a statement."""

Key: TypeAlias = tuple[str, str, str, str, str, str]
"""Plan, payee, period, component, kind and currency: of a line that is not an adjustment."""


@dataclass(frozen=True, slots=True)
class Step:
    """How a line came to its amount, in words; of a slice of a rate table the figures, exact.

    ``input`` × ``rate`` = ``amount``; ``rate`` None where a curve gives the amount itself. With a ``quota``, ``input``
    is what has been credited towards it.
    """

    text: str
    input: Fraction | None = None
    rate: Fraction | None = None
    amount: Fraction | None = None
    quota: Fraction | None = None

    @property
    def attainment(self) -> Fraction | None:
        """The part of the quota that is reached."""
        return self.input / self.quota if self.input is not None and self.quota else None


@dataclass(frozen=True, slots=True)
class Payout:
    """A statement line: payee × period × component × kind × currency. ``amount`` is None while all of it waits.

    The amounts of all lines of a payee, period and currency sum to what is paid: those that are held, recovered or
    clawed back are below zero. Of a line that is not earned, ``component`` names the draw, the holdback or the
    component that is limited or taken back. ``corrects`` names the ledger entry that an adjustment corrects.

    ``rate`` is the one rate of all its credits, None where they have several or there are none.
    """

    plan: str
    payee: str
    period: str
    component: str
    credit_amount: Fraction | None
    credits: int
    rate: Fraction | None
    amount: Fraction | None
    currency: str
    status: str
    waiting_credits: int
    reason: str
    source: str
    kind: str = EARNED
    corrects: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class LineOf:
    """The line that an adjustment corrects, beside the plan, payee, component and currency that both have.

    ``entry`` is the one that posted it first; of a line that was never posted, that of the lock that closed its period.
    """

    period: str
    kind: str
    entry: int

    def __str__(self) -> str:
        return f"{self.period} {self.kind} #{self.entry}"

    @staticmethod
    def parse(text: str) -> LineOf:
        period, kind, entry = text.rsplit(" ", 2)
        return LineOf(period, kind, int(entry.removeprefix("#")))


def key_of(line: Payout) -> Key:
    return line.plan, line.payee, line.period, line.component, line.kind, line.currency


def line_order(line: Payout) -> tuple[object, ...]:
    return line.plan, line.period, line.payee, KINDS.index(line.kind), line.component, line.currency, line.corrects


@dataclass
class Pay:
    credits: Credits = field(default_factory=Credits)
    attainments: list[Attainment] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    undecided_payees: list[tuple[str, str, str, int]] = field(default_factory=list)
    undated: set[tuple[str, str, int]] = field(default_factory=set)
    """Table, date field and index of the rows that may count and have no date."""
    not_due: set[tuple[str, str, int]] = field(default_factory=set)
    """The same of rows of which a part will count on that date."""
    circles: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    """Field of people by which these stand above each other."""
    kept: Kept = field(default_factory=Kept)

    def add(self, other: Pay) -> None:
        """All of ``other`` but its credits."""
        self.attainments += other.attainments
        self.payouts += other.payouts
        self.undecided_payees += other.undecided_payees
        self.undated |= other.undated
        self.not_due |= other.not_due
        self.circles |= other.circles
        self.kept.add(other.kept)
