"""Shares of one row that total 100 %, and overlays on top of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.outcome.pay.lines import Pay

from .pay_both_ways import paid_alike

TOP = """
kind: workspace
name: w
currency: EUR
tables:
  accounts: {file: a.csv, key: account_id, fields: {account_id: text}}
  people: {file: p.csv, key: person, fields: {person: person}}
  deals:
    file: d.csv
    key: deal_id
    dated_by: closed_on
    fields:
      deal_id: text
      amount: money
      closed_on: date
      sold_by: {refers_to: people}
      helper: {refers_to: people, required: false}
      part: {kind: percent, required: false}
"""
PLAN = "kind: comp\nname: plan\neffective: {from: 2026-01-01}\npayees: true\nperiod: quarter\n"

Paid = Callable[..., Pay]


@pytest.fixture
def paid(workspace: Callable[[Mapping[str, str]], Path]) -> Paid:
    def run(to: str, **deal: str) -> Pay:
        credit = f"{{table: deals, amount: amount, to: {to}}}"
        plan = f"{PLAN}components:\n  - {{component: c, credit: {credit}, rate: 10%}}\n"
        pack = granger.load(workspace({"granger.yaml": TOP, "comp.yaml": plan}))
        row = {"deal_id": "d", "amount": "1000", "closed_on": "2026-08-01", "sold_by": "Ann", "helper": "Bob", **deal}
        given = {"accounts": [], "people": [{"person": name} for name in ("Ann", "Bob", "Cat")], "deals": [row]}
        return paid_alike(pack, pack.run(given, as_of=date(2026, 9, 30), parts=["pay"]).outcome)

    return run


def credited(pay: Pay) -> list[tuple[str, Fraction | None, str, str]]:
    return [(credit.payee, credit.credit_amount, credit.status, credit.reason) for credit in pay.credits]


def test_an_overlay_stands_on_top_of_all(paid: Paid) -> None:
    found = paid("[{to: sold_by, share: 100%}, {to: helper, overlay: 25%}]")
    assert credited(found) == [("Ann", 1000, "credited", ""), ("Bob", 250, "credited", "")]
    assert [(line.payee, line.amount) for line in found.payouts] == [("Ann", 100), ("Bob", 25), ("Cat", 0)]


def test_a_row_whose_shares_are_not_all_of_it_waits(paid: Paid) -> None:
    to = "[{to: sold_by, share: part}, {to: helper, share: 30%}, {to: sold_by, overlay: 5%}]"
    why = "the shares total 95%, not 100%"
    assert credited(paid(to, part="65%")) == [
        ("Ann", None, "waiting", why),
        ("Ann", None, "waiting", why),
        ("Bob", None, "waiting", why),
    ]
    assert [status for *_, status, _ in credited(paid(to, part="70%"))] == ["credited"] * 3


def test_a_row_with_a_share_that_is_missing_waits_for_all(paid: Paid) -> None:
    found = paid("[{to: sold_by, share: 70%}, {to: helper, share: part}]")
    assert {(status, why) for *_, status, why in credited(found)} == {("waiting", "a share of the row is missing")}


def test_a_missing_overlay_holds_nobody_else_up(paid: Paid) -> None:
    found = paid("[{to: sold_by, share: 100%}, {to: helper, overlay: part}]")
    assert credited(found) == [("Ann", 1000, "credited", ""), ("Bob", None, "waiting", "there is no share")]


def test_thirds_are_all_of_it(paid: Paid) -> None:
    found = paid("[{to: sold_by, share: 2 / 3}, {to: helper, share: 1 / 3}]")
    assert sum(credit.credit_amount or 0 for credit in found.credits) == 1000
