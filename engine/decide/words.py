"""Numbers in words, as ``program.spoken`` writes them, from numerator and denominator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..currencies import minor_digits
from ..language.types import MONEY, Type
from ..program.generated import Slot
from ..program.spoken import spoken

_MOST = 4
"""Digits after the point of a number that has no currency."""


def speaker(slot: Slot, kind: Type | None) -> Callable[[Sequence[Any]], str]:
    """What is said of the value at ``slot``, of type ``kind``."""
    if not (slot.below or slot.below_at):
        return lambda found: spoken(found[slot.at], kind)
    at, below, below_at = slot.at, slot.below, slot.below_at
    scale, sign = (100, "%") if kind is not None and kind.percent else (1, "")
    if kind is not None and not kind.percent and kind.kind == MONEY and kind.currency:
        digits, currency = minor_digits(kind.currency), f" {kind.currency}"
        return lambda found: said(found[at], below or found[below_at], currency, digits)

    def say(found: Sequence[Any]) -> str:
        above = found[at]
        return "missing" if above is None else said(scale * above, below or found[below_at], sign)

    return say


def said(above: int | None, below: int, unit: str, digits: int | None = None) -> str:
    """``-1,234.5`` and its unit: with ``digits``, rounded half away from zero and padded to them; without, exact where
    four are enough, else rounded to four."""
    if above is None:
        return "missing"
    if below == 1 and digits is None:
        return f"{above:,}{unit}"
    places = _MOST if digits is None else digits
    size, rest = divmod(abs(above) * 10**places, below)
    if 2 * rest >= below:
        size += 1
    minus = "-" if above < 0 and size else ""
    whole, part = divmod(size, 10**places)
    shown = f"{whole:,}" if whole > 999 else whole
    if not places or (digits is None and not rest and not part):
        return f"{minus}{shown}{unit}"
    after = str(part).zfill(places)
    if digits is None and not rest:
        after = after.rstrip("0")
    return f"{minus}{shown}.{after}{unit}"
