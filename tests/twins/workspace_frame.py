"""What every drawn workspace has: its tables, roles, settings, duties, and measures by every verb and window."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random

WINDOWS = [
    "7 days",
    "2 weeks",
    "1 month",
    "month",
    "quarter",
    "half",
    "year",
    "previous month",
    "previous quarter",
    "{from: -35 days, before: -7 days}",
    "{from: -3 months, before: 0 days}",
]
FROM = {"from": "2026-01-01"}

TOP = """\
kind: workspace
name: drawn
currency: {currency}
fiscal_year_starts: {month}
calendar: {{country: CN}}
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
    fields: {{person: person, job: {{required: false}}, level: {{kind: number, required: false}}, quota: {{kind: money, required: false}}}}
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
      sold_by: {{kind: person, required: false}}
      helped_by: {{kind: person, required: false}}
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


def library(random: Random) -> dict[str, str]:
    """Figures that change inside the quarter, duties, and measures of accounts, people and the company."""
    settings = {
        "rate": "7/300",
        "limit": 3,
        "low": {"value": "rate / 3", "at_least": "0%"},
        "clock": {"choice": "start", "one_of": ["start", "end"]},
    }
    later = {**settings, "rate": "11.125%"}
    # the last falls back to whoever there is
    cases = [
        {"role": "lead", "when": "n > limit"},
        {"role": "csm", "when": "flag or as_of < start"},
        {"role": "onboarding"},
    ]
    duties = {"owner": cases}
    files = {
        "figures.yaml": policy("library", "figures", settings=settings, effective={**FROM, "before": "2026-08-15"})
    }
    files["figures-later.yaml"] = policy("library", "figures", settings=later, effective={"from": "2026-08-15"})
    files["measures.yaml"] = policy("library", "measures", duties=duties, measures=measures(random))
    return files


def measures(random: Random) -> dict[str, object]:
    values: dict[str, object] = {
        "ratio": {"value": "n / d"},
        "growth": {"value": random.choice(["m / m_before - 100%", "n / d - 100%"])},
        "m_before": {"value": "m / 3 / n"},
        "cents": {"value": "round(m / 7, 2)"},
        "age": {"value": "months_between(start, as_of)"},
        "clock_on": {"value": "start if clock == 'start' else end"},
        "held": {"value": "days_between(held_since(csm), as_of)"},
        "share_of": {"value": "total_all / (total_all + total_all)"},
        "loud": {"value": "lower(coalesce(word, 'x')) == 'out'"},
        "total_all": {"sum": "amount", "table": "events"},
    }
    wheres = [
        {},
        {},
        {"where": "good"},
        {"where": "kind == 'a' or amount > n"},
        {"where": "part != 0"},
        {"where": "amount / part > 1/3"},
    ]
    whats = {
        "count": ["rows", "good", "amount"],
        "sum": ["amount", "amount / 3", "amount * n", "amount / part"],
        "average": ["amount", "amount / part", "part - n"],
        "min": ["amount", "happened_on", "amount / part"],
        "max": ["amount", "noted_on", "part"],
        "latest": ["amount", "kind", "happened_on", "amount / part"],
        "earliest": ["part", "good", "noted_on"],
        "any": ["good", "amount > 5", "amount / part >= 1"],
        "share": ["good", "amount > n", "kind in ('a', 'b')"],
        "distinct": ["kind", "amount", "amount / part", "happened_on"],
    }
    for verb, some in whats.items():
        for i in range(2):
            measure: dict[str, object] = {verb: random.choice(some), "table": "events", **random.choice(wheres)}
            if random.random() < 0.7:
                measure["window"] = random.choice(WINDOWS)
            if random.random() < 0.2:
                measure["dated_by"] = "noted_on"
            values[f"{verb}_{i}"] = measure
    values["over_0"] = {"sum": "amount", "over": "part", "table": "events", "window": random.choice(WINDOWS)}
    values["over_1"] = {"sum": "amount / 7", "over": "part - 1", "table": "events", **random.choice(wheres)}
    people = {"sum": "amount", "over": "part", "table": "events", "window": "quarter"}
    values["kept"] = {**people, "per": random.choice(["csm", "owner"])}
    values["share_kept"] = {
        "share": "good",
        "table": "events",
        "per": "csm",
        "window": "month",
        "min_population": random.choice([1, 5]),
    }
    values["book"] = {
        "average": "n",
        "table": "accounts",
        "per": "csm",
        "held_on": "as_of",
        "where": "not is_missing(d)",
    }
    values["company"] = {"average": "amount", "table": "events", "per": "company", "window": "half"}
    values["by_kind"] = {"sum": "amount", "table": "events", "per": "kind"}
    return values
