"""What must hold of every day of a simulated year, told by what was seen on the days before and by the world itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from granger.engine.outcome.tasks.planned import CLOSE, CONFLICT, CREATE, KEEP, UPDATE, Planned
from granger.engine.outcome.tasks.touches import DONE, Task
from granger.engine.outcome.tasks.yesterday import Yesterday
from granger.engine.runners.memory import Outcome
from granger.engine.tables.read import Tables

from .policy import LOW
from .worked import WorkedDays
from .world import World, remembered, triggers

MOVED_BY = ("is a holiday in", "is not a working day of", " is off ", "stands in for", "handed to", "waits for")
MOVED_BY += ("day off of the company", "nobody holds")


class Checks:
    """``closed`` counts the reasons why tasks were closed, ``moved`` those why tasks of a day were not where they were
    asked for, ``placed`` the tasks of each day that were looked at, ``left`` those whose day is a person's to answer
    for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.placed = 0
        self.reopened = 0
        self.run_again: list[date] = []
        self.left, self.closed, self.moved = Counter[str](), Counter[str](), Counter[str]()
        self.actions = Counter[str]()
        self.edits: dict[str, Counter[str]] = {}
        self.made: dict[str, date] = {}
        self.what: dict[tuple[str, ...], str] = {}
        self.open: dict[str, Task] = {}
        self.finished = set[str]()
        self.used: dict[tuple[str, str], str] = {}

    def day(self, tables: Tables, since: Yesterday, outcome: Outcome, *, again: bool) -> None:
        plan = self.plan(outcome)
        self.nothing_is_made_twice_or_vanishes(since, outcome, plan)
        self.on_working_days(outcome, plan)
        self.activities(outcome)
        if again:
            self.made_again(tables, outcome)
            self.run_again.append(self.world.today)

    def plan(self, outcome: Outcome) -> dict[str, Planned]:
        """The steps by task: they lead to the list, and those that change something say why."""
        assert outcome.plan is not None
        steps = {step.task.task_id: step for step in outcome.plan}
        assert len(steps) == len(outcome.plan)
        listed = [task for task in outcome.tasks if task.status != DONE]
        assert len({task.task_id for task in outcome.tasks}) == len(outcome.tasks)
        stays = {name: step.task for name, step in steps.items() if step.action != CLOSE and step.task.status != DONE}
        assert stays == {task.task_id: task for task in listed}
        for step in outcome.plan:
            self.actions[step.action] += 1
            assert (step.action in (UPDATE, CLOSE)) == bool(step.changed) or step.action == CONFLICT, step
            assert step.reason or step.action not in (UPDATE, CLOSE, CONFLICT), step
        return steps

    def nothing_is_made_twice_or_vanishes(self, since: Yesterday, outcome: Outcome, plan: dict[str, Planned]) -> None:
        """What was not open yesterday is made, once, or opened again; what is not open any more was closed for a reason
        that is true."""
        now = {task.task_id: task for task in outcome.tasks if task.status != DONE}
        for name in now.keys() - self.open.keys():
            self.comes(plan[name])
        for name in self.open.keys() - now.keys():
            self.goes(plan[name])
        done = {one.task_id for one in since.known.values() if one.status == DONE}
        assert not (self.finished | done) & now.keys()
        assert done <= self.finished
        self.open = now

    def edited(self, name: str, outcome: Outcome) -> None:
        """What a run did on the day of an edit, such as ``update offer``."""
        self.edits[name] = Counter(f"{step.action} {step.task.task}" for step in outcome.plan or ())

    def comes(self, step: Planned) -> None:
        task = step.task
        if task.task_id in self.made:
            assert (step.action, task.task_id in self.finished) == (UPDATE, False), step
            assert step.reason.startswith("wanted again; it was closed on"), step
            self.reopened += 1
            return
        assert step.action == CREATE, step
        self.made[task.task_id] = self.world.today
        assert self.what.setdefault(self.once_for(task), task.task_id) == task.task_id, step

    def once_for(self, task: Task) -> tuple[str, ...]:
        """What there may be one task of, in the words of the world: for an account, a contract, a month, a rescue."""
        contract = self.world.accounts[task.account_id]["contract"]
        of = {"onboarding": "", "renewal": contract, "check-in": f"{task.anchor:%Y-%m}", "rescue": str(task.anchor)}
        return task.play, task.task, task.account_id, of[task.play]

    def goes(self, step: Planned) -> None:
        assert step.action == CLOSE, step
        self.closed[kind_of(step.reason)] += 1
        if step.task.status == DONE:
            self.finished.add(step.task.task_id)
        assert self.is_true(step.reason, step.task), step

    def is_true(self, reason: str, task: Task) -> bool:
        """Whether the world is as the reason says."""
        world, play = self.world, self.world.plays.get(task.play)
        account: dict[str, Any] = world.accounts.get(task.account_id, {})
        told: dict[str, Callable[[], bool]] = {
            "done on": lambda: self.was_done(task),
            "the account is gone": lambda: not account,
            f"the play {task.play} is not in the policy any more": lambda: play is None,
            f"the task {task.task} is not in the play any more": lambda: (
                play is not None and all(touch["task"] != task.task for touch in play["touches"])
            ),
            "`for` does not hold any more": lambda: not account["live"],
            "`close_when` holds": lambda: (
                account["tickets"] > 8 if task.play == "renewal" else (account["usage"] or 0) >= 60
            ),
            "superseded": lambda: task.play == "rescue" or task.occurrence != account["contract"],
            "the repeat does not come to it any more": lambda: self.is_out_of_rhythm(task),
        }
        return any(reason.startswith(prefix) and holds() for prefix, holds in told.items())

    def is_out_of_rhythm(self, task: Task) -> bool:
        """Whether the month of a check-in is none of the account's: the first is a month after it signed."""
        low, other = (case["interval"] for case in self.world.plays["check-in"]["repeat"]["interval"])
        account = self.world.accounts[task.account_id]
        return (months_between(account["signed_on"], task.anchor) - 1) % (low if account["usage"] < LOW else other) > 0

    def was_done(self, task: Task) -> bool:
        if not task.closed_by:
            return task.task_id in self.world.done_by_hand
        what = {"account_id": task.account_id, "activity": task.activity, "done_on": task.done_on}
        rows = [row for row in self.world.activities if what.items() <= row.items()]
        return any(row["task_id"] in (None, task.task_id) for row in rows)

    def on_working_days(self, outcome: Outcome, plan: dict[str, Planned]) -> None:
        """Wherever granger put a task of the coming days, its owner works; what a person changed is that person's."""
        worked = WorkedDays(self.world.staff, self.world.time_off)
        for task in outcome.tasks:
            self.moved.update(what for what in MOVED_BY if what in task.moved)
            if task.status == DONE or task.due < self.world.today:
                continue
            if task.due != task.set_due or task.owner != task.set_owner:
                self.left["changed by hand"] += 1
            elif plan[task.task_id].reason.startswith("stays"):
                self.left["cannot be decided"] += 1
            elif (at_work := worked.at_work(task.owner, task.due)) is None:
                self.left["not announced"] += 1
            else:
                assert at_work, task
                self.placed += 1

    def activities(self, outcome: Outcome) -> None:
        """An activity closes one task, once."""
        for one in [*outcome.tasks, *outcome.ended]:
            if one.closed_by:
                assert self.used.setdefault((one.account_id, one.closed_by), one.task_id) == one.task_id

    def made_again(self, tables: Tables, outcome: Outcome) -> None:
        """The day's run met with its own result changes nothing."""
        second = self.world.run(tables, remembered(outcome), triggers(outcome))
        assert second.plan is not None
        changed = [step for step in second.plan if step.action != KEEP]
        assert not changed, changed[:3]
        for name in ("tasks", "ended", "triggers"):
            pairs = zip(getattr(second, name), getattr(outcome, name), strict=True)
            differing = [pair for pair in pairs if pair[0] != pair[1]]
            assert not differing, differing[:2]


def months_between(start: date, day: date) -> int:
    return (day.year - start.year) * 12 + day.month - start.month


def kind_of(reason: str) -> str:
    return reason.partition("(")[0].partition(":")[0].strip().split(" 2")[0]
