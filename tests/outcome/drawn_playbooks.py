"""Playbooks, accounts, assignments and what fired before, drawn by a seeded generator."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from granger.engine.outcome.tasks.triggers import Fired, Remembered

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
