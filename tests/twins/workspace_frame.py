"""What every drawn workspace has: its tables and roles, and how its policies are written down."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random

FROM = {"from": "2026-01-01"}

TOP = """\
kind: workspace
name: drawn
currency: {currency}
fiscal_year_starts: {month}
calendar: {{country: CN}}
statements: {{forms: [markdown, html], language: zh_CN, because: x}}
payroll:
  adp: {{company: 7XY, batch: B, file_number: job, department: person, because: x}}
  table: {{columns: {{P: people.job, C: code, A: amount, E: currency, S: {{text: x}}}}, because: x}}
  codes:
    - {{code: ONE, plan: plain, component: half, because: x}}
    - {{code: A, kind: adjustment}}
    - {{code: B, kind: carried}}
    - {{code: C, kind: clawed_back}}
    - {{code: D, kind: drawn}}
    - {{code: E, kind: earned}}
    - {{code: F, kind: held}}
    - {{code: G, kind: limited}}
    - {{code: H, kind: recovered}}
    - {{code: I, kind: released}}
  because: x
finance: {{accrual: {{because: x}}, because: x}}
roles: {{csm: {{fallback: [lead]}}, lead: {{}}, onboarding: {{fallback: [csm, lead]}}}}
tables:
  accounts:
    file: accounts.csv
    key: account_id
    fields:
      account_id: text
      name: {{required: false}}
      n: {{kind: number, required: false}}
      d: {{kind: number, required: false}}
      m: {{kind: money, required: false}}
      p: {{kind: percent, required: false}}
      seats: {{kind: integer, required: false}}
      start: {{kind: date, required: false}}
      end: {{kind: date, required: false}}
      flag: {{kind: boolean, required: false}}
      word: {{required: false}}
      region: {{kind: enum, one_of: [east, west, none], required: false}}
      friend: {{kind: person, required: false}}
  people:
    file: people.csv
    key: person
    fields: {{person: person, job: {{required: false}}, level: {{kind: number, required: false}}, quota: {{kind: money, required: false}}, manager: {{refers_to: people, required: false}}, wallet: {{required: false}}}}
  assignments:
    file: assignments.csv
    valid: {{from: starts_on, before: ends_on}}
    fields:
      account_id: {{refers_to: accounts, on_unknown: ignore}}
      role: text
      person: {{refers_to: people, on_unknown: ignore}}
      starts_on: {{kind: date, required: false}}
      ends_on: {{kind: date, required: false}}
      split: {{kind: percent, required: false}}
  events:
    file: events.csv
    dated_by: happened_on
    reject_ceiling: 100%
    fields:
      account_id: {{refers_to: accounts, required: false, on_unknown: {unknown}}}
      amount: {{kind: number, required: false}}
      part: {{kind: number, required: false}}
      kind: {{required: false}}
      use_case: {{required: false}}
      good: {{kind: boolean, required: false}}
      happened_on: {{kind: date, required: false}}
      noted_on: {{kind: date, required: false}}
  deals:
    file: deals.csv
    {key}
    dated_by: closed_on
    fields:
      deal_id: {{required: false}}
      account_id: {{refers_to: accounts, required: false, on_unknown: ignore}}
      type: {{required: false}}
      amount: {{kind: money, required: false}}
      base: {{kind: money, required: false}}
      pct: {{kind: number, required: false}}
      paid: {{kind: boolean, required: false}}
      closed_on: {{kind: date, required: false}}
      paid_on: {{kind: date, required: false}}
      coin: {{required: false}}
      sold_by: {{kind: person, required: false}}
      helped_by: {{kind: person, required: false}}
  rates:
    file: rates.csv
    dated_by: quoted_on
    fields: {{from_currency: text, to_currency: text, rate: {{kind: number, required: false}}, quoted_on: date}}
  overrides:
    file: overrides.csv
    valid: {{from: from_on, until: until_on}}
    fields: {{account_id: {{refers_to: accounts, on_unknown: ignore}}, tier: text, reason: {{required: false}}, from_on: {{kind: date, required: false}}, until_on: {{kind: date, required: false}}}}
"""


def flow(value: object) -> str:
    """YAML in one line; numbers and percentages stay plain."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(some)}" for key, some in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if re.fullmatch(r"-?[\d._]+%?|\d{4}-\d\d-\d\d|\{.*\}", text) else json.dumps(text, ensure_ascii=False)


def policy(kind: str, name: str, **keys: object) -> str:
    """A file of one policy; ``effective`` is since 2026-01-01 unless given."""
    head = {"kind": kind, "name": name, "effective": keys.pop("effective", FROM)}
    return "".join(f"{key.rstrip('_')}: {flow(value)}\n" for key, value in {**head, **keys}.items())


def top(random: Random) -> str:
    return TOP.format(
        currency=random.choice(["CNY", "JPY", "KWD"]),
        month=random.choice([1, 4]),
        unknown=random.choice(["ignore", "finding", "reject"]),
        key=random.choice(["key: deal_id", ""]),
    )
