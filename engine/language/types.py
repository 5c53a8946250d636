"""What an expression can be: its kind, its currency, whether it can be missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from .tree import Value

NUMBER, MONEY, TEXT, DATE, BOOLEAN, UNKNOWN = "number", "money", "text", "date", "boolean", "unknown"

_SPOKEN = {NUMBER: "a number", TEXT: "a text", DATE: "a date", BOOLEAN: "a yes or no (true, false)", UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class Type:
    """``kind`` is number, money, text, date, boolean, or unknown after a mistake that has been reported.

    ``bare`` marks a number written without a unit, which beside money takes that money's currency. ``percent`` is how a
    number likes to be shown. ``one_of`` are the only words a text can be (empty: any).
    """

    kind: str
    currency: str | None = None
    nullable: bool = False
    percent: bool = False
    bare: bool = False
    one_of: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"money in {self.currency}" if self.kind == MONEY else _SPOKEN[self.kind]

    @property
    def known(self) -> bool:
        return self.kind != UNKNOWN

    def or_missing(self, nullable: bool = True) -> Type:
        return replace(self, nullable=self.nullable or nullable)


def number(*, nullable: bool = False, percent: bool = False, bare: bool = False) -> Type:
    return Type(NUMBER, nullable=nullable, percent=percent, bare=bare)


def of_literal(value: Value, percent: bool) -> Type:
    """The type of a constant; a number without ``%`` is bare."""
    if isinstance(value, bool):
        return Type(BOOLEAN)
    if isinstance(value, Fraction):
        return number(percent=percent, bare=not percent)
    if isinstance(value, date):
        return Type(DATE)
    if isinstance(value, str):
        return Type(TEXT, one_of=(value,))
    return Type(UNKNOWN, nullable=True)


def common(left: Type, right: Type) -> Type | None:
    """The one type that both can stand as, in a comparison, a sum or the arms of a choice; None when there is none."""
    nullable = left.nullable or right.nullable
    if not left.known or not right.known:
        return Type(UNKNOWN, nullable=nullable)
    if left.kind == right.kind:
        if left.currency != right.currency:
            return None
        words = tuple(dict.fromkeys(left.one_of + right.one_of)) if left.one_of and right.one_of else ()
        return Type(left.kind, left.currency, nullable, left.percent and right.percent, left.bare and right.bare, words)
    for money, other in ((left, right), (right, left)):
        if money.kind == MONEY and other.kind == NUMBER and other.bare:
            return Type(MONEY, money.currency, nullable)
    return None
