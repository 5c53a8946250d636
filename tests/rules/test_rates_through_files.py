"""The published figures on rates, targets, buffer and fixed pay (SYSTEMS.md, 5), through YAML and CSV files."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import granger

PACK = Path(__file__).resolve().parents[2] / "rules" / "renewal-kpi"
HEADS = {
    "people": "Employee,Position",
    "accounts": "Account ID,Account Name,ARR (CNY),ICP Fit,Seats,First Signed,First Payment,Contract End,Days Overdue",
    "assignments": "Account ID,Role,Employee,Start,End",
    "deals": "Deal ID,Account ID,Type,Amount,Close Date,Seller",
    "renewals": "Renewal ID,Account ID,Due Date,Due,Renewed,Upsell at Renewal,Original Seller",
    "usage": "Account ID,Day,Active Users",
}


def account(name: str, arr: int) -> str:
    return f"{name},{name},{arr},core,5,2024-07-10,,2027-07-10,0"


def run(folder: Path, **rows: list[str]) -> granger.Run:
    rows["people"] = ["Lin,csm", "Zhao,seller"]
    for table, head in HEADS.items():
        (folder / f"{table}.csv").write_text("\n".join([head, *rows.get(table, [])]) + "\n", encoding="utf-8")
    return granger.load(PACK).run(as_of=date(2026, 9, 30), data=folder)


def measures(found: granger.Run) -> dict[str, tuple[object, int]]:
    return {row.measure: (row.exact, row.population) for row in found.outcome.measures if row.of == "Lin"}


def test_one_large_upsell_hides_a_lost_logo_from_one_rate_and_not_from_the_other(tmp_path: Path) -> None:
    found = run(
        tmp_path,
        accounts=[account("A1", 100_000), account("A2", 50_000)],
        assignments=["A1,csm,Lin,2026-01-01,", "A2,csm,Lin,2026-01-01,"],
        renewals=["R1,A1,2026-08-01,100000,100000,20000,Zhao", "R2,A2,2026-08-15,50000,0,0,Zhao"],
    )
    assert measures(found)["amount_renewal_rate"] == (Fraction(80, 100), 2)
    assert measures(found)["logo_renewal_rate"] == (Fraction(50, 100), 2)


def test_the_blended_targets_of_ten_a_and_ten_b(tmp_path: Path) -> None:
    names = [
        (f"{tier}{n}", arr, due) for tier, arr, due in (("A", 60_000, 30_000), ("B", 10_000, 10_000)) for n in range(10)
    ]
    found = run(
        tmp_path,
        accounts=[account(name, arr) for name, arr, _ in names],
        assignments=[f"{name},csm,Lin,2026-01-01," for name, _, _ in names],
        renewals=[f"R-{name},{name},2026-07-10,{due},{due},0,Zhao" for name, _, due in names],
    )
    assert measures(found)["blended_logo_target"] == (Fraction(65, 100), 20)
    assert measures(found)["blended_amount_target"] == (Fraction(725, 1000), 20)


def test_accounts_that_just_arrived_are_left_out_of_the_active_rate(tmp_path: Path) -> None:
    names = [f"old{n}" for n in range(40)] + [f"new{n}" for n in range(10)]
    since = {name: "2026-01-01" if name.startswith("old") else "2026-09-10" for name in names}
    found = run(
        tmp_path,
        accounts=[account(name, 60_000) for name in names],
        assignments=[f"{name},csm,Lin,{since[name]}," for name in names],
        usage=[f"old{n},2026-09-15,5" for n in range(30)],
    )
    assert measures(found)["active_rate"] == (Fraction(75, 100), 40)


def test_fixed_pay_is_96_000_a_year_and_the_rest_follows_the_measures(tmp_path: Path) -> None:
    found = run(tmp_path)
    plan = next(p for p in granger.load(PACK).policies.policies if p.name == "csm-2026")
    assert [(paid.value.text, paid.per) for paid in plan.pay.written] == [("180_000", "year"), ("8_000", "month")]
    parts = {a.component: a.target_amount for a in found.outcome.attainments if a.period == "2026-Q3"}
    assert parts == {"amount-renewal": Fraction(8_400), "logo-renewal": Fraction(6_300)}
    assert {line.status for line in found.outcome.payouts if line.payee == "Lin"} == {"waiting", "zero"}


def test_the_pack_passes_its_own_policy_tests() -> None:
    verdicts = granger.load(PACK).test()
    assert len(verdicts) == 11
    assert all(verdict.passed for verdict in verdicts)
