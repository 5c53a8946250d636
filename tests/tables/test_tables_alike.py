"""Whole tables from files and frames, held to the same rows given as a list, which are read row by row."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from granger.engine.tables import csv_text, frames, records, sources
from granger.engine.tables.read import Tables, read_tables
from granger.engine.tables.records import Unreadable

AS_OF = date(2026, 9, 30)
IDS = ["a", "b", "c", "d", "e", " a ", "É", "é", "x1", "x2", "x3", "", "A" * 250, 'q"u,o\nte']
NAMES = ("accounts", "people", "deals", "tasks")


def shapes(field, shape, chance: random.Random):  # type: ignore[no-untyped-def]
    """Four tables that refer to each other and to themselves, each rule of references somewhere."""

    def unknown() -> str:
        return chance.choice(["finding", "reject", "ignore"])

    return [
        shape(
            field("account_id"),
            field("owner", "person", refers_to="people", required=False, on_unknown=unknown()),
            field("parent", refers_to="accounts", required=False, on_unknown=unknown()),
            field("arr", "money", currency="USD", digits=2, required=chance.random() < 0.5),
            name="accounts", key="account_id", reject_ceiling=chance.choice([0, 1]),
        ),
        shape(field("person", "person"), field("grade", "integer", required=False), name="people", key="person"),
        shape(
            field("deal", required=False),
            field("account", refers_to="accounts", required=chance.random() < 0.3, on_unknown=unknown()),
            field("on", "date", required=False),
            field("stage", "enum", one_of=("won", "lost"), required=False),
            name="deals", key="deal", dated_by="on", reject_ceiling=1,
        ),
        shape(
            field("number", "integer"),
            field("deal", refers_to="deals", on_unknown=unknown()),
            field("before", "integer", refers_to="tasks", required=False, on_unknown=unknown()),
            field("done", "boolean", required=False),
            field("note", required=False),
            name="tasks", key="number", reject_ceiling=1,
        ),
    ]  # fmt: skip


def cell(name: str, chance: random.Random) -> str:
    if name in ("number", "before", "grade"):
        return chance.choice(["1", "2", "3", "4", "5", "1.0", "1,000", "1000", "7" * 60, "", "x", "1.5"])
    if name == "arr":
        return chance.choice(["1", "1.50", "1.555", "$3", "€3", "(2.25)", "", "n/a", "9" * 30, "0.1"])
    if name == "on":
        return chance.choice([(AS_OF + timedelta(chance.randint(-3, 2))).isoformat(), "", "2026-02-30", "soon"])
    if name == "stage":
        return chance.choice(["won", "lost", " won", "Won", "", "?"])
    if name == "done":
        return chance.choice(["yes", "no", "1", "", "maybe"])
    if name == "note":
        return chance.choice(["", " ", " padded ", "=1+1", 'q"u,o\nte', "名"])
    return chance.choice(IDS)


def told(found: Tables) -> dict[str, Any]:
    """All that is told of tables, but for how they are held and the digests of files."""
    tables = {
        name: (dict(t.columns), list(t.rows), t.read, t.later, t.rejected, t.empty) for name, t in found.tables.items()
    }
    return {"tables": tables, "rejects": [asdict(r) for r in found.rejects], "diagnostics": found.diagnostics}


def written(rows: list[dict[str, str]], quoting: int) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize("seed", range(60))
def test_tables_of_files_and_frames_are_those_of_lists(tmp_path, monkeypatch, field, shape, seed) -> None:  # type: ignore[no-untyped-def]
    chance = random.Random(seed)
    monkeypatch.setattr(frames, "_BATCH", chance.choice([3, 1000]))
    monkeypatch.setattr(csv_text, "_PIECE", chance.choice([20, 1 << 20]))
    monkeypatch.setattr("granger.engine.tables.references._MOST_COMPARED", chance.choice([3, 2_000]))
    made = shapes(field, shape, chance)
    rows = {
        s.name: [{f.name: cell(f.name, chance) for f in s.fields} for _ in range(chance.choice([1, 2, 8, 30]))]
        for s in made
    }
    if chance.random() < 0.5:  # no quotation marks: the other way to take a CSV apart
        rows = {
            name: [{k: v.replace('"', "").replace(",", "").replace("\n", " ") for k, v in r.items()} for r in some]
            for name, some in rows.items()
        }
    blank = {name: any(not "".join(r.values()).strip() for r in some) for name, some in rows.items()}
    show = {"shown": dict.fromkeys(NAMES, "x")}
    expected = told(read_tables(made, rows, as_of=AS_OF, **show))
    typed = {name: pl.DataFrame(some) for name, some in rows.items()}
    frame = read_tables(made, typed, as_of=AS_OF, **show)
    assert told(frame) == expected
    lists = read_tables(made, rows, as_of=AS_OF, **show)
    assert {n: t.digest for n, t in frame.tables.items()} == {n: t.digest for n, t in lists.tables.items()}
    for name in NAMES:
        (tmp_path / f"{name}.csv").write_bytes(written(rows[name], csv.QUOTE_MINIMAL))
    if not any(blank.values()):
        files = {name: tmp_path / f"{name}.csv" for name in NAMES}
        for small in (-1, 1_000_000):
            monkeypatch.setattr(sources, "SMALL", small)
            assert told(read_tables(made, files, as_of=AS_OF, **show)) == expected
    mixed = {name: source[name] for name, source in zip(NAMES, (typed, rows, rows, typed), strict=True)}
    assert told(read_tables(made, mixed, as_of=AS_OF, **show)) == expected
    assert sum(map(len, rows.values())) >= 4


def by_the_csv_module(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], list[tuple[int, int]], int]:
    """Records with their rows, records that are too long, and the row where the text breaks off (0: nowhere)."""
    found, long, row, width = [], [], 0, 0
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row, record in enumerate(lines, 1):
            if not "".join(record).strip():
                continue
            width = width or len(record)
            if len(record) > width:
                long.append((row, len(record)))
            else:
                found.append((row, record + [""] * (width - len(record))))
    except csv.Error:
        return found, long, row + 1
    return found, long, 0


def test_text_is_taken_apart_as_by_the_csv_module(monkeypatch, field, shape) -> None:  # type: ignore[no-untyped-def]
    cells, broken = 0, 0
    for seed in range(1_000):
        chance = random.Random(seed)
        monkeypatch.setattr(csv_text, "_PIECE", chance.choice([1, 10, 40]))
        monkeypatch.setattr(csv_text, "BATCH", chance.choice([1, 3, 1000]))
        delimiter = chance.choice([",", ";", "\t", "|"])
        alphabet = [
            "a",
            "é",
            "名",
            "1",
            delimiter,
            delimiter,
            " ",
            "\u00a0",
            "\x1c",
            "\n",
            "\r\n",
            "\r",
            "\n",
            "\u2028",
        ]
        alphabet += ['"', '""', f'"x{delimiter}\n"'] if chance.random() < 0.4 else []
        text = delimiter.join("abc") + "\n" + "".join(chance.choices(alphabet, k=chance.randint(0, 120)))
        expected, long, failed = by_the_csv_module(text, delimiter)
        wanted = shape(*(field(name) for name in "abc"), delimiter=delimiter)
        found, refused = [], []
        try:
            for batch in csv_text.read_csv(wanted, text.encode(), "x.csv", seed % 4 == 0):
                found += zip(batch.rows, *(batch.cells[name] for name in "abc"), strict=True)
                refused += [(r.row, r.reason) for r in batch.refused]
            assert not failed
            assert [(row, [cell or "" for cell in record]) for row, *record in found] == expected[1:]
            assert refused == [(row, records.reason("cells", found=n, expected=3)) for row, n in long]
        except Unreadable as failure:
            broken += 1
            assert [d.place.row for d in failure.diagnostics] == [failed]  # type: ignore[union-attr]
        cells += 3 * len(found)
    assert cells >= 7_000
    assert broken >= 30
