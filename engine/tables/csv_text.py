"""Delimited text: the delimiter, quoting, and records of the wrong length."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from ..diagnostics import Cell
from ..messages import diagnose
from .cells import BLANK
from .decoding import decode
from .records import BATCH, Batch, Refused, Unreadable, clean_header, match_headers, reason
from .shape import Shape

if TYPE_CHECKING:
    import polars

DELIMITERS = (",", ";", "\t", "|")
_HEADER = 1_000_000
_PIECE = 1 << 23
_LIMIT = Lock()


def read_csv(shape: Shape, data: bytes, file: str, listed: bool = False) -> Iterator[Batch]:
    """The records of a CSV file. A record shorter than the header ends in empty cells; a longer one is refused.

    ``listed`` gives the cells as lists, without Polars.

    Raises Unreadable where the text, its quoting or its header cannot be read.
    """
    text = decode(shape, data, file, _row_of)
    delimiter = _find_delimiter(shape, text) if shape.delimiter is None else shape.delimiter
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise Unreadable(diagnose("bad-delimiter", shape.span, delimiter=delimiter, table=shape.name))
    records = _Records(text, delimiter, file, listed)
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
    """A walk over the records that knows the row it is at; rows of blank cells count as rows but not as records.

    ``at`` is where in the text the next record starts, ``row`` how many rows lie before it.
    """

    def __init__(self, text: str, delimiter: str, file: str, listed: bool) -> None:
        self.text, self.delimiter, self.file, self.listed = text, delimiter, file, listed
        self.at, self.row = 0, 0

    def _lines(self) -> Iterator[str]:
        while self.at < len(self.text):
            for line in io.StringIO(self.text[self.at : self._end_of_piece()], newline=""):
                self.at += len(line)
                yield line

    def _end_of_piece(self) -> int:
        """The end of the line in which a piece that starts here has its full size."""
        return self.text.find("\n", self.at + _PIECE) + 1 or len(self.text)

    def _reader(self) -> Iterator[list[str]]:
        """Python's own reader of records, from ``at`` on. It is good for as long as nobody else moves ``at``."""
        return csv.reader(self._lines(), delimiter=self.delimiter, strict=True)

    def _take(self, lines: Iterator[list[str]], count: int) -> list[list[str]]:
        records: list[list[str]] = []
        try:
            with _no_cell_limit(len(self.text)):
                for record in islice(lines, count):
                    records.append(record)  # one by one: where the text breaks off, those before it count
        except csv.Error as failure:
            unclosed = "unexpected end" in str(failure)
            code = "unclosed-quote" if unclosed else "misplaced-quote"
            raise Unreadable(diagnose(code, Cell(self.file, self.row + len(records) + 1))) from None
        return records

    def header(self) -> list[str]:
        lines = self._reader()
        while records := self._take(lines, 1):
            self.row += 1
            if not _is_blank(records[0]):
                return records[0]
        raise Unreadable(diagnose("headerless-file", Cell(self.file)))

    def batches(self, places: dict[str, int], width: int) -> Iterator[Batch]:
        while self.at < len(self.text):
            stop = self._end_of_piece()
            plain = not self.listed and self.text.find('"', self.at, stop) < 0
            piece = _series([self.text[self.at : stop]]) if plain else []
            if isinstance(piece, list):
                yield self._batch(self._take(self._reader(), BATCH), places, width)
            else:
                self.at = stop
                yield self._unquoted(piece, places, width)

    def _unquoted(self, piece: polars.Series, places: dict[str, int], width: int) -> Batch:
        """Without quotation marks, each delimiter ends a cell and each line end a record."""
        import polars as pl

        ended = piece.str.replace_all("\r\n", "\n", literal=True).str.replace_all("\r", "\n", literal=True)
        lines = ended.str.strip_suffix("\n").str.split("\n").explode()
        frame = pl.DataFrame({"line": lines, "row": pl.int_range(len(lines), eager=True) + self.row + 1})
        self.row += len(lines)
        frame = frame.filter(pl.col("line").str.strip_chars(BLANK + self.delimiter) != "").with_columns(
            count=pl.col("line").str.count_matches(self.delimiter, literal=True) + 1
        )
        long = frame.filter(pl.col("count") > width)
        whole = frame.filter(pl.col("count") <= width) if len(long) else frame
        cells = whole["line"].str.split_exact(self.delimiter, width - 1).struct.unnest()
        refused = [self._too_long(row, count, width) for _, row, count in long.iter_rows()]
        return Batch(whole["row"].to_list(), {name: cells.to_series(i) for name, i in places.items()}, refused)

    def _batch(self, records: list[list[str]], places: dict[str, int], width: int) -> Batch:
        first = self.row + 1
        self.row += len(records)
        blank = {i for i, record in enumerate(records) if not "".join(record[:1]).strip() and _is_blank(record)}
        rows: Sequence[int] = range(first, first + len(records))
        refused: list[Refused] = []
        if blank or set(map(len, records)) != {width}:
            sizes = [(i, len(record)) for i, record in enumerate(records) if i not in blank]
            refused = [self._too_long(first + i, size, width) for i, size in sizes if size > width]
            rows = [first + i for i, size in sizes if size <= width]
            records = [records[i] + [""] * (width - size) for i, size in sizes if size <= width]
        columns = list(zip(*records, strict=True)) if records else [()] * width
        made = list if self.listed else _series
        return Batch(rows, {name: made(columns[i]) for name, i in places.items()}, refused)

    def _too_long(self, row: int, found: int, expected: int) -> Refused:
        return Refused(row, "", reason("cells", found=found, expected=expected))


def _series(cells: Sequence[str]) -> polars.Series | list[str]:
    """The texts as a series; half a character, which utf-7 may bring, is only in a list."""
    import polars as pl

    try:
        return pl.Series(cells, dtype=pl.String)
    except UnicodeEncodeError:
        return list(cells)
