"""Plans with draws, holdbacks and clawbacks over files, what they pay, and its sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
from granger.engine.outcome.pay.lines import Pay, Payout
from granger.engine.runners.memory import Outcome

TOP = """
kind: workspace
name: w
currency: USD
tables:
  accounts: {file: accounts.csv, key: account_id, fields: {account_id: text}}
  people:
    file: people.csv
    key: person
    fields:
      person: person
      hired_on: {kind: date, required: false}
      variable: {kind: money, required: false}
  deals:
    file: deals.csv
    key: deal_id
    dated_by: closed_on
    fields:
      deal_id: text
      amount: money
      closed_on: date
      sold_by: {refers_to: people}
      cancelled_on: {kind: date, required: false}
      fault: {kind: boolean, required: false}
"""
COMMISSION = """
  - component: new
    credit: {table: deals, amount: amount, to: sold_by}
    rate: 100%
"""


def plan(more: str = "", period: str = "month", components: str = COMMISSION) -> str:
    head = f"kind: comp\nname: plan\neffective: {{from: 2026-01-01}}\npayees: true\nperiod: {period}\n"
    return f"{head}{more.strip()}\ncomponents:{components}"


def ran_in(
    workspace: Callable[[Mapping[str, str]], Path],
    plans: Mapping[str, str],
    deals: list[str],
    period: str = "2026",
    people: str = "ana,,",
) -> tuple[granger.Pack, Outcome]:
    """The pack of these plans, by file, and its outcome; a deal is ``amount,closed_on,cancelled_on,fault``."""
    rows = [f"d{i},ana,{deal}" for i, deal in enumerate(deals, 1)]
    files = {
        "granger.yaml": TOP,
        "accounts.csv": "account_id\nx\n",
        "people.csv": f"person,hired_on,variable\n{people}\n",
        "deals.csv": "\n".join(["deal_id,sold_by,amount,closed_on,cancelled_on,fault", *rows]) + "\n",
    }
    pack = granger.load(workspace({**files, **plans}))
    assert pack.diagnostics == ()
    outcome = pack.run(as_of=date(2027, 12, 31), period=period, parts=["pay"]).outcome
    assert outcome.rejects == []
    return pack, outcome


def monthly(amounts: list[int]) -> list[str]:
    return [f"{amount},2026-{month:02}-10,," for month, amount in enumerate(amounts, 1)]


def of(pay: Pay, *kinds: str) -> list[Payout]:
    return [line for line in pay.payouts if line.kind in kinds]


def amounts(pay: Pay, kind: str) -> dict[str, Fraction | None]:
    """Period to amount, of the lines of a kind that are not zero."""
    return {line.period: line.amount for line in of(pay, kind) if line.amount != 0}


def nets(pay: Pay, months: int) -> list[Fraction]:
    found = [Fraction(0)] * 12
    for line in pay.payouts:
        found[int(line.period[-2:]) - 1] += line.amount or 0
    return found[:months]
