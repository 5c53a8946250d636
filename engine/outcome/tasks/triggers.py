"""When a trigger fires: what is remembered of it, moved on from the run before to the day of this one.

A run sees the condition on its own day alone. What happened on days between two runs it does not know: a condition that
held in the run before and holds now has held all the while.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from ...policy.model import Firing

Key: TypeAlias = tuple[str, str, str]
"""Policy, play, account."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """``since``: the condition has held since that day (None: it does not hold). ``fired``: the firing that goes on.
    ``before``: other firings that count for ``cooldown`` or ``at_most``. ``completed``: the day on which the last task
    of the latest firing was done or closed, once it was.
    """

    since: date | None = None
    fired: date | None = None
    before: tuple[date, ...] = ()
    completed: date | None = None

    @property
    def firings(self) -> tuple[date, ...]:
        """All that is remembered, in order."""
        return tuple(sorted({*self.before, *([self.fired] if self.fired is not None else [])}))


Fired: TypeAlias = Mapping[Key, Remembered]
"""What the run before remembers of triggers."""

Completed: TypeAlias = Mapping[Key, date]
"""The day on which the last task that the latest firing brought was done or closed; no entry: not yet, or not known."""

NOTHING = Remembered()


@dataclass(frozen=True, slots=True)
class Trigger:
    """What this run remembers of a trigger, as ``triggers.csv`` has it. ``held_back``: why it did not fire."""

    policy: str
    play: str
    account_id: str
    since: date | None
    fired: date | None
    fired_before: str
    completed: date | None
    held_back: str


@dataclass(frozen=True, slots=True)
class Now:
    """``stays``: it is remembered even when all touches of the firing are past."""

    state: Remembered
    held_back: str
    stays: bool


def completing(fired: Fired, completed: Completed) -> Fired:
    """``fired`` with what is known of the tasks."""
    if not completed:
        return fired
    return {key: replace(known, completed=known.completed or completed.get(key)) for key, known in fired.items()}


def moved_on(firing: Firing, as_of: date, known: Remembered, *, inside: bool, holds: bool) -> Now:
    """The trigger at the close of ``as_of``. ``inside``: the play is for the account; ``holds``: its condition does."""
    since = min(known.since or as_of, as_of) if holds else None
    firings = tuple(day for day in known.firings if day <= as_of)
    last = firings[-1] if firings else None
    lives = inside and (holds or not firing.level)
    fired = known.fired if lives and known.fired in firings else None
    done = known.completed
    done = done if done is not None and last is not None and last <= done <= as_of else None
    held_back: list[str] = []
    if since is not None and firing.lasting.clamped(since) <= as_of:
        anew = last is None or last < since or (firing.cooldown is not None and not _rests(firing, last, done, as_of))
        held_back = list(_held_back(firing, firings, done, as_of)) if anew else []
        if anew and not held_back:
            last = fired = as_of
            firings, done = (*firings, as_of), None
    counted = [day for day in firings if _counts(firing, day, last, done, as_of)]
    done = done if last in (fired, *counted) else None  # it says nothing without the firing
    state = Remembered(since, fired, tuple(day for day in counted if day != fired), done)
    return Now(state, "; ".join(held_back), since is not None or bool(counted))


def _rests(firing: Firing, last: date, done: date | None, as_of: date) -> bool:
    """Whether the cooldown after the latest firing is not over."""
    start = done if firing.from_completion else last
    return firing.cooldown is not None and (start is None or firing.cooldown.clamped(start) > as_of)


def _held_back(firing: Firing, firings: tuple[date, ...], done: date | None, as_of: date) -> Iterator[str]:
    """What keeps a trigger that would fire from it, and until when."""
    if firings and firing.cooldown is not None and _rests(firing, firings[-1], done, as_of):
        start = done if firing.from_completion else firings[-1]
        end = firing.cooldown.clamped(start) if start is not None else "its last task is done or closed"
        yield f"cooldown until {end}"
    if firing.at_most is not None and len(firings) >= firing.at_most.times:
        end = firing.at_most.during.clamped(firings[-firing.at_most.times])
        if end > as_of:
            yield f"at_most until {end}"


def _counts(firing: Firing, day: date, last: date | None, done: date | None, as_of: date) -> bool:
    """Whether a firing is inside a length of time that is counted from it."""
    if firing.at_most is not None and firing.at_most.during.clamped(day) > as_of:
        return True
    return day == last and _rests(firing, day, done, as_of)


def joined(days: tuple[date, ...]) -> str:
    """The days of earlier firings as one text."""
    return "; ".join(day.isoformat() for day in days)


def parted(text: str) -> tuple[date, ...]:
    """What ``joined`` put together. Raises ValueError for what it did not."""
    return tuple(date.fromisoformat(part) for part in text.split("; ")) if text else ()
