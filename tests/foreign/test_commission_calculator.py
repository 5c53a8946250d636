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
          multiplier:        {kind: number, required: false}      # of the plan
      sales:
        file: sales.csv
        dated_by: sold_on
        fields:
          account_id: {refers_to: accounts}
          person:     {refers_to: people}
          sold_on:    date
          amount:     money
"""
TERMS = """
      terms:                            # what is agreed with a payee, since when
        file: terms.csv
        valid: {from: assigned_from}
        fields:
          person:            {refers_to: people}
          assigned_from:     date
          month_quota:       {kind: money, required: false}       # of a whole month
          quota_share:       percent                              # 50% while somebody ramps
          variable:          {kind: money, required: false}       # of a whole month
          draw_share:        {kind: percent, required: false}     # the part of it that is guaranteed
"""
PEOPLE = ("person", "own_rate", "quota", "multiplier")
AGREED = ("person", "assigned_from", "month_quota", "quota_share", "variable", "draw_share")
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

    def run(plan, people, sales=(), library=None, terms=None):
        sold = [
            {"account_id": "X", "person": person, "sold_on": "2025-01-20", "amount": str(amount)}
            for person, amount in sales
        ]
        files = {
            "granger.yaml": WORKSPACE + (TERMS if terms else ""),
            "plan.yaml": plan,
            "accounts.csv": "account_id\nX\n",
            "people.csv": table(PEOPLE, people),
            "sales.csv": table(("account_id", "person", "sold_on", "amount"), sold),
        }
        if terms:
            files["terms.csv"] = table(AGREED, [{"person": "Ana", **terms}])
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
    return [(step.amount, step.rate) for step in payout.steps if step.quota is None]


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

FIGURES = """
    kind: library
    name: figures
    effective: {from: 2025-01-01}
    measures:
      sold: {sum: amount, table: sales, per: person, window: month}
      quota_of_month: {sum: month_quota * quota_share, table: terms, per: person, window: month, prorate: days}
"""
PLAN = """
    kind: comp
    name: plan
    effective: {from: 2025-01-01}
    payees: true
    period: month
    components:
"""
COMMISSION = """
      - component: commission
        credit: {table: sales, amount: amount, to: person}
        rate: 10%
"""
GUARANTEED = """
    draws: [{draw: ramp, kind: guarantee, amount: variable * draw_share per month, recover: never}]
    components:"""
BONUS = """
      - component: bonus
        weight: 100%
        measure: sold
        target: month_quota * quota_share * days_share
        if_missing: wait
        pays: {kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold, above_last: extend}
"""
ANA = [{"person": "Ana"}]
WHOLE = {"assigned_from": "2024-06-01", "month_quota": "10000", "quota_share": "100%", "variable": "5000"}
RAMPING = WHOLE | {"quota_share": "50%", "draw_share": "80%"}
FROM_15TH = {"assigned_from": "2025-01-15"}


def plan(*components, pay="", draws=False):
    head = PLAN.replace("\n    components:", f"\n    pay: {pay}\n    components:") if pay else PLAN
    head = head.replace("\n    components:", GUARANTEED) if draws else head
    return head.rstrip() + "".join(part.rstrip() for part in components) + "\n"


VARIABLE = "{base: 0 per month, variable: variable per month}"


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
    agreed = WHOLE | FROM_15TH
    outcome = paid(plan(BONUS, pay=VARIABLE), ANA, [("Ana", 6000)], FIGURES, agreed)
    (attained,) = outcome.attainments
    assert (attained.before - attained.start).days == 17
    assert attained.target_amount == Fraction(5000) * 17 / 31
    assert attained.target == Fraction(10_000) * 17 / 31 == measured(outcome, "quota_of_month", "Ana")
    assert attained.attainment * 100 == Fraction(6000) / (Fraction(10_000) * 17 / 31) * 100


def test_a_ramp_month_is_topped_up_to_the_guaranteed_draw(oracle, paid):
    expected(oracle, 1, quota=5000, commission_before_draw=100, paid=4000, draw_top_up=3900)
    outcome = paid(plan(COMMISSION, draws=True), ANA, [("Ana", 1000)], FIGURES, RAMPING)
    assert measured(outcome, "quota_of_month", "Ana") == 5000
    assert [(row.kind, row.amount) for row in outcome.payouts] == [("earned", 100), ("drawn", 3900)]
    assert sum(row.amount for row in outcome.payouts) == 4000


def test_the_same_draw_as_the_floor_of_the_commission(paid):
    floor = plan(COMMISSION.rstrip() + "\n        floor: 4_000\n")
    topped = line(paid(floor, ANA, [("Ana", 1000)], terms=RAMPING), "commission")
    assert (topped.amount, tuple(step.text for step in topped.steps)) == (4000, ("raised to 4,000.00 (of 100.00)",))
    assert line(paid(floor, ANA, terms=RAMPING), "commission").amount == 4000
    assert line(paid(floor, ANA, [("Ana", 50_000)], terms=RAMPING), "commission").amount == 5000


def test_a_part_of_a_ramp_month_without_revenue(oracle, paid):
    expected(oracle, 2, quota="5000*17/31", paid="0.8*5000*17/31 = 2193.55")
    outcome = paid(plan(COMMISSION, draws=True), ANA, (), FIGURES, RAMPING | FROM_15TH)
    assert measured(outcome, "quota_of_month", "Ana") == Fraction(5000) * 17 / 31
    assert [(row.kind, row.amount) for row in outcome.payouts] == [("earned", 0), ("drawn", Fraction("2193.55"))]


def test_the_same_as_the_floor_of_a_bonus(paid):
    floor = plan(BONUS.rstrip() + "\n        floor: 80%\n", pay=VARIABLE)
    outcome = paid(floor, ANA, (), FIGURES, RAMPING | FROM_15TH)
    (attained,) = outcome.attainments
    assert (attained.value, attained.attainment) == (0, 0)
    assert attained.target_amount == Fraction(5000) * 17 / 31
    assert line(outcome, "bonus").amount == Fraction("2193.55")


def test_a_ramp_month_with_accelerators(oracle, paid):
    expected(oracle, 3, base=500, overage=600, total=1100)
    tiers = [{"min": 0, "mult": "1"}, {"min": 100, "mult": "2"}]
    accelerated = accelerator(tiers).replace("of: quota", "of: month_quota * quota_share * days_share")
    payout = line(paid(accelerated, [{"person": "Ana", "own_rate": "0.1"}], [("Ana", 8000)], terms=RAMPING), "revenue")
    assert [earning for earning, _ in slices(payout)] == [500, 600]
    assert payout.amount == 1100


def test_the_multiplier_of_a_plan(oracle, paid):
    expected(oracle, 4, x1=100, x2=200)
    people = [{"person": f"x{times}", "own_rate": "0.1", "multiplier": f"{times}.0"} for times in (1, 2)]
    table = "rate_table: {kind: whole_amount, accumulate: period, bands: [{rate: own_rate * multiplier}]}"
    outcome = paid(plan(COMMISSION.replace("rate: 10%", table)), people, [("x1", 1000), ("x2", 1000)])
    assert {row.payee: row.amount for row in outcome.payouts} == {"x1": 100, "x2": 200}
