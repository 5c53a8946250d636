"""Delimited text: the delimiter, quoting, and records of the wrong length."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import Lock

from ..diagnostics import Cell
from ..messages import diagnose
from .decoding import decode
from .records import BATCH, Batch, Cells, Refused, Unreadable, clean_header, match_headers, reason
from .shape import Shape

DELIMITERS = (",", ";", "\t", "|")
_HEADER = 1_000_000
_LIMIT = Lock()


def read_csv(shape: Shape, data: bytes, file: str) -> Iterator[Batch]:
    """The records of a CSV file. A record shorter than the header ends in empty cells; a longer one is refused.

    Raises Unreadable where the text, its quoting or its header cannot be read.
    """
    text = decode(shape, data, file, _row_of)
    delimiter = _find_delimiter(shape, text) if shape.delimiter is None else shape.delimiter
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise Unreadable(diagnose("bad-delimiter", shape.span, delimiter=delimiter, table=shape.name))
    records = _Records(text, delimiter, file)
    header = records.header()
    places = match_headers(shape, header, file, records.row)
    yield from records.batches(places, len(header))


def _row_of(before: str) -> int:
    """The row in which text that starts with ``before`` goes on."""
    with _no_cell_limit(len(before)):
        ended = before.endswith(("\n", "\r"))
        rows = sum(1 for _ in csv.reader(io.StringIO(before, newline="")))
    return max(rows + 1 if ended or not rows else rows, 1)


def _find_delimiter(shape: Shape, text: str) -> str:
    """The delimiter under which the header line shows the most declared columns; the earlier of equals."""
    wanted = {clean_header(f.column) for f in shape.fields}
    start = text[:_HEADER]

    def shown(delimiter: str) -> int:
        try:
            with _no_cell_limit(len(start)):
                lines = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter, strict=True)
                header = next((record for record in lines if not _is_blank(record)), [])
        except csv.Error:
            return -1
        return len(wanted & {clean_header(cell) for cell in header})

    return max(DELIMITERS, key=shown)


def _is_blank(record: list[str]) -> bool:
    together = "".join(record)
    return not together or together.isspace()


@contextmanager
def _no_cell_limit(length: int) -> Iterator[None]:
    """The csv module's limit on a cell is one for the whole process: raise it for a moment, and put it back."""
    with _LIMIT:
        before = csv.field_size_limit()
        csv.field_size_limit(max(before, length + 1))
        try:
            yield
        finally:
            csv.field_size_limit(before)


class _Records:
    """A walk over the records that knows the row it is at; rows of blank cells count as rows but not as records."""

    def __init__(self, text: str, delimiter: str, file: str) -> None:
        self.length, self.file, self.row = len(text), file, 0
        self.lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def take(self, count: int) -> list[list[str]]:
        records: list[list[str]] = []
        try:
            with _no_cell_limit(self.length):
                for record in islice(self.lines, count):
                    records.append(record)
        except csv.Error as failure:
            unclosed = "unexpected end" in str(failure)
            code = "unclosed-quote" if unclosed else "misplaced-quote"
            raise Unreadable(diagnose(code, Cell(self.file, self.row + len(records) + 1))) from None
        return records

    def header(self) -> list[str]:
        while records := self.take(1):
            self.row += 1
            if not _is_blank(records[0]):
                return records[0]
        raise Unreadable(diagnose("headerless-file", Cell(self.file)))

    def batches(self, places: dict[str, int], width: int) -> Iterator[Batch]:
        while records := self.take(BATCH):
            rows, whole, refused = [], [], []
            for row, record in enumerate(records, self.row + 1):
                if _is_blank(record):
                    continue
                if len(record) > width:
                    refused.append(Refused(row, "", reason("cells", found=len(record), expected=width)))
                    continue
                rows.append(row)
                whole.append(record if len(record) == width else record + [""] * (width - len(record)))
            self.row += len(records)
            columns = list(zip(*whole, strict=True)) if whole else [()] * width
            yield Batch(rows, {name: _series(columns[i]) for name, i in places.items()}, refused)


def _series(cells: Sequence[str]) -> Cells:
    import polars as pl

    try:
        return pl.Series(cells, dtype=pl.String)
    except UnicodeEncodeError:  # half a character, as utf-7 may bring: the cell reader has a word for it
        return cells
