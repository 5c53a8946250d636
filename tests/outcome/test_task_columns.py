"""Tasks in columns are the tasks of the reference, field by field: on the bundled packs, the cases, and edges by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import granger
import polars as pl
import pytest
from granger.engine.outcome.tasks.calendar import Calendars
from granger.engine.outcome.tasks.columns import TaskColumns, tasks_in_columns
from granger.engine.outcome.tasks.schedule import each
from granger.engine.outcome.tasks.standing import NOTHING_STANDS
from granger.engine.outcome.tasks.told import _cleaned, _task_ids
from granger.engine.outcome.tasks.touches import Tasks, task_id
from granger.engine.outcome.tasks.triggers import Key, Remembered
from granger.engine.periods import Duration
from granger.engine.policy.model import Playbook
from granger.engine.program.columns import ByReference

from .both_readings import books, of, remembered, same
from .drawn_playbooks import AS_OF, LIBRARY, TOP

ROOT = Path(__file__).resolve().parent.parent.parent
Workspace = Callable[[Mapping[str, str]], Path]


PACKS = [path.parent for path in sorted(ROOT.glob("tests/cases/good/*/granger.yaml"))]
PACKS += [path.parent for path in sorted(ROOT.glob("rules/*/granger.yaml"))]


def test_the_sweep_meets_packs_with_playbooks() -> None:
    assert sum(any("kind: playbook" in file.read_text() for file in pack.glob("*.yaml")) for pack in PACKS) >= 4


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_packs(folder: Path) -> None:
    """On four days, each fed with the triggers and the tasks of the day before it."""
    pack, fired, listed = granger.load(folder), dict[Key, Remembered](), 0
    standing = NOTHING_STANDS
    for as_of in (date(2026, 5, 31), date(2026, 8, 17), date(2026, 9, 30), date(2027, 1, 4)):
        book = books(pack, as_of).on(as_of, as_of)
        found = same(book, Calendars(pack.policies.workspace, book.tables), Duration(90, "days"), fired, standing)
        standing = of(found.tasks)
        fired = remembered(found.triggers)
        listed += len(found.tasks) + len(found.unserved)
    assert bool(listed) == any(isinstance(policy, Playbook) for policy in pack.policies.policies)


PLAY = {"play": "p", "anchor": "start", "touches": [{"task": "t", "owner": "csm"}]}
HELD = {"account_id": "a", "role": "csm", "person": "ann", "starts_on": None, "ends_on": None}


def of_play(workspace: Workspace, play: Mapping[str, Any], accounts: list[dict[str, Any]], **top: Any) -> Tasks:
    """One play for a few accounts, in columns as in the reference; ann holds ``csm`` for account a."""
    head = {"kind": "playbook", "name": "b", "effective": {"from": "2020-01-01"}, **top}
    text = json.dumps({**head, "plays": [{**PLAY, **play}]}, ensure_ascii=False)
    pack = granger.load(workspace({"granger.yaml": TOP, "library.yaml": LIBRARY, "b.yaml": text}))
    tables = {"accounts": accounts, "people": [{"person": "ann"}], "assignments": [HELD] if accounts else []}
    book = books(pack, AS_OF, tables).on(AS_OF, AS_OF)
    return same(book, Calendars(pack.policies.workspace, book.tables), Duration(90, "days"), {})


def account(account_id: str = "a", **values: Any) -> dict[str, Any]:
    fields = ("name", "start", "end", "hot", "live", "size", "other", "amount", "part", "contract", "friend")
    return {"account_id": account_id, **dict.fromkeys(fields), **values}


def test_no_accounts(workspace: Workspace) -> None:
    found = of_play(workspace, {"when": "hot", "per": "ratio", "repeat": {"freq": "daily", "until": "end"}}, [])
    assert found == Tasks()


def test_a_repeat_that_is_cut_for_its_length(workspace: Workspace) -> None:
    """Every day since the year 1: the reference counts 100,000 of them, whatever their end."""
    rows = [account(start=date.min, end=end) for end in (date(2026, 1, 1),)]
    rows += [account("b", start=date.min, end=date(9, 1, 1)), account("c", start=date(2026, 10, 1), end=date.max)]
    found = of_play(workspace, {"repeat": {"freq": "daily", "until": "end", "interval": 3}}, rows)
    assert (found.past, len(found.unserved), found.beyond) == (100_000 + 975, 30, 99_970)


def test_a_horizon_that_is_over_lists_nothing_and_counts_once(workspace: Workspace) -> None:
    rows = [account(start=AS_OF + timedelta(days)) for days in (-1,)] + [account("b", start=AS_OF)]
    found = of_play(workspace, {}, rows, horizon={"before": "2026-01-01"})
    assert (found.past, found.beyond, found.tasks, found.unserved) == (1, 1, [], [])


def test_touches_on_one_day_stand_in_the_order_of_their_ids(workspace: Workspace) -> None:
    """The days of a weekend roll to the Monday: only the id of the occurrence tells them apart."""
    play = {
        "touches": [{"task": "t", "owner": "csm", "roll": "following"}],
        "repeat": {"freq": "daily", "until": "end"},
    }
    found = of_play(workspace, play, [account(start=AS_OF, end=date(2026, 12, 1))])
    same_day = Counter(task.due for task in found.tasks)
    assert same_day[date(2026, 10, 8)] == 8
    assert [t.occurrence for t in found.tasks if t.due == date(2026, 10, 8)] != sorted(
        t.occurrence for t in found.tasks
    )


def test_ids_are_those_of_the_reference() -> None:
    drawn = Random(5)
    letters = ["a", "Z", "\0", "ä", "日", "\U0001f600", "\n", '"', "#", "=", " ", "\x7f", "\uffff"]
    texts = [["".join(drawn.choices(letters, k=drawn.randint(0, 90))) for _ in range(5)] for _ in range(2_000)]
    head = ["\0".join(part.replace("\0", "") for part in row[:2]) for row in texts]
    parts = [pl.Series("play", head), *(_cleaned(pl.Series(str(i), [row[i] for row in texts])) for i in (2, 3, 4))]
    assert _task_ids(pl.DataFrame(parts)).to_list() == [task_id(*row) for row in texts]
    with pytest.raises(UnicodeEncodeError):  # so that no half of a character can come to the ids
        pl.Series(["\ud800"])


def test_each_asks_once_for_each_distinct_row() -> None:
    asked: list[tuple[int, int]] = []
    ones, twos = pl.Series([1, 2, 1, None, 3], dtype=pl.Int128), pl.Series([5, 5, 5, 5, None], dtype=pl.Int64)
    found = each(lambda one, two: asked.append((one, two)) or one * two, pl.Int64, ones, twos)
    assert found.to_list() == [5, 10, 5, None, None]
    assert sorted(asked) == [(1, 5), (2, 5)]


def test_the_frames_repeat_no_text() -> None:
    folder = ROOT / "rules" / "renewal-kpi"
    pack = granger.load(folder)
    book = books(pack, AS_OF).on(AS_OF, AS_OF)
    asked = ByReference(book), Calendars(pack.policies.workspace, book.tables), Duration(90, "days"), {}
    found, again = tasks_in_columns(*asked), tasks_in_columns(*asked)
    assert isinstance(found, TaskColumns) and len(found.tasks) > 50
    for frame, other in zip((found.tasks, found.unserved), (again.tasks, again.unserved), strict=True):
        assert frame.equals(other) and frame.schema == other.schema
    enums = {name for name, dtype in found.tasks.schema.items() if isinstance(dtype, pl.Enum)}
    repeated = {
        "owner",
        "role",
        "activity",
        "priority",
        "channel",
        "status",
        "set_owner",
        "waits_for",
        "moved",
        "closed_by",
    }
    assert enums == repeated | {"policy", "play", "task", "source"}
