"""7,043 customers in tiers, against an oracle that nobody of this project computed."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import granger
import pytest

WORKSPACE = Path(__file__).parent / "workspaces" / "telco"


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def run(foreign):
    source = foreign("telco_churn_ibm/Telco-Customer-Churn.csv")
    return granger.load(WORKSPACE).run({"accounts": source}, as_of=date(2020, 6, 30))


@pytest.fixture(scope="module")
def segments(run):
    return rows_of(run.texts()["segments.csv"])


def test_tiers_by_charges_and_contract_are_the_oracles(run, segments, foreign):
    """Sums are of the charges that the engine read, exactly."""
    tiers = {row["account_id"]: row["tier"] for row in segments if row["policy"] == "by-charges"}
    accounts = run.outcome.tables["accounts"]
    found: dict[tuple[str, str], tuple[int, int, Decimal]] = {}
    for i in range(len(accounts)):
        record = accounts.record(i)
        charges = record["monthly_charges"]
        amount = Decimal(charges.numerator) / Decimal(charges.denominator)
        key = tiers[record["account_id"]], record["contract"]
        n, churned, total = found.get(key, (0, 0, Decimal(0)))
        found[key] = n + 1, churned + record["churned"], total + amount
    expected = {
        (row["tier"], row["Contract"]): (int(row["n"]), int(row["churned"]), Decimal(row["monthly_charges"]))
        for row in rows_of(foreign("telco_churn_ibm/oracle_tier_contract.csv").read_text("utf-8"))
    }
    assert len(expected) == 12
    assert found == expected
    assert sum(n for n, _, _ in found.values()) == len(tiers) == 7_043
    assert sum(churned for _, churned, _ in found.values()) == 1_869


def test_all_rows_are_used_and_the_blank_amounts_are_missing(run):
    table = run.record["tables"]["accounts"]
    assert (table["read"], table["used"], table["later"], table["rejected"]) == (7_043, 7_043, 0, 0)
    assert table["empty"] == {"total_charges": 11}
    assert run.outcome.rejects == []
    totals = run.outcome.tables["accounts"].columns["total_charges"]
    assert totals.count(None) == 11
    assert 0 not in totals


def test_a_blank_amount_decides_nothing(run, segments):
    blank = {row["account_id"]: row for row in segments if row["policy"] == "billed" and row["tier"] != "something"}
    assert len(blank) == 11
    assert {(row["tier"], row["status"], row["missing"]) for row in blank.values()} == {
        ("", "undecided", "total_charges")
    }
    assert run.record["tiers"]["billed"] == {"(undecided)": 11, "something": 7_032}
    accounts = run.outcome.tables["accounts"]
    tenures = dict(zip(accounts.columns["account_id"], accounts.columns["tenure"], strict=True))
    assert {tenures[account_id] for account_id in blank} == {0}
