"""Today's tasks met with yesterday's: what is made, changed, closed and kept, and where a person and a policy disagree.

A task is made once. What a person changed (the day, the owner, a snooze, done) holds; what nobody touched follows the
policy. A task that the policy does not ask for any more is closed with the reason. Met with its own result on the same
day, nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from ...messages import REASONS
from ...policy.model import Touch
from ...policy.names import TASKS
from ...program.evaluate import Book
from ...tables.shape import Reject
from .calendar import STANDS_IN, Calendars
from .due import from_day_on, handed_to, together, told_handing, told_waiting, waits_until
from .gone import Gone
from .planned import CLOSE, CONFLICT, CREATE, KEEP, UPDATE, Planned
from .routing import route, unheld
from .touches import DONE, OPEN, SNOOZED, WAITING, Task
from .yesterday import CLOSED, Ended, Known, Yesterday

REMEMBERED = timedelta(days=366)
"""How long after its day a task that ended is remembered, so that a date that moves does not bring it back."""

TOLD = (
    *("due", "owner", "status", "snoozed_until", "account_name", "role", "activity"),
    *("priority", "minutes", "channel", "waits_for"),
)
"""What others keep of a task: when one of these changes, the task is updated and its sequence rises."""

V = TypeVar("V")


@dataclass(frozen=True)
class Reconciled:
    """``unknown`` are the rows of a CRM that no task of this workspace is."""

    plan: list[Planned] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    unknown: list[Known] = field(default_factory=list)

    def rejects(self, since: Yesterday) -> Iterator[Reject]:
        for known in self.unknown:
            why = REASONS["unknown-task"]
            yield Reject(TASKS, since.file, known.row, "task_id", known.task_id, why, "row")


def reconcile(
    wanted: Iterable[Task], yesterday: Yesterday, book: Book, calendars: Calendars, gone: Callable[[Task], Gone]
) -> Reconciled:
    """``wanted`` are the tasks of the policy, ``yesterday`` is ``settled``; ``gone`` says why a task is not wanted."""
    work = _Reconciling({task.task_id: task for task in wanted}, yesterday, book, calendars, gone)
    for task_id in dict.fromkeys([*work.wanted, *yesterday.known]):
        work.step(task_id)
    plan = sorted((step for step in work.steps.values() if step is not None), key=_order)
    tasks = [step.task for step in plan if step.action != CLOSE and step.task.status != DONE]
    tasks += _still_listed(work.done, tasks, book.as_of)
    tasks.sort(key=lambda t: (t.due, t.owner, t.account_id, t.policy, t.play, t.task, t.task_id))
    return Reconciled(plan, tasks, list(_remembered(work, tasks)), work.unknown)


def _order(step: Planned) -> tuple[object, ...]:
    task = step.task
    return task.due, task.owner, task.account_id, task.policy, task.play, task.task, task.task_id


def _still_listed(done: list[Task], tasks: list[Task], as_of: date) -> Iterator[Task]:
    """Tasks that are done stay until their day is over; and as long as the activity that closed them could close
    another."""
    first: dict[tuple[str, str], date] = {}
    for task in tasks:
        key = task.account_id, task.activity
        first[key] = min(task.opened_on, first.get(key, task.opened_on))
    for task in done:
        opened = first.get((task.account_id, task.activity), date.max)
        if task.due >= as_of or (task.closed_by and task.done_on is not None and opened <= task.done_on):
            yield task


def _remembered(work: _Reconciling, tasks: list[Task]) -> Iterator[Ended]:
    """What ended, of earlier days and of today, until a year after its day; without what was opened again."""
    again = {task.task_id for task in tasks if task.status != DONE}
    ended = {**work.yesterday.ended, **{one.task_id: one for one in work.ended}}
    for task_id in sorted(ended):
        one = ended[task_id]
        if task_id not in again and work.book.as_of - max(one.due, one.ended_on) <= REMEMBERED:
            yield one


def _moved(task: Task, before: Task | None, asked: date) -> str:
    """Why the task is not where the policy wants it: of one that stays where an earlier run moved it, what moved it."""
    stays = before is not None and asked == before.set_due and asked != task.due
    return before.moved if before is not None and stays else task.moved


def _changed(task: Task, before: Task | None, said: list[str], *, conflict: bool = False) -> Planned:
    changed: tuple[str, ...] = ()
    if before is not None:
        changed = tuple(name for name in TOLD if getattr(before, name) != getattr(task, name))
        said = [*said, *(_was(name, before, task) for name in changed)]
        if task.moved and ("due" in changed or "owner" in changed) and task.moved != before.moved:
            said.append(task.moved)
    if changed:
        task = replace(task, sequence=task.sequence + 1)
    action = CONFLICT if conflict else UPDATE if changed else KEEP
    return Planned(action, task, before, "; ".join(said), changed)


def moved_on(plan: Iterable[Planned], tasks: Iterable[Task]) -> list[Planned]:
    """The plan once the tasks have been levelled: steps whose task was moved are told anew, new ones that the customer
    has no room for are gone."""
    now = {task.task_id: task for task in tasks}
    found = []
    for step in plan:
        task = now.get(step.task.task_id, step.task)
        if step.action == CREATE and task.task_id not in now:
            continue
        if task.due == step.task.due:
            found.append(step)
        elif step.before is None:
            found.append(replace(step, task=task))
        else:
            found.append(_changed(replace(task, sequence=step.before.sequence), step.before, []))
    return sorted(found, key=_order)


@dataclass
class _Reconciling:
    wanted: dict[str, Task]
    yesterday: Yesterday
    book: Book
    calendars: Calendars
    gone: Callable[[Task], Gone]
    steps: dict[str, Planned | None] = field(default_factory=dict)
    done: list[Task] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    unknown: list[Known] = field(default_factory=list)

    def step(self, task_id: str) -> Planned | None:
        """What becomes of a task; None where nothing is to be told."""
        if task_id not in self.steps:
            task, known = self.wanted.get(task_id), self.yesterday.known.get(task_id)
            if known is None:
                self.steps[task_id] = self._new(task) if task is not None else None
            elif known.status == DONE:
                self.steps[task_id] = self._done(known, task)
            elif task is None:
                self.steps[task_id] = self._unwanted(known)
            else:
                self.steps[task_id] = self._met(task, known)
        return self.steps[task_id]

    def _new(self, task: Task) -> Planned | None:
        """A task is made once: one that is done is not made again, one that was closed is opened again. It is not there
        in between: what was done then does not close it."""
        ended = self.yesterday.ended.get(task.task_id)
        if ended is not None and ended.status == DONE:
            return None
        task, waits, why = self._behind(task, task.due, None)
        made = replace(
            task,
            set_due=task.due,
            set_owner=task.owner,
            earliest=max(task.earliest, task.due) if why else task.earliest,
            latest=max(task.latest, task.due),
            status=WAITING if waits else OPEN,
            moved=together(task.moved, why),
        )
        if ended is None:
            return Planned(CREATE, made)
        made = replace(made, sequence=ended.sequence + 1)
        before = replace(made, status=DONE, sequence=ended.sequence)
        reason = f"wanted again; it was closed on {ended.ended_on}: {ended.reason}"
        return Planned(UPDATE, made, before, reason, ("status",))

    def _done(self, known: Known, wanted: Task | None) -> Planned | None:
        base = known.before or wanted
        if base is None:
            self._not_ours(known)
            return None
        task = replace(
            base,
            due=known.due,
            owner=known.owner,
            status=DONE,
            snoozed_until=None,
            done_on=known.done_on,
            closed_by=known.closed_by,
        )
        if known.was_done:
            self.done.append(task)
            return Planned(KEEP, task, known.before) if task.due >= self.book.as_of else None
        reason = f"done on {known.done_on}" + (f": {known.closed_by}" if known.closed_by else "")
        task = replace(task, sequence=task.sequence + 1)
        self.done.append(task)
        self._end(task, DONE, known.done_on or self.book.as_of, reason)
        return Planned(CLOSE, task, known.before, reason, ("status",))

    def _unwanted(self, known: Known) -> Planned | None:
        before = known.before
        if before is None:
            self._not_ours(known)
            return None
        gone = self.gone(before)
        task = replace(before, due=known.due, owner=known.owner, contact=True, earliest=known.due, latest=known.due)
        if not gone.stays:
            task = replace(task, sequence=task.sequence + 1)
            self._end(task, CLOSED, self.book.as_of, gone.reason)
            return Planned(CLOSE, task, before, gone.reason, ("status",))
        status, until = self._snooze(known, OPEN)
        return _changed(replace(task, status=status, snoozed_until=until), before, [f"stays: {gone.reason}"])

    def _met(self, wanted: Task, known: Known) -> Planned:
        """The policy wants the task, and it is open."""
        before = known.before
        set_due = before.set_due if before is not None else None
        task, waits, why = self._behind(wanted, self._asked(wanted, set_due), before)
        asked = task.due
        due, kept_due = _held(known.due, set_due, asked)
        status, until = self._snooze(known, WAITING if waits else OPEN)
        wanted_owner, role, handed = self._escalated(task, before, due, asleep=status == SNOOZED)
        owner, kept_owner = _held(known.owner, before.set_owner if before is not None else None, wanted_owner)
        free = due == asked
        found = replace(
            task,
            due=due,
            owner=owner,
            role=role,
            status=status,
            snoozed_until=until,
            opened_on=before.opened_on if before is not None else task.opened_on,
            set_due=asked,
            set_owner=wanted_owner,
            earliest=(max(task.earliest, due) if why else min(task.earliest, due)) if free else due,
            latest=max(task.latest, due) if free else due,
            moved=together(task.moved if why else _moved(wanted, before, asked), why, handed),
            sequence=before.sequence if before is not None else 0,
        )
        said = [f"the policy wants it due {asked}; a person's {due} holds"] if kept_due else []
        said += [f"the policy gives it to {wanted_owner}; a person's {owner} holds"] if kept_owner else []
        return _changed(found, before, said, conflict=bool(said))

    def _asked(self, wanted: Task, set_due: date | None) -> date:
        """Where granger set it, if it may stand there and its owner is at work; else where the policy has it."""
        if set_due is None or set_due == wanted.due or not wanted.earliest <= set_due <= wanted.latest:
            return wanted.due
        return set_due if self.calendars.is_worked(wanted.owner, set_due) else wanted.due

    def _behind(self, task: Task, asked: date, before: Task | None) -> tuple[Task, bool, str]:
        """A task that is ``asked`` for on that day, where it comes after another: when it is due and with whom, whether
        it waits, and what that moved."""
        behind = self.step(task.waits_for) if task.waits_for else None
        if behind is not None and behind.action != CLOSE and behind.task.status != DONE:
            if behind.task.due <= asked:
                return replace(task, due=asked), True, ""
            found = self._routed(task, behind.task.due)
            return found, True, waits_until(asked, found.due, behind.task.task)
        if before is not None and before.set_due > asked and (why := told_waiting(before.moved)):
            return self._routed(task, before.set_due), False, why  # the other is done: what it moved stays
        return replace(task, due=asked), False, ""

    def _routed(self, task: Task, day: date) -> Task:
        """The task on that day, or the next on which whoever does it then is at work."""
        touch = from_day_on(self._touch(task))
        found = route(self.book, self.calendars, (touch,), self.book.accounts[task.account_id], day)
        held = unheld(self.book.program.force.workspace, found.held)[0] if found is not None else None
        if found is None or held is None or held.person is None:
            return replace(task, due=day)
        others = (part for part in task.moved.split("; ") if STANDS_IN not in part)
        moved = together(*others, found.stood)
        return replace(task, due=found.placed.due, owner=held.person, role=held.role, moved=moved)

    def _escalated(self, task: Task, before: Task | None, due: date, *, asleep: bool) -> tuple[str, str, str]:
        """Who has a task that is overdue: the holder of the last role whose time has come, and why. While it is put
        off it stays with whom it has come to.
        """
        owner, role, why = task.owner, task.role, ""
        if before is None:
            return owner, role, why
        if asleep:
            handed = told_handing(before.moved)
            return (before.set_owner, before.role, handed) if handed else (owner, role, why)
        for step in self._touch(task).escalate:
            if self.calendars.workspace.moved(due, step.overdue) > self.book.as_of:
                continue
            held = self.book.holder(step.to, task.account_id, self.book.as_of)
            if held.person is not None:
                found = self.calendars.stand_in(held.person, self.book.as_of)
                owner, role = found[0] if found is not None else held.person, held.role
                why = handed_to(step, due)
                why = together(why, found[1] if found is not None else "")
        return owner, role, why

    def _touch(self, task: Task) -> Touch:
        """What the policy says of a task that it wants."""
        return self._touches[task.policy, task.play, task.task]

    @cached_property
    def _touches(self) -> dict[tuple[str, str, str], Touch]:
        return {
            (playbook.name, play.name, touch.task): touch
            for playbook in self.book.program.force.playbooks
            for play in playbook.plays
            for touch in play.touches
        }

    def _snooze(self, known: Known, awake: str) -> tuple[str, date | None]:
        """A task that a person put off sleeps until the day that was named, or until the person wakes it."""
        if known.snoozed_until is not None:
            sleeps = known.snoozed_until > self.book.as_of
            return (SNOOZED, known.snoozed_until) if sleeps else (awake, None)
        return (SNOOZED if known.status == SNOOZED else awake), None

    def _end(self, task: Task, status: str, day: date, reason: str) -> None:
        self.ended.append(
            Ended(
                task.task_id,
                task.policy,
                task.play,
                task.task,
                task.account_id,
                task.due,
                status,
                task.opened_on,
                day,
                task.closed_by,
                task.sequence,
                reason,
            )
        )

    def _not_ours(self, known: Known) -> None:
        if known.task_id not in self.yesterday.ended:
            self.unknown.append(known)


def _held(held: V, was_set: V | None, asked: V) -> tuple[V, bool]:
    """What holds now, and whether a person and the policy disagree about it since yesterday."""
    if was_set is None:
        return held, held != asked
    if held == was_set:
        return asked, False
    return held, asked not in (held, was_set)


def _was(name: str, before: Task, task: Task) -> str:
    """What a field was; of a day and an owner also whether a person changed it."""
    value = getattr(before, name)
    by_hand = (name == "due" and task.due != task.set_due) or (name == "owner" and task.owner != task.set_owner)
    told = "empty" if value is None or value == "" else str(value)
    return f"{name} was {told}" + (", changed by a person" if by_hand else "")
