"""The tasks of one account, as the rows of ``tasks.csv`` and ``unserved.csv`` say them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from ..amounts import plain
from ..language.tree import Expression, Value
from ..outcome.tasks.calendar import Days
from ..outcome.tasks.due import Placed, chain, leaves, placed_after, sentences
from ..outcome.tasks.leeway import around
from ..outcome.tasks.recurrence import occurrences
from ..outcome.tasks.touches import OPEN, WAITING, Task, Unserved
from ..periods import Duration
from ..policy.model import Duty, Play, Playbook, Repeat, Touch, Workspace
from ..policy.names import PEOPLE, TIME_OFF
from ..policy.pack import InForce
from ..program.compile import Held as Holding
from ..program.compile import Program
from ..program.generated import AccountFunction, Slot
from ..program.spoken import lacking, source_of, spoken
from ..tables.shape import Shape
from .owners import Owners
from .reading import Given
from .tiers import Row, template
from .words import iso, speaker

_DAYS_IN = {"business days": 3, "days": 1, "weeks": 7, "months": 31, "years": 366}
"""At the most, to look far enough ahead of the horizon."""

_DAYS_KNOWN = 2_048
"""Days from which a touch's due day is remembered."""

_TASK_ORDER = itemgetter("due", "owner", "account_id", "policy", "play", "task", "task_id")
_FIRST = itemgetter(0)


def wanted(play: Play) -> list[Expression]:
    """The expressions that a play's tasks depend on."""
    repeat = play.repeat
    ends = (repeat.before, repeat.until, *(pace.when for pace in repeat.paces)) if repeat is not None else ()
    ifs = [condition for touch in play.touches for condition in (touch.close_when, touch.skip_when)]
    return [e for e in (play.population, play.when, play.anchor, play.per, *ends, *ifs) if e is not None]


def beyond_quick(play: Play) -> bool:
    """Whether the tasks of a play are left to the reference.

    Of what a trigger says of its firing, ``lasting`` alone counts on its first day.
    """
    return play.firing.lasting.count > 0


def balances(force: InForce) -> bool:
    """Whether tasks are moved for the sake of others, which is done once all are known: the reference does it."""
    return any(staffing.contact_limits or staffing.levelling is not None for staffing in force.staffings)


def beyond_quick_calendars(workspace: Workspace) -> bool:
    """Whether people may have days of their own, or work may go to queues: the reference knows who does what then."""
    people = workspace.shapes.get(PEOPLE)
    own = people is not None and any(people.field(name) for name in ("country", "subdivision", "working_week"))
    return own or TIME_OFF in workspace.shapes or bool(workspace.queues)


@dataclass(slots=True)
class Found:
    """What the plays have found for one account so far; ``unserved`` with the key it is sorted by."""

    values: Sequence[Any]
    given: Given
    owners: Owners
    account_name: str | None
    tasks: list[Row] = field(default_factory=list)
    unserved: list[tuple[Any, Row]] = field(default_factory=list)
    waiting: bool = False

    def sorted(self) -> tuple[list[Row], list[Row]]:
        if self.waiting:
            listed = {row["task_id"] for row in self.tasks}
            for row in self.tasks:
                row["status"] = WAITING if row["waits_for"] in listed else row["status"]
        if len(self.tasks) > 1:
            self.tasks.sort(key=_TASK_ORDER)
        if len(self.unserved) > 1:
            self.unserved.sort(key=_FIRST)
        return self.tasks, [row for _, row in self.unserved]


class Serving:
    """One play on one day: what can be worked out beforehand is worked out once."""

    def __init__(
        self,
        program: Program,
        function: AccountFunction,
        playbook: Playbook,
        play: Play,
        days: Days,
        horizon: Duration,
        as_of: date,
    ) -> None:
        own = playbook.horizon
        self.before = own if isinstance(own, date) else (own or horizon).clamped(as_of)
        self.program, self.function, self.playbook, self.play = program, function, playbook, play
        self.as_of, self.names = as_of, function.names
        self.tests = [
            (self._slot(condition).at, condition, word)
            for condition, word in ((play.population, "for"), (play.when, "when"))
            if condition is not None
        ]
        self.anchor_at = self._slot(play.anchor).at if play.anchor is not None else None
        self.per = self._slot(play.per) if play.per is not None else None
        read = dict.fromkeys(name for e in (play.when, play.anchor) if e is not None for name in e.names)
        self.values = [(name, speaker(self.names[name], program.types.get(name))) for name in read]
        self.touches = [_Touch(self, touch, days) for touch in play.touches]
        self.unserved = {
            touch.task: template(
                Unserved, policy=playbook.name, play=play.name, task=touch.task, source=source_of(touch.span)
            )
            for touch in play.touches
        }
        self.due_from = lru_cache(maxsize=_DAYS_KNOWN)(self._due_from)

    def _slot(self, expression: Expression) -> Slot:
        return self.function.expressions[id(expression)]

    def serve(self, found: Found) -> None:
        values = found.values
        for at, condition, word in self.tests:
            holds = values[at]
            if holds is None:
                missing = self.missing(condition, values)
                self.refuse(found, "", None, "undecided", f"`{word}` cannot be decided", missing)
            if holds is not True:
                return
        anchor = self.as_of if self.anchor_at is None else values[self.anchor_at]
        if not isinstance(anchor, date):
            missing = self.missing(self.play.anchor, values)
            self.refuse(found, "", None, "unserved", "there is no date to count from", missing)
            return
        occurrence = iso(anchor if self.play.when is None else self.as_of)
        if self.per is not None:
            value = self.per.value(values)
            if value is None:
                why = "there is no value of `per` to tell occurrences apart"
                self.refuse(found, "", None, "unserved", why, self.missing(self.play.per, values))
                return
            occurrence = _told(value)
        before = len(found.tasks)
        repeat = self.play.repeat
        starts = [(anchor, occurrence)] if repeat is None else self._starts(repeat, anchor, occurrence, found)
        for start, name in starts:
            if due := self.due_from(start):
                occurred = _occurred(found.given.account_id, name)
                for touch, placed, moved in due:
                    touch.serve(found, placed, moved, start, name, occurred)
        if len(found.tasks) > before and self.values:
            self._say(found.tasks[before:], values)

    def _due_from(self, start: date) -> tuple[tuple[_Touch, Placed | None, str | None], ...]:
        """The touches that are due in the horizon, each with its day and why that is another than asked for; None for a
        day outside the calendar."""
        found: list[tuple[_Touch, Placed | None, str | None]] = []
        for touch in self.touches:
            at = touch.placed(start)
            if at is None:
                found.append((touch, None, None))
            elif self.as_of <= at.due < self.before:
                found.append((touch, at, sentences(at.moved, provisional=at.provisional) or None))
        return tuple(found)

    def _say(self, rows: list[Row], values: Sequence[Any]) -> None:
        """Adds the values that the play was decided by to the reasons of its tasks."""
        said = ", ".join([f"{name} = {say(values)}" for name, say in self.values])
        for row in rows:
            because = row["because"]
            row["because"] = f"{because} ({said})" if because else said

    def _starts(self, repeat: Repeat, anchor: date, occurrence: str, found: Found) -> Iterator[tuple[date, str]]:
        """Each repeat of the anchor, with the occurrence's name."""
        end = self._end(repeat, found.values)
        if end is None:
            missing = self.missing(repeat.before or repeat.until, found.values)
            self.refuse(found, "", None, "unserved", "there is no day on which the repeat ends", missing)
            return
        interval = self._interval(repeat, found)
        if interval is None:
            return
        try:
            for ordinal, day in occurrences(repeat, interval, anchor, end):
                yield day, f"{occurrence}#{ordinal}"
        except OverflowError:
            self.refuse(found, "", None, "unserved", f"the repeat from {anchor} leaves the calendar")

    def _interval(self, repeat: Repeat, found: Found) -> int | None:
        """That of the first pace that holds; where one above it cannot be decided, that is listed."""
        for pace in repeat.paces:
            holds = True if pace.when is None else found.values[self._slot(pace.when).at]
            if holds is None:
                missing = self.missing(pace.when, found.values)
                self.refuse(found, "", None, "undecided", "`interval` cannot be decided", missing)
                return None
            if holds:
                return pace.interval
        return None

    def _end(self, repeat: Repeat, values: Sequence[Any]) -> date | None:
        """The first day that no occurrence can have. Without an end of its own a repeat goes on past the horizon by as
        much as its touches may be due early."""
        expression = repeat.before or repeat.until
        if expression is None:
            early = max((-touch.due.count * _DAYS_IN[touch.due.unit] for touch in self.play.touches), default=0)
            return Duration(max(early, 0) + 31, "days").clamped(self.before)
        value = values[self._slot(expression).at]
        if not isinstance(value, date):
            return None
        return value + timedelta(days=1) if repeat.until is not None and value < date.max else value

    def missing(self, expression: Expression | None, values: Sequence[Any]) -> tuple[str, ...]:
        """The names that the expression reads and that have no value."""
        read = expression.names if expression is not None else ()
        return tuple(sorted(name for name in read if values[self.names[name].at] is None))

    def refuse(
        self, found: Found, task: str, due: date | None, level: str, reason: str, missing: tuple[str, ...] = ()
    ) -> None:
        """What the play wanted and could not have, for one of its tasks or for all."""
        policy, play, account_id = self.playbook.name, self.play.name, found.given.account_id
        for touch in self.play.touches:
            if task in ("", touch.task):
                row = self.unserved[touch.task].copy()
                row["account_id"], row["due"], row["level"], row["reason"] = account_id, due, level, reason
                row["missing"] = ", ".join(missing) or None
                found.unserved.append(((policy, play, account_id, touch.task, due or date.min, reason), row))


class _Touch:
    """One touch of a play."""

    def __init__(self, serving: Serving, touch: Touch, days: Days) -> None:
        self.serving, self.touch, self.days = serving, touch, days
        program, play, policy = serving.program, serving.play, serving.playbook.name
        self.links = chain(play, touch)
        self.placed = partial(placed_after, days, self.links)
        ending = [condition for condition in (touch.close_when, touch.skip_when) if condition is not None]
        self.ending = [serving._slot(condition).at for condition in ending]
        self.row = template(
            Task,
            policy=policy,
            play=play.name,
            task=touch.task,
            activity=touch.activity,
            priority=touch.priority,
            minutes=touch.minutes,
            channel=touch.channel,
            contact=touch.contact,
            status=OPEN,
            opened_on=serving.as_of,
            sequence=0,
            because=touch.because or play.because or serving.playbook.because,
            source=source_of(touch.span),
        )
        self.identified = _identified(policy, play.name, touch.task)
        self.identified_before = _identified(policy, play.name, touch.after) if touch.after else b""
        duty = next((duty for duty in program.force.duties if duty.name == touch.owner), None)
        always = duty is not None and bool(duty.cases) and duty.cases[0].when is None
        self.duty = None if always else duty
        self.role = duty.cases[0].role if always and duty is not None else touch.owner
        self.is_role = isinstance(program.definitions.get(touch.owner), Holding)
        self.field_at = _place(program.force.workspace.shapes["accounts"], touch.owner)

    def serve(
        self, found: Found, placed: Placed | None, moved: str | None, anchor: date, occurrence: str, occurred: bytes
    ) -> None:
        serving, touch = self.serving, self.touch
        if placed is None:
            serving.refuse(found, touch.task, None, "unserved", leaves(self.days, self.links, anchor))
            return
        for at in self.ending:
            if found.values[at] is True:
                return
        due = placed.due
        person, role = self._owner(found, due)
        if person is None:
            return
        row = self.row.copy()
        row["task_id"] = _identity(self.identified + occurred)
        if touch.after:
            row["waits_for"] = _identity(self.identified_before + occurred)
            found.waiting = True
        row["account_id"] = found.given.account_id
        row["account_name"] = found.account_name
        row["due"], row["owner"], row["role"], row["anchor"], row["occurrence"] = due, person, role, anchor, occurrence
        row["moved"] = moved
        row["set_due"] = row["earliest"] = row["latest"] = due
        if touch.flex is not None:
            row["earliest"], row["latest"] = around(self.days, due, touch.flex)
        row["set_owner"] = person
        found.tasks.append(row)

    def _owner(self, found: Found, due: date) -> tuple[str | None, str]:
        """The person who does it, and the role; where nobody does, the reason is listed."""
        serving, touch = self.serving, self.touch
        if not self.is_role:
            person = found.given.record[self.field_at] if self.field_at is not None else None
            if isinstance(person, str):
                return person, touch.owner
            serving.refuse(found, touch.task, due, "unserved", f"the account has no {touch.owner}")
            return None, ""
        role = self.role if self.duty is None else self._by_duty(self.duty, found, due)
        if role is None:
            return None, ""
        person, held = found.owners.held(role, due)
        if person is None:
            serving.refuse(found, touch.task, due, "unserved", found.owners.on(role, due).reason)
        return person, held

    def _by_duty(self, duty: Duty, found: Found, due: date) -> str | None:
        """The role that has the duty on that day; None where that is listed as unserved."""
        serving, task = self.serving, self.touch.task
        case = serving.function.duties[duty.name](found.values, due)
        if case >= 0:
            return duty.cases[case].role
        if case == -1:
            serving.refuse(found, task, due, "unserved", f"no case of the duty {duty.name} holds")
            return None
        missing = serving.missing(duty.cases[-2 - case].when, found.values)
        why = f"who has the duty {duty.name} cannot be decided without {lacking(missing)}"
        serving.refuse(found, task, due, "undecided", why, missing or (lacking(missing),))
        return None


def _identified(policy: str, play: str, task: str) -> bytes:
    """How a task's identity begins."""
    parts = [part.replace("\0", "") for part in (policy, play, task)]
    return ("\0".join(parts) + "\0").encode("utf-8", "surrogatepass")


def _occurred(account_id: str, occurrence: str) -> bytes:
    """How it ends."""
    text = f"{account_id}\0{occurrence}"
    if text.count("\0") > 1:
        text = "\0".join([account_id.replace("\0", ""), occurrence.replace("\0", "")])
    return text.encode("utf-8", "surrogatepass")


def _identity(parts: bytes) -> str:
    """As ``touches.task_id``."""
    return "T-" + hashlib.sha256(parts).hexdigest()[:16]


def _place(shape: Shape, name: str) -> int | None:
    names = [field.name for field in shape.fields]
    return names.index(name) if name in names else None


def _told(value: Value) -> str:
    """The name of an occurrence by its value."""
    return plain(value) if isinstance(value, Fraction) else spoken(value)
