"""Calendars as an independent parser reads them: one entry per task, told from others by UID, newer by SEQUENCE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import vobject
from granger.engine.outcome.tasks.planned import CLOSE, CONFLICT, CREATE, KEEP, UPDATE, Planned
from granger.engine.outcome.tasks.touches import DONE, SNOOZED, WAITING
from granger.engine.writers.calendars import calendar

from .planned_tasks import AS_OF, DUE, HOSTILE, task

BOTH = ("events", "todos")


def text(plan: Sequence[Planned], owner: str = "Ana Silva", entries: Sequence[str] = BOTH, as_of: date = AS_OF) -> str:
    return calendar(owner, plan, entries, as_of)


def read(written: str) -> tuple[list[Any], list[Any]]:
    """Its events and things to do, as vobject reads them."""
    whole = vobject.readOne(written)
    assert whole.validate(raiseException=True)
    return list(whole.contents.get("vevent", [])), list(whole.contents.get("vtodo", []))


def taken_in(*files: str) -> Mapping[str, Any]:
    """What a program has that takes in one file after the other: of one UID it keeps the event of the highest SEQUENCE,
    and drops what is cancelled.
    """
    known: dict[str, Any] = {}
    for written in files:
        for event in read(written)[0]:
            uid = event.uid.value
            if uid not in known or int(event.sequence.value) >= int(known[uid].sequence.value):
                known[uid] = event
    return {uid: event for uid, event in known.items() if event.status.value != "CANCELLED"}


def test_one_event_and_one_thing_to_do_per_task() -> None:
    tasks = [task(task_id=f"T-{n:016x}", due=date(2026, 10, 1 + n % 28)) for n in range(100)]
    events, todos = read(text([Planned(CREATE, one) for one in tasks]))
    assert len(events) == len(todos) == 100
    assert len({entry.uid.value for entry in (*events, *todos)}) == 200
    assert [event.dtstart.value for event in events] == [todo.due.value for todo in todos] == [t.due for t in tasks]
    assert {type(event.dtstart.value) for event in events} == {date}, "an event of the whole day"


def test_what_an_entry_says() -> None:
    planned = Planned(CREATE, task(priority="urgent", moved="Sunday is free; Ben is away"))
    (event,), (todo,) = read(text([planned]))
    assert event.summary.value == todo.summary.value == "renewal-call: Elm Robotics"
    assert event.description.value.split("\n") == [
        "two months are enough",
        "Moved: Sunday is free",
        "Moved: Ben is away",
        "calls, renewal (playbook.yaml:22)",
        "T-690ba88202db3d9d",
    ]
    assert event.dtstamp.value == todo.dtstamp.value == datetime(2026, 9, 30, tzinfo=UTC)
    assert (event.status.value, todo.status.value) == ("CONFIRMED", "NEEDS-ACTION")
    assert (event.priority.value, event.sequence.value, event.transp.value) == ("1", "0", "TRANSPARENT")


def test_the_uid_is_that_of_the_task_whatever_else_changes() -> None:
    (event,), (todo,) = read(text([Planned(CREATE, task())]))
    assert event.uid.value == "0a1594f2-112e-5bc7-a56d-e8362dcdf646", "calendars that are out there know it"
    assert todo.uid.value == "2c4bc74c-acbd-5b13-9fdf-4ca109df3509"
    later = task(due=date(2027, 1, 1), owner="Ben", account_name="Elm", sequence=7)
    (other,), (other_todo,) = read(text([Planned(UPDATE, later)], "Ben", as_of=date(2026, 12, 1)))
    assert (other.uid.value, other_todo.uid.value) == (event.uid.value, todo.uid.value)
    (stranger,), _ = read(text([Planned(CREATE, task(task_id="T-1"))]))
    assert stranger.uid.value != event.uid.value


def test_an_update_takes_the_place_of_what_was_there() -> None:
    monday = text([Planned(CREATE, task())])
    tuesday = text([Planned(UPDATE, task(due=date(2026, 10, 9), sequence=1), task(), "the contract ends later")])
    known = taken_in(monday, tuesday)
    assert [event.dtstart.value for event in known.values()] == [date(2026, 10, 9)]
    assert taken_in(tuesday, monday).keys() == known.keys()
    assert [event.dtstart.value for event in taken_in(tuesday, monday).values()] == [date(2026, 10, 9)], "out of order"


def test_a_closed_task_is_cancelled() -> None:
    monday = text([Planned(CREATE, task()), Planned(CREATE, task(task_id="T-2"))])
    closed = Planned(CLOSE, task(sequence=1), task(), "the play is no longer there")
    tuesday = text([closed, Planned(KEEP, task(task_id="T-2"))])
    assert len(taken_in(monday)) == 2
    assert len(taken_in(monday, tuesday)) == 1
    assert [todo.status.value for todo in read(tuesday)[1]] == ["CANCELLED", "NEEDS-ACTION"]


def test_a_task_that_is_done_is_done_in_the_list_and_gone_from_the_days() -> None:
    (event,), (todo,) = read(text([Planned(CLOSE, task(status=DONE, sequence=1), task())]))
    assert (event.status.value, todo.status.value) == ("CANCELLED", "COMPLETED")


def test_a_task_that_is_handed_on_leaves_one_calendar_and_enters_another() -> None:
    handed = Planned(UPDATE, task(owner="Ben", sequence=1), task(), "Ben has the account now")
    assert taken_in(text([Planned(CREATE, task())]), text([handed])) == {}
    assert len(taken_in(text([handed], "Ben"))) == 1


def test_what_waits_or_is_put_off_or_disputed_stands_there() -> None:
    waiting, conflict = task(status=WAITING), task(task_id="T-2")
    asleep = task(task_id="T-3", status=SNOOZED, snoozed_until=date(2026, 10, 12))
    plan = [Planned(KEEP, waiting), Planned(CONFLICT, conflict, conflict), Planned(KEEP, asleep)]
    events, todos = read(text(plan))
    assert [event.dtstart.value for event in events] == [DUE, DUE, date(2026, 10, 12)]
    assert {event.status.value for event in events} == {"CONFIRMED"}
    assert {todo.status.value for todo in todos} == {"NEEDS-ACTION"}


def test_entries_are_those_that_are_asked_for() -> None:
    plan = [Planned(CREATE, task())]
    assert [len(found) for found in read(text(plan, entries=("events",)))] == [1, 0]
    assert [len(found) for found in read(text(plan, entries=("todos",)))] == [0, 1]


def test_lines_are_folded_at_75_bytes_and_end_in_cr_lf() -> None:
    plan = [Planned(CREATE, task(task_id=f"T-{n}", account_name=name * 9)) for n, name in enumerate(HOSTILE)]
    lines = text(plan, owner="华东医药" * 30).encode().split(b"\r\n")
    assert lines.pop() == b""
    assert len(lines) > 200
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode("utf-8")  # no character is cut in two


def test_a_name_forges_no_entry_and_comes_back_as_it_was() -> None:
    plan = [Planned(CREATE, task(task_id=f"T-{n}", account_name=name, because=name)) for n, name in enumerate(HOSTILE)]
    events, todos = read(text(plan))
    assert len(events) == len(todos) == len(HOSTILE) == 12
    came_back = 0
    for event, name in zip(events, HOSTILE, strict=True):
        assert "forged" not in event.uid.value
        if all(character.isprintable() for character in name):
            came_back += 1
            assert event.summary.value == f"renewal-call: {name}"
    assert came_back >= 9


def test_the_same_run_writes_the_same_bytes() -> None:
    plan = [Planned(CREATE, task(task_id=f"T-{n}")) for n in range(9)]
    assert text(plan) == text(list(plan))
