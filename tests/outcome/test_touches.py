"""Touches: when they are due, inside which horizon, whose they are, what they are called, and why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import granger
import pytest
from granger.engine.diagnostics import Cell

Ran = Callable[..., granger.Run]

PLAY = (
    "horizon: 60 days\n"
    "plays:\n"
    "  - play: renewal\n"
    "    anchor: renewal_on\n"
    "    touches: [{{task: call, due: {due}, owner: {owner}, roll: {roll}}}]\n"
)
TRIGGER = (
    "plays:\n"
    "  - play: rescue\n"
    "    when: hot\n"
    "    because: it burns\n"
    "    touches: [{task: call, due: +2 business days, owner: csm}]\n"
)


def play(due: str = "-1 days", owner: str = "csm", roll: str = "none") -> dict[str, str]:
    return {"playbook": PLAY.format(due=due, owner=owner, roll=roll)}


def due(found: granger.Run) -> list[str]:
    return [str(task.due) for task in found.outcome.tasks]


@pytest.mark.parametrize(
    ("offset", "anchor", "roll", "expected"),
    [
        ("-14 days", "2026-10-20", "none", "2026-10-06"), ("1 week", "2026-10-20", "none", "2026-10-27"),
        ("0 days", "2026-10-20", "none", "2026-10-20"),
        ("-3 months", "2027-01-31", "none", "2026-10-31"), ("1 month", "2026-09-30", "none", "2026-10-30"),
        ("-1 year", "2027-10-05", "none", "2026-10-05"),
        ("-1 month", "2026-12-31", "none", None), ("-1 month", "2026-11-30", "none", "2026-10-30"),
        ("+2 business days", "2026-10-08", "none", "2026-10-10"),
        ("-1 business days", "2026-10-08", "none", "2026-09-30"),
        ("-3 months", "2027-01-18", "preceding", "2026-10-16"),
        ("-3 months", "2027-01-18", "following", "2026-10-19"),
        ("0 days", "2026-10-31", "modified_following", "2026-10-30"),
        ("0 days", "2026-10-17", "nearest", "2026-10-16"),
    ],
)  # fmt: skip
def test_when_a_touch_is_due(offset: str, anchor: str, roll: str, expected: str | None, ran: Ran) -> None:
    """China works on Saturday 10 October 2026; 1 to 7 October are free."""
    found = ran({**play(offset, roll=roll), "accounts.csv": f"a,,{anchor},,\n"})
    assert due(found) == ([expected] if expected else [])
    assert found.outcome.touches_beyond == (0 if expected else 1)


@pytest.mark.parametrize(
    ("anchor", "listed", "past", "beyond"),
    [("2026-09-29", 0, 1, 0), ("2026-09-30", 1, 0, 0), ("2026-11-28", 1, 0, 0), ("2026-11-29", 0, 0, 1)],
)
def test_the_edges_of_the_horizon(anchor: str, listed: int, past: int, beyond: int, ran: Ran) -> None:
    """60 days from 2026-09-30: the first day left out is 2026-11-29."""
    outcome = ran({**play("0 days"), "accounts.csv": f"a,,{anchor},,\n"}).outcome
    assert (len(outcome.tasks), outcome.touches_past, outcome.touches_beyond) == (listed, past, beyond)


def test_a_horizon_up_to_a_day_leaves_that_day_out(ran: Ran) -> None:
    book = play("0 days")["playbook"].replace("60 days", "{before: 2026-10-21}")
    assert due(
        ran(
            {
                "playbook": book,
                "accounts.csv": "a,,2026-10-20,,\nb,,2026-10-21,,\n",
                "assignments.csv": "a,csm,cat,,\nb,csm,cat,,\n",
            }
        )
    ) == ["2026-10-20"]


@pytest.mark.parametrize("horizon", ["99999 years", "99999 months"])
def test_a_horizon_beyond_the_calendar_lists_everything(horizon: str, ran: Ran) -> None:
    book = play("0 days")["playbook"].replace("60 days", horizon)
    try:
        assert due(ran({"playbook": book})) == ["2026-10-20"]
    except granger.PolicyRejected as refused:
        assert refused.diagnostics
    except OverflowError as error:
        pytest.fail(str(error))


UNSERVED = [
    # offset, owner, accounts, assignments, level, reason, missing
    ("0 days", "csm", "a,,,,\n", "a,csm,cat,,\n", "unserved", "there is no date to count from", "renewal_on"),
    ("0 days", "csm", "a,,2026-10-20,,\n", "", "unserved", "nobody holds csm or lead on 2026-10-20", ""),
    (
        "0 days",
        "csm",
        "a,,2026-10-20,,\n",
        "a,csm,cat,,2026-10-20\n",
        "unserved",
        "nobody holds csm or lead on 2026-10-20",
        "",
    ),
    (
        "0 days",
        "csm",
        "a,,2026-10-20,,\n",
        "a,csm,cat,,\na,csm,ann,,\n",
        "unserved",
        "2 people hold csm on 2026-10-20: ann, cat",
        "",
    ),
    ("0 days", "friend", "a,,2026-10-20,,\n", "", "unserved", "the account has no friend", ""),
    (
        "99999 years",
        "csm",
        "a,,2026-10-20,,\n",
        "a,csm,cat,,\n",
        "unserved",
        "+99999 years from 2026-10-20 leaves the calendar",
        "",
    ),
]


@pytest.mark.parametrize(("offset", "owner", "accounts", "held", "level", "reason", "missing"), UNSERVED)
def test_what_could_not_be_served_says_why(
    offset: str, owner: str, accounts: str, held: str, level: str, reason: str, missing: str, ran: Ran
) -> None:
    found = ran({**play(offset, owner), "accounts.csv": accounts, "assignments.csv": held})
    (row,) = found.outcome.unserved
    assert (row.play, row.task, row.account_id, row.level, row.reason, row.missing) == (
        "renewal",
        "call",
        "a",
        level,
        reason,
        missing,
    )
    assert row.source == "playbook.yaml:8" and found.outcome.tasks == [] and found.needs_a_look


@pytest.mark.parametrize("word", ["for", "when"])
def test_a_play_that_cannot_be_decided_is_listed_apart(word: str, ran: Ran) -> None:
    book = TRIGGER if word == "when" else TRIGGER.replace("when: hot", "for: hot\n    anchor: renewal_on")
    found = ran(
        {
            "playbook": book,
            "accounts.csv": "a,,2026-10-20,,\nb,,2026-10-20,no,\nc,,2026-10-20,yes,\n",
            "assignments.csv": "c,csm,cat,,\n",
        }
    )
    assert [(u.account_id, u.level, u.reason, u.missing) for u in found.outcome.unserved] == [
        ("a", "undecided", f"`{word}` cannot be decided", "hot")
    ]
    assert [t.account_id for t in found.outcome.tasks] == ["c"]


def test_the_owner_is_whoever_holds_the_role_on_the_due_day(ran: Ran) -> None:
    held = "a,csm,cat,,2026-10-10\na,lead,ann,2026-10-10,\n"
    found = ran({**play("-15 days"), "assignments.csv": held})
    assert [(t.owner, t.role) for t in found.outcome.tasks] == [("cat", "csm")]
    found = ran({**play("-10 days"), "assignments.csv": held})
    assert [(t.owner, t.role) for t in found.outcome.tasks] == [("ann", "lead")]
    found = ran({**play("0 days", "friend"), "accounts.csv": "a,,2026-10-20,,dan\n"})
    assert [(t.owner, t.role) for t in found.outcome.tasks] == [("dan", "friend")]


def test_a_task_s_id_knows_its_occurrence_and_not_its_due_date(ran: Ran) -> None:
    (one,) = ran(play("-1 days")).outcome.tasks
    (moved_touch,) = ran(play("-5 days")).outcome.tasks
    (next_day,) = ran(play("-1 days"), as_of="2026-10-01").outcome.tasks
    (other_anchor,) = ran({**play("-1 days"), "accounts.csv": "a,,2026-10-21,,\n"}).outcome.tasks
    assert one.task_id == moved_touch.task_id == next_day.task_id and one.due != moved_touch.due
    assert other_anchor.task_id != one.task_id
    assert one.task_id.startswith("T-") and (one.occurrence, str(one.anchor)) == ("2026-10-20", "2026-10-20")


def test_names_that_run_together_make_different_ids(ran: Ran) -> None:
    book = "plays:\n" + "".join(
        f"  - {{play: '{name}', anchor: renewal_on, touches: [{{task: '{task}', owner: csm}}]}}\n"
        for name, task in (("a", "bc"), ("ab", "c"), ("a b", "c"))
    )
    assert len({t.task_id for t in ran({"playbook": book}).outcome.tasks}) == 3


def test_a_trigger_counts_from_the_day_it_fired_and_remembers_it(ran: Ran, tmp_path: Path) -> None:
    files = {"playbook": TRIGGER, "accounts.csv": "a,,,yes,\n"}
    first = ran(files)
    first.write(tmp_path / "first")
    assert [(str(t.due), t.occurrence) for t in first.outcome.tasks] == [("2026-10-09", "2026-09-30")]
    again = ran(files, as_of="2026-10-05", previous=tmp_path / "first")
    assert [t.task_id for t in again.outcome.tasks] == [t.task_id for t in first.outcome.tasks]
    assert [str(t.since) for t in again.outcome.triggers] == ["2026-09-30"]
    fresh = ran(files, as_of="2026-10-05")
    assert [t.occurrence for t in fresh.outcome.tasks] == ["2026-10-05"]


def test_a_level_ends_with_its_condition_and_fires_anew(ran: Ran, tmp_path: Path) -> None:
    level = TRIGGER.replace("    when: hot\n", "    when: hot\n    trigger: level\n")
    ran({"playbook": level, "accounts.csv": "a,,,yes,\n"}).write(tmp_path / "one")
    quiet = ran({"playbook": level, "accounts.csv": "a,,,no,\n"}, as_of="2026-10-05", previous=tmp_path / "one")
    quiet.write(tmp_path / "two")
    assert quiet.outcome.triggers == quiet.outcome.tasks == []
    anew = ran({"playbook": level, "accounts.csv": "a,,,yes,\n"}, as_of="2026-10-12", previous=tmp_path / "two")
    assert [str(t.since) for t in anew.outcome.triggers] == ["2026-10-12"]


def test_an_edge_goes_on_to_its_last_touch_when_its_condition_ends(ran: Ran, tmp_path: Path) -> None:
    ran({"playbook": TRIGGER, "accounts.csv": "a,,,yes,\n"}).write(tmp_path / "one")
    files = {"playbook": TRIGGER, "accounts.csv": "a,,,no,\n"}
    quiet = ran(files, as_of="2026-10-09", previous=tmp_path / "one")
    assert [(t.occurrence, str(t.due)) for t in quiet.outcome.tasks] == [("2026-09-30", "2026-10-09")]
    assert [(t.since, str(t.fired)) for t in quiet.outcome.triggers] == [(None, "2026-09-30")]
    overdue = ran(files, as_of="2026-10-10", previous=tmp_path / "one")
    assert [str(t.due) for t in overdue.outcome.tasks] == ["2026-10-09"]
    assert [str(t.fired) for t in overdue.outcome.triggers] == ["2026-09-30"]
    (tmp_path / "one" / "tasks.csv").unlink()  # nothing is known to be open any more
    over = ran(files, as_of="2026-10-10", previous=tmp_path / "one")
    assert over.outcome.triggers == over.outcome.tasks == []


def test_what_is_remembered_of_a_trigger_is_explained(ran: Ran, tmp_path: Path) -> None:
    book = TRIGGER.replace("    when: hot\n", "    when: hot\n    lasting: 2 days\n    cooldown: 30 days\n")
    days = ["2026-10-01", "2026-10-03", "2026-10-05", "2026-10-09", "2026-10-12"]
    told, previous = [], None
    for day, hot in zip(days, ["yes", "yes", "no", "yes", "yes"], strict=True):
        run = ran({"playbook": book, "accounts.csv": f"a,,,{hot},\n"}, as_of=day, previous=previous)
        previous = tmp_path / day
        run.write(previous)
        text = granger.tree_text(run.explain("account", "a"))
        told.append(next(line.split("trigger: ")[1].split("  ")[0] for line in text.split("\n") if "trigger: " in line))
    assert told == [
        "the condition has held since 2026-10-01; fires once it has held for 2 days",
        "the condition has held since 2026-10-01; fired on 2026-10-03",
        "the condition does not hold; fired on 2026-10-03",
        "the condition has held since 2026-10-09; fired on 2026-10-03",
        "the condition has held since 2026-10-09; fired on 2026-10-03; held back by cooldown until 2026-11-02",
    ]
    run = ran({"playbook": TRIGGER, "accounts.csv": "a,,,yes,\n"})
    assert "fired on 2026-09-30" in granger.tree_text(run.explain("task", run.outcome.tasks[0].task_id))


OLD = "policy,play,account_id,since\nbook,rescue,a,2026-09-29\n"
NOW = "policy,play,account_id,since,fired,fired_before,completed,held_back\n"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (OLD, "previous-of-old", "triggers.csv:1"),
        ("a,b\n", "previous-unreadable", "triggers.csv:1"),
        ("", "previous-unreadable", "triggers.csv:1"),
        (NOW + "book,rescue,a,soon,,,,\n", "previous-unreadable", "triggers.csv:2"),
        (NOW + "b,r,a,,,,,\nb,r,c,,,2026-01-01;2026-01-02,,\n", "previous-unreadable", "triggers.csv:3"),
        (NOW + "b,r,a,,\n", "previous-unreadable", "triggers.csv:2"),
        (None, "previous-unreadable", "triggers.csv"),
    ],
)
def test_a_previous_run_that_cannot_be_read(text: str | None, code: str, place: str, ran: Ran, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "triggers.csv").write_text(text)
    with pytest.raises(granger.RequestRejected) as refused:
        ran({"playbook": TRIGGER}, previous=tmp_path)
    (found,) = refused.value.diagnostics
    cell = found.place
    assert isinstance(cell, Cell)
    assert (found.code, f"{cell.file}:{cell.row}" if cell.row else cell.file) == (code, place)


def test_the_order_of_tasks(ran: Ran) -> None:
    book = (
        "plays:\n"
        "  - play: p\n"
        "    anchor: renewal_on\n"
        "    touches:\n"
        "      - {task: z, owner: csm}\n"
        "      - {task: y, due: -2 days, owner: lead}\n"
    )
    accounts, held = "b,,2026-10-20,,\na,,2026-10-20,,\n", "a,csm,cat,,\nb,csm,cat,,\na,lead,bob,,\nb,lead,ann,,\n"
    found = ran({"playbook": book, "accounts.csv": accounts, "assignments.csv": held})
    assert [(str(t.due), t.owner, t.account_id) for t in found.outcome.tasks] == [
        ("2026-10-18", "ann", "b"), ("2026-10-18", "bob", "a"), ("2026-10-20", "cat", "a"),
        ("2026-10-20", "cat", "b"),
    ]  # fmt: skip


def test_the_reason_of_a_task_shows_the_values_it_rests_on(ran: Ran) -> None:
    (task,) = ran({"playbook": TRIGGER, "accounts.csv": "a,Acme,,yes,\n"}).outcome.tasks
    assert (task.because, task.account_name, task.source) == ("it burns (hot = yes)", "Acme", "playbook.yaml:8")


def test_the_owner_is_explained_by_the_row_that_says_so(ran: Ran) -> None:
    found = ran(play())
    text = granger.tree_text(found.explain("task", found.outcome.tasks[0].task_id))
    assert "assignments.csv, row 2" in text
