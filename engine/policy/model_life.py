"""The stages of an account's life as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..diagnostics import Span
from ..language.tree import Expression
from ..periods import Duration
from .model import Policy

ON_TRACK, BEHIND, STUCK = "on track", "behind", "stuck"


@dataclass(frozen=True, slots=True)
class Stage:
    """``done`` is the day on which it was (None: it has no end); ``when``: the stage is for those accounts alone, and
    the others pass over it. In it longer than ``expect`` an account is behind, longer than ``stuck`` it is stuck.
    """

    name: str
    span: Span
    done: Expression | None = None
    when: Expression | None = None
    expect: Duration | None = None
    stuck: Duration | None = None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle(Policy):
    """``fact`` names the stage; ``<fact>_since`` and ``<fact>_status`` follow it. ``starts`` is the first day."""

    kind: ClassVar[str] = "lifecycle"
    starts: Expression
    fact: str = "stage"
    population: Expression | None = None
    stages: tuple[Stage, ...] = ()

    @property
    def since_name(self) -> str:
        return f"{self.fact}_since"

    @property
    def status_name(self) -> str:
        return f"{self.fact}_status"
