"""Columns read at once where their cells have the plain shape that most have; a null is left to the cell reader.

What is read here is what the cell reader would read. A cell that might mean anything else is left to it, and so is
every cell that does not fit its field, for the reason why. Texts come without white space around them.
"""

from __future__ import annotations

from datetime import tzinfo
from math import ceil, floor

import polars as pl

from ..columns import INT64, INT128
from .cells import MOST_TEXT
from .scaled import PLACES, WHOLE, Scaled, narrowed
from .shape import Field

_ALL_WHOLE = {"Float32": 2**24, "Float64": 2**53}
"""Below it whole numbers lie so densely that no shorter decimal stands for one of them."""

_SHAPE = r"^-?(?:[0-9]{1,%d}|[1-9][0-9]{0,2}(?:%s[0-9]{3}){1,5})(?:%s[0-9]{1,%d})?%s$"
_NUMBER = pl.col("number")


def plain_texts(cells: pl.Series) -> pl.Series:
    """Texts, whole numbers and truths as ``text_of`` writes them."""
    if cells.dtype.is_float():
        whole = cells.cast(pl.Int64, strict=False)
        below = cells.abs() < _ALL_WHOLE[str(cells.dtype)]
        return where((whole.cast(cells.dtype) == cells) & below, whole.cast(pl.String))
    if cells.dtype.is_integer() or cells.dtype == pl.Boolean:
        return cells.cast(pl.String)
    if cells.dtype != pl.String:
        return _nothing(cells, pl.String)
    longest = cells.str.len_bytes().max()
    if not isinstance(longest, int) or longest <= MOST_TEXT:
        return cells
    return where(cells.str.len_chars() <= MOST_TEXT, cells)


def plain_dates(cells: pl.Series, zone: tzinfo | None) -> pl.Series:
    """Days, and moments that name no zone: those are seen from ``zone``, or stand at midnight."""
    if cells.dtype == pl.Date:
        return cells
    if not isinstance(cells.dtype, pl.Datetime) or cells.dtype.time_zone is not None:
        return _nothing(cells, pl.Date)
    moments = cells.dt.cast_time_unit("us")
    days = moments.dt.date()
    return days if zone is not None else where(moments == days.cast(moments.dtype), days)


def plain_truths(cells: pl.Series) -> pl.Series:
    return cells if cells.dtype == pl.Boolean else _nothing(cells, pl.Boolean)


def plain_numbers(cells: pl.Series, field: Field, decimal: str) -> Scaled:
    """The numbers of a field that keep its digits and bounds."""
    most = PLACES - 2 if field.kind == "percent" else PLACES
    signed = pl.Series([False], dtype=pl.Boolean)
    if cells.dtype == pl.String:
        texts = where(cells.str.contains(_shape(decimal, most, "%?" if field.kind == "percent" else "")), cells)
        signed = texts.str.ends_with("%")
        written = _parsed(_ungrouped(texts.str.strip_suffix("%"), decimal))
    elif cells.dtype.is_float():
        texts = cells.cast(pl.String)  # the shortest decimal that gives the same double
        written = _parsed(where(texts.str.contains(_shape("point", most, "")), texts))
    elif cells.dtype.is_integer() or cells.dtype.is_decimal():
        written = _counted(cells, most)
    else:
        return Scaled(_nothing(cells, pl.Int64))
    frame = pl.DataFrame([written.series.alias("number")]).with_columns(
        signed=signed if len(signed) == len(cells) else pl.lit(False)
    )
    sound = [*_digits(field, written.places)]
    number, places = _NUMBER, written.places
    if field.kind == "percent":
        number, places = _hundredths(field), places + 2
        sound += [pl.col("signed")] if field.scale is None else []
    sound += _bounds(field, number, places)
    kept = frame.select(pl.when(pl.all_horizontal(pl.lit(True), *sound)).then(number)).to_series()
    return Scaled(narrowed(kept), places)


def where(mask: pl.Series, cells: pl.Series) -> pl.Series:
    """The cells where ``mask`` is true, the others null."""
    return pl.select(pl.when(mask).then(cells)).to_series()


def _nothing(cells: pl.Series, kind: type[pl.DataType]) -> pl.Series:
    return pl.repeat(None, len(cells), dtype=kind, eager=True)


def _shape(decimal: str, places: int, end: str) -> str:
    mark, group = (r"\.", ",") if decimal == "point" else (",", r"\.")
    return _SHAPE % (WHOLE, group, mark, places, end)


def _ungrouped(texts: pl.Series, decimal: str) -> pl.Series:
    if decimal == "point":
        return texts.str.replace_all(",", "", literal=True)
    return texts.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)


def _parsed(texts: pl.Series) -> Scaled:
    """Texts of the plain shape as whole numbers, with as many places as the longest part after a point has."""
    parts = texts.str.len_bytes().cast(pl.Int64) - texts.str.find(".", literal=True).cast(pl.Int64) - 1
    longest = parts.max()
    places = longest if isinstance(longest, int) else 0
    return Scaled(narrowed(texts.cast(pl.Decimal(38, places)).to_physical()), places)


def _counted(cells: pl.Series, most: int) -> Scaled:
    """Whole numbers and decimals with at most WHOLE digits before and ``most`` after the point."""
    scale = cells.dtype.scale if isinstance(cells.dtype, pl.Decimal) else 0
    series = (cells.to_physical() if scale or cells.dtype.is_decimal() else cells).cast(pl.Int128, strict=False)
    places = min(scale, most)
    beyond, edge = _big(10 ** (scale - places)), 10 ** (WHOLE + scale)
    sound = (_NUMBER % beyond == 0) & _NUMBER.is_between(_big(-edge), _big(edge), closed="none")
    frame = pl.DataFrame([series.alias("number")])
    return Scaled(narrowed(frame.select(pl.when(sound).then(_NUMBER // beyond)).to_series()), places)


def _digits(field: Field, places: int) -> list[pl.Expr]:
    """Whether a number of ``places`` has no more of them than the field allows."""
    allowed = [places, *([0] if field.kind == "integer" else []), *([] if field.digits is None else [field.digits])]
    over = places - min(allowed)
    return [_NUMBER % _big(10**over) == 0] if over else []


def _hundredths(field: Field) -> pl.Expr:
    """A percentage as its number, in two places more than are written."""
    number = _NUMBER.cast(pl.Int128)
    if field.scale == 100:
        return number
    return pl.when(pl.col("signed")).then(number).otherwise(number * _big(100))


def _bounds(field: Field, number: pl.Expr, places: int) -> list[pl.Expr]:
    tests = []
    if field.at_least is not None:
        tests.append(number >= _big(ceil(field.at_least * 10**places)))
    if field.at_most is not None:
        tests.append(number <= _big(floor(field.at_most * 10**places)))
    return tests


def _big(number: int) -> pl.Expr:
    """A whole number to compare or divide with; beyond 128 bits the last one, which no plain number meets."""
    near = min(max(number, INT128[0]), INT128[-1])
    return pl.lit(near, dtype=pl.Int64 if near in INT64 else pl.Int128)
