"""The stated layouts of the output files are themselves in order."""

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from granger.engine.outcome.health import HealthMeasure, HealthScore
from granger.engine.outcome.measures import MeasureValue
from granger.engine.outcome.pay.accrual import Accrual
from granger.engine.outcome.pay.amortisation import Amortised
from granger.engine.outcome.pay.bonus import Attainment
from granger.engine.outcome.pay.credits import Credited
from granger.engine.outcome.pay.lines import Payout
from granger.engine.outcome.pay.payroll import Unpaid
from granger.engine.outcome.staffing import StaffingRow
from granger.engine.outcome.stages import StageRow
from granger.engine.outcome.successes import SuccessRow
from granger.engine.outcome.tasks.budgets import BudgetRow
from granger.engine.outcome.tasks.planned import PlanLine
from granger.engine.outcome.tasks.touches import Task
from granger.engine.outcome.tasks.yesterday import Ended

FOLDER = Path(__file__).resolve().parents[2] / "schemas" / "outputs"
FILES = [
    "accrual.csv",
    "amortisation.csv",
    "attainments.csv",
    "budgets.csv",
    "credits.csv",
    "ended.csv",
    "health.csv",
    "health_measures.csv",
    "load.csv",
    "measures.csv",
    "not_in_payroll.csv",
    "payouts.csv",
    "plan.csv",
    "rejects.csv",
    "run.json",
    "segments.csv",
    "staffing.csv",
    "stages.csv",
    "successes.csv",
    "tasks.csv",
    "triggers.csv",
    "unserved.csv",
]
KINDS = {"text", "integer", "number", "percent", "money", "date", "enum"}
OWN_KEYS = {"money": {"digits"}, "percent": {"digits_at_most"}, "number": {"digits_at_most"}, "enum": {"one_of"}}


def layout(file: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / file).with_suffix(".json").read_text(encoding="utf-8"))
    return found


def columns_of(columns: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for column in columns:
        yield column
        yield from columns_of(column.get("columns", []))


def test_every_output_file_has_a_layout() -> None:
    assert sorted(layout(path.name)["file"] for path in FOLDER.glob("*.json")) == FILES


@pytest.mark.parametrize("file", FILES)
def test_a_layout_says_all_there_is_to_say(file: str) -> None:
    stated = layout(file)
    assert stated.keys() == {"file", "version", "description", "columns", "order", "key"}
    assert stated["file"] == file
    assert stated["version"] >= 1
    names = [column["name"] for column in stated["columns"]]
    assert len(names) == len(set(names))
    assert {*stated["order"], *stated["key"]} <= set(names)
    assert bool(stated["order"]) == file.endswith(".csv")


@pytest.mark.parametrize("file", FILES)
def test_a_column_says_its_kind_and_its_digits(file: str) -> None:
    kinds = KINDS if file.endswith(".csv") else KINDS | {"list", "map"}
    for column in columns_of(layout(file)["columns"]):
        assert column["kind"] in kinds, column
        assert column["description"].endswith("."), column
        allowed = {"name", "kind", "description"} | OWN_KEYS.get(column["kind"], set())
        assert column.keys() - {"columns"} == allowed, column
        assert ("columns" not in column) or column["kind"] in {"list", "map"}
        words = column.get("one_of", [])
        assert len(words) == len(set(words)), column


DECIDED = [
    "staffing.csv",
    "budgets.csv",
    "tasks.csv",
    "unserved.csv",
    "credits.csv",
    "payouts.csv",
    "plan.csv",
    "attainments.csv",
    "segments.csv",
    "stages.csv",
    "successes.csv",
    "health.csv",
    "health_measures.csv",
]


@pytest.mark.parametrize(
    ("file", "row"),
    [
        ("health.csv", HealthScore),
        ("health_measures.csv", HealthMeasure),
        ("stages.csv", StageRow),
        ("successes.csv", SuccessRow),
        ("measures.csv", MeasureValue),
        ("attainments.csv", Attainment),
        ("credits.csv", Credited),
        ("accrual.csv", Accrual),
        ("amortisation.csv", Amortised),
        ("not_in_payroll.csv", Unpaid),
        ("payouts.csv", Payout),
        ("plan.csv", PlanLine),
        ("ended.csv", Ended),
        ("tasks.csv", Task),
        ("staffing.csv", StaffingRow),
        ("budgets.csv", BudgetRow),
    ],
)
def test_a_row_has_what_its_columns_name(file: str, row: type) -> None:
    assert {column["name"] for column in layout(file)["columns"]} <= {field.name for field in fields(row)}


@pytest.mark.parametrize("file", DECIDED)
def test_what_people_act_on_names_its_policy_line_and_reason(file: str) -> None:
    names = {column["name"] for column in layout(file)["columns"]}
    assert "source" in names
    assert names & {"because", "reason"}
