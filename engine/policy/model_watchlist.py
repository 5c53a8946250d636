"""Watchlists as values: named lists of accounts, people, fields or the company, by condition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..diagnostics import Span
from ..language.tree import Expression
from .model import Policy


@dataclass(frozen=True, slots=True)
class Shown:
    """A name that a list shows, or is ordered by; ``falling``: the largest first."""

    name: str
    span: Span
    falling: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """The same list at the ends of the last ``count`` periods of ``unit`` (month, quarter, half, year)."""

    count: int
    unit: str


@dataclass(frozen=True, slots=True)
class Watched:
    """One list: whatever ``per`` names and ``when`` holds for (None: all of it), with ``columns``, in ``order``.

    ``owner`` is the role, duty or person who looks at it; empty: nobody is named.
    """

    name: str
    span: Span
    per: str
    per_span: Span
    columns: tuple[Shown, ...]
    order: tuple[Shown, ...] = ()
    when: Expression | None = None
    owner: str = ""
    owner_span: Span | None = None
    trend: Trend | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Watchlist(Policy):
    kind: ClassVar[str] = "watchlist"
    lists: tuple[Watched, ...] = ()
