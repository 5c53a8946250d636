"""Who does a touch and on which day, worked out by hand, with what the list and the explanation say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import granger
import pytest
from granger.engine.outcome.tasks.calendar import Calendars
from granger.engine.outcome.tasks.touches import Task

Ran = Callable[..., granger.Run]

PEOPLE = "fields: {person: person, role: {required: false}}"
OWN = """\
fields: {person: person, role: {required: false}, country: {required: false}, working_week: {required: false}}
  time_off:
    valid: {from: starts_on, until: ends_on}
    fields:
      person: {refers_to: people}
      starts_on: date
      ends_on: {kind: date, required: false}
      substitute: {refers_to: people, required: false}"""


def book(due: str = "0 days", roll: str = "following", owner: str = "csm") -> str:
    touch = f"{{task: call, due: {due}, owner: {owner}, roll: {roll}}}"
    return f"horizon: 1 year\nplays:\n  - {{play: p, anchor: renewal_on, touches: [{touch}]}}\n"


def records(names: str, lines: Iterable[str]) -> list[dict[str, str | None]]:
    return [dict(zip(names.split(), (cell or None for cell in line.split(",")), strict=True)) for line in lines]


@pytest.fixture
def routed(ran: Ran) -> Callable[..., granger.Run]:
    """Runs one touch on the account's ``renewal_on``; time off is given as lines of person, first day, last day and
    substitute. Both readings find the same."""

    def run(
        renewal_on: str,
        *off: str,
        people: str = "ann,,,\nbob,,,\ncat,,,\n",
        held: str = "a,csm,ann,,\n",
        pool: str = "",
        **touch: str,
    ) -> granger.Run:
        rows = records("person starts_on ends_on substitute", off)
        persons = records("person role country working_week", people.splitlines())
        found = []
        for reading in ("reference", "columns"):
            files: dict[str, Any] = {
                "granger.yaml": (PEOPLE, OWN),
                "playbook": book(**touch),
                "accounts.csv": f"a,Acme,{renewal_on},,\n",
                "assignments.csv": held,
            }
            if pool:
                files["granger.yaml"] = ("  lead: {}", f"  lead: {{}}\n{pool}")
            tables: dict[str, Any] = {} if pool else {"time_off": rows, "people": persons}
            found.append(ran(files, reading=reading, tables=tables))
        assert list(found[0].outcome.tasks) == list(found[1].outcome.tasks)
        assert list(found[0].outcome.unserved) == list(found[1].outcome.unserved)
        assert found[0].outcome.findings == found[1].outcome.findings
        return found[0]

    return run


def only(run: granger.Run) -> Task:
    (task,) = run.outcome.tasks
    return task


def told(run: granger.Run) -> tuple[str, str, str, str]:
    task = only(run)
    return str(task.due), task.owner, task.role, task.moved


def test_a_holiday_of_the_owner_moves_the_day(routed: Any) -> None:
    """1 October is free in China, which is the workspace's, and 3 October in Germany."""
    chinese, german = "ann,,,\n", "ann,,DE,\n"
    assert told(routed("2026-10-01", people=chinese)) == (
        "2026-10-08", "ann", "csm", "2026-10-01 is a holiday in CN: National Day",
    )  # fmt: skip
    assert told(routed("2026-10-01", people=german)) == ("2026-10-01", "ann", "csm", "")
    assert told(routed("2026-10-03", people=german))[::3] == (
        "2026-10-05", "2026-10-03 is a holiday in DE: German Unity Day",
    )  # fmt: skip
    assert told(routed("2026-10-01", people=chinese, roll="none"))[::3] == ("2026-10-01", "")


def test_a_week_of_ones_own(routed: Any) -> None:
    found = routed("2026-10-16", people="ann,,US,MO TU WE TH\n")
    assert told(found)[::3] == ("2026-10-19", "2026-10-16, a Friday, is not a working day of ann")


@pytest.mark.parametrize(
    ("due", "people", "expected"),
    [
        ("+2 business days", "ann,,,\n", "2026-10-09"),
        ("+2 business days", "ann,,DE,\n", "2026-10-02"),
        ("+2 business days", "ann,,US,WE\n", "2026-10-14"),
        ("+2 days", "ann,,US,MO TU\n", "2026-10-05"),
    ],
)
def test_business_days_are_the_owners(due: str, people: str, expected: str, routed: Any) -> None:
    """From Wednesday 30 September: China is free from 1 to 7 October."""
    assert told(routed("2026-09-30", people=people, due=due))[0] == expected


def test_time_off_without_a_substitute_moves_the_day(routed: Any) -> None:
    found = routed("2026-10-13", "ann,2026-10-12,2026-10-16,", people="ann,,US,\n")
    assert told(found) == ("2026-10-19", "ann", "csm", "ann is off until 2026-10-16")


def test_a_substitute_takes_the_task_and_the_day_is_the_substitutes(routed: Any) -> None:
    off = "ann,2026-10-12,2026-10-16,bob"
    assert told(routed("2026-10-13", off)) == (
        "2026-10-13", "bob", "csm", "bob stands in for ann: ann is off until 2026-10-16",
    )  # fmt: skip
    assert told(routed("2026-10-13", off, roll="none"))[:2] == ("2026-10-13", "bob")
    off_on_tuesdays = "ann,,,\nbob,,US,WE TH FR\n"
    assert told(routed("2026-10-13", off, people=off_on_tuesdays))[:2] == ("2026-10-14", "bob")


def test_who_stands_in_but_does_not_work_on_the_day_does_nothing(routed: Any) -> None:
    """ann's holiday moves her to the 12th, on which she is off and bob, who stands in, does not work."""
    people = "ann,,FR,\nbob,,US,MO TU WE FR\n"
    assert told(routed("2026-11-11", "ann,2026-11-12,2026-11-12,bob", people=people))[:2] == ("2026-11-13", "ann")
    found = routed("2026-11-12", "ann,2026-11-12,2026-11-18,bob", people=people)
    assert told(found)[:3] == ("2026-11-13", "bob", "csm")


def test_substitutes_hand_on_and_circles_end(routed: Any) -> None:
    ann, bob = "ann,2026-10-12,2026-10-16,bob", "bob,2026-10-13,2026-10-13,cat"
    assert told(routed("2026-10-13", ann, bob))[1] == "cat"
    assert told(routed("2026-10-14", ann, bob))[1] == "bob"
    circle = routed("2026-10-13", ann, "bob,2026-10-10,2026-10-20,ann")
    assert told(circle)[:2] == ("2026-10-19", "ann")
    # each row is asked on its first day: on 10 October ann is not off yet
    assert [f.code for f in circle.outcome.findings] == ["substitutes-in-circle"]


def test_who_holds_the_role_on_the_new_day_is_asked_once_more(routed: Any) -> None:
    """ann hands over on the 14th; her leave moves the day past it, and bob works on no Wednesdays or Thursdays."""
    held = "a,csm,ann,,2026-10-14\na,csm,bob,2026-10-14,\n"
    found = routed(
        "2026-10-12", "ann,2026-10-12,2026-10-13,", held=held, people="ann,,US,\nbob,,US,MO TU FR\n",
    )  # fmt: skip
    # bob's calendar gives the 12th, which is ann's: after three rounds her day stands
    assert told(found)[:2] == ("2026-10-14", "ann")
    found = routed("2026-10-13", "ann,2026-10-13,2026-10-13,", held=held, people="ann,,US,\nbob,,US,FR\n")
    assert told(found)[:2] == ("2026-10-16", "bob")


def test_nobody_is_found_for_who_never_works(routed: Any) -> None:
    found = routed("2026-10-13", "ann,2026-10-12,,")
    assert found.outcome.tasks == []
    assert [row.reason for row in found.outcome.unserved] == ["ann has no working day near 2026-10-13"]


def test_years_not_announced_are_told_once_and_on_each_task(routed: Any) -> None:
    found = routed("2027-03-03")
    assert told(found)[::3] == ("2027-03-03", "the holidays of CN 2027 are not announced yet: provisional")
    (finding,) = found.outcome.findings
    assert (finding.code, "CN in 2027" in finding.message) == ("holidays-provisional", True)
    assert told(routed("2027-03-03", roll="none"))[3] == ""


def test_what_nobody_holds_goes_to_a_queue(routed: Any) -> None:
    pool = "  desk: {queue: true}\n  pool: {queue: true}"
    found = routed("2026-10-13", held="", pool=pool)
    assert told(found) == ("2026-10-13", "desk", "desk", "nobody holds csm or lead on 2026-10-13")
    assert found.outcome.unserved == []
    assert told(routed("2026-10-13", pool=pool, owner="friend"))[1:] == ("desk", "desk", "the account has no friend")
    assert told(routed("2026-10-13", pool=pool, owner="pool"))[1:] == ("pool", "pool", "")
    both = routed("2026-10-13", pool=pool, held="a,csm,ann,,\na,csm,bob,,\n")
    assert told(both)[1:] == ("desk", "desk", "2 people hold csm on 2026-10-13: ann, bob")


def test_a_fall_back_names_its_queue(ran: Ran) -> None:
    roles = "  csm: {fallback: [lead, pool]}\n  lead: {}\n  desk: {queue: true}\n  pool: {queue: true}"
    files = {"granger.yaml": ("  csm: {fallback: [lead]}\n  lead: {}", roles), "playbook": book()}
    files |= {"accounts.csv": "a,Acme,2026-10-13,,\nb,Beta,2026-10-14,,\n", "assignments.csv": "b,lead,bob,,\n"}
    assert [(t.account_id, t.owner, t.role) for t in ran(files).outcome.tasks] == [
        ("a", "pool", "pool"),
        ("b", "bob", "lead"),
    ]


def lines(run: granger.Run) -> list[str]:
    def walk(reason: Any) -> list[str]:
        return [reason.text, *(text for below in reason.below for text in walk(below))]

    return walk(run.explain("task", only(run).task_id))


def test_explain_says_whose_calendar_what_moved_it_and_why_this_owner(routed: Any) -> None:
    found = lines(routed("2026-10-13", "ann,2026-10-12,2026-10-16,bob", people="ann,,,\nbob,,US,WE TH FR\n"))
    assert "calendar: that of bob, holidays of US, works WE TH FR" in found
    assert "2026-10-13, a Tuesday, is not a working day of bob" in found
    assert "owner bob: stands in for ann" in found and "ann holds csm" in found
    queued = lines(routed("2026-10-13", held="", pool="  desk: {queue: true}"))
    assert "owner desk: a queue, where work lies until somebody takes it" in queued
    fallen = lines(routed("2026-10-13", held="a,lead,bob,,\n"))
    assert "nobody holds csm on 2026-10-13: lead stands in" in fallen and "bob holds lead" in fallen


def test_what_people_say_wrongly_is_a_finding_and_the_workspace_counts(routed: Any) -> None:
    people = "ann,,XX,MO TX\nbob,,US,;\ncat,,,\n".replace(";", " ")
    found = routed("2026-10-01", "bob,2026-10-05,2026-10-01,", "cat,2026-10-05,2026-10-06,cat", people=people)
    assert told(found)[0] == "2026-10-08"
    wrong = {"own-substitute", "place-unknown", "time-off-backwards", "weekday-unknown"}
    assert {f.code for f in found.outcome.findings} - {"empty-reference"} == wrong


def test_the_days_a_person_is_at_work(routed: Any) -> None:
    run = routed("2026-10-13", "ann,2026-10-12,2026-10-13,bob", people="ann,,US,MO TU WE TH\nbob,,,\n")
    calendars = Calendars(run.pack.policies.workspace, run.outcome.tables)
    week = date(2026, 10, 12), date(2026, 10, 19)
    assert [str(day) for day in calendars.worked("ann", *week)] == ["2026-10-14", "2026-10-15"]
    assert len(list(calendars.worked("bob", *week))) == 5 and calendars.is_worked("bob", date(2026, 10, 10))
    assert calendars.of("ann").is_worked(date(2026, 10, 13))  # bob does her work
