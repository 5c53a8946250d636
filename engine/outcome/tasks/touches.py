"""The touches of every play for every account: due, owned, identified; or listed as unserved with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from ...amounts import plain
from ...language.tree import Expression
from ...periods import Duration
from ...policy.model import Pace, Play, Playbook, Repeat, Touch
from ...program.evaluate import Book, Facts
from ...program.holders import Held
from ...program.spoken import source_of, spoken, with_values
from .calendar import Calendars
from .due import (
    NO_ANCHOR,
    NO_END,
    NO_PER,
    Window,
    because_of,
    chain,
    horizon_end,
    leaves,
    open_end,
    own_end,
    placed_after,
    repeat_leaves,
    sentences,
    undecided,
)
from .recurrence import occurrences
from .routing import by_person, route, unheld
from .standing import NOTHING_STANDS, Standing
from .triggers import NOTHING, Fired, Trigger, joined, moved_on

OPEN, WAITING, SNOOZED, DONE = "open", "waiting", "snoozed", "done"
"""The status of a task: to be done; not before another is done; put off by a person; done."""


@dataclass(frozen=True, slots=True)
class Task:
    """``due`` and ``owner`` are what holds; ``set_due`` and ``set_owner`` what granger set, so that a difference in
    yesterday's file is a person's. ``earliest`` and ``latest`` bound the days it may move to, ``moved`` says what did
    move it; ``waits_for`` is the task it comes after, ``sequence`` counts its changes since ``opened_on``, and
    ``closed_by`` is the activity by which it was done.
    """

    task_id: str
    policy: str
    play: str
    task: str
    account_id: str
    account_name: str
    due: date
    owner: str
    role: str
    activity: str
    priority: str
    minutes: int
    channel: str
    contact: bool
    status: str
    opened_on: date
    snoozed_until: date | None
    done_on: date | None
    closed_by: str
    set_due: date
    set_owner: str
    earliest: date
    latest: date
    waits_for: str
    moved: str
    sequence: int
    anchor: date
    occurrence: str
    because: str
    source: str


@dataclass(frozen=True, slots=True)
class Unserved:
    """``level`` is ``unserved`` (a play wants the account, nobody can) or ``undecided`` (it cannot be said)."""

    policy: str
    play: str
    task: str
    account_id: str
    due: date | None
    level: str
    reason: str
    missing: str
    source: str


@dataclass
class Tasks:
    tasks: list[Task] = field(default_factory=list)
    unserved: list[Unserved] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    past: int = 0
    beyond: int = 0
    closed: int = 0
    skipped: int = 0
    provisional: set[str] = field(default_factory=set)


def tasks(
    book: Book,
    calendars: Calendars,
    horizon: Duration,
    fired: Fired,
    accounts: Sequence[str] | None = None,
    standing: Standing = NOTHING_STANDS,
) -> Tasks:
    """All tasks due in ``[as_of, as_of + horizon)``, of these accounts or (None) of all.

    A playbook's own horizon counts for its plays.

    Touches due before ``as_of`` (``past``), after the horizon (``beyond``), whose ``close_when`` holds (``closed``), or
    whose ``skip_when`` does (``skipped``) are counted, not listed. Those in ``standing`` are listed whenever they are
    due, and are not skipped. ``provisional`` are the places and years, such as ``CN 2027``, that a task's day rests on
    and whose holidays may still change.
    """
    found = Tasks()
    for playbook in book.program.force.playbooks:
        window = Window(book.as_of, horizon_end(playbook, book.as_of, horizon))
        for play in playbook.plays:
            for account_id in book.accounts if accounts is None else accounts:
                facts = book.accounts[account_id]
                _Serving(book, calendars, window, fired, standing, found, playbook, play, facts).serve()
    _wait(found)
    found.tasks.sort(key=lambda t: (t.due, t.owner, t.account_id, t.policy, t.play, t.task, t.task_id))
    found.unserved.sort(key=lambda u: (u.policy, u.play, u.account_id, u.task, u.due or date.min, u.reason))
    found.triggers.sort(key=lambda t: (t.policy, t.play, t.account_id))
    return found


def planned(book: Book, calendars: Calendars, window: Window, account_id: str) -> Tasks:
    """The touches that the plays without a trigger plan for one account in a time, in no order."""
    found, facts = Tasks(), book.accounts[account_id]
    for playbook in book.program.force.playbooks:
        for play in playbook.plays:
            if play.when is None:
                _Serving(book, calendars, window, {}, NOTHING_STANDS, found, playbook, play, facts).serve()
    return found


def _wait(found: Tasks) -> None:
    """A task waits as long as the one that it comes after is listed."""
    if any(task.waits_for for task in found.tasks):
        listed = {task.task_id for task in found.tasks}
        found.tasks = [replace(t, status=WAITING) if t.waits_for in listed else t for t in found.tasks]


def occurrence_of(book: Book, play: Play, facts: Facts, day: date) -> str | None:
    """What tells one time of the play from another: the value of ``per`` (None: there is none), else the day."""
    if play.per is None:
        return day.isoformat()
    value = book.value(play.per, facts)
    return None if value is None else plain(value) if isinstance(value, Fraction) else spoken(value)


def task_id(policy: str, play: str, task: str, account_id: str, occurrence: str) -> str:
    """A digest of what the task is, never of when it is due: a date that moves updates it."""
    parts = "\0".join(part.replace("\0", "") for part in (policy, play, task, account_id, occurrence))
    return "T-" + hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass
class _Serving:
    """One play for one account. ``to_come``: not all of its touches are past, or one still stands."""

    book: Book
    calendars: Calendars
    window: Window
    fired: Fired
    standing: Standing
    found: Tasks
    playbook: Playbook
    play: Play
    facts: Facts
    to_come: bool = False

    def serve(self) -> None:
        inside = self._holds(self.play.population, "for")
        if self.play.when is None:
            if inside:
                self._occur(None)
            return
        holds = inside and self._holds(self.play.when, "when")
        key = self.playbook.name, self.play.name, self.facts.account_id
        now = moved_on(self.play.firing, self.book.as_of, self.fired.get(key, NOTHING), inside=inside, holds=holds)
        state, self.to_come = now.state, False
        if state.fired is not None:
            self._occur(state.fired)
        if now.stays or (state.fired is not None and self.to_come):
            before = joined(state.before)
            self.found.triggers.append(Trigger(*key, state.since, state.fired, before, state.completed, now.held_back))

    def _holds(self, condition: Expression | None, word: str) -> bool:
        """Whether the play is for the account, or its trigger holds; undecided does not, and is listed."""
        if condition is None:
            return True
        value = self.book.value(condition, self.facts)
        if value is None:
            missing = self.book.missing(condition, self.facts)
            self._unserved("", None, "undecided", undecided(word), missing)
        return value is True

    def _occur(self, fired: date | None) -> None:
        """The touches of the play, which a trigger ``fired`` on that day."""
        play, facts = self.play, self.facts
        anchor = fired
        if play.anchor is not None:
            value = self.book.value(play.anchor, facts)
            anchor = value if isinstance(value, date) else None
        if anchor is None:
            missing = self.book.missing(play.anchor, facts) if play.anchor else ()
            self._unserved("", None, "unserved", NO_ANCHOR, missing)
            return
        occurrence = occurrence_of(self.book, play, facts, fired or anchor)
        if occurrence is None:
            missing = self.book.missing(play.per, facts) if play.per else ()
            self._unserved("", None, "unserved", NO_PER, missing)
            return
        for start, name in self._starts(anchor, occurrence):
            for touch in play.touches:
                self._touch(touch, start, name)

    def _starts(self, anchor: date, occurrence: str) -> Iterator[tuple[date, str]]:
        """Where touches count from, with the occurrence's name: the anchor alone, or each repeat of it."""
        repeat = self.play.repeat
        if repeat is None:
            yield anchor, occurrence
            return
        end = self._end(repeat)
        if end is None:
            expression = repeat.before or repeat.until
            missing = self.book.missing(expression, self.facts) if expression else ()
            self._unserved("", None, "unserved", NO_END, missing)
            return
        pace = self._pace(repeat)
        if pace is None:
            return
        try:
            for ordinal, day in occurrences(repeat, pace.interval, anchor, end):
                yield day, f"{occurrence}#{ordinal}"
        except OverflowError:
            self._unserved("", None, "unserved", repeat_leaves(anchor))

    def _pace(self, repeat: Repeat) -> Pace | None:
        """The first that holds; where one above it cannot be decided, that is listed."""
        for pace in repeat.paces:
            holds = self.book.value(pace.when, self.facts) if pace.when is not None else True
            if holds is None and pace.when is not None:
                missing = self.book.missing(pace.when, self.facts)
                self._unserved("", None, "undecided", undecided("interval"), missing)
                return None
            if holds is True:
                return pace
        return None

    def _end(self, repeat: Repeat) -> date | None:
        """The first day that no occurrence can have."""
        expression = repeat.before or repeat.until
        if expression is None:
            return open_end(self.play, self.window.before)
        value = self.book.value(expression, self.facts)
        return own_end(repeat, value) if isinstance(value, date) else None

    def _touch(self, touch: Touch, anchor: date, occurrence: str) -> None:
        links = chain(self.play, touch)
        identity = self.playbook.name, self.play.name, touch.task, self.facts.account_id, occurrence
        stands = bool(self.standing) and identity in self.standing
        if not by_person(self.calendars, links):
            first = placed_after(self.calendars.workspace, links, anchor)
            if first is not None and not stands and self._is_outside(first.due):
                return
        routed = route(self.book, self.calendars, links, self.facts, anchor)
        if routed is None:
            self._unserved(touch.task, None, "unserved", leaves(self.calendars.workspace, links, anchor))
            return
        due = routed.placed.due
        if by_person(self.calendars, links) and not stands and self._is_outside(due):
            return
        self.to_come = True
        if not self.window.whole and self._is_closed(touch):
            self.found.closed += 1
            return
        if touch.skip_when is not None and not stands and self.book.value(touch.skip_when, self.facts) is True:
            self.found.skipped += 1
            return
        held, why = unheld(self.book.program.force.workspace, routed.held)
        if held.person is None:
            level = "undecided" if held.undecided else "unserved"
            self._unserved(touch.task, due, level, held.reason, held.undecided)
            return
        self.found.provisional.update(routed.placed.provisional)
        moved = sentences(routed.placed.moved, routed.stood, why, provisional=routed.placed.provisional)
        self.found.tasks.append(self._task(touch, anchor, occurrence, due, held, moved))

    def _is_outside(self, due: date) -> bool:
        """Whether the day is not listed; it is counted then."""
        start, before = self.window.start, self.window.before
        self.to_come |= due >= start
        self.found.past += due < start
        self.found.beyond += before <= due >= start
        return not start <= due < before

    def _is_closed(self, touch: Touch) -> bool:
        return touch.close_when is not None and self.book.value(touch.close_when, self.facts) is True

    def _task(self, touch: Touch, anchor: date, occurrence: str, due: date, held: Held, moved: str) -> Task:
        play, facts, policy = self.play, self.facts, self.playbook.name
        because = because_of(self.playbook, play, touch)
        before = task_id(policy, play.name, touch.after, facts.account_id, occurrence) if touch.after else ""
        name = facts.record.get("name")
        return Task(
            task_id=task_id(policy, play.name, touch.task, facts.account_id, occurrence),
            policy=policy,
            play=play.name,
            task=touch.task,
            account_id=facts.account_id,
            account_name=name if isinstance(name, str) else "",
            due=due,
            owner=held.person or "",
            role=held.role,
            activity=touch.activity,
            priority=touch.priority,
            minutes=touch.minutes,
            channel=touch.channel,
            contact=touch.contact,
            status=OPEN,
            opened_on=self.book.as_of,
            snoozed_until=None,
            done_on=None,
            closed_by="",
            set_due=due,
            set_owner=held.person or "",
            earliest=due,
            latest=due,
            waits_for=before,
            moved=moved,
            sequence=0,
            anchor=anchor,
            occurrence=occurrence,
            because=with_values(because, (play.when, play.anchor), facts, self.book.program.types),
            source=source_of(touch.span),
        )

    def _unserved(self, task: str, due: date | None, level: str, reason: str, missing: tuple[str, ...] = ()) -> None:
        self.to_come = True
        for touch in self.play.touches:
            if task in ("", touch.task):
                self.found.unserved.append(
                    Unserved(
                        self.playbook.name,
                        self.play.name,
                        touch.task,
                        self.facts.account_id,
                        due,
                        level,
                        reason,
                        ", ".join(missing),
                        source_of(touch.span),
                    )
                )
