"""What a run remembers of the decisions of the one before it: an account's tier and grade, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from .compile import Choice
from .decisions import HELD, OUT_OF_SCOPE, Decision, Kept

Key: TypeAlias = tuple[str, str]
"""Policy and account."""


@dataclass(frozen=True, slots=True)
class EarlierTier:
    """``by_hand``: an override set it, which has an end of its own and is not held."""

    tier: str
    since: date
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class EarlierGrade:
    """``pending`` is the grade that has not counted yet, since ``pending_since``."""

    grade: str
    since: date
    pending: str = ""
    pending_since: date | None = None


@dataclass(frozen=True)
class Earlier:
    """None where no run before says anything: decisions are fresh then."""

    tiers: Mapping[Key, EarlierTier] | None = None
    grades: Mapping[Key, EarlierGrade] | None = None


NOTHING_EARLIER = Earlier()


@dataclass(frozen=True)
class Memory:
    """What is remembered on ``as_of``."""

    as_of: date
    earlier: Earlier = field(default_factory=Earlier)

    def kept(self, choice: Choice) -> Mapping[str, Kept]:
        """By account the tier that its ``hold`` keeps, where it does."""
        if choice.hold is None:
            return {}
        names = [row.name for row in choice.rows]
        found = {}
        for account_id, known in self._tiers(choice).items():
            until = choice.hold.clamped(known.since)
            if known.tier in names and not known.by_hand and until > self.as_of:
                found[account_id] = Kept(names.index(known.tier), until)
        return found

    def since(self, choice: Choice) -> Mapping[str, tuple[str, date]]:
        """By account its earlier tier, and since when it has had it."""
        known = self._tiers(choice) if choice.hold is not None else {}
        return {account_id: (tier.tier, tier.since) for account_id, tier in known.items()}

    def _tiers(self, choice: Choice) -> Mapping[str, EarlierTier]:
        """A day after this one is another run's future, and is not known."""
        tiers = self.earlier.tiers or {}
        return {
            account_id: tier
            for (policy, account_id), tier in tiers.items()
            if policy == choice.name and tier.since <= self.as_of
        }

    def grades(self, policy: str) -> Mapping[str, EarlierGrade]:
        grades = self.earlier.grades or {}
        return {
            account_id: known
            for (name, account_id), known in grades.items()
            if name == policy and max(known.since, known.pending_since or known.since) <= self.as_of
        }


def held(choice: Choice, decision: Decision, kept: Kept | None) -> Decision:
    """The decision, or in its place the tier that is kept: another row may hold, or none, or it cannot be said."""
    if kept is None or decision.status == OUT_OF_SCOPE:
        return decision
    if decision.hit is not None and choice.rows[decision.hit].name == choice.rows[kept.hit].name:
        return decision
    return Decision(HELD, (kept.hit,), decision.missing, kept=replace(kept, instead=decision))
