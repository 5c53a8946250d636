"""Who does a touch, and on which day: each depends on the other.

The owner is who holds the role on the day that the workspace's calendar gives; the day is then worked out by that
owner's calendar. Where another person holds the role on the new day, that person's calendar is asked, at most three
times; then the day stands, with whoever holds the role on it, if that person works on it, or else with the person whose
calendar gave it, or who stands in for that one. So an owner works on the day, where it is a worked one. Who is off
hands on to a substitute; what nobody holds goes to a queue, where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ...policy.model import Touch, Workspace
from ...program.evaluate import Book, Facts
from ...program.holders import Held
from .calendar import Calendars
from .due import Placed, counts, no_owner, placed, placed_after

ROUNDS = 3
"""Calendars that are asked for one touch, at most."""


@dataclass(frozen=True, slots=True)
class Routed:
    """``stood`` says for whom a substitute stands in."""

    placed: Placed
    held: Held
    stood: str = ""


def by_person(calendars: Calendars, links: tuple[Touch, ...]) -> bool:
    """Whether the day of a ``chain`` may differ with who does it."""
    return bool(calendars.persons) and any(counts(touch) for touch in links)


def route(book: Book, calendars: Calendars, links: tuple[Touch, ...], facts: Facts, start: date) -> Routed | None:
    """The first of a ``chain``, which is not due before the others are; None outside the calendar."""
    touch, behind, after = links[0], links[1:], None
    if behind and not by_person(calendars, behind):
        after = placed_after(calendars.workspace, behind, start)
    elif behind and (before := route(book, calendars, behind, facts, start)) is not None:
        after = before.placed
    if behind and after is None:
        return None
    first = placed(calendars.workspace, touch, start, after)
    if first is None:
        return None
    found = Routed(first, *who(book, calendars, touch, facts, first.due))
    if not counts(touch):
        return found
    for left in reversed(range(ROUNDS)):
        person = found.held.person
        if person is None or (left == ROUNDS - 1 and person not in calendars.persons):
            break
        own = placed(calendars.of(person), touch, start, after)
        if own is None:
            return Routed(found.placed, Held(None, found.held.role, works_on_no_day(person, found.placed.due)))
        other = Routed(own, *who(book, calendars, touch, facts, own.due))
        settled = other.held.person in (None, person) or (not left and calendars.works(other.held.person, own.due))
        if settled:
            return other
        if not left:
            held, stood = stood_in(calendars, found.held, max(own.due, book.as_of))
            return Routed(own, held, stood or found.stood)
        found = other
    return found


def who(book: Book, calendars: Calendars, touch: Touch, facts: Facts, day: date) -> tuple[Held, str]:
    """Who does the touch on that day, or now that it is past; and for whom, where that is a substitute."""
    day = max(day, book.as_of)
    return stood_in(calendars, holder(book, touch, facts, day), day)


def stood_in(calendars: Calendars, held: Held, day: date) -> tuple[Held, str]:
    """Who does the work of ``held`` on that day; and for whom, where that is a substitute."""
    found = calendars.stand_in(held.person, day) if held.person is not None else None
    return (replace(held, person=found[0]), found[1]) if found is not None else (held, "")


def holder(book: Book, touch: Touch, facts: Facts, day: date) -> Held:
    """Who holds what the touch names, at work or off."""
    if book.is_role(touch.owner):
        return book.holder(touch.owner, facts.account_id, day)
    person = facts.record.get(touch.owner)
    return Held(person, touch.owner) if isinstance(person, str) else Held(None, touch.owner, no_owner(touch))


def queue_of(workspace: Workspace, role: str) -> str:
    """Where work goes that nobody holds: the queue that the role falls back on, else the first; empty without any."""
    own = workspace.roles.get(role)
    if own is not None and own.queue:
        return role
    return own.last if own is not None and own.last else next(iter(workspace.queues), "")


def unheld(workspace: Workspace, held: Held) -> tuple[Held, str]:
    """``held``, or the queue that takes what nobody holds, with the reason. What cannot be said stays unsaid."""
    queue = queue_of(workspace, held.role) if held.person is None and not held.undecided else ""
    if not queue:
        return held, ""
    return Held(queue, queue), "" if queue == held.role else held.reason


def works_on_no_day(person: str, day: date) -> str:
    return f"{person} has no working day near {day}"
