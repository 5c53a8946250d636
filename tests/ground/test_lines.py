"""Rows that columns cannot hold stand where their key says, whatever the slices."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from granger.engine.lines import Lines, Merged, columns_of


@dataclass(frozen=True)
class Row:
    policy: str
    account_id: str
    number: int


@dataclass(frozen=True)
class Listed:
    """Lines of a list of rows in columns, but for those of some accounts, which stay rows."""

    rows: list[Row]
    alone: frozenset[str] = frozenset()

    @property
    def height(self) -> int:
        return len(self.rows)

    def slices(self, lines: int) -> Iterator[Lines]:
        for start in range(0, len(self.rows), lines):
            some = self.rows[start : start + lines]
            kept = [row for row in some if row.account_id not in self.alone]
            columns = columns_of(
                {
                    name: pl.Series([getattr(row, name) for row in kept], dtype=dtype)
                    for name, dtype in (
                        ("policy", pl.Enum(["p", "q"])),
                        ("account_id", pl.String),
                        ("number", pl.Int64),
                    )
                }
            )
            places = [sum(1 for other in some[:i] if other.account_id not in self.alone) for i in range(len(some))]
            yield Lines(
                columns, [(at, row) for at, row in zip(places, some, strict=True) if row.account_id in self.alone]
            )


def told(part: Listed | Merged, lines: int) -> list[Row]:
    found: list[Row] = []
    for some in part.slices(lines):
        for rows, start, end in some.pieces():
            found += rows  # type: ignore[arg-type]
            values = {name: column.slice(start, end - start).values() for name, column in some.columns.items()}
            found += [Row(*each) for each in zip(*values.values(), strict=True)]  # type: ignore[arg-type]
    return found


def test_rows_are_merged_in_the_order_of_their_key() -> None:
    rng = random.Random(4)
    swept = merged = 0
    for _ in range(400):
        ids = rng.sample([f"A{i:02d}" for i in range(40)], rng.randint(0, 12))
        rows = [Row(policy, each, i) for policy in "pq" for each in sorted(ids) for i in range(rng.randint(1, 3))]
        out = frozenset(rng.sample(ids, rng.randint(0, len(ids))))
        alone = frozenset(rng.sample(ids, rng.randint(0, len(ids))))
        part = Merged(
            Listed([row for row in rows if row.account_id not in out], alone),
            [row for row in rows if row.account_id in out],
            ("policy", "account_id"),
        )
        assert part.height == len(rows)
        for lines in (1, 3, 7, 100):
            assert told(part, lines) == rows
            swept += len(rows)
        merged += len(out)
    assert swept > 20_000 and merged > 500
