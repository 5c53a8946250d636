"""Cells of one account, read quickly: plain values at once, all others by the reader of their table.

A number is a pair as ``language.generated`` has it: of kind integer a whole number alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, tzinfo
from decimal import Decimal
from math import ceil, floor
from typing import Any, TypeAlias

from ..language.code import Code
from ..language.generated import DOOR_BITS, Replay, pair_of
from ..tables.cells import cell_reader, native
from ..tables.records import Bad
from ..tables.shape import NUMERIC, Field, Shape

Cell: TypeAlias = Any
"""What generated code reads: a pair, a whole number, a date, a truth, a text; None is missing, (None, 1) of pairs."""

Quick: TypeAlias = Callable[[object], Cell]
"""Raises Replay for a cell that the reader refuses, or that is missing and may not be."""

_SHORT = 30
"""Digits of a number that is read at once: far fewer than ``DOOR_BITS`` hold."""

_TEN = tuple(10**places for places in range(_SHORT + 1))
_WHOLE = 2 ** (DOOR_BITS - 1)


def quick_reader(field: Field, shape: Shape, zone: tzinfo | None) -> Quick:
    """What ``at_once`` does not settle: as ``tables.cells.cell_reader``, whose refusals are told by the reference.

    Raises Unreadable as that does.
    """
    careful = _careful(field, shape, zone)
    if field.kind in ("integer", "boolean", "enum"):
        return careful
    if field.kind in NUMERIC:
        return _number(field, shape, careful)
    if field.kind == "date":
        return _date(field, careful)
    return _text(careful)


def at_once(field: Field, code: Code) -> tuple[str, str] | None:
    """Generated code: the test whether the raw cell ``r`` is plain, and what the cell is then. None: always read it."""
    typed = f"{code.name_of(type)}(r) is"
    if field.kind == "integer":
        least, most = _bounds(field, 1)
        return f"{typed} {code.name_of(int)} and {least} <= r <= {most}", "r"
    if field.kind in NUMERIC and (field.kind != "percent" or field.scale is not None):
        unit = 100 if field.kind == "percent" and field.scale == 100 else 1
        least, most = _bounds(field, unit)
        return f"{typed} {code.name_of(int)} and {least} <= r <= {most}", f"(r, {unit})"
    if field.kind == "date":
        return f"{typed} {code.name_of(date)}", "r"
    if field.kind == "enum":
        return f"{typed} {code.name_of(str)} and r in {code.name_of(_words(field))}", "r"
    return ("r is True or r is False", "r") if field.kind == "boolean" else None


def _words(field: Field) -> frozenset[str]:
    return frozenset(word for word in field.one_of if word and word == word.strip())


def _careful(field: Field, shape: Shape, zone: tzinfo | None) -> Quick:
    read = cell_reader(field, shape, zone)
    needed = field.required or field.name == shape.key
    numeric, whole = field.kind in NUMERIC, field.kind == "integer"
    missing = (None, 1) if numeric and not whole else None

    def careful(raw: object) -> Cell:
        if raw is None and not needed:
            return missing
        value = read(native(raw))
        if isinstance(value, Bad) or (value is None and needed):
            raise Replay
        if not numeric:
            return value
        pair = pair_of(value)
        return pair[0] if whole else pair

    return careful


def _bounds(field: Field, unit: int) -> tuple[int, int]:
    """The least and the most whole number of ``1/unit`` that the field takes."""
    least = -_WHOLE if field.at_least is None else max(-_WHOLE, ceil(field.at_least * unit))
    most = _WHOLE if field.at_most is None else min(_WHOLE, floor(field.at_most * unit))
    return least, most


def _number(field: Field, shape: Shape, careful: Quick) -> Quick:
    """Numbers without a sign of percent or currency, in plain digits."""
    if field.kind == "percent" and field.scale is None:
        return careful
    unit = 100 if field.kind == "percent" and field.scale == 100 else 1
    least, most = _bounds(field, unit)
    pointed = shape.decimal == "point"

    def number(raw: object) -> Cell:
        kind = type(raw)
        pair = None
        if kind is Decimal:
            pair = _of_decimal(raw)  # type: ignore[arg-type]
        elif kind is float:
            pair = _of_text(repr(raw))
        elif kind is str and pointed:
            pair = _of_text(raw)  # type: ignore[arg-type]
        if pair is None:
            return careful(raw)
        above, below = pair
        if not least * below <= above <= most * below or not _fits(above, below, field.digits):
            return careful(raw)
        return above, below * unit

    return number


def _fits(above: int, below: int, digits: int | None) -> bool:
    return digits is None or (0 <= digits <= _SHORT and above * _TEN[digits] % below == 0)


def _of_text(text: str) -> tuple[int, int] | None:
    """A short plain decimal such as ``-1234.50``."""
    if len(text) > _SHORT or not text.isascii():
        return None
    whole, point, part = text.partition(".")
    digits = whole[1:] if whole[:1] == "-" else whole
    if not digits.isdigit() or (point and not part.isdigit()):
        return None
    return int(whole + part), _TEN[len(part)]


def _of_decimal(value: Decimal) -> tuple[int, int] | None:
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or not -_SHORT <= exponent <= 0 or len(digits) > _SHORT:
        return None
    return value.as_integer_ratio()


def _date(field: Field, careful: Quick) -> Quick:
    iso = field.format is None

    def day(raw: object) -> Cell:
        if iso and type(raw) is str and len(raw) == 10 and raw[4] == raw[7] == "-" and raw.isascii():
            try:
                return date.fromisoformat(raw)
            except ValueError:
                return careful(raw)
        return careful(raw)

    return day


def _text(careful: Quick) -> Quick:
    """A text without spaces at its ends is the same trimmed and untrimmed."""

    def text(raw: object) -> Cell:
        if type(raw) is str and raw.isascii() and raw and len(raw) < 1_000 and raw[0] > " " and raw[-1] > " ":
            return raw
        return careful(raw)

    return text
