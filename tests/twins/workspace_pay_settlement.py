"""A drawn plan of draws, holdbacks and clawbacks, in two versions that meet inside the quarter: what the first leaves,
the second recovers, releases and takes back."""

from __future__ import annotations

from random import Random

from .workspace_frame import FROM, policy

AMOUNTS = ["quota * 10% per quarter", "333.33 per month", "quota / level per year", "1_000 per half"]
DAYS = ["add_days(date('2026-08-12'), 0)", "add_days(as_of, -20)", "add_days(as_of, 40)", "end_of('year', as_of)"]
CLAWED = ["closed_on", "add_days(closed_on, 25)", "add_days(start, 30)"]
WHENS: list[dict[str, object]] = [
    {},
    {"when": "paid"},
    {"when": "amount / base < 3"},
    {"when": "type != 'new' or flag"},
]
WINDOWS: list[dict[str, object]] = [
    {"prorate": "none"},
    {"within": "60 days", "prorate": "days"},
    {"within": "2 months", "prorate": "months"},
]


def settlement_plans(random: Random) -> dict[str, str]:
    draws = [_guarantee(random), _advance(random)]
    holdbacks = [_holdback(random, "all"), {**_holdback(random, "some"), "of": ["clawed"]}]
    window = random.choice(WINDOWS)
    found = {}
    for file, effective in (
        ("kept.yaml", {**FROM, "before": "2026-08-10"}),
        ("kept-later.yaml", {"from": "2026-08-10"}),
    ):
        found[file] = policy(
            "comp",
            "kept",
            payees=random.choice(["level > 1", "job == 'seller'"]),
            period="quarter",
            effective=effective,
            negative=random.choice(["carry", "pay", "forgive"]),
            # the later version may have dropped what is owed
            draws=random.sample(draws, 2 if "before" in effective else random.choice([1, 2])),
            holdbacks=holdbacks,
            components=[_component(random, "clawed", window), _component(random, "more", random.choice(WINDOWS))],
        )
    return found


def _guarantee(random: Random) -> dict[str, object]:
    return {
        "draw": "least",
        "kind": "guarantee",
        "amount": random.choice(AMOUNTS),
        "before": "2026-09-11",
        "recover": "from_earnings",
        "recover_from": random.choice(DAYS),
        "recover_at_most": random.choice(["33%", 50]),
        "at_end": random.choice(["owed", "forgiven"]),
        "because": "agreed",
    }


def _advance(random: Random) -> dict[str, object]:
    keys: dict[str, object] = {"draw": "start", "kind": "advance", "amount": random.choice(AMOUNTS)}
    return {**keys, "from": random.choice(DAYS[:2]), "recover": "never", "limit": random.choice([90, 10_000])}


def _holdback(random: Random, name: str) -> dict[str, object]:
    part, day = random.choice(["10%", "1 / 3", "level / 10"]), random.choice(DAYS)
    return {"holdback": name, "part": part, "release_on": day, "because": "agreed"}


def _component(random: Random, name: str, window: dict[str, object]) -> dict[str, object]:
    return {
        "component": name,
        "credit": {"table": "deals", "amount": random.choice(["amount", "amount / 3"]), "to": "sold_by"},
        "rate": random.choice(["10%", "pct", "1 / 7"]),
        "clawback": {"day": random.choice(CLAWED), **random.choice(WHENS), **window, "because": "agreed"},
    }
