"""A step of the plan that leads from yesterday's tasks to today's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from .touches import Task

CREATE, UPDATE, CLOSE, KEEP, CONFLICT = "create", "update", "close", "keep", "conflict"


@dataclass(frozen=True, slots=True)
class Planned:
    """``task`` as it is from now on, ``before`` as it was (None: it was not). ``changed`` names the fields that differ.

    ``conflict``: a person and the policy want different things; the person's holds, ``reason`` says what was wanted.
    """

    action: str
    task: Task
    before: Task | None = None
    reason: str = ""
    changed: tuple[str, ...] = ()


def all_new(tasks: Iterable[Task]) -> Iterator[Planned]:
    """The plan where nothing is known of yesterday."""
    return (Planned(CREATE, task) for task in tasks)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A step as ``plan.csv`` has it."""

    action: str
    task_id: str
    policy: str
    play: str
    task: str
    account_id: str
    account_name: str
    due: date
    owner: str
    status: str
    due_before: date | None
    owner_before: str
    status_before: str
    changed: str
    reason: str
    source: str


def plan_lines(plan: Iterable[Planned]) -> Iterator[PlanLine]:
    for step in plan:
        task, before = step.task, step.before
        yield PlanLine(
            step.action,
            task.task_id,
            task.policy,
            task.play,
            task.task,
            task.account_id,
            task.account_name,
            task.due,
            task.owner,
            task.status,
            before.due if before is not None else None,
            before.owner if before is not None else "",
            before.status if before is not None else "",
            ", ".join(step.changed),
            step.reason,
            task.source,
        )
