"""Duties: who does a task or gets a credit by setting, by field and by day; and decisions of a period's first or last day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import granger
import pytest
from granger.engine.runners.memory import Outcome

TOP = """
kind: workspace
name: w
currency: CNY
roles:
  csm: {fallback: [lead]}
  am: {}
  lead: {}
tables:
  people:
    file: people.csv
    key: person
    fields: {person: person, role: {required: false}}
  accounts:
    file: accounts.csv
    key: account_id
    fields:
      account_id: text
      size: {kind: enum, one_of: [large, small], required: false}
      arr: {kind: money, required: false}
      renewal_on: {kind: date, required: false}
  assignments:
    file: assignments.csv
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts}
      role: text
      person: {refers_to: people}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
  deals:
    file: deals.csv
    key: deal_id
    dated_by: closed_on
    fields:
      deal_id: text
      account_id: {refers_to: accounts}
      amount: money
      closed_on: date
  pins:
    file: pins.csv
    valid: {from: from_on, before: before_on}
    fields:
      account_id: {refers_to: accounts}
      tier: text
      from_on: {kind: date, required: false}
      before_on: {kind: date, required: false}
"""
LIBRARY = "kind: library\nname: l\neffective: {from: 2026-01-01}\n"
PLAYBOOK = """
kind: playbook
name: renewals
effective: {from: 2026-01-01}
horizon: 120 days
plays:
  - play: renewal
    anchor: renewal_on
    touches: [{task: call, due: -30 days, owner: renewal_owner}]
"""
COMP = """
kind: comp
name: pay
effective: {from: 2026-01-01}
payees: true
period: quarter
components:
  - {component: c, credit: {table: deals, amount: amount, to: renewal_owner}, rate: 10%}
"""
HELD = [
    {"account_id": "A", "role": "csm", "person": "Lin", "starts_on": "2026-01-01"},
    {"account_id": "A", "role": "am", "person": "Max", "starts_on": "2026-01-01"},
]
PEOPLE = [{"person": name} for name in ("Lin", "Max", "Tan", "Zoe")]

Ran = Callable[..., Outcome]


@pytest.fixture
def ran(workspace: Callable[[Mapping[str, str]], Path]) -> Ran:
    """The workspace with this library, the account A due for renewal on 2026-11-15, and one deal of 100 on 1 August."""

    def run(library: str, as_of: str = "2026-09-30", files: Mapping[str, str] | None = None, **tables: Any) -> Outcome:
        written = {"granger.yaml": TOP, "library.yaml": LIBRARY + library, "playbook.yaml": PLAYBOOK, "comp.yaml": COMP}
        account = {"account_id": "A", "renewal_on": "2026-11-15", **tables.pop("account", {})}
        given = {
            "accounts": [account], "people": PEOPLE, "assignments": HELD, "pins": [],
            "deals": [{"deal_id": "d", "account_id": "A", "amount": "100", "closed_on": "2026-08-01"}],
        }  # fmt: skip
        pack = granger.load(workspace({**written, **(files or {})}))
        return pack.run({**given, **tables}, as_of=date.fromisoformat(as_of)).outcome

    return run


def owners(outcome: Outcome) -> list[tuple[str, str]]:
    return [(task.owner, task.role) for task in outcome.tasks]


def paid(outcome: Outcome) -> list[str]:
    return [line.payee for line in outcome.payouts if line.amount]


SWITCH = (
    "settings:\n"
    "  commercial: {choice: CHOSEN, one_of: [success, split], because: who is responsible for renewal and upsell}\n"
    "duties:\n"
    "  renewal_owner:\n"
    "    - {role: csm, when: commercial == 'success'}\n"
    "    - {role: am}\n"
)


@pytest.mark.parametrize(("chosen", "person", "role"), [("success", "Lin", "csm"), ("split", "Max", "am")])
def test_the_switch_of_commercial_responsibility(chosen: str, person: str, role: str, ran: Ran) -> None:
    """SYSTEMS.md 1: the same renewal task, and the credit, go to the csm or to the account manager."""
    outcome = ran(SWITCH.replace("CHOSEN", chosen))
    assert owners(outcome) == [(person, role)]
    assert [(c.payee, c.earning) for c in outcome.credits] == [(person, 10)]
    assert paid(outcome) == [person]


def test_the_switch_moves_no_task_s_identity(ran: Ran) -> None:
    one, other = (ran(SWITCH.replace("CHOSEN", chosen)).tasks[0] for chosen in ("success", "split"))
    assert one.task_id == other.task_id and one.owner != other.owner


BY_SIZE = "duties:\n  renewal_owner:\n    - {role: am, when: size == 'large'}\n    - {role: csm}\n"


@pytest.mark.parametrize(("size", "person"), [("large", "Max"), ("small", "Lin")])
def test_a_duty_by_a_field_of_the_account(size: str, person: str, ran: Ran) -> None:
    outcome = ran(BY_SIZE, account={"size": size})
    assert [owner for owner, _ in owners(outcome)] == paid(outcome) == [person]


def test_an_undecided_duty_is_nobody_s_task_and_a_credit_that_waits(ran: Ran) -> None:
    outcome = ran(BY_SIZE)
    (row,) = outcome.unserved
    why = "who has the duty renewal_owner cannot be decided without size"
    assert (outcome.tasks, row.task, row.reason) == ([], "call", why)
    assert [(c.payee, c.status, c.earning, c.reason) for c in outcome.credits] == [("", "waiting", None, why)]
    assert paid(outcome) == []


def test_an_undecided_duty_is_of_level_undecided_with_the_field_that_is_missing(ran: Ran) -> None:
    (row,) = ran(BY_SIZE).unserved
    assert (row.level, row.missing) == ("undecided", "size")


BY_DAY = (
    "settings: {moved_on: 2026-10-20}\n"
    "duties:\n  renewal_owner:\n    - {role: am, when: as_of < moved_on}\n    - {role: csm}\n"
)


@pytest.mark.parametrize(
    ("renewal_on", "person"), [("2026-11-18", "Max"), ("2026-11-19", "Lin"), ("2026-12-31", "Lin")]
)
def test_a_duty_by_date_looks_at_the_day_the_task_is_due(renewal_on: str, person: str, ran: Ran) -> None:
    """Due 30 days before the renewal: on 19 October still Max's, on the 20th Lin's."""
    assert [owner for owner, _ in owners(ran(BY_DAY, account={"renewal_on": renewal_on}))] == [person]


@pytest.mark.parametrize(("closed_on", "person"), [("2026-08-14", "Max"), ("2026-08-15", "Lin")])
def test_a_duty_by_date_looks_at_the_day_of_the_row(closed_on: str, person: str, ran: Ran) -> None:
    deals = [{"deal_id": "d", "account_id": "A", "amount": "100", "closed_on": closed_on}]
    outcome = ran(BY_DAY.replace("2026-10-20", "2026-08-15"), deals=deals)
    assert [c.payee for c in outcome.credits] == [person]


def test_a_duty_falls_back_as_its_role_does(ran: Ran) -> None:
    held = [{"account_id": "A", "role": "lead", "person": "Tan", "starts_on": "2026-01-01"}]
    outcome = ran("duties:\n  renewal_owner: {role: csm}\n", assignments=held)
    assert (owners(outcome), paid(outcome)) == ([("Tan", "lead")], ["Tan"])
    nobody = ran("duties:\n  renewal_owner: {role: csm}\n", assignments=[])
    assert [row.reason for row in nobody.unserved] == ["nobody holds csm or lead on 2026-10-16"]
    assert [(c.status, c.reason) for c in nobody.credits] == [("unpaid", "nobody holds csm or lead on 2026-08-01")]


def test_a_duty_that_changes_by_version_counts_by_each_row_s_own_date(ran: Ran) -> None:
    """DESIGN 3: a setting or duty that changes inside a period counts by each row's own date."""
    first = LIBRARY.replace("{from: 2026-01-01}", "{from: 2026-01-01, before: 2026-08-15}")
    second = LIBRARY.replace("2026-01-01", "2026-08-15")
    files = {
        "library.yaml": first + "duties:\n  renewal_owner: {role: am}\n",
        "later.yaml": second + "duties:\n  renewal_owner: {role: csm}\n",
    }
    deals = [
        {"deal_id": f"d{day}", "account_id": "A", "amount": "100", "closed_on": f"2026-08-{day}"} for day in (14, 15)
    ]
    assert [(c.record, c.payee) for c in ran("", files=files, deals=deals).credits] == [("d15", "Lin"), ("d14", "Max")]


GIVEN = "measures:\n  owner_now: {value: renewal_owner}\n  since: {value: held_since(renewal_owner)}\n"
SHOW = """
kind: segmentation
name: s
effective: {from: 2026-01-01}
tiers: [{tier: all, when: true, gives: {who: owner_now, from_day: since}}]
"""


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ([("Lin", "2026-01-01", "")], "who=Lin; from_day=2026-01-01"),
        ([("Lin", "2026-01-01", "2026-06-01"), ("Lin", "2026-06-01", "")], "who=Lin; from_day=2026-01-01"),
        ([("Lin", "2026-01-01", "2026-05-31"), ("Lin", "2026-06-01", "")], "who=Lin; from_day=2026-06-01"),
        ([("Lin", "2026-01-01", "2026-03-01"), ("Max", "2026-03-01", "2026-06-01"), ("Lin", "2026-06-01", "")],
         "who=Lin; from_day=2026-06-01"),
        ([("Lin", "2026-01-01", "2026-10-01")], "who=Lin; from_day=2026-01-01"),
        ([("Lin", "2026-01-01", "2026-09-30")], ""),
        ([("Lin", "2026-09-30", "")], "who=Lin; from_day=2026-09-30"),
        ([("Lin", "2026-10-01", "")], ""),
    ],
)  # fmt: skip
def test_the_holder_and_since_when(held: list[tuple[str, str, str]], shown: str, ran: Ran) -> None:
    rows = [
        {"account_id": "A", "role": "csm", "person": person, "starts_on": start, "ends_on": end}
        for person, start, end in held
    ]
    library = "duties:\n  renewal_owner: {role: csm}\n" + GIVEN
    (row,) = ran(library, files={"tiers.yaml": SHOW}, assignments=rows).segments
    assert row.gives == shown


def test_since_when_looks_through_an_assignment_written_twice(ran: Ran) -> None:
    rows = [
        {"account_id": "A", "role": "csm", "person": "Lin", "starts_on": start}
        for start in ("2025-01-01", "2026-06-01")
    ]
    library = "duties:\n  renewal_owner: {role: csm}\n" + GIVEN
    (row,) = ran(library, files={"tiers.yaml": SHOW}, assignments=rows).segments
    assert row.gives == "who=Lin; from_day=2025-01-01"


def test_since_when_goes_with_the_duty_s_case(ran: Ran) -> None:
    held = [HELD[0], {**HELD[1], "starts_on": "2026-05-01"}]
    for size, shown in [("large", "who=Max; from_day=2026-05-01"), ("small", "who=Lin; from_day=2026-01-01"), ("", "")]:
        library = BY_SIZE + GIVEN
        (row,) = ran(library, files={"tiers.yaml": SHOW}, assignments=held, account={"size": size}).segments
        assert row.gives == shown


# --- facts_as_of ------------------------------------------------------------------------------------------------------

TIERS = """
kind: segmentation
name: grade
effective: {from: 2026-01-01}
tiers: [{tier: A, when: arr >= 100, gives: {share: 20%}}, {tier: B, when: arr < 100, gives: {share: 5%}}]
overrides: {table: pins}
"""
BY_TIER = """
kind: comp
name: pay
effective: {from: 2026-01-01}
payees: true
period: quarter
facts_as_of: DAY
components:
  - {component: c, credit: {table: deals, amount: amount, to: csm}, rate: share}
"""


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2026-08-01", "", 5, 20), ("2026-07-01", "2026-09-30", 20, 5), ("2026-07-01", "2026-10-01", 20, 20),
        ("2026-07-02", "2026-09-30", 5, 5), ("2026-09-30", "", 5, 20),
    ],
)  # fmt: skip
def test_pay_reads_the_tier_of_the_period_s_first_or_last_day(
    start: str, end: str, first: int, last: int, ran: Ran
) -> None:
    """B by its size; an override pins it to A from `start` on, up to the day before `end`."""
    pins = [{"account_id": "A", "tier": "A", "from_on": start, "before_on": end or "2027-01-01"}]
    found = {}
    for day in ("period_start", "period_end"):
        files = {"tiers.yaml": TIERS, "comp.yaml": BY_TIER.replace("DAY", day), "playbook.yaml": ""}
        del files["playbook.yaml"]
        library = "duties:\n  renewal_owner: {role: csm}\n"
        outcome = ran(library, files=files, pins=pins, account={"arr": "50"})
        found[day] = [c.earning for c in outcome.credits]
    assert found == {"period_start": [first], "period_end": [last]}


def test_a_run_on_a_later_day_pays_the_same(ran: Ran) -> None:
    """The decisions of the day that the plan names, never of the day of the run."""
    pins = [{"account_id": "A", "tier": "A", "from_on": "2026-10-05", "before_on": "2027-01-01"}]
    files = {"tiers.yaml": TIERS, "comp.yaml": BY_TIER.replace("DAY", "period_end")}
    library = "duties:\n  renewal_owner: {role: csm}\n"
    for as_of in ("2026-09-30", "2026-10-04", "2026-10-05", "2026-12-30"):
        outcome = ran(library, as_of, files=files, pins=pins, account={"arr": "50"})
        assert [c.earning for c in outcome.credits] == [5]
        assert outcome.segments[0].tier == ("A" if as_of >= "2026-10-05" else "B")


def test_a_plan_that_reads_a_decision_must_say_of_which_day(workspace: Callable[[Mapping[str, str]], Path]) -> None:
    plan = BY_TIER.replace("facts_as_of: DAY\n", "")
    for text, code in [
        (plan, "name-not-visible"),
        (plan.replace("to: csm}, rate: share", "to: renewal_owner}, rate: 5%"), "facts-needed"),
    ]:
        duty = "duties:\n  renewal_owner: [{role: csm, when: tier == 'A'}, {role: am}]\n"
        files = {"granger.yaml": TOP, "tiers.yaml": TIERS, "comp.yaml": text, "library.yaml": LIBRARY + duty}
        pack, found, _ = granger.check(workspace(files))
        assert pack is None and code in [d.code for d in found]


def test_a_duty_by_tier_goes_by_the_day_of_the_facts_in_pay_and_by_the_run_in_tasks(ran: Ran) -> None:
    duty = "duties:\n  renewal_owner: [{role: csm, when: tier == 'A'}, {role: am}]\n"
    plan = BY_TIER.replace("DAY", "period_start").replace("to: csm}, rate: share", "to: renewal_owner}, rate: 10%")
    pins = [{"account_id": "A", "tier": "A", "from_on": "2026-08-01", "before_on": "2027-01-01"}]
    outcome = ran(duty, files={"tiers.yaml": TIERS, "comp.yaml": plan}, pins=pins, account={"arr": "50"})
    assert owners(outcome) == [("Lin", "csm")]
    assert [(c.payee, c.earning) for c in outcome.credits] == [("Max", 10)]


@pytest.mark.parametrize(
    ("duty", "code"),
    [
        ("{role: boss}", "unknown-role"), ("[{role: csm, when: size == 'large'}]", "case-order"),
        ("[{role: csm}, {role: am}]", "case-order"), ("[{role: csm, when: sise == 'large'}, {role: am}]", "unknown-name"),
        ("[{role: csm, when: renewal_owner == 'Lin'}, {role: am}]", "circular-definition"),
    ],
)  # fmt: skip
def test_what_check_refuses(duty: str, code: str, workspace: Callable[[Mapping[str, str]], Path]) -> None:
    library = f"{LIBRARY}duties:\n  renewal_owner: {duty}\n"
    pack, found, _ = granger.check(workspace({"granger.yaml": TOP, "library.yaml": library}))
    assert pack is None and code in [d.code for d in found]
