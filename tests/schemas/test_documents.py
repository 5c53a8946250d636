"""Small documents of each kind: the good ones are taken, and one change to them is refused at its place."""

from collections.abc import Callable

import pytest

Problems = Callable[[str, str], list[str]]

WORKSPACE = """
kind: workspace
name: northwind
because: "one workspace for the region"
currency: EUR
timezone: Europe/Berlin
fiscal_year_starts: 4
calendar: {country: DE, subdivision: BY}
roles:
  csm: {fallback: [cs_lead], because: "the lead stands in"}
  cs_lead: {}
tables:
  accounts:
    file: data/accounts.csv
    encoding: windows-1252
    delimiter: ";"
    decimal: comma
    key: account_id
    reject_ceiling: 0.5%
    fields:
      account_id: {column: "Account ID"}
      arr: money
      discount: {kind: percent, scale: 100, at_least: 0%, at_most: 100%, digits: 2, required: false}
      signed_on: {kind: date, format: DD MMM YYYY}
      deal: {kind: enum, one_of: [new, upsell]}
  assignments:
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts, on_unknown: reject}
      starts_on: date
      ends_on: {kind: date, required: false}
measures:
  active_week: {sum: active_users, table: usage, window: 7 days, where: active_users > 0}
  prior: {sum: active_users, table: usage, window: {from: -35 days, before: -7 days}}
  won: {count: rows, table: deals, window: previous quarter, dated_by: closed_on}
  adoption: {value: active_week / 7, kind: percent, digits: 1}
"""
LIBRARY = """
kind: library
name: figures
effective: {from: 2026-01-01, before: 2027-01-01}
settings:
  target_b: 50%
  window_months: 6
  moved_on: 2026-04-01
  strict: true
  rate: {value: 12% / 3, at_least: 1%, at_most: 12% / 2, because: "a third"}
  clock: {choice: signing, one_of: [signing, payment]}
measures:
  is_active: {value: used > 0}
"""
SEGMENTATION = """
kind: segmentation
name: grade
effective: {from: 2026-01-01}
fact: grade
for: country == 'CN'
hit_policy: first
tiers:
  - {tier: A, when: arr >= 30_000, gives: {is_target: true, target: 80%}, because: "worth it"}
  - {tier: "B, 客户", when: true}
otherwise: digital
overrides: {table: overrides, require: [reason, owner]}
"""
PLAYBOOK = """
kind: playbook
name: renewal
effective: {from: 2026-01-01}
horizon: 90 days
plays:
  - play: renewal
    for: is_target
    anchor: renewal_on
    touches:
      - {task: call, due: -3 months, owner: csm, minutes: 45, priority: high, roll: nearest, activity: call}
      - {task: mail, owner: csm, channel: email}
  - play: drop
    when: usage_change <= -30%
    touches: [{task: rescue, due: +2 business days, owner: csm}]
"""
COMP = """
kind: comp
name: seller
effective: {from: 2026-01-01}
payees: role == 'seller'
period: quarter
components:
  - component: new
    credit: {table: deals, where: deal == 'new', amount: amount, to: sold_by, dated_by: closed_on}
    rate: 12%
    rounding: half_even
    round: each_credit
  - component: upsell
    credit: {table: deals, amount: amount, to: sold_by}
    rate: [{rate: 12%, when: is_new, because: "new"}, {rate: 0.04}]
"""
GOOD = {"workspace": WORKSPACE, "library": LIBRARY, "segmentation": SEGMENTATION, "playbook": PLAYBOOK, "comp": COMP}


@pytest.mark.parametrize("kind", GOOD)
def test_good_documents_are_taken(kind: str, problems: Problems) -> None:
    assert problems(kind, GOOD[kind]) == []


@pytest.mark.parametrize(
    ("kind", "written", "instead"),
    [
        ("workspace", "file: data/accounts.csv\n", "file: data/accounts.xlsx\n    sheet: Sheet 1\n"),
        ("workspace", "valid: {from: starts_on, before: ends_on}", "valid: {until: until_on}"),
        ("workspace", "window: 7 days", "window: half"),
        ("segmentation", "otherwise: digital", "otherwise: {tier: C, gives: {is_target: false}, because: the rest}"),
        ("playbook", "horizon: 90 days\n", ""),
        ("playbook", "horizon: 90 days", "horizon: {before: 2027-01-01}"),
        ("playbook", "due: -3 months", "due: 1 business day"),
        ("comp", "rate: 12%\n", "rate: 0.12\n"),
        ("comp", "rate: 12%\n", "rate: new_rate / 3\n"),
        ("playbook", "anchor: renewal_on", "anchor: 2026-12-31"),
        ("segmentation", "fact: grade", "fact: grade\nhold: 90 days"),
    ],
)
def test_other_ways_to_write_it_are_taken(kind: str, written: str, instead: str, problems: Problems) -> None:
    assert written in GOOD[kind]
    assert problems(kind, GOOD[kind].replace(written, instead)) == []


@pytest.mark.parametrize(
    ("kind", "written", "instead", "problem"),
    [
        ("workspace", "kind: workspace", "kind: comp", "kind const"),
        ("workspace", "currency: EUR", "currency: eur", "currency pattern"),
        ("workspace", "currency: EUR\n", "", "required"),
        ("workspace", "timezone", "time_zone", "additionalProperties"),
        ("workspace", "starts: 4", "starts: 13", "fiscal_year_starts maximum"),
        ("workspace", "country: DE", "country: Germany", "calendar/country pattern"),
        ("workspace", "fallback: [cs_lead]", "fallback: []", "roles/csm/fallback minItems"),
        ("workspace", "arr: money", "ARR: money", "tables/accounts/fields pattern"),
        ("workspace", "arr: money", "arr: cash", "tables/accounts/fields/arr oneOf"),
        ("workspace", "0.5%", "0.5", "tables/accounts/reject_ceiling type"),
        ("workspace", "scale: 100", "scale: 10", "tables/accounts/fields/discount oneOf"),
        ("workspace", "one_of: [new, upsell]", "one_of: [new, 5]", "tables/accounts/fields/deal oneOf"),
        ("workspace", "format: DD MMM YYYY", "format: YYYY", "tables/accounts/fields/signed_on oneOf"),
        ("workspace", "before: ends_on", "til: ends_on", "tables/assignments/valid additionalProperties"),
        ("workspace", "window: 7 days", "window: 7 business days", "measures/active_week/window oneOf"),
        ("workspace", "window: 7 days", "window: 0 days", "measures/active_week/window oneOf"),
        ("workspace", ", before: -7 days", "", "measures/prior/window oneOf"),
        ("workspace", "kind: percent, digits: 1", "kind: text", "measures/adoption/kind enum"),
        ("library", "from: 2026-01-01", "from: 2026-1-1", "effective/from format"),
        ("library", "from: 2026-01-01, ", "", "effective required"),
        ("library", "effective: {from: 2026-01-01, before: 2027-01-01}\n", "", "required"),
        ("library", "target_b: 50%", "target_b: [50%]", "settings/target_b oneOf"),
        ("library", "one_of: [signing, payment]", "one_of: signing", "settings/clock oneOf"),
        ("segmentation", "hit_policy: first", "hit_policy: priority", "hit_policy enum"),
        ("segmentation", "when: arr >= 30_000, ", "", "tiers/0 required"),
        ("segmentation", "gives: {is_target", "gives: {Is target", "tiers/0/gives pattern"),
        ("segmentation", "target: 80%", "target: [80%]", "tiers/0/gives/target type"),
        ("segmentation", "tier: A", f"tier: {'A' * 101}", "tiers/0/tier pattern"),
        ("segmentation", "tier: A", 'tier: "A\\n"', "tiers/0/tier pattern"),
        ("segmentation", "tier: A", "tier: 1", "tiers/0/tier type"),
        ("segmentation", "fact: grade", 'fact: "grade\\n"', "fact pattern"),
        ("segmentation", "otherwise: digital", "otherwise: {gives: {is_target: false}}", "otherwise oneOf"),
        ("segmentation", "table: overrides, ", "", "overrides required"),
        ("playbook", "horizon: 90 days", "horizon: -90 days", "horizon oneOf"),
        ("playbook", "horizon: 90 days", "horizon: 90 business days", "horizon oneOf"),
        ("playbook", "due: -3 months", "due: three months", "plays/0/touches/0/due pattern"),
        ("playbook", "due: -3 months", "due: -3", "plays/0/touches/0/due type"),
        ("playbook", "minutes: 45", "minutes: 45.5", "plays/0/touches/0/minutes type"),
        ("playbook", "roll: nearest", "roll: next", "plays/0/touches/0/roll enum"),
        ("playbook", "task: mail, owner: csm", "task: mail", "plays/0/touches/1 required"),
        ("playbook", "[{task: rescue, due: +2 business days, owner: csm}]", "[]", "plays/1/touches minItems"),
        ("comp", "period: quarter", "period: week", "period enum"),
        ("comp", "payees: role == 'seller'", f"payees: {'x' * 2001}", "payees maxLength"),
        ("comp", "rate: 12%\n", "rate: []\n", "components/0/rate oneOf"),
        ("comp", "rate: 12%\n", "rate: {rate: 12%}\n", "components/0/rate oneOf"),
        ("comp", "{rate: 0.04}", "{when: is_new}", "components/1/rate oneOf"),
        ("comp", "amount: amount, to: sold_by}", "to: sold_by}", "components/1/credit required"),
        ("comp", "round: each_credit", "round: total", "components/0/round enum"),
    ],
)
def test_near_misses_are_refused_at_their_place(
    kind: str, written: str, instead: str, problem: str, problems: Problems
) -> None:
    assert written in GOOD[kind]
    assert problems(kind, GOOD[kind].replace(written, instead)) == [problem]
