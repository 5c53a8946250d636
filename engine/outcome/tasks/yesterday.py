"""Yesterday's tasks as they stand now: what people did with them since, and which activities have done them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from ...tables.shape import Table
from .standing import Standing
from .touches import DONE, Task
from .triggers import Completed, Key

CLOSED = "closed"
"""What a task that ended without being done is remembered as."""


@dataclass(frozen=True, slots=True)
class Known:
    """``before`` is the task as granger last wrote it; None where only the export of a CRM has it, in that ``row``."""

    task_id: str
    status: str
    due: date
    owner: str
    snoozed_until: date | None = None
    done_on: date | None = None
    closed_by: str = ""
    before: Task | None = None
    row: int = 0

    @property
    def was_done(self) -> bool:
        """Whether granger has known for longer that it is done."""
        return self.before is not None and self.before.status == DONE and self.before.done_on is not None


@dataclass(frozen=True, slots=True)
class Ended:
    """A task that is done or was closed, remembered so that it is not made again: a line of ``ended.csv``."""

    task_id: str
    policy: str
    play: str
    task: str
    account_id: str
    due: date
    status: str
    opened_on: date
    ended_on: date
    closed_by: str
    sequence: int
    reason: str


@dataclass(frozen=True)
class Yesterday:
    """``file`` is where the ``known`` tasks were read, for what is said of its rows."""

    known: Mapping[str, Known] = field(default_factory=dict)
    ended: Mapping[str, Ended] = field(default_factory=dict)
    file: str = ""

    def standing(self) -> Standing:
        """The tasks that are still open."""
        befores = (known.before for known in self.known.values() if known.status != DONE)
        return Standing((b.policy, b.play, b.task, b.account_id, b.occurrence) for b in befores if b is not None)

    def completed(self, as_of: date) -> Completed:
        """Of each policy, play and account of which no task is open: the day on which the last one ended.

        What ended on ``as_of`` counts from the next day on: a run that is made again must not know more than the first.
        """
        ends = [(e.policy, e.play, e.account_id, e.ended_on) for e in self.ended.values()]
        still_open = set[Key]()
        for known in self.known.values():
            if (b := known.before) is not None and known.status != DONE:
                still_open.add((b.policy, b.play, b.account_id))
            elif b is not None and known.done_on is not None:
                ends.append((b.policy, b.play, b.account_id, known.done_on))
        found: dict[Key, date] = {}
        still_open |= {(policy, play, account_id) for policy, play, account_id, day in ends if day >= as_of}
        for policy, play, account_id, day in ends:
            key = policy, play, account_id
            if key not in still_open:
                found[key] = max(day, found.get(key, day))
        return found


@dataclass(frozen=True, slots=True)
class Activity:
    """Something done for an account. ``key`` names it to the account's tasks, the same from day to day."""

    account_id: str
    activity: str
    done_on: date
    key: str
    task_id: str


_Kind: TypeAlias = tuple[str, str]


def settled(yesterday: Yesterday, activities: Table | None, as_of: date) -> Yesterday:
    """With the tasks done that an activity has done; one that a person said was done is done on ``as_of``.

    An activity closes one task, once: the one that it names, else of its account and type the open one that is due
    first, if it was there when the activity was done. On the day on which a task was made nothing closes it, so that
    a run that is made again finds the same.
    """
    known = {
        name: replace(one, done_on=as_of) if one.status == DONE and one.done_on is None else one
        for name, one in yesterday.known.items()
    }
    used = {(one.before.account_id, one.closed_by) for one in known.values() if one.before and one.closed_by}
    used |= {(one.account_id, one.closed_by) for one in yesterday.ended.values() if one.closed_by}
    waiting: dict[_Kind, list[Known]] = defaultdict(list)
    for one in sorted(known.values(), key=lambda one: (one.due, one.task_id)):
        if one.before is not None and one.status != DONE and one.before.opened_on < as_of:
            waiting[one.before.account_id, one.before.activity].append(one)
    for done in _activities(activities, as_of):
        if (done.account_id, done.key) in used:
            continue
        fitting = waiting[done.account_id, done.activity]
        if done.task_id:
            named = known.get(done.task_id)
            candidates = [named] if named is not None and named.before is not None and named.status != DONE else []
        else:
            candidates = [one for one in fitting if one.before and one.before.opened_on <= done.done_on]
        if candidates:
            closed = candidates[0]
            known[closed.task_id] = replace(closed, status=DONE, done_on=done.done_on, closed_by=done.key)
            fitting[:] = [one for one in fitting if one.task_id != closed.task_id]
    return replace(yesterday, known=known)


def _activities(table: Table | None, as_of: date) -> Iterator[Activity]:
    """Those that are done, by day; of one day in the order of the file."""
    counted: Counter[tuple[str, str, date]] = Counter()
    rows = [table.record(i) for i in range(len(table))] if table is not None else []
    dated = [(day, row) for row in rows if isinstance(day := row["done_on"], date) and day <= as_of]
    for day, row in sorted(dated, key=lambda pair: pair[0]):
        account_id, activity = row["account_id"], row["activity"]
        if not isinstance(account_id, str) or not isinstance(activity, str):
            continue
        counted[account_id, activity, day] += 1
        number = counted[account_id, activity, day]
        own, named = row.get("activity_id"), row.get("task_id")
        key = own if isinstance(own, str) else f"{activity} on {day}" + (f", the {number}." if number > 1 else "")
        yield Activity(account_id, activity, day, key, named if isinstance(named, str) else "")
