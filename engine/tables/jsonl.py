"""JSON lines: one object a line, its numbers kept exact. The row of a record is its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal, DecimalException

from ..diagnostics import Diagnostic, Severity
from ..messages import diagnose
from .cells import native
from .decoding import decode, line_of
from .numerals import MOST_CHARACTERS
from .records import Batch, Odd, Refused, Unreadable, clean_header, in_batches, missing_column, reason
from .shape import Shape


def read_jsonl(shape: Shape, data: bytes, file: str) -> tuple[list[Diagnostic], Iterator[Batch]]:
    """The records of a JSON lines file, and warnings. A line that is no JSON object is refused.

    A column that no record has is an error where its field is required; elsewhere a warning, since exports leave empty
    fields out. Raises Unreadable.
    """
    rows, records, refused = _lines(decode(shape, data, file, line_of))
    return _absent(shape, records, file), _batches(shape, rows, records, refused)


def _lines(text: str) -> tuple[list[int], list[dict[str, object]], list[Refused]]:
    rows, records, refused = [], [], []
    for row, line in enumerate(text.split("\n"), 1):
        if not line or line.isspace():
            continue
        record = _record(line)
        if isinstance(record, str):
            refused.append(Refused(row, line, record))
        else:
            rows.append(row)
            records.append(record)
    return rows, records, refused


def _record(line: str) -> dict[str, object] | str:
    """The object of a line, or the reason why it is none."""
    try:
        value = _DECODER.decode(line)
    except _Twice as twice:
        return reason("json-name-twice", name=twice.args[0])
    except json.JSONDecodeError as failure:
        return reason("json", problem=f"{failure.msg} at character {failure.pos + 1}")
    except RecursionError:
        return reason("json", problem="nested too deeply")
    return value if isinstance(value, dict) else reason("json", problem="the line holds no object in { }")


class _Twice(Exception):
    """A name that stands twice in one object."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record: dict[str, object] = {}
    for name, value in pairs:
        name = clean_header(name)
        if name in record:
            raise _Twice(name)
        record[name] = value
    return record


def _whole(text: str) -> object:
    return int(text) if len(text) <= MOST_CHARACTERS else Odd(text, reason("too-many-digits"))


def _decimal(text: str) -> object:
    try:
        return native(Decimal(text))
    except DecimalException:
        return Odd(text, reason("too-many-digits"))


def _constant(text: str) -> object:
    return None if text == "NaN" else Odd(text, reason("infinity"))


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_whole, parse_float=_decimal, parse_constant=_constant)


def _absent(shape: Shape, records: list[dict[str, object]], file: str) -> list[Diagnostic]:
    if not records:
        return []
    seen = set().union(*records)
    absent = [f for f in shape.fields if clean_header(f.column) not in seen]
    errors = [missing_column(shape, f.name, seen, file) for f in absent if f.required or f.name == shape.key]
    if errors:
        raise Unreadable(*errors)
    return [
        diagnose("absent-column", f.span, severity=Severity.WARNING, column=f.column, field=f.name, file=file)
        for f in absent
    ]


def _batches(
    shape: Shape, rows: list[int], records: list[dict[str, object]], refused: list[Refused]
) -> Iterator[Batch]:
    yield Batch([], {f.name: [] for f in shape.fields}, refused=refused)
    for start, stop in in_batches(len(rows)):
        some = records[start:stop]
        cells = {f.name: [native(r.get(clean_header(f.column))) for r in some] for f in shape.fields}
        yield Batch(rows[start:stop], cells)
