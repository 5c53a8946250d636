"""Bonuses, policy text first: attainment, what it earns, weights, missing data, caps and floors, gates, shorter periods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import granger
import pytest
from granger.engine.diagnostics import Span
from granger.engine.outcome.pay.bonus import Attainment
from granger.engine.outcome.pay.lines import Payout
from granger.engine.runners.memory import Outcome

TOP = """
kind: workspace
name: w
currency: CNY
tables:
  accounts: {file: accounts.csv, key: account_id, fields: {account_id: text}}
  people:
    file: people.csv
    key: person
    fields:
      person: person
      role: {required: false}
      goal: {kind: number, required: false}
      lead: {kind: boolean, required: false}
  marks:
    file: marks.csv
    dated_by: on_day
    fields:
      account_id: {refers_to: accounts, required: false}
      by: {refers_to: people}
      on_day: date
      mark: {kind: number, required: false}
measures:
  mark: {average: mark, table: marks, per: by, window: quarter}
  mark_of_month: {average: mark, table: marks, per: by, window: month}
  floor_mark: {min: mark, table: marks, per: by, window: quarter}
  all_marks: {sum: mark, table: marks, per: company, window: quarter}
"""
HEAD = "kind: comp\nname: plan\neffective: {from: 2026-01-01}\npayees: role == 'csm'\nperiod: quarter\n"
PAY = "pay: {on_target: 180_000 per year, base: 8_000 per month}\n"
LINE = "kind: linear, curve: [[70%, 0%], [100%, 100%], [120%, 150%]], below_first: hold, above_last: extend"

Paid = Callable[..., Outcome]


@pytest.fixture
def paid(workspace: Callable[[Mapping[str, str]], Path]) -> Paid:
    """Ann's pay of 2026-Q3; ``marks`` are her marks on 1 August, or (day, mark)."""

    def run(policy: str, *marks: Any, person: Mapping[str, str] | None = None, since: str = "2026-01-01") -> Outcome:
        text = HEAD.replace("2026-01-01", since) + policy
        pack = granger.load(workspace({"granger.yaml": TOP, "comp.yaml": text}))
        dated = [mark if isinstance(mark, tuple) else ("2026-08-01", mark) for mark in marks]
        rows = [{"by": "Ann", "on_day": day, "mark": mark} for day, mark in dated]
        tables = {"accounts": [], "people": [{"person": "Ann", "role": "csm", **(person or {})}], "marks": rows}
        return pack.run(tables, as_of=date(2026, 9, 30), period="2026-Q3").outcome

    return run


def bonus(pays: str = LINE, more: str = "", **keys: str) -> str:
    """A plan of one bonus: 21,000 a quarter at target."""
    given = {"weight": "100%", "measure": "mark", "target": "80%", "if_missing": "wait", **keys}
    body = ", ".join(f"{key}: {value}" for key, value in given.items() if value)
    return PAY + more + f"components:\n  - {{component: b, {body}, pays: {{{pays}}}}}\n"


def beside(weight: str) -> str:
    """A second bonus, which has the rest of the weight."""
    return (
        f"  - {{component: rest, weight: {weight}, measure: mark, if_missing: zero, "
        "pays: {kind: steps, bands: [{earns: 0%}]}}\n"
    )


def only(outcome: Outcome) -> tuple[Attainment, Payout]:
    (attained,) = [each for each in outcome.attainments if each.component == "b"]
    (line,) = [each for each in outcome.payouts if each.component == "b"]
    return attained, line


@pytest.mark.parametrize(
    ("mark", "attainment", "earns", "amount"),
    [
        ("0.8", "100%", "100%", "21_000"), ("0.68", "85%", "50%", "10_500"), ("0.56", "70%", "0%", "0"),
        ("0.4", "50%", "0%", "0"), ("0.88", "110%", "125%", "26_250"), ("0.96", "120%", "150%", "31_500"),
        ("1.04", "130%", "175%", "36_750"), ("0.8008", "100.1%", "100.25%", "21_052.50"),
    ],
)  # fmt: skip
def test_attainment_is_the_measure_over_its_target(
    mark: str, attainment: str, earns: str, amount: str, paid: Paid
) -> None:
    """Variable pay is 180,000 - 96,000 = 84,000 a year, 21,000 a quarter."""
    attained, line = only(paid(bonus(), mark))
    assert (attained.value, attained.target) == (Fraction(mark), Fraction(80, 100))
    assert attained.target_amount == 21_000
    assert (attained.attainment, attained.earns) == tuple(Fraction(p[:-1]) / 100 for p in (attainment, earns))
    assert line.amount == attained.earning == Fraction(amount)
    assert attained.status == ("attained" if line.amount else "zero")
    assert line.reason == ("" if line.amount else "mark earns 0% at this attainment")


@pytest.mark.parametrize(
    ("end", "low", "high"), [("hold", "20%", "150%"), ("zero", "0%", "0%"), ("extend", "-60%", "175%")]
)
def test_the_ends_of_a_curve(end: str, low: str, high: str, paid: Paid) -> None:
    """Below 50 % the first line falls 8 % for each percent of attainment, above 120 % the last one rises 2.5 %."""
    curve = "curve: [[50%, 20%], [60%, 100%], [100%, 100%], [120%, 150%]]"
    pays = f"kind: linear, {curve}, below_first: {end}, above_last: {end}"
    for mark, earns in [("0.4", low), ("0.5", "20%"), ("0.6", "100%"), ("1", "100%"), ("1.2", "150%"), ("1.3", high)]:
        attained, line = only(paid(bonus(pays, target="1"), mark))
        assert attained.earns == Fraction(earns[:-1]) / 100
        assert line.amount == 210 * Fraction(earns[:-1])


@pytest.mark.parametrize(
    ("mark", "earns"), [("10", 120), ("9", 120), ("8.99", 100), ("8", 100), ("7.99", 0), ("-1", 0)]
)
@pytest.mark.parametrize(
    "bands",
    [
        "[{earns: 120%, from: 9}, {earns: 100%, from: 8}, {earns: 0%}]",
        "[{earns: 0%, below: 8}, {earns: 100%, below: 9}, {earns: 120%}]",
    ],
)
def test_steps_over_the_measure_itself_in_both_directions(bands: str, mark: str, earns: int, paid: Paid) -> None:
    attained, line = only(paid(bonus(f"kind: steps, bands: {bands}", target=""), mark))
    assert (attained.target, attained.attainment, attained.earns) == (None, Fraction(mark), Fraction(earns, 100))
    assert line.amount == 21_000 * Fraction(earns, 100)


@pytest.mark.parametrize(
    ("rule", "status", "earning", "reason"),
    [
        ("wait", "waiting", None, "mark has no value for Ann (no rows)"),
        ("zero", "zero", "0", "mark has no value for Ann (no rows)"),
        ("target", "attained", "21_000", "mark has no value for Ann (no rows): paid as on target"),
    ],
)
def test_a_measure_without_data_does_what_the_policy_says(
    rule: str, status: str, earning: str | None, reason: str, paid: Paid
) -> None:
    attained, line = only(paid(bonus(if_missing=rule)))
    expected = Fraction(earning) if earning is not None else None
    assert (attained.status, attained.earning, attained.reason) == (status, expected, reason)
    assert (attained.value, attained.target) == (None, Fraction(80, 100))
    assert (line.amount, line.status) == (expected, {"waiting": "waiting", "zero": "zero"}.get(status, "paid"))


@pytest.mark.parametrize("rule", ["wait", "zero", "target"])
@pytest.mark.parametrize(("goal", "why"), [("", "the target is missing"), ("0", "the target is 0")])
def test_a_target_that_is_missing_or_zero_waits(goal: str, why: str, rule: str, paid: Paid) -> None:
    attained, line = only(paid(bonus(target="goal", if_missing=rule), "5", person={"goal": goal}))
    assert (attained.status, attained.earning, attained.reason, attained.value) == ("waiting", None, why, 5)
    assert (line.amount, line.status, line.reason) == (None, "waiting", why)


def test_a_measure_of_zero_is_data_and_attains_zero(paid: Paid) -> None:
    attained, line = only(paid(bonus(), "0"))
    assert (attained.value, attained.attainment, attained.status, line.amount) == (0, 0, "zero", 0)


@pytest.mark.parametrize(
    ("person", "amount", "status", "reason"),
    [
        ({"lead": "yes", "goal": "1"}, "12_600", "paid", ""),
        ({"lead": "no", "goal": "1"}, "8_400", "paid", ""),
        ({"goal": "1"}, None, "waiting", "the weight cannot be decided: lead"),
    ],
)
def test_weights_by_cases(person: Mapping[str, str], amount: str | None, status: str, reason: str, paid: Paid) -> None:
    plan = bonus(target="goal", weight="[{weight: 60%, when: lead}, {weight: 40%}]")
    plan += beside("[{weight: 40%, when: lead}, {weight: 60%}]")
    _, line = only(paid(plan, "1", person=person))
    assert (line.amount, line.status, line.reason) == (Fraction(amount) if amount else None, status, reason)


@pytest.mark.parametrize(("lead", "total"), [("yes", "110%"), ("no", "100%"), ("", None)])
def test_weights_that_do_not_sum_to_100_for_a_payee_wait(lead: str, total: str | None, paid: Paid) -> None:
    """One that is not known leaves the other line as it is: that one waits for itself."""
    plan = bonus(weight="60%") + beside("[{weight: 50%, when: lead}, {weight: 40%}]")
    outcome = paid(plan, "1", person={"lead": lead} if lead else {})
    attained, line = only(outcome)
    if total == "110%":
        assert (line.amount, line.reason) == (None, "the weights of Ann sum to 110%, not to 100%")
        assert {each.status for each in outcome.payouts} == {"waiting"}
    else:
        assert attained.target_amount == Fraction(12_600)
        assert line.status == "paid"


@pytest.mark.parametrize("rule", ["wait", "zero", "target"])
def test_a_weight_of_zero_pays_zero_without_waiting(rule: str, paid: Paid) -> None:
    plan = bonus(weight="[{weight: 0%, when: lead}, {weight: 100%}]", if_missing=rule)
    plan += beside("[{weight: 100%, when: lead}, {weight: 0%}]")
    attained, line = only(paid(plan, person={"lead": "yes"}))
    assert (attained.status, attained.earning, attained.target_amount) == ("zero", 0, 0)
    assert (line.amount, line.status, line.reason) == (0, "zero", "its weight is 0%")


@pytest.mark.parametrize(
    ("limit", "mark", "amount"),
    [
        ("cap: 110%", "1.2", "23_100"), ("cap: 20_000", "0.8", "20_000"), ("cap: 150%", "0.96", "31_500"),
        ("floor: 25%", "0.1", "5_250"), ("floor: 1_000", "0.1", "1_000"), ("floor: 1_000", "0.8", "21_000"),
        ("floor: 50%, cap: 110%", "0.1", "10_500"), ("floor: 50%, cap: 110%", "2", "23_100"),
    ],
)  # fmt: skip
def test_cap_and_floor_as_shares_and_as_money(limit: str, mark: str, amount: str, paid: Paid) -> None:
    attained, line = only(paid(bonus().replace("component: b,", f"component: b, {limit},"), mark))
    assert line.amount == attained.earning == Fraction(amount)


def test_a_bonus_that_is_capped_says_so(paid: Paid) -> None:
    attained, line = only(paid(bonus().replace("component: b,", "component: b, cap: 110%,"), "0.96"))
    assert "cap" in attained.reason + " ".join(step.text for step in line.steps)


def test_a_shorter_period_of_the_component_is_summed(paid: Paid) -> None:
    """7,000 a month at target; July at 100 %, August at 85 %, September at 110 %: 100 + 50 + 125 %."""
    plan = bonus(measure="mark_of_month", period="month")
    outcome = paid(plan, ("2026-07-31", "0.8"), ("2026-08-01", "0.68"), ("2026-09-30", "0.88"))
    assert [(a.period, a.target_amount, a.earning) for a in outcome.attainments] == [
        ("2026-07", 7_000, 7_000), ("2026-08", 7_000, 3_500), ("2026-09", 7_000, 8_750),
    ]  # fmt: skip
    (line,) = outcome.payouts
    assert (line.amount, line.period, line.status) == (19_250, "2026-Q3", "paid")


def test_a_month_without_data_waits_and_the_others_are_sure(paid: Paid) -> None:
    plan = bonus(measure="mark_of_month", period="month")
    outcome = paid(plan, ("2026-07-31", "0.8"), ("2026-09-30", "0.88"))
    assert [a.status for a in outcome.attainments] == ["attained", "waiting", "attained"]
    (line,) = outcome.payouts
    assert (line.amount, line.status) == (15_750, "partly_waiting")
    assert line.reason == "mark_of_month has no value for Ann (no rows)"


def test_months_are_rounded_once_in_their_sum(paid: Paid) -> None:
    """1,000 a quarter is 333.33… a month: three of them are 1,000.00."""
    plan = bonus(measure="mark_of_month", period="month").replace(
        PAY, "pay: {base: 0 per year, variable: 1_000 per quarter}\n"
    )
    outcome = paid(plan, ("2026-07-31", "0.8"), ("2026-08-31", "0.8"), ("2026-09-30", "0.8"))
    assert outcome.payouts[0].amount == 1_000
    assert {a.target_amount for a in outcome.attainments} == {Fraction(1_000, 3)}


def test_the_months_that_are_shown_sum_to_the_line(paid: Paid) -> None:
    from granger.engine.amounts import round_to

    plan = bonus(measure="mark_of_month", period="month").replace(
        PAY, "pay: {base: 0 per year, variable: 1_000 per quarter}\n"
    )
    outcome = paid(plan, ("2026-07-31", "0.8"), ("2026-08-31", "0.8"), ("2026-09-30", "0.8"))
    shown = [round_to(a.earning, 2) for a in outcome.attainments if a.earning is not None]
    assert sum(shown) == outcome.payouts[0].amount


@pytest.mark.parametrize(("rounding", "amount"), [("half_up", "0.13"), ("half_even", "0.12")])
def test_a_line_is_rounded_as_its_component_says(rounding: str, amount: str, paid: Paid) -> None:
    plan = bonus(rounding=rounding, target="1").replace(PAY, "pay: {base: 0 per year, variable: 0.5 per year}\n")
    assert only(paid(plan, "1"))[1].amount == Fraction(amount)


def test_the_company_s_measure_pays_everybody(paid: Paid) -> None:
    assert only(paid(bonus(measure="all_marks", target="1.6"), "0.8", "0.8"))[1].amount == 21_000


GATES = (
    "gates:\n  - {gate: good-work, when: mark >= 50%}\n  - {gate: no-slip, when: floor_mark >= 20%, because: agreed}\n"
)


def test_both_gates_open(paid: Paid) -> None:
    assert only(paid(bonus(more=GATES), "1.4", "0.2"))[1].amount == 21_000


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        (("0.3", "0.3"), "the gate 'good-work' is shut: mark >= 50%"),
        (("1.41", "0.19"), "the gate 'no-slip' is shut: floor_mark >= 20% (agreed)"),
        (("0.1",), "the gate 'good-work' is shut: mark >= 50%"),
    ],
)
def test_one_shut_gate_pays_zero_whatever_was_attained(marks: tuple[str, ...], reason: str, paid: Paid) -> None:
    attained, line = only(paid(bonus(more=GATES, target="10%"), *marks))
    assert (attained.status, attained.earning, attained.reason) == ("gated", 0, reason)
    assert (line.amount, line.status, line.reason) == (0, "zero", reason)
    assert attained.attainment is not None


@pytest.mark.parametrize("rule", ["wait", "zero", "target"])
def test_an_undecided_gate_waits(rule: str, paid: Paid) -> None:
    plan = bonus(more=GATES, measure="all_marks", if_missing=rule)
    attained, line = only(paid(plan, ("2026-08-01", "")))
    assert (attained.status, attained.earning) == ("waiting", None)
    assert (line.amount, line.status) == (None, "waiting")
    assert "the gate 'good-work' cannot be decided" in attained.reason and "mark" in attained.reason


def test_a_shut_gate_outweighs_an_undecided_one(paid: Paid) -> None:
    gates = "gates: [{gate: a, when: goal > 1}, {gate: b, when: mark >= 50%}]\n"
    attained, line = only(paid(bonus(more=gates), "0.4"))
    assert (attained.status, line.amount, line.reason) == ("gated", 0, "the gate 'b' is shut: mark >= 50%")


def test_a_gate_of_the_plan_is_asked_for_the_plan_s_period(paid: Paid) -> None:
    """'Conditions without which nothing of the plan is paid': the quarter's mark ends at 40 %."""
    gates = "gates: [{gate: good-work, when: mark >= 50%}]\n"
    plan = bonus(more=gates, measure="mark_of_month", period="month")
    outcome = paid(plan, ("2026-07-31", "0.8"), ("2026-08-01", "0.4"), ("2026-09-30", "0"))
    assert [a.status for a in outcome.attainments] == ["gated"] * 3
    assert outcome.payouts[0].amount == 0


def test_a_plan_that_starts_inside_the_period_pays_its_days(paid: Paid) -> None:
    """From 1 September: 30 of the quarter's 92 days."""
    outcome = paid(bonus(), "0.8", since="2026-09-01")
    (attained,) = outcome.attainments
    assert attained.target_amount == 21_000 * Fraction(30, 92)
    assert outcome.payouts[0].amount == Fraction("6847.83")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("if_missing: wait, ", ""), "bonus-incomplete"),
        (("target: 80%, if_missing: wait", "if_missing: target"), "missing-as-target"),
        ((PAY, ""), "bonus-without-pay"),
        (("weight: 100%", "weight: 90%"), "weights-total"),
        ((", below_first: hold, above_last: extend", ""), "curve-ends"),
        (("kind: linear", "kind: steps"), "pays-form"),
        (("base: 8_000 per month", "base: 200_000 per year"), "pay-negative"),
        (("base: 8_000 per month", "base: 8_000 a month"), "pay-form"),
        (("base: 8_000 per month", "base: 8_000 per month, variable: 1 per year"), "pay-two-of-three"),
        (("measure: mark", "measure: marks"), "unknown-name"),
        (("component: b", "component: b, period: year"), "period-longer"),
        (("component: b", "component: b, credit: {table: marks, amount: mark, to: by}"), "component-form"),
    ],
)
def test_what_check_refuses(change: tuple[str, str], code: str, workspace: Callable[[Mapping[str, str]], Path]) -> None:
    plan = bonus()
    assert change[0] in plan
    found = granger.check(workspace({"granger.yaml": TOP, "comp.yaml": HEAD + plan.replace(*change)}))[1]
    assert code in [d.code for d in found]


def test_a_measure_per_something_else_than_persons_is_no_measure_of_a_payee(
    workspace: Callable[[Mapping[str, str]], Path],
) -> None:
    """``per: region`` has a value for each region, none for Ann: the bonus would wait for ever, for 'no rows'."""
    top = TOP.replace("on_day: date\n", "on_day: date\n      region: text\n")
    top = top.replace(
        "  mark: {average: mark, table: marks, per: by,", "  mark: {average: mark, table: marks, per: region,"
    )
    assert top.count("region") == 2
    pack, found, _ = granger.check(workspace({"granger.yaml": top, "comp.yaml": HEAD + bonus()}))
    errors = [(d.code, d.place.line) for d in found if d.is_error and isinstance(d.place, Span)]
    assert pack is None and errors == [("name-not-visible", (HEAD + PAY).count("\n") + 2)]


def test_rows_that_name_persons_and_no_account_can_be_measured(
    workspace: Callable[[Mapping[str, str]], Path],
) -> None:
    """Courses taken, answers to a survey: rows of a person, of no account."""
    top = TOP.replace("      account_id: {refers_to: accounts, required: false}\n", "")
    pack, found, _ = granger.check(workspace({"granger.yaml": top, "comp.yaml": HEAD + bonus()}))
    assert pack is not None, [d.message for d in found if d.is_error]


def test_a_bonus_of_less_than_a_cent_says_so(paid: Paid) -> None:
    pay = "pay: {variable: 0.01 per year, base: 1 per month}\n"
    component = f"components: [{{component: c, weight: 100%, measure: mark, if_missing: wait, pays: {{{LINE}}}}}]\n"
    (line,) = paid(pay + component, 1).payouts
    assert (line.amount, line.status, line.reason) == (0, "zero", "what it earns rounds to zero")
