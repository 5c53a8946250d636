"""Draws, holdbacks and clawbacks of plans in YAML over files, over several periods in a row, by both readings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.outcome.pay.history import NOTHING_BEFORE
from granger.engine.outcome.pay.lines import Pay
from granger.engine.outcome.pay.settlement import left_held
from granger.engine.policy.model_pay import Plan
from granger.engine.runners.books import Books
from granger.engine.runners.memory import Outcome, Request
from granger.engine.runners.plan_periods import plan_periods

from .pay_both_ways import paid_alike
from .periods_in_order import paid_in_order
from .settled_plans import COMMISSION, TOP, amounts, monthly, nets, of, plan, ran_in

Paid = Callable[..., Pay]


@pytest.fixture
def ran(workspace: Callable[[Mapping[str, str]], Path]) -> Callable[..., tuple[granger.Pack, Outcome]]:
    """``ran(plan, deals, period)``: the pack and its outcome."""
    return lambda text, *given, **more: ran_in(workspace, {"plan.yaml": text}, *given, **more)


@pytest.fixture
def paid(ran: Callable[..., tuple[granger.Pack, Outcome]]) -> Paid:
    """As ``ran``: what both readings pay."""
    return lambda *given, **more: paid_alike(*ran(*given, **more))


GUARANTEE = "draws: [{draw: base, kind: guarantee, amount: 2_000 per month, %s}]"


def test_a_guarantee_is_recovered_only_out_of_what_is_earned_above_it(paid: Paid) -> None:
    pay = paid(plan(GUARANTEE % "recover: from_earnings"), monthly([2750, 3000, 1500, 2375, 3000, 2750]), "2026-H1")
    assert nets(pay, 6) == [2750, 3000, 2000, 2000, 2875, 2750]
    assert [owed.after for owed in pay.kept.owed] == [0, 0, 500, 125, 0, 0]
    assert amounts(pay, "drawn") == {"2026-03": 500}
    assert amounts(pay, "recovered") == {"2026-04": -375, "2026-05": -125}
    (first, *_) = of(pay, "drawn")
    assert (first.amount, first.status) == (0, "zero")
    assert first.reason == "2,750.00 earned is not below the 2,000.00 guaranteed"
    (april, *_) = of(pay, "recovered")
    assert [step.text for step in april.steps] == ["owed before: 500.00", "owed after: 125.00"]


def test_what_is_never_recovered_is_not_owed(paid: Paid) -> None:
    pay = paid(plan(GUARANTEE % "recover: never"), monthly([1000, 4000]), "2026-Q1")
    assert nets(pay, 3) == [2000, 4000, 2000]
    assert of(pay, "recovered") == []
    assert [line.steps[0].text for line in of(pay, "drawn")] == [
        "drawn so far: 1,000.00",
        "drawn so far: 1,000.00",
        "drawn so far: 3,000.00",
    ]


def test_an_advance_comes_on_top_and_is_recovered_from_the_next_period_on(paid: Paid) -> None:
    draw = "draws: [{draw: start, kind: advance, amount: 1_000 per month, before: 2026-02-01, %s}]"
    owed = plan(draw % "recover: from_earnings, at_end: owed")
    assert nets(paid(owed, monthly([1000, 3000]), "2026-Q1"), 2) == [2000, 2000]
    assert nets(paid(owed, monthly([1000, 400, 700]), "2026-Q1"), 3) == [2000, 0, 100]
    forgiven = paid(plan(draw % "recover: from_earnings, at_end: forgiven"), monthly([1000, 3000]), "2026-Q1")
    assert nets(forgiven, 3) == [2000, 3000, 0]
    (line,) = of(forgiven, "recovered")
    assert (line.period, line.amount, line.reason) == (
        "2026-02",
        0,
        "1,000.00 still owed is forgiven: the draw is over",
    )


def test_recovery_begins_on_a_day_takes_a_part_and_draws_have_a_limit(paid: Paid) -> None:
    draw = "recover: from_earnings, recover_from: 2026-04-01, recover_at_most: 50%, limit: 1_500"
    pay = paid(plan(GUARANTEE % draw), monthly([1500, 1000, 1000, 2600, 5000]), "2026-H1")
    assert amounts(pay, "drawn") == {"2026-01": 500, "2026-02": 1000, "2026-06": 1500}
    assert amounts(pay, "recovered") == {"2026-04": -300, "2026-05": -1200}
    (march,) = [line for line in of(pay, "drawn") if line.period == "2026-03"]
    assert march.reason == "1,000.00 earned, 2,000.00 guaranteed; no more than 1,500.00 may be owed"


def test_a_draw_of_a_part_of_a_period_is_by_days(paid: Paid) -> None:
    text = plan(
        "draws: [{draw: ramp, kind: guarantee, amount: variable * 80% per month, from: hired_on, recover: never}]"
    )
    pay = paid(text, [], "2026-01", people="ana,2026-01-15,5000\nbob,2026-02-01,5000\ncid,2026-01-15,")
    drawn = {line.payee: line for line in of(pay, "drawn")}
    assert drawn["ana"].amount == Fraction("2193.55")
    assert "bob" not in drawn
    assert (drawn["cid"].status, drawn["cid"].reason) == ("waiting", "`amount` has no value without variable")


def test_a_part_is_held_and_released_in_the_period_of_its_day(paid: Paid) -> None:
    text = plan(
        "holdbacks: [{holdback: reserve, part: 10%, release_on: \"add_days(add_months(start_of('month', as_of), 6), 14)\"}]"
    )
    pay = paid(text, ["10000.05,2026-01-10,,"])
    assert amounts(pay, "held") == {"2026-01": Fraction("-1000.01")}
    assert amounts(pay, "released") == {"2026-07": Fraction("1000.01")}
    (held,) = [line for line in of(pay, "held") if line.amount]
    assert (held.reason, held.component) == ("released on 2026-07-15", "reserve")
    assert pay.kept.held == pay.kept.released


def test_a_holdback_of_some_components_and_of_what_draws_leave(paid: Paid) -> None:
    more = """
draws: [{draw: adv, kind: advance, amount: 900 per month, before: 2026-02-01, recover: from_earnings, at_end: owed}]
holdbacks: [{holdback: reserve, part: 50%, of: new, release_on: 2027-01-15}]
"""
    pay = paid(plan(more), ["1000,2026-01-10,,", "1000,2026-02-10,,"], "2026-Q1")
    assert amounts(pay, "held") == {"2026-01": -500, "2026-02": -100}
    assert amounts(pay, "released") == {}


CLAWED = COMMISSION.replace("100%", "100%%") + "    clawback: {day: cancelled_on, %s}\n"


def test_what_was_paid_is_taken_back_in_the_period_of_the_day(paid: Paid) -> None:
    deals = ["1000,2026-01-10,2026-05-20,", "300,2026-01-10,,", "500,2026-04-10,2026-04-30,"]
    pay = paid(plan(period="quarter", components=CLAWED % "within: 6 months"), deals)
    (line,) = of(pay, "clawed_back")
    assert (line.period, line.amount, line.credits, line.component) == ("2026-Q2", -1500, 2, "new")
    assert [step.text for step in line.steps] == [
        "d1 of 2026-01-10: 1,000.00 paid in 2026-Q1 taken back for 2026-05-20 = 1,000.00",
        "d3 of 2026-04-10: 500.00 paid in 2026-Q2 taken back for 2026-04-30 = 500.00",
    ]


def test_a_window_and_its_parts(paid: Paid) -> None:
    deals = ["1200,2026-01-10,2026-05-20,", "1200,2026-01-10,2026-07-10,", "1200,2026-01-10,2026-07-09,"]
    by_months = paid(plan(components=CLAWED % "within: 6 months, prorate: months"), deals)
    assert amounts(by_months, "clawed_back") == {"2026-05": -400, "2026-07": -200}
    by_days = paid(plan(components=CLAWED % "within: 6 months, prorate: days"), deals)
    assert amounts(by_days, "clawed_back") == {
        "2026-05": -round(Fraction(1200 * 51, 181), 2),
        "2026-07": -round(Fraction(1200 * 1, 181), 2),
    }


def test_an_undecided_clawback_waits(paid: Paid) -> None:
    deals = ["100,2026-01-10,2026-02-20,true", "100,2026-01-10,2026-02-20,false", "100,2026-01-10,2026-02-20,"]
    pay = paid(plan(components=CLAWED % "when: fault"), deals, "2026-Q1")
    (line,) = of(pay, "clawed_back")
    assert (line.amount, line.credits) == (-100, 1)
    assert line.reason == "1 credit is taken back; d3: whether it is taken back cannot be decided without fault"


@pytest.mark.parametrize(
    ("negative", "carried", "totals"),
    [
        (
            "carry",
            [("carried on", 700), ("brought in", -700), ("carried on", 300), ("brought in", -300)],
            [1000, 0, 0, 200],
        ),
        ("forgive", [("forgiven", 700)], [1000, 0, 400, 500]),
        ("pay", [], [1000, -700, 400, 500]),
    ],
)
def test_a_total_below_zero_is_carried_on_forgiven_or_stands(ran, negative, carried, totals) -> None:  # type: ignore[no-untyped-def]
    deals = ["1000,2026-01-10,2026-02-20,", "300,2026-02-10,,", "400,2026-03-10,,", "500,2026-04-10,,"]
    _, outcome = ran(plan(f"negative: {negative}", components=CLAWED % "within: 6 months"), deals, "2026-H1")
    found = [(line.component, line.amount) for line in outcome.payouts if line.kind == "carried"]
    assert sorted(found) == sorted(carried)
    assert nets(outcome, 4) == totals


def test_a_run_that_knows_nothing_of_earlier_periods_says_so(ran) -> None:  # type: ignore[no-untyped-def]
    told = {}
    for period in ("2026-01", "2026-02"):
        _, outcome = ran(plan(GUARANTEE % "recover: from_earnings"), monthly([1500, 3000]), period)
        told[period] = [each.message for each in outcome.findings if each.code == "history-from-nothing"]
    assert told["2026-01"] == []
    assert told["2026-02"] == [
        "nothing is known of the periods before 2026-02, in which 'plan' paid too: draws, holdbacks and clawbacks"
        " start from nothing"
    ]


TERMS = """
  terms:
    file: terms.csv
    valid: {from: starts_on, before: ends_on}
    fields:
      person: {refers_to: people}
      starts_on: date
      ends_on: {kind: date, required: false}
      least: money
"""


def test_draws_follow_terms_and_who_has_left_still_gets_and_owes(
    workspace: Callable[[Mapping[str, str]], Path],
) -> None:
    more = """
draws: [{draw: base, kind: guarantee, amount: least per month, recover: never}]
holdbacks: [{holdback: reserve, part: 10%, release_on: "add_months(as_of, 2)"}]
"""
    files = {
        "granger.yaml": TOP + TERMS.lstrip("\n"),
        "plan.yaml": plan(more, components=CLAWED % "within: 6 months"),
        "accounts.csv": "account_id\nx\n",
        "people.csv": "person,hired_on,variable\nana,,\n",
        "terms.csv": "person,starts_on,ends_on,least\nana,2026-01-11,2026-02-01,3100\nana,2026-02-01,2026-02-15,2800\n",
        "deals.csv": "deal_id,sold_by,amount,closed_on,cancelled_on,fault\nd1,ana,500,2026-01-20,2026-04-02,\n",
    }
    pack = granger.load(workspace(files))
    pay = paid_alike(pack, pack.run(as_of=date(2026, 12, 31), period="2026-H1", parts=["pay"]).outcome)
    found = {(line.period, line.kind): line.amount for line in pay.payouts}
    assert found == {
        ("2026-01", "earned"): 500,
        ("2026-01", "drawn"): 3100 * Fraction(21, 31) - 500,
        ("2026-01", "held"): -50,
        ("2026-02", "earned"): 0,
        ("2026-02", "drawn"): 1400,
        ("2026-02", "held"): 0,
        ("2026-03", "released"): 50,
        ("2026-04", "clawed_back"): -500,
    }


def test_what_the_plans_cap_had_cut_is_not_taken_back(paid: Paid) -> None:
    capped = plan("cap: 1_000", components=CLAWED % "within: 6 months")
    pay = paid(capped, ["1000,2026-01-10,2026-02-10,", "500,2026-01-10,2026-02-10,"], "2026-Q1")
    assert amounts(pay, "limited") == {"2026-01": -500}
    assert amounts(pay, "clawed_back") == {"2026-02": Fraction("-999.99")}
    (line,) = of(pay, "clawed_back")
    assert [step.amount for step in line.steps] == [Fraction("-666.66"), Fraction("-333.33")]


def test_an_amount_below_zero_waits(paid: Paid) -> None:
    text = "draws: [{draw: base, kind: guarantee, amount: variable per month, recover: never}]"
    pay = paid(plan(text), [], "2026-01", people="ana,,-5")
    (line,) = of(pay, "drawn")
    assert (line.status, line.reason) == ("waiting", "`amount` is below zero: -5")


def test_what_is_held_by_a_plan_that_has_ended_is_told(workspace: Callable[[Mapping[str, str]], Path]) -> None:
    hold = 'holdbacks: [{holdback: reserve, part: 10%, release_on: "add_months(as_of, 2)"}]'
    ended = plan(hold).replace("{from: 2026-01-01}", "{from: 2026-01-01, before: 2026-02-01}")
    files = {
        "granger.yaml": TOP,
        "plan.yaml": ended,
        "other.yaml": plan().replace("name: plan", "name: other"),
        "accounts.csv": "account_id\nx\n",
        "people.csv": "person,hired_on,variable\nana,,\n",
        "deals.csv": "deal_id,sold_by,amount,closed_on,cancelled_on,fault\nd1,ana,500,2026-01-20,,\n",
    }
    pack = granger.load(workspace(files))
    policies, as_of = pack.policies, date(2026, 12, 31)
    tables = pack.run(as_of=as_of, period="2026-01", parts=["pay"]).outcome.tables
    plans = [policy for policy in policies.policies if isinstance(policy, Plan)]
    periods = [
        period for month in (1, 2, 3) if (period := policies.workspace.fiscal.parse(f"2026-0{month}")) is not None
    ]
    known, told = NOTHING_BEFORE, []
    for period, pay in paid_in_order(policies, Books(policies, tables), periods, Request(as_of)):
        versions = plan_periods(policies, Request(as_of, period))
        told += [(period.name, found.message) for found in left_held(plans, versions, known)]
        known = known.after(pay)
    assert told == [
        (
            "2026-03",
            "what 'plan' held back of 1 person is due since 2026-03-31, and no version of it is in force to release it",
        )
    ]


RATES = """
  rates:
    file: rates.csv
    dated_by: day
    fields: {from_currency: text, to_currency: text, rate: number, day: date}
"""


def test_what_is_owed_and_held_is_in_the_plans_currency_whatever_is_paid_out(
    workspace: Callable[[Mapping[str, str]], Path],
) -> None:
    more = """
currency: EUR
pay_currency: paid_in
exchange: {table: rates, by: transaction}
draws: [{draw: base, kind: guarantee, amount: 1_000 per month, recover: from_earnings}]
holdbacks: [{holdback: reserve, part: 10%, release_on: "add_months(as_of, 1)"}]
"""
    top = TOP.replace("      person: person\n", "      person: person\n      paid_in: text\n").replace(
        "amount: money", "amount: {kind: money, currency: EUR}"
    )
    files = {
        "granger.yaml": top + RATES.lstrip("\n"),
        "plan.yaml": plan(more),
        "accounts.csv": "account_id\nx\n",
        "people.csv": "person,paid_in,hired_on,variable\nana,PLN,,\n",
        "rates.csv": "from_currency,to_currency,rate,day\nEUR,PLN,4,2026-01-31\nEUR,PLN,4.5,2026-02-28\nEUR,PLN,4.1,2026-03-31\n",
        "deals.csv": "deal_id,sold_by,amount,closed_on,cancelled_on,fault\nd1,ana,600,2026-01-20,,\nd2,ana,1300,2026-02-20,,\n",
    }
    pack = granger.load(workspace(files))
    outcome = pack.run(as_of=date(2026, 12, 31), period="2026-Q1", parts=["pay"]).outcome
    pay = paid_alike(pack, outcome)
    assert {line.currency for line in pay.payouts} == {"PLN"}
    found = {(line.period[-2:], line.kind): line.amount for line in pay.payouts if line.amount}
    assert found == {
        ("01", "earned"): 2400,
        ("01", "drawn"): 1600,
        ("01", "held"): -240,
        ("02", "earned"): 5850,
        ("02", "recovered"): -1350,
        ("02", "held"): -585,
        ("02", "released"): 270,
        ("03", "drawn"): 4100,
        ("03", "released"): 533,
    }
    assert [owed.after for owed in pay.kept.owed] == [400, 100, 1100]
