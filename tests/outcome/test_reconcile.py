"""Today's tasks met with yesterday's, rule by rule: what a person did holds, what nobody touched follows the policy."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import granger
import pytest
from granger.engine.outcome.tasks.planned import Planned
from granger.engine.outcome.tasks.touches import DONE, OPEN, SNOOZED, WAITING, Task
from granger.engine.outcome.tasks.yesterday import Ended, Known, Yesterday
from granger.engine.runners.memory import Outcome, Request, run
from granger.engine.tables.read import read_tables

Workspace = Callable[[Mapping[str, str]], Path]

TOP = """\
kind: workspace
name: w
currency: EUR
calendar: {country: DE}
roles: {csm: {}, lead: {}, boss: {}}
tables:
  accounts:
    key: account_id
    fields: {account_id: text, on: date, contract: text, hot: boolean, met: boolean}
  assignments:
    valid: {from: starts_on, before: ends_on}
    fields: {account_id: text, role: text, person: person, starts_on: date, ends_on: {kind: date, required: false}}
  people: {key: person, fields: {person: person}}
  time_off:
    valid: {from: starts_on, until: ends_on}
    fields: {person: person, starts_on: date, ends_on: date, substitute: {kind: person, required: false}}
  activities:
    fields:
      account_id: text
      activity: text
      done_on: date
      task_id: {required: false}
      activity_id: {required: false}
"""
ANN = {"account_id": "a", "role": "csm", "person": "ann", "starts_on": date(2026, 1, 1), "ends_on": None}
LEAD, BOSS = {**ANN, "role": "lead", "person": "lea"}, {**ANN, "role": "boss", "person": "bo"}
ACCOUNT = {"account_id": "a", "on": date(2026, 9, 10), "contract": "c", "hot": True, "met": False}
MONDAY = date(2026, 9, 7)
PLAY = {"play": "p", "anchor": "on", "per": "contract", "touches": [{"task": "t", "owner": "csm"}]}


TABLES = ("accounts", "people", "assignments", "time_off", "activities")


class Days:
    """Runs of one small workspace, each met with the result of the one before it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.accounts: list[dict[str, Any]] = [dict(ACCOUNT)]
        self.assignments: list[dict[str, Any]] = [ANN, LEAD, BOSS]
        self.activities: list[dict[str, Any]] = []
        self.time_off: list[dict[str, Any]] = []
        self.people = [{"person": person} for person in ("ann", "bo", "cat", "lea")]
        self.plays: list[dict[str, Any]] = [PLAY]
        self.known: dict[str, Known] = {}
        self.ended: Mapping[str, Ended] = {}

    def run(self, day: date, *, reading: str = "reference") -> Outcome:
        book = {"kind": "playbook", "name": "b", "effective": {"from": "2020-01-01"}, "plays": self.plays}
        policies = granger.load(self.workspace({"granger.yaml": TOP, "b.yaml": json.dumps(book)})).policies
        sources = {name: getattr(self, name) for name in TABLES}
        read = read_tables(policies.workspace.shapes.values(), sources, as_of=day)
        request = Request(day, since=Yesterday(self.known, self.ended), parts=frozenset({"tasks"}), reading=reading)
        outcome = run(policies, read, request)
        if reading == "reference":
            assert shown(self.run(day, reading="columns")) == shown(outcome)
            self.remember(outcome)
        return outcome

    def remember(self, outcome: Outcome) -> None:
        self.known = {task.task_id: known_of(task) for task in outcome.tasks}
        self.ended = {one.task_id: one for one in outcome.ended}

    def touches(self, *touches: dict[str, Any], **play: Any) -> None:
        self.plays = [{**PLAY, **play, "touches": [{"owner": "csm", **touch} for touch in touches]}]

    def by_hand(self, task: Task, **fields: Any) -> None:
        """A person changes a task in the CRM."""
        self.known[task.task_id] = replace(self.known[task.task_id], **fields)


def shown(outcome: Outcome) -> tuple[object, ...]:
    return outcome.plan, outcome.tasks, outcome.ended


def known_of(task: Task) -> Known:
    return Known(
        task.task_id, task.status, task.due, task.owner, task.snoozed_until, task.done_on, task.closed_by, task
    )


def only(outcome: Outcome) -> Planned:
    assert outcome.plan is not None
    (step,) = outcome.plan
    return step


def steps(outcome: Outcome) -> dict[str, Planned]:
    assert outcome.plan is not None
    return {step.task.task: step for step in outcome.plan}


def told(step: Planned) -> tuple[str, date, str, str]:
    return step.action, step.task.due, step.task.owner, step.reason


@pytest.fixture
def days(workspace: Workspace) -> Days:
    return Days(workspace)


def test_a_task_is_made_once_and_kept(days: Days) -> None:
    first = days.run(MONDAY)
    assert told(only(first)) == ("create", date(2026, 9, 10), "ann", "")
    for day in (MONDAY, date(2026, 9, 8), date(2026, 9, 30)):  # long overdue, and open still
        again = days.run(day)
        assert told(only(again)) == ("keep", date(2026, 9, 10), "ann", "")
        assert again.tasks[0].opened_on == MONDAY and again.tasks[0].sequence == 0


def test_what_nobody_touched_follows_the_policy(days: Days) -> None:
    days.run(MONDAY)
    days.touches({"task": "t", "due": "+5 days", "minutes": 30, "priority": "high"})
    step = only(days.run(MONDAY))
    assert told(step) == ("update", date(2026, 9, 15), "ann", "due was 2026-09-10; priority was normal; minutes was 0")
    assert step.changed == ("due", "priority", "minutes") and step.task.sequence == 1
    days.assignments = [{**ANN, "person": "cat"}]
    assert told(only(days.run(MONDAY))) == ("update", date(2026, 9, 15), "cat", "owner was ann")


def test_a_date_that_moves_updates_its_task(days: Days) -> None:
    days.run(MONDAY)
    days.accounts[0]["on"] = date(2028, 1, 3)  # far beyond the horizon
    assert told(only(days.run(MONDAY)))[:2] == ("update", date(2028, 1, 3))


def test_a_persons_day_and_owner_hold_until_the_policy_wants_another(days: Days) -> None:
    (task,) = days.run(MONDAY).tasks
    days.by_hand(task, due=date(2026, 9, 12), owner="cat")
    step = only(days.run(MONDAY))
    assert told(step)[:3] == ("update", date(2026, 9, 12), "cat")  # calendars are told; set_due remembers
    assert (step.task.set_due, step.task.set_owner) == (date(2026, 9, 10), "ann")
    assert told(only(days.run(MONDAY)))[0] == "keep"
    days.touches({"task": "t", "due": "+5 days", "owner": "lead"})
    step = only(days.run(MONDAY))
    assert told(step) == (
        "conflict", date(2026, 9, 12), "cat",
        "the policy wants it due 2026-09-15; a person's 2026-09-12 holds; the policy gives it to lea; a person's cat holds; role was csm",
    )  # fmt: skip
    assert told(only(days.run(MONDAY)))[0] == "keep"  # said once
    days.by_hand(step.task, due=date(2026, 9, 15))
    assert told(only(days.run(MONDAY)))[:2] == ("update", date(2026, 9, 15))
    days.touches({"task": "t", "due": "+6 days", "owner": "lead"})
    assert told(only(days.run(MONDAY)))[:3] == ("update", date(2026, 9, 16), "cat")  # the day is the policy's again


def test_a_task_that_is_done_stays_until_its_day_is_over_and_is_never_made_again(days: Days) -> None:
    (task,) = days.run(MONDAY).tasks
    days.by_hand(task, status=DONE)
    step = only(days.run(MONDAY))
    assert told(step) == ("close", date(2026, 9, 10), "ann", "done on 2026-09-07")
    assert step.task.status == DONE and step.task.done_on == MONDAY
    assert told(only(days.run(date(2026, 9, 10))))[0] == "keep"
    after = days.run(date(2026, 9, 11))
    assert (after.plan, after.tasks) == ([], [])
    days.accounts[0]["on"] = date(2026, 10, 1)  # the same contract
    assert days.run(date(2026, 9, 11)).plan == []
    days.accounts[0]["contract"] = "d"
    assert told(only(days.run(date(2026, 9, 11))))[:2] == ("create", date(2026, 10, 1))


def test_what_ended_is_forgotten_a_year_after_its_day(days: Days) -> None:
    (task,) = days.run(MONDAY).tasks
    days.by_hand(task, status=DONE)
    days.run(MONDAY)
    assert days.run(date(2027, 9, 11)).ended and not days.run(date(2027, 9, 12)).ended


def gone(days: Days) -> str:
    """Why the one task is closed."""
    outcome = days.run(MONDAY)
    step = only(outcome)
    assert step.action == "close" and step.task.status == OPEN and outcome.tasks == []
    return step.reason


def test_the_reasons_for_closing(days: Days) -> None:
    def begun(**play: Any) -> None:
        days.known, days.ended, days.accounts = {}, {}, [dict(ACCOUNT)]
        days.plays = [{**PLAY, **play}]
        assert only(days.run(MONDAY)).action == "create"

    begun()
    days.plays = [{**PLAY, "play": "q", "anchor": "date('2020-01-01')"}]
    assert gone(days) == "the play p is not in the policy any more"
    begun()
    days.touches({"task": "u", "due": "-1 year"})
    assert gone(days) == "the task t is not in the play any more"
    begun()
    days.accounts = [{**ACCOUNT, "account_id": "b", "on": date(2020, 1, 1)}]
    assert gone(days) == "the account is gone"
    begun(**{"for": "hot"})
    days.accounts[0]["hot"] = False
    assert gone(days) == "`for` does not hold any more (hot = no)"
    begun(per="contract")
    days.accounts[0] |= {"contract": "d", "on": date(2020, 1, 1)}
    assert gone(days) == "superseded: its occurrence is now d"
    begun(touches=[{"task": "t", "owner": "csm", "close_when": "met"}])
    days.accounts[0]["met"] = True
    assert gone(days) == "`close_when` holds (met = yes)"
    begun(when="hot", anchor="on", trigger="level")
    days.accounts[0]["hot"] = False
    assert gone(days) == "`when` does not hold any more (hot = no)"
    begun(repeat={"freq": "weekly", "count": 1})
    days.plays[0]["repeat"] = {"freq": "weekly", "before": "date('2026-01-01')"}
    assert gone(days) == "the repeat does not come to it any more"


def test_a_play_that_comes_back_opens_its_task_again(days: Days) -> None:
    days.run(MONDAY)
    plays, days.plays = days.plays, [{**PLAY, "play": "q", "anchor": "date('2020-01-01')"}]
    days.run(MONDAY)
    days.plays = plays
    step = only(days.run(date(2026, 9, 8)))
    assert step.action == "update" and step.task.sequence == 2 and step.task.opened_on == date(2026, 9, 8)
    assert step.reason == "wanted again; it was closed on 2026-09-07: the play p is not in the policy any more"


def test_what_was_done_while_a_task_was_closed_does_not_close_it(days: Days) -> None:
    days.touches({"task": "t", "activity": "call"})
    days.run(MONDAY)
    plays, days.plays = days.plays, [{**PLAY, "play": "q", "anchor": "date('2020-01-01')"}]
    days.run(MONDAY)
    days.plays = plays
    days.activities = [
        {"account_id": "a", "activity": "call", "done_on": date(2026, 9, 8), "task_id": None, "activity_id": None}
    ]
    assert only(days.run(date(2026, 9, 9))).action == "update"
    assert only(days.run(date(2026, 9, 9))).action == "keep"
    assert only(days.run(date(2026, 9, 10))).action == "keep"


def test_a_task_stays_where_nobody_can_say_that_it_is_not_wanted(days: Days) -> None:
    days.run(MONDAY)
    days.assignments = [LEAD]
    outcome = days.run(MONDAY)
    assert told(only(outcome))[0] == "keep" and "nobody holds csm" in only(outcome).reason
    assert len(outcome.unserved) == 1 and outcome.tasks[0].owner == "ann"


def test_skip_when_is_looked_at_once(days: Days) -> None:
    days.touches({"task": "t", "skip_when": "met"})
    days.run(MONDAY)
    days.accounts[0]["met"] = True
    assert only(days.run(MONDAY)).action == "keep"
    days.known, days.ended = {}, {}
    assert days.run(MONDAY).plan == []


def test_a_snoozed_task_sleeps_until_its_day(days: Days) -> None:
    (task,) = days.run(MONDAY).tasks
    days.by_hand(task, status=SNOOZED, snoozed_until=date(2026, 9, 9))
    assert only(days.run(MONDAY)).task.status == SNOOZED
    assert only(days.run(date(2026, 9, 8))).action == "keep"
    woken = only(days.run(date(2026, 9, 9)))
    assert (woken.action, woken.task.status, woken.task.snoozed_until) == ("update", OPEN, None)
    days.by_hand(task, status=SNOOZED)  # without a day: until the person wakes it
    assert only(days.run(date(2026, 12, 1))).task.status == SNOOZED


def test_what_comes_after_a_task_that_a_person_moves_is_moved_behind_it(days: Days) -> None:
    days.touches({"task": "one"}, {"task": "two", "due": "+1 day", "after": "one", "roll": "following"})
    first = steps(days.run(MONDAY))
    assert first["two"].task.status == WAITING and first["two"].task.due == date(2026, 9, 11)
    days.by_hand(first["one"].task, due=date(2026, 9, 19))
    second = steps(days.run(MONDAY))
    assert second["two"].task.due == second["two"].task.set_due == date(2026, 9, 21)  # the 19th is a Saturday
    assert second["two"].reason == "due was 2026-09-11; from 2026-09-11 to 2026-09-21: waits for one"
    assert {step.action for step in steps(days.run(MONDAY)).values()} == {"keep"}
    days.by_hand(first["one"].task, status=DONE)
    third = steps(days.run(MONDAY))
    assert (third["two"].action, third["two"].task.status, third["two"].task.due) == ("update", OPEN, date(2026, 9, 21))
    assert {step.action for step in steps(days.run(MONDAY)).values()} == {"keep"}


def test_what_is_moved_behind_another_goes_to_who_is_at_work_then(days: Days) -> None:
    days.touches({"task": "one"}, {"task": "two", "due": "+1 day", "after": "one", "roll": "following"})
    first = steps(days.run(MONDAY))
    days.by_hand(first["one"].task, due=date(2026, 9, 19))
    off = {"person": "ann", "starts_on": date(2026, 9, 20), "ends_on": date(2026, 9, 25)}
    days.time_off = [{**off, "substitute": "cat"}]
    second = steps(days.run(MONDAY))["two"].task
    assert (second.due, second.owner, second.set_owner) == (date(2026, 9, 21), "cat", "cat")
    moved = "from 2026-09-11 to 2026-09-21: waits for one"
    assert second.moved == f"cat stands in for ann: ann is off until 2026-09-25; {moved}"
    assert {step.action for step in steps(days.run(MONDAY)).values()} == {"keep"}
    days.time_off = [{**off, "substitute": None}]
    third = steps(days.run(MONDAY))["two"].task
    assert (third.due, third.owner, third.moved) == (date(2026, 9, 28), "ann", moved.replace("21:", "28:"))
    days.by_hand(first["one"].task, status=DONE)
    days.time_off = []
    done = steps(days.run(MONDAY))["two"].task
    assert (done.due, done.owner, done.status) == (date(2026, 9, 28), "ann", OPEN)


def test_an_overdue_task_is_handed_on(days: Days) -> None:
    way = [{"to": "lead", "overdue": "2 business days"}, {"to": "boss", "overdue": "2 weeks"}]
    days.touches({"task": "t", "escalate": way})  # due on Thursday, 10 September
    assert days.run(date(2026, 9, 10)).tasks[0].owner == "ann"
    assert days.run(date(2026, 9, 11)).tasks[0].owner == "ann"
    handed = only(days.run(date(2026, 9, 14)))
    assert (handed.task.owner, handed.task.set_owner, handed.task.role) == ("lea", "lea", "lead")
    assert handed.task.moved == "handed to lead: overdue for +2 business days since 2026-09-10"
    assert only(days.run(date(2026, 9, 23))).action == "keep"
    assert days.run(date(2026, 9, 24)).tasks[0].owner == "bo"


ACTIVITY = {"account_id": "a", "activity": "call", "done_on": MONDAY, "task_id": None, "activity_id": None}


def test_a_done_activity_closes_the_task_that_is_due_first(days: Days) -> None:
    days.touches(
        {"task": "late", "due": "+9 days", "activity": "call"},
        {"task": "early", "due": "+2 days", "activity": "call"},
        {"task": "mail", "due": "+1 day", "activity": "mail"},
    )
    days.activities = [{**ACTIVITY, "done_on": date(2026, 9, 6)}, {**ACTIVITY, "account_id": "b"}, dict(ACTIVITY)]
    assert {step.action for step in steps(days.run(MONDAY)).values()} == {
        "create"
    }  # nothing closes it on its first day
    assert {step.action for step in steps(days.run(MONDAY)).values()} == {"keep"}
    found = steps(days.run(date(2026, 9, 8)))
    assert [name for name, step in found.items() if step.action == "close"] == ["early"]
    assert found["early"].reason == "done on 2026-09-07: call on 2026-09-07"
    for day in (date(2026, 9, 8), date(2026, 9, 13), date(2026, 9, 20)):  # long after the day of what it closed
        assert "close" not in {step.action for step in steps(days.run(day)).values()}
    days.activities.append({**ACTIVITY, "done_on": date(2026, 9, 8), "activity_id": "C-7"})
    assert steps(days.run(date(2026, 9, 20)))["late"].reason == "done on 2026-09-08: C-7"


def test_an_activity_closes_the_task_that_it_names(days: Days) -> None:
    days.touches({"task": "late", "due": "+9 days"}, {"task": "early", "due": "+2 days", "activity": "call"})
    named = next(task for task in days.run(MONDAY).tasks if task.task == "late")
    days.activities = [{**ACTIVITY, "task_id": named.task_id}, {**ACTIVITY, "done_on": date(2026, 9, 30)}]
    found = steps(days.run(date(2026, 9, 8)))
    assert {name: step.action for name, step in found.items()} == {"late": "close", "early": "keep"}


def test_a_crm_alone_does_not_say_what_granger_set(days: Days) -> None:
    """Without granger's own file any difference is a conflict, once."""
    (task,) = days.run(MONDAY).tasks
    days.known = {task.task_id: Known(task.task_id, OPEN, date(2026, 9, 14), "ann", row=2)}
    step = only(days.run(MONDAY))
    assert told(step) == (
        "conflict", date(2026, 9, 14), "ann", "the policy wants it due 2026-09-10; a person's 2026-09-14 holds",
    )  # fmt: skip
    assert only(days.run(MONDAY)).action == "keep"
    days.known = {"T-x": Known("T-x", OPEN, date(2026, 9, 14), "ann", row=7)}
    outcome = days.run(MONDAY)
    assert [(reject.row, reject.value) for reject in outcome.rejects] == [(7, "T-x")]


def test_what_ended_today_counts_for_a_cooldown_from_tomorrow_on(days: Days) -> None:
    """The same run made again knows of it, and must not find more than the first."""
    key = ("b", "p", "a")
    days.touches({"task": "t"}, {"task": "u", "due": "+1 day"})
    first = steps(days.run(MONDAY))
    since = Yesterday(days.known, days.ended)
    assert key not in since.completed(MONDAY)  # both are open
    days.by_hand(first["t"].task, status=DONE, done_on=date(2026, 9, 4))
    days.by_hand(first["u"].task, status=DONE, done_on=MONDAY)
    since = Yesterday(days.known, days.ended)
    assert key not in since.completed(MONDAY)
    assert since.completed(date(2026, 9, 8))[key] == MONDAY


def test_a_substitute_gets_what_is_handed_on(days: Days) -> None:
    days.touches({"task": "t", "escalate": [{"to": "lead", "overdue": "1 day"}]})
    days.run(MONDAY)
    days.time_off = [
        {"person": "lea", "starts_on": date(2026, 9, 14), "ends_on": date(2026, 9, 15), "substitute": "bo"}
    ]
    step = only(days.run(date(2026, 9, 14)))
    assert (step.task.owner, step.task.role) == ("bo", "lead")
    assert step.task.moved.endswith("bo stands in for lea: lea is off until 2026-09-15")
    assert only(days.run(date(2026, 9, 16))).task.owner == "lea"


def test_a_task_that_is_put_off_is_not_handed_on(days: Days) -> None:
    days.touches({"task": "t", "escalate": [{"to": "lead", "overdue": "3 days"}]})
    (task,) = days.run(MONDAY).tasks
    days.by_hand(task, status=SNOOZED, snoozed_until=date(2026, 9, 21))
    assert days.run(date(2026, 9, 18)).tasks[0].owner == "ann"
    assert days.run(date(2026, 9, 21)).tasks[0].owner == "lea"
    assert only(days.run(date(2026, 9, 21))).action == "keep"  # the day of waking, made again
    days.by_hand(task, status=SNOOZED, snoozed_until=date(2026, 10, 1))
    asleep = only(days.run(date(2026, 9, 22))).task
    assert (asleep.status, asleep.owner, asleep.role) == (SNOOZED, "lea", "lead")


def test_what_moved_a_task_is_said_once(days: Days) -> None:
    """Of two reasons the one that holds on is not said again on every day."""
    days.touches({"task": "one"}, {"task": "two", "due": "+2 days", "after": "one", "roll": "following"})
    first = steps(days.run(MONDAY))  # the 12th is a Saturday
    days.by_hand(first["one"].task, due=date(2026, 9, 16))
    moved = "2026-09-12 is a Saturday; from 2026-09-14 to 2026-09-16: waits for one"
    for day in (MONDAY, MONDAY, date(2026, 9, 8)):
        assert steps(days.run(day))["two"].task.moved == moved
