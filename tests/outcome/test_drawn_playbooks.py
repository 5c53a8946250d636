"""Drawn playbooks come to the same tasks in columns as by the reference, field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import granger
import pytest
from granger.engine.outcome.tasks.calendar import Calendars
from granger.engine.outcome.tasks.touches import WAITING, tasks
from granger.engine.periods import Duration

from .both_readings import books, of, same
from .drawn_playbooks import AS_OF, Drawn

Workspace = Callable[[Mapping[str, str]], Path]


@pytest.mark.parametrize("seeds", [range(12), pytest.param(range(12, 36), marks=pytest.mark.slow)])
def test_drawn_playbooks(seeds: range, workspace: Workspace) -> None:
    met = Counter[str]()
    for seed in seeds:
        drawn = Drawn(seed)
        pack = granger.load(workspace(drawn.workspace()))
        book = books(pack, drawn.as_of, drawn.tables()).on(AS_OF, drawn.as_of)
        assert len(book.accounts) >= 45
        calendars = Calendars(pack.policies.workspace, book.tables)
        horizon = Duration(drawn.random.choice([1, 90, 400]), "days")
        earlier = books(pack, drawn.as_of, drawn.tables()).on(AS_OF, drawn.yesterday())
        yesterday = tasks(earlier, calendars, Duration(200, "days"), {}).tasks
        standing = of(drawn.random.sample(yesterday, len(yesterday) // 2) + yesterday[:3])
        found = same(book, calendars, horizon, drawn.fired(), standing)
        end = min(drawn.as_of.toordinal() + horizon.count, date.max.toordinal())
        met["standing"] += sum(not drawn.as_of <= task.due < date.fromordinal(end) for task in found.tasks)
        met["waiting"] += sum(task.status == WAITING for task in found.tasks)
        met["not waiting"] += sum(bool(task.waits_for) and task.status != WAITING for task in found.tasks)
        met["pushed"] += sum("not before" in task.moved for task in found.tasks)
        met["tasks"] += len(found.tasks)
        met["unserved"] += len(found.unserved)
        met["triggers"] += len(found.triggers)
        met["held back by cooldown"] += sum("cooldown" in t.held_back for t in found.triggers)
        met["held back by at_most"] += sum("at_most" in t.held_back for t in found.triggers)
        met["fired before"] += sum(bool(t.fired_before) for t in found.triggers)
        met["fired, does not hold"] += sum(bool(t.fired and not t.since) for t in found.triggers)
        met["holds, not fired"] += sum(bool(t.since and not t.fired) for t in found.triggers)
        met.update(past=found.past, beyond=found.beyond, closed=found.closed, skipped=found.skipped)
        met.update(kind_of(row.reason) for row in found.unserved)
        met["a NUL in the id"] += sum(task.account_id == "a\0b" for task in found.tasks)
        met["values"] += sum("(" in task.because for task in found.tasks)
        met["repeated"] += sum("#" in task.occurrence for task in found.tasks)
        met["ratios"] += sum("/" in task.occurrence for task in found.tasks)
        met["fallen back"] += sum(task.role == "lead" for task in found.tasks)
    assert {what: met[what] for what, least in LEAST.items() if met[what] < least * len(seeds) / 240} == {}


LEAST = {  # of 240 workspaces, which differ much
    "tasks": 8_000, "unserved": 20_000, "triggers": 1_000, "past": 30_000, "beyond": 20_000, "closed": 1_000, "skipped": 500,
    "standing": 1_000, "waiting": 500, "not waiting": 100, "pushed": 200,
    "values": 5_000, "repeated": 5_000, "ratios": 40, "fallen back": 1_000, "a NUL in the id": 100,
    "`for` cannot": 1_000, "`when` cannot": 500, "there is no date": 1_000, "there is no value": 500,
    "holds, not fired": 500, "fired, does not hold": 100, "fired before": 300, "held back by cooldown": 30,
    "held back by at_most": 10, "there is no day": 100, "the repeat from": 500, "from leaves": 1_000,
    "`interval` cannot": 300, "nobody holds": 5_000, "people hold": 500, "who has the duty": 150, "the account has": 400,
}  # fmt: skip


def kind_of(reason: str) -> str:
    starts = [what for what in LEAST if reason.startswith(what)]
    if starts:
        return starts[0]
    return "people hold" if " people hold" in reason else "from leaves" if reason[0] in "+-" else reason
