"""A year of daily runs over 2,000 accounts and 25 people: completions, snoozes, hand-moves, hand-overs, policy edits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from .test_days import done_by_edits, few, simulate
from .world import World

EDITS = {
    30: "due", 57: "minutes", 71: "owner", 93: "added", 107: "renamed", 128: "rhythm", 150: "taken out", 171: "removed",
    193: "unhooked", 214: "back",
}  # fmt: skip
"""Number of the run -> edit of the policy."""
RUNS, AGAIN = 261, 40
"""A year from Monday to Friday; what happens on weekends comes to Monday's run. Run again are each fortieth, and those
with an edit and after one."""

HAPPENED = {
    "done by hand": 6_000, "activity": 5_000, "assigned": 2_000, "moved by hand": 1_500, "handed on": 1_200,
    "snoozed": 1_200, "woken": 50, "renewed": 1_200, "population": 1_000, "anchor moved": 1_000, "account gone": 250,
    "left to nobody": 200, "time off": 60, "time off with a substitute": 60,
}  # fmt: skip
CLOSED = {
    "done on": 10_000, "superseded": 500, "the play check-in is not in the policy any more": 300,
    "`close_when` holds": 150, "`for` does not hold any more": 150, "the account is gone": 100,
    "the repeat does not come to it any more": 100, "the task look-again is not in the play any more": 100,
    "the task plan is not in the play any more": 100,
}  # fmt: skip
MOVED = {
    "is not a working day of": 15_000, " is off ": 15_000, "stands in for": 8_000, "is a holiday in": 4_000,
    "handed to": 1_500, "nobody holds": 1_000, "waits for": 500,
}  # fmt: skip
ACTIONS = {"keep": 150_000, "create": 12_000, "close": 12_000, "update": 6_000, "conflict": 200}
BY_EDITS = {
    "due": 50, "minutes": 1, "owner": 50, "added": 30, "renamed": 50, "rhythm": 50, "taken out": 50, "removed": 200,
    "unhooked": 1, "back": 50,
}  # fmt: skip


@pytest.mark.parametrize(
    ("runs", "of"), [pytest.param(60, 9, marks=pytest.mark.year), pytest.param(RUNS, 1, marks=pytest.mark.year)]
)
def test_a_year_of_daily_runs(runs: int, of: int, tmp_path: Path) -> None:
    """In columns, as a book of that size is read. Its first quarter goes before it, with all the edits of the
    policy and at least a ninth of all else: most of what ends does so late in the year."""
    start = date(2026, 1, 5)
    world = World(11, tmp_path / "w", accounts=2_000, people=25, start=start, reading="columns")
    edits = {number * runs // RUNS: name for number, name in EDITS.items()}
    checks = simulate(world, runs, edits, again=AGAIN, weekends=False)
    assert world.today == (date(2027, 1, 5) if runs == RUNS else date(2026, 3, 30))
    for met, least in (
        (world.met, HAPPENED),
        (checks.closed, CLOSED),
        (checks.moved, MOVED),
        (checks.actions, ACTIONS),
        (done_by_edits(checks), BY_EDITS),
    ):
        assert not few(met, {what: number // of for what, number in least.items()})
    assert runs < RUNS or checks.moved["day off of the company"] > 500  # there is none in the first quarter
    assert checks.placed > 200_000 // of
    assert len(checks.made) > 15_000 // of and len(checks.finished) > 12_000 // of
    # of the tasks of the coming days, what is not looked at: a person's own day or owner; no date to count from
    assert checks.left["changed by hand"] * 10 < checks.placed and checks.left["cannot be decided"] * 50 < checks.placed
    assert checks.reopened >= 20 // of and len(checks.run_again) >= 20
