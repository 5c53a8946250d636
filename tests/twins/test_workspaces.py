"""Whole runs by both readings give the same bytes, and single accounts by the generated reading the same dicts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import granger
import pytest

from .workspace_hands import touched
from .workspaces import asked, decided, difference, ran, written

AS_OF, BEFORE = date(2026, 9, 30), date(2026, 8, 17)
SEEDS = range(2, 8)
LEAST = {
    "segments.csv": 1_500, "stages.csv": 500, "successes.csv": 1_200, "health.csv": 500, "health_measures.csv": 1_500, "measures.csv": 60,
    "staffing.csv": 30, "watchlists": 40, "tasks.csv": 500, "unserved.csv": 1_500, "triggers.csv": 80, "plan.csv": 150, "by hand": 25,
    "budgets.csv": 250, "load.csv": 300, "salesforce_tasks.csv": 800, "hubspot_tasks.csv": 800, "calendars": 1_000, "worklists": 1_000,
    "credits.csv": 1_000, "amortisation.csv": 200, "accrual.csv": 20, "attainments.csv": 30, "payouts.csv": 150, "statements": 200, "rejects.csv": 5,
}  # fmt: skip


def swept(seeds: range, accounts: int, folder: Path) -> Counter[str]:
    met = Counter[str]()
    for seed in seeds:
        where = written(seed, folder / str(seed), accounts=accounts)
        pack, previous = granger.load(where), None
        if seed % 3 == 0:
            previous = folder / f"before {seed}"
            pack.run(as_of=BEFORE).write(previous)
            met["by hand"] += touched(previous / "tasks.csv", seed)
        one, other = (ran(pack, reading, AS_OF, previous) for reading in ("reference", "columns"))
        assert not (found := difference(one, other)), f"seed {seed}, {where}: {found}"
        met.update(one.lines)
        met["replayed"] += other.replayed
        met["some replayed"] += 0 < other.replayed < accounts
        count = 15 if pack.deciders.on(AS_OF) is not None else 1  # where the reference decides, it decides them all
        for way, told, expected in decided(pack, asked(pack, where, AS_OF, count), AS_OF):
            assert told == expected, f"seed {seed}, {where}: {expected['account_id']}"  # type: ignore[index]
            met[way] += 1
    return met


def test_workspaces_come_out_the_same_by_every_reading(tmp_path: Path) -> None:
    met = swept(SEEDS, 45, tmp_path)
    assert {name: met[name] for name, least in LEAST.items() if met[name] < least} == {}
    assert met["replayed"] and met["some replayed"]
    assert met["fast"] >= 15 and met["reference"] >= 3


@pytest.mark.parametrize(("accounts", "seed"), [(0, 20), (1, 26)])
def test_small_workspaces_come_out_the_same(accounts: int, seed: int, tmp_path: Path) -> None:
    assert sum(swept(range(seed, seed + 1), accounts, tmp_path).values()) > 20


@pytest.mark.slow
def test_more_workspaces_come_out_the_same(tmp_path: Path) -> None:
    met = swept(range(100, 110), 50, tmp_path)
    assert met["tasks.csv"] > 500 and met["credits.csv"] > 1_000 and met["fast"] >= 25
