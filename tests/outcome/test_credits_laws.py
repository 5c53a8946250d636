"""Laws of credits, by both readings: parts of splits are all of it, pools sum to the cent, order and a rate of 1 are nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.outcome.pay.lines import Pay
from hypothesis import given, settings
from hypothesis import strategies as st

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
    fields: {person: person, team: text, points: number, manager: {refers_to: people, required: false}}
  deals:
    file: d.csv
    key: deal_id
    dated_by: closed_on
    fields:
      deal_id: text
      amount: money
      price: number
      coin: text
      closed_on: date
      team: text
      share: percent
      sold_by: {refers_to: people}
      helped_by: {refers_to: people}
  rates:
    file: r.csv
    dated_by: since
    fields: {from_currency: text, to_currency: text, rate: number, since: date}
measures:
  pooled: {sum: amount / 7, table: deals, per: team, window: quarter}
"""
SPLIT = "to: [{to: sold_by, share: share}, {to: helped_by, share: 1 - share}, {to: sold_by, through: manager, levels: all, overlay: 50%}]"
PLAN = """\
kind: comp
name: NAME
effective: {from: 2026-01-01}
payees: true
period: quarter
exchange: {table: rates, by: transaction}
components:
  - {component: c, credit: {table: deals, CREDIT, SPLIT}, rate: 7.5%}
  - {component: pool, pool: {measure: pooled, parts: points}}
"""
PEOPLE = [("Ann", "Cat"), ("Ben", "Cat"), ("Cat", "Dan"), ("Dan", "")]
DEAL = st.tuples(
    st.integers(-(10**9), 10**9),
    st.integers(0, 100),
    st.sampled_from("ABC"),
    st.sampled_from("ABC"),
    st.sampled_from("xy"),
)
NAME = {"A": "Ann", "B": "Ben", "C": "Cat"}

Paid = Callable[..., Pay]


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Paid:
    folder: Path = tmp_path_factory.mktemp("laws")
    (folder / "granger.yaml").write_text(TOP, encoding="utf-8")
    plans = {"plain": "amount: amount", "abroad": "amount: price, currency: coin"}
    for name, credit in plans.items():
        text = PLAN.replace("NAME", name).replace("CREDIT", credit).replace("SPLIT", SPLIT)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name in "apdr":
        (folder / f"{name}.csv").write_text("", encoding="utf-8")
    pack = granger.load(folder)

    def run(deals: list[tuple[int, int, str, str, str]], points: list[int], *, backwards: bool = False) -> Pay:
        rows = [
            {
                "deal_id": f"d{n}", "amount": str(cents), "price": str(cents), "coin": "USD",
                "closed_on": f"2026-08-{n + 1:02}", "team": team, "share": f"{share}%", "sold_by": NAME[one], "helped_by": NAME[other],
            }
            for n, (cents, share, one, other, team) in enumerate(deals)
        ]  # fmt: skip
        people = [
            {"person": person, "team": "x" if n < 3 else "y", "points": str(points[n]), "manager": manager}
            for n, (person, manager) in enumerate(PEOPLE)
        ]
        tables = {
            "accounts": [],
            "people": people[::-1] if backwards else people,
            "deals": rows[::-1] if backwards else rows,
            "rates": [{"from_currency": "USD", "to_currency": "EUR", "rate": "1", "since": "2026-01-01"}],
        }
        return paid_alike(pack, pack.run(tables, as_of=date(2026, 9, 30), parts=["pay"]).outcome)

    return run


@settings(max_examples=12, deadline=None)
@given(st.lists(DEAL, min_size=1, max_size=6), st.lists(st.integers(1, 9), min_size=4, max_size=4))
def test_the_laws_of_credits(paid: Paid, deals: list[tuple[int, int, str, str, str]], points: list[int]) -> None:
    found = paid(deals, points)
    plain, abroad = ([credit for credit in found.credits if credit.plan == name] for name in ("plain", "abroad"))
    # the parts of splits are all of each deal; what goes up stands on top
    shared = [credit for credit in plain if "manager of" not in credit.reason]
    assert sum(credit.credit_amount or 0 for credit in shared) == sum(deal[0] for deal in deals)
    assert len(plain) > len(shared) == 2 * len(deals)
    # an exchange at 1 changes nothing
    assert [(c.payee, c.credit_amount, c.earning) for c in plain] == [
        (c.payee, c.credit_amount, c.earning) for c in abroad
    ]
    assert {c.reason.rpartition("; ")[2] for c in abroad if c.credit_amount} == {"USD at 1 of 2026-01-01"} or not any(
        deal[0] for deal in deals
    )
    # pools sum to the cent
    for team, members in (("x", ("Ann", "Ben", "Cat")), ("y", ("Dan",))):
        pooled = sum((Fraction(deal[0], 7) for deal in deals if deal[4] == team), Fraction(0))
        lines = [p for p in found.payouts if (p.plan, p.component) == ("plain", "pool") and p.payee in members]
        if any(deal[4] == team for deal in deals):
            assert abs(sum(line.amount or 0 for line in lines) - pooled) <= Fraction(1, 200)
            assert len(lines) == len(members)
    # neither does the order of rows
    again = paid(deals, points, backwards=True)
    assert [(p.payee, p.component, p.amount, p.reason) for p in again.payouts] == [
        (p.payee, p.component, p.amount, p.reason) for p in found.payouts
    ]
