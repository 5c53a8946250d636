"""The pack touch-model: its figures through YAML and files, and its sample data held to plain Python."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import granger
import pytest

PACK = Path(__file__).resolve().parents[2] / "rules" / "touch-model"
AS_OF, OPENING = date(2026, 9, 30), date(2026, 6, 30)
CURVE = [(-3, 150), (-2, 100), (-1, 60), (0, 10), (Fraction(1, 2), 2), (2, 0)]


def rows(name: str) -> list[dict[str, str]]:
    with (PACK / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def day(text: str) -> date:
    return date.fromisoformat(text) if text else date.max


@pytest.fixture(scope="module")
def pack() -> granger.Pack:
    return granger.load(PACK)


@pytest.fixture(scope="module")
def run(pack: granger.Pack) -> granger.Run:
    return pack.run(as_of=AS_OF)


def test_all_its_policy_tests_pass(pack: granger.Pack) -> None:
    verdicts = pack.test()
    assert [(v.test, [d.message for d in v.failures]) for v in verdicts if not v.passed] == []
    assert len(verdicts) == 7


def tier_on(account: dict[str, str], when: date) -> str:
    for row in rows("overrides"):
        if row["Account ID"] == account["Account ID"] and day(row["From"]) <= when <= day(row["Until"]):
            return row["Tier"]
    acv = number(account["Annual Contract Value"])
    return "strategic" if acv >= 100_000 else "managed" if acv >= 5_000 else "pooled" if acv >= 500 else "digital"


def test_touch_by_contract_value_and_by_hand(run: granger.Run) -> None:
    expected = {row["Account ID"]: tier_on(row, AS_OF) for row in rows("accounts")}
    assert {row.account_id: row.tier for row in run.outcome.segments} == expected
    assert set(expected.values()) == {"strategic", "managed", "pooled", "digital"}
    assert sorted(row.status for row in run.outcome.segments).count("overridden") == 2
    touched = {task.account_id for task in run.outcome.tasks}
    assert touched
    assert not {account for account in touched if expected[account] == "digital"}


def test_a_tenth_of_the_contract_is_what_an_account_may_cost(run: granger.Run) -> None:
    allowed = {row["Account ID"]: number(row["Total Contract Value"]) / 10 for row in rows("accounts")}
    budgets = run.outcome.budgets
    assert {row.account_id: row.allowed for row in budgets} == {
        row.account_id: allowed[row.account_id] for row in budgets
    }
    assert {row.service for row in budgets} == {"under", "fitting", "over"}
    assert len(budgets) == 35  # all but the nine without human touch


def movements() -> dict[str, tuple[Fraction, Fraction]]:
    """Of each account the recurring revenue of the last day of June, and of September."""
    found: dict[str, tuple[Fraction, Fraction]] = defaultdict(lambda: (Fraction(0), Fraction(0)))
    for row in rows("subscriptions"):
        amount, start, end = number(row["Monthly Amount"]), day(row["Start"]), day(row["End"])
        if amount >= 0:  # the row below zero is rejected
            opening, closing = found[row["Account ID"]]
            opening += amount if start <= OPENING < end else 0
            found[row["Account ID"]] = opening, closing + (amount if start <= AS_OF < end else 0)
    return found


def test_movements_of_revenue(run: granger.Run) -> None:
    shown = ("total_opening_mrr", "total_new_mrr", "total_reactivation_mrr", "total_expansion_mrr")
    shown += ("total_contraction_mrr", "total_churned_mrr", "total_mrr", "net_churn")
    values = {row.measure: row.exact for row in run.outcome.measures if row.measure in shown}
    moved = movements().values()
    opening = sum(before for before, _ in moved)
    expansion = sum(max(now - before, Fraction(0)) for before, now in moved if before)
    contraction = sum(max(before - now, Fraction(0)) for before, now in moved if now)
    churned = sum(before for before, now in moved if not now)
    new = sum(now for before, now in moved if not before)
    assert values == {
        "total_opening_mrr": opening,
        "total_reactivation_mrr": 0,
        "total_mrr": sum(now for _, now in moved),
        "total_new_mrr": new,
        "total_expansion_mrr": expansion,
        "total_contraction_mrr": contraction,
        "total_churned_mrr": churned,
        "net_churn": (contraction + churned - expansion) / opening,
    }
    assert min(new, expansion, contraction, churned) > 0
    assert opening + new + expansion - contraction - churned == values["total_mrr"]


def earns(churn: Fraction) -> Fraction:
    """In percent of variable pay, for a churn in percent."""
    points = [(Fraction(x), Fraction(y)) for x, y in CURVE]
    for (x, y), (right, top) in pairwise(points):
        if churn <= right:  # below the first point its line goes on
            return y + (churn - x) * (top - y) / (right - x)
    return Fraction(0)


def test_pay_by_the_net_churn_of_those_held_on_the_first_day(run: granger.Run) -> None:
    first = date(2026, 7, 1)
    accounts = {row["Account ID"]: row for row in rows("accounts")}
    lost: dict[str, Fraction] = defaultdict(Fraction)
    held: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows("assignments"):
        opening, closing = movements()[row["Account ID"]]
        managed = tier_on(accounts[row["Account ID"]], first) in ("managed", "strategic")
        if row["Role"] == "csm" and day(row["Start"]) <= first < day(row["End"]) and opening and managed:
            lost[row["Name"]] += opening - closing
            held[row["Name"]] += opening
    found = {line.payee: line.amount for line in run.outcome.payouts}
    assert found.keys() == held.keys()
    assert len(found) == 3
    for name, amount in found.items():
        assert amount is not None
        assert abs(amount - 60 * earns(lost[name] / held[name] * 100)) <= Fraction(1, 200)


def test_what_customers_say_belongs_to_product_and_not_to_pay(tmp_path: Path) -> None:
    """Neither by its name nor through another measure; health and lists read it."""
    for file in PACK.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    comp, library = tmp_path / "comp.yaml", tmp_path / "library-measures.yaml"
    pleased = "measures:\n  pleased: {per: company, average: nps_rating, table: accounts}\n"
    library.write_text(library.read_text("utf-8").replace("measures:\n", pleased, 1), "utf-8")
    comp.write_text(comp.read_text("utf-8").replace("measure: net_mrr_churn", "measure: pleased"), "utf-8")
    _, diagnostics, _ = granger.check(tmp_path)
    (kept,) = [d for d in diagnostics if d.is_error]
    assert kept.code == "measure-kept-from"
    assert "comp policy 'csm-2026' reads the measure 'nps_rating', which is for health, watchlist only" in kept.message
