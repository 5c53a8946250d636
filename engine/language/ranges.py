"""Interval arithmetic over whole numbers: the bounds of every step of a computation, and the width it needs.

Polars integers wrap in silence, so no step runs whose bounds are not proven here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Width: TypeAlias = int
"""32, 64 or 128 bits, signed."""


class TooWide(Exception):
    """A step whose values may need more than 128 bits; ``columns`` are those it is computed from, with their bits."""

    def __init__(self, columns: Mapping[str, int] | None = None) -> None:
        super().__init__("values that fit no column")
        self.columns = columns or {}


@dataclass(frozen=True, slots=True)
class Range:
    """Every value that is not missing lies in ``[low, high]``, both included."""

    low: int
    high: int

    @property
    def width(self) -> Width:
        """The least width that holds every value. Raises TooWide."""
        return width(self.low, self.high)

    @property
    def bits(self) -> int:
        """Without the sign."""
        return max(self.high.bit_length(), (-self.low - 1).bit_length() if self.low < 0 else 0)

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Range) -> Range:
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(min(corners), max(corners))

    def over(self, divisor: Range) -> Range:
        """The floor of the quotient by a positive divisor."""
        low, high = max(divisor.low, 1), max(divisor.high, 1)
        corners = [n // d for n in (self.low, self.high) for d in (low, high)]
        return Range(min(corners), max(corners))

    def union(self, other: Range) -> Range:
        return Range(min(self.low, other.low), max(self.high, other.high))

    def magnitude(self) -> Range:
        """Of the values without their sign."""
        if self.low <= 0 <= self.high:
            return Range(0, max(-self.low, self.high))
        return Range(*sorted((abs(self.low), abs(self.high))))

    def at_least(self, bound: int) -> Range:
        """What remains of the range from ``bound`` on; the bound alone where nothing does."""
        return Range(max(self.low, bound), max(self.high, bound))


def width(low: int, high: int) -> Width:
    """Raises TooWide."""
    for bits in (32, 64, 128):
        if -(1 << bits - 1) <= low and high < 1 << bits - 1:
            return bits
    raise TooWide
