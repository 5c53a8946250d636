"""What a period leaves to later ones: what is owed of draws, what is held back, what of credits was taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .credits import Credited

from ...policy.model_settlement import Draw


@dataclass(frozen=True, slots=True)
class Owed:
    """A draw of one payee in one period: what was owed before, and what became of it. No figure is below zero.

    Of a draw that is never recovered, what is ``owed`` is all that was drawn. The draw is the one that was last in
    force, which says how the rest is recovered (not before ``recover_from``) where a later version has none.
    """

    plan: str
    payee: str
    period: str
    draw: Draw
    currency: str
    before: Fraction
    drawn: Fraction
    recovered: Fraction
    forgiven: Fraction
    recover_from: date | None = None

    @property
    def after(self) -> Fraction:
        return self.before + self.drawn - self.recovered - self.forgiven


@dataclass(frozen=True, slots=True)
class Held:
    """A part of a period's earnings that is released on a later day. ``amount`` is above zero."""

    plan: str
    payee: str
    period: str
    holdback: str
    currency: str
    amount: Fraction
    release_on: date
    source: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What of the credits of one record and day was taken back in a period, for a ``day`` of it. ``credit`` is the
    first of them, ``amount`` is above zero.
    """

    plan: str
    payee: str
    period: str
    component: str
    credit: Credited
    day: date
    amount: Fraction


@dataclass
class Kept:
    """``released`` are some of those that this or an earlier period held. ``left_by_cap``: by plan, payee, period and
    currency, the part of what was earned that the plan's own cap left, where it took some.
    """

    owed: list[Owed] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    released: list[Held] = field(default_factory=list)
    taken: list[TakenBack] = field(default_factory=list)
    left_by_cap: dict[tuple[str, str, str, str], Fraction] = field(default_factory=dict)

    def add(self, other: Kept) -> None:
        self.owed += other.owed
        self.held += other.held
        self.released += other.released
        self.taken += other.taken
        self.left_by_cap |= other.left_by_cap
