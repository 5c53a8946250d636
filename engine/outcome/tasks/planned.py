"""A step of the plan that leads from yesterday's tasks to today's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
