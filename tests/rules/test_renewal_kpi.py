"""The bundled pack over its sample data, held to an oracle that knows nothing of granger; and the published figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import granger
import pytest

from . import oracle_renewal_kpi as oracle

PACK = Path(__file__).resolve().parents[2] / "rules" / "renewal-kpi"
AS_OF = date(2026, 9, 30)


@pytest.fixture(scope="module")
def pack() -> granger.Pack:
    return granger.load(PACK)


@pytest.fixture(scope="module")
def run(pack: granger.Pack) -> granger.Run:
    return pack.run(as_of=AS_OF)


def test_the_pack_has_no_findings() -> None:
    pack, diagnostics, _ = granger.check(PACK)
    assert pack is not None
    assert not diagnostics


def test_tiers(run: granger.Run) -> None:
    assert {row.account_id: row.tier for row in run.outcome.segments} == oracle.tiers()
    assert len(run.outcome.segments) == 72
    assert {row.status for row in run.outcome.segments} == {"decided"}


@pytest.mark.parametrize("quarter", ["2026-Q1", "2026-Q2", "2026-Q3"])
def test_pay(quarter: str, pack: granger.Pack) -> None:
    run = pack.run(as_of=AS_OF, period=quarter, parts=["pay"])
    found = {
        plan: {
            (p.payee, p.period, p.component): p.amount
            for p in run.outcome.payouts
            if p.plan == plan and p.credit_amount is not None
        }
        for plan in ("seller-2026", "csm-2026")
    }
    assert found["seller-2026"] == exact(oracle.seller_payouts(quarter))
    assert found["csm-2026"] == exact(oracle.csm_payouts(quarter))
    assert len(found["seller-2026"]) == 15
    assert len(found["csm-2026"]) == 4
    earned = sum(credit.earning for credit in run.outcome.credits if credit.earning is not None)
    commissions = [line for line in run.outcome.payouts if line.credit_amount is not None]
    assert earned == sum(line.amount for line in commissions if line.amount is not None)


def exact(amounts: Mapping[tuple[str, str, str], Decimal]) -> dict[tuple[str, str, str], Fraction]:
    return {key: Fraction(amount) for key, amount in amounts.items()}


def test_a_seller_without_rows_has_zeros_with_their_reason(run: granger.Run) -> None:
    lines = [line for line in run.outcome.payouts if line.payee == "Xu Wenbo"]
    assert [line.status for line in lines] == ["zero"] * 3
    assert all("no row of" in line.reason for line in lines)
    assert any(name.startswith("statements/Xu-Wenbo") for name in run.texts())


def test_tasks(run: granger.Run) -> None:
    expected = oracle.tasks()
    found = {(task.account_id, task.task): (task.due, task.owner, task.role) for task in run.outcome.tasks}
    assert found == {key: (t.due, t.owner, t.role) for key, t in expected.items() if t.owner is not None}
    lost = {(row.account_id, row.task): row.due for row in run.outcome.unserved if row.level == "unserved"}
    assert lost == {key: task.due for key, task in expected.items() if task.owner is None}
    assert len(found) == 61
    assert len(lost) == 2


def test_every_row_is_accounted_for(run: granger.Run) -> None:
    counts = {name: (t.read, len(t), t.later, t.rejected) for name, t in run.outcome.tables.items()}
    assert counts == {
        "people": (10, 10, 0, 0),
        "assignments": (90, 90, 0, 0),
        "accounts": (72, 72, 0, 0),
        "deals": (85, 82, 3, 0),
        "renewals": (46, 40, 5, 1),
        "usage": (1532, 1492, 40, 0),
    }
    assert all(read == used + later + rejected for read, used, later, rejected in counts.values())
    assert sorted((r.table, r.level) for r in run.outcome.rejects) == [
        ("accounts", "cell"),
        ("deals", "finding"),
        ("renewals", "row"),
    ]


Workspace = Callable[[Mapping[str, str]], Path]

FIGURES = [
    # what happened                  table row                                                    who, component, pay
    ("new business of 100,000", "deals", "D1,A1,new,100000,2026-07-01,Zhao", ("Zhao", "new-business", 12_000)),
    ("its renewal a year later", "renewals", "R1,A1,2026-08-01,100000,100000,0,Zhao", ("Zhao", "renewal", 4_000)),
    ("the last day of transition", "renewals", "R1,A1,2026-06-30,100000,100000,0,Zhao", ("Zhao", "renewal", 12_000)),
    ("the first day after it", "renewals", "R1,A1,2026-07-01,100000,100000,0,Zhao", ("Zhao", "renewal", 4_000)),
    ("before renewals moved", "renewals", "R1,A1,2026-03-31,100000,100000,0,Zhao", ("Zhao", "renewal", 12_000)),
    ("upsell 5 months after signing", "deals", "D1,A1,upsell,10000,2026-08-10,Zhao", ("Zhao", "upsell", 1_200)),
    ("the manager's part of it", "deals", "D1,A1,upsell,10000,2026-08-10,Zhao", ("Lin", "upsell", 0)),
    ("exactly 6 months after", "deals", "D1,A1,upsell,10000,2026-09-10,Zhao", ("Lin", "upsell", 200)),
    ("upsell 7 months after signing", "deals", "D1,A2,upsell,10000,2026-08-10,Zhao", ("Zhao", "upsell", 400)),
    ("the manager at 2 %", "deals", "D1,A2,upsell,10000,2026-08-10,Zhao", ("Lin", "upsell", 200)),
]


@pytest.mark.parametrize(("what", "table", "row", "expected"), FIGURES, ids=[figure[0] for figure in FIGURES])
def test_published_figures(
    what: str, table: str, row: str, expected: tuple[str, str, int], pack: granger.Pack, tmp_path: Path
) -> None:
    files = {
        "people": "Employee,Position\nLin,csm\nZhao,seller\n",
        "accounts": "Account ID,Account Name,ARR (CNY),ICP Fit,Seats,First Signed,First Payment,Contract End,Days Overdue\n"
        "A1,One,100000,core,5,2026-03-10,,2027-03-10,0\nA2,Two,100000,core,5,2026-01-10,,2027-01-10,0\n",
        "assignments": "Account ID,Role,Employee,Start,End\nA1,csm,Lin,2026-01-01,\nA2,csm,Lin,2026-01-01,\n",
        "deals": "Deal ID,Account ID,Type,Amount,Close Date,Seller\n",
        "renewals": "Renewal ID,Account ID,Due Date,Due,Renewed,Upsell at Renewal,Original Seller\n",
        "usage": "Account ID,Day,Active Users\n",
    }
    files[table] += row + "\n"
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    run = pack.run(as_of=AS_OF, data=tmp_path, period="2026", parts=["pay"])
    payee, component, amount = expected
    found = [p for p in run.outcome.payouts if (p.payee, p.component) == (payee, component) and p.credits]
    assert [line.amount for line in found] == [amount]
    if amount == 0:
        assert "still the seller's" in found[0].reason


def test_the_manager_has_the_task_while_the_seller_keeps_the_rate(pack: granger.Pack) -> None:
    run = pack.run(as_of=date(2026, 6, 30))
    contacts = [task for task in run.outcome.tasks if task.task == "renewal-contact"]
    renewals = [credit for credit in run.outcome.credits if credit.component == "renewal"]
    assert contacts
    assert {task.role for task in contacts} <= {"csm", "cs_lead"}
    assert renewals
    assert {credit.rate for credit in renewals} == {Fraction(12, 100)}


def test_accounts_given_up_have_no_tasks(run: granger.Run) -> None:
    given_up = {account for account, tier in oracle.tiers().items() if tier == "C"}
    assert len(given_up) == 14
    assert not given_up & {task.account_id for task in run.outcome.tasks}
