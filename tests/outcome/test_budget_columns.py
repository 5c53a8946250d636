"""Budgets in columns are those of the reference, whatever the figures: long costs, fractions, amounts no column holds."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

import granger
import pytest

AS_OF = date(2026, 9, 30)
TOP = """\
kind: workspace
name: w
currency: %s
calendar: {country: DE}
roles: {csm: {cost: %s per hour, fallback: [lead]}, lead: {%s}}
tables:
  accounts:
    file: accounts.csv
    key: account_id
    fields:
      account_id: text
      arr: {kind: money, required: false}
      seats: {kind: number, required: false}
      signed_on: {kind: date, required: false}
      renewal_on: {kind: date, required: false}
      who: {kind: person, required: false}
  people: {file: people.csv, key: person, fields: {person: person, role: {required: false}, working_week: {required: false}}}
  assignments:
    file: assignments.csv
    valid: {from: starts_on, before: ends_on}
    fields: {account_id: {refers_to: accounts}, role: text, person: {refers_to: people}, starts_on: {kind: date, required: false}, ends_on: {kind: date, required: false}}
"""
BOOK = """\
kind: playbook
name: b
effective: {from: 2026-01-01}
plays:
  - play: care
    anchor: signed_on
    repeat: {freq: monthly, on_missing_day: clamp, interval: [{interval: 1, when: seats > 10}, {interval: 3}]}
    touches:
      - {task: call, owner: csm, minutes: 25, due: +2 business days}
      - {task: "mail, or so", owner: who, minutes: 7, roll: preceding, after: call, skip_when: arr > 500}
      - {task: nothing, owner: who}
  - {play: renewal, for: arr >= 0, anchor: renewal_on, per: who, touches: [{task: visit, owner: lead, minutes: 480, due: -1 month}]}
  - {play: alarm, when: seats < 3, touches: [{task: no budget counts it, owner: csm, minutes: 480}]}
"""
STAFFING = """\
kind: staffing
name: s
effective: {from: 2026-01-01}
budgets:
  - {budget: part, allow: 10% * arr, from: signed_on, before: renewal_on, bands: [{service: under, below: 50%}, {service: over}]}
  - {budget: each, for: seats > 1, allow: arr / seats, from: date('2026-01-01'), before: date('2027-01-01'), bands: [{service: much, from: 33.3%, because: so much}, {service: some}]}
  - {budget: past, allow: arr * 1_000_000_000_000, from: date('2024-02-29'), before: as_of, bands: [{service: all}]}
"""


@pytest.mark.parametrize(
    ("currency", "csm", "lead"),
    [
        ("EUR", "60", "cost: 0.07 per hour"),
        ("JPY", "95.55", ""),
        ("KWD", "1" + "0" * 40, "cost: 0.0000000001 per hour"),
    ],
)
def test_both_readings_reckon_alike(
    currency: str, csm: str, lead: str, workspace: Callable[[Mapping[str, str]], Path]
) -> None:
    random = Random(f"{currency} {csm}")
    folder = workspace(
        {"granger.yaml": TOP % (currency, csm, lead), "b.yaml": BOOK, "s.yaml": STAFFING, **tables(random)}
    )
    pack = granger.load(folder)
    runs = [pack.run(as_of=AS_OF, parts=["tasks"], reading=reading) for reading in ("reference", "columns")]
    one, other = (run.texts()["budgets.csv"] for run in runs)
    assert one == other
    assert runs[0].record["budgets"] == runs[1].record["budgets"]
    told = Counter((row["service"] != "", row["missing"] != "") for row in csv.DictReader(one.splitlines()))
    assert told[True, False] > (100 if lead else 10) and told[False, True] > 100 and not told[True, True]


def tables(random: Random) -> dict[str, str]:
    def some(*values: object) -> str:
        return "" if random.random() < 0.07 else str(random.choice(values))

    def day() -> date:
        return AS_OF + timedelta(random.randint(-500, 500))

    ids = [f"A{i:03}" for i in range(200)]
    accounts = [
        f"{i},{some('0', '1000', '12345.67', '-5', '1' + '0' * 22, '1' + '0' * 30)},{some('0', '7', '11', '2.5')},"
        f"{some(day())},{some(day())},{some('Ann', 'Bob')}"
        for i in ids
    ]
    held = [
        f"{i},{role},{some('Ann', 'Bob', 'Cat') or 'Cat'},,"
        for i in ids
        for role in ("csm", "lead")
        if random.random() < 0.9
    ]
    return {
        "accounts.csv": "\n".join(["account_id,arr,seats,signed_on,renewal_on,who", *accounts]) + "\n",
        "people.csv": "person,role,working_week\nAnn,csm,\nBob,,MO TU\nCat,lead,\n",
        "assignments.csv": "\n".join(["account_id,role,person,starts_on,ends_on", *held]) + "\n",
    }
