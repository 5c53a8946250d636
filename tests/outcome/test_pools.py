"""Pools: whose they are, who waits for whom, gates and versions."""

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
  people:
    file: p.csv
    key: person
    fields: {person: person, team: {required: false}, points: {kind: number, required: false}, job: {required: false}}
  deals:
    file: d.csv
    dated_by: closed_on
    fields: {amount: money, closed_on: date, team: text}
measures:
  of_team: {max: amount, table: deals, per: team, window: quarter}
  of_all: {sum: amount, table: deals, per: company, window: quarter}
  each_month: {sum: amount, table: deals, per: company, window: month}
"""
PLAN = "kind: comp\nname: plan\neffective: {from: 2026-01-01BEFORE}\npayees: job == 'seller'\nperiod: quarter\n"

Paid = Callable[..., Pay]


@pytest.fixture
def paid(workspace: Callable[[Mapping[str, str]], Path]) -> Paid:
    """``people`` are a name, team, points and job each; ``deals`` an amount, team and day."""

    def run(pool: str, people: list[str], *deals: str, more: str = "", gates: str = "", later: bool = False) -> Pay:
        plan = f"{PLAN}{gates}components:\n  - {{component: c, pool: {pool}{more}}}\n"
        files = {"granger.yaml": TOP, "comp.yaml": plan.replace("BEFORE", ", before: 2026-08-01" if later else "")}
        if later:
            files["later.yaml"] = plan.replace("2026-01-01BEFORE", "2026-08-01")
        for left in workspace({}).glob("*.yaml"):
            left.unlink()
        pack = granger.load(workspace(files))
        rows = {
            "accounts": [],
            "people": [dict(zip(("person", "team", "points", "job"), text.split(" "), strict=True)) for text in people],
            "deals": [dict(zip(("amount", "team", "closed_on"), text.split(" "), strict=True)) for text in deals],
        }
        return paid_alike(pack, pack.run(rows, as_of=date(2026, 9, 30), parts=["pay"]).outcome)

    return run


def told(pay: Pay) -> list[tuple[str, Fraction | None, str]]:
    return [(line.payee, line.amount, line.reason) for line in pay.payouts]


PEOPLE = ["Ann x 1 seller", "Ben x 1 seller", "Cat x 1 seller", "Dan y 0 seller", "Eve y 5 seller", "Flo x 9 boss"]


def test_each_team_shares_its_own_and_the_company_s_is_shared_by_all(paid: Paid) -> None:
    deals = ("100 x 2026-08-01", "0.05 y 2026-09-01")
    assert told(paid("{measure: of_team, parts: points}", PEOPLE, *deals)) == [
        ("Ann", Fraction("33.34"), ""),
        ("Ben", Fraction("33.33"), ""),
        ("Cat", Fraction("33.33"), ""),
        ("Dan", 0, "no part of the pool"),
        ("Eve", Fraction("0.05"), ""),
    ]
    lines = paid("{measure: of_all, parts: '1'}".replace("'", ""), PEOPLE, *deals).payouts
    assert [line.amount for line in lines] == [Fraction(2001, 100)] * 5
    assert [step.text for step in lines[0].steps] == ["0.2 of the pool of company in 2026-Q3, 100.05"]
    assert (lines[0].steps[0].input, lines[0].steps[0].rate) == (Fraction("100.05"), Fraction(1, 5))


def test_a_part_of_less_than_a_cent_says_so(paid: Paid) -> None:
    assert told(paid("{measure: of_team, parts: points}", PEOPLE[:3], "0.01 x 2026-08-01")) == [
        ("Ann", Fraction("0.01"), ""),
        ("Ben", 0, "its part rounds to zero"),
        ("Cat", 0, "its part rounds to zero"),
    ]


def test_what_is_not_known_makes_the_group_wait_and_no_other(paid: Paid) -> None:
    people = [*PEOPLE[:2], "Cat x  seller", PEOPLE[4], "Gus  1 seller"]
    found = paid("{measure: of_team, parts: points}", people, "100 x 2026-08-01", "9 y 2026-08-01")
    why = "the part of Cat is not known without points"
    assert told(found) == [
        ("Ann", None, why),
        ("Ben", None, why),
        ("Cat", None, why),
        ("Eve", 9, ""),
        ("Gus", None, "whose pool it is cannot be said: team is missing"),
    ]
    assert {line.status for line in found.payouts} == {"waiting", "paid"}


@pytest.mark.parametrize(
    ("people", "deals", "why"),
    [
        (["Ann x 1 seller"], (), "of_team has no value for x"),
        (["Ann x 0 seller"], ("5 x 2026-08-01",), "nobody has a part of the pool of x"),
        (["Ann x -1 seller"], ("5 x 2026-08-01",), "the part of Ann is below 0"),
    ],
)
def test_a_pool_of_nothing_known_waits(people: list[str], deals: tuple[str, ...], why: str, paid: Paid) -> None:
    assert told(paid("{measure: of_team, parts: points}", people, *deals)) == [("Ann", None, why)]


def test_who_may_be_a_payee_makes_the_others_wait(paid: Paid) -> None:
    found = paid("{measure: of_all, parts: points}", ["Ann x 1 seller", "Ben x 1 "], "5 x 2026-08-01")
    assert told(found) == [(name, None, "whether Ben is a payee cannot be decided") for name in ("Ann", "Ben")]


def test_a_shut_gate_leaves_the_others_their_parts(paid: Paid) -> None:
    gates = "gates: [{gate: g, when: points < 5}]\n"
    found = paid("{measure: of_all, parts: points}", [PEOPLE[0], PEOPLE[4]], "6 x 2026-08-01", gates=gates)
    assert [(line.payee, line.amount) for line in found.payouts] == [("Ann", 1), ("Eve", 0)]
    assert "gate" in found.payouts[1].reason


def test_months_are_summed_and_a_loss_is_shared_too(paid: Paid) -> None:
    deals = ("10 x 2026-07-31", "-1 x 2026-08-01", "0.01 x 2026-09-30")
    found = paid("{measure: each_month, parts: points}", PEOPLE[:2], *deals, more=", period: month")
    assert told(found) == [("Ann", Fraction("4.51"), ""), ("Ben", Fraction("4.5"), "")]
    assert [step.input for step in found.payouts[0].steps] == [10, -1, Fraction("0.01")]


def test_two_versions_share_the_pool_by_days(paid: Paid) -> None:
    found = paid("{measure: of_all, parts: points}", ["Ann x 1 seller"], "92 x 2026-08-01", later=True)
    assert [(line.period, line.amount) for line in found.payouts] == [("2026-Q3", 31), ("2026-Q3 from 2026-08-01", 61)]
