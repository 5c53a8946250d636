"""What was agreed with a person, since when: hire, leave, return, new quotas and rates inside a period; both readings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import granger
import pytest
from granger.engine.outcome.pay.bonus import Attainment
from granger.engine.outcome.pay.lines import Payout
from granger.engine.periods import FiscalCalendar, Period
from granger.engine.runners.memory import Outcome
from hypothesis import given
from hypothesis import strategies as st

from .pay_both_ways import paid_alike

TOP = """
kind: workspace
name: w
currency: CNY
tables:
  accounts: {file: accounts.csv, key: account_id, fields: {account_id: text}}
  people:
    file: people.csv
    key: person
    fields: {person: person, hired_on: {kind: date, required: false}}
  terms:
    file: terms.csv
    reject_ceiling: 100%
    valid: {from: starts_on, before: ends_on}
    fields:
      person: {refers_to: people}
      starts_on: date
      ends_on: {kind: date, required: false}
      role: {required: false}
      quota: {kind: money, required: false}
      own_rate: {kind: percent, required: false}
      own_variable: {kind: money, required: false}
      gone_on: {kind: date, required: false}
  deals:
    file: deals.csv
    key: deal_id
    dated_by: closed_on
    fields:
      deal_id: text
      account_id: {refers_to: accounts, required: false}
      amount: money
      closed_on: date
      sold_by: {refers_to: people, required: false}
measures:
  booked: {sum: amount, table: deals, per: sold_by, window: quarter}
"""
HEAD = "kind: comp\nname: {name}\neffective: {effective}\npayees: {payees}\nperiod: quarter\n"
COMMISSION = "  - component: c\n    credit: {table: deals, amount: amount, to: sold_by}\n    "
BONUS = """  - component: b
    weight: 100%
    measure: booked
    target: TARGET
    if_missing: target
    pays: {kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold, above_last: extend}
"""
PAY = "pay: {on_target: 180_000 per year, base: 96_000 per year}\n"
Term = Mapping[str, str]


def plan(*components: str, name: str = "plan", payees: str = "true", since: str = "2026-01-01", more: str = "") -> str:
    top = HEAD.format(name=name, payees=payees, effective=f"{{from: {since}}}")
    return top + more + "components:\n" + "".join(components)


def terms(*rows: str, **fields: str) -> list[Term]:
    """``2026-07-01 2026-08-15`` is a row of Ann's; an end may be left out."""
    found = []
    for text in rows:
        start, _, end = text.partition(" ")
        found.append({"person": "Ann", "starts_on": start, "ends_on": end, **fields})
    return found


Paid = Callable[..., Outcome]


@pytest.fixture
def paid(workspace: Callable[[Mapping[str, str]], Path]) -> Paid:
    """Pay of 2026-Q3, which both readings find; deals are (day, amount), of Ann."""

    def run(
        plans: str | tuple[str, ...], agreed: list[Term], *deals: tuple[str, str], people: tuple[Term, ...] = ()
    ) -> Outcome:
        given = (plans,) if isinstance(plans, str) else plans
        pack = granger.load(workspace({"granger.yaml": TOP, **{f"{i}.yaml": text for i, text in enumerate(given)}}))
        assert [d for d in pack.diagnostics if d.is_error] == []
        tables = {
            "accounts": [],
            "people": list(people) or [{"person": "Ann"}, {"person": "Ben"}],
            "terms": agreed,
            "deals": [
                {"deal_id": f"d{i}", "closed_on": day, "amount": amount, "sold_by": "Ann"}
                for i, (day, amount) in enumerate(deals)
            ],
        }
        outcome = pack.run(tables, as_of=date(2026, 9, 30), period="2026-Q3").outcome
        paid_alike(pack, outcome)
        return outcome

    return run


def only(outcome: Outcome) -> Payout:
    (line,) = outcome.payouts
    return line


def stretches(outcome: Outcome) -> list[Attainment]:
    return sorted(outcome.attainments, key=lambda each: each.start)


@pytest.mark.parametrize(
    ("prorate", "share"), [("days", Fraction(47, 92)), ("months", Fraction(1, 3)), ("none", Fraction(1))]
)
def test_variable_pay_of_somebody_hired_inside_the_quarter(prorate: str, share: Fraction, paid: Paid) -> None:
    """On 15 August: 47 of 92 days; of the months September alone, which begins under these terms."""
    more = PAY.replace("}", f", prorate: {prorate}}}")
    outcome = paid(plan(BONUS.replace("TARGET", "1"), more=more), terms("2026-08-15"), ("2026-09-01", "1"))
    (attained,) = outcome.attainments
    assert (attained.period, attained.start) == ("2026-Q3", date(2026, 8, 15))
    assert attained.target_amount == 21_000 * share
    assert [line.payee for line in outcome.payouts] == ["Ann"]  # Ben has no terms: the plan does not know him


@pytest.mark.parametrize(("prorate", "shares"), [("days", ("19/92", "30/92")), ("none", ("19/49", "30/49"))])
def test_leave_and_return_inside_one_quarter_are_one_line(prorate: str, shares: tuple[str, str], paid: Paid) -> None:
    agreed = terms("2026-07-01 2026-07-20", "2026-09-01")
    deals = [("2026-07-19", "100"), ("2026-07-20", "200"), ("2026-08-31", "400"), ("2026-09-01", "800")]
    both = plan(
        BONUS.replace("TARGET", "1500"), COMMISSION + "rate: 10%\n", more=PAY.replace("}", f", prorate: {prorate}}}")
    )
    outcome = paid(both, agreed, *deals)
    assert [(row.component, row.period, row.credits) for row in outcome.payouts] == [
        ("b", "2026-Q3", 0),
        ("c", "2026-Q3", 2),
    ]
    assert outcome.payouts[1].amount == 90
    unpaid = {credit.record: credit.reason for credit in outcome.credits if credit.status == "unpaid"}
    assert unpaid == {
        "d1": "no terms of Ann are in force on 2026-07-20",
        "d2": "no terms of Ann are in force on 2026-08-31",
    }
    found = stretches(outcome)
    assert [each.period for each in found] == ["2026-Q3", "2026-Q3 from 2026-09-01"]
    assert [each.target_amount for each in found] == [21_000 * Fraction(share) for share in shares]
    assert sum(each.earning or 0 for each in found) == outcome.payouts[0].amount


@pytest.mark.parametrize(
    ("of", "first", "second"),
    [
        ("quota * days_share", "45/92", "47/92"),
        ("quota * months_share", "2/3", "1/3"),
        ("quota", "1", "1"),
    ],
)
def test_two_quotas_in_one_quarter(of: str, first: str, second: str, paid: Paid) -> None:
    """Each with its own deals; whether a quota counts whole or by its part of the quarter is written."""
    agreed = [*terms("2026-07-01 2026-08-15", quota="92000"), *terms("2026-08-15", quota="184000")]
    table = f"rate_table: {{kind: marginal, of: {of}, accumulate: period, bands: [{{rate: 20%, from: 100%}}, {{rate: 10%}}]}}\n"
    line = only(paid(plan(COMMISSION + table), agreed, ("2026-08-14", "200000"), ("2026-08-15", "200000")))
    quotas = [92_000 * Fraction(first), 184_000 * Fraction(second)]
    assert line.amount == round(sum(quota / 10 + (200_000 - quota) / 5 for quota in quotas), 2)
    assert [line.steps[i].text for i in (0, 4)] == [
        "terms of 2026-07-01 to 2026-08-14, 45 of 92 days",
        "terms of 2026-08-15 to 2026-09-30, 47 of 92 days",
    ]
    assert [(each.input, each.attainment) for each in line.steps if each.quota] == [
        (200_000, 200_000 / q) for q in quotas
    ]
    told = [step.input for step in line.steps if step.input is not None and step.quota is None]
    assert told == [part for quota in quotas for part in (quota, 200_000 - quota)]


def test_rates_and_roles_of_the_terms(paid: Paid) -> None:
    """A seller who becomes a manager on 1 September: each plan pays the days of its own role."""
    agreed = [
        *terms("2026-07-01 2026-09-01", role="seller", own_rate="10%"),
        *terms("2026-09-01", role="manager", own_rate="2%"),
    ]
    table = "rate_table: {kind: whole_amount, accumulate: period, bands: [{rate: own_rate}]}\n"
    plans = tuple(plan(COMMISSION + table, name=role, payees=f"role == '{role}'") for role in ("seller", "manager"))
    outcome = paid(plans, agreed, ("2026-08-31", "1000"), ("2026-09-01", "1000"))
    assert {row.plan: (row.amount, row.credits) for row in outcome.payouts} == {"seller": (100, 1), "manager": (20, 1)}
    assert [credit.status for credit in outcome.credits] == ["credited", "credited"]


def test_one_plan_of_a_role_says_on_which_day_somebody_was_no_payee(paid: Paid) -> None:
    agreed = [*terms("2026-07-01 2026-09-01", role="seller"), *terms("2026-09-01", role="manager")]
    outcome = paid(plan(COMMISSION + "rate: 1%\n", payees="role == 'seller'"), agreed, ("2026-09-01", "1000"))
    (credit,) = outcome.credits
    assert credit.reason == "Ann is no payee of this plan on 2026-09-01"
    assert (only(outcome).amount, only(outcome).status) == (0, "zero")


@pytest.mark.parametrize(
    ("limit", "amount"), [("cap: 300", "300"), ("floor: 900", "900"), ("cap: 500", "400"), ("floor: 100", "400")]
)
def test_cap_and_floor_hold_the_quarter_however_many_terms_share_it(limit: str, amount: str, paid: Paid) -> None:
    agreed = terms("2026-07-01 2026-08-01", "2026-08-01")
    limited = COMMISSION + f"rate: 10%\n    {limit}\n"
    outcome = paid(plan(limited), agreed, ("2026-07-31", "1000"), ("2026-08-01", "3000"))
    line = only(outcome)
    assert line.amount == Fraction(amount)
    assert [credit.earning for credit in outcome.credits] == [line.amount / 4, line.amount * 3 / 4]
    pays = BONUS.replace("TARGET", "4000") + f"    {limit}\n"
    bonus = paid(plan(pays, more="pay: {base: 0 per year, variable: 1600 per year}\n"), agreed, ("2026-07-31", "4000"))
    assert only(bonus).amount == Fraction(amount)
    assert sum(each.target_amount for each in bonus.attainments) == 400


def test_a_gate_by_the_part_of_the_quarter(paid: Paid) -> None:
    """The first terms have a month of the quarter, so a third of the threshold; the second two thirds."""
    agreed = terms("2026-07-01 2026-08-01", "2026-08-01")
    gate = "gates: [{gate: enough, when: 'booked >= 3_000 * months_share'}]\n"
    outcome = paid(plan(COMMISSION + "rate: 10%\n", more=gate), agreed, ("2026-07-10", "700"), ("2026-08-10", "500"))
    line = only(outcome)
    assert (line.amount, line.credits) == (70, 2)
    shut = [credit.reason for credit in outcome.credits if not credit.earning]
    assert shut == ["the gate 'enough' is shut: booked >= 3_000 * months_share"]


def test_terms_and_a_version_of_the_plan_that_change_on_one_day(paid: Paid) -> None:
    first = plan(COMMISSION + "rate: 10%\n", BONUS.replace("TARGET", "1"), more=PAY).replace(
        "01-01}", "01-01, before: 2026-08-15}"
    )
    later = plan(COMMISSION + "rate: 20%\n", BONUS.replace("TARGET", "1"), more=PAY, since="2026-08-15")
    deals = [("2026-08-14", "100"), ("2026-08-15", "100"), ("2026-09-10", "1000")]
    outcome = paid((first, later), terms("2026-07-01 2026-08-15", "2026-08-15 2026-09-10", "2026-09-10"), *deals)
    assert [(row.component, row.period, row.amount) for row in outcome.payouts if row.component == "c"] == [
        ("c", "2026-Q3", 10),
        ("c", "2026-Q3 from 2026-08-15", 220),
    ]
    found = stretches(outcome)
    names = ["2026-Q3", "2026-Q3 from 2026-08-15", "2026-Q3 from 2026-09-10"]
    assert [each.period for each in found] == names
    assert [each.paid_in for each in found] == [names[0], names[1], names[1]]
    assert sum(each.target_amount for each in found) == 21_000


def test_terms_that_begin_before_the_hire_and_compensation_that_ends_after_termination(paid: Paid) -> None:
    """The terms say when pay begins and ends; what happened in between are fields that a condition may read."""
    agreed = terms("2026-01-01 2026-09-15", gone_on="2026-08-31", own_rate="10%")
    table = "rate_table: {kind: whole_amount, accumulate: period, bands: [{rate: own_rate}]}\n"
    deals = [("2026-07-01", "100"), ("2026-09-14", "100"), ("2026-09-15", "100")]
    people = ({"person": "Ann", "hired_on": "2026-07-20"},)
    gone = plan(COMMISSION + table, payees="not is_missing(gone_on) and hired_on > starts_on")
    assert only(paid(gone, agreed, *deals, people=people)).amount == 20


def test_whether_terms_pay_somebody_may_be_undecided_for_a_part_of_the_quarter(paid: Paid) -> None:
    agreed = [*terms("2026-07-01 2026-08-01", role="seller"), *terms("2026-08-01")]
    outcome = paid(
        plan(COMMISSION + "rate: 10%\n", payees="role == 'seller'"),
        agreed,
        ("2026-07-31", "100"),
        ("2026-08-01", "100"),
    )
    line = only(outcome)
    assert (line.amount, line.status, line.waiting_credits) == (10, "partly_waiting", 1)
    assert line.reason == "1 waiting: whether Ann is a payee cannot be decided"
    assert [d.code for d in outcome.findings if d.code == "payee-undecided"] == ["payee-undecided"]


@pytest.mark.parametrize(
    ("written", "variable"),
    [
        ("{on_target: 80_000 per year, variable: 40%}", "8_000"),
        ("{base: 1_000 per month, variable: own_variable per quarter}", "9_000"),
        ("{on_target: own_variable * 10 per year, base: 60%}", "9_000"),
        ("{on_target: 20_000 per quarter, base: 4_000 per month}", "8_000"),
    ],
)
def test_pay_of_the_payees_own(written: str, variable: str, paid: Paid) -> None:
    pays = plan(BONUS.replace("TARGET", "100"), more=f"pay: {written}\n")
    (attained,) = paid(pays, terms("2026-01-01", own_variable="9000"), ("2026-07-01", "100")).attainments
    assert attained.target_amount == Fraction(variable)


def test_pay_that_is_missing_or_less_than_nothing_waits(paid: Paid) -> None:
    pays = plan(BONUS.replace("TARGET", "100"), more="pay: {on_target: own_variable per year, base: 10 per year}\n")
    missing = only(paid(pays, terms("2026-01-01"), ("2026-07-01", "100")))
    assert (missing.status, missing.reason) == ("waiting", "variable pay has no value without own_variable")
    less = only(paid(pays, terms("2026-01-01", own_variable="9"), ("2026-07-01", "100")))
    assert (less.status, less.reason) == ("waiting", "variable pay is less than nothing")


def test_explain_says_of_which_days_and_by_which_terms(workspace: Callable[[Mapping[str, str]], Path]) -> None:
    bonus = plan(BONUS.replace("TARGET", "quota * days_share"), more=PAY)
    pack = granger.load(workspace({"granger.yaml": TOP, "plan.yaml": bonus}))
    tables = {"accounts": [], "people": [{"person": "Ann"}], "terms": terms("2026-08-15", quota="92"), "deals": []}
    tables["deals"] = [{"deal_id": "d", "closed_on": "2026-09-01", "amount": "47", "sold_by": "Ann"}]
    told = granger.tree_text(pack.run(tables, as_of=date(2026, 9, 30), period="2026-Q3").explain("payee", "Ann"))
    assert "terms of 2026-08-15 to 2026-09-30, 47 of 92 days   [<frame terms>, row 2]" in told
    assert "target: quota * days_share → 47.00 CNY" in told
    assert "days_share = 0.5109" in told


def test_a_policy_test_expects_the_pay_of_the_last_terms(workspace: Callable[[Mapping[str, str]], Path]) -> None:
    given = (
        "people: [{person: Ann}], terms: [{person: Ann, starts_on: 2026-01-01, ends_on: 2026-08-15, own_variable: 30}, "
        "{person: Ann, starts_on: 2026-08-15, own_variable: 40}]"
    )
    expected = "pay_figures: [{payee: Ann, variable_per_year: 40, base_per_year: 60, target_per_year: 100}]"
    tests = f"kind: tests\nname: t\ncases:\n  - {{test: a, as_of: 2026-09-30, given: {{{given}}}, expect: {{{expected}}}}}\n"
    pays = plan(BONUS.replace("TARGET", "1"), more="pay: {base: 60 per year, variable: own_variable per year}\n")
    (verdict,) = granger.load(workspace({"granger.yaml": TOP, "p.yaml": pays, "t.yaml": tests})).test()
    assert verdict.failures == ()


def test_terms_of_nobody_and_terms_that_overlap_are_rejected(paid: Paid) -> None:
    agreed = [
        *terms("2026-01-01 2026-08-01", "2026-07-31 2026-09-01", "2026-09-01", "2026-05-05 2026-05-05"),
        {"person": "Zoe", "starts_on": "2026-01-01"},
    ]
    outcome = paid(plan(COMMISSION + "rate: 10%\n"), agreed, ("2026-07-01", "100"), ("2026-09-01", "100"))
    assert [(row.row, row.reason, row.level) for row in outcome.rejects] == [
        (2, "row 3 holds on some of the same days", "row"),
        (3, "row 2 holds on some of the same days", "row"),
        (5, "it ends before it holds a day", "row"),
        (6, "people has no row with this key", "row"),
    ]
    assert only(outcome).amount == 10


# --- laws -------------------------------------------------------------------------------------------------------------

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(st.sampled_from(["month", "quarter", "half", "year"]), DAYS, st.sets(DAYS, max_size=6), st.integers(1, 12))
def test_the_shares_of_what_is_in_force_sum_to_the_part_that_is_covered(
    unit: str, day: date, cuts: set[date], starts: int
) -> None:
    """Leap years among them. Of days that follow each other nothing is lost and nothing counted twice."""
    whole = FiscalCalendar(starts).containing(unit, day)
    edges = sorted({whole.start, whole.before, *(cut for cut in cuts if cut in whole)})
    parts = [Period(one, other) for one, other in pairwise(edges)]
    for by in ("days", "months"):
        assert sum(part.share_of(whole, by) for part in parts) == 1
        kept = parts[1:]
        covered = [
            each
            for each in (whole.start + timedelta(days=n) for n in range(whole.days))
            if any(each in part for part in kept) and (by == "days" or each.day == 1)
        ]
        of = whole.days if by == "days" else whole.months
        assert sum((part.share_of(whole, by) for part in kept), Fraction(0)) == Fraction(len(covered), of)
