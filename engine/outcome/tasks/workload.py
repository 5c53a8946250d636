"""How many minutes a week each person has and is asked for; touches moved to where there is time; what remains over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from ...amounts import plain, round_to
from .contacts import added
from .leeway import IsWorked, Leeway, monday
from .levelling import Movable, levelled
from .touches import OPEN, SNOOZED, WAITING, Task

_WEEK = timedelta(weeks=1)
_NAMED = 5
"""Tasks that are named as what would have to move."""


@dataclass(frozen=True, slots=True)
class Load:
    """A person's week, named by its Monday, in minutes. ``flexible`` of the tasks may move to another week;
    ``to_move`` names tasks that would have to, where the week is over."""

    person: str
    week: date
    available: int
    planned: int
    over: int
    tasks: int
    flexible: int
    to_move: str


@dataclass(frozen=True, slots=True)
class Hours:
    """A week's hours for touches by person: who has none has no limit. ``workdays`` are the days of an ordinary week
    of the person, of which each is worth an equal part; days off, from ``as_of`` on, are worth nothing.
    """

    a_week: Mapping[str, Fraction]
    workdays: Mapping[str, int]
    is_worked: IsWorked
    as_of: date

    def minutes(self, person: str, week: date) -> int:
        days = [day for n in range(7) if (day := week + timedelta(days=n)) >= self.as_of]
        worked = sum(self.is_worked(person, day) for day in days)
        return int(self.a_week[person] * 60 * min(Fraction(worked, self.workdays.get(person, 5)), Fraction(1)))


def counted(tasks: Iterable[Task]) -> list[Task]:
    """Those that are still to be done."""
    return [task for task in tasks if task.status in (OPEN, WAITING, SNOOZED)]


def in_balance(
    tasks: Sequence[Task],
    leeway: Mapping[str, Leeway],
    hours: Hours,
    room: Mapping[tuple[str, date], int],
    weeks: int,
) -> list[Task]:
    """The tasks with each person's moved inside their leeway so that the next ``weeks`` are not too full.

    A task is asked for on its day, which for one that stands since an earlier run is where it stood: a plan moves only
    with a reason.
    """
    first = monday(hours.as_of)
    horizon = [first + n * _WEEK for n in range(weeks)]
    by_person: dict[str, list[Task]] = defaultdict(list)
    for task in counted(tasks):
        if task.owner in hours.a_week:
            by_person[task.owner].append(task)
    moved: dict[str, Task] = {}
    left = dict(room)
    for person, some in sorted(by_person.items()):
        for task in _balanced(person, some, leeway, hours, left, horizon):
            moved[task.task_id] = task
    return [moved.get(task.task_id, task) for task in tasks]


def _balanced(
    person: str,
    tasks: Sequence[Task],
    leeway: Mapping[str, Leeway],
    hours: Hours,
    room: dict[tuple[str, date], int],
    horizon: Sequence[date],
) -> list[Task]:
    at = {week: n for n, week in enumerate(horizon)}
    capacity = [hours.minutes(person, week) for week in horizon]
    movable: list[tuple[Task, Movable]] = []
    for task in tasks:
        week, weeks = monday(task.due), [at[week] for week in leeway[task.task_id].weeks if week in at]
        if week not in at:
            continue
        if len(weeks) < 2 or not task.minutes:
            capacity[at[week]] -= task.minutes
            continue
        account = task.account_id if task.contact else ""
        movable.append((task, Movable(task.task_id, task.minutes, at[week], tuple(weeks), account)))
    rooms = {(account, at[week]): n for (account, week), n in room.items() if week in at}
    places = levelled([touch for _, touch in movable], capacity, rooms)
    found = []
    for (task, touch), place in zip(movable, places, strict=True):
        if place == touch.asked:
            continue
        for number, by in ((touch.asked, 1), (place, -1)):
            key = touch.account, horizon[number]
            if key in room:
                room[key] += by
        found.append(_placed(task, horizon[place], leeway[task.task_id], hours))
    return found


def _placed(task: Task, week: date, leeway: Leeway, hours: Hours) -> Task:
    day = leeway.nearest(week, task.due)
    if day is None:
        raise ValueError(f"{task.task_id} was given the week of {week}, in which it has no day")
    full = monday(task.due)
    has = plain(round_to(Fraction(hours.minutes(task.owner, full), 60), 1))
    why = f"moved from {task.due} to level the weeks of {task.owner}, who has {has} hours in that of {full}"
    return replace(task, due=day, set_due=day, moved=added(task.moved, why))


def loads(tasks: Sequence[Task], leeway: Mapping[str, Leeway], hours: Hours, weeks: int) -> list[Load]:
    """Every person with hours and every week from that of ``as_of`` on, by person and week."""
    by_week: dict[tuple[str, date], list[Task]] = defaultdict(list)
    for task in counted(tasks):
        by_week[task.owner, monday(task.due)].append(task)
    first = monday(hours.as_of)
    return [
        _load(person, week, by_week[person, week], leeway, hours)
        for person in sorted(hours.a_week)
        for week in (first + n * _WEEK for n in range(weeks))
    ]


def _load(person: str, week: date, tasks: Sequence[Task], leeway: Mapping[str, Leeway], hours: Hours) -> Load:
    available, planned = hours.minutes(person, week), sum(task.minutes for task in tasks)
    flexible = sum(len(leeway[task.task_id].weeks) > 1 for task in tasks)
    over = max(0, planned - available)
    return Load(person, week, available, planned, over, len(tasks), flexible, _to_move(tasks, over))


def _to_move(tasks: Sequence[Task], over: int) -> str:
    """The last due of the week, as many as hold the minutes that are over."""
    named: list[str] = []
    for task in sorted(tasks, key=lambda task: (task.due, task.task_id), reverse=True):
        if over <= 0:
            break
        if task.minutes:
            over -= task.minutes
            named.append(f"{task.task} of {task.account_id} ({task.minutes} min)")
    more = f", and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more
