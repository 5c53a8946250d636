"""One cell by the kind of its field: raw text or a typed value becomes a Value, or the reason why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from ..amounts import from_double, places, plain
from ..amounts import percent as percent_text
from ..messages import diagnose, did_you_mean
from . import dates, numerals
from .records import Bad, Odd, Unreadable, bad, reason
from .shape import NUMERIC, Field, Shape, Value

MOST_TEXT = 1_000_000
BLANK = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
"""The white space that ``str.strip`` takes off."""

_SHOWN = 200
_EXPONENT = 400

_BOOLEANS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}

CellReader: TypeAlias = Callable[[object], "Value | Bad"]


def cell_reader(field: Field, shape: Shape, zone: tzinfo | None) -> CellReader:
    """The function that reads a raw cell of ``field``. Raises Unreadable where the field's own pattern is wrong."""
    read = _reader_of_kind(field, shape, zone)
    trimmed = is_trimmed(field, shape)

    def cell(raw: object) -> Value | Bad:
        if isinstance(raw, Odd):
            return Bad(raw.reason)
        if isinstance(raw, str):
            bare = raw.strip()
            if not bare:
                return None
            return _unfit_text(raw) or read(bare if trimmed else raw)
        return None if raw is None or raw != raw else read(raw)  # NaN alone differs from itself

    return cell


def is_trimmed(field: Field, shape: Shape) -> bool:
    """Names that other rows must match are compared without stray spaces; a free text is kept as it stands."""
    return field.kind != "text" or field.refers_to is not None or field.name == shape.key


def native(raw: object) -> object:
    """A value that came with a type of its own, as one of the few that a Batch holds."""
    if raw is None or isinstance(raw, (str, bool, date, Odd)):
        return raw
    if not isinstance(raw, (int, float, Decimal, Fraction)) and hasattr(raw, "item"):
        raw = raw.item()  # a scalar of an array library
    if isinstance(raw, float):
        return _finite(raw, raw != raw, raw in (float("inf"), float("-inf")))
    if isinstance(raw, Decimal):
        if not raw.is_finite():
            return _finite(raw, raw.is_nan(), raw.is_infinite())
        large = raw.adjusted() > _EXPONENT or int(raw.as_tuple().exponent) < -_EXPONENT
        return Odd(str(raw), reason("too-many-digits")) if large else raw
    if isinstance(raw, (int, Fraction)):
        large = max(abs(raw.numerator), raw.denominator).bit_length() > 1330  # about 400 digits
        return Odd("…", reason("too-many-digits")) if large else raw
    if raw is None or isinstance(raw, (str, bool, date)):
        return raw
    return Odd(f"<{type(raw).__name__}>", reason("nested"))


def _finite(raw: object, missing: bool, endless: bool) -> object:
    if missing:
        return None
    return Odd(str(raw), reason("infinity")) if endless else raw


def text_of(raw: object) -> str:
    """A raw cell as text: typed values in one plain form, whatever the file format was."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, Odd):
        return raw.shown
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Decimal):
        return format(raw, "f")
    if isinstance(raw, datetime):
        return raw.isoformat(" ")
    if isinstance(raw, date):
        return raw.isoformat()
    value = _exact(raw)
    return plain(value) if value is not None else str(raw)


def shown(raw: object) -> str:
    """A raw cell as a list of rejects shows it: short, and always writable as UTF-8."""
    text = text_of(raw)
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return short.encode("utf-8", "backslashreplace").decode("utf-8")


def _unfit_text(text: str) -> Bad | None:
    if len(text) > MOST_TEXT:
        return bad("too-long", most=f"{MOST_TEXT:,}")
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            return bad("half-character")
    return None


def _exact(raw: object) -> Fraction | None:
    """The exact number in a typed value; None where it holds none."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, float):
        return from_double(raw)
    return Fraction(raw) if isinstance(raw, (int, Decimal, Fraction)) else None


def _reader_of_kind(field: Field, shape: Shape, zone: tzinfo | None) -> CellReader:
    if field.kind in NUMERIC:
        return _number_reader(field, shape.decimal)
    if field.kind == "date":
        return _date_reader(field, zone)
    if field.kind == "boolean":
        return _boolean
    if field.kind == "enum":
        return _enum_reader(field)
    return text_of


def _number_reader(field: Field, decimal: str) -> CellReader:
    def read(raw: object) -> Value | Bad:
        number = _written_number(raw, field, decimal)
        if isinstance(number, Bad):
            return number
        value, signed = number
        if field.kind == "integer" and value.denominator != 1:
            return bad("integer")
        if field.digits is not None and _has_more_places(value, field.digits):
            return bad("digits", digits=field.digits)
        if field.kind == "percent":
            if not signed and field.scale is None:
                return bad("percent-sign")
            value = value / 100 if signed or field.scale == 100 else value
        return _out_of_bounds(value, field) or value

    return read


def _written_number(raw: object, field: Field, decimal: str) -> tuple[Fraction, bool] | Bad:
    """The number as the cell writes it, and whether it carries a percent sign."""
    value: Fraction | None
    signed = False
    if not isinstance(raw, str):
        value = _exact(raw)
    elif field.kind == "percent":
        value, signed = numerals.percent(raw, decimal)
    elif field.kind == "money":
        amount = numerals.money(raw, decimal, field.currency)
        return amount if isinstance(amount, Bad) else (amount, False)
    else:
        value = numerals.number(raw, decimal)
    return (value, signed) if value is not None else bad("number", example=numerals.EXAMPLES[decimal])


def _has_more_places(value: Fraction, digits: int) -> bool:
    found = places(value)
    return found is None or found > digits


def _out_of_bounds(value: Fraction, field: Field) -> Bad | None:
    write = percent_text if field.kind == "percent" else plain
    if field.at_least is not None and value < field.at_least:
        return bad("at-least", bound=write(field.at_least))
    if field.at_most is not None and value > field.at_most:
        return bad("at-most", bound=write(field.at_most))
    return None


def _date_reader(field: Field, zone: tzinfo | None) -> CellReader:
    written = dates.compile_format(field.format) if field.format else None
    if field.format and written is None:
        raise Unreadable(diagnose("bad-date-format", field.span, format=field.format))

    def read(raw: object) -> Value | Bad:
        if isinstance(raw, str):
            return dates.read_date(raw, written, zone)
        if isinstance(raw, date):
            return dates.of_native(raw, zone)
        return bad("date", expected=field.format or "YYYY-MM-DD")

    return read


def _boolean(raw: object) -> Value | Bad:
    if isinstance(raw, bool):
        return raw
    found = _BOOLEANS.get(text_of(raw).lower())
    return bad("boolean") if found is None else found


def _enum_reader(field: Field) -> CellReader:
    # a word of the file stands before one of ours that is written alike
    allowed = {word: word for word in field.one_of} | dict(field.words)
    listed = ", ".join(dict(field.words) or field.one_of)

    def read(raw: object) -> Value | Bad:
        text = text_of(raw)
        if text in allowed:
            return allowed[text]
        near = did_you_mean(text, allowed) if len(text) <= _SHOWN else ""
        advice = f"; {near}" if near.startswith("did") else ""
        return bad("enum", allowed=listed, advice=advice)

    return read
