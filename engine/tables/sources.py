"""Where the rows of a table come from: a file by its suffix, a frame, or a list of records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ..diagnostics import Cell, Diagnostic
from ..messages import diagnose, did_you_mean
from .cells import native
from .csv_text import read_csv
from .frames import FIRST_ROW, read_frame, read_parquet
from .jsonl import read_jsonl
from .records import Batch, Unreadable, in_batches
from .shape import Shape
from .xlsx import read_xlsx

Source: TypeAlias = "Path | Sequence[Mapping[str, object]] | Any"
"""A path, a list of records by field name, or a frame: Polars, pandas, Arrow, whatever streams Arrow data."""

READERS: dict[str, Callable[[Shape, bytes, str], Iterator[Batch]]] = {
    ".xlsx": read_xlsx,
    ".parquet": read_parquet,
}
DELIMITED = (".csv", ".tsv", ".txt")
JSON_LINES = (".jsonl", ".ndjson")

SMALL = 500_000
"""Bytes of a text file up to which its records are read one by one: that is done before Polars is loaded."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that can be read: its batches, the digest of its bytes if it has any, and its warnings.

    ``listed`` says that its cells come in lists, and that its columns are to be lists too.
    """

    batches: Iterator[Batch]
    digest: str | None = None
    warnings: Sequence[Diagnostic] = ()
    listed: bool = False
    about: int | None = None
    """How many rows there are, as far as that shows before they are read; only for who waits."""


def open_source(shape: Shape, source: Source, file: str) -> Opened:
    """Raises Unreadable."""
    if isinstance(source, (str, Path)):
        return _open_file(shape, Path(source), file)
    if isinstance(source, Sequence) and not isinstance(source, bytes):
        return Opened(_of_records(shape, source, file), listed=True, about=len(source))
    about = len(source) if isinstance(source, Sized) and not isinstance(source, Mapping) else None
    return Opened(read_frame(shape, source, file), about=about)


def locate(folder: Path, shape: Shape) -> Path | Diagnostic:
    """The file of ``shape`` inside ``folder``, symbolic links followed; it may not lead out of the folder."""
    written = shape.file or ""
    place = shape.file_span or shape.span
    try:
        inside = folder.resolve()
        path = (inside / written).resolve()
        if path != inside and inside not in path.parents:
            return diagnose("file-outside", place, file=written, table=shape.name)
        if path.is_file():
            return path
        siblings = [p.name for p in path.parent.iterdir() if p.is_file()] if path.parent.is_dir() else []
    except (OSError, ValueError, RuntimeError):  # a name no file can have, a circle of links, a closed folder
        siblings = []
    near = did_you_mean(Path(written).name, siblings)
    return diagnose("missing-file", place, file=written, table=shape.name, advice=near)


def _open_file(shape: Shape, path: Path, file: str) -> Opened:
    suffix = path.suffix.lower()
    known = (*DELIMITED, *READERS, *JSON_LINES)
    if suffix not in known:
        place = shape.file_span or shape.span
        raise Unreadable(
            diagnose("unknown-file-type", place, file=file, suffix=suffix or "no suffix", known=" ".join(known))
        )
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        place = shape.file_span or shape.span
        raise Unreadable(diagnose("missing-file", place, file=file, table=shape.name, advice="")) from None
    except (OSError, ValueError) as failure:
        problem = getattr(failure, "strerror", None) or "the system cannot open it"
        raise Unreadable(diagnose("unreadable-table", Cell(file), problem=problem)) from None
    digest = hashlib.sha256(data).hexdigest()
    small = len(data) <= SMALL
    if suffix in JSON_LINES:
        warnings, batches = read_jsonl(shape, data, file)
        return Opened(batches, digest, warnings, listed=small, about=data.count(b"\n") or None)
    if suffix in DELIMITED:
        about = max(data.count(b"\n") - 1, 0) or None
        return Opened(read_csv(shape, data, file, small), digest, listed=small, about=about)
    return Opened(READERS[suffix](shape, data, file), digest)


def _of_records(shape: Shape, records: Sequence[Mapping[str, object]], file: str) -> Iterator[Batch]:
    """Records by field name. A field that a record leaves out is empty there."""
    strange = next((r for r in records if not isinstance(r, Mapping)), None)
    if strange is not None:
        problem = f"a list of records was expected, but it holds a {type(strange).__name__}"
        raise Unreadable(diagnose("unreadable-table", Cell(file), problem=problem))
    return _record_batches(shape, records)


def _record_batches(shape: Shape, records: Sequence[Mapping[str, object]]) -> Iterator[Batch]:
    for start, stop in in_batches(len(records)):
        some = records[start:stop]
        cells = {f.name: [native(record.get(f.name)) for record in some] for f in shape.fields}
        yield Batch(range(start + FIRST_ROW, stop + FIRST_ROW), cells)
