"""What a table of conditions decides: which rows were hit, or why none could be. The four hit policies of DMN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..language.tree import Value

DECIDED = "decided"
TENTATIVE = "tentative"
"""Decided, but a row that could have decided otherwise is itself undecided."""
OVERRIDDEN = "overridden"
HELD = "held"
"""The tier of an earlier run, which its ``hold`` keeps though the rows say otherwise today."""
UNDECIDED = "undecided"
"""No row holds and one is undecided: the missing fields say why."""
UNMATCHED = "unmatched"
CONFLICT = "conflict"
"""Several rows hold where one may (unique), or they disagree (any)."""
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Override:
    """A row of the overrides table that holds: the row of the choice it pins, and who decided, why, until when."""

    hit: int
    reason: str
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A tier that is held: its row of the choice, the first day without it, and the decision that it stands for."""

    hit: int
    until: date
    instead: Decision | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """``hits`` are indices into the rows of the choice; ``missing`` the fields that left rows undecided."""

    status: str
    hits: tuple[int, ...]
    missing: tuple[str, ...] = ()
    override: Override | None = None
    kept: Kept | None = None

    @property
    def hit(self) -> int | None:
        """The row that decided; None where none did."""
        return self.hits[0] if self.hits and self.status != CONFLICT else None


def decide(hit_policy: str, values: Sequence[Value], default: int | None, missing: tuple[str, ...]) -> Decision:
    """The decision by rows that hold (True), do not (False) or are undecided (None).

    ``default`` is the index of the ``otherwise`` row, taken only when every row is decided false. Agreement under
    ``any`` is the caller's to judge, since it is about values.
    """
    hits = tuple(i for i, value in enumerate(values) if value is True)
    unclear = None in values
    if hit_policy == "first" and hits:
        hits = hits[:1]
        unclear = None in values[: hits[0]]
    if not hits:
        if unclear:
            return Decision(UNDECIDED, (), missing)
        return Decision(DECIDED, (default,)) if default is not None else Decision(UNMATCHED, ())
    if hit_policy == "unique" and len(hits) > 1:
        return Decision(CONFLICT, hits, missing)
    return Decision(TENTATIVE, hits, missing) if unclear else Decision(DECIDED, hits)
