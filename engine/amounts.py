"""Exact numbers: reading them from text, rounding them once, splitting them without loss, showing them.

A number is a ``fractions.Fraction`` everywhere in the engine. No function here touches a binary float but
``from_double``, which is the door.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction

HALF_UP = "half_up"
HALF_EVEN = "half_even"

MAX_DIGITS = 400
"""Of a decimal that is read: beyond any figure of a business, and within what Python reads."""

SHORT = 4
"""Digits after the point that a reader is shown at most."""

_DECIMAL = re.compile(r"[+-]?(\d+(_\d+)*)(\.\d+(_\d+)*)?", re.ASCII)


def parse_decimal(text: str) -> Fraction | None:
    """The exact value of a plain decimal such as ``-1_234.50``; None for anything else (``1e3``, ``.5``, ``0x1F``)."""
    if not _DECIMAL.fullmatch(text):
        return None
    whole, _, part = text.replace("_", "").partition(".")
    if len(whole.lstrip("+-")) + len(part) > MAX_DIGITS:
        return None
    return Fraction(int(whole + part), 10 ** len(part))


def from_double(value: float) -> Fraction | None:
    """A double as the shortest decimal that gives the same double; NaN is missing (None).

    Raises ValueError for an infinity, which no field can hold.
    """
    if math.isnan(value):
        return None
    if math.isinf(value):
        raise ValueError("infinity is not a number that a field can hold")
    return Fraction(repr(value))


def round_to(value: Fraction, digits: int, rule: str = HALF_UP) -> Fraction:
    """``value`` at ``digits`` places (negative: tens, hundreds …). Half-up is half away from zero."""
    units = in_units(value.numerator, value.denominator, digits, rule)
    return Fraction(units, 10**digits) if digits >= 0 else Fraction(units * 10**-digits)


def in_units(number: int, of: int, digits: int, rule: str = HALF_UP) -> int:
    """``number`` / ``of`` in whole units of the last of ``digits`` places; in whole numbers, which cost a tenth."""
    if digits >= 0:
        number *= 10**digits
    else:
        of *= 10**-digits
    if rule == HALF_EVEN:
        floor, rest = divmod(number, of)
        return floor + (2 * rest > of or (2 * rest == of and floor % 2 == 1))
    whole = (2 * abs(number) + of) // (2 * of)
    return -whole if number < 0 else whole


def apportion(total: Fraction, parts: Sequence[Fraction], digits: int) -> list[Fraction]:
    """``parts`` rounded to ``digits`` so that they sum to ``total`` exactly, by largest remainder.

    ``total`` must already stand at ``digits``. Ties go to the earlier part: callers order the parts by key. The whole
    difference is shared out even where it is more than one unit a part. A negative total is the mirror of the positive
    one, so that a clawback takes from each part what it was paid.
    """
    if not parts:
        return []
    if total < 0:
        return [-part for part in apportion(-total, [-part for part in parts], digits)]
    unit = Fraction(1, 10**digits) if digits >= 0 else Fraction(10**-digits)
    floors = [math.floor(part / unit) for part in parts]
    left = int(total / unit) - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda i: (floors[i] - parts[i] / unit, i))
    share, extra = divmod(left, len(parts))
    for rank, i in enumerate(by_remainder):
        floors[i] += share + (1 if rank < extra else 0)
    return [floor * unit for floor in floors]


def places(value: Fraction) -> int | None:
    """Digits after the point that write ``value`` exactly; None when no finite decimal does (1/3)."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def plain(value: Fraction, digits: int | None = None) -> str:
    """``value`` as plain decimal text for a machine: no grouping, a point.

    With ``digits``, rounded half-up and padded to them; without, exact, or ``n/d`` where no finite decimal is.
    """
    if digits is None:
        digits = places(value)
        if digits is None:
            return f"{value.numerator}/{value.denominator}"
    scaled = in_units(value.numerator, value.denominator, digits) * (1 if digits >= 0 else 10**-digits)
    sign, text = "-" if scaled < 0 else "", str(abs(scaled)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits > 0 else sign + text


def grouped(value: Fraction, digits: int | None = None) -> str:
    """``value`` for a reader: ``12,345.60``."""
    text = plain(value, digits)
    if "/" in text:
        text = plain(value, 4)
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, part = text.partition(".")
    return sign + f"{int(whole):,}" + point + part


def short(value: Fraction) -> str:
    """``value`` for a reader: exact where four places are enough, else rounded to four."""
    digits = places(value)
    return grouped(value, digits if digits is not None and digits <= SHORT else SHORT)


def percent(value: Fraction) -> str:
    """``value`` as a percentage for a reader: exact where four places are enough, else rounded to four."""
    return short(value * 100) + "%"
