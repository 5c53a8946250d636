"""Contact limits and loads over task lists made by hand: who gives way, where to, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from granger.engine.outcome.tasks.contacts import Kept, within_limits
from granger.engine.outcome.tasks.leeway import Leeway, leeways, monday
from granger.engine.outcome.tasks.touches import DONE, OPEN, SNOOZED, Task
from granger.engine.outcome.tasks.workload import Hours, in_balance, loads

AS_OF = date(2026, 10, 5)  # a Monday
OFF = {("Ana", date(2026, 10, 14))}


def task(number: int, due: date, *, leeway: int = 0, **more: Any) -> Task:
    values: dict[str, Any] = {
        "task_id": f"T-{number}", "policy": "book", "play": "p", "task": f"t{number}", "account_id": "A1",
        "account_name": "", "due": due, "owner": "Ana", "role": "csm", "activity": "", "priority": "normal",
        "minutes": 60, "channel": "", "contact": True, "status": OPEN, "opened_on": AS_OF, "snoozed_until": None,
        "done_on": None, "closed_by": "", "set_due": due, "set_owner": "Ana",
        "earliest": due - timedelta(days=leeway), "latest": due + timedelta(days=leeway), "waits_for": "", "moved": "",
        "sequence": 0, "anchor": due, "occurrence": "", "because": "", "source": "playbook.yaml:1",
    }  # fmt: skip
    return Task(**values | more)


def is_worked(person: str, day: date) -> bool:
    return day.weekday() < 5 and (person, day) not in OFF


def kept(tasks: list[Task], limit: int | None) -> Kept:
    return within_limits(tasks, leeways(tasks, is_worked, AS_OF), lambda _: limit, AS_OF)


def hours(a_week: Mapping[str, int]) -> Hours:
    return Hours({p: Fraction(h) for p, h in a_week.items()}, dict.fromkeys(a_week, 5), is_worked, AS_OF)


WEDNESDAY = date(2026, 10, 7)


def test_the_less_pressing_gives_way_to_the_nearest_week() -> None:
    found = kept([task(1, WEDNESDAY, leeway=7), task(2, WEDNESDAY, priority="high", leeway=7)], 1)
    assert {t.task_id: t.due for t in found.tasks} == {"T-1": date(2026, 10, 12), "T-2": WEDNESDAY}
    assert found.crowded == []
    moved = next(t for t in found.tasks if t.task_id == "T-1")
    assert moved.set_due == moved.due
    assert moved.moved == "moved from 2026-10-07: the week of 2026-10-05 has 1 contact with the customer already"


def test_what_may_not_move_is_listed_with_its_reason() -> None:
    found = kept([task(1, WEDNESDAY), task(2, WEDNESDAY, priority="urgent"), task(3, WEDNESDAY, contact=False)], 1)
    assert [t.task_id for t in found.tasks] == ["T-2", "T-3"]
    assert [(row.task, row.level, row.due) for row in found.crowded] == [("t1", "crowded", WEDNESDAY)]
    assert found.crowded[0].reason == (
        "the customer has 1 contact in the week of 2026-10-05, and the task may not move to another"
    )


def test_two_touches_of_one_kind_on_a_day_are_told_apart() -> None:
    """Of the same task on the same day, for two contracts, the one without room alone is listed."""
    twice = [task(1, WEDNESDAY, task="call"), task(2, WEDNESDAY, task="call")]
    found = kept(twice, 1)
    assert [t.task_id for t in found.tasks] == ["T-1"]
    assert len(found.crowded) == 1


@pytest.mark.parametrize("held", [
    {"set_due": date(2026, 10, 20)},
    {"status": SNOOZED},
    {"opened_on": AS_OF - timedelta(days=1)},
])  # fmt: skip
def test_what_stands_or_was_placed_by_a_person_comes_first(held: Mapping[str, Any]) -> None:
    first = task(1, WEDNESDAY, priority="low", **held)
    found = kept([first, task(2, WEDNESDAY, priority="urgent")], 1)
    assert [t.task_id for t in found.tasks] == ["T-1"]


def test_done_tasks_count_for_nothing_and_no_limit_is_none() -> None:
    assert len(kept([task(1, WEDNESDAY, status=DONE), task(2, WEDNESDAY)], 1).tasks) == 2
    assert kept([task(n, WEDNESDAY) for n in range(5)], None).crowded == []


def test_days_that_may_hold_a_task() -> None:
    """Worked days of the owner, from today on, in the order in which tasks wait for one another."""
    first = task(1, date(2026, 10, 6), leeway=10)
    second = task(2, date(2026, 10, 13), leeway=2, waits_for="T-1")
    found = leeways([first, second, task(3, WEDNESDAY, status=SNOOZED, leeway=9)], is_worked, AS_OF)
    assert found["T-1"].days[0] == AS_OF and found["T-1"].days[-1] == date(2026, 10, 13)
    assert found["T-2"].days == (date(2026, 10, 12), date(2026, 10, 13), date(2026, 10, 15))
    assert found["T-3"].days == (WEDNESDAY,)


def test_the_day_in_a_week_is_the_nearest_and_of_two_the_earlier() -> None:
    some = Leeway((date(2026, 10, 5), date(2026, 10, 9)))
    assert some.nearest(monday(WEDNESDAY), WEDNESDAY) == date(2026, 10, 5)
    assert some.nearest(date(2026, 10, 12), WEDNESDAY) is None


def test_weeks_are_levelled_and_the_load_says_what_is_left() -> None:
    tasks = [task(n, WEDNESDAY, leeway=7, account_id=f"A{n}") for n in range(4)]
    tasks.append(task(9, WEDNESDAY, account_id="A9"))
    lee = leeways(tasks, is_worked, AS_OF)
    found = in_balance(tasks, lee, hours({"Ana": 3}), {}, 3)
    assert sorted(t.due for t in found) == [WEDNESDAY] * 3 + [date(2026, 10, 12)] * 2
    again = in_balance(found, leeways(found, is_worked, AS_OF), hours({"Ana": 3}), {}, 3)
    assert again == found
    told = loads(found, lee, hours({"Ana": 3}), 2)
    assert [(row.week, row.available, row.planned, row.over, row.tasks) for row in told] == [
        (date(2026, 10, 5), 180, 180, 0, 3),
        (date(2026, 10, 12), 144, 120, 0, 2),  # a day off of five
    ]


def test_an_overload_that_remains_names_what_would_have_to_move() -> None:
    tasks = [task(n, WEDNESDAY, account_id=f"A{n}") for n in range(3)]
    lee = leeways(tasks, is_worked, AS_OF)
    assert in_balance(tasks, lee, hours({"Ana": 2}), {}, 3) == tasks
    told = loads(tasks, lee, hours({"Ana": 2}), 1)[0]
    assert (told.over, told.to_move, told.flexible) == (60, "t2 of A2 (60 min)", 0)


def test_levelling_does_not_crowd_a_customer() -> None:
    tasks = [task(1, WEDNESDAY, leeway=7), task(2, WEDNESDAY, account_id="A2")]
    lee, room = leeways(tasks, is_worked, AS_OF), {("A1", date(2026, 9, 28)): 0, ("A1", date(2026, 10, 12)): 0}
    assert in_balance(tasks, lee, hours({"Ana": 1}), room, 3) == tasks
    moved = in_balance(tasks, lee, hours({"Ana": 1}), {}, 3)
    assert moved[0].due == date(2026, 10, 12) and moved[1] == tasks[1]
    assert replace(moved[0], due=WEDNESDAY, set_due=WEDNESDAY, moved="") == tasks[0]
