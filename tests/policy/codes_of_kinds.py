"""Mistakes in lifecycles and watchlists: as ``CASES`` of test_codes."""

from __future__ import annotations

LIFE = "kind: lifecycle\nname: life\neffective: {from: 2026-01-01}\nstarts: signed_on\n"

CASES: dict[str, dict[str, str]] = {
    "stage-without-end": {"life.yaml": LIFE + "stages:\n  - {stage: «first}\n  - {stage: second}\n"},
    "stuck-before-behind": {
        "life.yaml": LIFE + "stages: [{stage: first, done: signed_on, expect: 31 days, stuck: «1 month}]\n"
    },
    "list-without-measure": {
        "list.yaml": "kind: watchlist\nname: w\neffective: {from: 2026-01-01}\n"
        "lists: [{list: «by-person, per: csm, columns: [as_of]}]\n"
    },
}
