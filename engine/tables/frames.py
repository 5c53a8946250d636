"""Columns that carry types: Parquet files and frames of Polars, pandas or Arrow."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..diagnostics import Cell
from ..messages import diagnose
from .records import Batch, Unreadable, clean_header, in_batches, match_headers
from .shape import Shape

if TYPE_CHECKING:
    import polars

_BATCH = 250_000

FIRST_ROW = 2
"""Frames have no header line; their rows count as if they were saved to a sheet with one."""


def read_parquet(shape: Shape, data: bytes, file: str) -> Iterator[Batch]:
    """Raises Unreadable."""
    import polars as pl

    try:
        headers = list(pl.read_parquet_schema(io.BytesIO(data)))
        places = match_headers(shape, headers, file)
        wanted = sorted(set(places.values()))
        frame = pl.read_parquet(io.BytesIO(data), columns=[headers[i] for i in wanted])
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as failure:
        raise Unreadable(_unreadable(file, failure)) from None
    return _batches(shape, frame, {name: headers[i] for name, i in places.items()}, file)


def read_frame(shape: Shape, source: object, file: str) -> Iterator[Batch]:
    """The rows of a frame whose columns are named by the file's headers or else by the fields. Raises Unreadable."""
    frame = _polars_frame(source, file)
    headers = [clean_header(header) for header in frame.columns]
    by_name = {f.name: f.name for f in shape.fields if clean_header(f.column) not in headers and f.name in headers}
    asked = [f for f in shape.fields if f.name not in by_name]
    found = match_headers(shape, frame.columns, file, only=frozenset(f.name for f in asked))
    return _batches(shape, frame, by_name | {name: frame.columns[i] for name, i in found.items()}, file)


def _polars_frame(source: Any, file: str) -> polars.DataFrame:
    import polars as pl

    try:
        if isinstance(source, pl.LazyFrame):
            return source.collect()
        if isinstance(source, pl.DataFrame):
            return source
        if hasattr(source, "__arrow_c_stream__") or isinstance(source, Mapping):
            return pl.DataFrame(source)
        if hasattr(source, "__dataframe__"):
            return pl.from_dataframe(source)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ImportError, TypeError, ValueError) as failure:
        raise Unreadable(_unreadable(file, failure)) from None
    raise Unreadable(_unreadable(file, TypeError(f"{type(source).__name__} is no table of rows")))


def _batches(shape: Shape, frame: polars.DataFrame, columns: Mapping[str, str], file: str) -> Iterator[Batch]:
    _check_types(shape, frame, columns, file)
    for start, stop in in_batches(frame.height, _BATCH):
        some = frame.slice(start, stop - start)
        cells = {f.name: _cells(some[columns[f.name]], file) for f in shape.fields}
        yield Batch(range(start + FIRST_ROW, stop + FIRST_ROW), cells)


def _check_types(shape: Shape, frame: polars.DataFrame, columns: Mapping[str, str], file: str) -> None:
    import polars as pl

    problems = []
    for field in shape.fields:
        kind = frame.schema[columns[field.name]]
        flat = kind.is_numeric() or kind in (pl.Null, pl.Boolean, pl.String, pl.Categorical, pl.Enum, pl.Date)
        if not flat and kind != pl.Datetime:
            column = columns[field.name]
            problems.append(diagnose("unreadable-column", field.span, column=column, file=file, found=str(kind)))
    if problems:
        raise Unreadable(*problems)


def _cells(column: polars.Series, file: str) -> polars.Series:
    import polars as pl

    try:
        if column.dtype.is_temporal():
            column.min(), column.max()  # a day out of Python's calendar fails here
        if column.dtype in (pl.Categorical, pl.Enum, pl.Null):
            return column.cast(pl.String)
        return column.cast(pl.Float64) if column.dtype == pl.Float16 else column
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, OverflowError) as failure:
        raise Unreadable(_unreadable(file, failure)) from None


def _unreadable(file: str, failure: BaseException) -> Any:
    lines = str(failure).strip().splitlines() or [type(failure).__name__]
    return diagnose("unreadable-table", Cell(file), problem=lines[0])
