"""A book of business in the course of days: what customers, people and RevOps do between one run and the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import granger
import polars as pl
from granger.engine.outcome.tasks.touches import DONE, OPEN, SNOOZED, Task
from granger.engine.outcome.tasks.triggers import Remembered, parted
from granger.engine.outcome.tasks.yesterday import Ended, Known, Yesterday
from granger.engine.policy.pack import Policies
from granger.engine.runners.memory import COLUMNS, Outcome, Request, run
from granger.engine.tables.read import Tables, read_tables

from .policy import TOP, edits, playbook, plays

Row = dict[str, Any]


TEXT, DAY = pl.String, pl.Date
SCHEMAS: dict[str, dict[str, Any]] = {
    "accounts": {
        **dict.fromkeys(("account_id", "name", "contract"), TEXT),
        "signed_on": DAY,
        "renewal_on": DAY,
        "tickets": pl.Int64,
        "usage": pl.Int64,
        "live": pl.Boolean,
    },
    "people": dict.fromkeys(("person", "working_week", "country"), TEXT),
    "time_off": {"person": TEXT, "starts_on": DAY, "ends_on": DAY, "substitute": TEXT},
    "assignments": {**dict.fromkeys(("account_id", "role", "person"), TEXT), "starts_on": DAY, "ends_on": DAY},
    "activities": {"account_id": TEXT, "activity": TEXT, "done_on": DAY, "task_id": TEXT},
}


EXPORTED = timedelta(120)
"""How far back the export of activities goes."""

COUNTRIES = {2: "FR", 4: "CN"}


def person(i: int, name: str) -> Row:
    """Every fourth works four days a week, every tenth in France and every tenth in China."""
    week, country = ("MO TU WE TH" if i % 4 == 1 else None), COUNTRIES.get(i % 10)
    return {"person": name, "working_week": week, "country": country}


class World:
    """``met`` counts what was done, so that a test can say that it was done often. ``busy``: how many times as much
    happens in a day as in a large book, but for tasks that are done."""

    def __init__(
        self,
        seed: int,
        folder: Path,
        *,
        accounts: int,
        people: int,
        start: date,
        reading: str,
        horizon: str = "30 days",
        busy: int = 1,
    ) -> None:
        self.seed, self.random, self.folder, self.reading = seed, Random(seed), folder, reading
        self.frames, self.horizon, self.busy = reading == COLUMNS, horizon, busy
        self.today = start
        self.met = Counter[str]()
        self.people = [f"p{i:02}" for i in range(people)]
        self.staff = [person(i, name) for i, name in enumerate(self.people)]
        self.leads = self.people[: max(people // 8, 1)]
        self.accounts: dict[str, Row] = {}
        self.assignments: list[Row] = []
        self.activities: list[Row] = []
        self.time_off: list[Row] = []
        self.done_by_hand = set[str]()
        self.made = 0
        for _ in range(accounts):
            self.new_account(start - timedelta(self.random.randint(0, 360)))
        self.plays = plays()
        self.policies = self.load()
        self.known: dict[str, Known] = {}
        self.ended: Mapping[str, Ended] = {}
        self.fired: dict[tuple[str, str, str], Remembered] = {}

    # what there is

    def new_account(self, signed_on: date) -> None:
        self.made += 1
        name = f"A{self.made:05}"
        renewal = signed_on + timedelta(365)
        while renewal < self.today:
            renewal += timedelta(365)
        self.accounts[name] = {
            "account_id": name, "name": f"Customer {self.made}", "contract": f"{name}-{renewal.year}",
            "signed_on": signed_on, "renewal_on": renewal if self.random.random() < 0.95 else None,
            "tickets": self.random.randint(0, 5), "usage": self.random.randint(30, 100), "live": True,
        }  # fmt: skip
        for role, person in (("csm", self.random.choice(self.people)), ("lead", self.random.choice(self.leads))):
            self.assignments.append(
                {"account_id": name, "role": role, "person": person, "starts_on": date(2020, 1, 1), "ends_on": None}
            )

    def load(self) -> Policies:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "granger.yaml").write_text(TOP, encoding="utf-8")
        (self.folder / "plays.yaml").write_text(playbook(self.plays, self.horizon), encoding="utf-8")
        return granger.load(self.folder).policies

    def tables(self) -> Tables:
        sources: dict[str, Any] = {
            "accounts": list(self.accounts.values()),
            "people": self.staff,
            "time_off": self.time_off,
            "assignments": self.assignments,
            "activities": self.activities,
        }
        if self.frames:
            sources = {name: frame(name, rows) for name, rows in sources.items()}
        return read_tables(self.policies.workspace.shapes.values(), sources, as_of=self.today)

    # a run

    def run(self, tables: Tables, since: Yesterday, fired: Mapping[tuple[str, str, str], Remembered]) -> Outcome:
        parts = frozenset({"tasks"})
        request = Request(self.today, fired=fired, since=since, parts=parts, reading=self.reading)
        return run(self.policies, tables, request)

    def since(self) -> Yesterday:
        return Yesterday(dict(self.known), self.ended, "yesterday")

    def remember(self, outcome: Outcome) -> None:
        """What the next run is told, of tasks and of triggers."""
        result = remembered(outcome)
        self.known, self.ended = dict(result.known), result.ended
        self.fired = triggers(outcome)

    # what happens until the next run

    def pass_day(self) -> None:
        self.today += timedelta(1)
        self.activities = [row for row in self.activities if self.today - row["done_on"] < EXPORTED]
        self.customers()
        self.team()
        self.assign()
        self.holidays()

    def some(self, share: float, of: list[Any]) -> list[Any]:
        """About that share, and one or none where it is little."""
        wanted = share * len(of) * self.busy
        count = int(wanted) + (self.random.random() < wanted - int(wanted))
        return self.random.sample(of, min(count, len(of)))

    def customers(self) -> None:
        for row in self.some(0.01, list(self.accounts.values())):
            row["usage"] = self.random.choice([None, self.random.randint(10, 100), self.random.randint(30, 100)])
        for row in self.some(0.01, list(self.accounts.values())):
            row["tickets"] = self.random.choice([0, 0, 1, 3, 9])
        for row in self.some(0.002, list(self.accounts.values())):
            row["live"] = not row["live"]
            self.met["population"] += 1
        for row in self.some(0.002, list(self.accounts.values())):
            if row["renewal_on"] is not None:
                row["renewal_on"] += timedelta(self.random.choice([-40, -7, 3, 30, 200]))
                self.met["anchor moved"] += 1
        for row in self.accounts.values():
            if row["renewal_on"] is not None and row["renewal_on"] < self.today:
                row["renewal_on"] += timedelta(365)
                row["contract"] = f"{row['account_id']}-{row['renewal_on']}"
                self.met["renewed"] += 1
        for row in self.some(0.0005, list(self.accounts.values())):
            del self.accounts[row["account_id"]]
            self.met["account gone"] += 1
        for _ in self.some(0.0006, list(range(len(self.accounts)))):
            self.new_account(self.today)

    def assign(self) -> None:
        """Accounts change hands by the assignments table."""
        for row in self.some(0.002, [row for row in self.assignments if row["ends_on"] is None]):
            row["ends_on"] = self.today + timedelta(self.random.choice([0, 0, 1, 10]))
            people = self.leads if row["role"] == "lead" else self.people
            start = row["ends_on"]
            self.met["assigned"] += 1
            if self.random.random() < 0.1:
                self.met["left to nobody"] += 1
                continue
            self.assignments.append({**row, "person": self.random.choice(people), "starts_on": start, "ends_on": None})

    def holidays(self) -> None:
        """Somebody is away for some days, from today on or later, with somebody who stands in or without."""
        for person in self.some(0.02, self.people):
            start = self.today + timedelta(self.random.choice([0, 1, 10, 25]))
            other = self.random.choice(self.people) if self.random.random() < 0.5 else None
            end = start + timedelta(self.random.randint(0, 15))
            stands_in = other if other != person else None
            self.time_off.append({"person": person, "starts_on": start, "ends_on": end, "substitute": stands_in})
            self.met["time off with a substitute" if stands_in else "time off"] += 1

    def team(self) -> None:
        """People do their tasks, put them off, move them and hand them on; in granger's file or in a CRM."""
        near = [one for one in self.known.values() if one.status != DONE and one.due <= self.today + timedelta(3)]
        doing: list[tuple[float, Callable[[Known], None]]] = [
            (0.10 / self.busy, self.do), (0.10 / self.busy, self.act), (0.02, self.snooze), (0.02, self.move), (0.02, self.hand_on), (0.01, self.wake),
        ]  # fmt: skip
        for share, what in doing:
            for one in self.some(share, near):
                what(self.known[one.task_id])
        for one in self.some(0.002, list(self.known.values())):
            self.move(self.known[one.task_id])

    def do(self, one: Known) -> None:
        self.change(one, status=DONE)
        self.done_by_hand.add(one.task_id)
        self.met["done by hand"] += 1

    def act(self, one: Known) -> None:
        task = one.before
        if task is None or not task.activity:
            return
        named = task.task_id if self.random.random() < 0.3 else None
        day = self.today - timedelta(self.random.choice([0, 0, 1, 3]))
        self.activities.append(
            {"account_id": task.account_id, "activity": task.activity, "done_on": day, "task_id": named}
        )
        self.met["activity"] += 1

    def snooze(self, one: Known) -> None:
        until = self.today + timedelta(self.random.randint(1, 20)) if self.random.random() < 0.8 else None
        self.change(one, status=SNOOZED, snoozed_until=until)
        self.met["snoozed"] += 1

    def wake(self, one: Known) -> None:
        if one.status == SNOOZED:
            self.change(one, status=OPEN, snoozed_until=None)
            self.met["woken"] += 1

    def move(self, one: Known) -> None:
        if one.status != DONE:
            self.change(one, due=one.due + timedelta(self.random.choice([-5, 1, 2, 7, 20])))
            self.met["moved by hand"] += 1

    def hand_on(self, one: Known) -> None:
        self.change(one, owner=self.random.choice(self.people))
        self.met["handed on"] += 1

    def change(self, one: Known, **fields: Any) -> None:
        """A person changes the row of granger's own file, or the CRM's copy of it."""
        in_file = one.before is not None and self.random.random() < 0.5
        before = replace(one.before, **fields) if in_file and one.before is not None else one.before
        self.known[one.task_id] = replace(one, **fields, before=before)

    def edit(self, name: str) -> None:
        edits()[name](self.plays)
        self.policies = self.load()
        self.met[f"edit {name}"] += 1


def frame(name: str, rows: list[Row]) -> pl.DataFrame:
    """Rows as a caller with a large book brings them."""
    return pl.DataFrame(rows, schema=SCHEMAS[name], orient="row")


def known_of(task: Task) -> Known:
    return Known(
        task.task_id, task.status, task.due, task.owner, task.snoozed_until, task.done_on, task.closed_by, task
    )


def remembered(outcome: Outcome) -> Yesterday:
    """The result of a run as yesterday of the next."""
    return Yesterday(
        {task.task_id: known_of(task) for task in outcome.tasks}, {one.task_id: one for one in outcome.ended}, "result"
    )


def triggers(outcome: Outcome) -> dict[tuple[str, str, str], Remembered]:
    return {
        (t.policy, t.play, t.account_id): Remembered(t.since, t.fired, parted(t.fired_before), t.completed)
        for t in outcome.triggers
    }
