"""Staffing as values: how many people work needs, what an account may cost, how often a customer is spoken to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..diagnostics import Span
from ..language.tree import Expression
from .model import Policy
from .model_pay import Bands


@dataclass(frozen=True, slots=True)
class Ratio:
    """``have`` people carry ``one_carries`` of ``load`` each: a line for all that ``per`` names."""

    name: str
    span: Span
    per: str
    per_span: Span
    load: Expression
    one_carries: Expression
    have: Expression
    because: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What an account may cost in ``[start, before)``, beside what the touches planned for that time cost.

    ``bands`` are words for planned / allowed.
    """

    name: str
    span: Span
    allow: Expression
    start: Expression
    before: Expression
    bands: Bands
    population: Expression | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class ContactLimit:
    """At most so many contacts a week, for the accounts for which ``when`` holds; None: for all that are left."""

    when: Expression | None
    at_most: int
    span: Span
    because: str = ""


@dataclass(frozen=True, slots=True)
class Levelling:
    """Touches move inside their ``flex`` so that the coming ``weeks`` carry the same load."""

    weeks: int
    span: Span


@dataclass(frozen=True, slots=True)
class Staffing(Policy):
    """``contact_limits`` are cases: the first that holds counts."""

    kind: ClassVar[str] = "staffing"
    ratios: tuple[Ratio, ...] = ()
    budgets: tuple[Budget, ...] = ()
    contact_limits: tuple[ContactLimit, ...] = ()
    levelling: Levelling | None = None
