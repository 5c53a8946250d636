"""Tasks in columns are the tasks of the reference, field by field: on the bundled packs, the cases, and drawn playbooks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any

import granger
import polars as pl
import pytest
from granger.engine.outcome.tasks.calendar import Calendars
from granger.engine.outcome.tasks.columns import TaskColumns, tasks_in_columns
from granger.engine.outcome.tasks.schedule import each
from granger.engine.outcome.tasks.standing import NOTHING_STANDS, Standing
from granger.engine.outcome.tasks.told import _task_ids
from granger.engine.outcome.tasks.touches import WAITING, Task, Tasks, Unserved, task_id, tasks
from granger.engine.outcome.tasks.triggers import Fired, Key, Remembered, Trigger, parted
from granger.engine.periods import Duration
from granger.engine.policy.model import Playbook
from granger.engine.program.columns import ByReference
from granger.engine.program.evaluate import Book
from granger.engine.runners.books import Books
from granger.engine.tables.read import read_tables

ROOT = Path(__file__).resolve().parent.parent.parent
Workspace = Callable[[Mapping[str, str]], Path]


def same(
    book: Book, calendars: Calendars, horizon: Duration, fired: Fired, standing: Standing = NOTHING_STANDS
) -> Tasks:
    """The reference's tasks, after columns found the same."""
    expected = tasks(book, calendars, horizon, fired, standing=standing)
    found = tasks_in_columns(ByReference(book), calendars, horizon, fired, standing)
    for frame, rows, record in (
        (found.tasks, expected.tasks, Task),
        (found.unserved, expected.unserved, Unserved),
        (found.triggers, expected.triggers, Trigger),
    ):
        names = [column.name for column in fields(record)]
        assert frame.columns == names
        assert frame.rows() == [attrgetter(*names)(row) for row in rows]
    for count in ("past", "beyond", "closed", "skipped"):
        assert getattr(found, count) == getattr(expected, count), count
    return expected


def of(found: Sequence[Task]) -> Standing:
    return Standing((t.policy, t.play, t.task, t.account_id, t.occurrence) for t in found)


def books(pack: granger.Pack, as_of: date, tables: Mapping[str, Any] | None = None) -> Books:
    """Over these tables, or those that the workspace names."""
    shapes = pack.policies.workspace.shapes.values()
    sources = {shape.name: pack.folder / shape.file for shape in shapes if shape.file} if tables is None else tables
    return Books(pack.policies, read_tables(shapes, sources, as_of=as_of).tables)


def remembered(triggers: Iterable[Trigger]) -> dict[Key, Remembered]:
    """What the next run is told."""
    return {
        (t.policy, t.play, t.account_id): Remembered(t.since, t.fired, parted(t.fired_before), t.completed)
        for t in triggers
    }


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


TOP = """\
kind: workspace
name: w
currency: EUR
calendar: {country: CN}
roles:
  csm: {fallback: [lead]}
  lead: {}
  onboarding: {fallback: [csm, lead]}
tables:
  accounts:
    key: account_id
    fields:
      account_id: text
      name: {required: false}
      start: {kind: date, required: false}
      end: {kind: date, required: false}
      hot: {kind: boolean, required: false}
      live: {kind: boolean, required: false}
      size: {kind: number, required: false}
      other: {kind: number, required: false}
      amount: {kind: money, required: false}
      part: {kind: percent, scale: 100, required: false}
      contract: {required: false}
      friend: {kind: person, required: false}
  people:
    key: person
    fields: {person: person}
  assignments:
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts, on_unknown: ignore}
      role: text
      person: {refers_to: people, on_unknown: ignore}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
"""
LIBRARY = """\
kind: library
name: figures
effective: {from: 2020-01-01}
settings:
  limit: {value: 3}
measures:
  ratio: {value: size / other}
  growth: {value: size / other - 100%}
  cost: {value: amount / other}
duties:
  contact: [{role: onboarding, when: size > limit}, {role: csm, when: hot or live}, {role: lead}]
  night: [{role: lead, when: as_of < start}, {role: csm}]
"""
CONDITIONS = [
    "hot",
    "not live",
    "size > limit",
    "is_missing(friend)",
    "hot or size > 2",
    "ratio >= 1/3",
    "growth < 20%",
]
CONDITIONS += [
    "contract != 'C-1'",
    "amount > 5 and part > 1%",
    "end > start",
    "cost > 1",
    "not is_missing(start)",
    "true",
]
ANCHORS = ["start", "start", "end", "add_days(start, 30)", "coalesce(end, start)", "start if hot else end"]
ANCHORS += ["add_months(end, -3)", "as_of", "held_since(csm)"]
ENDS = ["end", "end", "date('2027-03-01')", "add_months(start, 6)", "coalesce(end, start)"]
PARTS: dict[str, list[dict[str, Any]]] = {
    "daily": [{"byday": ["TU", "FR"]}, {"bymonth": [9, 10]}, {"bymonthday": [1, -1]}],
    "weekly": [{"byday": ["MO", "WE", "SU"]}, {"byday": ["MO", "TH"], "bysetpos": [-1]}, {"bymonth": [10, 11, 2]}],
    "monthly": [
        {"byday": ["1FR", "-1FR", "MO"]},
        {"bymonthday": [1, 31, -1]},
        {"byday": ["MO", "TU", "WE", "TH", "FR"], "bysetpos": [1, -1]},
        {"byday": ["FR"], "bymonthday": [13, 9, 2]},
    ],
    "yearly": [{"bymonth": [2, 10], "bymonthday": [31, -30]}, {"byday": ["40MO", "MO"]}, {"bymonth": [10, 11]}],
}
EXDATES = ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-30", "2026-11-30"]
PER = ["contract", "size", "ratio", "hot", "start", "amount", "part", "growth", "csm", "limit"]
OWNERS = ["csm", "lead", "onboarding", "contact", "night", "friend", "friend"]
ROLLS = ["none", "following", "preceding", "modified_following", "nearest"]
BECAUSE = ["it burns", "說明, \"quoted\"; '=1+1'", "(why)"]
NAMES = ["Acme", "=SUM(A1)", 'say "hi", you', "日本", "two\nlines", ""]
AS_OF = date(2026, 9, 30)


class Drawn:
    """A workspace drawn by a seeded generator: playbooks, accounts, assignments, what fired before.

    Some have days at both ends of the calendar (``extreme``); where a run or a horizon can be there (``endless``) no
    repeat is long, or the reference would count for hours.
    """

    def __init__(self, seed: int) -> None:
        self.random, self.firing = Random(seed), Random(f"firing {seed}")
        self.extreme, self.endless = seed % 4 == 0, seed % 4 == 0 or seed % 20 == 7
        self.plays: list[tuple[str, str]] = []
        self.as_of = self.random.choice([AS_OF, AS_OF + timedelta(self.random.randint(-400, 400))])
        if seed % 20 == 7:
            self.as_of = self.random.choice([date.min, date.max, date.max - timedelta(20), date.min + timedelta(20)])
        self.ids = [f"A{i}" for i in range(40)] + ["=b", "a,\"b'", "ä", "日", "\U0001f600", "a\0b", "Ab", " "]
        self.random.shuffle(self.ids)

    def maybe(self, share: float) -> bool:
        return self.random.random() < share

    def workspace(self) -> dict[str, str]:
        books = {f"book{i}.yaml": self._playbook(name) for i, name in enumerate(("b", "B", "ä"))}
        return {"granger.yaml": TOP, "library.yaml": LIBRARY, **books}

    def _playbook(self, name: str) -> str:
        top: dict[str, Any] = {"kind": "playbook", "name": name, "effective": {"from": "2020-01-01"}}
        if self.maybe(0.4):
            top["horizon"] = self.random.choice(["60 days", "2 years", {"before": "2026-12-24"}])
            top["horizon"] = "99999 years" if self.endless and self.maybe(0.4) else top["horizon"]
        if self.maybe(0.5):
            top["because"] = self.random.choice(BECAUSE)
        names = self.random.sample(["p", "q", "P", "p, 2", "ß"], self.random.randint(1, 3))
        self.plays += [(name, play) for play in names]
        return json.dumps({**top, "plays": [self._play(play) for play in names]}, ensure_ascii=False)

    def _play(self, name: str) -> dict[str, Any]:
        play: dict[str, Any] = {"play": name}
        for key, share, values in (("for", 0.5, CONDITIONS), ("when", 0.4, CONDITIONS), ("anchor", 0.8, ANCHORS)):
            if self.maybe(share):
                play[key] = self.random.choice(values)
        if not {"anchor", "when"} & play.keys():
            play["anchor"] = "start"
        if "when" in play:
            play |= self._firing()
        if self.maybe(0.4):
            play["per"] = self.random.choice(PER)
        if self.maybe(0.6):
            play["repeat"] = self._repeat(self.endless or "held_since" in play.get("anchor", ""))
            if "when" in play and not {"before", "until", "count"} & play["repeat"].keys():
                play["repeat"]["until"] = self.random.choice(ENDS)
        if self.maybe(0.3):
            play["because"] = self.random.choice(BECAUSE)
        tasks = self.random.sample(["call", "Call", "写信", "x,y", "z"], self.random.randint(1, 4))
        touches = [self._touch(task) for task in tasks]
        for i, touch in enumerate(touches[1:], start=1):
            if self.maybe(0.3):
                touch["after"] = tasks[self.random.randrange(i)]
        self.random.shuffle(touches)
        return {**play, "touches": touches}

    def _firing(self) -> dict[str, Any]:
        keys: dict[str, Any] = {
            "trigger": self.firing.choice(["edge", "level"]),
            "lasting": self.firing.choice(["0 days", "1 day", "2 weeks", "9999 years"]),
            "cooldown": self.firing.choice(["1 day", "30 days", "1 month", "9999 years"]),
            "cooldown_from": self.firing.choice(["trigger", "completion"]),
            "at_most": {
                "times": self.firing.randint(1, 3),
                "during": self.firing.choice(["1 day", "20 days", "1 month"]),
            },
        }
        drawn = {key: value for key, value in keys.items() if self.firing.random() < 0.4}
        return drawn if "cooldown" in drawn else {key: drawn[key] for key in drawn if key != "cooldown_from"}

    def _repeat(self, short: bool) -> dict[str, Any]:
        freq = self.random.choice(["daily", "weekly", "monthly", "yearly"])
        repeat: dict[str, Any] = {"freq": freq, "interval": self.random.choice([1, 1, 2, 3, 7])}
        if freq == "daily":
            repeat["interval"] = self.random.choice([9, 30, 300])
        if freq in ("monthly", "yearly"):
            repeat["on_missing_day"] = self.random.choice(["clamp", "skip"])
        if self.maybe(0.7):
            counts = ["1 month", "-2 months", "10 days", "-3 weeks", "1 year", "-9999 years", "9000 years"]
            repeat["first"] = self.random.choice(counts)
        if short:
            repeat |= self.random.choice([{"count": 40}, {"count": 2}, {"freq": "yearly", "until": "end"}])
            repeat["on_missing_day"] = self.random.choice(["clamp", "skip"])
        elif self.maybe(0.7):
            key = self.random.choice(["before", "until", "count"])
            repeat[key] = self.random.randint(1, 9) if key == "count" else self.random.choice(ENDS)
        if self.maybe(0.35):
            repeat |= self._parts(repeat["freq"])
        if "count" not in repeat and self.maybe(0.3):
            first, second = self.random.sample(CONDITIONS, 2)
            repeat["interval"] = [
                {"interval": repeat["interval"], "when": first}, {"interval": 2, "when": second}, {"interval": 5}
            ]  # fmt: skip
        return repeat

    def _parts(self, freq: str) -> dict[str, Any]:
        """By-parts that come to something, and days left out."""
        parts = self.random.choice(PARTS[freq])
        return parts | ({"exdate": self.random.sample(EXDATES, 2)} if self.maybe(0.4) else {})

    def _touch(self, task: str) -> dict[str, Any]:
        touch: dict[str, Any] = {"task": task, "owner": self.random.choice(OWNERS), "roll": self.random.choice(ROLLS)}
        if self.maybe(0.7):
            unit = self.random.choice(["days", "weeks", "months", "years", "business days"])
            most = {"days": 90, "weeks": 12, "months": 9, "years": 2, "business days": 30}[unit]
            touch["due"] = f"{self.random.randint(-most, most)} {unit}"
        if self.extreme and self.maybe(0.2):
            touch["due"] = self.random.choice(["9000 years", "-3000 years", "-99999 weeks"])
        if self.maybe(0.3):
            touch["close_when"] = self.random.choice(CONDITIONS)
        if self.maybe(0.2):
            touch["skip_when"] = self.random.choice(CONDITIONS)
        if self.maybe(0.3):
            touch |= {"because": self.random.choice(BECAUSE), "activity": "call", "priority": "high"}
        if self.maybe(0.3):
            touch |= {"minutes": self.random.randint(0, 90), "channel": "phone"}
        return touch

    def day(self) -> date:
        if self.extreme and self.maybe(0.05):
            return self.random.choice([date.min, date.min + timedelta(40), date.max, date.max - timedelta(40)])
        day = AS_OF + timedelta(self.random.randint(-500, 500))
        return day if self.maybe(0.7) else self.random.choice([date(2024, 2, 29), date(2026, 1, 31), AS_OF])

    def number(self) -> str:
        numbers = ["0", "-2", "3", "2.5", "1234567.125", "0.0005", "18446744073709551616", "99999999977", "99999999943"]
        return self.random.choice([*numbers, str(self.random.randint(1, 12))])

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        accounts = [dict(self._account(account_id)) for account_id in self.ids]
        people = ["ann", "bob", "Cat", "=dan", "ö"]
        assignments = [
            {
                "account_id": account_id,
                "role": role,
                "person": self.random.choice(people),
                "starts_on": self.day() if self.maybe(0.4) else None,
                "ends_on": self.day() if self.maybe(0.4) else None,
            }
            for account_id in self.ids
            for role in self.random.choices(["csm", "csm", "lead", "onboarding"], k=self.random.randint(0, 4))
        ]
        for row in assignments:
            if row["starts_on"] and row["ends_on"]:
                row["starts_on"], row["ends_on"] = sorted((row["starts_on"], row["ends_on"]))
        return {"accounts": accounts, "people": [{"person": p} for p in people], "assignments": assignments}

    def _account(self, account_id: str) -> Iterator[tuple[str, Any]]:
        yield "account_id", account_id
        drawing: dict[str, Callable[[], Any]] = {
            "name": lambda: self.random.choice(NAMES),
            "start": self.day,
            "end": self.day,
            "hot": lambda: self.maybe(0.6),
            "live": lambda: self.maybe(0.4),
            "size": self.number,
            "other": self.number,
            "amount": lambda: self.random.choice(["0.01", "-5", "7.50", "1000000"]),
            "part": lambda: self.random.choice(["0", "12.5", "-3", "99.999"]),
            "contract": lambda: self.random.choice(["C-1", "C-2", "=C", 'C"3"', "合同"]),
            "friend": lambda: self.random.choice(["ann", "Zoë", "=eve"]),
        }
        for name, draw in drawing.items():
            yield name, draw() if self.maybe(0.85) else None

    def yesterday(self) -> date:
        """Mostly some weeks before the run, so that many tasks are overdue or have moved out of sight."""
        return date.fromordinal(max(self.as_of.toordinal() - self.random.randint(0, 300), 1))

    def near(self) -> date:
        """A day around that of the run."""
        near = timedelta(self.random.randint(-40, 10))
        inside = self.as_of.toordinal() + near.days in range(1, date.max.toordinal() + 1)
        return self.as_of + near if inside else self.day()

    def fired(self) -> Fired:
        found = {}
        for policy, play in [*self.plays, ("other", "p")]:
            for account_id in self.random.sample([*self.ids, "gone"], 25):
                since, *days = sorted(self.near() for _ in range(self.random.randint(1, 4)))
                fired = days.pop() if days and self.maybe(0.7) else None
                done = self.near() if self.maybe(0.3) else None
                found[policy, play, account_id] = Remembered(
                    since if self.maybe(0.6) else None, fired, tuple(days), done
                )
        return found if self.maybe(0.7) else {}


CASES = 60


def test_drawn_playbooks(workspace: Workspace) -> None:
    met = Counter[str]()
    for seed in range(CASES):
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
    assert {what: met[what] for what, least in LEAST.items() if met[what] < least} == {}


LEAST = {
    "tasks": 8_000, "unserved": 20_000, "triggers": 1_000, "past": 30_000, "beyond": 20_000, "closed": 1_000, "skipped": 500,
    "standing": 1_000, "waiting": 500, "not waiting": 100, "pushed": 200,
    "values": 5_000, "repeated": 5_000, "ratios": 40, "fallen back": 1_000, "a NUL in the id": 100,
    "`for` cannot": 1_000, "`when` cannot": 500, "there is no date": 1_000, "there is no value": 500,
    "holds, not fired": 500, "fired, does not hold": 100, "fired before": 300, "held back by cooldown": 30,
    "held back by at_most": 10, "there is no day": 100, "the repeat from": 500, "from leaves": 1_000,
    "`interval` cannot": 300, "nobody holds": 5_000, "people hold": 500, "who has the duty": 250, "the account has": 400,
}  # fmt: skip


def kind_of(reason: str) -> str:
    starts = [what for what in LEAST if reason.startswith(what)]
    if starts:
        return starts[0]
    return "people hold" if " people hold" in reason else "from leaves" if reason[0] in "+-" else reason


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
    parts = {"play": head} | {str(i): [row[i] for row in texts] for i in (2, 3, 4)}
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
