"""The codes of staffing: a small workspace for each, as in test_codes."""

from __future__ import annotations

STAFFING = "kind: staffing\nname: s\neffective: {from: 2026-01-01}\n"
HELD = "measures:\n  held: {per: csm, count: rows, table: accounts, held_on: as_of}\n  rows: {per: company, count: rows, table: accounts}\n"
RATIO = "ratios: [{ratio: r, per: csm, load: held, one_carries: 300}]\n"
BUDGET = "budgets: [{budget: b, allow: 10% * arr, from: signed_on, before: as_of, bands: [{service: any}]}]\n"
TOP = """\
kind: workspace
name: w
currency: CNY
roles: {csm: {hours: 28 per week, cost: 60 per hour}}
tables:
  accounts: {key: account_id, fields: {account_id: text, arr: money, signed_on: date, pod: text}}
  assignments:
    valid: {from: starts_on, before: ends_on}
    fields: {account_id: {refers_to: accounts}, role: text, person: person, starts_on: date, ends_on: date}
"""


def ratio(old: str, new: str) -> dict[str, str]:
    assert old in RATIO
    return {"granger.yaml": TOP + HELD, "s.yaml": STAFFING + RATIO.replace(old, new)}


def budget(old: str, new: str) -> dict[str, str]:
    assert old in BUDGET
    return {"granger.yaml": TOP, "s.yaml": STAFFING + BUDGET.replace(old, new)}


CASES: dict[str, dict[str, str]] = {
    "limit-order": {"s.yaml": STAFFING + "contact_limits: [«{at_most: 1}, {at_most: 2}]\n"},
    "hours-of-a-week": {"granger.yaml": TOP.replace("28", "«169")},
    "one-staffing": {
        "a.yaml": STAFFING.replace("name: s", "name: a") + "levelling: {weeks: 13}\n",
        "s.yaml": STAFFING + "levelling: «{weeks: 53}\n",
    },
    "ratio-without-measure": ratio("ratio: r, per: csm, load: held", "ratio: «r, per: csm, load: rows"),
    "carries-nothing": ratio("300", "«0"),
    "staffing-of-nothing": {"s.yaml": STAFFING.replace("name: s", "name: «s")},
    "budget-without-cost": {
        "granger.yaml": TOP.replace(", cost: 60 per hour", ""),
        "s.yaml": STAFFING + BUDGET.replace("budget: b", "budget: «b"),
    },
}

WRONG: dict[str, tuple[dict[str, str], list[str]]] = {
    "as it should be": (ratio("300", "300"), []),
    "an unknown measure": (ratio("held", "helt"), ["unknown-name"]),
    "a measure of another per": (ratio("per: csm", "per: company"), ["name-not-visible"]),
    "a measure of the account": (
        {"granger.yaml": TOP + HELD + "  one: {value: arr}\n", "s.yaml": STAFFING + RATIO.replace("held", "one")},
        ["name-not-visible"],
    ),
    "a field of the account": (ratio("held", "arr"), ["name-not-visible"]),
    "a per that there is not": (ratio("per: csm", "per: cms"), ["unknown-per"]),
    "a field that no measure is per": (ratio("per: csm", "per: pod"), ["unknown-per"]),
    "nothing carried": (ratio("300", "-1"), ["carries-nothing"]),
    "a word carried": (ratio("300", "\"'many'\""), ["wrong-result"]),
    "half the company": (ratio("load: held", "load: held, have: fit"), ["unknown-name"]),
    "two ratios of one name": (ratio("300}", "300}, {ratio: r, per: csm, load: held, one_carries: 9}"), ["duplicate-name"]),
    "a sound budget": (budget("as_of", "as_of"), []),
    "a budget that is no money": (budget("10% * arr", "10%"), ["wrong-result"]),
    "a budget of no dates": (budget("signed_on", "arr"), ["wrong-result"]),
    "a budget in another currency": (
        {
            "granger.yaml": TOP.replace("arr: money", "arr: {kind: money, currency: EUR}"),
            "s.yaml": STAFFING + BUDGET,
        },
        ["currency-mix"],
    ),
    "bands in two directions": (
        budget("{service: any}", "{service: x, below: 50%}, {service: y, from: 60%}, {service: z}"), ["bands-form"]
    ),
    "bands that fall": (
        budget("{service: any}", "{service: x, below: 60%}, {service: y, below: 50%}, {service: z}"), ["bands-order"]
    ),
    "no last band": (budget("{service: any}", "{service: x, below: 60%}"), ["bands-form"]),
    "a limit of nothing": ({"s.yaml": STAFFING + "contact_limits: [{at_most: 0}]\n"}, ["out-of-bounds"]),
    "a limit for no condition": ({"s.yaml": STAFFING + "contact_limits: [{for: arr, at_most: 2}, {at_most: 9}]\n"}, ["wrong-result"]),
    "a year and more": ({"s.yaml": STAFFING + "levelling: {weeks: 54}\n"}, ["out-of-bounds"]),
    "a cost without its time": ({"granger.yaml": TOP.replace("60 per hour", "60")}, ["wrong-kind"]),
    "hours of a month": ({"granger.yaml": TOP.replace("28 per week", "120 per month")}, ["wrong-form"]),
    "hours of a person in words": (
        {"granger.yaml": TOP + "  people: {key: person, fields: {person: person, hours: text}}\n"}, ["field-of-kind"]
    ),
}  # fmt: skip
