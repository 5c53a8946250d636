"""Some weeks of daily runs over a small book: the small twin of the simulated year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from .checks import Checks
from .world import World


def simulate(world: World, days: int, edits: dict[int, int], again: int = 1) -> Checks:
    """So many daily runs; ``edits``: which edit of the policy comes on which day; every ``again`` days the run is made
    once more with its own result."""
    checks = Checks(world)
    try:
        _days(world, checks, days, edits, again)
    except AssertionError as failure:
        raise AssertionError(f"seed {world.seed}, on {world.today}: {failure}") from failure
    return checks


def _days(world: World, checks: Checks, days: int, edits: dict[int, int], again: int) -> None:
    for day in range(days):
        if day in edits:
            world.edit(edits[day])
        tables, since = world.tables(), world.since()
        outcome = world.run(tables, since, world.fired)
        checks.day(tables, since, outcome, again=day % again == 0)
        world.remember(outcome)
        world.pass_day()


def test_a_month_of_daily_runs(tmp_path: Path) -> None:
    world = World(2, tmp_path / "w", accounts=40, people=6, start=date(2026, 3, 2), reading="reference")
    checks = simulate(world, 30, {5: 0, 8: 4, 12: 5, 15: 1, 20: 7, 22: 2, 25: 3})
    for what in ("done by hand", "activity", "snoozed", "moved by hand", "handed on", "assigned"):
        assert world.met[what] >= 2, (what, world.met)
    assert checks.placed >= 1_000
    for action, least in (("create", 150), ("update", 50), ("close", 100), ("keep", 1_500)):
        assert checks.actions[action] >= least, checks.actions
    assert checks.closed["done on"] >= 30 and len(checks.closed) >= 3, checks.closed
