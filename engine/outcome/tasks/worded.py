"""What every form says of a task: its subject, its day, its status, its reasons."""

from __future__ import annotations

from datetime import date

from ...policy.model_forms import CLOSED
from .planned import CLOSE, KEEP, Planned
from .touches import DONE, SNOOZED, Task

LONGEST_SUBJECT = 255
"""Characters that a subject may have in every CRM."""


def subject(task: Task) -> str:
    """What is to be done, and for whom."""
    text = f"{task.task}: {task.account_name or task.account_id}"
    return text if len(text) <= LONGEST_SUBJECT else text[: LONGEST_SUBJECT - 1] + "…"


def day(task: Task) -> date:
    """The day on which a person wants to be told of it."""
    return task.snoozed_until if task.status == SNOOZED and task.snoozed_until is not None else task.due


def status(planned: Planned) -> str:
    """That of the task; ``closed`` where a run closes what nobody has done."""
    task = planned.task
    return CLOSED if planned.action == CLOSE and task.status != DONE else task.status


def reasons(planned: Planned) -> list[str]:
    """Why the task is there, why on this day and with this person, what has changed."""
    task = planned.task
    found = [task.because] if task.because else []
    found += [f"Moved: {why}" for why in task.moved.split("; ") if why]
    if planned.reason and planned.action != KEEP:
        found.append(f"{planned.action.capitalize()}: {planned.reason}")
    return found


def description(planned: Planned) -> str:
    """The reasons, and where they are written down."""
    task = planned.task
    return "\n".join([*reasons(planned), f"{task.policy}, {task.play} ({task.source})", task.task_id])
