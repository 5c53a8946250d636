"""The eight plays of bench/workspaces/plays in one process, warmed, in pairs; prints what it measured as JSON.

    python -m bench.inner_plays build/bench/plays-1000000 --pairs 3

The clock runs from tables in memory to tasks with their days, owners, reasons and ids, in order, which is one step of
granger's. By hand that is measured twice: as far as the days and owners alone, and all of it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import polars as pl

from bench.engine_inner import AS_OF, inner, tasks_of
from bench.inner import paired
from bench.rivals.plays_whole import tasks
from bench.rivals.polars_plays import dues, in_memory

TOLD = ["account_id", "play", "task", "ordinal", "start", "due", "owner"]
"""What is compared of every task."""


def by_hand(book: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    return dues(book.lazy(), leads.lazy(), AS_OF).collect()


def whole_by_hand(book: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    return tasks(by_hand(book, leads).filter(pl.col("owner").is_not_null()), book, AS_OF)


def told_by_hand(found: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    found = found.filter(pl.col("owner").is_not_null())
    found = found.with_columns(book["account_id"].gather(found["row"]))
    return found.select(TOLD).with_columns(pl.col("play", "task", "owner").cast(pl.String))


def told(found: pl.DataFrame) -> pl.DataFrame:
    """Of granger's tasks."""
    ordinal = pl.col("occurrence").cast(pl.String).str.extract("#([0-9]+)$").cast(pl.Int32)
    texts = pl.col("account_id", "play", "task", "owner").cast(pl.String)
    return found.with_columns(texts, ordinal=ordinal, start="anchor").select(TOLD)


def differing(one: pl.DataFrame, other: pl.DataFrame) -> int:
    """The tasks that only one of the two has."""
    sides = ((one, other), (other, one))
    return sum(some.join(more, on=TOLD, how="anti", nulls_equal=True).height for some, more in sides)


def measured(data: Path, pairs: int) -> dict[str, Any]:
    book, leads = in_memory(*(pl.read_parquet(data / f"{name}.parquet") for name in ("accounts", "assignments")))
    given = inner("plays", data)
    found = told(tasks_of(given))
    counts = {"tasks": found.height, "differ": differing(found, told_by_hand(by_hand(book, leads), book))}
    del found
    steps = {"days": by_hand, "rows": whole_by_hand}
    ours = lambda: tasks_of(given)  # noqa: E731
    return counts | {
        name: paired(lambda: ours, lambda step=step: step(book, leads), pairs) for name, step in steps.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pairs", type=int, default=3)
    asked = parser.parse_args()
    print(json.dumps(measured(asked.data, asked.pairs)))


if __name__ == "__main__":
    main()
