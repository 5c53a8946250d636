"""Numbers in words, as ``program.spoken`` writes them, from numerator and denominator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from ..currencies import minor_digits
from ..language.types import MONEY, Type
from ..program.generated import Slot
from ..program.spoken import spoken

_MOST = 4
"""Digits after the point of a number that has no currency."""

iso: Callable[[date], str] = lru_cache(maxsize=2_048)(date.isoformat)
"""Days come again and again."""


def speaker(slot: Slot, kind: Type | None) -> Callable[[Sequence[Any]], str]:
    """What is said of the value at ``slot``, of type ``kind``."""
    if not (slot.below or slot.below_at):
        return lambda found: _plainly(found[slot.at], kind)
    if kind is not None and kind.percent:
        return _short(slot, 100, "%")
    if kind is not None and kind.kind == MONEY and kind.currency:
        return _padded(slot, f" {kind.currency}", minor_digits(kind.currency))
    return _whole(slot) if slot.below == 1 else _short(slot, 1, "")


def _plainly(value: Any, kind: Type | None) -> str:
    """Of what is no number; days and texts are said without a look at what else it may be."""
    if type(value) is date:
        return iso(value)
    return value if type(value) is str else spoken(value, kind)


def _whole(slot: Slot) -> Callable[[Sequence[Any]], str]:
    at = slot.at

    def say(found: Sequence[Any]) -> str:
        size = found[at]
        return "missing" if size is None else f"{size}" if -1_000 < size < 1_000 else f"{size:,}"

    return say


def _in_units(above: int, units: int, under: int) -> tuple[int, int]:
    """The size of ``above`` / ``under`` in so many units of one, half away from zero; and what was left over."""
    size, rest = divmod(abs(above) * units, under)
    return (size + 1, rest) if rest + rest >= under else (size, rest)


def _short(slot: Slot, scale: int, unit: str) -> Callable[[Sequence[Any]], str]:
    """Exact where ``_MOST`` digits are enough, else rounded to so many, half away from zero."""
    at, below, below_at = slot.at, slot.below, slot.below_at
    up, ten = scale * 10**_MOST, 10**_MOST

    def say(found: Sequence[Any]) -> str:
        above, under = found[at], below or found[below_at]
        if above is None:
            return "missing"
        size, rest = _in_units(above, up, under)
        whole, part = divmod(size, ten)
        said = f"{whole}" if whole < 1_000 else f"{whole:,}"
        if rest:
            said += f".{str(part).zfill(_MOST)}"
        elif part:
            said += f".{str(part).zfill(_MOST).rstrip('0')}"
        return f"-{said}{unit}" if above < 0 and size else f"{said}{unit}"

    return say


def _padded(slot: Slot, unit: str, digits: int) -> Callable[[Sequence[Any]], str]:
    """``-1,234.50`` and its unit: rounded half away from zero to ``digits``, and padded to them."""
    at, below, below_at = slot.at, slot.below, slot.below_at
    ten = 10**digits

    def say(found: Sequence[Any]) -> str:
        above, under = found[at], below or found[below_at]
        if above is None:
            return "missing"
        size, _ = _in_units(above, ten, under)
        whole, part = divmod(size, ten)
        said = f"{whole:,}.{str(part).zfill(digits)}" if digits else f"{whole:,}"
        return f"-{said}{unit}" if above < 0 and size else f"{said}{unit}"

    return say
