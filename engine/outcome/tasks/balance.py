"""The task list of a run, once it is known who does what: spared customers, level weeks, and the load of everybody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from ...language.tree import Expression
from ...policy.model_staffing import ContactLimit
from ...policy.names import PEOPLE
from ...program.evaluate import Book
from .calendar import Calendars
from .contacts import LimitOf, within_limits
from .leeway import leeways, monday, with_leeway
from .touches import Task, Unserved
from .workload import Hours, Load, counted, in_balance, loads

MOST_WEEKS = 53
"""Weeks whose load is told, at the most."""


@dataclass(frozen=True, slots=True)
class Balanced:
    """``tasks`` in the order of their file; ``crowded`` is what a customer has no room for."""

    tasks: Sequence[Task]
    crowded: list[Unserved] = field(default_factory=list)
    load: list[Load] = field(default_factory=list)


def flexible(book: Book, tasks: Sequence[Task], calendars: Calendars) -> Sequence[Task]:
    """The tasks with the days between which they may move; as they are where no touch may."""
    playbooks = book.program.force.playbooks
    if all(touch.flex is None for playbook in playbooks for play in playbook.plays for touch in play.touches):
        return tasks
    return with_leeway(tasks, playbooks, calendars)


def balanced(
    book: Book, tasks: Sequence[Task], calendars: Calendars, holding: Callable[[Expression], Collection[str]]
) -> Balanced:
    """Contact limits first, then levelling, each where a staffing policy asks for it; the load of people with hours.
    ``holding`` are the accounts for which a condition holds.

    Running it again over its own tasks moves nothing.
    """
    staffings = book.program.force.staffings
    limits = [limit for staffing in staffings for limit in staffing.contact_limits]
    levelling = next((staffing.levelling for staffing in staffings if staffing.levelling is not None), None)
    hours = hours_of(book, calendars)
    if not limits and not hours.a_week:
        return Balanced(tasks)
    rows, crowded, room = list(tasks), list[Unserved](), dict[tuple[str, date], int]()
    leeway = leeways(rows, calendars.is_worked, book.as_of)
    if limits:
        kept = within_limits(rows, leeway, _limit_of(limits, holding), book.as_of)
        rows, crowded, room = kept.tasks, kept.crowded, dict(kept.room)
    if levelling is not None:
        leeway = leeways(rows, calendars.is_worked, book.as_of)
        rows = in_balance(rows, leeway, hours, room, levelling.weeks)
    rows.sort(key=lambda t: (t.due, t.owner, t.account_id, t.policy, t.play, t.task, t.task_id))
    told = loads(rows, leeways(rows, calendars.is_worked, book.as_of), hours, _weeks(rows, book.as_of))
    return Balanced(rows, crowded, told)


def _weeks(tasks: Sequence[Task], as_of: date) -> int:
    """From the week of ``as_of`` to the last that holds a task."""
    last = max((task.due for task in counted(tasks)), default=as_of)
    return max(1, min(MOST_WEEKS, (monday(last) - monday(as_of)).days // 7 + 1))


def _limit_of(limits: Sequence[ContactLimit], holding: Callable[[Expression], Collection[str]]) -> LimitOf:
    """The first that is for the account; one that cannot be decided is not for it."""
    known = [(limit.at_most, None if limit.when is None else holding(limit.when)) for limit in limits]
    return lambda account_id: next((most for most, some in known if some is None or account_id in some), None)


def hours_of(book: Book, calendars: Calendars) -> Hours:
    """A week's hours of everybody in the table of people: their own, or those of their role."""
    table = book.tables.get(PEOPLE)
    found: dict[str, Fraction] = {}
    for i in range(len(table) if table is not None else 0):
        row = table.record(i) if table is not None else {}
        own, role, person = row.get("hours"), row.get("role"), row.get("person")
        known = book.program.force.workspace.roles.get(str(role))
        hours = own if isinstance(own, Fraction) else known.hours if known is not None else None
        if isinstance(person, str) and hours is not None:
            found[person] = hours
    workdays = {person: calendars.days_a_week(person) for person in found}
    return Hours(found, workdays, calendars.is_worked, book.as_of)
