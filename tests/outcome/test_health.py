"""Health scores, policy text first: edges, exceptions, grades, coverage, reasons; and nothing missing is a bad score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.runners.memory import Outcome

TOP = """
kind: workspace
name: w
currency: CNY
tables:
  accounts:
    file: accounts.csv
    key: account_id
    fields:
      account_id: text
      use: {kind: percent, required: false}
      late: {kind: number, required: false}
      arr: {kind: money, required: false}
      plan: {kind: enum, one_of: [gold, tin], required: false}
      flag: {kind: boolean, required: false}
"""
HEAD = "kind: health\nname: h\neffective: {from: 2026-01-01}\n"

USE = "bands: [{points: 100, from: 60%, because: much used}, {points: 60, from: 30%}, {points: 10}]"
LATE = "bands: [{points: 100, below: 1}, {points: 50, below: 30}, {points: 0}]"

Scored = Callable[..., Outcome]


@pytest.fixture
def scored(workspace: Callable[[Mapping[str, str]], Path]) -> Scored:
    def run(policy: str, *accounts: Mapping[str, str], **files: str) -> Outcome:
        written = {"granger.yaml": TOP, "health.yaml": HEAD + policy, **{f"{k}.yaml": v for k, v in files.items()}}
        rows = [{"account_id": f"A{i}", **account} for i, account in enumerate(accounts)]
        return granger.load(workspace(written)).run({"accounts": rows}, as_of=date(2026, 9, 30)).outcome

    return run


def codes(workspace: Callable[[Mapping[str, str]], Path], policy: str) -> list[str]:
    found = granger.check(workspace({"granger.yaml": TOP, "health.yaml": HEAD + policy}))[1]
    return [d.code for d in found if d.code != "missing-file"]


def one(body: str, missing: str = "fail", name: str = "use") -> str:
    return f"measures:\n  - {{measure: {name}, weight: 100%, missing: {missing}, {body}}}\n"


@pytest.mark.parametrize(
    ("body", "name", "points"),
    [
        (USE, "use", {"60%": 100, "59.99%": 60, "30%": 60, "29.99%": 10, "0%": 10, "-5%": 10, "700%": 100}),
        (LATE, "late", {"0": 100, "0.99": 100, "1": 50, "29.99": 50, "30": 0, "-3": 100}),
        ("curve: [[-50%, 0], [0%, 70], [30%, 100]]", "use",
         {"-51%": 0, "-50%": 0, "-25%": 35, "0%": 70, "15%": 85, "30%": 100, "31%": 100}),
        ("curve: [[0, 100], [10, 0]]", "late", {"-1": 100, "0": 100, "2.5": 75, "10": 0, "11": 0}),
        ("cases: [{points: 90, when: arr >= 1_000}, {points: 40, when: plan == 'gold'}, {points: 5}]", "late",
         {"1": 5}),
    ],
)  # fmt: skip
def test_points_and_their_edges(body: str, name: str, points: Mapping[str, int], scored: Scored) -> None:
    accounts = [{name: value, "arr": "999.99", "plan": "tin"} for value in points]
    outcome = scored(one(body, name=name) + "digits: 4\n", *accounts)
    assert [row.score for row in outcome.health] == [Fraction(p) for p in points.values()]
    assert [row.points for row in outcome.health_measures] == [Fraction(p) for p in points.values()]


def test_a_curve_s_points_are_rounded_to_four_digits_and_the_score_to_its_own(scored: Scored) -> None:
    outcome = scored(one("curve: [[0, 0], [3, 100]]", name="late"), {"late": "1"}, {"late": "2"})
    assert [row.points for row in outcome.health_measures] == [Fraction("33.3333"), Fraction("66.6667")]
    assert [row.score for row in outcome.health] == [Fraction("33.3"), Fraction("66.7")]


@pytest.mark.parametrize(
    ("late", "score", "grade"),
    [("25.06", "74.9", "yellow"), ("25.05", "75", "green"), ("25.04", "75", "green"), ("50.05", "50", "yellow")],
)
def test_a_grade_is_taken_from_the_score_that_is_shown(late: str, score: str, grade: str, scored: Scored) -> None:
    """100 - 25.05 is 74.95: half up to 75.0, and green."""
    rest = "grades: [{grade: green, from: 75}, {grade: yellow, from: 50}, {grade: red}]\n"
    (row,) = scored(one("curve: [[0, 100], [100, 0]]", name="late") + rest, {"late": late}).health
    assert (row.score, row.grade) == (Fraction(score), grade)


def test_a_cap_between_two_shown_scores_is_graded_as_it_is_shown(scored: Scored) -> None:
    rest = "exceptions: [{when: flag, at_most: 74.96}]\ngrades: [{grade: green, from: 75}, {grade: red}]\n"
    (row,) = scored(one(USE) + rest, {"use": "60%", "flag": "yes"}).health
    assert row.score == Fraction(75) and row.grade == "green"


def test_exceptions_in_their_order_and_only_those_that_move_are_named(scored: Scored) -> None:
    rest = (
        "exceptions:\n"
        "  - {when: late > 10, at_most: 40, because: unpaid}\n"
        "  - {when: late > 5, at_most: 80, because: slow}\n"
        "  - {when: plan == 'gold', at_least: 55, because: paid ahead}\n"
    )
    rows = scored(
        one(USE) + rest,
        {"use": "60%", "late": "11", "plan": "tin"},
        {"use": "60%", "late": "10", "plan": "tin"},
        {"use": "60%", "late": "11", "plan": "gold"},
        {"use": "10%", "late": "11", "plan": "tin"},
        {"use": "60%", "late": "5", "plan": "gold"},
    ).health
    assert [row.score for row in rows] == [40, 80, 55, 10, 100]
    assert [row.status for row in rows] == ["capped", "capped", "capped", "scored", "scored"]
    assert rows[0].because == "at most 40: unpaid (health.yaml:7)"
    assert rows[1].because == "at most 80: slow (health.yaml:8)"
    assert rows[2].because == "at most 40: unpaid (health.yaml:7); at least 55: paid ahead (health.yaml:9)"
    assert rows[3].because == rows[4].because == ""


def test_an_undecided_exception_does_not_cap_and_is_listed(scored: Scored) -> None:
    (row,) = scored(one(USE) + "exceptions: [{when: late > 10, at_most: 40}]\n", {"use": "60%"}).health
    assert (row.score, row.status) == (100, "scored")
    assert row.because == "undecided, so not applied: at most 40: late > 10 (health.yaml:6)"


@pytest.mark.parametrize(
    ("least", "grade", "status"), [("50%", "green", "scored"), ("50.01%", "", "no_grade"), ("0%", "green", "scored")]
)
def test_below_the_least_coverage_there_is_a_score_and_no_grade(
    least: str, grade: str, status: str, scored: Scored
) -> None:
    policy = (
        "measures:\n"
        f"  - {{measure: use, weight: 50%, missing: fail, {USE}}}\n"
        f"  - {{measure: late, weight: 50%, missing: neutral, {LATE}}}\n"
        f"min_coverage: {least}\ngrades: [{{grade: green, from: 75}}, {{grade: red}}]\n"
    )
    (row,) = scored(policy, {"use": "60%"}).health
    assert (row.score, row.coverage, row.grade, row.status) == (75, Fraction(1, 2), grade, status)
    assert row.because == ("data covers less than 50.01% of the weight" if status == "no_grade" else "")


def test_fail_gives_no_score_with_its_reason_and_no_grade(scored: Scored) -> None:
    policy = (
        "measures:\n"
        f"  - {{measure: use, weight: 50%, missing: fail, {USE}}}\n"
        f"  - {{measure: late, weight: 50%, missing: worst, {LATE}}}\n"
        "exceptions: [{when: flag, at_least: 90}]\ngrades: [{grade: green, from: 75}, {grade: red}]\n"
    )
    outcome = scored(policy, {"late": "0", "flag": "yes"})
    (row,) = outcome.health
    assert (row.score, row.grade, row.status, row.coverage) == (None, "", "no_score", Fraction(1, 2))
    assert (row.because, row.missing) == ("use is missing, and fails the score", "use")
    assert [(m.measure, m.treatment, m.contribution) for m in outcome.health_measures] == [
        ("late", "scored", None),
        ("use", "failed", None),
    ]


def test_no_data_at_all_is_no_score_and_never_a_zero(scored: Scored) -> None:
    policy = (
        "measures:\n"
        f"  - {{measure: use, weight: 50%, missing: exclude, {USE}}}\n"
        f"  - {{measure: late, weight: 50%, missing: exclude, {LATE}}}\n"
        "grades: [{grade: green, from: 75}, {grade: red}]\n"
    )
    (row,) = scored(policy, {}).health
    assert (row.score, row.grade, row.status, row.because) == (None, "", "no_score", "no measure has data")
    assert (row.coverage, row.missing) == (0, "use, late")


def test_an_undecided_case_is_missing_and_not_the_rest(scored: Scored) -> None:
    policy = one("cases: [{points: 90, when: plan == 'gold'}, {points: 0}]", "neutral", "late")
    rows = scored(policy, {"late": "1", "plan": "gold"}, {"late": "1", "plan": "tin"}, {"late": "1"})
    assert [(r.score, r.coverage) for r in rows.health] == [(90, 1), (0, 1), (50, 0)]
    assert rows.health_measures[2].treatment == "neutral"


def test_worst_is_the_lowest_points_of_bands_curve_cases_and_groups(scored: Scored) -> None:
    group = (
        "measures:\n  - group: g\n    weight: 100%\n    missing: worst\n    measures:\n"
        "      - {measure: use, weight: 25%, missing: fail, bands: [{points: 80, from: 1}, {points: 20}]}\n"
        "      - {measure: late, weight: 75%, missing: fail, curve: [[0, 90], [10, 40], [20, 60]]}\n"
    )
    for policy, worst in [
        (one("bands: [{points: 20, from: 60%}, {points: 7, from: 30%}, {points: 9}]", "worst"), 7),
        (one("curve: [[0, 90], [10, 40], [20, 60]]", "worst", "late"), 40),
        (one("cases: [{points: 30, when: plan == 'gold'}, {points: 12, when: plan == 'tin'}, {points: 80}]",
             "worst", "late"), 12),
        (group, 35),
    ]:  # fmt: skip
        assert [row.score for row in scored(policy, {}).health] == [worst]


def test_neutral_is_what_the_policy_says(scored: Scored) -> None:
    assert scored(one(USE, "neutral"), {}).health[0].score == 50
    assert scored(one(USE, "neutral") + "neutral: 62.5\n", {}).health[0].score == Fraction("62.5")


def test_weights_may_total_a_number(scored: Scored, workspace: Callable[[Mapping[str, str]], Path]) -> None:
    policy = (
        "measures:\n"
        f"  - {{measure: use, weight: 15, missing: exclude, {USE}}}\n"
        f"  - {{measure: late, weight: 5, missing: exclude, {LATE}}}\n"
        "weights_total: 20\n"
    )
    outcome = scored(policy, {"use": "30%", "late": "0"}, {"late": "0"})
    assert [(r.score, r.coverage) for r in outcome.health] == [(70, 1), (100, Fraction(1, 4))]
    assert [(m.weight, m.contribution) for m in outcome.health_measures[:2]] == [
        (Fraction(1, 4), 25),
        (Fraction(3, 4), 45),
    ]
    for wrong in ("weights_total: 21", "weights_total: 100"):
        assert codes(workspace, policy.replace("weights_total: 20", wrong)) == ["weights-total"]


def test_an_account_that_the_score_is_not_for(scored: Scored) -> None:
    outcome = scored("for: plan == 'gold'\n" + one(USE), {"use": "60%", "plan": "gold"}, {"use": "60%", "plan": "tin"},
                     {"use": "60%"})  # fmt: skip
    assert [(r.status, r.score, r.missing) for r in outcome.health] == [
        ("scored", 100, ""),
        ("out_of_scope", None, ""),
        ("undecided", None, "plan"),
    ]
    assert [m.account_id for m in outcome.health_measures] == ["A0"]


def test_score_grade_and_coverage_are_names_for_the_other_policies(scored: Scored) -> None:
    tiers = (
        "kind: segmentation\nname: s\neffective: {from: 2026-01-01}\nhit_policy: first\n"
        "tiers:\n"
        "  - {tier: safe, when: health_grade == 'green' and health >= 90}\n"
        "  - {tier: blind, when: health_coverage < 50%}\n"
        "otherwise: watch\n"
    )
    rest = "grades: [{grade: green, from: 75}, {grade: red}]\n"
    found = scored(one(USE, "neutral") + rest, {"use": "60%"}, {"use": "5%"}, {}, tiers=tiers)
    assert [(row.account_id, row.tier) for row in found.segments] == [("A0", "safe"), ("A1", "watch"), ("A2", "blind")]


def test_the_rows_of_measures_say_which_line_gave_the_points_and_why(scored: Scored) -> None:
    policy = (
        "measures:\n"
        "  - measure: use\n"
        "    weight: 60%\n"
        "    missing: exclude\n"
        "    because: use says most\n"
        "    bands:\n"
        "      - {points: 100, from: 60%, because: much used}\n"
        "      - {points: 60, from: 30%}\n"
        "      - {points: 10}\n"
        "  - {measure: late, weight: 40%, missing: neutral, bands: [{points: 100, below: 1}, {points: 0}]}\n"
    )
    outcome = scored(policy, {"use": "60%", "late": "0"}, {"use": "30%", "late": "2"}, {"late": "2"})
    shown = [(m.account_id, m.measure, m.value, m.because, m.source) for m in outcome.health_measures]
    assert shown == [
        ("A0", "late", "0", "below 1", "health.yaml:13"),
        ("A0", "use", "60%", "much used", "health.yaml:10"),
        ("A1", "late", "2", "the rest", "health.yaml:13"),
        ("A1", "use", "30%", "use says most", "health.yaml:11"),
        ("A2", "late", "2", "the rest", "health.yaml:13"),
        ("A2", "use", "missing", "use says most", "health.yaml:5"),
    ]


def test_a_group_shares_out_inside_first_and_outside_then(scored: Scored) -> None:
    policy = (
        "measures:\n"
        f"  - {{measure: use, weight: 50%, missing: exclude, {USE}}}\n"
        "  - group: money\n    weight: 50%\n    missing: exclude\n    measures:\n"
        f"      - {{measure: late, weight: 40%, missing: exclude, {LATE}}}\n"
        "      - {measure: arr, weight: 60%, missing: exclude, bands: [{points: 80, from: 100}, {points: 20}]}\n"
    )
    outcome = scored(policy, {"use": "60%", "late": "0", "arr": "100"}, {"use": "60%", "arr": "100"}, {"use": "60%"})
    assert [(r.score, r.coverage) for r in outcome.health] == [(94, 1), (90, Fraction(4, 5)), (100, Fraction(1, 2))]
    shown = [(m.group, m.measure, m.weight, m.counted_weight, m.contribution) for m in outcome.health_measures]
    half = Fraction(1, 2)
    assert shown == [
        ("", "use", half, half, 50), ("money", "arr", Fraction(3, 10), Fraction(3, 10), 24),
        ("money", "late", Fraction(1, 5), Fraction(1, 5), 20),
        ("", "use", half, half, 50), ("money", "arr", Fraction(3, 10), half, 40),
        ("money", "late", Fraction(1, 5), 0, 0),
        ("", "use", half, 1, 100), ("money", "arr", Fraction(3, 10), 0, 0),
        ("money", "late", Fraction(1, 5), 0, 0),
    ]  # fmt: skip


GROUP = (
    "measures:\n"
    f"  - {{measure: use, weight: 50%, missing: exclude, {USE}}}\n"
    "  - group: money\n    weight: 50%\n    missing: RULE\n    measures:\n"
    f"      - {{measure: late, weight: 50%, missing: INNER, {LATE}}}\n"
    "      - {measure: arr, weight: 50%, missing: exclude, bands: [{points: 80, from: 100}, {points: 20}]}\n"
)


@pytest.mark.parametrize(
    ("rule", "inner", "account"),
    [("neutral", "exclude", {"use": "60%"}), ("worst", "exclude", {"use": "60%"}),
     ("neutral", "fail", {"use": "60%", "arr": "100"})],
)  # fmt: skip
def test_the_contributions_show_what_a_group_without_data_counts(
    rule: str, inner: str, account: Mapping[str, str], scored: Scored
) -> None:
    outcome = scored(GROUP.replace("RULE", rule).replace("INNER", inner), account)
    (row,) = outcome.health
    assert row.score == {"neutral": 75, "worst": 55}[rule]
    assert sum((m.contribution or Fraction(0) for m in outcome.health_measures), Fraction(0)) == row.score
    assert next(m.contribution for m in outcome.health_measures if m.measure == "use") == 50
    assert sum(m.counted_weight for m in outcome.health_measures) == 1


def test_a_group_that_fails_is_named(scored: Scored) -> None:
    (row,) = scored(GROUP.replace("RULE", "fail").replace("INNER", "exclude"), {"use": "60%"}).health
    assert row.status == "no_score"
    assert row.because == "money is missing, and fails the score"


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (one("bands: [{points: 1, from: 30%}, {points: 2, from: 60%}, {points: 3}]"), "bands-order"),
        (one("bands: [{points: 1, from: 30%}, {points: 2, from: 30%}, {points: 3}]"), "bands-order"),
        (one("bands: [{points: 1, from: 30%}, {points: 2, below: 10%}, {points: 3}]"), "bands-form"),
        (one("bands: [{points: 1, from: 30%}, {points: 2, from: 10%}]"), "bands-form"),
        (one("curve: [[1, 0], [0, 5]]"), "curve-order"),
        (one("curve: [[1, 0]]"), "curve-order"),
        (one("cases: [{points: 1}, {points: 2, when: flag}]"), "case-order"),
        (one(USE, name="useage"), "unknown-name"),
        (one(USE, name="plan"), "wrong-result"),
        (one(f"{USE}, curve: [[0, 0], [1, 1]]"), "points-form"),
        (one(USE).replace("100%,", "90%,"), "weights-total"),
        (one(USE) + "exceptions: [{when: flag, at_most: 4, at_least: 3}]\n", "exception-form"),
        (one(USE) + "exceptions: [{when: health < 5, at_most: 4}]\n", "circular-definition"),
    ],
)
def test_what_check_refuses(policy: str, code: str, workspace: Callable[[Mapping[str, str]], Path]) -> None:
    assert code in codes(workspace, policy)
