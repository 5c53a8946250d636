"""A whole run in both readings where a role is shared in parts that 64 bits do not hold, and a bonus is measured on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import granger
import pytest

TOP = """
kind: workspace
name: w
currency: CNY
roles: {csm: {}, am: {}}
tables:
  accounts: {file: a.csv, key: account_id, fields: {account_id: text, hot: {kind: boolean, required: false}}}
  people: {file: p.csv, key: person, fields: {person: person}}
  assignments:
    file: s.csv
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts}
      role: text
      person: {refers_to: people}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
      split: {kind: percent, required: false}
  deals:
    file: d.csv
    key: deal_id
    dated_by: closed_on
    fields: {deal_id: text, account_id: {refers_to: accounts}, amount: money, closed_on: date}
"""
LIBRARY = """
kind: library
name: l
effective: {from: 2026-01-01}
duties: {owner: [{role: am, when: hot}, {role: csm}]}
measures:
  sold: {per: owner, sum: amount, table: deals, window: quarter}
  sold_by_all: {per: company, sum: amount, table: deals, window: quarter}
"""
PLAN = """
kind: comp
name: plan
effective: {from: 2026-01-01}
payees: person != 'Zoe'
period: quarter
pay: {on_target: 180_000 per year, base: 8_000 per month}
components:
  - {component: sales, credit: {table: deals, amount: amount, to: owner}, rate: 1/3}
  - component: bonus
    weight: 100%
    measure: sold
    target: sold_by_all / 3
    if_missing: wait
    pays: {kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold, above_last: extend}
"""


@pytest.mark.parametrize("thirds", [("40%", "60%"), ("33.3333333333333333333333%", "66.6666666666666666666667%")])
def test_parts_of_any_length(workspace: Callable[[Mapping[str, str]], Path], thirds: tuple[str, str]) -> None:
    """C is nobody's; whose B is cannot be decided."""
    pack = granger.load(workspace({"granger.yaml": TOP, "l.yaml": LIBRARY, "p.yaml": PLAN}))
    held = [
        ("A", "csm", "Ann", thirds[0]),
        ("A", "csm", "Bob", thirds[1]),
        ("D", "am", "Bob", ""),
        ("B", "csm", "Ann", ""),
    ]
    given = {
        "accounts": [{"account_id": each, "hot": hot} for each, hot in zip("ABCD", ("no", "", "no", "yes"), strict=True)],
        "people": [{"person": "Ann"}, {"person": "Bob"}],
        "assignments": [dict(zip(("account_id", "role", "person", "split"), row, strict=True)) for row in held],
        "deals": [
            {"deal_id": f"D{n}{each}", "account_id": each, "amount": f"{n * 1000}.05", "closed_on": "2026-08-01"}
            for each in "ABCD" for n in range(1, 5)
        ],
    }  # fmt: skip
    reference, columns = (pack.run(given, as_of=date(2026, 9, 30), reading=each) for each in ("reference", "columns"))
    found = {name: text for name, text in columns.texts().items() if name != "run.json"}
    assert found == {name: text for name, text in reference.texts().items() if name != "run.json"}
    assert {one.status for one in columns.outcome.attainments} == {"attained"} and len(columns.outcome.credits) == 20
