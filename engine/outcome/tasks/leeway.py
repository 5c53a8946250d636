"""The days that a task may stand on: those its touch leaves open (``flex``), worked by its owner, in the order that
tasks wait for one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from ...periods import Duration
from ...policy.model import Playbook
from .calendar import Calendars, Days
from .touches import OPEN, WAITING, Task

IsWorked: TypeAlias = Callable[[str, date], bool]
"""Whether a person works on a day."""

Flex: TypeAlias = tuple[Duration, Duration] | None
"""How much earlier and how much later; None: not at all."""


@dataclass(frozen=True, slots=True)
class Leeway:
    """``days`` may hold the task, rising; its own day is among them. One day alone: it cannot move."""

    days: tuple[date, ...]

    def nearest(self, week: date, asked: date) -> date | None:
        """Of the days in the week that begins with ``week`` the nearest to ``asked``, of two the earlier."""
        inside = [day for day in self.days if monday(day) == week]
        return min(inside, key=lambda day: (abs(day - asked), day)) if inside else None

    @property
    def weeks(self) -> list[date]:
        return sorted({monday(day) for day in self.days})


def monday(day: date) -> date:
    """The first day of the ISO week; the calendar's first day in its first week."""
    return date.fromordinal(max(day.toordinal() - day.weekday(), 1))


def with_leeway(tasks: Sequence[Task], playbooks: Sequence[Playbook], calendars: Calendars) -> list[Task]:
    """Tasks as their touches' ``flex`` lets them move, counted from the day on which the policy wants them."""
    touches = {(book.name, play.name, t.task): t for book in playbooks for play in book.plays for t in play.touches}
    return [_with_leeway(task, touches[task.policy, task.play, task.task].flex, calendars) for task in tasks]


def _with_leeway(task: Task, flex: Flex, calendars: Calendars) -> Task:
    if flex is None:
        return task
    earliest, latest = around(calendars.of(task.owner), task.due, flex)
    return replace(task, earliest=earliest, latest=latest)


def around(days: Days, due: date, flex: Flex) -> tuple[date, date]:
    """The days between which a task may move; its own day alone where they would leave the calendar."""
    if flex is None:
        return due, due
    try:
        return days.moved(due, flex[0]), days.moved(due, flex[1])
    except OverflowError:
        return due, due


def leeways(tasks: Sequence[Task], is_worked: IsWorked, as_of: date) -> dict[str, Leeway]:
    """By the task's id. Only what is open or waits may move.

    A task that comes after another stays on or after the other's day, and the other on or before its own.
    """
    due = {task.task_id: task.due for task in tasks}
    followed: dict[str, date] = defaultdict(lambda: date.max)
    for task in tasks:
        followed[task.waits_for] = min(followed[task.waits_for], task.due)
    found = {}
    for task in tasks:
        some = {task.due}
        if task.status in (OPEN, WAITING) and task.earliest < task.latest:
            first = max(task.earliest, as_of, due.get(task.waits_for, date.min))
            last = min(task.latest, followed[task.task_id])
            inside = (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
            some |= {day for day in inside if is_worked(task.owner, day)}
        found[task.task_id] = Leeway(tuple(sorted(some)))
    return found


def moved_by_hand(task: Task) -> bool:
    return task.due != task.set_due or task.owner != task.set_owner
