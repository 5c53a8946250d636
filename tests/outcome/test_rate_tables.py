"""Rate tables, caps and splits of credit, policy text first: edges hit exactly, quotas, negative amounts, missing data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import granger
import pytest
from granger.engine.outcome.pay.lines import Payout
from granger.engine.runners.memory import Outcome

TOP = """
kind: workspace
name: w
currency: CNY
roles: {csm: {}}
tables:
  accounts: {file: accounts.csv, key: account_id, fields: {account_id: text, fee: {kind: percent, required: false}}}
  people:
    file: people.csv
    key: person
    fields: {person: person, role: {required: false}, quota: {kind: money, required: false}}
  assignments:
    file: assignments.csv
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts}
      role: text
      person: {refers_to: people}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
      split: {kind: percent, required: false}
  deals:
    file: deals.csv
    key: deal_id
    dated_by: closed_on
    fields:
      deal_id: text
      account_id: {refers_to: accounts, required: false}
      amount: {kind: money, required: false}
      closed_on: date
      sold_by: {refers_to: people, required: false}
      helper: {refers_to: people, required: false}
      part: {kind: percent, required: false}
"""
HEAD = "kind: comp\nname: plan\neffective: {from: 2026-01-01}\npayees: role == 'seller'\nperiod: quarter\n"

FALLING = "bands: [{rate: 12%, from: 200}, {rate: 10%, from: 100}, {rate: 5%}]"
RISING = "bands: [{rate: 5%, below: 100}, {rate: 10%, below: 200}, {rate: 12%}]"
OF_QUOTA = "of: quota, bands: [{rate: 12%, from: 200%}, {rate: 10%, from: 100%}, {rate: 5%}]"

Paid = Callable[..., Outcome]


@pytest.fixture
def paid(workspace: Callable[[Mapping[str, str]], Path]) -> Paid:
    """Pay of 2026-Q3. Deals are amounts of Ann's on 1 August, or rows."""

    def run(component: str, *deals: Any, quota: str = "", **tables: list[dict[str, str]]) -> Outcome:
        plan = f"{HEAD}components:\n  - {{component: c, {component}}}\n"
        pack = granger.load(workspace({"granger.yaml": TOP, "comp.yaml": plan}))
        rows = [
            {"deal_id": f"d{i}", "account_id": "A", "amount": "100", "closed_on": "2026-08-01", "sold_by": "Ann"}
            | (deal if isinstance(deal, dict) else {"amount": str(deal)})
            for i, deal in enumerate(deals)
        ]
        people = [{"person": "Ann", "role": "seller", "quota": quota}, {"person": "Bob", "role": "seller"}]
        given = {"accounts": [{"account_id": "A"}], "people": people, "deals": rows, "assignments": [], **tables}
        return pack.run(given, as_of=date(2026, 9, 30)).outcome

    return run


def table(kind: str, shape: str, accumulate: str = "period", to: str = "sold_by", more: str = "") -> str:
    credit = f"credit: {{table: deals, amount: amount, to: {to}}}"
    return f"{credit}, rate_table: {{kind: {kind}, accumulate: {accumulate}, {shape}}}{more}"


def rate(text: str = "10%", to: str = "sold_by", more: str = "") -> str:
    return f"credit: {{table: deals, amount: amount, to: {to}}}, rate: {text}{more}"


def ann(outcome: Outcome) -> Payout:
    return outcome.payouts[0]


def told(outcome: Outcome) -> tuple[str, ...]:
    return tuple(step.text for step in ann(outcome).steps)


def earned(outcome: Outcome) -> list[tuple[str, str, str]]:
    found = [(c.record, c.payee, str(c.earning) if c.earning is not None else c.status) for c in outcome.credits]
    return sorted(found)


KINDS = {
    # amount: marginal, whole_amount, top_tier_on_overage of 100; edges at 100 and 200 for 5, 10 and 12 %
    "-100": ("-5", "-5", "-5"), "0": ("0", "0", "0"), "40": ("2", "2", "2"), "99.99": ("5", "5", "5"),
    "100.01": ("5", "10", "5"), "150": ("10", "15", "10"), "199.99": ("15", "20", "15"),
    "200": ("15", "24", "17"), "300": ("27", "36", "29"),
}  # fmt: skip


@pytest.mark.parametrize("amount", KINDS)
@pytest.mark.parametrize("bands", [FALLING, RISING, OF_QUOTA])
def test_the_kinds_of_rate_tables(amount: str, bands: str, paid: Paid) -> None:
    """By hand, in CNY; 200 at top tier on overage is 100 at 5 % and 100 at 12 %."""
    for kind, expected in zip(("marginal", "whole_amount", "top_tier_on_overage"), KINDS[amount], strict=True):
        shape = bands if "of:" in bands or kind != "top_tier_on_overage" else None
        if shape is not None:
            assert ann(paid(table(kind, shape), amount, quota="100")).amount == Fraction(expected)


def test_an_edge_is_included_by_from_and_left_out_by_below(paid: Paid) -> None:
    for bands in (FALLING, RISING, OF_QUOTA):
        assert ann(paid(table("whole_amount", bands), "100", quota="100")).amount == 10
        assert ann(paid(table("marginal", bands), "100", quota="100")).amount == 5


def test_on_overage_the_quota_itself_is_paid_at_the_rate_below_it(paid: Paid) -> None:
    """99 pays 4.95 and 101 pays 5.10: 100 pays 5, not 10."""
    assert [ann(paid(table("top_tier_on_overage", OF_QUOTA), n, quota="100")).amount for n in (99, 100, 101)] == [
        Fraction("4.95"), 5, Fraction("5.10"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["marginal", "whole_amount", "top_tier_on_overage"])
def test_a_missing_quota_waits(kind: str, paid: Paid) -> None:
    outcome = paid(table(kind, OF_QUOTA), "100")
    assert (ann(outcome).amount, ann(outcome).status) == (None, "waiting")
    assert [c.status for c in outcome.credits] == ["waiting"] and "quota" in outcome.credits[0].reason


@pytest.mark.parametrize("kind", ["marginal", "whole_amount", "top_tier_on_overage"])
@pytest.mark.parametrize("quota", ["0", "-50"])
def test_a_quota_of_zero_or_less_waits(kind: str, quota: str, paid: Paid) -> None:
    outcome = paid(table(kind, OF_QUOTA), "100", quota=quota)
    assert (ann(outcome).amount, ann(outcome).status) == (None, "waiting")
    assert "quota" in ann(outcome).reason


def test_a_quota_of_zero_waits_on_a_curve(paid: Paid) -> None:
    outcome = paid(table("linear", CURVE), "100", quota="0")
    assert (ann(outcome).amount, ann(outcome).status) == (None, "waiting")


def test_a_curve_over_a_quota_of_zero_says_so(paid: Paid) -> None:
    assert "quota" in ann(paid(table("linear", CURVE), "100", quota="0")).reason


@pytest.mark.parametrize(
    ("ends", "amounts"),
    [
        ("hold, above_last: hold", {"50": 10, "100": 10, "150": 35, "200": 60, "250": 110, "300": 160, "400": 160}),
        ("zero, above_last: zero", {"50": 0, "100": 10, "200": 60, "300": 160, "301": 0}),
        ("extend, above_last: extend", {"50": -15, "100": 10, "300": 160, "400": 260}),
    ],
)
@pytest.mark.parametrize("of_quota", [False, True])
def test_linear_gives_the_amount_itself(ends: str, amounts: Mapping[str, int], of_quota: bool, paid: Paid) -> None:
    curve = "curve: [[100, 10], [200, 60], [300, 160]]"
    if of_quota:
        curve = "of: quota, curve: [[100%, 10], [200%, 60], [300%, 160]]"
    for amount, expected in amounts.items():
        line = ann(paid(table("linear", f"{curve}, below_first: {ends}"), amount, quota="100"))
        assert (line.amount, line.rate) == (expected, None)


CURVE = "of: quota, curve: [[0%, 0], [100%, 500]], below_first: hold, above_last: hold"


@pytest.mark.parametrize(
    ("deals", "quota", "attained"),
    [
        ((100, 20), "80", "150% of the quota: 120.00 of 80.00"),
        ((30, -10, ""), "60.50", "33.0579% of the quota: 20.00 of 60.50"),
        ((), "80", "0% of the quota: 0.00 of 80.00"),
        ((-8,), "80", "-10% of the quota: -8.00 of 80.00"),
        ((100,), "", ""),
        ((100,), "0", ""),
    ],
)
@pytest.mark.parametrize("kind", ["marginal", "whole_amount", "top_tier_on_overage", "linear"])
def test_a_line_tells_how_much_of_the_quota_is_reached(
    deals: tuple[object, ...], quota: str, attained: str, kind: str, paid: Paid
) -> None:
    """Also where nothing counts; where the quota is missing, the credits wait and say so."""
    line = ann(paid(table(kind, CURVE if kind == "linear" else OF_QUOTA), *deals, quota=quota))
    told = [step for step in line.steps if step.quota is not None]
    assert [step.text for step in told] == ([f"2026-Q3: {attained}"] if attained else [])
    assert [step.attainment for step in told] == [(line.credit_amount or 0) / Fraction(quota) for _ in told]
    assert line.steps[: len(told)] == tuple(told)


def test_the_quota_of_credits_that_are_looked_up_one_by_one(paid: Paid) -> None:
    """Each alone reaches none of it; those that run through the period do, and months do in each."""
    attained = []
    for accumulate, more in (("each_credit", ""), ("running", ""), ("period", ", period: month")):
        deals = (60, {"amount": "40", "closed_on": "2026-09-01"})
        line = ann(paid(table("marginal", OF_QUOTA, accumulate, more=more), *deals, quota="50"))
        attained.append([step.text for step in line.steps if step.quota is not None])
    assert attained == [
        [],
        ["2026-Q3: 200% of the quota: 100.00 of 50.00"],
        [
            "2026-07: 0% of the quota: 0.00 of 50.00",
            "2026-08: 120% of the quota: 60.00 of 50.00",
            "2026-09: 80% of the quota: 40.00 of 50.00",
        ],
    ]


def test_each_credit_alone_or_the_sum_of_the_period(paid: Paid) -> None:
    """80 and 80 and 80: each at 5 %, or 240 over the bands: 100 at 5, 100 at 10, 40 at 12 %."""
    alone = paid(table("marginal", FALLING, "each_credit"), 80, 80, 80)
    assert (ann(alone).amount, ann(alone).rate) == (12, Fraction(5, 100))
    assert earned(alone) == [("d0", "Ann", "4"), ("d1", "Ann", "4"), ("d2", "Ann", "4")]
    together = paid(table("marginal", FALLING), 80, 80, 80)
    assert ann(together).amount == Fraction("19.80")
    assert told(together) == ("100.00 at 5% = 5.00", "100.00 at 10% = 10.00", "40.00 at 12% = 4.80")
    assert earned(together) == [("d0", "Ann", "33/5"), ("d1", "Ann", "33/5"), ("d2", "Ann", "33/5")]


def test_the_sum_of_a_period_is_of_each_month_where_the_component_is_monthly(paid: Paid) -> None:
    months = ({"closed_on": "2026-07-31"}, {"closed_on": "2026-08-01"}, {"closed_on": "2026-08-31"})
    assert ann(paid(table("marginal", FALLING), *months)).amount == 27
    assert ann(paid(table("marginal", FALLING, more=", period: month"), *months)).amount == 5 + 15


def test_a_clawback_takes_back_what_the_sum_would_not_have_paid(paid: Paid) -> None:
    assert ann(paid(table("marginal", FALLING), 250, -50)).amount == 15
    assert ann(paid(table("marginal", FALLING, "each_credit"), 250, -50)).amount == Fraction("21") - Fraction("2.5")
    assert ann(paid(table("whole_amount", FALLING), 250, -250)).amount == 0


def test_a_credit_without_an_amount_waits_beside_the_others(paid: Paid) -> None:
    outcome = paid(table("marginal", FALLING), 150, "")
    assert (ann(outcome).amount, ann(outcome).status, ann(outcome).waiting_credits) == (10, "partly_waiting", 1)
    assert ann(outcome).reason == "1 waiting: there is no amount: amount is missing"


# --- caps and floors of commissions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "deals", "amount", "step"),
    [
        ("cap: 25", (100, 200), "25", "capped to 25.00 (of 30.00)"), ("cap: 30", (100, 200), "30", None),
        ("floor: 40", (100, 200), "40", "raised to 40.00 (of 30.00)"), ("floor: 40", (), "40", "raised to 40.00 (of 0.00)"),
        ("floor: -5", (-100,), "-5", "raised to -5.00 (of -10.00)"),
    ],
)  # fmt: skip
def test_cap_and_floor_hold_the_component_s_period(
    limit: str, deals: tuple[int, ...], amount: str, step: str | None, paid: Paid
) -> None:
    outcome = paid(rate(more=f", {limit}"), *deals)
    assert (ann(outcome).amount, told(outcome)) == (Fraction(amount), (step,) if step else ())
    if deals:
        parts = [credit.earning for credit in outcome.credits if credit.earning is not None]
        assert sum(parts, Fraction(0)) == Fraction(amount)


def test_a_cap_leaves_a_credit_at_zero_percent_at_zero(paid: Paid) -> None:
    cases = "[{rate: 20%, when: amount > 100}, {rate: 0%}]"
    assert earned(paid(rate(cases, more=", cap: 10"), 200, 100)) == [("d0", "Ann", "10"), ("d1", "Ann", "0")]


def test_a_cap_holds_with_rounding_of_each_credit(paid: Paid) -> None:
    assert ann(paid(rate(more=", cap: 200, round: each_credit"), 1000, 1000, 1000)).amount == 200


def test_a_floor_without_credits_holds_with_rounding_of_each_credit(paid: Paid) -> None:
    assert ann(paid(rate(more=", floor: 40, round: each_credit"))).amount == 40


@pytest.mark.parametrize("limit", ["cap: 150%", "floor: 50%"])
def test_a_commission_has_no_target_amount_to_take_a_share_of(
    limit: str, workspace: Callable[[Mapping[str, str]], Path]
) -> None:
    plan = f"{HEAD}components:\n  - {{component: c, {rate(more=f', {limit}')}}}\n"
    assert granger.check(workspace({"granger.yaml": TOP, "comp.yaml": plan}))[0] is None


# --- splits -----------------------------------------------------------------------------------------------------------

SPLIT = "[{to: sold_by, share: 60%}, {to: helper, share: 40%}]"


def test_a_credit_is_split_by_the_plan(paid: Paid) -> None:
    outcome = paid(rate(to=SPLIT), {"amount": "99.99", "helper": "Bob"})
    shown = [(c.payee, c.credit_amount, c.share, c.rate) for c in outcome.credits]
    assert shown == [
        ("Ann", Fraction("59.994"), Fraction(60, 100), Fraction(10, 100)),
        ("Bob", Fraction("39.996"), Fraction(40, 100), Fraction(10, 100)),
    ]
    assert [(p.payee, p.amount) for p in outcome.payouts] == [("Ann", 6), ("Bob", 4)]


def test_a_share_may_stand_in_the_row(paid: Paid) -> None:
    outcome = paid(
        rate(to="[{to: sold_by, share: part}, {to: helper, share: 1 - part}]"), {"part": "75%", "helper": "Bob"}
    )
    assert [(p.payee, p.amount) for p in outcome.payouts] == [("Ann", Fraction("7.5")), ("Bob", Fraction("2.5"))]


def test_a_missing_share_waits_for_each(paid: Paid) -> None:
    outcome = paid(rate(to="[{to: sold_by, share: part}, {to: helper, share: 1 - part}]"), {"helper": "Bob"})
    assert [(c.payee, c.status, c.reason) for c in outcome.credits] == [
        ("Ann", "waiting", "a share of the row is missing"),
        ("Bob", "waiting", "a share of the row is missing"),
    ]
    assert [(p.amount, p.status) for p in outcome.payouts] == [(None, "waiting"), (None, "waiting")]


@pytest.mark.parametrize(("helper", "why"), [("", "the row names no helper"), ("Eve", "'Eve' is not in the people")])
def test_a_part_for_nobody_is_listed(helper: str, why: str, paid: Paid) -> None:
    outcome = paid(rate(to=SPLIT), {"helper": helper})
    assert ann(outcome).amount == 6
    assert [why in c.reason for c in outcome.credits if c.status == "unpaid"] == [True]


def held(person: str, split: str = "", start: str = "2026-01-01", before: str = "") -> dict[str, str]:
    return {"account_id": "A", "role": "csm", "person": person, "starts_on": start, "ends_on": before, "split": split}


def test_a_role_that_is_shared_splits_by_the_assignments(paid: Paid) -> None:
    outcome = paid(rate(to="csm"), 99.99, assignments=[held("Bob", "70%"), held("Ann", "30%")])
    assert [(p.payee, p.amount) for p in outcome.payouts] == [("Ann", 3), ("Bob", 7)]
    assert sum(c.credit_amount or 0 for c in outcome.credits) == Fraction("99.99")


def test_a_role_that_is_shared_is_split_again_by_the_plan(paid: Paid) -> None:
    to = "[{to: csm, share: 50%}, {to: sold_by, share: 50%}]"
    outcome = paid(rate(to=to), 1000, assignments=[held("Bob", "70%"), held("Ann", "30%")])
    assert [(p.payee, p.amount, p.credits) for p in outcome.payouts] == [("Ann", 65, 2), ("Bob", 35, 1)]


def test_splits_of_a_role_change_with_the_day_of_the_row(paid: Paid) -> None:
    rows = [held("Ann", before="2026-08-01"), held("Ann", "50%", "2026-08-01"), held("Bob", "50%", "2026-08-01")]
    deals = ({"closed_on": "2026-07-31"}, {"closed_on": "2026-08-01"})
    assert [(p.payee, p.amount) for p in paid(rate(to="csm"), *deals, assignments=rows).payouts] == [
        ("Ann", 15),
        ("Bob", 5),
    ]


def test_splits_that_do_not_make_a_whole_are_nobody_s(paid: Paid) -> None:
    outcome = paid(rate(to="csm"), 100, assignments=[held("Bob", "70%"), held("Ann", "40%")])
    why = "2 people hold csm on 2026-08-01: Ann, Bob, whose shares sum to 110%"
    assert [(c.status, c.reason) for c in outcome.credits] == [("unpaid", why)]


def test_a_person_assigned_twice_is_paid_once(paid: Paid) -> None:
    outcome = paid(rate(to="csm"), 100, assignments=[held("Ann"), held("Ann", start="2026-02-01")])
    assert ann(outcome).amount == 10


def test_a_single_part_of_a_shared_role_is_no_whole(paid: Paid) -> None:
    outcome = paid(rate(to="csm"), 100, assignments=[held("Ann", "60%")])
    assert [(c.status, c.share) for c in outcome.credits] != [("credited", Fraction(60, 100))]


# --- gates on commissions ---------------------------------------------------------------------------------------------


@pytest.fixture
def gated(workspace: Callable[[Mapping[str, str]], Path]) -> Callable[..., Outcome]:
    def run(*amounts: str, gate: str = "n >= 2", earns: str = rate(), quota: str = "") -> Outcome:
        library = (
            "kind: library\nname: l\neffective: {from: 2026-01-01}\nmeasures:\n"
            "  n: {count: rows, table: deals, per: sold_by, window: quarter}\n"
            "  total: {max: amount, table: deals, per: sold_by, window: quarter}\n"
        )
        plan = f"{HEAD}gates: [{{gate: sold, when: {gate}, because: agreed}}]\ncomponents:\n  - {{component: c, {earns}}}\n"
        pack = granger.load(workspace({"granger.yaml": TOP, "comp.yaml": plan, "library.yaml": library}))
        deals = [
            {"deal_id": f"d{i}", "account_id": "A", "amount": amount, "closed_on": "2026-08-01", "sold_by": "Ann"}
            for i, amount in enumerate(amounts)
        ]
        people = [{"person": "Ann", "role": "seller", "quota": quota}]
        given = {"accounts": [{"account_id": "A"}], "people": people, "deals": deals}
        return pack.run({**given, "assignments": []}, as_of=date(2026, 9, 30)).outcome

    return run


def test_a_shut_gate_pays_no_commission_with_its_reason(gated: Callable[..., Outcome]) -> None:
    why = "the gate 'sold' is shut: n >= 2 (agreed)"
    shut = gated("100")
    assert (ann(shut).amount, ann(shut).status, ann(shut).reason) == (0, "zero", why)
    assert [(c.earning, c.reason) for c in shut.credits] == [(0, why)]
    assert ann(gated("100", "100")).amount == 20


def test_behind_a_shut_gate_the_quota_is_told_and_no_slice(gated: Callable[..., Outcome]) -> None:
    by_table = table("marginal", OF_QUOTA)
    assert told(gated("60", earns=by_table, quota="80")) == ("2026-Q3: 75% of the quota: 60.00 of 80.00",)
    both = told(gated("60", "20", earns=by_table, quota="80"))
    assert both == ("2026-Q3: 100% of the quota: 80.00 of 80.00", "80.00 at 5% = 4.00")


def test_an_undecided_gate_makes_the_commission_wait(gated: Callable[..., Outcome]) -> None:
    found = gated("100", gate="total / quota > 2")
    assert (ann(found).amount, ann(found).status) == (None, "waiting")
    assert "the gate 'sold' cannot be decided" in ann(found).reason and "quota" in ann(found).reason


def test_behind_a_shut_gate_nothing_waits(gated: Callable[..., Outcome]) -> None:
    found = gated("")
    line, why = ann(found), "the gate 'sold' is shut: n >= 2 (agreed)"
    assert (line.amount, line.status, line.waiting_credits, line.reason) == (0, "zero", 0, why)
    assert [(c.status, c.credit_amount, c.earning, c.reason) for c in found.credits] == [("credited", None, 0, why)]


def test_behind_a_gate_that_is_undecided_a_credit_waits_for_its_own_reason(gated: Callable[..., Outcome]) -> None:
    found = gated("", gate="total / quota > 2")
    assert [(c.status, c.reason) for c in found.credits] == [("waiting", "there is no amount: amount is missing")]
