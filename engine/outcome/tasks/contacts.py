"""At most so many contacts with a customer in a week: what gives way moves inside its leeway, or is listed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from .leeway import Leeway, monday, moved_by_hand
from .touches import OPEN, SNOOZED, WAITING, Task, Unserved

CROWDED = "crowded"
"""The level of a touch that the customer has no room for."""

PRIORITIES = ("urgent", "high", "normal", "low")

LimitOf: TypeAlias = Callable[[str], int | None]
"""How many contacts an account may have in a week; None: any number."""


@dataclass(frozen=True, slots=True)
class Kept:
    """``tasks`` that the customers have room for, in their order, and what is listed in place of the others.

    ``room`` is how many contacts more an account may have in a week (by its Monday), where it has a limit.
    """

    tasks: list[Task]
    crowded: list[Unserved]
    room: Mapping[tuple[str, date], int]


def within_limits(tasks: Sequence[Task], leeway: Mapping[str, Leeway], limit_of: LimitOf, as_of: date) -> Kept:
    """Contacts that stand since an earlier run or that a person placed come first, then the more pressing, then what
    may not move, then the earlier. One that its week has no room for goes to the nearest week that has; where there is
    none, a new one is listed, and one that stands stays.
    """
    by_account: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        if task.contact and task.status in (OPEN, WAITING, SNOOZED):
            by_account[task.account_id].append(task)
    placed: dict[str, Task] = {}
    gone: set[str] = set()
    crowded: list[Unserved] = []
    room: dict[tuple[str, date], int] = {}
    for account_id, some in sorted(by_account.items()):
        limit = limit_of(account_id)
        if limit is None:
            continue
        counts: Counter[date] = Counter()
        for task in sorted(some, key=lambda task: _precedence(task, leeway[task.task_id])):
            week = _week(task, leeway[task.task_id], counts, limit, as_of)
            if week is None:
                crowded.append(_listed(task, limit))
                gone.add(task.task_id)
                continue
            counts[week] += 1
            placed[task.task_id] = _placed(task, week, leeway[task.task_id], limit)
        for week in {week for task in some for week in leeway[task.task_id].weeks}:
            room[account_id, week] = limit - counts[week]
    kept = [placed.get(task.task_id, task) for task in tasks if task.task_id not in gone]
    return Kept(kept, crowded, room)


def _precedence(task: Task, leeway: Leeway) -> tuple[bool, date, int, bool, date, str]:
    by_hand = moved_by_hand(task) or task.status == SNOOZED
    return not by_hand, task.opened_on, PRIORITIES.index(task.priority), len(leeway.weeks) > 1, task.due, task.task_id


def _week(task: Task, leeway: Leeway, counts: Counter[date], limit: int, as_of: date) -> date | None:
    own = monday(task.due)
    if counts[own] < limit or moved_by_hand(task) or task.status == SNOOZED:
        return own
    free = [week for week in leeway.weeks if counts[week] < limit]
    stays = own if task.opened_on < as_of else None
    return min(free, key=lambda week: (abs(week - own), week)) if free else stays


def _placed(task: Task, week: date, leeway: Leeway, limit: int) -> Task:
    day = leeway.nearest(week, task.due)
    if day is None or week == monday(task.due):
        return task
    why = f"the week of {monday(task.due)} has {contacts(limit)} with the customer already"
    return replace(task, due=day, set_due=day, moved=added(task.moved, f"moved from {task.due}: {why}"))


def _listed(task: Task, limit: int) -> Unserved:
    reason = (
        f"the customer has {contacts(limit)} in the week of {monday(task.due)}, and the task may not move to another"
    )
    return Unserved(task.policy, task.play, task.task, task.account_id, task.due, CROWDED, reason, "", task.source)


def contacts(limit: int) -> str:
    return f"{limit} contact" + ("s" if limit != 1 else "")


def added(moved: str, why: str) -> str:
    """One more reason why a task is not where it was asked for."""
    return f"{moved}; {why}" if moved else why
