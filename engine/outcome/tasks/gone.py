"""Why a policy does not ask any more for a task that stands open: asked of the reference, one task at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...language.tree import Expression
from ...policy.model import Play, Playbook, Repeat, Touch
from ...program.evaluate import Book, Facts
from ...program.spoken import lacking, with_values
from .due import NO_ANCHOR, NO_END, NO_PER, no_owner, open_end, own_end, undecided
from .recurrence import occurrences
from .touches import Task, occurrence_of


@dataclass(frozen=True, slots=True)
class Gone:
    """``stays``: nobody can say that the task is not wanted, so it stays open."""

    reason: str
    stays: bool = False


def why_gone(book: Book, task: Task, day: date | None, before: date) -> Gone:
    """``day`` is that on which the play fired whose tasks go on today, ``before`` the end of the horizon."""
    found = _in_policy(book, task)
    if isinstance(found, Gone):
        return found
    _, play, touch = found
    facts = book.accounts[task.account_id]
    if play.population is not None and (gone := _condition(book, facts, "for", play.population)) is not None:
        return gone
    if play.when is not None and day is None:
        return _condition(book, facts, "when", play.when) or Gone("the play has not fired")
    value = book.value(play.anchor, facts) if play.anchor is not None else day
    if not isinstance(value, date):
        return Gone(NO_ANCHOR, stays=True)
    name = occurrence_of(book, play, facts, day or value)
    if name is None:
        return Gone(NO_PER, stays=True)
    return _occurrence(book, play, facts, task, name, value, before) or _closed(book, facts, task, touch)


def _in_policy(book: Book, task: Task) -> tuple[Playbook, Play, Touch] | Gone:
    playbook = next((p for p in book.program.force.playbooks if p.name == task.policy), None)
    if playbook is None:
        return Gone(f"the playbook {task.policy} is not in force any more")
    play = next((p for p in playbook.plays if p.name == task.play), None)
    if play is None:
        return Gone(f"the play {task.play} is not in the policy any more")
    touch = next((t for t in play.touches if t.task == task.task), None)
    if touch is None:
        return Gone(f"the task {task.task} is not in the play any more")
    if task.account_id not in book.accounts:
        return Gone("the account is gone")
    return playbook, play, touch


def _condition(book: Book, facts: Facts, word: str, condition: Expression) -> Gone | None:
    """None where it holds."""
    value = book.value(condition, facts)
    if value is None:
        return Gone(f"{undecided(word)} without {lacking(book.missing(condition, facts))}", stays=True)
    if value is False:
        return Gone(with_values(f"`{word}` does not hold any more", (condition,), facts, book.program.types))
    return None


def _occurrence(book: Book, play: Play, facts: Facts, task: Task, name: str, anchor: date, before: date) -> Gone | None:
    """None where the play still comes as often, for the same occurrence."""
    repeat = play.repeat
    if repeat is None:
        return None if name == task.occurrence else Gone(f"superseded: its occurrence is now {name}")
    if task.occurrence.rpartition("#")[0] != name:
        return Gone(f"superseded: its occurrence is now {name}")
    expression = repeat.before or repeat.until
    end = open_end(play, before)
    if expression is not None:
        value = book.value(expression, facts)
        if not isinstance(value, date):
            return Gone(NO_END, stays=True)
        end = own_end(repeat, value)
    pace = _pace(book, facts, repeat)
    if isinstance(pace, Gone):
        return pace
    try:
        # a task that stands open may be beyond today's horizon
        far = max(end, task.anchor) if expression is None else end
        comes = any(f"{name}#{ordinal}" == task.occurrence for ordinal, _ in occurrences(repeat, pace, anchor, far))
    except OverflowError:
        comes = False
    return None if comes else Gone("the repeat does not come to it any more")


def _pace(book: Book, facts: Facts, repeat: Repeat) -> int | Gone:
    """The interval of the repeat now."""
    for pace in repeat.paces:
        holds = book.value(pace.when, facts) if pace.when is not None else True
        if holds is None:
            return Gone(undecided("interval"), stays=True)
        if holds:
            return pace.interval
    return Gone("the repeat has no interval for the account any more")


def _closed(book: Book, facts: Facts, task: Task, touch: Touch) -> Gone:
    if touch.close_when is not None and book.value(touch.close_when, facts) is True:
        return Gone(with_values("`close_when` holds", (touch.close_when,), facts, book.program.types))
    if not book.is_role(touch.owner):
        return Gone(no_owner(touch), stays=True)
    held = book.holder(touch.owner, task.account_id, max(task.due, book.as_of))
    return Gone(held.reason or "it is further away than the run looks", stays=True)
