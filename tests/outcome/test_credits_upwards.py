"""Credits that go up from person to person: the manager, the manager's manager, people in a circle."""

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
roles: {csm: {}}
tables:
  accounts: {file: a.csv, key: account_id, fields: {account_id: text}}
  people: {file: p.csv, key: person, fields: {person: person, manager: {refers_to: people, required: false}}}
  assignments:
    file: h.csv
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts}
      role: text
      person: {refers_to: people}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
      split: {kind: percent, required: false}
  deals:
    file: d.csv
    key: deal_id
    dated_by: closed_on
    fields: {deal_id: text, account_id: {refers_to: accounts}, amount: money, closed_on: date, sold_by: {refers_to: people, required: false}}
"""
PLAN = "kind: comp\nname: plan\neffective: {from: 2026-01-01}\npayees: true\nperiod: quarter\n"
MANAGERS = {"Ann": "Ben", "Ben": "Cat", "Cat": "Dan", "Dan": ""}
CIRCLE = {**MANAGERS, "Dan": "Ben"}

Paid = Callable[..., Pay]


@pytest.fixture
def paid(workspace: Callable[[Mapping[str, str]], Path]) -> Paid:
    def run(
        to: str, *sellers: str, managers: Mapping[str, str] = MANAGERS, rate: str = "10%", held: Mapping[str, str] = {}
    ) -> Pay:
        credit = f"{{table: deals, amount: amount, to: {to}}}"
        plan = f"{PLAN}components:\n  - {{component: c, credit: {credit}, rate: {rate}}}\n"
        pack = granger.load(workspace({"granger.yaml": TOP, "comp.yaml": plan}))
        given = {
            "accounts": [{"account_id": "A"}],
            "people": [{"person": person, "manager": manager} for person, manager in managers.items()],
            "assignments": [
                {"account_id": "A", "role": "csm", "person": person, "split": split} for person, split in held.items()
            ],
            "deals": [
                {"deal_id": f"d{n}", "account_id": "A", "amount": "1000", "closed_on": "2026-08-01", "sold_by": seller}
                for n, seller in enumerate(sellers)
            ],
        }
        return paid_alike(pack, pack.run(given, as_of=date(2026, 9, 30), parts=["pay"]).outcome)

    return run


def credited(pay: Pay) -> list[tuple[str, Fraction | None, str, str]]:
    return [(credit.payee, credit.credit_amount, credit.status, credit.reason) for credit in pay.credits]


def test_the_manager_is_credited_on_top(paid: Paid) -> None:
    found = paid("[{to: sold_by, share: 100%}, {to: sold_by, through: manager, overlay: 50%}]", "Ann")
    assert credited(found) == [("Ann", 1000, "credited", ""), ("Ben", 500, "credited", "manager of Ann")]
    assert {line.payee: line.amount for line in found.payouts} == {"Ann": 100, "Ben": 50, "Cat": 0, "Dan": 0}


def test_all_above_are_credited_and_each_says_through_whom(paid: Paid) -> None:
    found = paid("[{to: sold_by, through: manager, levels: all, overlay: 100%}]", "Ann", "Cat")
    assert credited(found) == [
        ("Ben", 1000, "credited", "manager of Ann"),
        ("Cat", 1000, "credited", "manager of Ben, manager of Ann"),
        ("Dan", 1000, "credited", "manager of Cat, manager of Ben, manager of Ann"),
        ("Dan", 1000, "credited", "manager of Cat"),
    ]


def test_levels_say_how_far_up(paid: Paid) -> None:
    found = paid("[{to: sold_by, through: manager, levels: 2, overlay: 100%}]", "Ann")
    assert [credit.payee for credit in found.credits] == ["Ben", "Cat"]


def test_nobody_above_is_told(paid: Paid) -> None:
    found = paid("[{to: sold_by, through: manager, levels: all, overlay: 100%}]", "Dan", "")
    assert credited(found) == [
        ("", None, "unpaid", "Dan has no manager"),
        ("", None, "unpaid", "the row names no sold_by"),
    ]


def test_a_circle_waits_and_is_a_finding(paid: Paid) -> None:
    found = paid("[{to: sold_by, through: manager, levels: all, overlay: 100%}]", "Ann", managers=CIRCLE)
    why = "by manager these stand above each other: Ben, Cat, Dan"
    assert credited(found) == [(name, None, "waiting", why) for name in ("Ben", "Cat", "Dan")]
    assert found.circles == {("manager", ("Ben", "Cat", "Dan"))}
    one_up = paid("[{to: sold_by, through: manager, overlay: 100%}]", "Ann", managers=CIRCLE)
    assert (credited(one_up), one_up.circles) == ([("Ben", 1000, "credited", "manager of Ann")], set())


def test_who_stands_above_oneself_waits(paid: Paid) -> None:
    found = paid("[{to: sold_by, through: manager, overlay: 100%}]", "Ann", managers={"Ann": "Ann"})
    assert credited(found) == [("Ann", None, "waiting", "by manager these stand above each other: Ann")]


def test_those_who_share_a_role_go_up_with_their_parts(paid: Paid) -> None:
    to = "[{to: csm, through: manager, overlay: 50%}]"
    found = paid(to, "Dan", held={"Ann": "60%", "Cat": "40%"})
    assert credited(found) == [
        ("Ben", 300, "credited", "manager of Ann"),
        ("Dan", 200, "credited", "manager of Cat"),
    ]


def test_a_zero_says_why_beside_through_whom(paid: Paid) -> None:
    found = paid("[{to: sold_by, through: manager, overlay: 100%}]", "Ann", rate="0%")
    assert credited(found) == [("Ben", 1000, "credited", "manager of Ann; the rate is 0%")]
    assert {line.payee: line.reason for line in found.payouts}["Ben"] == "manager of Ann; the rate is 0%"
    up_and_down = "[{rate: 10%, when: deal_id == 'd0'}, {rate: -10%}]"
    found = paid("[{to: sold_by, through: manager, overlay: 100%}]", "Ann", "Ann", rate=up_and_down)
    assert {line.payee: line.reason for line in found.payouts}["Ben"] == "the credits add up to zero"


TERMS = """\
  terms:
    file: t.csv
    valid: {from: starts_on, before: ends_on}
    fields:
      person: {refers_to: people}
      lead: {refers_to: people, required: false}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
"""


def test_who_stands_above_by_the_terms_is_asked_on_the_day_of_the_row(
    workspace: Callable[[Mapping[str, str]], Path],
) -> None:
    to = "[{to: sold_by, through: lead, levels: all, overlay: 100%}]"
    plan = f"{PLAN}components:\n  - {{component: c, credit: {{table: deals, amount: amount, to: {to}}}, rate: 1%}}\n"
    pack = granger.load(workspace({"granger.yaml": TOP + TERMS, "comp.yaml": plan}))
    given = {
        "accounts": [{"account_id": "A"}],
        "people": [{"person": person} for person in MANAGERS],
        "assignments": [],
        "terms": [
            {"person": "Ann", "lead": "Ben", "ends_on": "2026-08-15"},
            {"person": "Ann", "lead": "Cat", "starts_on": "2026-08-15", "ends_on": "2026-09-10"},
            {"person": "Ben", "lead": "Dan", "starts_on": "2026-08-02"},
            {"person": "Cat"},
            {"person": "Dan"},
        ],
        "deals": [
            {"deal_id": day, "account_id": "A", "amount": "1000", "closed_on": day, "sold_by": "Ann"}
            for day in ("2026-08-01", "2026-08-02", "2026-08-14", "2026-08-15", "2026-09-10")
        ],
    }
    found = paid_alike(pack, pack.run(given, as_of=date(2026, 9, 30), parts=["pay"]).outcome)
    by_day: dict[str, list[tuple[str, str]]] = {}
    for credit in found.credits:
        by_day.setdefault(credit.record, []).append((credit.payee, credit.status))
    assert by_day == {
        "2026-08-01": [("Ben", "unpaid")],
        "2026-08-02": [("Ben", "credited"), ("Dan", "credited")],
        "2026-08-14": [("Ben", "credited"), ("Dan", "credited")],
        "2026-08-15": [("Cat", "credited")],
        "2026-09-10": [("", "unpaid")],
    }


@pytest.mark.parametrize(("through", "code"), [("boss", "unknown-field"), ("level", "field-of-kind")])
def test_through_names_a_field_of_people_that_names_people(
    through: str, code: str, workspace: Callable[[Mapping[str, str]], Path]
) -> None:
    top = TOP.replace("{person: person,", "{person: person, level: {kind: number, required: false},")
    credit = f"{{table: deals, amount: amount, to: [{{to: sold_by, through: {through}, overlay: 100%}}]}}"
    plan = f"{PLAN}components:\n  - {{component: c, credit: {credit}, rate: 1%}}\n"
    _, diagnostics, _ = granger.check(workspace({"granger.yaml": top, "comp.yaml": plan}))
    problems = [(d.code, str(d.place)) for d in diagnostics if d.code != "missing-file"]
    assert [(found, place.rpartition("/")[2]) for found, place in problems] == [(code, "comp.yaml:7:87")]
