"""Rows to CSV after RFC 4180, each cell by the kind that the layout states; no cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from ..amounts import plain, round_to
from ..currencies import minor_digits
from .layout import Column, Layout

FORMULA = ("=", "+", "-", "@", "\t", "\r")
LINE_END = "\r\n"
PERCENT_DIGITS = 4
"""Digits of a percentage at most, unless the layout says otherwise."""


def csv_text(rows: Iterable[object], layout: Layout) -> str:
    """A header line and a line per row; the attributes of a row are the columns' names."""
    return csv_header(layout) + csv_lines(rows, layout)


def csv_header(layout: Layout) -> str:
    return written([[column.name for column in layout.columns]])


def csv_lines(rows: Iterable[object], layout: Layout) -> str:
    """The lines of ``csv_text`` without its header."""
    return written([_cell(row, column) for column in layout.columns] for row in rows)


def written(cells: Iterable[list[str]]) -> str:
    """Lines of cells as CSV, as they are: nothing is guarded."""
    out = io.StringIO()
    csv.writer(out, lineterminator=LINE_END).writerows(cells)
    return out.getvalue()


def _cell(row: object, column: Column) -> str:
    value = getattr(row, column.name)
    if value is None or value == "":
        return ""
    if isinstance(value, Fraction):
        return number_text(value, column, str(getattr(row, "currency", "")))
    if isinstance(value, date):
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else str(value)


def number_text(value: Fraction, column: Column, currency: str) -> str:
    """Money at its currency's minor unit, a percentage with its sign; with ``digits_at_most``, no closing zeros."""
    if column.kind == "percent":
        at_most = column.digits_at_most if column.digits_at_most is not None else PERCENT_DIGITS
        return plain(round_to(value * 100, at_most)) + "%"
    if column.digits == "currency":
        return plain(value, minor_digits(currency))
    if column.digits_at_most is not None:
        return plain(round_to(value, column.digits_at_most))
    return plain(value, column.digits if isinstance(column.digits, int) else None)


def guarded(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; so does one that has it already."""
    bare = text.lstrip("'")
    return "'" + text if bare.startswith(FORMULA) else text
