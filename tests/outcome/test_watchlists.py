"""Watchlists: who is on them, in which order, what they show, over time, and what is said of those left open."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date

import granger
import pytest

Ran = Callable[..., granger.Run]

ACCOUNTS = "a,Acme,2026-10-20,true,ann\nb,Birch,2026-10-12,,\nc,=Cedar,2026-11-05,false,bob\nd,,,true,ann\n"
LISTS = "kind: watchlist\nname: w\neffective: {from: 2026-01-01}\nlists:\n"
MEASURES = (
    "measures:\n"
    "  won: {per: csm, sum: amount, table: deals, window: quarter}\n"
    "  all_won: {per: company, sum: amount, table: deals, window: quarter}\n"
)
DEALS = "1,a,new,100,2026-08-01,ann\n2,b,new,50,2026-05-05,ann\n3,b,new,75,2026-09-09,bob\n"
HELD = "a,csm,cat,,\nb,csm,dan,,\nc,csm,cat,,\n"


@pytest.fixture(params=["reference", "columns"])
def rows(request: pytest.FixtureRequest, ran: Ran) -> Callable[..., Iterator[list[str]]]:
    """The lines of the one list of a workspace, as its file has them, by either reading."""

    def read(text: str, **more: str) -> Iterator[list[str]]:
        files = {"list.yaml": LISTS + text, "accounts.csv": ACCOUNTS, "deals.csv": DEALS, "assignments.csv": HELD}
        run = ran(files | {"library": MEASURES}, reading=request.param, **more)
        found = {name: file for name, file in run.texts().items() if name.startswith("watchlists/")}
        assert len(found) == 1
        yield from csv.reader(io.StringIO(next(iter(found.values()))))

    return read


def test_accounts_that_a_condition_holds_for(rows: Callable[..., Iterator[list[str]]]) -> None:
    found = list(rows("  - {list: hot, when: hot, columns: [name, friend], owner: csm, because: it burns}\n"))
    assert found[0] == ["day", "account_id", "name", "friend", "owner", "because", "source"]
    assert [line[:6] for line in found[1:]] == [
        ["2026-09-30", "a", "Acme", "ann", "cat", "it burns"],
        ["2026-09-30", "d", "", "ann", "", "it burns"],
    ]
    assert found[1][6] == "list.yaml:5"


def test_order_with_the_largest_first_and_missing_last(rows: Callable[..., Iterator[list[str]]]) -> None:
    found = list(rows('  - {list: all, columns: [renewal_on], order: ["-renewal_on"]}\n'))
    assert [line[1] for line in found[1:]] == ["c", "a", "b", "d"]


def test_ties_go_by_account(rows: Callable[..., Iterator[list[str]]]) -> None:
    found = list(rows("  - {list: all, columns: [friend], order: [friend]}\n"))
    assert [line[1] for line in found[1:]] == ["a", "d", "c", "b"]


def test_a_text_that_looks_like_a_formula_is_guarded(rows: Callable[..., Iterator[list[str]]]) -> None:
    assert [line[2] for line in rows("  - {list: c, when: not hot, columns: [name]}\n")][1:] == ["'=Cedar"]


def test_a_line_for_each_person(rows: Callable[..., Iterator[list[str]]]) -> None:
    found = list(rows("  - {list: won, per: csm, columns: [won, all_won], when: won > 0, owner: csm}\n"))
    assert [line[1:5] for line in found] == [
        ["csm", "won", "all_won", "owner"],
        ["cat", "100.00 CNY", "175.00 CNY", "cat"],
        ["dan", "75.00 CNY", "175.00 CNY", "dan"],
    ]


def test_the_company_over_time(rows: Callable[..., Iterator[list[str]]]) -> None:
    """Of the second quarter of 2025 the policies have nothing to say yet."""
    found = list(rows("  - {list: over-time, per: company, columns: [all_won], trend: 6 quarters}\n"))
    assert [line[:3] for line in found[1:]] == [
        ["2026-03-31", "company", "0.00 CNY"],
        ["2026-06-30", "company", "50.00 CNY"],
        ["2026-09-30", "company", "175.00 CNY"],
    ]


def test_those_left_open_are_told(ran: Ran) -> None:
    files = {"list.yaml": LISTS + "  - {list: hot, when: hot, columns: [name]}\n", "accounts.csv": ACCOUNTS}
    run = ran(files)
    assert [d.code for d in run.findings] == ["list-undecided"]
    assert "for 1 whether they are on the list 'hot': b" in run.findings[0].message
    assert [row.account_id for row in run.outcome.watchlists] == ["a", "d"]
    assert run.outcome.lists[0].rows[0].day == date(2026, 9, 30)


def test_names_of_files_are_safe(ran: Ran) -> None:
    files = {"list.yaml": LISTS + '  - {list: "../Über all", columns: [name]}\n'}
    (name,) = [name for name in ran(files).texts() if name.startswith("watchlists/")]
    assert ".." not in name and name.count("/") == 1 and name.endswith(".csv")
