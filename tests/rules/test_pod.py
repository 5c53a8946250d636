"""The pack pod: its figures through YAML and files, and its sample data held to plain Python."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import granger
import pytest

PACK = Path(__file__).resolve().parents[2] / "rules" / "pod"
AS_OF = date(2026, 9, 30)


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
    signed = {"signed_on": date(2026, 9, 10), "renewal_on": date(2027, 9, 10)}
    return {"account_id": account_id, "name": account_id, "pod": "P1", "acv": 30_000, "seats": 10, **signed, **more}


def book(accounts: list[dict[str, Any]], **more: list[dict[str, Any]]) -> dict[str, Any]:
    people = [("Wu", "csm", "P1"), ("Seller", "seller", "P1"), ("Han", "regional_director", "North")]
    names = ("assignments", "activities", "usage", "invoices", "renewals", "deals")
    tables: dict[str, Any] = {name: [] for name in names}
    tables["people"] = [{"person": person, "role": role, "pod": pod} for person, role, pod in people]
    return {**tables, "accounts": accounts, **more}


def test_all_its_policy_tests_pass(pack: granger.Pack) -> None:
    verdicts = pack.test()
    assert [(v.test, [d.message for d in v.failures]) for v in verdicts if not v.passed] == []
    assert len(verdicts) >= 5


@pytest.mark.parametrize(("signed", "needed", "short"), [(40, 2, 1), (20, 1, 0), (21, 2, 1)])
def test_twenty_new_customers_a_month_take_one_manager(
    pack: granger.Pack, signed: int, needed: int, short: int
) -> None:
    run = pack.run(book([account(f"N{i:02}") for i in range(signed)]), as_of=AS_OF)
    found = next(row for row in run.outcome.staffing if row.of == "P1")
    assert (found.load, found.needed, found.have, found.short) == (signed, needed, 1, short)


def test_the_large_customers_that_were_not_visited_this_quarter(pack: granger.Pack) -> None:
    large = [account(f"L{i}", pod="North", acv=800_000, signed_on=date(2022, 1, 10)) for i in (1, 2)]
    held = [
        {"account_id": a["account_id"], "role": "regional_director", "person": "Han", "starts_on": date(2022, 1, 10)}
        for a in large
    ]
    visits = [
        {"activity_id": f"V{i}", "account_id": f"L{i}", "activity": "visit", "activity_status": "done",
         "done_by": "Han", "done_on": day}
        for i, day in ((1, date(2026, 8, 20)), (2, date(2026, 6, 30)))
    ]  # fmt: skip
    run = pack.run(book([*large, account("S1")], assignments=held, activities=visits), as_of=AS_OF)
    lines = [row for row in run.outcome.watchlists if row.list == "large-customers-unvisited"]
    assert [(row.account_id, row.owner) for row in lines] == [("L2", "Han")]


def test_the_sample_data_holds_what_its_page_says(run: granger.Run) -> None:
    signed = Counter(
        row["Pod"] for row in rows("accounts")
        if date(2026, 8, 31) <= date.fromisoformat(row["First Signed"]) <= AS_OF
    )  # fmt: skip
    staffing = {row.of: (row.load, row.have, row.short) for row in run.outcome.staffing}
    assert signed["P1"] == 26
    assert {pod: staffing[pod][0] for pod in ("P1", "P2")} == {"P1": signed["P1"], "P2": signed["P2"]}
    assert staffing["P1"] == (26, 1, 1)
    lists = {name: [row.account_id or row.of for row in run.outcome.watchlists if row.list == name]
             for name in ("large-customers-unvisited", "pods-of-odd-size")}  # fmt: skip
    assert lists == {"large-customers-unvisited": ["P-003", "P-004", "P-006"], "pods-of-odd-size": ["P3"]}


def test_stages_by_plain_dates(run: granger.Run) -> None:
    def stage(row: dict[str, str]) -> str:
        if not row["Activated"]:
            return "activation"
        if not row["Implemented"]:
            return "implementation"
        before = date.fromisoformat(row["Contract End"])
        month = before.year * 12 + before.month - 1 - 3
        ends = date(month // 12, month % 12 + 1, min(before.day, 28))
        return "renewal" if ends <= AS_OF else "steady use"

    expected = {row["Account ID"]: stage(row) for row in rows("accounts")}
    assert {row.account_id: row.stage for row in run.outcome.stages} == expected
    assert len(set(expected.values())) == 4
