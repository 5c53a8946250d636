"""Lines in columns are the bytes of the row-by-row writer, on texts, dates and numbers of every nasty kind."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace

import polars as pl
import pytest
from granger.engine.columns import BOOLEAN, DATE, NUMBER, TEXT, ExactColumn, exact_column
from granger.engine.lines import Lines
from granger.engine.progress import SILENT
from granger.engine.writers.csv_columns import csv_writer, guarded_texts
from granger.engine.writers.csv_file import csv_text, guarded
from granger.engine.writers.layout import Column, Layout

SIGNS = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "'",
    "\n",
    '"',
    ",",
    " ",
    "",
    "a",
    "é",
    "中",
    "\x00",
    "\u2028",
    "\ufeff",
    ";",
    "1",
    "\r\n",
    "''",
    "nan",
    "null",
]
LAYOUT = Layout(
    "x.csv",
    1,
    (
        Column("words", "text"),
        Column("few", "enum"),
        Column("day", "date"),
        Column("yes", "text"),
        Column("count", "integer"),
        Column("amount", "money", "currency"),
        Column("currency", "text"),
        Column("part", "percent", None, 4),
        Column("share", "percent"),
        Column("points", "number", None, 4),
        Column("fixed", "number", 2),
        Column("exact", "number"),
    ),
    (),
)
KINDS = {"words": TEXT, "few": TEXT, "currency": TEXT, "day": DATE, "yes": BOOLEAN}


@dataclass(frozen=True)
class Table:
    """Lines in columns but for some rows, in slices."""

    rows: Sequence[SimpleNamespace]
    alone: frozenset[int]

    @property
    def height(self) -> int:
        return len(self.rows)

    def slices(self, lines: int) -> Iterator[Lines]:
        for start in range(0, len(self.rows), lines):
            chosen = range(start, min(start + lines, len(self.rows)))
            kept = [i for i in chosen if i not in self.alone]
            columns = {c.name: self.column(c.name, kept) for c in LAYOUT.columns}
            yield Lines(columns, [(sum(j < i for j in kept), self.rows[i]) for i in chosen if i in self.alone])

    def column(self, name: str, kept: list[int]) -> ExactColumn:
        values = [getattr(self.rows[i], name) for i in kept]
        if name == "few":
            return ExactColumn(TEXT, pl.Series(values, dtype=pl.Enum(SIGNS)))
        if name == "count":
            return ExactColumn(NUMBER, pl.Series(values, dtype=pl.Int64))
        return exact_column(KINDS.get(name, NUMBER), values)


def nasty(rng: random.Random) -> str:
    return "".join(rng.choices(SIGNS, k=rng.randint(0, 5)))


def number(rng: random.Random) -> Fraction | None:
    below = rng.choice([1, 2, 3, 7, 100, 1000, 10**4, 10**6])
    return (
        None
        if rng.random() < 0.1
        else Fraction(rng.randint(-(10 ** rng.randint(1, 12)), 10 ** rng.randint(1, 12)), below)
    )


def row(rng: random.Random) -> SimpleNamespace:
    return SimpleNamespace(
        words=rng.choice([nasty(rng), nasty(rng), None]),
        few=rng.choice([*SIGNS, None]),
        day=rng.choice([date(1, 1, 1) + timedelta(rng.randint(0, 3_600_000)), None]),
        yes=rng.choice([True, False, None]),
        count=rng.choice([0, -5, 2**40, None]),
        amount=number(rng),
        currency=rng.choice(["CNY", "JPY", "KWD", "CNY", "", "USD"]),
        **{name: number(rng) for name in ("part", "share", "points", "fixed", "exact")},
    )


def written(table: Table) -> bytes:
    out = io.BytesIO()
    csv_writer(table, LAYOUT)(out, SILENT)
    return out.getvalue()


def test_the_bytes_are_those_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(11)
    swept = 0
    for size in [0, 1, 2, 3, 50, 300] * 3:
        rows = [row(rng) for _ in range(size)]
        alone = frozenset(i for i in range(size) if rng.random() < 0.1)
        monkeypatch.setattr(
            "granger.engine.writers.csv_columns.SLICE", rng.choice([1, 7, 64, 1000] if size < 300 else [64, 1000])
        )
        assert written(Table(rows, alone)) == csv_text(rows, LAYOUT).encode()
        swept += size * len(LAYOUT.columns)
    assert swept > 10_000


def test_one_currency_is_written_at_its_digits() -> None:
    rng = random.Random(3)
    for code in ("JPY", "KWD", "CNY"):
        rows = [SimpleNamespace(**{**vars(row(rng)), "currency": code}) for _ in range(50)]
        assert written(Table(rows, frozenset())) == csv_text(rows, LAYOUT).encode()


def test_guarded_texts_equal_the_scalar() -> None:
    rng = random.Random(7)
    texts = [nasty(rng) for _ in range(20_000)]
    expected = [guarded(text) or None for text in texts]
    assert guarded_texts(pl.Series(texts)).to_list() == expected
    assert sum(a != b for a, b in zip(texts, expected, strict=True) if b) > 3000
    words = sorted(set(texts))
    assert guarded_texts(pl.Series(texts, dtype=pl.Enum(words))).to_list() == expected


def test_what_cannot_be_encoded_is_written_from_rows() -> None:
    half = SimpleNamespace(**{**vars(row(random.Random(1))), "words": "\ud800"})
    assert written(Table([half], frozenset({0}))) == csv_text([half], LAYOUT).encode("utf-8", "surrogatepass")
