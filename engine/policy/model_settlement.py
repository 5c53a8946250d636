"""What a plan does with earnings as values: draws, holdbacks, clawbacks, and what becomes of a total below zero."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..diagnostics import Span
from ..language.tree import Expression
from ..periods import Duration

GUARANTEE, ADVANCE = "guarantee", "advance"
CARRY, PAY, FORGIVE = "carry", "pay", "forgive"


@dataclass(frozen=True, slots=True)
class AtMost:
    """Money, or a part of something."""

    value: Fraction
    is_share: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """``amount`` for each ``unit`` (month …): a guarantee tops earnings up to it, an advance comes on top of them.

    ``recovers`` is whether later earnings pay it back: from the period that holds ``recover_from``, in one period up to
    ``recover_at_most``; ``limit`` is the most that may be drawn and not yet recovered. It is in force on the days of
    ``[start, before)``, while the plan has it; what is owed then stays owed, or is forgiven (``at_end``).
    """

    name: str
    kind: str
    amount: Expression
    unit: str
    recovers: bool
    span: Span
    start: Expression | None = None
    before: Expression | None = None
    recover_from: Expression | None = None
    recover_at_most: AtMost | None = None
    limit: Fraction | None = None
    at_end: str = ""
    because: str = ""

    @property
    def forgiven(self) -> bool:
        return self.at_end == "forgiven"


@dataclass(frozen=True, slots=True)
class Holdback:
    """A ``part`` of what the components ``of`` earn (empty: all do) is paid in the period that holds ``release_on``."""

    name: str
    part: Expression
    release_on: Expression
    span: Span
    of: tuple[tuple[str, Span], ...] = ()
    because: str = ""

    def counts(self, component: str) -> bool:
        return not self.of or any(name == component for name, _ in self.of)


@dataclass(frozen=True, slots=True)
class Clawback:
    """What a row was paid is taken back in the period of ``day``, if ``when`` holds for it.

    Only ``within`` so long after the date of the credit; ``prorate``: only the part of that time (days or months) that
    was left then.
    """

    day: Expression
    span: Span
    when: Expression | None = None
    within: Duration | None = None
    prorate: str = "none"
    because: str = ""
