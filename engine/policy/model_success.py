"""What an account bought the product for, and how both sides see that it works, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..diagnostics import Span
from ..language.tree import Expression
from .model import Policy

USE_CASE = "use_case"
"""The field that says which entry of the policy a row is held to."""


@dataclass(frozen=True, slots=True)
class Criterion:
    name: str
    span: Span
    when: Expression
    because: str = ""


@dataclass(frozen=True, slots=True)
class UseCase:
    """``is_it`` says whether a row of the table is of this use case."""

    name: str
    span: Span
    is_it: Expression
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Success(Policy):
    """``fact`` is true where all criteria of all uses of an account hold, missing where it has none."""

    kind: ClassVar[str] = "success"
    table: str
    table_span: Span
    fact: str = "successful"
    use_cases: tuple[UseCase, ...] = ()
