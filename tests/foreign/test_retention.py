"""Movements of recurring revenue and retention by the bundled library, over public contracts and ledgers: every month
as its own oracle has it. What an oracle prints rounded is compared at its digits.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.amounts import round_to

LIBRARY = Path(__file__).resolve().parents[2] / "rules" / "retention" / "library-retention.yaml"
WORKSPACES = Path(__file__).with_name("workspaces")


def loaded(name: str, folder: Path) -> granger.Pack:
    """The workspace with the bundled library beside its own files."""
    for file in (LIBRARY, *(WORKSPACES / name).iterdir()):
        (folder / file.name).write_bytes(file.read_bytes())
    pack = granger.load(folder)
    assert pack.diagnostics == ()
    return pack


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def customers_of(rows: list[dict[str, str]], path: Path) -> Path:
    ids = dict.fromkeys(row["customer_id"] for row in rows)
    path.write_text("customer_id\n" + "".join(f"{each}\n" for each in ids), encoding="utf-8")
    return path


def measures(run: granger.Run) -> dict[str, Fraction]:
    assert [finding for finding in run.outcome.findings if finding.is_error] == []
    return {row.measure: row.exact for row in run.outcome.measures if row.of == "company"}


def shown(value: Fraction | None, digits: int) -> Fraction | None:
    return None if value is None else round_to(value, digits)


def number(text: str) -> Fraction | None:
    return Fraction(text) if text else None


EVERY = pytest.param(slice(None), marks=pytest.mark.slow)


@pytest.mark.parametrize("months", [slice(25, 26), EVERY], ids=["some", "all"])
def test_a_year_of_a_cohort(months: slice, foreign: Callable[[str], Path], tmp_path: Path) -> None:
    folder = foreign("saas_subscriptions_tmac98")
    pack = loaded("retention_tmac98", tmp_path)
    data = {"accounts": folder / "customers.csv", "subscriptions": folder / "subscriptions.csv"}
    expected = read(folder / "oracle_nrr_grr_12m.csv")
    assert len(expected) == 34
    for row in expected[months]:
        day = date.fromisoformat(row["as_of"]) - timedelta(days=1)
        # by one reading, for the sake of time: the other is held to it by less
        run = pack.run(data, as_of=day, parts=["segments"], reading="columns")
        found = measures(run)
        assert [found[name] for name in ("cohort_opening_mrr", "cohort_kept_mrr", "cohort_closing_mrr")] == [
            Fraction(row[name]) for name in ("opening", "retained", "closing_same_cohort")
        ], row["as_of"]
        assert found["total_churned_mrr"] == Fraction(row["churned"])
        assert shown(found["gross_retention"], 6) == Fraction(row["grr_12m"]), row["as_of"]
        assert shown(found["net_retention"], 6) == Fraction(row["nrr_12m"]), row["as_of"]


MOVEMENTS = {
    "opening": "total_opening_mrr", "new": "total_new_mrr", "reactivation": "total_reactivation_mrr",
    "upgrade": "total_expansion_mrr", "downgrade": "total_contraction_mrr", "churn": "total_churned_mrr",
    "closing": "total_mrr", "renewal_amount": "cohort_kept_mrr",
}  # fmt: skip
LOSSES = ("downgrade", "churn")
"""Written below zero there."""


@pytest.mark.parametrize("chosen", [slice(8, None, 6), EVERY], ids=["some", "all"])
def test_movements_of_every_customer_and_month(chosen: slice, foreign: Callable[[str], Path], tmp_path: Path) -> None:
    folder = foreign("mrr_dbt_playbook")
    pack = loaded("retention_dbt", tmp_path)
    source = folder / "subscription_periods.csv"
    data = {"accounts": customers_of(read(source), tmp_path / "customers.csv"), "subscriptions": source}
    months = read(folder / "expected_monthly_movement_duckdb.csv")
    customers = read(folder / "expected_mrr_duckdb.csv")
    kinds: dict[str, int] = {}
    told = 0
    reading = "reference" if chosen == slice(None) else ""  # some by both
    for month in months[chosen]:
        run = pack.run(data, as_of=date.fromisoformat(month["date_month"]), parts=["segments"], reading=reading)
        found = measures(run)
        for theirs, ours in MOVEMENTS.items():
            sign = -1 if theirs in LOSSES else 1
            assert sign * found[ours] == Fraction(month[theirs]), (month["date_month"], theirs)
        assert shown(found["gross_retention"], 6) == number(month["grr"]), month["date_month"]
        assert shown(found["net_retention"], 6) == number(month["nrr"]), month["date_month"]
        rows = {row.account_id: row.values for row in run.outcome.watchlists}
        due = [row for row in customers if row["date_month"] == month["date_month"]]
        there = [row for row in due if Fraction(row["mrr"]) or Fraction(row["previous_month_mrr"])]
        assert rows.keys() == {row["customer_id"] for row in there}
        for row in there:
            assert rows[row["customer_id"]] == customer_month(row), (month["date_month"], row["customer_id"])
            kinds[row["change_category"]] = kinds.get(row["change_category"], 0) + 1
        told += len(due)
    assert (len(months), len(customers)) == (26, 410)
    if chosen == slice(None):
        assert told == 410
        assert kinds | {"": 0} == {"": 0, "new": 52, "reactivation": 3, "upgrade": 30, "downgrade": 27, "churn": 55}
    else:
        assert {"new", "reactivation", "upgrade", "downgrade", "churn"} <= kinds.keys()


def customer_month(row: Mapping[str, str]) -> tuple[str, ...]:
    """Their row in the columns of the list: each movement in its own."""
    moved = abs(Fraction(row["mrr_change"]))
    kinds = ("new", "reactivation", "upgrade", "downgrade", "churn")
    amounts = [Fraction(row["mrr"]), Fraction(row["previous_month_mrr"])]
    amounts += [moved if row["change_category"] == kind else Fraction(0) for kind in kinds]
    return tuple(f"{float(amount):,.2f} USD" for amount in amounts)


LEDGER = {
    "opening_mrr": "total_opening_mrr", "new_mrr": "total_new_mrr", "expansion_mrr": "total_expansion_mrr",
    "contraction_mrr": "total_contraction_mrr", "churned_mrr": "total_churned_mrr", "closing_mrr": "total_mrr",
}  # fmt: skip


def test_a_ledger_of_months(foreign: Callable[[str], Path], tmp_path: Path) -> None:
    folder = foreign("mrr_waterfall_ledger")
    pack = loaded("retention_ledger", tmp_path)
    source = folder / "ledger.csv"
    data = {"accounts": customers_of(read(source), tmp_path / "customers.csv"), "subscriptions": source}
    months = read(folder / "expected_movement.csv")
    for month in months:
        reading = "" if month["month"] == "2025-04" else "reference"  # in April there is every movement
        run = pack.run(data, as_of=date.fromisoformat(month["month"] + "-01"), parts=["segments"], reading=reading)
        assert len(run.outcome.rejects) == 0
        found = measures(run)
        assert {theirs: found[ours] for theirs, ours in LEDGER.items()} == {
            theirs: Fraction(month[theirs]) for theirs in LEDGER
        }, month["month"]
        assert found["total_reactivation_mrr"] == 0
    assert len(months) == 5


REFUSED = {
    "bad header": "customer_id",
    "unknown plan": "'plan': not one of Basic, Pro, Enterprise",
    "non-positive MRR": "'mrr': below 0.01, the least allowed",
    "duplicate customer-month": "'month': account_id and starts_on stand together in row 2 already",
    "month before signup": "'month': signed_in is 2025-03-01, which is more",
}


def refused(pack: granger.Pack, ledger: str, folder: Path) -> Iterator[str]:
    source = folder / "ledger.csv"
    source.write_text(ledger, encoding="utf-8")
    accounts = folder / "customers.csv"
    accounts.write_text("customer_id\nC001\n", encoding="utf-8")
    with pytest.raises(granger.DataRejected) as found:
        pack.run({"accounts": accounts, "subscriptions": source}, as_of=date(2025, 1, 1), parts=["segments"])
    yield from (f"{diagnostic.message} {diagnostic.help}" for diagnostic in found.value.diagnostics)


def test_bad_ledgers_are_refused_with_the_reason(foreign: Callable[[str], Path], tmp_path: Path) -> None:
    cases = json.loads((foreign("mrr_waterfall_ledger") / "reject_cases.json").read_text("utf-8"))["rejects"]
    (tmp_path / "pack").mkdir()
    pack = loaded("retention_ledger", tmp_path / "pack")
    assert [case["name"] for case in cases] == list(REFUSED)
    for case in cases:
        told = "\n".join(refused(pack, case["csv"] + "\n", tmp_path))
        assert REFUSED[case["name"]] in told, (case["name"], told)
