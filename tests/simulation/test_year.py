"""A year of daily runs over 2,000 accounts and 25 people: completions, snoozes, hand-moves, hand-overs, policy edits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from .test_days import simulate
from .world import World

EDITS = {60: 0, 95: 1, 120: 2, 150: 3, 175: 4, 200: 5, 230: 6, 260: 7}
"""Day of the year -> edit of the policy."""

LEAST = {
    "done by hand": 5_000, "activity": 5_000, "snoozed": 1_000, "moved by hand": 1_000, "handed on": 1_000, "woken": 10,
    "assigned": 500, "population": 500, "anchor moved": 500, "renewed": 500, "account gone": 100, "time off": 100,
}  # fmt: skip
REASONS = ["done on", "`for` does not hold any more", "`close_when` holds", "superseded", "the account is gone"]
REASONS += ["the play check-in is not in the policy any more", "the repeat does not come to it any more"]


@pytest.mark.slow
def test_a_year_of_daily_runs(tmp_path: Path) -> None:
    """In columns, as a book of that size is read; some forty of the days are run once more with their own result."""
    start, horizon = date(2026, 1, 5), "30 days"
    world = World(11, tmp_path / "w", accounts=2_000, people=25, start=start, reading="columns", horizon=horizon)
    checks = simulate(world, 365, EDITS, again=9)
    assert {what: world.met[what] for what, least in LEAST.items() if world.met[what] < least} == {}
    assert {reason: checks.closed[reason] for reason in REASONS if not checks.closed[reason]} == {}
    assert checks.placed > 100_000
    assert len(checks.created) > 15_000 and checks.actions["conflict"] > 5, checks.actions
