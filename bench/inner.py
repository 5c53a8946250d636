"""The inner step of one workspace in one process, warmed, in pairs; prints what it measured as JSON.

    python -m bench.inner million build/bench/1000000 --sample build/bench/2000 --pairs 7

The clock runs from tables in memory to columns of decisions: once with granger's proof and build of its columns, once
for their evaluation alone.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from granger.engine.program.columnar.book import ColumnBook

from bench.engine_inner import Inner, decided, in_columns, inner
from bench.mistakes import mistakes
from bench.rivals import polars_inner

Step = Callable[[], Any]

ZEN_CALLS = 300


def milliseconds(step: Step) -> float:
    gc.collect()
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1000


def paired(first: Callable[[], Step], other: Step, pairs: int) -> list[tuple[float, float]]:
    """Milliseconds of both, one after the other, in turns first and second; each has run once before.

    ``first`` makes the one step anew each time, before the clock starts.
    """
    first()(), other()
    found = []
    for n in range(pairs):
        one = first()
        if n % 2:
            late, early = milliseconds(other), milliseconds(one)
            found.append((early, late))
        else:
            found.append((milliseconds(one), milliseconds(other)))
    return found


def measured(workspace: str, data: Path, sample: Path, pairs: int) -> dict[str, Any]:
    book = polars_inner.prepared(str(data / "accounts.parquet"))

    def by_hand() -> pl.DataFrame:
        return polars_inner.decided(workspace, book)

    small = inner(workspace, sample)
    found: dict[str, Any] = {
        "rows": book.height,
        "sample": sample_rows(small),
        "by hand": milliseconds_of(by_hand, pairs),
    }
    found["reference"] = milliseconds_of(lambda: decided(small.by_reference()), min(pairs, 3))
    whole = inner(workspace, data)
    reference = whole.book()
    found["granger"] = paired(lambda: lambda: in_columns(reference).evaluate(), by_hand, pairs)
    found["evaluation"] = paired(lambda: in_columns(reference).evaluate, by_hand, pairs)
    columns = ColumnBook(reference)
    columns.evaluate()
    exact, floating = decided(columns), _sorted(workspace, data)
    found["wrong"] = mistakes(exact, floating) | {"of": exact.height}
    if workspace == "million":
        found |= _strangers(book, by_hand, pairs)
    return found


def sample_rows(small: Inner) -> int:
    return len(small.tables["accounts"])


def milliseconds_of(step: Step, runs: int) -> list[float]:
    step()
    return [milliseconds(step) for _ in range(runs)]


def _sorted(workspace: str, data: Path) -> pl.DataFrame:
    book = polars_inner.prepared(str(data / "accounts.parquet")).sort("account_id")
    return polars_inner.decided(workspace, book)


def _strangers(book: pl.DataFrame, by_hand: Step, pairs: int) -> dict[str, Any]:
    """DuckDB on the same accounts and zen-engine on one, where they are installed (the extra `bench`)."""
    found: dict[str, Any] = {}
    if importlib.util.find_spec("duckdb") is not None:
        from bench.rivals.duckdb_inner import Warehouse

        warehouse = Warehouse(book)
        found["duckdb"] = paired(lambda: warehouse.decided, by_hand, pairs)
    if importlib.util.find_spec("zen") is not None:
        from bench.rivals.zen_one import OneAccount

        one = OneAccount()
        calls = milliseconds_of(lambda: [one.decided() for _ in range(ZEN_CALLS)], pairs)
        found["zen"] = [call / ZEN_CALLS for call in calls]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", choices=sorted(polars_inner.QUERIES))
    parser.add_argument("data", type=Path)
    parser.add_argument("--sample", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=7)
    asked = parser.parse_args()
    print(json.dumps(measured(asked.workspace, asked.data, asked.sample, asked.pairs)))


if __name__ == "__main__":
    main()
