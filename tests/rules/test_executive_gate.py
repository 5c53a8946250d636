"""The pack executive-gate: its figures through YAML and files, and its sample data held to plain Python."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest

PACK = Path(__file__).resolve().parents[2] / "rules" / "executive-gate"
AS_OF, QUARTER = date(2026, 9, 30), date(2026, 7, 1)


def rows(name: str) -> list[dict[str, str]]:
    with (PACK / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def in_quarter(text: str) -> bool:
    try:
        return QUARTER <= date.fromisoformat(text) <= AS_OF
    except ValueError:  # 31 June: the row is rejected
        return False


@pytest.fixture(scope="module")
def pack() -> granger.Pack:
    return granger.load(PACK)


@pytest.fixture(scope="module")
def run(pack: granger.Pack) -> granger.Run:
    return pack.run(as_of=AS_OF)


@pytest.fixture(scope="module")
def measures(run: granger.Run) -> dict[str, Fraction]:
    return {row.measure: row.exact for row in run.outcome.measures}


def test_all_its_policy_tests_pass(pack: granger.Pack) -> None:
    verdicts = pack.test()
    assert [(v.test, [d.message for d in v.failures]) for v in verdicts if not v.passed] == []
    assert len(verdicts) == 6


def test_what_everyone_agrees_on(measures: dict[str, Fraction]) -> None:
    sold = sum(number(r["Amount"]) for r in rows("deals") if r["Type"] == "new" and in_quarter(r["Close Date"]))
    target = sum(number(r["Amount"]) for r in rows("targets") if in_quarter(r["Quarter Start"]))
    due = [r for r in rows("renewals") if in_quarter(r["Due"])]
    renewal = sum(number(r["Amount Renewed"]) for r in due) / sum(number(r["Amount Due"]) for r in due)
    answers = [int(r["Rating"]) for r in rows("surveys") if in_quarter(r["Answered"]) and int(r["Rating"]) <= 10]
    promoters, detractors = sum(a >= 9 for a in answers), sum(a < 7 for a in answers)
    assert len(due) > 5
    assert len(answers) > 15
    assert measures["bookings"] == sold
    assert measures["bookings_attainment"] == sold / target
    assert measures["renewal_rate"] == renewal
    assert measures["nps"] == Fraction(promoters - detractors, len(answers))


def test_retention_of_a_year(measures: dict[str, Fraction]) -> None:
    before, now = date(2025, 9, 30), AS_OF
    held: dict[str, list[Fraction]] = {}
    for row in rows("subscriptions"):
        start, end = date.fromisoformat(row["Start"]), date.fromisoformat(row["End"] or "9999-12-31")
        for i, day in enumerate((before, now)):
            held.setdefault(row["Account ID"], [Fraction(0), Fraction(0)])[i] += (
                number(row["Monthly Amount"]) if start <= day < end else 0
            )
    cohort = [(opening, closing) for opening, closing in held.values() if opening]
    opening = sum(o for o, _ in cohort)
    assert len(cohort) > 20
    assert measures["net_retention"] == sum(c for _, c in cohort) / opening
    assert measures["gross_churn"] == sum(max(o - c, Fraction(0)) for o, c in cohort) / opening


def test_health_of_the_company_is_that_of_its_accounts(run: granger.Run, measures: dict[str, Fraction]) -> None:
    grades = [row.grade for row in run.outcome.health if row.policy == "account-health"]
    graded = [grade for grade in grades if grade]
    assert measures["healthy_rate"] == Fraction(graded.count("green"), len(graded))
    assert 0 < graded.count("green") < len(graded)


def test_success_by_use_case(run: granger.Run, measures: dict[str, Fraction]) -> None:
    """An account is successful when all its uses are; one without any is not counted."""
    met: dict[str, list[str]] = {}
    for row in run.outcome.successes:
        met.setdefault(row.account_id, []).append(row.status)
    failed = {account for account, found in met.items() if "failed" in found}
    done = {account for account, found in met.items() if set(found) == {"met"}}
    assert measures["successful_rate"] == Fraction(len(done), len(done) + len(failed))
    assert done
    assert failed


def test_two_keys(run: granger.Run, measures: dict[str, Fraction]) -> None:
    assert measures["bookings_attainment"] >= Fraction(80, 100)
    assert measures["renewal_rate"] >= Fraction(85, 100)
    executives = {row["Name"] for row in rows("people") if row["Position"] == "executive"}
    lines = [line for line in run.outcome.payouts if line.plan == "executive-2026"]
    assert {line.payee for line in lines} == executives
    assert {line.component for line in lines} == {"bookings", "renewal"}
    assert all(line.amount for line in lines)
    attained = measures["renewal_rate"] / Fraction(90, 100)
    pays = Fraction(1, 2) + (attained - Fraction(9, 10)) * 5 if attained < 1 else 1 + (attained - 1) * 5
    exact = 10_000 * min(pays, Fraction(3, 2))
    for line in lines:
        if line.component == "renewal":
            assert line.amount is not None
            assert abs(line.amount - exact) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("bookings", "renewed", "paid"),
    [(300_000, 84_999, False), (300_000, 85_000, True), (159_999, 100_000, False), (160_000, 100_000, True)],
)
def test_both_keys_or_nothing_through_files(
    pack: granger.Pack, tmp_path: Path, bookings: int, renewed: int, paid: bool
) -> None:
    """Bookings at 150 % with renewal below its floor pay 0; each floor counts as reached."""
    files = {name: next(iter((PACK / "data" / f"{name}.csv").read_text("utf-8").splitlines())) + "\n" for name in
             ("people", "assignments", "accounts", "uses", "subscriptions", "renewals", "deals", "targets", "usage", "surveys")}  # fmt: skip
    files["people"] += "Eve,executive,leadership\n"
    files["accounts"] += 'A1,Alder,"100,000",100,2025-01-01,2026-09-01\n'
    files["targets"] += 'bookings,2026-07-01,"200,000"\n'
    files["deals"] += f"D1,A1,new,{bookings},2026-08-01\n"
    files["renewals"] += f"R1,A1,2026-09-01,100000,{renewed}\n"
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    run = pack.run(as_of=AS_OF, data=tmp_path, parts=["pay"])
    lines = {line.component: line.amount for line in run.outcome.payouts if line.payee == "Eve"}
    assert set(lines) == {"bookings", "renewal"}
    assert all(bool(amount) is paid for amount in lines.values())
    if (bookings, renewed) == (300_000, 85_000):
        assert lines == {"bookings": 20_000, "renewal": Fraction(722_222, 100)}
