"""The calendar of an owner (iCalendar, RFC 5545): an all-day event and an entry of the list of things to do per task.

A program that has the calendar tells an entry by its UID, made from the task's id, and the newer of two by SEQUENCE; a
task that is closed or handed on is told once more, as cancelled. METHOD is left out: the file invites nobody, it says
how things stand. Nothing in it comes from a clock, so that the same run writes the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from uuid import NAMESPACE_OID, UUID, uuid5

from icalendar import Calendar, Event, Todo

from ..outcome.tasks.planned import CLOSE, Planned
from ..outcome.tasks.touches import DONE, Task
from ..outcome.tasks.worded import day, description, subject
from ..policy.model_forms import EVENTS, TODOS
from .safe_text import CONTROL

NAMESPACE = uuid5(NAMESPACE_OID, "a task of granger")
PRIORITIES = {"urgent": 1, "high": 3, "normal": 5, "low": 9}
"""As RFC 5545 counts: 1 is the highest, 9 the lowest."""

_UNFIT = re.compile(rf"(?!\n){CONTROL}|[\ud800-\udfff]")
"""Characters that no calendar may hold."""


def uid(task: Task, entry: str) -> UUID:
    """Of the event that is the task; its entry in a list of things to do is another thing, and has another."""
    return uuid5(NAMESPACE, task.task_id if entry == EVENTS else f"{task.task_id} {entry}")


def calendar(owner: str, plan: Sequence[Planned], entries: Sequence[str], as_of: date) -> str:
    """The text of the file: lines of at most 75 bytes, each ended by CR LF."""
    whole = Calendar()
    whole.add("prodid", "-//granger//tasks//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("x-wr-calname", _fit(f"Tasks of {owner}"))
    stamp = datetime.combine(as_of, time(), UTC)
    for planned in plan:
        for entry in _entries(owner, planned, entries):
            entry.add("dtstamp", stamp)
            whole.add_component(entry)
    text: bytes = whole.to_ical(sorted=False)
    return text.decode("utf-8")


def _entries(owner: str, planned: Planned, entries: Sequence[str]) -> Iterator[Event | Todo]:
    for kind in entries:
        entry: Event | Todo = Event() if kind == EVENTS else Todo()
        task = planned.task
        entry.add("uid", str(uid(task, kind)))
        entry.add("sequence", task.sequence)
        entry.add("dtstart" if kind == EVENTS else "due", day(task))
        entry.add("summary", _fit(subject(task)))
        entry.add("description", _fit(description(planned)))
        entry.add("status", _status(owner, planned, kind))
        entry.add("priority", PRIORITIES[task.priority])
        if kind == EVENTS:
            entry.add("transp", "TRANSPARENT")  # a task takes some minutes of its day, not the day
        yield entry


def _status(owner: str, planned: Planned, kind: str) -> str:
    """Closed, or another's now: cancelled here. A thing to do that was done says so."""
    task = planned.task
    if kind == TODOS and task.status == DONE:
        return "COMPLETED"
    if planned.action == CLOSE or task.status == DONE or task.owner != owner:
        return "CANCELLED"
    return "CONFIRMED" if kind == EVENTS else "NEEDS-ACTION"


def _fit(text: str) -> str:
    return _UNFIT.sub(" ", text)
