"""Excel workbooks, read twice: as text, and as numbers.

The reading library writes numbers as text with nine places only, and turns texts such as ``007`` into numbers when
asked for numbers. Each reading loses something; the two together do not: a cell is a number exactly where its text is
what its number would be written as.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..diagnostics import Cell
from ..messages import diagnose, did_you_mean
from .cells import native
from .records import Batch, Unreadable, in_batches, match_headers
from .shape import NUMERIC, Field, Shape

if TYPE_CHECKING:
    import polars

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", re.ASCII)
_PLAIN = re.compile(r"-?\d+(\.\d{1,9})?", re.ASCII)
_EXACT_WHOLE = 2**53


def read_xlsx(shape: Shape, data: bytes, file: str) -> Iterator[Batch]:
    """The rows under the first row that is not blank. A cell that shows an error (``#DIV/0!``) is empty.

    Raises Unreadable.
    """
    import fastexcel

    try:
        book = fastexcel.read_excel(data)
        sheets = book.sheet_names
        if shape.sheet is not None and shape.sheet not in sheets:
            advice = did_you_mean(shape.sheet, sheets)
            raise Unreadable(diagnose("missing-sheet", shape.span, sheet=shape.sheet, file=file, advice=advice))
        texts = _load(book, shape.sheet or 0, "string")
        header = _header_row(texts)
        if header is None:
            raise Unreadable(diagnose("headerless-file", Cell(file)))
        headers = [text or "" for text in texts.row(header)]
        places = match_headers(shape, headers, file, header + 1)
        numbers = _load(book, shape.sheet or 0, "float")
    except (fastexcel.FastExcelError, ValueError) as failure:
        problem = (str(failure).strip().splitlines() or ["it is no Excel workbook"])[0]
        raise Unreadable(diagnose("unreadable-table", Cell(file), problem=problem)) from None
    return _batches(shape, texts, numbers, places, header)


def _load(book: Any, sheet: str | int, kind: str) -> polars.DataFrame:
    """Every row and column from the sheet's first on, so that places in the frame are places in the sheet."""
    frame: polars.DataFrame = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes=kind).to_polars()
    return frame


def _header_row(texts: polars.DataFrame) -> int | None:
    for i in range(texts.height):
        if any(cell and not cell.isspace() for cell in texts.row(i)):
            return i
    return None


def _batches(
    shape: Shape, texts: polars.DataFrame, numbers: polars.DataFrame, places: dict[str, int], header: int
) -> Iterator[Batch]:
    first = header + 1
    for start, stop in in_batches(texts.height - first):
        rows, kept = [], []
        for i, row in enumerate(texts.slice(first + start, stop - start).iter_rows()):
            if any(cell and not cell.isspace() for cell in row):
                rows.append(first + start + i + 1)
                kept.append(first + start + i)
        cells = {}
        for field in shape.fields:
            written, counted = texts.to_series(places[field.name]), numbers.to_series(places[field.name])
            pairs = zip(written.gather(kept).to_list(), counted.gather(kept).to_list(), strict=True)
            cells[field.name] = [_cell(text, number, field) for text, number in pairs]
        yield Batch(rows, cells)


def _cell(text: str | None, number: float | None, field: Field) -> object:
    if text is None:
        return None
    if number is None:
        return _moment(text) if _MOMENT.fullmatch(text) else text
    if not _PLAIN.fullmatch(text) or _nine_places(number) != text:
        return text
    # A whole number this long may be an identifier stored as text: its own digits are the safer ones for a name.
    if field.kind not in NUMERIC and abs(number) >= _EXACT_WHOLE:
        return text
    return native(number)


def _nine_places(number: float) -> str:
    return f"{number:.9f}".rstrip("0").rstrip(".")


def _moment(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text
