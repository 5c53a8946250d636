"""The cells of a typed column as Python values, a double or a single as the number that was meant."""

from __future__ import annotations

import struct

import polars as pl

from .cells import native


def native_cells(column: pl.Series) -> list[object]:
    """Raises ValueError for a day that Python's calendar does not have."""
    cells = column.to_list()
    if column.dtype == pl.Float32:
        return [native(_shortest(value)) for value in cells]
    return [native(value) for value in cells] if column.dtype.is_float() else cells


def _shortest(single: float | None) -> float | None:
    """The double nearest to the shortest decimal that gives the same single: 0.1, not 0.10000000149011612."""
    if single is None or single != single or single in (float("inf"), float("-inf")):
        return single
    wanted = struct.pack("f", single)
    return next(d for d in (float(f"{single:.{n}g}") for n in range(1, 10)) if _is_single(d, wanted))


def _is_single(value: float, wanted: bytes) -> bool:
    try:
        return struct.pack("f", value) == wanted
    except OverflowError:  # rounding up the largest single leaves its range
        return False
