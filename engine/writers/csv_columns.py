"""The column twin of ``csv_file``: lines in columns to the same bytes, in slices, so that memory stays bounded."""

from __future__ import annotations

from typing import BinaryIO

import polars as pl

from ..columns import DATE, NUMBER, TEXT, ExactColumn
from ..currencies import minor_digits
from ..lines import Lines, Part
from ..progress import Progress
from ..texts import day_texts, plain_texts, trimmed_texts
from .csv_file import FORMULA, LINE_END, PERCENT_DIGITS, csv_header, csv_lines, guarded
from .folder import Writing
from .layout import Column, Layout

SLICE = 100_000
"""Lines that are held as text at once."""

_FORMULA = "^'*[" + "".join(f"\\x{ord(sign):02x}" for sign in FORMULA) + "]"


def csv_writer(part: Part, layout: Layout) -> Writing:
    """Writes ``part`` to an open file: the bytes of ``csv_text`` over its rows."""

    def write(out: BinaryIO, progress: Progress) -> None:
        progress.begin(f"writing {layout.file}", "rows", part.height)
        out.write(csv_header(layout).encode())
        for lines in part.slices(SLICE):
            _write(out, lines, layout)
            progress.advance(lines.height + len(lines.rows))
        progress.end()

    return write


def _write(out: BinaryIO, lines: Lines, layout: Layout) -> None:
    texts = text_frame(lines, layout) if lines.columns else pl.DataFrame()
    for rows, start, end in lines.pieces():
        out.write(csv_lines(rows, layout).encode("utf-8", "surrogatepass"))
        if start < end:
            texts[start:end].write_csv(out, include_header=False, line_terminator=LINE_END)


def text_frame(lines: Lines, layout: Layout) -> pl.DataFrame:
    """The cells of the lines in columns; null is an empty cell."""
    currency = lines.columns.get("currency")
    return pl.DataFrame({c.name: cell_texts(lines.columns[c.name], c, currency) for c in layout.columns})


def cell_texts(values: ExactColumn, column: Column, currency: ExactColumn | None = None) -> pl.Series:
    """A column as the texts of its cells; null is an empty cell."""
    if values.kind == NUMBER:
        return number_texts(values, column, currency)
    if values.kind == DATE:
        return day_texts(values.series)
    if values.kind == TEXT:
        return guarded_texts(values.series)
    return pl.Series(["False", "True"]).gather(values.series.cast(pl.UInt8))


def number_texts(values: ExactColumn, column: Column, currency: ExactColumn | None) -> pl.Series:
    """As ``number_text``; ``currency`` holds each line's."""
    if column.kind == "percent":
        at_most = column.digits_at_most if column.digits_at_most is not None else PERCENT_DIGITS
        return trimmed_texts(values, at_most, shift=2) + pl.Series(["%"])
    if column.digits == "currency":
        return _money_texts(values, currency)
    if column.digits_at_most is not None:
        return trimmed_texts(values, column.digits_at_most)
    return plain_texts(values, column.digits if isinstance(column.digits, int) else None)


def _money_texts(values: ExactColumn, currency: ExactColumn | None) -> pl.Series:
    codes = currency.series.cast(pl.String).fill_null("") if currency else pl.Series([""])
    known = codes.unique().sort().to_list()
    if len(known) == 1:
        return plain_texts(values, minor_digits(known[0]))
    texts = pl.repeat(None, len(values), dtype=pl.String, eager=True)
    for code in known:
        rows = (codes == code).arg_true()
        texts = texts.scatter(rows, plain_texts(values.gather(rows), minor_digits(code)))
    return texts


def guarded_texts(texts: pl.Series) -> pl.Series:
    """As ``guarded``; null for an empty text."""
    if isinstance(texts.dtype, pl.Enum):
        words = [guarded(word) or None for word in texts.dtype.categories.to_list()]
        return pl.Series(words, dtype=pl.String).gather(texts.to_physical())
    # the signs of a formula stand before the letters and are no digits: comparing is cheaper than matching
    signs = ((texts < "0") | ((texts >= ":") & (texts < "A"))).arg_true()
    formulas = signs.filter(texts.gather(signs).str.contains(_FORMULA))
    if len(formulas):
        texts = texts.scatter(formulas, pl.Series(["'"]) + texts.gather(formulas))
    return texts.zip_with(texts != "", pl.Series([None], dtype=pl.String))
