"""Who does a touch and on which day, by the calendars of people, their time off and queues: both readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import granger
import pytest
from granger.engine.outcome.tasks.calendar import Calendars
from granger.engine.periods import Duration

from .both_readings import books, same
from .drawn_playbooks import AS_OF, TOP, Drawn

Workspace = Callable[[Mapping[str, str]], Path]

PEOPLE = "fields: {person: person, country: {required: false}, subdivision: {required: false}, working_week: {required: false}}"
TIME_OFF = """\
  time_off:
    valid: {from: starts_on, until: ends_on}
    fields:
      person: {refers_to: people, on_unknown: ignore}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
      substitute: {refers_to: people, on_unknown: ignore, required: false}
"""
OWN = TOP.replace("fields: {person: person}", PEOPLE) + TIME_OFF
QUEUES = OWN.replace("csm: {fallback: [lead]}", "csm: {fallback: [lead, pool]}").replace(
    "  lead: {}\n", "  lead: {}\n  open: {queue: true}\n  pool: {queue: true}\n"
)
assert OWN.count("working_week") == 1 and QUEUES.count("queue: true") == 2


class Peopled(Drawn):
    """A drawn workspace whose people have places, weeks and time off; every third has queues."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.top = QUEUES if seed % 3 == 0 else OWN

    def workspace(self) -> dict[str, str]:
        return {**super().workspace(), "granger.yaml": self.top}

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        found = super().tables()
        persons = [row["person"] for row in found["people"]]
        places = [("CN", None), ("US", None), ("US", "CA"), ("DE", "BY"), (None, None), ("XX", None), (None, "QQ")]
        weeks = [None, None, "MO TU WE TH", "sa su", "WE", "MO TU X", ","]
        people = []
        for person in persons:
            country, subdivision = self.random.choice(places)
            people.append(
                {
                    "person": person,
                    "country": country,
                    "subdivision": subdivision,
                    "working_week": self.random.choice(weeks),
                }
            )
        off = [self._off(persons) for _ in range(self.random.randint(0, 12))]
        return {**found, "people": people, "time_off": off}

    def _off(self, persons: list[str]) -> dict[str, Any]:
        person, substitute = self.random.choice(persons), self.random.choice([*persons, None, None, "Zoë"])
        start = AS_OF + timedelta(self.random.randint(-100, 300))
        length = self.random.choice([-3, 1, 10, 30, 100, 500, None])
        return {
            "person": person,
            "starts_on": start if self.maybe(0.9) else None,
            "ends_on": start + timedelta(length) if length is not None else None,
            "substitute": substitute,
        }


@pytest.mark.parametrize("seeds", [range(6), pytest.param(range(6, 20), marks=pytest.mark.slow)])
def test_drawn_people(seeds: range, workspace: Workspace) -> None:
    met = Counter[str]()
    for seed in seeds:
        drawn = Peopled(seed)
        pack = granger.load(workspace(drawn.workspace()))
        book = books(pack, drawn.as_of, drawn.tables()).on(AS_OF, drawn.as_of)
        calendars = Calendars(pack.policies.workspace, book.tables)
        found = same(book, calendars, Duration(drawn.random.choice([30, 90, 400]), "days"), drawn.fired())
        met.update(finding.code for finding in calendars.findings)
        met["tasks"] += len(found.tasks)
        met["provisional"] += len(found.provisional)
        for what in LEAST:
            met[what] += sum(what in task.moved for task in found.tasks)
        met["in a queue"] += sum(task.owner in ("open", "pool") for task in found.tasks)
        plays = [(b.name, play) for b in book.program.force.playbooks for play in b.plays]
        rolls = {(name, play.name, t.task): t.roll for name, play in plays for t in play.touches}
        for task in found.tasks:
            if rolls[task.policy, task.play, task.task] != "none" and task.owner not in ("open", "pool"):
                assert calendars.is_worked(task.owner, task.due), (seed, task)
                met["on a day of the owner's"] += 1
        met["no working day"] += sum("no working day near" in row.reason for row in found.unserved)
    for what, least in LEAST.items():
        assert met[what] >= least * len(seeds) / 30, f"{what}: {met[what]}, {met}"


LEAST = {  # of 30 workspaces
    "tasks": 3_000, "on a day of the owner's": 1_500, "stands in for": 100, "is not a working day of": 100,
    " is off ": 100, "is a holiday in": 100,
    "nobody holds": 100, "people hold": 20, "not before": 10, "in a queue": 200, "no working day": 5,
    "provisional": 10, "time-off-backwards": 5, "own-substitute": 5, "place-unknown": 10,
    "weekday-unknown": 5, "week-without-day": 5,
}  # fmt: skip
