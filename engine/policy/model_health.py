"""Health scores as values: weighted measures turned to points, what missing data means, exceptions, grades."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..diagnostics import Span
from ..language.tree import Expression
from ..periods import Duration
from .model import Case, Policy
from .model_pay import Bands, Curve


@dataclass(frozen=True, slots=True)
class Scored:
    """One measure, or a group of them (``parts``), with its part of the weight.

    ``missing``: exclude (its weight is shared out over those with data), neutral, worst, or fail (no score).
    """

    name: str
    span: Span
    weight: Fraction
    missing: str
    points: Bands | Curve | tuple[Case, ...] | None = None
    parts: tuple[Scored, ...] = ()
    because: str = ""

    @property
    def is_group(self) -> bool:
        return self.points is None


@dataclass(frozen=True, slots=True)
class HealthException:
    """``when`` it holds, the score is at most, or at least, ``points``. Undecided, it does nothing and is listed."""

    when: Expression
    points: Fraction
    at_most: bool
    span: Span
    because: str = ""


@dataclass(frozen=True, slots=True)
class Settle:
    """A new grade counts once the score has been beyond its edge by ``margin`` points for ``lasting``."""

    margin: Fraction
    lasting: Duration
    span: Span


@dataclass(frozen=True, slots=True)
class Health(Policy):
    """``fact`` names the score; ``<fact>_grade`` and ``<fact>_coverage`` follow it."""

    kind: ClassVar[str] = "health"
    fact: str = "health"
    population: Expression | None = None
    measures: tuple[Scored, ...] = ()
    weights_total: Fraction = Fraction(1)
    neutral: Fraction = Fraction(50)
    exceptions: tuple[HealthException, ...] = ()
    grades: Bands | None = None
    min_coverage: Fraction = Fraction(0)
    digits: int = 1
    settle: Settle | None = None

    @property
    def grade_name(self) -> str:
        return f"{self.fact}_grade"

    @property
    def coverage_name(self) -> str:
        return f"{self.fact}_coverage"
