"""Figures that binary floats and other roundings get wrong, through YAML and files."""

import csv
import io
from datetime import date

import granger
import pytest

YEN = """
    kind: workspace
    name: yen
    currency: JPY
    tables:
      accounts:
        file: data/accounts.csv
        key: account_id
        fields: {account_id: text}
      people:
        file: data/people.csv
        key: person
        fields: {person: person}
      deals:
        file: data/deals.csv
        key: deal_id
        dated_by: closed_on
        fields: {deal_id: text, sold_by: {refers_to: people}, closed_on: date, amount: money}
"""
PLAN = """
    kind: comp
    name: plan
    effective: {{from: 2026-01-01}}
    payees: true
    period: quarter
    components:
      - component: share
        credit: {{table: deals, amount: amount, to: sold_by}}
        rate: 5 / 6
        rounding: {rounding}
"""


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def amounts_of(workspace, plan):
    folder = workspace(
        {
            "granger.yaml": YEN,
            "plan.yaml": plan,
            "data/accounts.csv": "account_id\nx\n",
            "data/people.csv": "person\nAoi\nBen\n",
            "data/deals.csv": "deal_id,sold_by,closed_on,amount\n1,Aoi,2026-02-01,20007\n2,Ben,2026-02-01,-20007\n",
        }
    )
    texts = granger.load(folder).run(as_of=date(2026, 3, 31), period="2026-Q1").texts()
    credits = {row["payee"]: row["earning"] for row in rows_of(texts["credits.csv"])}
    payouts = {row["payee"]: row["amount"] for row in rows_of(texts["payouts.csv"]) if row["kind"] == "earned"}
    assert credits == payouts
    return payouts


@pytest.mark.parametrize(("rounding", "paid"), [("half_up", 16_673), ("half_even", 16_672)])
def test_half_a_yen(workspace, rounding, paid):
    """20,007 × 5/6 is 16,672.5."""
    assert amounts_of(workspace, PLAN.format(rounding=rounding)) == {"Aoi": f"{paid}", "Ben": f"-{paid}"}


def test_unless_said_a_half_is_rounded_away_from_zero(workspace):
    plan = PLAN.replace("        rounding: {rounding}\n", "").format()
    assert amounts_of(workspace, plan) == {"Aoi": "16673", "Ben": "-16673"}


def test_a_fall_of_exactly_a_fifth_matches(workspace):
    assert not 4 / 5 - 1 <= -0.2  # what binary floats say
    folder = workspace(
        {
            "granger.yaml": """
                kind: workspace
                name: fall
                currency: USD
                tables:
                  accounts:
                    file: data/accounts.csv
                    key: account_id
                    fields: {account_id: text, now: integer, before: integer}
            """,
            "falls.yaml": """
                kind: segmentation
                name: falls
                effective: {from: 2026-01-01}
                hit_policy: collect
                tiers:
                  - {tier: written, when: 4/5 - 1 <= -0.2}
                  - {tier: read, when: now / before - 1 <= -0.2}
                  - {tier: percent, when: now / before - 1 <= -20%}
            """,
            "data/accounts.csv": "account_id,now,before\nexact,4,5\nless,80000000000000001,100000000000000000\n",
        }
    )
    rows = rows_of(granger.load(folder).run(as_of=date(2026, 3, 31)).texts()["segments.csv"])
    found = {(row["account_id"], row["tier"]) for row in rows}
    assert found == {("exact", "written"), ("exact", "read"), ("exact", "percent"), ("less", "written")}
