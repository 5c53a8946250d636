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

_LONG = 1_000
"""Texts from this length on are read with care."""

_TEN = tuple(10**places for places in range(_SHORT + 1))
_WHOLE = 2 ** (DOOR_BITS - 1)
_DIGIT = 2**30 - 1
"""Python compares whole numbers of one digit, which end here, the quickest."""


def quick_reader(field: Field, shape: Shape, zone: tzinfo | None) -> Quick:
    """Of cells that are not plain: as ``tables.cells.cell_reader``, whose refusals are told by the reference.

    Raises Unreadable as that does.
    """
    careful = _careful(field, shape, zone)
    if field.kind in NUMERIC:
        return _number(field, shape, careful)
    return _date(field, careful) if field.kind == "date" else careful


def read_into(cell: str, field: Field, read: str, code: Code) -> str:
    """Generated code: the raw cell in the variable ``cell`` is read; at once where it is plain, else by ``read``."""
    plain = _plain(cell, field, code)
    if plain is None:
        return f"{cell} = {read}({cell})"
    if field.kind in NUMERIC and field.kind != "integer":
        return f"{cell} = ({cell}, {_unit(field)}) if {plain} else {read}({cell})"
    return f"if not ({plain}): {cell} = {read}({cell})"


def _plain(cell: str, field: Field, code: Code) -> str | None:
    """The test whether a raw cell is plain; None: always read it."""
    typed = f"{code.name_of(type)}({cell}) is"
    if field.kind in NUMERIC:
        if field.kind == "percent" and field.scale is None:
            return None
        least, most = _bounds(field)
        plain = f"{cell} >= {max(least, -_DIGIT)} and {cell} <= {min(most, _DIGIT)}"
        return f"{typed} {code.name_of(int)} and {plain}"
    if field.kind == "date":
        return f"{typed} {code.name_of(date)}"
    if field.kind == "boolean":
        return f"{cell} is True or {cell} is False"
    if field.words:
        return None
    if field.kind == "enum":
        return f"{typed} {code.name_of(str)} and {cell} in {code.name_of(_words(field))}"
    # without spaces at its ends a text is the same trimmed and untrimmed
    inked = f"{cell} and {cell}.strip() == {cell} and {cell}.isascii()"
    return f"{typed} {code.name_of(str)} and {inked} and {code.name_of(len)}({cell}) < {_LONG}"


def needed(field: Field, shape: Shape) -> bool:
    """Whether a cell may not be missing."""
    return field.required or field.name == shape.key


def absent_cell(field: Field) -> str:
    """The code of a missing cell."""
    return "(None, 1)" if field.kind in NUMERIC and field.kind != "integer" else "None"


def _unit(field: Field) -> int:
    """What a whole number counts in: its denominator."""
    return 100 if field.kind == "percent" and field.scale == 100 else 1


def _words(field: Field) -> frozenset[str]:
    return frozenset(word for word in field.one_of if word and word == word.strip())


def _careful(field: Field, shape: Shape, zone: tzinfo | None) -> Quick:
    read = cell_reader(field, shape, zone)
    must = needed(field, shape)
    numeric, whole = field.kind in NUMERIC, field.kind == "integer"
    missing = (None, 1) if numeric and not whole else None

    def careful(raw: object) -> Cell:
        if raw is None and not must:
            return missing
        value = read(native(raw))
        if isinstance(value, Bad) or (value is None and must):
            raise Replay
        if not numeric:
            return value
        pair = pair_of(value)
        return pair[0] if whole else pair

    return careful


def _bounds(field: Field) -> tuple[int, int]:
    """The least and the most whole number, of what the field counts in, that it takes."""
    unit = _unit(field)
    least = -_WHOLE if field.at_least is None else max(-_WHOLE, ceil(field.at_least * unit))
    most = _WHOLE if field.at_most is None else min(_WHOLE, floor(field.at_most * unit))
    return least, most


def _number(field: Field, shape: Shape, careful: Quick) -> Quick:
    """Numbers without a sign of percent or currency, in plain digits."""
    if field.kind == "percent" and field.scale is None:
        return careful
    unit, whole = _unit(field), field.kind == "integer"
    least, most = _bounds(field)
    pointed = shape.decimal == "point"

    def number(raw: object) -> Cell:
        kind = type(raw)
        pair: tuple[int, int] | None = None
        if kind is int:
            pair = raw, 1  # type: ignore[assignment]
        elif kind is Decimal:
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
        if not whole:
            return above, below * unit
        return above if below == 1 else careful(raw)

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
