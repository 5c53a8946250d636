"""Health scores that others computed: their rules as YAML, their inputs as CSV, their answers as the oracle.

Of the dashboard's oracle the score and the band are compared. Its risk, its expansion potential and its recommended
actions are texts made by other rules, and out of scope here.
"""

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest

WORKSPACES = Path(__file__).parent / "workspaces"
INPUTS = ("task_success_rate", "task_error_rate", "average_execution_time", "pr_approval_rate", "qa_score_average")
WEIGHTS = dict(zip(INPUTS, (30, 25, 20, 15, 10), strict=True))
TIES = {  # the exact score by hand: points × weights, over the weights that have data; and our value
    "28": (Fraction("6.675") + 15 + Fraction("1.06"), 1, "22.74"),
    "116": (30 + Fraction("5.325") + 10, 1, "45.33"),
    "139": (Fraction("23.35") + 15 + Fraction("3.35"), Fraction("0.80"), "52.13"),
    "152": (Fraction("11.975") + Fraction("6.255"), Fraction("0.40"), "45.58"),
    "208": (30 + Fraction("21.175") + 20 + 15 + 10, 1, "96.18"),
    "250": (25 + Fraction("2.22"), Fraction("0.80"), "34.03"),
    "252": (Fraction("19.53") + Fraction("2.025"), 1, "21.56"),
    "279": (Fraction("25.74") + 15, Fraction("0.80"), "50.93"),
}
"""Exact halves in the third decimal: the oracle's binary floats lie a little below, and it rounds down."""


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def clamped(value):
    return max(Fraction(0), min(Fraction(1), value))


def part_of_one(name, text):
    """The oracle's rule for one input, exactly."""
    value = Fraction(text)
    rules = {
        "task_error_rate": 1 - value,
        "average_execution_time": (600 - value) / 540,
        "qa_score_average": value / 100,
    }
    return clamped(rules.get(name, value))


def exact_score(row):
    present = [name for name in INPUTS if row[name] != ""]
    if not present:
        return None
    total = sum(WEIGHTS[name] * part_of_one(name, row[name]) for name in present)
    return total / sum(WEIGHTS[name] for name in present) * 100


def half_up(value):
    hundredths, rest = divmod(value * 100, 1)
    return Fraction(hundredths + (1 if rest >= Fraction(1, 2) else 0), 100)


@pytest.fixture(scope="module")
def oracle(foreign):
    return {row["case"]: row for row in rows_of(foreign("health_moderator/oracle_300_cases.csv"))}


@pytest.fixture(scope="module")
def moderated(oracle, tmp_path_factory):
    """The oracle's inputs, without its answers, scored by the YAML; one row more has no data at all."""
    path = tmp_path_factory.mktemp("moderator") / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["case", *INPUTS], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(oracle.values())
        writer.writerow({"case": "silent"})
    run = granger.load(WORKSPACES / "health_moderator").run(
        {"accounts": path}, as_of=date(2025, 11, 20), parts=["segments"]
    )
    assert len(run.outcome.rejects) == 0
    return run


@pytest.fixture(scope="module")
def scores(moderated):
    found = {row.account_id: row for row in moderated.outcome.health}
    assert len(found) == 301
    return found


def test_the_status_is_the_oracles_in_300_of_300(scores, oracle):
    differ = {
        case: row["expected_status"] for case, row in oracle.items() if scores[case].grade != row["expected_status"]
    }
    assert (len(oracle), differ) == (300, {})
    assert {row["expected_status"] for row in oracle.values()} == {"healthy", "degraded", "critical"}


def test_the_score_is_the_oracles_in_292_of_300_and_the_rest_are_ties(scores, oracle):
    differ = [case for case, row in oracle.items() if scores[case].score != Fraction(row["expected_score"])]
    assert differ == list(TIES)
    assert len(oracle) - len(differ) == 292


def test_every_score_is_the_exact_rule_rounded_half_up(scores, oracle):
    differ = {case: exact_score(row) for case, row in oracle.items() if scores[case].score != half_up(exact_score(row))}
    assert (len(oracle), differ) == (300, {})


@pytest.mark.parametrize("case", TIES)
def test_a_tie_is_rounded_up_where_binary_floats_fall_below_it(scores, oracle, case):
    points, weight, ours = TIES[case]
    exact = points / weight
    assert exact * 1000 % 10 == 5
    assert exact == exact_score(oracle[case])
    assert scores[case].score == Fraction(ours) == exact + Fraction("0.005")
    assert Fraction(oracle[case]["expected_score"]) == exact - Fraction("0.005")


def test_without_any_data_there_is_no_score(scores, oracle):
    silent = scores["silent"]
    assert (silent.score, silent.grade, silent.coverage, silent.status) == (None, "", 0, "no_score")
    assert silent.missing == ", ".join(INPUTS)
    assert [case for case, row in oracle.items() if not any(row[name] for name in INPUTS)] == []


def test_coverage_and_contributions_of_the_moderated(moderated, scores, oracle):
    swept = 0
    for case, row in oracle.items():
        assert scores[case].coverage == Fraction(sum(WEIGHTS[name] for name in INPUTS if row[name] != ""), 100), case
    contributions: dict[str, Fraction] = {}
    for line in moderated.outcome.health_measures:
        if line.account_id != "silent":
            assert (line.treatment == "excluded") == (oracle[line.account_id][line.measure] == "")
            contributions[line.account_id] = contributions.get(line.account_id, Fraction(0)) + line.contribution
            swept += 1
    assert swept == 300 * 5
    assert contributions == {case: scores[case].score for case in oracle}


@pytest.fixture(scope="module")
def dashboard(foreign):
    data = foreign("cs_health_dashboard_sstankala/sample_data.csv")
    run = granger.load(WORKSPACES / "health_dashboard").run({"accounts": data}, as_of=date(2024, 11, 1))
    return {row.account_id: row for row in run.outcome.health}


def test_the_dashboards_score_and_band_of_all_ten(dashboard, foreign):
    oracle = rows_of(foreign("cs_health_dashboard_sstankala/oracle_health_asof_2024-11-01.csv"))
    expected = {row["Customer"]: (Fraction(row["Health_Score"]), row["Health_Band"]) for row in oracle}
    assert {name: (row.score, row.grade) for name, row in dashboard.items()} == expected
    assert len(expected) == 10
    assert {band for _, band in expected.values()} == {"Green", "Yellow", "Red"}


def test_the_curve_ends_are_the_files_maxima(foreign):
    rows = rows_of(foreign("cs_health_dashboard_sstankala/sample_data.csv"))
    assert max(int(row["Logins_Last_30d"]) for row in rows) == 520
    assert max(int(row["Tickets_Last_90d"]) for row in rows) == 75
