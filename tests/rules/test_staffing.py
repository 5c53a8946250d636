"""The figures of staffing: by policy tests, and through files by both readings."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.runners.memory import READINGS

WORKSPACE = """\
kind: workspace
name: service
currency: USD
calendar: {country: US}
roles:
  csm: {cost: 60 per hour, hours: 28 per week, fallback: [success_pool]}
  trainer: {cost: 50 per hour}
  success_pool: {}
tables:
  people:
    file: data/people.csv
    key: person
    fields: {person: person, role: {kind: text, required: false}, pod: {kind: text, required: false}}
  assignments:
    file: data/assignments.csv
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts}
      role: text
      person: {refers_to: people}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
  accounts:
    file: data/accounts.csv
    key: account_id
    dated_by: signed_on
    fields:
      account_id: text
      name: {kind: text, required: false}
      pod: {kind: text, required: false}
      tcv: {kind: money, required: false}
      guide: {kind: person, required: false}
      signed_on: {kind: date, required: false}
      renewal_on: {kind: date, required: false}
measures:
  accounts_held: {per: success_owner, count: account_id, table: accounts, held_on: as_of}
  new_customers: {per: pod, count: account_id, table: accounts, window: 1 month}
  managers: {per: pod, count: person, table: people, where: role == 'csm'}
  all_accounts: {per: company, count: account_id, table: accounts}
  average_value: {per: company, average: tcv, table: accounts}
"""

LIBRARY = """\
kind: library
name: figures
effective: {from: 2026-01-01}
settings: {book_limit: 300, pod_signs: 20, service_share: 10%}
duties: {success_owner: [{role: csm}]}
"""

STAFFING = """\
kind: staffing
name: service
effective: {from: 2026-01-01}
ratios:
  - ratio: accounts-per-manager
    per: success_owner
    load: accounts_held
    one_carries: book_limit
    have: 1
    because: one manager knows at most 300 accounts well
  - {ratio: managers-per-pod, per: pod, load: new_customers, one_carries: pod_signs, have: managers}
  - {ratio: company, per: company, load: all_accounts, one_carries: book_limit / 2, have: 0.5}
  - {ratio: by-value, per: company, load: average_value, one_carries: 30_000}
  - {ratio: carried-by-nobody, per: company, load: all_accounts, one_carries: book_limit - 300}
budgets:
  - budget: service
    for: tcv != 1
    allow: service_share * tcv
    from: signed_on
    before: renewal_on
    bands:
      - {service: under, below: 50%, because: "less than half of what may be spent"}
      - {service: fitting, below: 120%}
      - {service: over}
    because: "invest about 10 % of total contract value in the customer's success"
"""

PLAYBOOK = """\
kind: playbook
name: touches
effective: {from: 2026-01-01}
plays:
  - play: managed-year
    anchor: signed_on
    touches: [{task: join-kickoff, due: +5 business days, owner: success_owner, minutes: 90, close_when: as_of > signed_on}]
  - play: yearly-training
    anchor: signed_on
    repeat: {freq: yearly, first: +1 month, before: renewal_on, on_missing_day: clamp}
    touches: [{task: training, due: +0 days, owner: trainer, minutes: 240, roll: following}]
  - play: renewal-call
    anchor: renewal_on
    touches: [{task: renewal-call, due: -90 days, owner: success_owner, minutes: 60, roll: preceding}]
  - play: yearly-review
    anchor: signed_on
    repeat: {freq: yearly, first: +11 months, before: renewal_on, on_missing_day: clamp}
    touches:
      - {task: account-review, due: +0 days, owner: success_owner, minutes: 30, roll: preceding}
      - {task: note, due: +0 days, owner: success_owner}
  - play: after-the-end
    anchor: renewal_on
    touches: [{task: welcome-back, due: +0 days, owner: success_owner, minutes: 600}]
  - play: any-call
    when: tcv > 0
    touches: [{task: call, due: +1 days, owner: success_owner, minutes: 600}]
"""

TESTS = """\
kind: tests
name: figures
given:
  people:
    - {person: Ana, role: csm}
    - {person: Wu, role: csm, pod: P1}
    - {times: 4, person: "Seller {n}", role: seller, pod: P1}
    - {person: Ben, role: csm}
    - {person: Tess, role: trainer}
cases:
  - test: "301 accounts are too many for one manager"
    as_of: 2026-04-01
    given:
      accounts: [{times: 301, account_id: "X{n}"}]
      assignments: [{times: 301, account_id: "X{n}", role: csm, person: Ana}]
    expect:
      staffing:
        - {ratio: accounts-per-manager, of: Ana, load: 301, over: 1, needed: 2, have: 1, short: 1, status: short}
        - {ratio: accounts-per-manager, count: 1}
  - test: "300 are not"
    as_of: 2026-04-01
    given:
      accounts: [{times: 300, account_id: "X{n}"}]
      assignments: [{times: 300, account_id: "X{n}", role: csm, person: Ana}]
    expect:
      staffing:
        - {ratio: accounts-per-manager, of: Ana, load: 300, over: 0, needed: 1, short: 0, status: enough}
        - {ratio: company, load: 300, one_carries: 150, needed: 2, have: 0.5, short: 1.5, over: 225}
  - test: "40 new customers a month and one manager: short of one"
    as_of: 2026-09-30
    given:
      accounts: [{times: 40, account_id: "N{n}", pod: P1, signed_on: 2026-09-10}]
    expect:
      staffing: [{ratio: managers-per-pod, of: P1, load: 40, needed: 2, have: 1, short: 1}]
  - test: "20 new customers a month: one manager is right"
    as_of: 2026-09-30
    given:
      accounts: [{times: 20, account_id: "N{n}", pod: P1, signed_on: 2026-09-10}]
    expect:
      staffing: [{ratio: managers-per-pod, of: P1, load: 20, needed: 1, have: 1, short: 0}]
  - test: "a pod that signs nobody has its manager to spare; one without a manager has none"
    as_of: 2026-09-30
    given:
      accounts: [{account_id: N1, pod: P2, signed_on: 2026-09-10}]
    expect:
      staffing:
        - {ratio: managers-per-pod, of: P1, load: 0, needed: 0, have: 1, short: -1, over: 0, status: spare}
        - {ratio: managers-per-pod, of: P2, load: 1, needed: 1, have: 0, short: 1, over: 1, status: short}
  - test: "a 50,000 contract has 5,000 to spend; what is planned is far less: under-serviced"
    as_of: 2026-01-05
    given:
      accounts: [{account_id: M1, tcv: 50_000, signed_on: 2026-01-05, renewal_on: 2027-01-05}]
      assignments:
        - {account_id: M1, role: csm, person: Ben, starts_on: 2026-01-05}
        - {account_id: M1, role: trainer, person: Tess, starts_on: 2026-01-05}
    expect:
      budgets: [{budget: service, account_id: M1, allowed: 5_000, planned: 380, share: 7.6%, service: under, missing: missing}]
  - test: "the same on a later day: what is done already was planned too"
    as_of: 2026-12-31
    given:
      accounts: [{account_id: M1, tcv: 50_000, signed_on: 2026-01-05, renewal_on: 2027-01-05}]
      assignments:
        - {account_id: M1, role: csm, person: Ben, starts_on: 2026-01-05}
        - {account_id: M1, role: trainer, person: Tess, starts_on: 2026-01-05}
    expect:
      budgets: [{account_id: M1, planned: 380, service: under}]
  - test: "bands are read from the exact share"
    as_of: 2026-01-05
    given:
      accounts:
        - {account_id: F1, tcv: 7_600, signed_on: 2026-01-05, renewal_on: 2027-01-05}
        - {account_id: U1, tcv: 7_600.01, signed_on: 2026-01-05, renewal_on: 2027-01-05}
        - {account_id: O1, tcv: 3_166.67, signed_on: 2026-01-05, renewal_on: 2027-01-05}
        - {account_id: O2, tcv: 3_166.66, signed_on: 2026-01-05, renewal_on: 2027-01-05}
      assignments:
        - {account_id: F1, role: csm, person: Ben}
        - {account_id: F1, role: trainer, person: Tess}
        - {account_id: U1, role: csm, person: Ben}
        - {account_id: U1, role: trainer, person: Tess}
        - {account_id: O1, role: csm, person: Ben}
        - {account_id: O1, role: trainer, person: Tess}
        - {account_id: O2, role: csm, person: Ben}
        - {account_id: O2, role: trainer, person: Tess}
    expect:
      budgets:
        - {account_id: F1, share: 50%, service: fitting}
        - {account_id: U1, service: under}
        - {account_id: O1, service: fitting}
        - {account_id: O2, service: over}
"""


def workspace(folder: Path) -> Path:
    for name, text in (
        ("granger", WORKSPACE), ("library", LIBRARY), ("staffing", STAFFING), ("playbook", PLAYBOOK), ("tests", TESTS)
    ):  # fmt: skip
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def written(folder: Path, name: str, rows: list[tuple[str, ...]]) -> None:
    (folder / "data").mkdir(exist_ok=True)
    with (folder / "data" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def test_the_figures_of_the_packs(tmp_path: Path) -> None:
    verdicts = granger.load(workspace(tmp_path)).test()
    assert len(verdicts) == 8
    assert [(v.test, [d.message for d in v.failures]) for v in verdicts if not v.passed] == []


ACCOUNTS = [
    ("account_id", "name", "pod", "tcv", "guide", "signed_on", "renewal_on"),
    ("M1", "Merlin", "P1", "50000", "", "2026-01-05", "2027-01-05"),
    ("NONE", "", "P1", "50000", "", "2026-01-05", "2027-01-05"),
    ("POOL", "", "P1", "50000", "", "2026-01-05", "2027-01-05"),
    ("ZERO", "", "P1", "0", "", "2026-01-05", "2027-01-05"),
    ("UNDATED", "", "P1", "50000", "", "2026-01-05", ""),
    ("BACKWARDS", "", "P1", "50000", "", "2026-01-05", "2026-01-05"),
    ("UNPRICED", "", "P1", "", "", "2026-01-05", "2027-01-05"),
    ("OUTSIDE", "", "P1", "1", "", "2026-01-05", "2027-01-05"),
]


def files(folder: Path, held: int) -> None:
    """``held`` accounts of one manager beside those of ACCOUNTS."""
    book = [(f"X{n}", "", "P2", "1", "", "2026-01-02", "2027-01-02") for n in range(held)]
    written(folder, "accounts", [*ACCOUNTS, *book])
    written(
        folder,
        "people",
        [("person", "role", "pod"), ("Ana", "csm", "P2"), ("Ben", "csm", "P1"), ("Tess", "trainer", "")],
    )
    assigned = [("account_id", "role", "person", "starts_on", "ends_on")]
    for account_id in ("M1", "ZERO", "UNDATED", "BACKWARDS", "UNPRICED", "OUTSIDE"):
        assigned += [(account_id, "csm", "Ben", "2026-01-05", ""), (account_id, "trainer", "Tess", "2026-01-05", "")]
    assigned += [("POOL", "success_pool", "Ben", "", ""), ("POOL", "trainer", "Tess", "", "")]
    assigned += [(row[0], "csm", "Ana", "", "") for row in book]
    written(folder, "assignments", assigned)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(("held", "over", "short"), [(300, 0, 0), (301, 1, 1)])
def test_a_full_book_through_files(tmp_path: Path, held: int, over: int, short: int, reading: str) -> None:
    files(workspace(tmp_path), held)
    run = granger.load(tmp_path).run(as_of=date(2026, 1, 31), reading=reading)
    assert run.outcome.reading == reading
    rows = {(row.ratio, row.of): row for row in run.outcome.staffing}
    ana = rows["accounts-per-manager", "Ana"]
    assert (ana.load, ana.needed, ana.have, ana.short, ana.over) == (held, 1 + short, 1, short, over)
    assert rows["accounts-per-manager", "Ben"].load == 7
    assert (rows["managers-per-pod", "P2"].load, rows["managers-per-pod", "P2"].needed) == (held, 15 + (held > 300))
    text = run.texts()["staffing.csv"].splitlines()
    told = f"service,accounts-per-manager,Ana,{held},300,{1 + short},1,{short},{over},"
    assert [line for line in text if ",Ana," in line] == [
        told + ("short" if short else "enough") + ",one manager knows at most 300 accounts well,staffing.yaml:5"
    ]


@pytest.mark.parametrize("reading", READINGS)
def test_what_is_missing_is_a_row_with_its_reason(tmp_path: Path, reading: str) -> None:
    files(workspace(tmp_path), 1)
    run = granger.load(tmp_path).run(as_of=date(2026, 1, 31), reading=reading)
    rows = {row.account_id: row for row in run.outcome.budgets}
    assert set(rows) == {account[0] for account in ACCOUNTS[1:]} - {"OUTSIDE"}
    told = {name: (row.allowed, row.planned, row.service, row.missing) for name, row in rows.items()}
    assert told == {
        "M1": (5000, 380, "under", ""),
        "NONE": (5000, None, "", "an owner of account-review, an owner of join-kickoff, "
                 "an owner of renewal-call, an owner of training"),
        "POOL": (5000, None, "", "the cost of success_pool"),
        "ZERO": (0, 380, "", "an allowed amount above 0"),
        "UNDATED": (5000, None, "", "renewal_on"),
        "BACKWARDS": (5000, None, "", "a day between 2026-01-05 and 2026-01-05"),
        "UNPRICED": (None, None, "", "tcv"),
    }  # fmt: skip
    assert rows["M1"].share == Fraction(76, 1000)
    assert rows["M1"].because == "less than half of what may be spent"
    assert [(d.code, d.message.split("'")[1]) for d in run.findings] == [("role-without-cost", "success_pool")]
    lines = run.texts()["budgets.csv"].splitlines()
    assert (
        lines[0]
        == "policy,budget,account_id,account_name,allowed,planned,share,service,currency,because,missing,source"
    )
    assert "service,service,M1,Merlin,5000.00,380.00,7.6%,under,USD," in "\n".join(lines)
    of = {(row.ratio, row.of): row for row in run.outcome.staffing}
    nobody = of["carried-by-nobody", "company"]
    assert (nobody.load, nobody.one_carries, nobody.needed, nobody.status) == (9, 0, None, "missing")
    assert nobody.because == "one person carries 0: it must be more than 0"
    value = of["by-value", "company"]
    assert (value.load, value.needed, value.short) == (Fraction(250_002, 8), 2, 1)


@pytest.mark.parametrize("reading", READINGS)
def test_a_load_that_is_missing_is_not_dropped(tmp_path: Path, reading: str) -> None:
    files(workspace(tmp_path), 0)
    written(tmp_path, "accounts", [ACCOUNTS[0], ("A1", "", "P1", "", "", "2026-01-05", "")])
    written(tmp_path, "assignments", [("account_id", "role", "person", "starts_on", "ends_on")])
    run = granger.load(tmp_path).run(as_of=date(2026, 1, 31), reading=reading)
    (row,) = (row for row in run.outcome.staffing if row.ratio == "by-value")
    assert (row.load, row.needed, row.short, row.over, row.status) == (None, None, None, None, "missing")
    assert row.because == "cannot be counted without average_value"
    assert "service,by-value,company,,30000,,1,,,missing," in run.texts()["staffing.csv"]


def test_both_readings_write_the_same_bytes(tmp_path: Path) -> None:
    files(workspace(tmp_path), 20)
    pack = granger.load(tmp_path)
    one, other = (pack.run(as_of=date(2026, 1, 31), reading=reading).texts() for reading in READINGS)
    assert len(one["budgets.csv"].splitlines()) == 8
    assert (one["staffing.csv"], one["budgets.csv"]) == (other["staffing.csv"], other["budgets.csv"])


def test_explain_shows_what_an_account_may_cost_and_why(tmp_path: Path) -> None:
    files(workspace(tmp_path), 1)
    run = granger.load(tmp_path).run(as_of=date(2026, 1, 31))
    reason = next(r for r in run.explain("account", "M1").below if r.text.startswith("budget"))
    assert reason.text.startswith("budget service: 380.00 USD planned of 5,000.00 USD, 7.6%: under")
    assert [below.text for below in reason.below[3:]] == [
        "account-review: 1 × 30 minutes of csm: 30.00 USD",
        "join-kickoff: 1 × 90 minutes of csm: 90.00 USD",
        "renewal-call: 1 × 60 minutes of csm: 60.00 USD",
        "training: 1 × 240 minutes of trainer: 200.00 USD",
    ]
    pool = next(r for r in run.explain("account", "POOL").below if r.text.startswith("budget"))
    assert "cannot be told without the cost of success_pool" in pool.text
    assert not [r for r in run.explain("account", "OUTSIDE").below if r.text.startswith("budget")]


def test_the_record_and_the_summary_count_them(tmp_path: Path) -> None:
    from granger.engine.writers.summary import summary

    files(workspace(tmp_path), 301)
    run = granger.load(tmp_path).run(as_of=date(2026, 1, 31))
    record = run.record
    assert {"policy": "service", "ratio": "accounts-per-manager", "lines": {"enough": 1, "short": 1}} in record[
        "staffing"
    ]
    assert record["budgets"] == [{"policy": "service", "budget": "service", "accounts": {"(missing)": 6, "under": 1}}]
    told = [line.split() for line in summary(run.outcome, None).splitlines()]
    assert ["accounts-per-manager", "2", "1", "1", "0"] in told
    assert ["service", "under", "1"] in told
    assert {"kind", "name"} <= record["policies"][0].keys()
    assert "staffing" in [policy["kind"] for policy in record["policies"]]
