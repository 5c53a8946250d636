"""Which rows earn, for whom, at which rate; what waits and what is unpaid, each with its reason."""

from __future__ import annotations

from collections.abc import Callable

import granger
import pytest

Ran = Callable[..., granger.Run]

FLAT = "components:\n  - {component: new, credit: {table: deals, amount: amount, to: sold_by}, rate: 10%}\n"
CASES = """\
components:
  - component: new
    credit: {table: deals, where: deal != 'gift', amount: amount, to: sold_by}
    rate:
      - {rate: 20%, when: deal == 'big', because: large}
      - {rate: "30% if amount > 5 else 25%", when: amount > 1_000}
      - {rate: 10%}
"""


def credits(found: granger.Run) -> list[tuple[str, str, str]]:
    """Record, payee, and the earning or the status."""
    rows = [(c.record, c.payee, str(c.earning) if c.status == "credited" else c.status) for c in found.outcome.credits]
    return sorted(rows)


def payouts(found: granger.Run) -> list[tuple[str, str, str]]:
    return [(p.payee, "" if p.amount is None else str(p.amount), p.status) for p in found.outcome.payouts]


ROWS = [
    # a deal; what it comes to
    ("d,a,x,100,2026-08-01,ann", "10"), ("d,a,big,100,2026-08-01,ann", "20"), ("d,a,x,2000,2026-08-01,ann", "600"),
    ("d,a,big,2000,2026-08-01,ann", "400"), ("d,a,gift,100,2026-08-01,ann", None), ("d,a,x,100,2026-07-01,ann", "10"),
    ("d,a,x,100,2026-09-30,ann", "10"), ("d,a,x,100,2026-06-30,ann", None), ("d,a,x,100,2026-10-01,ann", None),
    ("d,a,,100,2026-08-01,ann", "waiting"), ("d,a,x,,2026-08-01,ann", "waiting"), ("d,,x,100,2026-08-01,ann", "10"),
    ("d,zz,x,100,2026-08-01,ann", "10"), ("d,a,x,100,2026-08-01,cat", "unpaid"), ("d,a,x,100,2026-08-01,", "unpaid"),
    ("d,a,x,100,2026-08-01,eve", "unpaid"), ("d,a,x,-100,2026-08-01,ann", "-10"), ("d,a,x,0,2026-08-01,ann", "0"),
    ("d,a,gift,100,2026-08-01,cat", None),
]  # fmt: skip


@pytest.mark.parametrize(("deal", "expected"), ROWS)
def test_what_one_deal_comes_to(deal: str, expected: str | None, ran: Ran) -> None:
    found = ran({"comp": CASES, "deals.csv": deal + "\n", "people.csv": "ann,seller\nbob,seller\ncat,csm\n"})
    payee = deal.rsplit(",", maxsplit=1)[1]
    assert credits(found) == ([("d", payee, expected)] if expected is not None else [])
    assert all(c.reason for c in found.outcome.credits if c.status != "credited" or not c.earning)


REASONS = [
    ("d,a,,100,2026-08-01,ann", "`where` cannot be decided: deal is missing", "comp.yaml:8"),
    ("d,a,x,,2026-08-01,ann", "there is no amount: amount is missing", "comp.yaml:8"),
    ("d,a,x,100,2026-08-01,cat", "cat is no payee of this plan", "comp.yaml:7"),
    ("d,a,x,100,2026-08-01,eve", "'eve' is not in the people table", "comp.yaml:7"),
    ("d,a,x,100,2026-08-01,", "the row names no sold_by", "comp.yaml:7"),
    ("d,a,x,0,2026-08-01,ann", "the amount is 0", "comp.yaml:12"),
]


@pytest.mark.parametrize(("deal", "reason", "source"), REASONS)
def test_the_reasons_and_the_lines_they_stand_on(deal: str, reason: str, source: str, ran: Ran) -> None:
    (credit,) = ran({"comp": CASES, "deals.csv": deal + "\n"}).outcome.credits
    assert (credit.reason, credit.source) == (reason, source)
    assert (credit.file, credit.row, credit.record) == ("deals.csv", 2, "d")


@pytest.mark.parametrize(
    ("component", "reason"),
    [
        ("credit: {table: deals, amount: amount, to: sold_by}, rate: [{rate: 20%, when: deal == 'x'}, {rate: 10%}]",
         "the rate cannot be decided: deal is missing"),
        ("credit: {table: deals, amount: amount, to: sold_by}, rate: \"1 / months_between(renewal_on, closed_on)\"",
         "there is no rate: renewal_on is missing"),
        ("credit: {table: deals, amount: \"amount if deal == 'x' else 0\", to: sold_by}, rate: 10%",
         "there is no amount: deal is missing"),
    ],
)  # fmt: skip
def test_what_is_missing_makes_the_line_wait_and_is_never_zero(component: str, reason: str, ran: Ran) -> None:
    files = {"comp": f"components:\n  - {{component: new, {component}}}\n", "accounts.csv": "a,,,,\n"}
    found = ran({**files, "deals.csv": "d,a,,100,2026-08-01,ann\n"})
    (credit,) = found.outcome.credits
    assert (credit.status, credit.reason, credit.earning) == ("waiting", reason, None)
    line = found.outcome.payouts[0]
    assert (line.payee, line.amount, line.status, line.waiting_credits) == ("ann", None, "waiting", 1)
    assert line.reason == f"1 waiting: {reason}"


def test_a_line_that_waits_in_part_shows_what_is_sure(ran: Ran) -> None:
    found = ran({"comp": FLAT, "deals.csv": "d1,a,x,100,2026-08-01,ann\nd2,a,x,,2026-08-01,ann\n"})
    line = found.outcome.payouts[0]
    assert (line.amount, line.status, line.credits, line.waiting_credits) == (10, "partly_waiting", 1, 1)


def test_every_payee_has_a_line_and_every_zero_a_reason(ran: Ran) -> None:
    found = ran({"comp": FLAT, "deals.csv": "d1,a,x,100,2026-08-01,ann\n"})
    assert payouts(found) == [("ann", "10", "paid"), ("bob", "0", "zero")]
    assert found.outcome.payouts[1].reason == "no row of deals counts for bob in 2026-Q3"
    free = ran({"comp": FLAT.replace("10%", "0%"), "deals.csv": "d1,a,x,100,2026-08-01,ann\n"})
    assert [p.reason for p in free.outcome.payouts] == ["the rate is 0%", "no row of deals counts for bob in 2026-Q3"]
    back = ran({"comp": FLAT, "deals.csv": "d1,a,x,100,2026-08-01,ann\nd2,a,x,-100,2026-08-02,ann\n"})
    assert (back.outcome.payouts[0].status, back.outcome.payouts[0].reason) == ("zero", "the credits add up to zero")


def test_a_sum_of_zero_is_not_explained_by_one_credit_of_zero(ran: Ran) -> None:
    deals = "d1,a,x,100,2026-08-01,ann\nd2,a,x,-100,2026-08-02,ann\nd3,a,x,0,2026-08-03,ann\n"
    assert ran({"comp": FLAT, "deals.csv": deals}).outcome.payouts[0].reason == "the credits add up to zero"


def test_a_role_is_paid_by_who_holds_it_on_the_day_of_the_row(ran: Ran) -> None:
    plan = FLAT.replace("sold_by", "csm")
    held = "a,csm,ann,,2026-08-15\na,csm,bob,2026-08-15,\n"
    deals = "d1,a,x,100,2026-08-14,\nd2,a,x,100,2026-08-15,\nd3,,x,100,2026-08-15,\nd4,zz,x,100,2026-08-15,\n"
    found = ran({"comp": plan, "assignments.csv": held, "deals.csv": deals})
    assert credits(found) == [("d1", "ann", "10"), ("d2", "bob", "10"), ("d3", "", "unpaid"), ("d4", "", "unpaid")]
    assert {c.record: c.reason for c in found.outcome.credits if c.reason} == {
        "d3": "the row names no account, so nobody holds it", "d4": "nobody holds csm or lead on 2026-08-15",
    }  # fmt: skip


def test_an_undecided_payee_is_told(ran: Ran) -> None:
    found = ran({"comp": FLAT, "people.csv": "ann,\nbob,seller\n", "deals.csv": "d1,a,x,100,2026-08-01,ann\n"})
    assert ("payee-undecided", "people.csv, row 2") in [(d.code, str(d.place)) for d in found.findings]
    (credit,) = found.outcome.credits
    assert credit.payee == "ann" and credit.reason == "whether ann is a payee cannot be decided"


def test_a_credit_of_an_undecided_payee_waits(ran: Ran) -> None:
    found = ran({"comp": FLAT, "people.csv": "ann,\nbob,seller\n", "deals.csv": "d1,a,x,100,2026-08-01,ann\n"})
    assert [c.status for c in found.outcome.credits] == ["waiting"]


def test_a_row_that_another_plan_pays_is_still_listed_where_it_is_not(ran: Ran) -> None:
    manager = (
        "kind: comp\nname: manager\neffective: {from: 2026-01-01}\npayees: role == 'csm'\nperiod: quarter\n"
        + FLAT.replace("sold_by", "csm")
    )
    found = ran(
        {"comp": FLAT, "manager.yaml": manager, "assignments.csv": "", "deals.csv": "d1,a,x,100,2026-08-01,ann\n"}
    )
    assert sorted((c.plan, c.status) for c in found.outcome.credits) == [("manager", "unpaid"), ("plan", "credited")]


def test_a_row_without_its_date_is_told(ran: Ran) -> None:
    found = ran({"comp": FLAT, "deals.csv": "d1,a,x,100,,ann\n"})
    (finding,) = [d for d in found.findings if d.code == "undated-rows"]
    assert (str(finding.place), finding.message[:22]) == (
        "deals.csv, row 2, column 'closed_on'",
        "1 row of table 'deals'",
    )
    told = [str(d.place) for d in found.findings] + [r.file for r in found.outcome.rejects]
    assert found.outcome.credits or any("deals.csv" in place for place in told)


def test_rows_without_a_date_that_cannot_count_are_not_told(ran: Ran) -> None:
    deals = "d1,a,gift,100,,ann\nd2,a,x,100,,ann\nd3,a,,100,,ann\n"
    found = ran({"comp": CASES, "deals.csv": deals})
    (finding,) = [d for d in found.findings if d.code == "undated-rows"]
    assert (str(finding.place), finding.message[:6]) == ("deals.csv, row 3, column 'closed_on'", "2 rows")


def test_a_line_of_an_undecided_payee_waits_where_there_is_something_to_pay(ran: Ran) -> None:
    deals = "d1,a,x,100,2026-08-01,ann\nd2,a,x,100,2026-08-01,bob\n"
    found = ran({"comp": FLAT, "people.csv": "ann,\nbob,seller\ndan,\n", "deals.csv": deals})
    assert payouts(found) == [("ann", "", "waiting"), ("bob", "10", "paid")]
    assert found.outcome.payouts[0].reason == "1 waiting: whether ann is a payee cannot be decided"


def test_the_wrong_plan_does_not_list_what_the_right_one_pays(ran: Ran) -> None:
    other = "kind: comp\nname: other\neffective: {from: 2026-01-01}\npayees: role == 'csm'\nperiod: quarter\n" + FLAT
    found = ran({"comp": FLAT, "other.yaml": other, "deals.csv": "d1,a,x,100,2026-08-01,ann\n"})
    assert [(c.plan, c.status) for c in found.outcome.credits] == [("plan", "credited")]


def test_a_rate_is_explained_as_a_percentage_and_an_amount_in_its_currency(ran: Ran) -> None:
    rate = FLAT.replace("10%", "1 / 3").replace("amount: amount", "amount: amount / 3")
    found = ran({"comp": rate, "deals.csv": "d1,a,x,100,2026-08-01,ann\n"})
    text = granger.tree_text(found.explain("payee", "ann"))
    assert "rate: 1 / 3 → 33.3333%" in text and "amount: amount / 3 → 33.33 CNY" in text


def test_the_credit_may_have_its_own_day(ran: Ran) -> None:
    top = (
        "closed_on: {kind: date, required: false}",
        "closed_on: {kind: date, required: false}\n      paid_on: {column: deal, kind: date, required: false}",
    )
    plan = FLAT.replace("to: sold_by", "to: sold_by, dated_by: paid_on")
    found = ran(
        {
            "granger.yaml": top,
            "comp": plan,
            "deals.csv": "d1,a,2026-08-01,100,2026-05-01,ann\nd2,a,2026-05-01,100,2026-08-01,ann\n",
        }
    )
    assert credits(found) == [("d1", "ann", "10")]
