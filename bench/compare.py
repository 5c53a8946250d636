"""`make bench`: one table of what granger costs beside what others cost, all measured in this run.

    python -m bench.compare [--rows 1000000] [--pairs 7] [--quick]      (from the repository root)

Ratios are medians of paired runs. `BENCH_ROWS=100000 make bench` is quicker; `--quick` is for the tests: tiny, and its
times say nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.lines import INNER, beside, cells, line, strangers, verdict, wrong
from bench.plays import plays
from bench.processes import ROOT, by_hand, granger, module, pairs, ran, told

SAMPLE = 2_000
"""Accounts that the reference works out; its time for more is this one scaled by the rows."""

SECTIONS = ("startup", "decide", "credits")
"""Modules of bench with a table of their own."""


@dataclass(frozen=True, slots=True)
class Asked:
    rows: int
    pairs: int
    sample: int
    folder: Path


def data(asked: Asked, rows: int) -> Path:
    """The book of so many accounts, made where it is not there yet."""
    folder = asked.folder / str(rows)
    if not (folder / "assignments.parquet").exists():
        ran(module("bench.generate.accounts", str(rows), "--out", folder))
    return folder


def header(asked: Asked) -> Iterator[str]:
    python, cores = platform.python_version(), os.cpu_count()
    yield f"{asked.rows:,} accounts, Python {python}, {cores} cores; ratios are medians of {asked.pairs} paired runs"


def inner_steps(asked: Asked) -> Iterator[str]:
    """Tables in memory to columns of decisions."""
    yield ""
    yield line("inner steps, in one process (ms)", "granger", "by hand", "ratio", "limit")
    sample = data(asked, asked.sample)
    sizes = [("million", rows) for rows in growth(asked)[:-1]] + [(name, asked.rows) for name in INNER]
    found: dict[str, dict[str, Any]] = {}
    for workspace, rows in sizes:
        where = module("bench.inner", workspace, data(asked, rows), "--sample", sample, "--pairs", str(asked.pairs))
        found[workspace] = told(where)
        what, limit = INNER[workspace]
        yield beside("granger", f"{what}, {rows:,}", found[workspace], limit if rows == asked.rows else None)
        yield beside("evaluation", "  without proof and build", found[workspace], None)
    yield from strangers(found["million"])
    yield from wrong(found)


def growth(asked: Asked) -> list[int]:
    return [asked.rows // 100, asked.rows // 10, asked.rows]


def whole_runs(asked: Asked) -> Iterator[str]:
    """From Parquet to the folder of files."""
    yield ""
    yield line("whole processes (s)", "granger", "by hand", "ratio", "limit")
    peaks = ""
    for rows in growth(asked):
        place, limit = data(asked, rows), 2.5 if rows == asked.rows else None
        ours, theirs = granger("million", place, asked.folder / "out"), by_hand(place, asked.folder / "by-hand")
        found = pairs(ours, theirs, asked.pairs)
        yield line(f"Parquet to files, {rows:,}", *cells([(a.seconds, b.seconds) for a, b in found], "{:.2f}", limit))
        peak = [(a.megabytes, b.megabytes) for a, b in found]
        peaks = line(f"peak memory (MB), {rows:,}", *cells(peak, "{:,.0f}", limit))
    yield peaks
    yield from replayed(asked)


def replayed(asked: Asked) -> Iterator[str]:
    """How many rows a run of each workspace handed to the reference, by its own record."""
    place = data(asked, asked.rows)
    for workspace, (what, _) in INNER.items():
        out = asked.folder / f"out-{workspace}"
        ran(granger(workspace, place, out))
        rows = json.loads((out / "run.json").read_text(encoding="utf-8")).get("replayed")
        told_rows = "–" if rows is None else f"{rows:,}"
        yield line(f"rows replayed, {what}", told_rows, "", "", "0" if rows is None else verdict(rows, 0))


def playbooks(asked: Asked) -> Iterator[str]:
    """Eight plays over a book of their own."""
    yield from plays(asked.folder, growth(asked), asked.pairs)


def sections(_: Asked) -> Iterator[str]:
    """The tables of the other modules, printed by themselves."""
    for name in SECTIONS:
        if (ROOT / "bench" / f"{name}.py").exists():
            yield ""
            subprocess.run([str(part) for part in module(f"bench.{name}")], cwd=ROOT, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="what granger costs beside what others cost")
    parser.add_argument("--rows", type=int, default=int(os.environ.get("BENCH_ROWS", "1000000")))
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it runs")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench", help="where data and outputs go")
    given = parser.parse_args()
    asked = Asked(given.rows, given.pairs, SAMPLE, given.folder)
    if given.quick:
        asked = Asked(600, 1, 60, given.folder)
    parts = [header, inner_steps, whole_runs, playbooks] + ([] if given.quick else [sections])
    for part in parts:
        for text in part(asked):
            print(text, flush=True)


if __name__ == "__main__":
    main()
