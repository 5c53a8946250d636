"""Segments and health by columns are the rows of the reference: packs, good cases, and random books of nasty values."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import granger
import polars as pl
import pytest
from granger.engine.amounts import plain
from granger.engine.lines import Merged, Part
from granger.engine.outcome.health import health_scores
from granger.engine.outcome.health_columns import HealthLines, scored
from granger.engine.outcome.health_measures_columns import HealthMeasureLines
from granger.engine.outcome.segments import segments
from granger.engine.outcome.segments_columns import SegmentLines
from granger.engine.outcome.stages import stage_rows
from granger.engine.outcome.stages_columns import StageLines
from granger.engine.program.columns import ByReference
from granger.engine.program.evaluate import Book
from granger.engine.progress import SILENT
from granger.engine.runners.books import Books
from granger.engine.writers.csv_columns import csv_writer
from granger.engine.writers.csv_file import csv_text
from granger.engine.writers.frame import frame, frame_of
from granger.engine.writers.layout import Layout, layout

ROOT = Path(__file__).resolve().parent.parent.parent
PACKS = [ROOT / "rules" / "renewal-kpi", *sorted(path.parent for path in ROOT.glob("tests/cases/good/*/granger.yaml"))]
DAY = date(2026, 9, 30)


def book_of(pack: granger.Pack, tables: Mapping[str, Any] | None = None, as_of: date = DAY) -> Book:
    read = pack.run(tables, as_of=as_of, parts=()).outcome.tables
    return Books(pack.policies, read).on(as_of, as_of)


def rows_of(part: Part, names: Sequence[str], lines: int) -> list[tuple[object, ...]]:
    """All lines as tuples; a text without words is ''."""
    found: list[tuple[object, ...]] = []
    for some in part.slices(lines):
        for rows, start, end in some.pieces():
            found += [tuple(getattr(row, name) for name in names) for row in rows]
            if start < end:
                columns = {name: some.columns[name] for name in names}
                texts = {name for name, column in columns.items() if column.kind == "text"}
                values = [
                    [("" if v is None and n in texts else v) for v in c.slice(start, end - start).values()]
                    for n, c in columns.items()
                ]
                found += zip(*values, strict=True)
    return found


def compared(book: Book, lines: int, ids: Sequence[str] | None = None) -> int:
    """Holds all columns to the rows; how many cells there were."""
    columns = ByReference(book, ids)
    scores, measures = health_scores(book)
    policies = scored(columns)
    swept = 0
    pairs: list[tuple[str, Part, list[Any]]] = [
        ("segments", SegmentLines(columns), segments(book)),
        ("health", HealthLines(policies), scores),
        ("health_measures", HealthMeasureLines(policies), measures),
        ("stages", StageLines(columns), stage_rows(book)),
    ]
    for name, part, rows in pairs:
        if ids is not None:
            known = set(ids)
            part = Merged(part, [row for row in rows if row.account_id not in known], ("policy", "account_id"))
        shape = layout(name)
        names = [column.name for column in shape.columns]
        assert rows_of(part, names, lines) == [tuple(getattr(row, each) for each in names) for row in rows], name
        assert part.height == len(rows)
        out = io.BytesIO()
        csv_writer(part, shape)(out, SILENT)
        assert out.getvalue() == csv_text(rows, shape).encode()
        expected = framed(rows, shape)
        assert expected is None or frame_of(part, shape).equals(expected)
        swept += len(rows) * len(names)
    return swept


def framed(rows: Sequence[Any], shape: Layout) -> pl.DataFrame | None:
    """None where a number is too large for the decimals of a frame."""
    numbers = [
        value for row in rows for column in shape.columns if isinstance(value := getattr(row, column.name), Fraction)
    ]
    return frame(rows, shape) if all(abs(value) < 10**31 for value in numbers) else None


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_packs(folder: Path) -> None:
    said = folder / "run.txt"
    as_of = date.fromisoformat(said.read_text(encoding="utf-8").split()[0]) if said.exists() else DAY
    book = book_of(granger.load(folder), as_of=as_of)
    assert compared(book, 1000) == compared(book, 3)
    ids = sorted(book.accounts)
    compared(book, 4, ids[::2])


def test_the_packs_are_there() -> None:
    assert len(PACKS) > 10


WORKSPACE = """
kind: workspace
name: w
currency: CNY
tables:
  accounts:
    file: accounts.csv
    key: account_id
    fields:
      account_id: text
      n: {kind: number, required: false}
      p: {kind: percent, required: false}
      m: {kind: money, required: false}
      d: {kind: number, required: false}
      day: {kind: date, required: false}
      flag: {kind: boolean, required: false}
      word: {required: false}
"""
FIGURES = """
kind: library
name: figures
effective: {from: 2026-01-01}
measures:
  ratio: {value: n / d}
  third: {value: m / 3}
"""
"""``ratio`` is missing where ``d`` is missing or zero."""

SEGMENTS = """
kind: segmentation
name: %(name)s
effective: {from: 2026-01-01}
fact: %(name)s_tier
hit_policy: %(policy)s
%(rest)s
tiers:
  - {tier: "=big", when: n > 10, because: "+large, 'very'", gives: {%(name)s_cap: 12.5%%, %(name)s_fee: %(fee)s}}
  - {tier: odd, when: d == 0 or flag, gives: {%(name)s_cap: 5%%, %(name)s_fee: 1000}}
  - {tier: big two, when: ratio >= 1, because: "a ratio"}
  - {tier: odd, when: p < 0, gives: {%(name)s_fee: 7}}
"""


def segmentations() -> dict[str, str]:
    found = {}
    for policy in ("first", "unique", "any", "collect"):
        for fee in ("10", "n / 3"):
            name = f"{policy}_{'computed' if '/' in fee else 'fixed'}"
            rest = "for: word != 'out'\notherwise: {tier: rest, because: left}" if fee == "10" else ""
            found[f"{name}.yaml"] = SEGMENTS % {"name": name, "policy": policy, "fee": fee, "rest": rest}
    return found


POINTS = {
    "n": [
        "bands: [{points: 100, from: 10, because: '=much'}, {points: 33.33335, from: 0.005}, {points: -20}]",
        "curve: [[0, 0], [3, 100]]",
        "bands: [{points: 7.00005}]",
        f"cases: [{{points: 1{'0' * 30}, when: n > 10.2}}, {{points: 5}}]",
    ],
    "p": [
        f"cases: [{{points: 1{'0' * 30}, when: p == 30%}}, {{points: 5}}]",
        "bands: [{points: 100, below: 0%}, {points: 50, below: 30%}, {points: 0}]",
        "curve: [[-50%, 0], [0%, 70], [30%, 100]]",
    ],
    "m": [
        "bands: [{points: 12.3456, from: 1000 }, {points: 10}]".replace("1000 ", "1_000"),
        "cases: [{points: 100, when: m > 100}, {points: 40, when: flag}, {points: 1}]",
    ],
    "ratio": [
        "cases: [{points: 1_000_000_000.5, when: ratio < 1_000}, {points: -77.77777}]",
        "curve: [[0, 100], [7, 0]]",
        "bands: [{points: 1, below: 1}, {points: 2}]",
    ],
    "third": [
        "cases: [{points: 0.00005, when: third < 5}, {points: 0}]",
        "bands: [{points: 3, below: 0}, {points: 4}]",
    ],
    "day": ["cases: [{points: 90, when: day < as_of}, {points: 10}]"],
    "flag": ["cases: [{points: -50, when: flag}, {points: 60}]"],
    "word": ["cases: [{points: 90, when: word == 'out'}, {points: 10}]"],
}
EXCEPTIONS = [
    "{when: flag, at_most: 40, because: '=held, \"down\"'}",
    "{when: ratio > 1, at_least: 55.55555}",
    "{when: p < 0, at_most: 20}",
    "{when: day < as_of, at_most: -10}",
]


def split(rng: random.Random, total: int, among: int) -> list[str]:
    """Weights that sum to ``total``: whole, of some digits, or of so many that columns cannot hold them."""
    digits = rng.choice([0, 0, 0, 2, 9, 30])
    cuts = sorted(rng.randint(0, total * 10**digits) for _ in range(among - 1))
    whole = [b - a for a, b in zip([0, *cuts], [*cuts, total * 10**digits], strict=True)]
    return [plain(Fraction(each, 10**digits)) for each in whole]


def parts_of(rng: random.Random, total: int, unit: str, depth: int) -> Iterator[str]:
    among = rng.randint(1, 5)
    for weight in split(rng, total, among):
        missing = rng.choice(["exclude", "exclude", "neutral", "worst", "fail"] if rng.random() < 0.6 else ["exclude"])
        if depth and rng.random() < 0.3:
            inner = ", ".join(parts_of(rng, 100, "%", depth - 1))
            yield f"{{group: {rng.choice(['use', 'money owed', 'a'])}, weight: {weight}{unit}, missing: {missing}, measures: [{inner}]}}"
            continue
        name = rng.choice(list(POINTS))
        yield f"{{measure: {name}, weight: {weight}{unit}, missing: {missing}, {rng.choice(POINTS[name])}}}"


def health(rng: random.Random, name: str) -> str:
    total, unit = rng.choice([(100, "%"), (7, ""), (1000, "")])
    lines = [
        "kind: health",
        f"name: {name}",
        f"fact: {name}",
        "effective: {from: 2026-01-01}",
        f"digits: {rng.randint(0, 4)}",
        f"neutral: {rng.choice(['50', '33.333333', '-5'])}",
        "measures:",
        *(f"  - {part}" for part in parts_of(rng, total, unit, 2)),
    ]
    lines += [f"weights_total: {total}"] if not unit else []
    lines += ["for: word != 'out'"] if rng.random() < 0.4 else []
    lines += (
        ["grades: [{grade: '=good', from: 70}, {grade: fair, from: 40}, {grade: poor}]"] if rng.random() < 0.7 else []
    )
    lines += [f"min_coverage: {rng.choice([0, 50, 90])}%"]
    held = rng.sample(EXCEPTIONS, rng.randint(0, 4))
    return "\n".join([*lines, *(["exceptions:", *(f"  - {each}" for each in held)] if held else [])]) + "\n"


def accounts(rng: random.Random, size: int, huge: bool) -> list[dict[str, str]]:
    large = ["9" * 30, "-" + "9" * 33, "1" + "0" * 18] if huge else ["12345"]
    draws = {
        "n": ["", "0", "10", "10.5", "-3", "0.005", "11", "1", *large],
        "p": ["", "0%", "-0.5%", "30%", "29.9999%", "12%"],
        "m": ["", "0", "1000", "-5", "0.01", "100.01", *large],
        "d": ["", "0", "1", "3", "7", "-2", "0.001"],
        "day": ["", "2026-01-31", "2027-01-31"],
        "flag": ["", "true", "false"],
        "word": ["", "out", "=a,b", 'q"uote', "中"],
    }
    empty = rng.random() * 0.6
    ids = rng.sample([f"{sign}{i}" for sign in ("A", "=", "b,", "'", "中") for i in range(size)], size)
    return [
        {"account_id": each, **{name: "" if rng.random() < empty else rng.choice(some) for name, some in draws.items()}}
        for each in ids
    ]


Workspace = Callable[[Mapping[str, str]], Path]


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (0, *range(2, 8)))])
def test_random_books(seed: int, workspace: Workspace) -> None:
    rng = random.Random(seed)
    files = {"granger.yaml": WORKSPACE, "figures.yaml": FIGURES, **segmentations()}
    files |= {f"health{i}.yaml": health(rng, f"h{i}") for i in range(4)}
    pack = granger.load(workspace(files))
    swept = 0
    for size, huge in ((0, False), (1, False), (30, seed % 2 == 1)):
        book = book_of(pack, {"accounts": accounts(rng, size, huge)})
        swept += compared(book, rng.choice([1, 5, 1000]))
    ids = rng.sample(sorted(book.accounts), 25)
    swept += compared(book, rng.choice([4, 1000]), ids)
    assert swept > 10_000


@pytest.mark.parametrize("missing", ["exclude", "neutral", "worst", "fail"])
def test_a_group_that_fails_takes_the_weight_of_its_measures(missing: str, workspace: Workspace) -> None:
    inner = f"[{{measure: n, weight: 30%, missing: fail, {POINTS['n'][1]}}}, {{measure: p, weight: 70%, missing: exclude, {POINTS['p'][1]}}}]"
    parts = [
        f"{{group: use, weight: 60%, missing: {missing}, measures: {inner}}}",
        f"{{measure: m, weight: 40%, missing: exclude, {POINTS['m'][0]}}}",
    ]
    policy = "\n".join(
        ["kind: health", "name: h", "effective: {from: 2026-01-01}", "measures:", *(f"  - {part}" for part in parts)]
    )
    pack = granger.load(workspace({"granger.yaml": WORKSPACE, "health.yaml": policy + "\n"}))
    cells = [
        {"account_id": f"A{n}{p}{m}", "n": n, "p": p, "m": m} for n in ("", "2") for p in ("", "10%") for m in ("", "7")
    ]
    assert compared(book_of(pack, {"accounts": cells}), 100) > 300


def test_the_random_books_take_every_path(workspace: Workspace) -> None:
    """Policies of 64 bits and of 128, policies that only rows can tell, and policies where some accounts are rows."""
    met = {"Int64": 0, "Int128": 0, "rows": 0, "some rows": 0}
    for seed in range(8):
        rng = random.Random(seed)
        files = {"granger.yaml": WORKSPACE, "figures.yaml": FIGURES}
        pack = granger.load(workspace(files | {f"health{i}.yaml": health(rng, f"h{i}") for i in range(4)}))
        for policy in scored(ByReference(book_of(pack, {"accounts": accounts(rng, 30, False)}))):
            met["rows"] += policy.scoring is None
            if policy.scoring is not None:
                met[str(policy.scoring.width)] += 1
                met["some rows"] += bool(policy.alone.any())
    assert min(met.values()) >= 3, met
