"""The codes of draws, holdbacks and clawbacks: a small plan for each, as in test_codes."""

from __future__ import annotations

PLAN = "kind: comp\nname: p\neffective: {from: 2026-01-01}\npayees: role == 'seller'\nperiod: quarter\n"
NEW = "  - component: new\n    credit: {table: deals, amount: amount, to: sold_by}\n    rate: 10%\n"
MEASURE = (
    "kind: library\nname: l\neffective: {from: 2026-01-01}\nmeasures: {m: {per: company, count: rows, table: deals}}\n"
)
BONUS = """pay: {base: 1 per month, variable: 1 per month}
components:
  - component: c
    weight: 100%
    measure: m
    if_missing: wait
    pays: {kind: linear, curve: [[0, 0%], [1, 100%]], below_first: hold, above_last: hold}
    «clawback: {day: closed_on}
"""


def draw(keys: str) -> dict[str, str]:
    return {"p.yaml": f"{PLAN}draws: [{{{keys}}}]\ncomponents:\n{NEW}"}


def holdback(keys: str) -> dict[str, str]:
    return {"p.yaml": f"{PLAN}holdbacks: [{{{keys}}}]\ncomponents:\n{NEW}"}


def clawback(keys: str) -> dict[str, str]:
    return {"p.yaml": f"{PLAN}components:\n{NEW}    clawback: {{day: closed_on, {keys}}}\n"}


OWED = "kind: guarantee, amount: 1 per month, recover: from_earnings"
GIVEN = "kind: guarantee, amount: 1 per month, recover: never"

CASES: dict[str, dict[str, str]] = {
    "draw-amount": draw("draw: d, kind: advance, amount: «1 per fortnight, recover: never"),
    "draw-not-recovered": draw(f"draw: d, {GIVEN}, «recover_from: 2026-04-01"),
    "draw-end": draw(f"draw: «d, {OWED}, before: 2026-04-01"),
    "draw-dropped": {
        "p.yaml": f"{PLAN.replace('}', ', before: 2026-07-01}')}draws: [{{draw: «d, {OWED}}}]\ncomponents:\n{NEW}",
        "q.yaml": f"{PLAN.replace('2026-01-01', '2026-07-01')}components:\n{NEW}",
    },
    "draw-turned": {
        "p.yaml": f"{PLAN.replace('}', ', before: 2026-07-01}')}draws: [{{draw: d, {GIVEN}}}]\ncomponents:\n{NEW}",
        "q.yaml": f"{PLAN.replace('2026-01-01', '2026-07-01')}draws: [{{draw: «d, {OWED}}}]\ncomponents:\n{NEW}",
    },
    "draw-backwards": draw(f"draw: «d, {GIVEN}, from: 2026-04-01, before: 2026-04-01"),
    "recover-at-most": draw(f"draw: d, {OWED}, recover_at_most: «120%"),
    "draw-limit": draw(f"draw: d, {GIVEN}, limit: «0"),
    "holdback-part": holdback('holdback: h, part: «110%, release_on: "add_months(as_of, 6)"'),
    "unknown-component": holdback('holdback: h, part: 10%, of: «newe, release_on: "add_months(as_of, 6)"'),
    "released-too-early": holdback("holdback: «h, part: 10%, release_on: 2026-03-31"),
    "clawback-without-credit": {"p.yaml": PLAN + BONUS, "l.yaml": MEASURE},
    "clawback-without-window": clawback("prorate: «days"),
    "clawback-in-months": clawback("within: «90 days, prorate: months"),
}
