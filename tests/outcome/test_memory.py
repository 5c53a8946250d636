"""Tiers that are held and grades that settle: weeks of scores that come and go, held to a model of the whole history."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import granger
import pytest
from granger.engine.diagnostics import Cell

Workspace = Callable[[Mapping[str, str]], Path]

TOP = """\
kind: workspace
name: w
currency: EUR
tables:
  accounts:
    key: account_id
    fields:
      account_id: text
      want: {required: false}
      points: {kind: number, required: false}
      gap: {kind: number, required: false}
  overrides:
    valid: {until: until_on}
    fields:
      account_id: {refers_to: accounts}
      tier: text
      reason: text
      until_on: date
"""
FIRST = date(2026, 1, 1)
HOLDS = {"one": 10, "two": 25}
SETTLES = {"h": (Fraction(3), 4), "quick": (Fraction(0), 0), "long": (Fraction("5.5"), 9)}
GRADES: dict[str, list[dict[str, Any]]] = {
    "falling": [{"grade": "green", "from": 75}, {"grade": "yellow", "from": 50}, {"grade": "red"}],
    "rising": [{"grade": "red", "below": 50}, {"grade": "yellow", "below": 75}, {"grade": "green"}],
}
LEVELS = ["red", "yellow", "green"]


def written() -> dict[str, str]:
    rows = [{"tier": tier, "when": f"want == '{tier}'"} for tier in ("a", "b", "c")]
    tiers = [*rows, {"tier": "a", "when": "want == 'again'"}]
    some: dict[str, dict[str, Any]] = {
        f"{name}.yaml": {
            "kind": "segmentation", "name": name, "fact": name, "for": "want != 'out'", "hold": f"{days} days",
            "hit_policy": "first" if name == "one" else "unique", "tiers": tiers,
            "overrides": {"table": "overrides", "require": ["reason"]},
        }
        for name, days in HOLDS.items()
    }  # fmt: skip
    for name, (margin, days) in SETTLES.items():
        some[f"{name}.yaml"] = {
            "kind": "health", "name": name, "fact": name, "min_coverage": "60%",
            "measures": [
                {"measure": "points", "weight": "50%", "missing": "fail", "curve": [[0, 0], [100, 100]]},
                {"measure": "gap", "weight": "50%", "missing": "exclude", "curve": [[0, 0], [100, 100]]},
            ],
            "grades": GRADES["rising" if name == "long" else "falling"],
            "settle": {"margin": f"{float(margin):g} points", "lasting": f"{days} days"},
        }  # fmt: skip
    watching = {"tier": "alarm", "when": "h_grade == 'red' or one == 'c'"}
    some["watch.yaml"] = {
        "kind": "segmentation",
        "name": "watch",
        "fact": "watch",
        "tiers": [watching],
        "otherwise": "-",
    }
    texts = {name: json.dumps({**policy, "effective": {"from": "2020-01-01"}}) for name, policy in some.items()}
    return {"granger.yaml": TOP, **texts}


def level(score: Fraction) -> int:
    return 2 if score >= 75 else 1 if score >= 50 else 0


class Grade:
    """The settled grade of one account: ``days`` are the runs since it counts, with their scores."""

    def __init__(self, margin: Fraction, lasting: int) -> None:
        self.margin, self.lasting = margin, lasting
        self.level: int | None = None
        self.days: list[tuple[int, Fraction]] = []

    def asked(self, score: Fraction, settled: int) -> int | None:
        up, down = level(score - self.margin), level(score + self.margin)
        return up if up > settled else down if down < settled else None

    def run(self) -> list[tuple[int, int]]:
        """The last days without a break on which an edge of one side was passed, each with the level it asks for."""
        found: list[tuple[int, int]] = []
        for day, score in reversed(self.days):
            assert self.level is not None
            asked = self.asked(score, self.level)
            if asked is None or (found and (asked > self.level) != (found[0][1] > self.level)):
                break
            found.insert(0, (day, asked))
        return found

    def move(self, today: int, score: Fraction | None) -> tuple[str, int | None, str, int | None]:
        """Grade, since, pending, since."""
        if score is None:
            self.level, self.days = None, []
            return "", None, "", None
        self.days.append((today, score))
        if self.level is None:
            self.level = level(score)
            return LEVELS[self.level], today, "", None
        noted = self.run()
        if noted and today - noted[0][0] >= self.lasting:
            nearest = min if noted[0][1] > self.level else max
            self.level, self.days = nearest(asked for _, asked in noted), [(today, score)]
            noted = self.run()
        if not noted:
            return LEVELS[self.level], self.days[0][0], "", None
        nearest = min if noted[0][1] > self.level else max
        return LEVELS[self.level], self.days[0][0], LEVELS[nearest(a for _, a in noted)], noted[0][0]


class Tier:
    """The tier of one account by one policy."""

    def __init__(self, hold: int) -> None:
        self.hold, self.tier, self.since, self.by_hand = hold, "", 0, False

    def move(self, today: int, want: str, pinned: str) -> tuple[str, str, int | None]:
        """Tier, status, since."""
        rows = {"a": "a", "b": "b", "c": "c", "again": "a"}.get(want, "")
        kept = self.tier if self.tier and not self.by_hand and today < self.since + self.hold else ""
        status = "decided" if rows else {"": "undecided", "out": "out_of_scope"}.get(want, "unmatched")
        tier = rows
        if pinned:
            tier, status = pinned, "overridden"
        elif kept and kept != rows and want != "out":
            tier, status = kept, "held"
        if tier != self.tier:
            self.since = today
        self.tier, self.by_hand = tier, bool(pinned)
        return tier, status, self.since if tier else None


class Accounts:
    """Drawn accounts: what they want and score changes now and then."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.ids = [f"a{i:02}" for i in range(24)]
        self.want = dict.fromkeys(self.ids, "a")
        self.points = {each: Fraction(self.random.randint(300, 1_000), 10) for each in self.ids}
        self.pinned: dict[str, str] = {}
        self.gap: set[str] = set()

    def step(self) -> None:
        for each in self.ids:
            if self.random.random() < 0.12:
                self.want[each] = self.random.choice(["a", "b", "c", "again", "none", "out", "", "a", "b"])
            step = self.random.choice([0, 1, -1, 20, -20, 55, -55, 200, -200, 400])
            if self.random.random() < 0.4:
                self.points[each] = min(max(self.points[each] + Fraction(step, 10), Fraction(0)), Fraction(100))
            if self.random.random() < 0.02:
                self.points[each] = Fraction(self.random.choice([72, 75, 78, 50, 47, 53, 90, 20]))
            if self.random.random() < 0.04:
                self.pinned[each] = self.random.choice("abc")
            elif self.random.random() < 0.3:
                self.pinned.pop(each, None)
            self.gap = {each for each in self.ids if self.random.random() < 0.02}

    def tables(self) -> dict[str, Any]:
        accounts = [
            {
                "account_id": each,
                "want": self.want[each] or None,
                "points": str(float(self.points[each])),
                "gap": None if each in self.gap else str(float(self.points[each])),
            }
            for each in self.ids
        ]
        pins = [
            {"account_id": each, "tier": tier, "reason": "so", "until_on": "2030-01-01"}
            for each, tier in self.pinned.items()
        ]
        return {"accounts": accounts, "overrides": pins}


def day(number: int | None) -> date | None:
    return FIRST + timedelta(number) if number is not None else None


@pytest.mark.parametrize(("seed", "days"), [(1, 20), *(pytest.param(n, 30, marks=pytest.mark.slow) for n in (0, 1))])
def test_weeks_of_memory_against_a_model(seed: int, days: int, workspace: Workspace, tmp_path: Path) -> None:
    """With ``seed`` 1 there are days without a run."""
    pack, met = granger.load(workspace(written())), Counter[str]()
    drawn = Accounts(seed)
    tiers = {(policy, each): Tier(hold) for policy, hold in HOLDS.items() for each in drawn.ids}
    grades = {(name, each): Grade(*settle) for name, settle in SETTLES.items() for each in drawn.ids}
    previous: Path | None = None
    for today in range(days):
        if seed == 1 and drawn.random.random() < 0.4:
            continue
        drawn.step()
        as_of, tables = FIRST + timedelta(today), drawn.tables()
        run, other = (
            pack.run(tables, as_of=as_of, previous=previous, reading=reading) for reading in ("reference", "columns")
        )
        for name in ("segments", "health"):
            assert list(getattr(run.outcome, name)) == list(getattr(other.outcome, name)), (seed, today, name)
        assert [d.code for d in run.findings] == (["decided-afresh"] * 5 if previous is None else [])
        of_day: dict[str, dict[str, str]] = {name: {} for name in (*HOLDS, *SETTLES)}
        for row in run.outcome.segments:
            if row.policy in HOLDS:
                expected = tiers[row.policy, row.account_id].move(
                    today, drawn.want[row.account_id], drawn.pinned.get(row.account_id, "")
                )
                assert (row.tier, row.status, row.since) == (*expected[:2], day(expected[2])), (seed, today, row)
                of_day[row.policy][row.account_id] = row.tier
                met[row.status] += 1
        for score in run.outcome.health:
            each = score.account_id
            known = drawn.points[each] if each not in drawn.gap else None
            grade, since, pending, noted = grades[score.policy, each].move(today, known)
            found = (score.grade, score.grade_since, score.pending_grade, score.pending_since)
            assert found == (grade, day(since), pending, day(noted)), (seed, today, score)
            of_day[score.policy][each] = grade
            met["pending"] += bool(pending)
            met["settled to another"] += since == today and len(grades[score.policy, each].days) == 1
            met["not that of the day"] += "not settled" in score.because
        watched = {row.account_id: row.tier for row in run.outcome.segments if row.policy == "watch"}
        for each, tier in watched.items():
            if of_day["h"][each] and of_day["one"][each]:
                assert tier == ("alarm" if of_day["h"][each] == "red" or of_day["one"][each] == "c" else "-")
                met["read by others"] += 1
        previous = tmp_path / f"{seed} {today}"
        run.write(previous)
        if today % 6:
            continue
        again = pack.run(tables, as_of=as_of, previous=previous)
        assert again.outcome.segments == run.outcome.segments
        assert again.outcome.health == run.outcome.health

    for what, least in LEAST.items():
        assert met[what] >= least * days / 100, f"{what}: {met[what]} of {met}"


LEAST = {  # of 100 days
    "decided": 800, "held": 150, "overridden": 120, "unmatched": 10, "undecided": 10, "out_of_scope": 80,
    "pending": 250, "settled to another": 150, "not that of the day": 300, "read by others": 600,
}  # fmt: skip


SEGMENTS = "policy,fact,account_id,tier,since,status,gives,because,missing,source\r\n"
OLD_SEGMENTS = SEGMENTS.replace("since,", "")
HEALTH = "policy,fact,account_id,score,grade,grade_since,pending_grade,pending_since,coverage,status,because,missing,source\r\n"
OLD_HEALTH = HEALTH.replace("grade_since,pending_grade,pending_since,", "")


@pytest.mark.parametrize(
    ("name", "text", "code", "row"),
    [
        ("segments.csv", OLD_SEGMENTS, "previous-of-old", 1),
        ("segments.csv", "a,b\r\n", "previous-unreadable", 1),
        ("segments.csv", SEGMENTS + "one,one,a00,a,soon,decided,,,,\r\n", "previous-unreadable", 2),
        ("segments.csv", SEGMENTS + "one,one\r\n", "previous-unreadable", 2),
        ("health.csv", OLD_HEALTH, "previous-of-old", 1),
        ("health.csv", HEALTH + "h,h,a00,1,red,2026-01-01,,never,,scored,,,\r\n", "previous-unreadable", 2),
    ],
)
def test_a_previous_run_that_cannot_be_read(
    name: str, text: str, code: str, row: int, workspace: Workspace, tmp_path: Path
) -> None:
    pack, tables = granger.load(workspace(written())), Accounts(0).tables()
    pack.run(tables, as_of=FIRST, parts=("segments", "tasks")).write(tmp_path / "run")
    (tmp_path / "run" / name).write_text(text)
    with pytest.raises(granger.RequestRejected) as refused:
        pack.run(tables, as_of=FIRST, previous=tmp_path / "run")
    (found,) = refused.value.diagnostics
    place = found.place
    assert isinstance(place, Cell)
    assert (found.code, place.file, place.row) == (code, name, row)


def test_a_run_of_tasks_alone_says_nothing_of_tiers(workspace: Workspace, tmp_path: Path) -> None:
    pack, tables = granger.load(workspace(written())), Accounts(0).tables()
    pack.run(tables, as_of=FIRST, parts=("tasks",)).write(tmp_path / "run")
    found = pack.run(tables, as_of=FIRST, previous=tmp_path / "run").findings
    assert [(d.code, d.is_error) for d in found] == [("decided-afresh", False)] * 5


def test_what_is_held_and_not_settled_is_explained(workspace: Workspace, tmp_path: Path) -> None:
    pack, account = granger.load(workspace(written())), {"account_id": "a", "want": "a", "points": "80", "gap": "80"}
    pack.run({"accounts": [account], "overrides": []}, as_of=FIRST).write(tmp_path / "run")
    account |= {"want": "b", "points": "60", "gap": "60"}
    later = FIRST + timedelta(2)
    run = pack.run({"accounts": [account], "overrides": []}, as_of=later, previous=tmp_path / "run")
    text = granger.tree_text(run.explain("account", "a"))
    assert "held until 2026-01-11, whatever the rows say" in text
    assert "h_grade = green" in text and "yellow since 2026-01-03, not settled" in text
    assert "counts since 2026-01-01" in text
