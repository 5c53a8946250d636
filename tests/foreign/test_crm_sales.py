"""A real CRM export with its dirt, against an oracle that nobody of this project computed."""

import csv
import io
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import granger
import pytest

WORKSPACE = Path(__file__).parent / "workspaces" / "crm_sales"
FILES = {
    "accounts": "accounts.csv",
    "people": "sales_teams.csv",
    "products": "products.csv",
    "deals": "sales_pipeline.csv",
}
WITHOUT_DEALS = {"Carol Thompson", "Carl Lin", "Elizabeth Anderson", "Mei-Mei Johns", "Natalya Ivanova"}


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def run_over(workspace, foreign, **other):
    tables = {name: foreign(f"crm_sales_opportunities/{file}") for name, file in FILES.items()}
    return granger.load(workspace).run(tables | other, as_of=date(2017, 12, 31), period="2017")


@pytest.fixture(scope="module")
def run(foreign):
    return run_over(WORKSPACE, foreign)


@pytest.fixture(scope="module")
def texts(run):
    return run.texts()


@pytest.fixture(scope="module")
def oracle(foreign):
    path = foreign("crm_sales_opportunities/oracle_won_by_agent_quarter.csv")
    found = rows_of(path.read_text("utf-8"))
    return {(row["sales_agent"], f"{row['y']}-Q{row['q']}"): row for row in found}


def won_lines(texts):
    lines = [row for row in rows_of(texts["payouts.csv"]) if row["component"] == "won"]
    found = {(row["payee"], row["period"]): row for row in lines}
    assert len(found) == len(lines) == 35 * 4
    return found


def test_the_value_won_per_agent_and_quarter_is_the_oracles(texts, oracle):
    lines = won_lines(texts)
    compared = 0
    for key, expected in oracle.items():
        line = lines[key]
        assert Decimal(line["credit_amount"]) == Decimal(line["amount"]) == Decimal(expected["won_value"]), key
        assert (line["credits"], line["rate"], line["currency"]) == (expected["deals_won"], "100%", "USD"), key
        compared += 1
    assert compared == 120
    assert sum(Decimal(line["amount"]) for line in lines.values()) == 10_005_534
    assert {key for key in lines if key not in oracle} == {
        (p, f"2017-Q{q}") for p in WITHOUT_DEALS for q in range(1, 5)
    }


def test_commission_is_the_sum_of_exact_earnings_rounded_once(texts, foreign):
    deals = rows_of(foreign("crm_sales_opportunities/sales_pipeline.csv").read_text("utf-8"))
    expected: dict[tuple[str, str], Decimal] = {}
    for deal in deals:
        if deal["deal_stage"] == "Won":
            quarter = f"{deal['close_date'][:4]}-Q{(int(deal['close_date'][5:7]) + 2) // 3}"
            rate = Decimal("0.05") if deal["product"] == "GTK 500" else Decimal("0.03")
            key = deal["sales_agent"], quarter
            expected[key] = expected.get(key, Decimal(0)) + rate * Decimal(deal["close_value"])
    lines = {
        (row["payee"], row["period"]): Decimal(row["amount"])
        for row in rows_of(texts["payouts.csv"])
        if row["component"] == "commission"
    }
    assert {key: amount for key, amount in lines.items() if amount} == expected
    assert len(expected) == 120


def test_every_credit_adds_up_to_its_line(texts):
    earned: dict[tuple[str, ...], Decimal] = {}
    credits = rows_of(texts["credits.csv"])
    assert len(credits) == 4_238 * 2
    assert {row["status"] for row in credits} == {"credited"}
    for row in credits:
        key = row["payee"], row["period"], row["component"]
        earned[key] = earned.get(key, Decimal(0)) + Decimal(row["earning"])
    lines = {(r["payee"], r["period"], r["component"]): Decimal(r["amount"]) for r in rows_of(texts["payouts.csv"])}
    assert {key: amount for key, amount in lines.items() if amount} == earned


def test_an_agent_without_deals_gets_a_statement_of_zero_with_its_reason(run, texts, tmp_path):
    lines = [line for (person, _), line in won_lines(texts).items() if person in WITHOUT_DEALS]
    assert len(lines) == 5 * 4
    assert {line["payee"] for line in lines} == WITHOUT_DEALS
    for line in lines:
        assert (line["amount"], line["credits"], line["status"]) == ("0.00", "0", "zero")
        assert line["reason"] == f"no row of deals counts for {line['payee']} in {line['period']}"
    run.write(tmp_path / "out")
    written = sorted(path.name for path in (tmp_path / "out" / "statements").iterdir())
    assert len(written) == 35
    for person in WITHOUT_DEALS:
        [name] = [name for name in written if name.startswith(person.replace(" ", "-"))]
        statement = (tmp_path / "out" / "statements" / name).read_text("utf-8")
        assert statement.startswith(f"# Statement of {person}\n")
        assert "**Total: 0.00 USD**" in statement
        assert statement.count(f"no row of deals counts for {person} in 2017-Q") == 8  # two components, four quarters


def test_the_dirt_is_found_and_no_row_is_lost(run, texts):
    deals = run.record["tables"]["deals"]
    assert (deals["read"], deals["used"], deals["later"], deals["rejected"]) == (8_800, 8_800, 0, 0)
    assert deals["empty"]["account_id"] == 1_425
    assert deals["empty"]["closed_on"] == deals["empty"]["close_value"] == 1_589 + 500  # what is still open
    assert deals["empty"]["engaged_on"] == 500
    found = {(finding.code, finding.place.column): finding for finding in run.findings}
    assert set(found) == {
        ("unknown-reference", "product"),
        ("empty-reference", "account"),
        ("empty-reference", "subsidiary_of"),
    }
    misspelt = found["unknown-reference", "product"]
    assert "1,480 rows" in misspelt.message
    assert "'GTXPro'" in misspelt.message
    assert "'GTX Pro'" in misspelt.help
    assert "1,425 rows" in found["empty-reference", "account"].message
    rejects = rows_of(texts["rejects.csv"])
    assert len(rejects) == 1_480
    assert {(r["table"], r["column"], r["value"], r["level"]) for r in rejects} == {
        ("deals", "product", "GTXPro", "finding")
    }


def test_measures_of_an_account_are_the_oracles(texts, foreign):
    expected = rows_of(foreign("crm_sales_opportunities/oracle_by_account.csv").read_text("utf-8"))
    given = {row["account_id"]: row["gives"] for row in rows_of(texts["segments.csv"])}
    compared = 0
    for row in expected:
        pairs = dict(pair.split("=") for pair in given[row["account"]].split("; "))
        value = pairs.pop("value_won").removesuffix(" USD").replace(",", "")
        assert Decimal(value) == Decimal(row["won_value"])
        assert pairs == {
            "deals_won": row["won"],
            "deals_lost": row["lost"],
            "deals_open": row["open"],
            "closed_last": row["last_close"],
        }
        compared += 1
    assert compared == len(given) == 85


def test_tiers_by_revenue(texts, foreign):
    accounts = rows_of(foreign("crm_sales_opportunities/accounts.csv").read_text("utf-8"))

    def tier(revenue):
        return "large" if revenue >= Decimal("2741.37") else "middle" if revenue >= Decimal("497.11") else "small"

    expected = {row["account"]: tier(Decimal(row["revenue"])) for row in accounts}
    found = rows_of(texts["segments.csv"])
    assert {row["account_id"]: row["tier"] for row in found} == expected
    assert {row["status"] for row in found} == {"decided"}
    edges = {row["revenue"] for row in accounts} & {"2741.37", "497.11"}
    assert len(edges) == 2  # both edges are met by an account, so their sides are tested


def test_dates_with_the_day_first_give_the_same_credits(texts, foreign, tmp_path):
    shutil.copytree(WORKSPACE, tmp_path / "workspace")
    top = tmp_path / "workspace" / "granger.yaml"
    text = top.read_text("utf-8")
    changed = text.replace("kind: date,", "kind: date, format: DD-MM-YY,")
    assert text.count("kind: date,") == 2
    top.write_text(changed, "utf-8")
    other = run_over(
        tmp_path / "workspace", foreign, deals=foreign("crm_sales_opportunities/dayfirst_variant/sales_pipeline.csv")
    ).texts()
    assert len(rows_of(other["credits.csv"])) == 4_238 * 2
    for name in ("credits.csv", "payouts.csv", "segments.csv", "rejects.csv"):
        assert other[name] == texts[name], name
