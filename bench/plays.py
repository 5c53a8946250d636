"""The section of `make bench` on playbooks: a million accounts and eight plays over ninety days.

By hand stands for bench/rivals: the days by ``polars_plays``, the files by ``plays_whole``. Both give the very same.
"""

from __future__ import annotations

import filecmp
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.lines import cells, line, verdict
from bench.processes import by_hand, granger, module, pairs, ran, told

MOST_PAIRS = 3
"""A pair of whole runs over a million accounts takes minutes."""

FILES = ("tasks.csv", "unserved.csv", "triggers.csv", "rejects.csv")


def plays(folder: Path, sizes: Sequence[int], asked_pairs: int) -> Iterator[str]:
    count = min(asked_pairs, MOST_PAIRS)
    yield ""
    yield line(f"8 plays, 90 days ahead (pairs: {count}; ms)", "granger", "by hand", "ratio", "limit")
    for rows in sizes:
        found = told(module("bench.inner_plays", data(folder, rows), "--pairs", str(count)))
        yield line(f"tasks with days, reasons and ids, {rows:,}", *cells(found["rows"], "{:,.0f}", None))
        yield line("  beside their days alone by hand", *cells(found["days"], "{:,.0f}", None))
    yield line("  that only one of the two has", f"{found['differ']:,}", "", "", verdict(found["differ"], 0))
    yield line(f"whole processes (pairs: {count}; s)", "granger", "by hand", "ratio", "limit")
    yield from whole_runs(folder, sizes, count)


def data(folder: Path, rows: int) -> Path:
    """The book of so many accounts, made where it is not there yet."""
    place = folder / f"plays-{rows}"
    if not (place / "assignments.parquet").exists():
        ran(module("bench.generate.plays", str(rows), "--out", place))
    return place


def whole_runs(folder: Path, sizes: Sequence[int], count: int) -> Iterator[str]:
    """From Parquet to the folder of files; the limits are for the largest size."""
    peaks = []
    for rows in sizes:
        place, out, other = data(folder, rows), folder / "out-plays", folder / "by-hand-plays"
        limit = 2.0 if rows == sizes[-1] else None
        found = pairs(granger("plays", place, out, "tasks"), by_hand(place, other, "plays_whole"), count)
        yield line(f"Parquet to tasks, {rows:,}", *cells([(a.seconds, b.seconds) for a, b in found], "{:.2f}", limit))
        peak = [(a.megabytes, b.megabytes) for a, b in found]
        peaks.append(line(f"peak memory (MB), {rows:,}", *cells(peak, "{:,.0f}", limit)))
        differ = sum(not filecmp.cmp(out / name, other / name, shallow=False) for name in FILES)
    yield from peaks
    yield line(f"files that differ, of {len(FILES)}", str(differ), "", "", verdict(differ, 0))
