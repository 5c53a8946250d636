"""The sample data of rules/renewal-kpi is what its README says, and holds the cases that the rules need."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from . import oracle_renewal_kpi as oracle

ROOT = Path(__file__).parents[2]
TABLES = ("people", "assignments", "accounts", "deals", "renewals", "usage")


def test_the_generator_writes_the_committed_bytes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.generate.renewal_kpi", "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in oracle.DATA.iterdir())
    for table in TABLES:
        assert (tmp_path / f"{table}.csv").read_bytes() == (oracle.DATA / f"{table}.csv").read_bytes(), table


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_every_column_and_files_stay_small(table: str) -> None:
    path = oracle.DATA / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert rows
    assert {len(row) for row in rows} == {len(header)}
    assert path.stat().st_size < 200_000


def test_keys_are_unique_and_readable() -> None:
    for table, key, prefix, digits in (
        ("accounts", "Account ID", "A", 3),
        ("deals", "Deal ID", "D", 4),
        ("renewals", "Renewal ID", "R", 4),
    ):
        ids = [row[key] for row in oracle.read(table)]
        assert ids == [f"{prefix}-{number:0{digits}d}" for number in range(1, len(ids) + 1)]


def test_people_and_accounts_by_number() -> None:
    assert Counter(row["Position"] for row in oracle.read("people")) == {"csm": 4, "seller": 5, "cs_lead": 1}
    names = [row["Account Name"] for row in oracle.read("accounts")]
    assert len(set(names)) == len(names) == 72
    assert sum(not name.isascii() for name in names) == 8
    assert "Ningbo Haisha Trading Co., Ltd." in names  # a comma inside a cell


def test_tiers_are_all_populated_and_two_accounts_sit_on_the_line() -> None:
    tiers = oracle.tiers()
    assert Counter(tiers.values()) == {"A": 30, "B": 28, "C": 14}
    arr = {account: row["ARR (CNY)"] for account, row in oracle.accounts().items()}
    assert (arr["A-007"], tiers["A-007"]) == ("30,000.00", "A")
    assert (arr["A-004"], tiers["A-004"]) == ("29,999.99", "B")


def test_rows_are_used_later_or_rejected() -> None:
    assert oracle.counts() == {
        "people": {"read": 10, "used": 10, "later": 0, "rejected": 0},
        "assignments": {"read": 90, "used": 90, "later": 0, "rejected": 0},
        "accounts": {"read": 72, "used": 72, "later": 0, "rejected": 0},
        "deals": {"read": 85, "used": 82, "later": 3, "rejected": 0},
        "renewals": {"read": 46, "used": 40, "later": 5, "rejected": 1},
        "usage": {"read": 1532, "used": 1492, "later": 40, "rejected": 0},
    }


def test_the_dirt_is_where_it_was_put_and_nowhere_else() -> None:
    known, people = set(oracle.accounts()), {row["Employee"] for row in oracle.read("people")}
    bad_days = [
        (row[key], column, row[column])
        for table, key in (("accounts", "Account ID"), ("deals", "Deal ID"), ("renewals", "Renewal ID"))
        for row in oracle.read(table)
        for column in ("First Signed", "First Payment", "Contract End", "Close Date", "Due Date")
        if row.get(column) and oracle.day(row[column]) is None
    ]
    assert bad_days == [("A-012", "First Payment", "n/a"), ("R-0041", "Due Date", "2026-09-31")]
    strays = [row["Deal ID"] for row in oracle.read("deals") if row["Account ID"] not in known]
    assert strays == ["D-0062"]
    for table in ("assignments", "renewals", "usage"):
        assert {row["Account ID"] for row in oracle.read(table)} <= known
    for table, column in (("assignments", "Employee"), ("deals", "Seller"), ("renewals", "Original Seller")):
        assert {row[column] for row in oracle.read(table)} <= people
    unpaid = [account for account, row in oracle.accounts().items() if not row["First Payment"]]
    assert unpaid == ["A-052", "A-056", "A-071", "A-072"]


def test_each_account_has_at_most_one_manager_a_day_and_some_changed_hands() -> None:
    spans: dict[str, list[tuple[str, str]]] = {}
    for row in oracle.read("assignments"):
        if row["Role"] == "csm":
            spans.setdefault(row["Account ID"], []).append((row["Start"], row["End"] or "9999"))
    assert set(spans) == set(oracle.accounts())
    for held in spans.values():
        assert all(ends <= starts for (_, ends), (starts, _) in pairwise(held))
    starts = Counter(held[i][0] for held in spans.values() for i in range(1, len(held)))
    assert starts == {"2026-03-02": 3, "2026-05-18": 2, "2026-07-01": 1, "2026-08-17": 6, "2026-11-02": 2}


def test_months_are_counted_with_a_clamped_end() -> None:
    assert oracle.months_between(date(2025, 12, 31), date(2026, 6, 30)) == 6
    assert oracle.months_between(date(2026, 3, 17), date(2026, 9, 16)) == 5
    assert oracle.months_between(date(2026, 2, 12), date(2026, 8, 12)) == 6
    assert oracle.months_between(date(2026, 2, 12), date(2026, 1, 12)) == -1
    assert oracle.add_months(date(2023, 8, 31), -9) == date(2022, 11, 30)


def test_halves_round_away_from_zero() -> None:
    assert oracle.half_away(Fraction("3386.485")) == Decimal("3386.49")
    assert oracle.half_away(Fraction("-3386.485")) == Decimal("-3386.49")
    assert oracle.half_away(Fraction("0.0049")) == 0


def test_sellers_of_the_second_quarter() -> None:
    """The transition: renewals still pay 12 %."""
    assert _by_payee(oracle.seller_payouts("2026-Q2"), "new-business", "upsell", "renewal") == {
        "He Xinyi": ["0.00", "1481.25", "17652.77"],
        "Liu Zihan": ["44684.25", "3283.65", "0.00"],
        "Sun Haoran": ["3001.05", "612.55", "12452.05"],
        "Xu Wenbo": ["88689.03", "18647.82", "49008.81"],
        "Zhao Lei": ["0.00", "916.16", "355.60"],
    }


def test_sellers_of_the_third_quarter() -> None:
    """Renewals pay the residual of 4 %; one seller has nothing at all."""
    assert _by_payee(oracle.seller_payouts("2026-Q3"), "new-business", "upsell", "renewal") == {
        "He Xinyi": ["56363.67", "3190.82", "17308.89"],
        "Liu Zihan": ["14504.41", "16159.08", "9657.68"],
        "Sun Haoran": ["59762.10", "27527.04", "27752.39"],
        "Xu Wenbo": ["0.00", "0.00", "0.00"],
        "Zhao Lei": ["0.00", "6158.57", "5627.90"],
    }
    assert not [credit for credit in oracle.seller_credits("2026-Q3") if credit[0] == "Xu Wenbo"]


def test_managers_upsell() -> None:
    assert _by_payee(oracle.csm_payouts("2026-Q2"), "upsell") == {
        "Chen Siyuan": ["367.75"],
        "Lin Yue": ["458.08"],
        "Wang Jingyi": ["1208.06"],
        "Zhou Mingze": ["372.87"],
    }
    assert _by_payee(oracle.csm_payouts("2026-Q3"), "upsell") == {
        "Chen Siyuan": ["402.09"],
        "Lin Yue": ["1139.30"],
        "Wang Jingyi": ["3386.49"],
        "Zhou Mingze": ["621.10"],
    }


def test_the_data_tells_one_rounding_from_another() -> None:
    """Half-up and half-even differ on a line; rounding each credit differs from rounding the line."""
    wang = sum(amount * rate for payee, _, _, amount, rate in oracle.csm_credits("2026-Q3") if payee == "Wang Jingyi")
    assert wang == Fraction("3386.485")
    each: Counter[tuple[str, str]] = Counter()
    for payee, part, _, amount, rate in oracle.seller_credits("2026-Q3"):
        each[payee, part] += int(oracle.half_away(amount * rate) * 100)
    lines = oracle.seller_payouts("2026-Q3")
    moved = {key for key, fen in each.items() if fen != lines[key[0], "2026-Q3", key[1]] * 100}
    assert moved == {
        ("He Xinyi", "renewal"),
        ("Sun Haoran", "renewal"),
        ("Sun Haoran", "upsell"),
        ("Zhao Lei", "upsell"),
    }


def test_planted_upsells() -> None:
    """Six months less a day, exactly six, six by a clamped end; the eve and the day of a hand-over."""
    seller = {row: rate for q in ("2026-Q2", "2026-Q3") for _, _, row, _, rate in oracle.seller_credits(q)}
    manager = {row: (who, rate) for q in ("2026-Q2", "2026-Q3") for who, _, row, _, rate in oracle.csm_credits(q)}
    full, residual, grown = Fraction(12, 100), Fraction(4, 100), Fraction(2, 100)
    assert (seller["D-0079"], manager["D-0079"]) == (full, ("Chen Siyuan", 0))
    assert (seller["D-0067"], manager["D-0067"]) == (residual, ("Lin Yue", grown))
    assert (seller["D-0056"], manager["D-0056"]) == (residual, ("Zhou Mingze", grown))
    assert manager["D-0069"] == ("Zhou Mingze", grown)
    assert manager["D-0070"] == ("Wang Jingyi", grown)


def test_use_falls_where_it_was_made_to_fall() -> None:
    changes, tiers = oracle.usage_changes(), oracle.tiers()
    fell = {account for account, change in changes.items() if change is not None and change <= Fraction(-30, 100)}
    assert {account for account in fell if tiers[account] != "C"} == {"A-010", "A-020", "A-036", "A-042", "A-051"}
    assert {account for account in fell if tiers[account] == "C"} == {"A-024"}
    assert changes["A-036"] == Fraction(-30, 100)
    assert changes["A-061"] == Fraction(-2875, 10000)  # the next nearest; the rest is far away
    assert changes["A-042"] == -1  # silent this week
    assert [account for account, change in changes.items() if change is None] == [
        *("A-001", "A-002", "A-011", "A-023", "A-032"),  # lost customers
        *("A-071", "A-072"),  # signed this week
    ]


def test_working_days_of_china() -> None:
    assert not oracle.is_working_day(date(2026, 10, 1))  # National Day
    assert not oracle.is_working_day(date(2026, 10, 7))  # given in exchange for 10 October
    assert oracle.is_working_day(date(2026, 10, 10))  # a Saturday
    assert oracle.preceding(date(2026, 10, 3)) == date(2026, 9, 30)
    assert oracle.add_business_days(date(2026, 9, 30), 2) == date(2026, 10, 9)


def test_tasks_by_kind_and_owner() -> None:
    tasks = oracle.tasks()
    assert Counter(task for _, task in tasks) == {
        "activity-review-9": 19,
        "activity-review-6": 11,
        "renewal-contact": 16,
        "commercial-offer": 12,
        "rescue-call": 5,
    }
    assert Counter(task.owner for task in tasks.values()) == {
        "Chen Siyuan": 8,
        "Lin Yue": 20,
        "Wang Jingyi": 19,
        "Zhou Mingze": 12,
        "Tang Weiqing": 2,
        None: 2,
    }


def test_planted_tasks() -> None:
    tasks, day = oracle.tasks(), date
    assert tasks["A-029", "renewal-contact"] == oracle.Task(day(2026, 11, 10), None, None)  # nobody
    assert tasks["A-019", "renewal-contact"] == oracle.Task(day(2026, 11, 20), "Tang Weiqing", "cs_lead")
    assert tasks["A-029", "commercial-offer"] == oracle.Task(day(2026, 12, 12), None, None)  # nobody, a month later
    assert tasks["A-018", "commercial-offer"].due == day(2026, 11, 4)  # 3 January less 60 days, not two months
    assert tasks["A-028", "commercial-offer"].due == day(2026, 11, 28)  # a Saturday: an offer does not roll
    assert tasks["A-018", "renewal-contact"].due == day(2026, 9, 30)  # 3 October, rolled over the holiday
    assert tasks["A-048", "renewal-contact"].due == day(2026, 9, 30)  # 31 December less three months
    assert tasks["A-006", "renewal-contact"].due == day(2026, 10, 10)  # a Saturday worked in exchange
    assert tasks["A-013", "activity-review-9"].due == day(2026, 11, 30)  # 31 August less nine months
    assert tasks["A-009", "renewal-contact"].due == day(2026, 12, 28)  # the last day inside
    assert not [key for key in tasks if key[0] == "A-021"]  # 29 December: the first day outside
    assert tasks["A-041", "activity-review-9"].owner == "Zhou Mingze"  # not yet the manager on 30 September
    assert oracle.holder("A-041", "csm", oracle.AS_OF) == "Chen Siyuan"
    assert {task.due for (_, name), task in tasks.items() if name == "rescue-call"} == {day(2026, 10, 9)}


def test_exactly_one_target_account_is_held_by_nobody() -> None:
    tiers = oracle.tiers()
    alone = [
        account
        for account in tiers
        if not oracle.holder(account, "csm", oracle.AS_OF) and not oracle.holder(account, "cs_lead", oracle.AS_OF)
    ]
    assert alone == ["A-029"]
    assert tiers["A-029"] == "B"


def _by_payee(payouts: oracle.Payouts, *parts: str) -> dict[str, list[str]]:
    (period,) = {period for _, period, _ in payouts}
    payees = sorted({payee for payee, _, _ in payouts})
    assert len(payouts) == len(payees) * len(parts)
    return {payee: [str(payouts[payee, period, part]) for part in parts] for payee in payees}
