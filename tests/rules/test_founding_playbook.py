"""The pack founding-playbook: its figures through YAML and files, and its sample data held to plain Python."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import granger
import pytest
from dateutil.relativedelta import relativedelta

PACK = Path(__file__).resolve().parents[2] / "rules" / "founding-playbook"
AS_OF = date(2026, 9, 30)
CLOSED = date(2026, 1, 15)


def rows(name: str) -> list[dict[str, str]]:
    with (PACK / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def pack() -> granger.Pack:
    return granger.load(PACK)


@pytest.fixture(scope="module")
def run(pack: granger.Pack) -> granger.Run:
    return pack.run(as_of=AS_OF)


def account(account_id: str, **more: Any) -> dict[str, Any]:
    closed = {"status": "closed_won", "signed_on": CLOSED, "renewal_on": date(2027, 1, 15)}
    return {"account_id": account_id, "name": account_id, "arr": 24_000, "seats": 20, **closed, **more}


def book(accounts: list[dict[str, Any]], activities: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Tables with these accounts, each of Ana (manager), Max (account manager) and Sol (senior)."""
    people = {"Ana": "csm", "Max": "account_manager", "Sol": "senior_csm"}
    held = [
        {"account_id": a["account_id"], "role": role, "person": person, "starts_on": date(2026, 1, 1)}
        for a in accounts
        for person, role in people.items()
    ]
    empty: dict[str, list[dict[str, Any]]] = {name: [] for name in ("time_off", "usage", "deals", "renewals")}
    return {
        "people": [{"person": person, "role": role} for person, role in people.items()],
        "accounts": accounts,
        "assignments": held,
        "activities": activities or [],
        **empty,
    }


def activity(number: int, account_id: str, kind: str, done_on: date) -> dict[str, Any]:
    known = {"activity_id": f"V{number}", "account_id": account_id, "activity": kind}
    return {**known, "activity_status": "done", "opened_on": done_on, "done_on": done_on}


def listed(run: granger.Run, name: str) -> list[str]:
    return [row.account_id or row.of for row in run.outcome.watchlists if row.list == name]


def test_all_its_policy_tests_pass(pack: granger.Pack) -> None:
    verdicts = pack.test()
    assert [(v.test, [d.message for d in v.failures]) for v in verdicts if not v.passed] == []
    assert len(verdicts) >= 12


def test_the_year_is_on_the_calendar_the_day_the_deal_closes(pack: granger.Pack) -> None:
    run = pack.run(book([account("K1")]), as_of=CLOSED)
    assert Counter(task.task for task in run.outcome.tasks) == {
        "implementation-call": 1,
        "kickoff": 1,
        "check-in": 11,
        "qbr": 3,
        "renewal-meeting": 1,
        "renewal-offer": 1,
    }
    due = {task.task: task.due for task in run.outcome.tasks}
    assert due["implementation-call"] == date(2026, 1, 20)  # the 19th is Martin Luther King's day
    assert due["kickoff"] == date(2026, 1, 30)
    assert due["renewal-meeting"] == date(2026, 9, 17)


def test_of_three_closed_customers_the_one_without_its_meeting_is_listed(pack: granger.Pack) -> None:
    held = [activity(i, f"H{i}", "implementation", date(2026, 1, 20)) for i in (1, 2)]
    run = pack.run(book([account("K1"), account("H1"), account("H2")], held), as_of=date(2026, 3, 2))
    assert listed(run, "closed-without-implementation") == ["K1"]


@pytest.mark.parametrize(
    ("opened", "mailed", "expected"),
    [
        (date(2026, 11, 16), date(2026, 2, 22), ["Z1"]),  # 60 days before the end, 271 days since
        (date(2026, 11, 16), date(2026, 2, 23), []),  # 270 days since
        (date(2026, 11, 15), date(2026, 2, 22), []),  # 61 days before the end
    ],
)
def test_a_renewal_out_of_the_blue(pack: granger.Pack, opened: date, mailed: date, expected: list[str]) -> None:
    tables = book([account("Z1", renewal_opened_on=opened)], [activity(1, "Z1", "email", mailed)])
    assert listed(pack.run(tables, as_of=date(2026, 11, 20)), "renewal-out-of-the-blue") == expected


@pytest.mark.parametrize(("accounts", "over", "short"), [(301, 1, 1), (300, 0, 0)])
def test_a_manager_knows_300_accounts(pack: granger.Pack, accounts: int, over: int, short: int) -> None:
    run = pack.run(book([account(f"X{i:03}") for i in range(accounts)]), as_of=date(2026, 4, 1), parts=["segments"])
    ratio = next(row for row in run.outcome.staffing if row.of == "Ana")
    assert (ratio.load, ratio.over, ratio.short) == (accounts, over, short)


@pytest.mark.parametrize(("owner", "person"), [("csm", "Ana"), ("account_manager", "Max")])
def test_task_credit_and_pay_follow_the_commercial_switch(owner: str, person: str, tmp_path: Path) -> None:
    for file in PACK.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace("choice: csm\n", f"choice: {owner}\n"), encoding="utf-8")
    deal = {"deal_id": "D1", "account_id": "K1", "deal": "upsell", "amount": 10_000, "closed_on": date(2026, 5, 5)}
    tables: Mapping[str, Any] = {**book([account("K1")]), "deals": [deal]}
    run = granger.load(tmp_path).run(tables, as_of=date(2026, 6, 30))
    assert [task.owner for task in run.outcome.tasks if task.task == "renewal-meeting"] == [person]
    assert [(c.payee, c.earning) for c in run.outcome.credits] == [(person, 300)]
    paid = {p.payee: p.amount for p in run.outcome.payouts if p.component == "upsell" and p.amount}
    assert paid == {person: 300}


# --- the sample data ------------------------------------------------------------------------------------------------


def test_the_sample_data_holds_what_its_page_says(run: granger.Run) -> None:
    customers = [row for row in rows("accounts") if row["Stage"] == "closed_won"]
    held = {row["Account ID"] for row in rows("activities") if row["Type"] == "implementation" and row["Completed"]}
    assert listed(run, "closed-without-implementation") == [
        row["Account ID"]
        for row in sorted(customers, key=lambda row: (row["Closed Won Date"], row["Account ID"]))
        if row["Account ID"] not in held
    ]
    assert listed(run, "renewal-out-of-the-blue") == ["F-004"]
    assert {row.account_id for row in run.outcome.unserved if row.level == "unserved"} == {"F-026"}


def test_every_check_in_of_the_year_is_there_inside_its_leeway(run: granger.Run) -> None:
    """Months from signing on, before the renewal, up to a year ahead; at most so far from the day as leeway and rolling
    allow."""
    assigned = {row["Account ID"] for row in rows("assignments") if row["Role"] == "csm"}
    expected = Counter[str]()
    for row in rows("accounts"):
        if row["Stage"] == "closed_won" and row["Account ID"] in assigned:
            signed, ends = date.fromisoformat(row["Closed Won Date"]), date.fromisoformat(row["Contract End"])
            days = [signed + relativedelta(months=n) for n in range(1, 13)]
            expected[row["Account ID"]] = sum(AS_OF - timedelta(days=4) < day < ends for day in days)
    found = Counter(task.account_id for task in run.outcome.tasks if task.task == "check-in")
    crowded = Counter(row.account_id for row in run.outcome.unserved if row.task == "check-in")
    assert sum(found.values()) > 100
    assert all(abs(found[one] + crowded[one] - n) <= 1 for one, n in expected.items())
    assert all(abs((task.due - task.anchor).days) <= 14 for task in run.outcome.tasks if task.task == "check-in")


def test_no_customer_has_more_than_two_contacts_in_a_week(run: granger.Run) -> None:
    weeks = Counter((t.account_id, t.due - timedelta(days=t.due.weekday())) for t in run.outcome.tasks if t.contact)
    assert max(weeks.values()) <= 2
    assert all(row.reason for row in run.outcome.unserved)


def test_time_off_and_holidays_are_kept(run: granger.Run) -> None:
    """Ben stands in for Ana; what rolls is on no day that Clara has off, by Great Britain's holidays or her own."""
    off = {AS_OF + timedelta(days=n) for n in range(400)}
    ana = {day for day in off if date(2026, 10, 12) <= day <= date(2026, 10, 23)}
    clara = {day for day in off if date(2026, 11, 2) <= day <= date(2026, 11, 6)} | {date(2026, 12, 28)}
    assert not [task for task in run.outcome.tasks if task.owner == "Ana Reyes" and task.due in ana]
    rolled = {"check-in", "qbr", "renewal-meeting", "renewal-offer"}
    assert not [t for t in run.outcome.tasks if t.owner == "Clara Wells" and t.due in clara and t.task in rolled]
    assert [t for t in run.outcome.tasks if t.owner == "Ben Cole" and "Ana Reyes" in t.moved]


def test_what_gave_way_to_other_contacts_is_explained_with_the_day_that_the_list_has(run: granger.Run) -> None:
    task = next(task for task in run.outcome.tasks if "contacts with the customer already" in task.moved)
    told = granger.tree_text(run.explain("task", task.task_id))
    assert f"listed on {task.due}\n" in told
    assert "moved from 2026-09-30: the week of 2026-09-28 has 2 contacts with the customer already\n" in told
    assert "due 2026-09-30: +0 days from 2026-09-30, rolled to the following business day" in told
