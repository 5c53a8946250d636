"""The library as another tool embeds it: load, run over paths, frames or dicts, explain, write."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import granger
import polars as pl
import pytest
from granger.engine.lines import InColumns
from granger.engine.outcome.health import HealthMeasure, HealthScore
from granger.engine.outcome.health_columns import HealthLines, scored
from granger.engine.outcome.health_measures_columns import HealthMeasureLines
from granger.engine.program.columns import ByReference
from granger.engine.runners.books import Books

PACK = Path(__file__).resolve().parents[2] / "rules" / "renewal-kpi"
AS_OF = date(2026, 9, 30)
Workspace = Callable[[Mapping[str, str]], Path]

SMALL = {
    "granger.yaml": """
        kind: workspace
        name: small
        currency: USD
        tables:
          people:
            key: person
            fields: {person: {column: "Who", kind: person}}
          accounts:
            key: account_id
            fields: {account_id: {column: "Id", kind: text}, arr: {column: "ARR", kind: money, digits: 2}}
          deals:
            key: deal_id
            dated_by: closed_on
            fields: {deal_id: text, account_id: {refers_to: accounts}, amount: money, closed_on: date, by: {refers_to: people}}
        """,
    "tiers.yaml": """
        kind: segmentation
        name: size
        effective: {from: 2026-01-01}
        tiers:
          - {tier: large, when: arr >= 1_000}
          - {tier: small, when: arr < 1_000}
        """,
    "plan.yaml": """
        kind: comp
        name: seller
        effective: {from: 2026-01-01}
        payees: true
        period: quarter
        components:
          - {component: won, credit: {table: deals, amount: amount, to: by}, rate: 1/3}
        """,
}
DEALS = [{"deal_id": "D1", "account_id": "A", "amount": "100.01", "closed_on": date(2026, 9, 30), "by": "Lin"}]
SOURCES = {
    "dicts": [{"account_id": "A", "arr": 999.99}, {"account_id": "B", "arr": Decimal("1000.00")}],
    "polars": pl.DataFrame({"Id": ["A", "B"], "ARR": [999.99, 1000.0]}),
    "arrow": pl.DataFrame({"Id": ["A", "B"], "ARR": [999.99, 1000.0]}).to_arrow(),
    "pandas": pl.DataFrame({"Id": ["A", "B"], "ARR": [999.99, 1000.0]}).to_pandas(),
}


@pytest.mark.parametrize("source", list(SOURCES))
def test_tables_come_as_the_host_has_them(workspace: Workspace, source: str) -> None:
    pack = granger.load(workspace(SMALL))
    run = pack.run({"accounts": SOURCES[source], "people": [{"person": "Lin"}], "deals": DEALS}, as_of=AS_OF)
    assert run.segments.select("account_id", "tier").rows() == [("A", "small"), ("B", "large")]
    assert run.payouts.select("payee", "amount").rows() == [("Lin", Decimal("33.34"))]
    assert run.payouts.schema["amount"] == pl.Decimal(38, 2)
    assert run.credits["rate"].to_list() == [Decimal("0.333333")]
    assert run.tasks.height == 0


def test_a_table_that_a_policy_reads_must_be_there(workspace: Workspace) -> None:
    pack = granger.load(workspace(SMALL))
    with pytest.raises(granger.DataRejected) as refused:
        pack.run({"accounts": SOURCES["dicts"]}, as_of=AS_OF)
    assert {d.code for d in refused.value.diagnostics} == {"missing-source"}


def test_a_table_that_is_not_declared_is_refused(workspace: Workspace) -> None:
    with pytest.raises(granger.RequestRejected) as refused:
        granger.load(workspace(SMALL)).run({"acounts": []}, as_of=AS_OF)
    assert "table-not-declared" in {d.code for d in refused.value.diagnostics}


def test_mistakes_are_all_in_the_exception(workspace: Workspace) -> None:
    with pytest.raises(granger.PolicyRejected) as refused:
        granger.load(workspace({**SMALL, "tiers.yaml": SMALL["tiers.yaml"].replace("arr", "ar")}))
    assert [(d.code, d.place.line) for d in refused.value.diagnostics] == [("unknown-name", 5), ("unknown-name", 6)]


def test_the_folder_is_written_whole_and_only_over_a_run(tmp_path: Path) -> None:
    run = granger.load(PACK).run(as_of=AS_OF)
    out = tmp_path / "deep" / "out"
    run.write(out)
    written = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert written == {name: text.encode() for name, text in run.texts().items()}
    (out / "statements" / "stale.md").write_text("stale")
    run.write(out)
    assert not (out / "statements" / "stale.md").exists()
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    other = tmp_path / "mine"
    other.mkdir()
    (other / "precious.txt").write_text("keep")
    with pytest.raises(granger.FolderInUse):
        run.write(other)
    assert (other / "precious.txt").read_text() == "keep"


def test_a_part_in_columns_is_a_file_that_writes_itself() -> None:
    run = granger.load(PACK.parents[1] / "tests" / "cases" / "good" / "health-groups").run(as_of=AS_OF)
    policies = scored(ByReference(Books(run.pack.policies, run.outcome.tables).on(AS_OF, AS_OF)))
    parts = {
        "health": InColumns(HealthLines(policies), HealthScore),
        "health_measures": InColumns(HealthMeasureLines(policies), HealthMeasure),
    }
    in_columns = replace(run, outcome=replace(run.outcome, **parts))
    written = {name for name, file in in_columns.files().items() if not isinstance(file, str)}
    assert written == {"health.csv", "health_measures.csv"}
    assert in_columns.texts() == run.texts() == run.files()


def test_the_files_are_laid_out_as_the_schemas_state(tmp_path: Path) -> None:
    texts = granger.load(PACK).run(as_of=AS_OF).texts()
    layouts = Path(__file__).resolve().parents[2] / "schemas" / "outputs"
    checked = 0
    for name, text in texts.items():
        path = layouts / f"{Path(name).stem}.json"
        if name.endswith(".csv"):
            layout = json.loads(path.read_text(encoding="utf-8"))
            rows = list(csv.DictReader(io.StringIO(text, newline="")))
            assert text.split("\r\n")[0].split(",") == [column["name"] for column in layout["columns"]]
            numbers = {c["name"] for c in layout["columns"] if c["kind"] == "integer"}
            order = [[int(r[k]) if k in numbers and r[k] else r[k] for k in layout["order"]] for r in rows]
            assert order == sorted(order, key=lambda row: [(cell != "", cell) for cell in row]), name
            if layout["key"]:
                assert len({tuple(row[k] for k in layout["key"]) for row in rows}) == len(rows), name
            for column in layout["columns"]:
                if column["kind"] == "enum":
                    assert {row[column["name"]] for row in rows} <= {*column["one_of"], ""}, (name, column["name"])
            checked += 1
    record = json.loads(texts["run.json"])
    assert list(record) == [c["name"] for c in json.loads((layouts / "run.json").read_text())["columns"]]
    assert checked == 11


def test_explain_leads_to_lines_and_rows() -> None:
    run = granger.load(PACK).run(as_of=AS_OF)
    account = granger.tree_text(run.explain("account", "A-036"))
    assert "usage_change = -30%" in account
    assert "data/accounts.csv, row 37, column 'ICP Fit'" in account
    task = run.outcome.tasks[0]
    assert f"owner {task.owner}" in granger.tree_text(run.explain("task", task.task_id))
    payee = granger.tree_text(run.explain("payee", "Wang Jingyi"))
    assert "3,386.49 CNY" in payee
    assert "comp-csm.yaml" in payee
    with pytest.raises(granger.UnknownSubject):
        run.explain("account", "nobody")


def test_a_trigger_keeps_its_day_and_its_task_over_runs(tmp_path: Path) -> None:
    pack = granger.load(PACK)
    first = pack.run(as_of=AS_OF)
    first.write(tmp_path / "one")
    again = pack.run(as_of=date(2026, 10, 1), previous=tmp_path / "one")
    fresh = pack.run(as_of=date(2026, 10, 1))

    def calls(run: granger.Run) -> dict[str, str]:
        return {task.account_id: task.task_id for task in run.outcome.tasks if task.play == "activity-drop"}

    both = set(calls(first)) & set(calls(again))
    assert both
    assert {account: calls(first)[account] for account in both} == {account: calls(again)[account] for account in both}
    assert all(calls(fresh)[account] != calls(first)[account] for account in both)


def test_a_previous_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(granger.RequestRejected) as refused:
        granger.load(PACK).run(as_of=AS_OF, previous=tmp_path)
    assert [d.code for d in refused.value.diagnostics] == ["previous-unreadable"]
