"""Rows of segments: one per policy and account, sorted, those without a tier with their reason."""

from __future__ import annotations

from collections.abc import Callable

import granger

Ran = Callable[..., granger.Run]

TIERS = (
    "hit_policy: any\n"
    "tiers:\n"
    "  - {tier: soon, when: renewal_on < date('2026-11-01'), gives: {reach: 1, calm: false}, because: little time}\n"
    "  - {tier: later, when: hot}\n"
)


def test_every_account_has_its_row_in_order(ran: Ran) -> None:
    accounts = "c,,2026-12-01,no,\nb,,2026-10-01,no,\na,,,yes,\nd,,,no,\n"
    found = ran(
        {
            "segmentation": TIERS.replace("date('2026-11-01')", "edge_on"),
            "library": "settings: {edge_on: 2026-11-01}\n",
            "accounts.csv": accounts,
        }
    )
    shown = [(s.account_id, s.tier, s.status, s.gives, s.missing, s.because, s.source) for s in found.outcome.segments]
    assert shown == [
        ("a", "later", "tentative", "", "renewal_on", "", "segmentation.yaml:7"),
        ("b", "soon", "decided", "reach=1; calm=no", "", "little time", "segmentation.yaml:6"),
        ("c", "", "unmatched", "", "", "no row holds, and there is no `otherwise`", "segmentation.yaml:2"),
        ("d", "", "undecided", "", "renewal_on", "cannot be decided without renewal_on", "segmentation.yaml:2"),
    ]  # fmt: skip
    assert len(found.segments) == 4


def test_two_policies_are_listed_one_after_the_other(ran: Ran) -> None:
    other = (
        "kind: segmentation\n"
        "name: alarm\n"
        "effective: {from: 2026-01-01}\n"
        "fact: alarm\n"
        "hit_policy: first\n"
        "tiers: [{tier: red, when: hot}]\n"
        "otherwise: green\n"
    )
    first = "hit_policy: first\ntiers: [{tier: x, when: hot}]\notherwise: y\n"
    found = ran({"segmentation": first, "alarm.yaml": other, "accounts.csv": "b,,,yes,\na,,,no,\n"})
    assert [(s.policy, s.fact, s.account_id, s.tier) for s in found.outcome.segments] == [
        ("alarm", "alarm", "a", "green"), ("alarm", "alarm", "b", "red"), ("grade", "tier", "a", "y"),
        ("grade", "tier", "b", "x"),
    ]  # fmt: skip


def test_a_policy_that_is_not_in_force_lists_nothing(ran: Ran) -> None:
    files = {
        "segmentation": "hit_policy: first\ntiers: [{tier: x, when: hot}]\notherwise: y\n",
        "accounts.csv": "a,,,yes,\n",
    }
    assert ran(files, as_of="2025-12-31").outcome.segments == []
    assert len(ran(files, as_of="2026-01-01").outcome.segments) == 1
