"""Some weeks of daily runs over a small book: the small twin of the simulated year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from .checks import Checks
from .world import World

DONE_BY_EDIT = {
    "due": "update offer", "minutes": "update kick-off", "owner": "update plan", "added": "create thanks",
    "renamed": "create prepare", "rhythm": "create check-in", "taken out": "close look-again",
    "removed": "close check-in", "unhooked": "update training", "back": "create check-in",
}  # fmt: skip
"""Edit of the policy -> what it does to open tasks, among others."""


def simulate(world: World, runs: int, edits: Mapping[int, str], *, again: int, weekends: bool) -> Checks:
    """So many daily runs, also on ``weekends`` or on the days between; ``edits`` of the policy by number of the run.
    Each ``again``-th run, one with an edit and the one after it are made once more with their own result."""
    checks = Checks(world)
    try:
        for number in range(runs):
            if number in edits:
                world.edit(edits[number])
            tables, since = world.tables(), world.since()
            outcome = world.run(tables, since, world.fired)
            once_more = number % again == 0 or number in edits or number - 1 in edits
            checks.day(tables, since, outcome, again=once_more)
            if number in edits:
                checks.edited(edits[number], outcome)
            world.remember(outcome)
            world.pass_day()
            while not weekends and world.today.weekday() > 4:
                world.pass_day()
    except Exception as failure:
        failure.add_note(f"seed {world.seed}, on {world.today}")
        raise
    return checks


def few(met: Mapping[str, int], least: Mapping[str, int]) -> dict[str, int]:
    """What was met less often than was wanted."""
    return {what: met[what] for what, wanted in least.items() if met[what] < wanted}


def done_by_edits(checks: Checks) -> dict[str, int]:
    return {name: checks.edits[name][done] for name, done in DONE_BY_EDIT.items()}


def test_a_month_of_daily_runs(tmp_path: Path) -> None:
    """A small book in which eight times as much happens; every run is made once more."""
    world = World(2, tmp_path / "w", accounts=24, people=6, start=date(2026, 3, 2), reading="reference", busy=8)
    edits = {2 + 2 * i: name for i, name in enumerate(DONE_BY_EDIT)}
    checks = simulate(world, 25, edits, again=1, weekends=True)
    assert not few(world.met, {
        "done by hand": 10, "activity": 10, "snoozed": 3, "moved by hand": 4, "handed on": 4, "assigned": 10, "time off": 8,
        "time off with a substitute": 5, "anchor moved": 5, "population": 4, "account gone": 1, "left to nobody": 1,
    })  # fmt: skip
    assert len(checks.run_again) == 25
    assert not few(done_by_edits(checks), dict.fromkeys(("renamed", "rhythm", "taken out", "removed"), 2))
    assert not few(checks.actions, {"create": 40, "update": 20, "close": 30, "keep": 200})
    assert not few(checks.moved, {"stands in for": 20, " is off ": 40, "is not a working day of": 5, "handed to": 1})
    assert checks.placed >= 200 and checks.reopened >= 1 and len(checks.finished) >= 10
    assert checks.closed["done on"] >= 10 and len(checks.closed) >= 6, checks.closed


def test_a_failure_names_its_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Checks, "on_working_days", lambda *_: 1 / 0)
    world = World(7, tmp_path / "w", accounts=3, people=2, start=date(2026, 3, 2), reading="reference")
    with pytest.raises(ZeroDivisionError) as found:
        simulate(world, 2, {}, again=1, weekends=True)
    assert found.value.__notes__ == ["seed 7, on 2026-03-02"]
