"""What must hold of every day of a simulated year."""

from __future__ import annotations

from collections import Counter
from datetime import date

from granger.engine.outcome.tasks.calendar import Calendars
from granger.engine.outcome.tasks.planned import CLOSE, CONFLICT, CREATE, KEEP, UPDATE
from granger.engine.outcome.tasks.touches import DONE
from granger.engine.outcome.tasks.yesterday import Yesterday
from granger.engine.runners.memory import Outcome
from granger.engine.tables.read import Tables

from .world import World, remembered, triggers


class Checks:
    """``closed`` counts the reasons why tasks were closed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.placed = 0
        self.created: dict[str, date] = {}
        self.closed = Counter[str]()
        self.actions = Counter[str]()
        self.used: dict[tuple[str, str], str] = {}

    def day(self, tables: Tables, since: Yesterday, outcome: Outcome, *, again: bool) -> None:
        self.once(outcome)
        self.nothing_vanishes(since, outcome)
        self.on_working_days(tables, outcome)
        self.activities(outcome)
        if again:
            self.made_again(tables, outcome)

    def once(self, outcome: Outcome) -> None:
        """No task is made twice, and none stands twice on the list."""
        ids = [task.task_id for task in outcome.tasks]
        assert len(ids) == len(set(ids))
        assert outcome.plan is not None
        planned = [step.task.task_id for step in outcome.plan]
        assert len(planned) == len(set(planned))
        for step in outcome.plan:
            self.actions[step.action] += 1
            if step.action == CREATE:
                made = self.created.setdefault(step.task.task_id, self.world.today)
                assert made == self.world.today, f"{step.task} was made on {made} before"
            if step.action in (UPDATE, CLOSE, CONFLICT):
                assert step.reason, step
            if step.action in (KEEP, CREATE):
                assert step.changed == (), step

    def nothing_vanishes(self, since: Yesterday, outcome: Outcome) -> None:
        """What was open is open still, or is closed with a reason."""
        listed = {task.task_id for task in outcome.tasks}
        assert outcome.plan is not None
        closed = {step.task.task_id: step for step in outcome.plan if step.action == CLOSE}
        for one in since.known.values():
            if one.was_done or (one.task_id in listed and one.task_id not in closed):
                continue
            assert one.task_id in closed, one
            self.closed[kind_of(closed[one.task_id].reason)] += 1

    def on_working_days(self, tables: Tables, outcome: Outcome) -> None:
        """Wherever granger put a task of the coming days, its owner works; what a person changed is that person's."""
        calendars = Calendars(self.world.policies.workspace, tables.tables)
        stayed = {step.task.task_id for step in outcome.plan or () if step.reason.startswith("stays")}
        for task in outcome.tasks:
            by_hand = task.due != task.set_due or task.owner != task.set_owner
            if task.status != DONE and task.due >= self.world.today and not by_hand and task.task_id not in stayed:
                assert calendars.is_worked(task.owner, task.due), task
                self.placed += 1

    def activities(self, outcome: Outcome) -> None:
        """An activity closes one task, once."""
        for task in outcome.tasks:
            if task.closed_by:
                assert self.used.setdefault((task.account_id, task.closed_by), task.task_id) == task.task_id
        for one in outcome.ended:
            if one.closed_by:
                assert self.used.setdefault((one.account_id, one.closed_by), one.task_id) == one.task_id

    def made_again(self, tables: Tables, outcome: Outcome) -> None:
        """The day's run met with its own result changes nothing."""
        second = self.world.run(tables, remembered(outcome), triggers(outcome))
        assert second.plan is not None
        changed = [step for step in second.plan if step.action != KEEP]
        assert not changed, changed[:3]
        for lists in ((second.tasks, outcome.tasks), (second.ended, outcome.ended)):
            other = [pair for pair in zip(*lists, strict=True) if pair[0] != pair[1]]
            assert not other, other[:2]
        differing = [pair for pair in zip(second.triggers, outcome.triggers, strict=True) if pair[0] != pair[1]]
        assert differing == []


def kind_of(reason: str) -> str:
    return reason.partition("(")[0].partition(":")[0].strip().split(" 2")[0]
