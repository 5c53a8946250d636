"""Decision tables: what each hit policy makes of rows that hold, do not, or are undecided."""

from __future__ import annotations

from collections.abc import Callable

import granger
import pytest

Ran = Callable[..., granger.Run]

ROWS = "tiers:\n  - {tier: A, when: x > 5}\n  - {tier: B, when: y > 5}\n"
HIT, NONE = "9", "0"
GAP = ""

# hit policy, x, y, with otherwise -> status, tier, missing
TABLE = [
    ("unique", HIT, NONE, True, "decided", "A", ""), ("unique", NONE, HIT, True, "decided", "B", ""),
    ("unique", NONE, NONE, True, "decided", "C", ""), ("unique", NONE, NONE, False, "unmatched", "", ""),
    ("unique", HIT, HIT, True, "conflict", "", ""), ("unique", HIT, GAP, True, "tentative", "A", "y"),
    ("unique", GAP, HIT, True, "tentative", "B", "x"), ("unique", GAP, NONE, True, "undecided", "", "x"),
    ("unique", NONE, GAP, False, "undecided", "", "y"), ("unique", GAP, GAP, True, "undecided", "", "x, y"),
    ("first", HIT, NONE, True, "decided", "A", ""), ("first", HIT, HIT, True, "decided", "A", ""),
    ("first", HIT, GAP, True, "decided", "A", ""), ("first", GAP, HIT, True, "tentative", "B", "x"),
    ("first", NONE, NONE, True, "decided", "C", ""), ("first", NONE, NONE, False, "unmatched", "", ""),
    ("first", GAP, NONE, True, "undecided", "", "x"), ("first", NONE, GAP, True, "undecided", "", "y"),
    ("any", HIT, NONE, True, "decided", "A", ""), ("any", HIT, HIT, True, "conflict", "", ""),
    ("any", HIT, GAP, True, "tentative", "A", "y"), ("any", NONE, NONE, True, "decided", "C", ""),
    ("any", NONE, NONE, False, "unmatched", "", ""), ("any", GAP, NONE, True, "undecided", "", "x"),
    ("collect", HIT, NONE, True, "decided", "A", ""), ("collect", HIT, HIT, True, "decided", "A+B", ""),
    ("collect", HIT, GAP, True, "tentative", "A", "y"), ("collect", NONE, NONE, True, "decided", "C", ""),
    ("collect", NONE, NONE, False, "unmatched", "", ""), ("collect", NONE, GAP, False, "undecided", "", "y"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "x", "y", "otherwise", "status", "tier", "missing"), TABLE)
def test_what_is_decided(
    policy: str, x: str, y: str, otherwise: bool, status: str, tier: str, missing: str, ran: Ran
) -> None:
    rows = f"hit_policy: {policy}\n" + ROWS + ("otherwise: C\n" if otherwise else "")
    if policy == "unique":  # the check shows that both rows can hold at once: as a measure it cannot be certain
        rows = rows.replace("x > 5", "x_now > 5")
    found = ran({
        "granger.yaml+": "measures: {x_now: {value: x}}\n", "segmentation": rows, "accounts.csv": f"a,{x},{y},,\n",
    })  # fmt: skip
    segments = found.outcome.segments
    assert {s.status for s in segments} == {status}
    assert "+".join(s.tier for s in segments) == tier
    named = missing.replace("x", "x_now") if policy == "unique" else missing
    assert {s.missing for s in segments} == {named}
    assert all(s.source for s in segments)


def test_the_whole_table_was_tried() -> None:
    assert len(TABLE) == 30 and {row[0] for row in TABLE} == {"unique", "first", "any", "collect"}
    assert {row[4] for row in TABLE} == {"decided", "tentative", "undecided", "unmatched", "conflict"}


def test_under_any_rows_that_agree_in_tier_and_gifts_are_no_conflict(ran: Ran) -> None:
    rows = (
        "hit_policy: any\n"
        "tiers:\n"
        "  - {tier: A, when: x > 5, gives: {goal: 1}}\n"
        "  - {tier: A, when: y > 5, gives: {goal: y / 9}}\n"
        "otherwise: C\n"
    )
    (same,) = ran({"segmentation": rows, "accounts.csv": "a,9,9,,\n"}).outcome.segments
    assert (same.status, same.tier, same.gives) == ("decided", "A", "goal=1")
    (other,) = ran({"segmentation": rows, "accounts.csv": "a,9,8,,\n"}).outcome.segments
    assert (other.status, other.tier) == ("conflict", "")


def test_what_tiers_give_is_read_by_others_and_missing_on_a_tier_that_omits_it(ran: Ran) -> None:
    rows = "tiers:\n  - {tier: A, when: x > 5, gives: {goal: x * 10%}}\notherwise: B\n"
    measures = "measures:\n  over_goal: {value: y - goal}\n"
    other = (
        "kind: segmentation\n"
        "name: second\n"
        "effective: {from: 2026-01-01}\n"
        "fact: rank\n"
        "tiers: [{tier: up, when: tier == 'A' and over_goal > 0}]\n"
        "otherwise: {tier: down}\n"
    )
    found = ran({
        "granger.yaml+": measures, "segmentation": rows, "second.yaml": other, "accounts.csv": (
            "a,6,1,,\n"
            "b,0,1,,\n"
            "c,,1,,\n"
        ),
    })  # fmt: skip
    assert [(s.account_id, s.tier, s.status, s.gives) for s in found.outcome.segments if s.policy == "grade"] == [
        ("a", "A", "decided", "goal=0.6"), ("b", "B", "decided", ""), ("c", "", "undecided", ""),
    ]  # fmt: skip
    assert [(s.account_id, s.tier, s.status, s.missing) for s in found.outcome.segments if s.policy == "second"] == [
        ("a", "up", "decided", ""), ("b", "down", "decided", ""), ("c", "", "undecided", "over_goal, tier"),
    ]  # fmt: skip


def test_a_population_leaves_accounts_out_and_may_be_undecided(ran: Ran) -> None:
    rows = "for: fit == 'core'\ntiers: [{tier: A, when: x > 5}]\notherwise: B\n"
    found = ran({"segmentation": rows, "accounts.csv": "a,9,,core,\nb,9,,edge,\nc,9,,,\n"})
    assert [(s.account_id, s.tier, s.status, s.missing) for s in found.outcome.segments] == [
        ("a", "A", "decided", ""), ("b", "", "out_of_scope", ""), ("c", "", "undecided", "fit"),
    ]  # fmt: skip


def test_a_conflict_names_both_rows_and_needs_a_look(ran: Ran) -> None:
    rows = "tiers:\n  - {tier: A, when: x_now > 5}\n  - {tier: B, when: x > 6}\notherwise: C\n"
    found = ran({"granger.yaml+": "measures: {x_now: {value: x}}\n", "segmentation": rows, "accounts.csv": "a,9,,,\n"})
    (segment,) = found.outcome.segments
    assert segment.because == "rows that exclude each other hold: 'A', 'B'"
    assert segment.source == "segmentation.yaml:5, segmentation.yaml:6"
    assert found.needs_a_look


def test_under_first_only_the_rows_above_the_hit_make_it_tentative(ran: Ran) -> None:
    rows = (
        "hit_policy: first\ntiers:\n  - {tier: A, when: x > 5}\n  - {tier: B, when: true}\n  - {tier: C, when: y > 5}\n"
    )
    (segment,) = ran({"segmentation": rows, "accounts.csv": "a,,,,\n"}).outcome.segments
    assert (segment.tier, segment.status, segment.missing) == ("B", "tentative", "x")


def test_an_undecided_row_without_a_missing_field_still_says_why(ran: Ran) -> None:
    rows = "tiers: [{tier: A, when: 1 / x > 5}]\notherwise: B\n"
    (segment,) = ran({"segmentation": rows, "accounts.csv": "a,0,,,\n"}).outcome.segments
    assert segment.status == "undecided" and not segment.because.endswith("without ")


def test_under_collect_a_tier_is_listed_once(ran: Ran) -> None:
    rows = "hit_policy: collect\ntiers:\n  - {tier: A, when: x > 5}\n  - {tier: A, when: y > 5}\n"
    found = ran({"segmentation": rows, "accounts.csv": "a,9,9,,\n"})
    assert [(s.account_id, s.tier) for s in found.outcome.segments] == [("a", "A")]
