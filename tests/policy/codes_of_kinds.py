"""Mistakes in lifecycles, watchlists and success: as ``CASES`` of test_codes."""

from __future__ import annotations

LIFE = "kind: lifecycle\nname: life\neffective: {from: 2026-01-01}\nstarts: signed_on\n"

SUCCESS = "kind: success\nname: works\neffective: {from: 2026-01-01}\n"
USES = """\
  uses:
    fields: {account_id: {refers_to: accounts}, use_case: text, answers: number, seen_on: date}
"""

CASES: dict[str, dict[str, str]] = {
    "stage-without-end": {"life.yaml": LIFE + "stages:\n  - {stage: «first}\n  - {stage: second}\n"},
    "stuck-before-behind": {
        "life.yaml": LIFE + "stages: [{stage: first, done: signed_on, expect: 31 days, stuck: «1 month}]\n"
    },
    "list-without-measure": {
        "list.yaml": "kind: watchlist\nname: w\neffective: {from: 2026-01-01}\n"
        "lists: [{list: «by-person, per: csm, columns: [as_of]}]\n"
    },
    "table-without-use-case": {
        "works.yaml": SUCCESS
        + "table: «answers\nuse_cases: [{use_case: a, criteria: [{criterion: c, when: score > 1}]}]\n"
    },
}
