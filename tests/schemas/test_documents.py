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
duties:
  renewal_owner: {role: csm, because: "success works renewals"}
  upsell_owner: [{role: seller, when: is_new}, {role: csm}]
measures:
  is_active: {value: used > 0}
  renewal_rate: {sum: renewed, over: due, table: renewals, per: renewal_owner, window: quarter, min_population: 20}
  active_rate: {share: is_active, table: accounts, per: csm, held_on: as_of, because: "agreed"}
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
    touches: [{task: rescue, due: +2 business days, owner: csm, close_when: usage_change >= 0%}]
  - play: check-in
    anchor: signed_on
    per: contract
    repeat: {freq: monthly, interval: 2, first: 1 month, before: renewal_on, on_missing_day: skip}
    touches: [{task: check-in, owner: renewal_owner}]
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
MANAGER = """
kind: comp
name: manager
effective: {from: 2026-01-01}
payees: role == 'csm'
period: quarter
facts_as_of: period_start
pay: {on_target: 180_000 per year, base: 8_000.50 per month}
gates: [{gate: floor, when: renewal_rate >= 60%, because: "below it nothing is earned"}]
components:
  - component: renewal
    weight: [{weight: 60%, when: level == 'lead', because: "leads renew"}, {weight: 40%}]
    measure: renewal_rate
    target: 90%
    if_missing: wait
    pays: {kind: linear, curve: [[70%, 0%], [100%, 100%]], below_first: hold, above_last: extend}
    cap: 200%
    floor: 0
    period: month
  - component: logo
    weight: 60%
    measure: logo_rate
    if_missing: target
    pays: {kind: steps, bands: [{earns: 150%, from: 120%, because: "far"}, {earns: 100%, from: 100%}, {earns: 0%}]}
  - component: upsell
    credit: {table: deals, amount: amount, to: [{to: sold_by, share: 60%}, {to: csm, share: 1 - 60%}]}
    rate_table: {kind: marginal, of: quota, accumulate: period, bands: [{rate: 5%, below: 100%}, {rate: 8%}]}
  - component: services
    credit: {table: deals, amount: amount, to: renewal_owner}
    rate_table:
      kind: linear
      accumulate: each_credit
      curve: [[0, 0], [100_000, 5_000]]
      below_first: zero
      above_last: extend
"""
HEALTH = """
kind: health
name: account-health
effective: {from: 2026-01-01}
fact: health
for: is_target
neutral: 40
weights_total: 100
digits: 0
min_coverage: 60%
measures:
  - {measure: adoption, weight: 50, bands: [{points: 100, from: 60%, because: "use"}, {points: 10}], missing: exclude}
  - {measure: usage_change, weight: 30, curve: [[-50%, 0], [0%, 70], [30%, 100]], missing: neutral, because: "use"}
  - group: money
    weight: 20
    missing: worst
    measures:
      - {measure: days_overdue, weight: 70%, bands: [{points: 100, below: 1}, {points: -5.5}], missing: fail}
      - {measure: plan, weight: 30%, cases: [{points: 100, when: plan == 'gold'}, {points: 0}], missing: worst}
exceptions:
  - {when: days_overdue > 60, at_most: 40, because: "unpaid"}
  - {when: is_reference, at_least: 60}
grades: [{grade: green, from: 75}, {grade: "red, or so"}]
"""
TESTS = """
kind: tests
name: renewal-kpi
because: "what was agreed in January"
given:
  people: [{person: Lin, role: csm}]
settings: {target_b: 50%}
cases:
  - test: "10 accounts, one of them lost"
    as_of: 2026-09-30
    period: 2026-Q3
    because: "the rule as it stands"
    settings: {clock: payment, moved_on: 2026-04-01}
    given:
      accounts: [{times: 10, account_id: "A{n}", arr: 60_000, is_new: true, signed_on: 2024-07-10, name: ""}]
    expect:
      tiers: [{account_id: A1, tier: A}, {tier: C, count: 0}]
      measures: [{measure: renewal_rate, of: Lin, value: 72.5%}]
      payouts: [{payee: Lin, component: upsell, amount: missing}]
      whatever: [{count: 0}]
  - {test: "nothing is said", as_of: 2026-09-30, expect: {diagnostics: [{count: 0}]}}
"""
GOOD = {
    "workspace": WORKSPACE,
    "library": LIBRARY,
    "segmentation": SEGMENTATION,
    "health": HEALTH,
    "playbook": PLAYBOOK,
    "comp": COMP,
    "tests": TESTS,
}


@pytest.mark.parametrize("kind", GOOD)
def test_good_documents_are_taken(kind: str, problems: Problems) -> None:
    assert problems(kind, GOOD[kind]) == []


def test_bonuses_rate_tables_and_splits_are_taken(problems: Problems) -> None:
    assert problems("comp", MANAGER) == []


@pytest.mark.parametrize(
    ("written", "instead", "problem"),
    [
        ("period_start\n", "first_day\n", "facts_as_of enum"),
        ("pay: {on_target: 180_000 per year", "pay: {total: 180_000 per year", "pay additionalProperties"),
        ("gate: floor, ", "", "gates/0 required"),
        ("{weight: 40%}", "{when: true}", "components/0/weight oneOf"),
        ("    measure: renewal_rate", "    measure: renewal rate", "components/0/measure pattern"),
        ("if_missing: wait", "if_missing: 0", "components/0/if_missing enum"),
        ("kind: linear, curve", "kind: straight, curve", "components/0/pays/kind enum"),
        ("[70%, 0%]", "[70%]", "components/0/pays/curve/0 minItems"),
        ("[70%, 0%]", "[70%, 0%, 1]", "components/0/pays/curve/0 maxItems"),
        ("[70%, 0%]", "[70%, none]", "components/0/pays/curve/0/1 pattern"),
        ("below_first: hold", "below_first: flat", "components/0/pays/below_first enum"),
        ("cap: 200%", "cap: double", "components/0/cap pattern"),
        ("period: month", "period: week", "components/0/period enum"),
        ("{earns: 0%}", "{points: 0}", "components/1/pays/bands/2 additionalProperties"),
        ("from: 120%", "from: far", "components/1/pays/bands/0/from pattern"),
        ("to: [{to: sold_by, share: 60%}", "to: [{share: 60%}", "components/2/credit/to oneOf"),
        ("accumulate: period, ", "", "components/2/rate_table required"),
        ("kind: marginal", "kind: tiered", "components/2/rate_table/kind enum"),
    ],
)
def test_near_misses_of_bonuses_and_rate_tables(written: str, instead: str, problem: str, problems: Problems) -> None:
    assert MANAGER.count(written) == 1
    found = problems("comp", MANAGER.replace(written, instead))
    assert problem in found
    assert {each.split()[0] for each in found} == {problem.split()[0]}


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
        ("library", '{role: csm, because: "success works renewals"}', "[{role: csm}]"),
        ("playbook", "before: renewal_on", "until: 2026-12-31"),
        ("playbook", "before: renewal_on", "count: 400"),
        ("playbook", "monthly, interval: 2, first: 1 month, before: renewal_on, on_missing_day: skip", "daily"),
        ("health", "weights_total: 100\n", "weights_total: 100%\n"),
        ("health", "weight: 50,", "weight: 50.5%,"),
        ("tests", "    period: 2026-Q3\n", ""),
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
        ("library", "{role: csm}]", "{when: is_old}]", "duties/upsell_owner oneOf"),
        ("library", '{role: csm, because: "success works renewals"}', "csm", "duties/renewal_owner oneOf"),
        ("library", "renewal_owner: {role", "Renewal owner: {role", "duties pattern"),
        ("library", "min_population: 20", "min_population: 0", "measures/renewal_rate/min_population minimum"),
        ("library", "per: csm", "per: [csm]", "measures/active_rate/per type"),
        ("health", "weights_total: 100\n", "weights_total: 0%\n", "weights_total pattern"),
        ("health", "weight: 50,", "weight: -50,", "measures/0/weight minimum"),
        ("health", "weight: 50,", "weight: -50%,", "measures/0/weight pattern"),
        ("health", "weight: 50, ", "", "measures/0 required"),
        ("health", ", missing: exclude", "", "measures/0 required"),
        ("health", "missing: neutral", "missing: ignore", "measures/1/missing enum"),
        ("health", "points: -5.5", "points: half", "measures/2/measures/0/bands/1/points type"),
        ("health", "below: 1}", "under: 1}", "measures/2/measures/0/bands/0 additionalProperties"),
        ("health", "group: money", 'group: ""', "measures/2/group pattern"),
        ("health", "[0%, 70]", "[0%]", "measures/1/curve/1 minItems"),
        ("health", "{when: is_reference, ", "{", "exceptions/1 required"),
        ("health", "grade: green, ", "", "grades/0 required"),
        ("health", "digits: 0", "digits: 5", "digits maximum"),
        ("health", "min_coverage: 60%", "min_coverage: 0.6", "min_coverage type"),
        ("tests", "as_of: 2026-09-30\n    period", "as_of: 30.9.2026\n    period", "cases/0/as_of format"),
        ("tests", "    as_of: 2026-09-30\n", "", "cases/0 required"),
        ("tests", "times: 10", "times: 0", "cases/0/given/accounts/0/times minimum"),
        ("tests", "arr: 60_000", "arr: [60_000]", "cases/0/given/accounts/0/arr type"),
        ("tests", "arr: 60_000", "ARR: 60_000", "cases/0/given/accounts/0 pattern"),
        ("tests", "{tier: C, count: 0}", "{tier: C, count: none}", "cases/0/expect/tiers/1/count type"),
        ("tests", "[{count: 0}]\n", "{count: 0}\n", "cases/0/expect/whatever type"),
        ("tests", "tier: A}", "tier: [A]}", "cases/0/expect/tiers/0/tier type"),
        ("segmentation", "hit_policy: first", "hit_policy: priority", "hit_policy enum"),
        ("segmentation", "when: arr >= 30_000, ", "", "tiers/0 required"),
        ("segmentation", "gives: {is_target", "gives: {Is target", "tiers/0/gives pattern"),
        ("segmentation", "target: 80%", "target: [80%]", "tiers/0/gives/target type"),
        ("segmentation", "tier: A", f"tier: {'A' * 101}", "tiers/0/tier pattern"),
        ("segmentation", "tier: A", "tier: '   '", "tiers/0/tier pattern"),
        ("segmentation", "tier: A", 'tier: "A\\n"', "tiers/0/tier pattern"),
        ("segmentation", "tier: A", "tier: 1", "tiers/0/tier type"),
        ("segmentation", "fact: grade", 'fact: "grade\\n"', "fact pattern"),
        ("segmentation", "otherwise: digital", "otherwise: {gives: {is_target: false}}", "otherwise oneOf"),
        ("segmentation", "table: overrides, ", "", "overrides required"),
        ("playbook", "horizon: 90 days", "horizon: -90 days", "horizon oneOf"),
        ("playbook", "horizon: 90 days", "horizon: 90 business days", "horizon oneOf"),
        ("playbook", "due: -3 months", "due: three months", "plays/0/touches/0/due pattern"),
        ("playbook", "due: -3 months", "due: -3", "plays/0/touches/0/due type"),
        ("playbook", "freq: monthly", "freq: month", "plays/2/repeat/freq enum"),
        ("playbook", "freq: monthly, ", "", "plays/2/repeat required"),
        ("playbook", "interval: 2", "interval: 0", "plays/2/repeat/interval oneOf"),
        ("playbook", "before: renewal_on", "count: 401", "plays/2/repeat/count maximum"),
        ("playbook", "on_missing_day: skip", "on_missing_day: last", "plays/2/repeat/on_missing_day enum"),
        ("playbook", "per: contract", "per: the contract", "plays/2/per pattern"),
        ("playbook", "minutes: 45", "minutes: 45.5", "plays/0/touches/0/minutes type"),
        ("playbook", "roll: nearest", "roll: next", "plays/0/touches/0/roll enum"),
        ("playbook", "task: mail, owner: csm", "task: mail", "plays/0/touches/1 required"),
        ("playbook", "[{task: check-in, owner: renewal_owner}]", "[]", "plays/2/touches minItems"),
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
