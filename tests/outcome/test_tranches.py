"""Rows that are credited in parts, each on a day of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
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
  people: {file: p.csv, key: person, fields: {person: person, manager: {refers_to: people, required: false}}}
  deals:
    file: d.csv
    key: deal_id
    dated_by: signed_on
    fields:
      deal_id: text
      amount: money
      signed_on: date
      paid_on: {kind: date, required: false}
      big: {kind: boolean, required: false}
      sold_by: {refers_to: people}
"""
PLAN = "kind: comp\nname: plan\neffective: {from: 2026-01-01}\npayees: true\nperiod: quarter\n"
HALVES = "tranches: [{share: 50%, dated_by: signed_on}, {share: 50%, dated_by: paid_on}]"

Paid = Callable[..., Pay]


@pytest.fixture
def paid(workspace: Callable[[Mapping[str, str]], Path]) -> Paid:
    def run(*deals: Mapping[str, str], credit: str = "to: sold_by", rate: str = "10%", tranches: str = HALVES) -> Pay:
        text = f"{{table: deals, amount: amount, {credit}, {tranches}}}"
        plan = f"{PLAN}components:\n  - {{component: c, credit: {text}, rate: {rate}}}\n"
        pack = granger.load(workspace({"granger.yaml": TOP, "comp.yaml": plan}))
        rows = [
            {"deal_id": f"d{n}", "amount": "1000", "signed_on": "2026-05-01", "sold_by": "Ann", **deal}
            for n, deal in enumerate(deals)
        ]
        people = [{"person": "Ann", "manager": "Ben"}, {"person": "Ben", "manager": ""}]
        given = {"accounts": [], "people": people, "deals": rows}
        return paid_alike(pack, pack.run(given, as_of=date(2026, 9, 30), parts=["pay"]).outcome)

    return run


def credited(pay: Pay) -> list[tuple[str, str, object, str]]:
    return [(credit.payee, str(credit.dated), credit.credit_amount, credit.reason) for credit in pay.credits]


def test_each_part_is_credited_on_its_own_day(paid: Paid) -> None:
    found = paid({"paid_on": "2026-07-20"}, {"signed_on": "2026-08-01", "paid_on": "2026-09-01"})
    assert credited(found) == [
        ("Ann", "2026-07-20", 500, "50% on paid_on"),
        ("Ann", "2026-08-01", 500, "50% on signed_on"),
        ("Ann", "2026-09-01", 500, "50% on paid_on"),
    ]
    assert found.payouts[0].amount == 150


def test_a_part_without_its_day_is_not_due_and_is_counted(paid: Paid) -> None:
    found = paid({"signed_on": "2026-08-01"}, {})
    assert credited(found) == [("Ann", "2026-08-01", 500, "50% on signed_on")]
    assert (found.undated, found.not_due) == (set(), {("deals", "paid_on", 0), ("deals", "paid_on", 1)})


def test_two_parts_on_one_day_stand_in_their_order(paid: Paid) -> None:
    tranches = "tranches: [{share: 20%, dated_by: signed_on}, {share: 30%, dated_by: paid_on}, {share: 50%, dated_by: paid_on}]"
    both = {"signed_on": "2026-08-01", "paid_on": "2026-08-01"}
    to = "to: [{to: sold_by, share: 100%}, {to: sold_by, through: manager, overlay: 50%}]"
    found = paid(both, both, tranches=tranches, credit=to)
    assert credited(found) == [
        (person, "2026-08-01", part * 10 // by, f"{said}{part}% on {day}")
        for person, by, said in (("Ann", 1, ""), ("Ben", 2, "manager of Ann; "))
        for _ in range(2)
        for part, day in ((20, "signed_on"), (30, "paid_on"), (50, "paid_on"))
    ]
    assert [line.amount for line in found.payouts] == [200, 100]


def test_parts_of_thirds_are_all_of_it(paid: Paid) -> None:
    third = "{share: 0.333333, dated_by: paid_on}"
    tranches = f"tranches: [{third}, {third}, {{share: 0.333334, dated_by: paid_on}}]"
    found = paid({"paid_on": "2026-08-01", "amount": "999.99"}, tranches=tranches)
    assert sum(credit.credit_amount or 0 for credit in found.credits) * 100 == 99_999


def test_what_does_not_count_is_not_due_either(paid: Paid) -> None:
    found = paid({"big": "no"}, {"big": "yes"}, credit="to: sold_by, where: big")
    assert found.not_due == {("deals", "paid_on", 1)}


def test_not_due_is_a_finding(workspace: Callable[[Mapping[str, str]], Path]) -> None:
    text = f"{{table: deals, amount: amount, to: sold_by, {HALVES}}}"
    plan = f"{PLAN}components:\n  - {{component: c, credit: {text}, rate: 1%}}\n"
    pack = granger.load(workspace({"granger.yaml": TOP, "comp.yaml": plan}))
    deal = {"deal_id": "d", "amount": "1", "signed_on": "2026-05-01", "sold_by": "Ann"}
    given = {"accounts": [], "people": [{"person": "Ann"}], "deals": [deal]}
    found = pack.run(given, as_of=date(2026, 9, 30), parts=["pay"]).findings
    assert [d.code for d in found if d.code in ("not-due-yet", "undated-rows")] == ["not-due-yet"]
    assert "paid_on" in next(d.message for d in found if d.code == "not-due-yet")
