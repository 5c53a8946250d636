"""A commission calculator's own tests: accelerators on the whole overage, ramps, guaranteed draws, parts of a month.

Amounts are compared exactly. A multiplier is the rate that a slice of the payout line tells, over the payee's own rate.
"""

import csv
import io
import json
from datetime import date
from fractions import Fraction

import granger
import pytest

WORKSPACE = """
    kind: workspace
    name: calculator
    currency: USD
    tables:
      accounts: {file: accounts.csv, key: account_id, fields: {account_id: text}}
      people:
        file: people.csv
        key: person
        fields:
          person:            {kind: person}
          own_rate:          {kind: number, required: false}
          quota:             {kind: money, required: false}       # of a whole month
          quota_share:       {kind: percent, required: false}     # 50% in a month of the ramp
          variable:          {kind: money, required: false}       # of a whole month
          draw_share:        {kind: percent, required: false}     # the part of it that is guaranteed
          multiplier:        {kind: number, required: false}      # of the plan
          assigned_from:     {kind: date, required: false}
      sales:
        file: sales.csv
        dated_by: sold_on
        fields:
          account_id: {refers_to: accounts}
          person:     {refers_to: people}
          sold_on:    date
          amount:     money
      guarantees:                       # one row for each month in which a payee has a guaranteed draw
        file: guarantees.csv
        dated_by: ends_on
        fields: {account_id: {refers_to: accounts}, person: {refers_to: people}, ends_on: date}
"""
PEOPLE = ("person", "own_rate", "quota", "quota_share", "variable", "draw_share", "multiplier", "assigned_from")
MONTH = date(2025, 1, 31)


@pytest.fixture(scope="module")
def oracle(foreign):
    return json.loads(foreign("comp_commission_calculator/accelerator_cases.json").read_text("utf-8"), parse_float=str)


def table(columns, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def paid(workspace):
    """``paid(plan, people, sales)``: a month's outcome, in which nothing waits; sales are (person, amount)."""

    def run(plan, people, sales=(), library=None):
        sold = [
            {"account_id": "X", "person": person, "sold_on": "2025-01-20", "amount": str(amount)}
            for person, amount in sales
        ]
        files = {
            "granger.yaml": WORKSPACE,
            "plan.yaml": plan,
            "accounts.csv": "account_id\nX\n",
            "people.csv": table(PEOPLE, people),
            "sales.csv": table(("account_id", "person", "sold_on", "amount"), sold),
            "guarantees.csv": f"account_id,person,ends_on\nX,{people[0]['person']},2025-01-31\n",
        }
        pack = granger.load(workspace(files | ({"library.yaml": library} if library else {})))
        assert pack.diagnostics == ()
        outcome = pack.run(as_of=MONTH, period="2025-01").outcome
        assert (outcome.rejects, {row.status for row in outcome.payouts} - {"paid", "zero"}) == ([], set())
        return outcome

    return run


def line(outcome, component, payee="Ana"):
    (found,) = [row for row in outcome.payouts if (row.component, row.payee) == (component, payee)]
    return found


def measured(outcome, name, of):
    (found,) = [row for row in outcome.measures if (row.measure, row.of) == (name, of)]
    return found.exact


def slices(payout):
    """(earning, rate) of each slice that the line tells."""
    assert payout.steps
    return [(step.amount, step.rate) for step in payout.steps]


# --- accelerators -----------------------------------------------------------------------------------------------------


def accelerator(tiers):
    """The tiers as bands over the payee's own rate, highest first; no tiers pay the own rate throughout."""
    falling = list(reversed(tiers or [{"min": 0, "mult": "1"}]))
    rows = [f"{{rate: own_rate * {tier['mult']}, from: {tier['min']}%}}" for tier in falling[:-1]]
    rows.append(f"{{rate: own_rate * {falling[-1]['mult']}}}")
    return f"""
    kind: comp
    name: accelerator
    effective: {{from: 2025-01-01}}
    payees: true
    period: month
    components:
      - component: revenue
        credit: {{table: sales, amount: amount, to: person}}
        rate_table: {{kind: top_tier_on_overage, of: quota, accumulate: period, bands: [{", ".join(rows)}]}}
    """


@pytest.mark.parametrize("index", range(12))
def test_the_whole_overage_is_paid_at_the_rate_of_the_tier_reached(index, oracle, paid):
    case = oracle["cases"][index]
    people = [{"person": "Ana", "own_rate": case["rate"], "quota": case["quota"]}]
    payout = line(paid(accelerator(case["tiers"]), people, [("Ana", case["revenue"])]), "revenue")
    (base, base_rate), *rest = slices(payout)
    overage = sum((earning for earning, _ in rest), Fraction(0))
    found = {
        "expected_base": base,
        "expected_overage": overage,
        "expected_total": payout.amount,
        "expected_multiplier": (rest[0][1] if rest else base_rate) / Fraction(case["rate"]),
    }
    expected = {key: Fraction(case[key]) for key in found if case[key] is not None}
    assert expected
    assert {key: found[key] for key in expected} == expected
    assert payout.amount == base + overage


def test_all_accelerator_cases_are_swept(oracle):
    assert len(oracle["cases"]) == 12
    assert len(oracle["proration_and_ramp"]) == 5
    given = [case[key] for case in oracle["cases"] for key in case if key.startswith("expected_")]
    assert sum(value is not None for value in given) == 36


# --- parts of a month, ramps, draws -----------------------------------------------------------------------------------

# Each case has one payee, so that the company's measures are that payee's.
BEGUN = "(assigned_from if assigned_from > start_of('month', as_of) else start_of('month', as_of))"
ACTIVE = f"(days_between({BEGUN}, end_of('month', as_of)) + 1)"
FIGURES = f"""
    kind: library
    name: figures
    effective: {{from: 2025-01-01}}
    settings:
      days_of_month: "days_between(start_of('month', as_of), end_of('month', as_of)) + 1"
    measures:
      sold: {{sum: amount, table: sales, per: person, window: month}}
      commission_before_draw: {{sum: amount * 10%, table: sales, per: company, window: month}}
      total_days: {{sum: days_of_month, table: people, per: company}}
      active_days: {{sum: "{ACTIVE}", table: people, per: company}}
      month_quota: {{sum: "quota * quota_share * {ACTIVE} / days_of_month", table: people, per: company}}
      guaranteed: {{sum: "variable * draw_share * {ACTIVE} / days_of_month", table: people, per: company}}
"""
PLAN = """
    kind: comp
    name: plan
    effective: {from: %s}
    payees: true
    period: month
    components:
"""
COMMISSION = """
      - component: commission
        credit: {table: sales, amount: amount, to: person}
        rate: 10%
"""
TOP_UP = """
      - component: top-up
        credit: {table: guarantees, amount: "max(guaranteed - commission_before_draw, 0)", to: person}
        rate: 100%
"""
BONUS = """
      - component: bonus
        weight: 100%
        measure: sold
        target: month_quota
        if_missing: wait
        pays: {kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold, above_last: extend}
"""
WHOLE = {"person": "Ana", "quota": "10000", "quota_share": "100%", "assigned_from": "2024-06-01"}
RAMPING = WHOLE | {"quota_share": "50%", "variable": "5000", "draw_share": "80%"}
FROM_15TH = {"assigned_from": "2025-01-15"}


def plan(*components, since="2025-01-01", variable=0):
    head = PLAN % since
    if variable:
        head = head.replace(
            "components:", f"pay: {{base: 0 per month, variable: {variable} per month}}\n    components:"
        )
    return head.rstrip() + "".join(part.rstrip() for part in components) + "\n"


def expected(oracle, index, **figures):
    """The oracle's figures of one case are these."""
    assert oracle["proration_and_ramp"][index]["expected"] == figures


def test_assigned_on_the_15th_of_a_month_of_31_days(oracle, paid):
    expected(
        oracle,
        0,
        active_days=17,
        total_days=31,
        factor="17/31",
        quota_of_10000="10000*17/31",
        attainment_of_6000="6000/(10000*17/31)*100",
    )
    outcome = paid(plan(BONUS, variable=5000), [WHOLE | FROM_15TH], [("Ana", 6000)], FIGURES)
    active, total = (measured(outcome, name, "company") for name in ("active_days", "total_days"))
    assert (active, total, active / total) == (17, 31, Fraction(17, 31))
    (attained,) = outcome.attainments
    assert attained.target == Fraction(10_000) * 17 / 31
    assert attained.attainment * 100 == Fraction(6000) / (Fraction(10_000) * 17 / 31) * 100


def test_a_ramp_month_is_topped_up_to_the_guaranteed_draw(oracle, paid):
    expected(oracle, 1, quota=5000, commission_before_draw=100, paid=4000, draw_top_up=3900)
    outcome = paid(plan(COMMISSION, TOP_UP), [RAMPING], [("Ana", 1000)], FIGURES)
    assert measured(outcome, "month_quota", "company") == 5000
    assert measured(outcome, "commission_before_draw", "company") == 100
    assert {row.component: row.amount for row in outcome.payouts} == {"commission": 100, "top-up": 3900}
    assert sum(row.amount for row in outcome.payouts) == 4000


def test_the_same_draw_as_the_floor_of_the_commission(paid):
    floor = plan(COMMISSION.rstrip() + "\n        floor: 4_000\n")
    topped = line(paid(floor, [RAMPING], [("Ana", 1000)]), "commission")
    assert (topped.amount, tuple(step.text for step in topped.steps)) == (4000, ("raised to 4,000.00 (of 100.00)",))
    assert line(paid(floor, [RAMPING]), "commission").amount == 4000
    assert line(paid(floor, [RAMPING], [("Ana", 50_000)]), "commission").amount == 5000


GUARANTEED = """
    draws:
      - {draw: ramp, kind: guarantee, amount: variable * draw_share per month, from: assigned_from, recover: never}
    components:"""


def test_the_same_draw_as_the_plans_own(oracle, paid):
    guaranteed = plan(COMMISSION).replace("\n    components:", GUARANTEED)
    expected(oracle, 1, quota=5000, commission_before_draw=100, paid=4000, draw_top_up=3900)
    outcome = paid(guaranteed, [RAMPING], [("Ana", 1000)])
    assert [(row.kind, row.amount) for row in outcome.payouts] == [("earned", 100), ("drawn", 3900)]
    expected(oracle, 2, quota="5000*17/31", paid="0.8*5000*17/31 = 2193.55")
    outcome = paid(guaranteed, [RAMPING | FROM_15TH], ())
    assert [(row.kind, row.amount) for row in outcome.payouts] == [("earned", 0), ("drawn", Fraction("2193.55"))]


def test_a_part_of_a_ramp_month_without_revenue(oracle, paid):
    expected(oracle, 2, quota="5000*17/31", paid="0.8*5000*17/31 = 2193.55")
    outcome = paid(plan(COMMISSION, TOP_UP), [RAMPING | FROM_15TH], (), FIGURES)
    assert measured(outcome, "month_quota", "company") == Fraction(5000) * 17 / 31
    assert line(outcome, "top-up").credit_amount == Fraction("0.8") * 5000 * 17 / 31
    assert sum(row.amount for row in outcome.payouts) == Fraction("2193.55")


def test_the_same_as_the_floor_of_a_bonus_in_a_plan_that_begins_inside_the_month(paid):
    floor = plan(BONUS.rstrip() + "\n        floor: 80%\n", since="2025-01-15", variable=5000)
    outcome = paid(floor, [RAMPING | FROM_15TH], (), FIGURES)
    (attained,) = outcome.attainments
    assert (attained.value, attained.attainment) == (0, 0)
    assert attained.target_amount == Fraction(5000) * 17 / 31
    assert line(outcome, "bonus").amount == Fraction("2193.55")


def test_a_ramp_month_with_accelerators(oracle, paid):
    expected(oracle, 3, base=500, overage=600, total=1100)
    tiers = [{"min": 0, "mult": "1"}, {"min": 100, "mult": "2"}]
    accelerated = accelerator(tiers).replace("of: quota", "of: month_quota")
    payout = line(paid(accelerated, [RAMPING | {"own_rate": "0.1"}], [("Ana", 8000)], FIGURES), "revenue")
    assert [earning for earning, _ in slices(payout)] == [500, 600]
    assert payout.amount == 1100


def test_the_multiplier_of_a_plan(oracle, paid):
    expected(oracle, 4, x1=100, x2=200)
    people = [{"person": f"x{times}", "own_rate": "0.1", "multiplier": f"{times}.0"} for times in (1, 2)]
    table = "rate_table: {kind: whole_amount, accumulate: period, bands: [{rate: own_rate * multiplier}]}"
    outcome = paid(plan(COMMISSION.replace("rate: 10%", table)), people, [("x1", 1000), ("x2", 1000)])
    assert {row.payee: row.amount for row in outcome.payouts} == {"x1": 100, "x2": 200}
