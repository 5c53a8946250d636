"""Drawn libraries: settings with versions, duties, measures by every verb and window."""

from __future__ import annotations

from random import Random

from .workspace_frame import FROM, policy

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
    per = random.choice(["csm", "owner"])
    values["kept"] = {**people, "per": per}
    values["kept_in_year"] = {**people, "per": "csm", "window": "year"}
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
    values["pot"] = {"sum": "amount / 3", "table": "deals", "per": "company", "window": "quarter"}
    values["company"] = {"average": "amount", "table": "events", "per": "company", "window": "half"}
    values |= in_force(Random(str(values)), per)
    values["by_kind"] = {"sum": "amount", "table": "events", "per": "kind"}
    return values


def in_force(random: Random, per: str) -> dict[str, object]:
    """Over the rows in force on a day, and worked out of a person's and the company's measures."""
    found: dict[str, object] = {}
    days = ["as_of", "add_days(start_of('month', as_of), -1)", "add_months(as_of, -2)"]
    found["roles_held"] = {"count": "rows", "table": "assignments", "at": random.choice(days)}
    found["whole_held"] = {"sum": "split", "table": "assignments", "where": "role == 'csm'", "at": random.choice(days)}
    found["held_by"] = {"distinct": "account_id", "table": "assignments", "per": "csm", "at": random.choice(days)}
    found["since_0"] = {"since": "rows", "table": "assignments", "where": "split > 10%", "at": random.choice(days)}
    found["since_1"] = {"since": "rows", "table": "overrides", "at": random.choice(days)}
    found["first_held"] = {"since": "rows", "table": "assignments", "per": "role", "at": "as_of"}
    found["enough"] = {"share": "good", "table": "events", "per": "kind", "min_population": "limit * 4"}
    found["rest"] = {"value": "1 - coalesce(kept, company / 9)", "per": per}
    found["doubled"] = {"value": "company * 2 / 3", "per": "company"}
    found["beside"] = {"value": "days_between(since_0, as_of) + coalesce(whole_held, 1) / (roles_held - 1)"}
    return found
