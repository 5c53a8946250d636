"""Files that nobody of this project made."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date

import pytest
from granger.engine.tables.read import read_tables

AS_OF = date(2018, 1, 1)
SPECTRUM = [
    *("comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "location_coordinates", "newlines"),
    *("newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8"),
]


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum(foreign, field, shape, name) -> None:  # type: ignore[no-untyped-def]
    path = foreign(f"csv_spectrum/csvs/{name}.csv")
    expected = json.loads(foreign(f"csv_spectrum/json/{name}.json").read_text(encoding="utf-8"))
    expected = expected if isinstance(expected, list) else [expected]
    headers = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    wanted = shape(*(field(f"f{i}", column=header, required=False) for i, header in enumerate(headers)))
    found = read_tables([wanted], {"accounts": path}, as_of=AS_OF)
    table = found.tables["accounts"]
    assert not found.rejects
    read = [{f.column: table.record(i)[f.name] or "" for f in wanted.fields} for i in range(len(table))]
    if name == "location_coordinates":  # here the suite's JSON has another telephone number than its own CSV
        assert read[0].pop("Contact Phone Number") == "2095257564"
        assert expected[0].pop("Contact Phone Number") == "1234567890"
    assert read == expected
    assert len(read) >= 1


def there_and_back(strings, tmp_path, field, shape):  # type: ignore[no-untyped-def]
    path = tmp_path / "texts.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["id", "text"], *([str(i), text] for i, text in enumerate(strings))])
    found = read_tables([shape(field("id"), field("text", required=False), key="id")], {"accounts": path}, as_of=AS_OF)
    assert not found.rejects
    assert not found.diagnostics
    return found.tables["accounts"].columns["text"]


def test_naughty_strings_come_back(foreign, tmp_path, field, shape) -> None:  # type: ignore[no-untyped-def]
    strings = json.loads(foreign("naughty_strings_blns/blns.json").read_text(encoding="utf-8"))
    assert len(strings) == 515
    back = there_and_back(strings, tmp_path, field, shape)
    assert list(back) == [text if text.strip() else None for text in strings]


def test_injections_come_back(foreign, tmp_path, field, shape) -> None:  # type: ignore[no-untyped-def]
    strings = foreign("csv_injection_payloadbox/csv-payload.txt").read_text(encoding="utf-8").splitlines()
    assert len(strings) == 6
    assert list(there_and_back(strings, tmp_path, field, shape)) == strings


def test_telco(foreign, field, shape) -> None:  # type: ignore[no-untyped-def]
    path = foreign("telco_churn_ibm/Telco-Customer-Churn.csv")
    wanted = shape(
        field("customer", column="customerID"),
        field("senior", "boolean", column="SeniorCitizen"),
        field("churn", "boolean", column="Churn"),
        field("tenure", "integer"),
        field("monthly", "money", column="MonthlyCharges", currency="USD", digits=2),
        field("total", "money", column="TotalCharges", currency="USD", digits=2, required=False),
        key="customer",
    )
    found = read_tables([wanted], {"accounts": path}, as_of=AS_OF)
    table = found.tables["accounts"]
    assert (table.read, len(table), table.rejected, table.later) == (7043, 7043, 0, 0)
    assert table.empty == {"total": 11}
    assert table.columns["total"].count(None) == 11
    assert 0 not in table.columns["total"]
    assert not found.diagnostics
    assert table.digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def crm(foreign, field, shape):  # type: ignore[no-untyped-def]
    def go(deals: str, **dates):  # type: ignore[no-untyped-def]
        folder = "crm_sales_opportunities"
        names = {"products": "product", "agents": "sales_agent", "accounts": "account"}
        keyed = [shape(field(key), name=name, key=key) for name, key in names.items()]
        pipeline = shape(
            field("opportunity_id"),
            field("sales_agent", "person", refers_to="agents"),
            field("product", refers_to="products"),
            field("account", refers_to="accounts", required=False),
            field("deal_stage", "enum", one_of=("Prospecting", "Engaging", "Won", "Lost")),
            field("engage_date", "date", required=False, **dates),
            field("close_date", "date", required=False, **dates),
            field("close_value", "money", currency="USD", required=False),
            name="deals",
            key="opportunity_id",
            dated_by="close_date",
        )
        sources = {
            "products": foreign(f"{folder}/products.csv"),
            "agents": foreign(f"{folder}/sales_teams.csv"),
            "accounts": foreign(f"{folder}/accounts.csv"),
            "deals": foreign(f"{folder}/{deals}"),
        }
        return read_tables([pipeline, *keyed], sources, as_of=AS_OF)

    return go


def test_crm(crm) -> None:  # type: ignore[no-untyped-def]
    found = crm("sales_pipeline.csv")
    deals = found.tables["deals"]
    assert (deals.read, len(deals), deals.rejected, deals.later) == (8800, 8800, 0, 0)
    assert {(r.value, r.level) for r in found.rejects} == {("GTXPro", "finding")}
    assert len(found.rejects) == 1480
    assert deals.empty["account"] == 1425
    assert deals.empty["engage_date"] == 500
    won = (v for v, s in zip(deals.columns["close_value"], deals.columns["deal_stage"], strict=True) if s == "Won")
    assert sum(won) == 10_005_534
    empty, unknown = found.diagnostics
    assert (empty.code, empty.message) == ("empty-reference", "'account' is empty in 1,425 rows of deals")
    assert (unknown.code, unknown.is_error) == ("unknown-reference", False)
    assert "did you mean 'GTX Pro'?" in unknown.help


def test_crm_with_the_day_first(crm) -> None:  # type: ignore[no-untyped-def]
    iso = crm("sales_pipeline.csv").tables["deals"].columns
    other = crm("dayfirst_variant/sales_pipeline.csv", format="DD-MM-YY").tables["deals"].columns
    by_id = {c: dict(zip(iso["opportunity_id"], iso[c], strict=True)) for c in ("engage_date", "close_date")}
    for column, days in by_id.items():
        assert dict(zip(other["opportunity_id"], other[column], strict=True)) == days
