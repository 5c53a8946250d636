"""The plays written by hand give granger's tasks: every day, every ordinal, every owner, and the files byte for byte."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import granger
import polars as pl
import pytest
from granger.engine.runners.memory import READINGS

from bench.engine_inner import AS_OF, WORKSPACES, inner, tasks_of
from bench.generate.plays import FIELDS, contacted, write
from bench.inner_plays import by_hand, differing, told, told_by_hand
from bench.plays import FILES
from bench.rivals import plays_whole
from bench.rivals.polars_plays import PLAYS, TASKS, in_memory

ROWS = 1_500


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("plays"), ROWS)


def test_the_data_are_the_same_each_time_and_sparse(data: Path) -> None:
    book = pl.read_parquet(data / "accounts.parquet")
    assert book.columns == [*FIELDS, "contacted_on", "csm"]
    assert contacted(book).equals(contacted(book))
    assert sum(0.015 * ROWS < count < 0.05 * ROWS for count in book.null_count().row(0)) == 8


def test_the_query_finds_every_day_that_granger_finds(data: Path) -> None:
    book, leads = in_memory(*(pl.read_parquet(data / f"{name}.parquet") for name in ("accounts", "assignments")))
    ours, theirs = told(tasks_of(inner("plays", data))), told_by_hand(by_hand(book, leads), book)
    assert differing(ours, theirs) == 0
    assert ours.height == theirs.height > 3 * ROWS
    assert sorted(set(ours["play"])) == PLAYS and sorted(set(ours["task"])) == TASKS
    moved = theirs.with_columns(due=pl.col("due").dt.offset_by("1d"))
    assert differing(ours, moved) == 2 * ours.height - 2 * ours.join(moved, on=ours.columns, nulls_equal=True).height


@pytest.mark.parametrize("reading", READINGS)
def test_the_script_writes_what_granger_writes(reading: str, data: Path, tmp_path: Path) -> None:
    texts = granger.load(WORKSPACES / "plays").run(data=data, as_of=AS_OF, parts=["tasks"], reading=reading).texts()
    plays_whole.run(data, tmp_path, AS_OF)
    assert {path.name for path in tmp_path.iterdir()} == set(texts)
    for name in FILES:
        assert texts[name] == (tmp_path / name).read_bytes().decode("utf-8"), name
    reasons = Counter(line.split(",")[5] for line in texts["unserved.csv"].splitlines()[1:])
    assert set(reasons) == {"unserved", "undecided"} and min(reasons.values()) > 10
    assert all(word in texts["tasks.csv"] for word in ("not before", "Thanksgiving Day", "day off of the company"))
