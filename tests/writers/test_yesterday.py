"""Yesterday's tasks read from files: granger's own, a CRM's export, those of another workspace, and odd rows."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import granger
import pytest
from click.testing import CliRunner
from granger.cli import granger as command
from granger.engine.diagnostics import DataRejected, RequestRejected

CASES = Path(__file__).resolve().parents[1] / "cases" / "good"
DAY = date(2026, 10, 1)
BOTH = ["reference", "columns"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The first run over the case of tasks after others."""
    granger.load(CASES / "after").run(as_of=DAY, parts=("tasks",)).write(tmp_path / "first")
    return tmp_path / "first"


def actions(found: granger.Run) -> set[str]:
    assert found.outcome.plan is not None
    return {step.action for step in found.outcome.plan}


def again(since: Path | None, previous: Path | None = None, case: str = "after", day: date = DAY) -> granger.Run:
    return granger.load(CASES / case).run(as_of=day, parts=("tasks",), since=since, previous=previous)


def test_a_run_met_with_its_own_files_changes_nothing(folder: Path) -> None:
    for found in (again(folder / "tasks.csv"), again(None, folder), again(folder / "tasks.csv", folder)):
        assert actions(found) == {"keep"}
        assert found.texts()["tasks.csv"] == (folder / "tasks.csv").read_bytes().decode()
    assert granger.load(CASES / "after").run(as_of=DAY).outcome.plan is None
    assert not {"plan.csv", "ended.csv"} & granger.load(CASES / "after").run(as_of=DAY).texts().keys()


def test_what_ended_is_read_again(folder: Path, tmp_path: Path) -> None:
    edited(folder / "tasks.csv", "T-3f517e79e01987d1", status="done")
    again(None, folder).write(tmp_path / "second")
    third = again(None, tmp_path / "second", day=date(2026, 10, 5))
    assert [one.task_id for one in third.outcome.ended] == ["T-3f517e79e01987d1"]
    assert third.outcome.ended[0].ended_on == DAY


def edited(path: Path, task_id: str, **cells: str) -> None:
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0])
        out.writeheader()
        out.writerows({**row, **cells} if row["task_id"] == task_id else row for row in rows)


def test_odd_rows_are_rejected_and_the_others_used(folder: Path) -> None:
    edited(folder / "tasks.csv", "T-3f517e79e01987d1", account_id="D")
    found = again(folder / "tasks.csv")
    reasons = [(reject.table, reject.file, reject.row, reject.reason) for reject in found.outcome.rejects]
    assert reasons == [("tasks", "tasks.csv", 2, "not the id of this policy, play, task, account and occurrence")]
    assert actions(found) == {"keep", "create"}  # what the row was, nobody knows any more
    edited(folder / "tasks.csv", "T-bb2fcc2860f67379", status="dnoe")
    with pytest.raises(DataRejected) as stopped:  # one of a dozen is more than the twentieth that is allowed
        again(folder / "tasks.csv")
    assert "not one of open, waiting, snoozed, done, closed; did you mean 'done'?" in stopped.value.diagnostics[0].help


def test_the_tasks_of_another_workspace_are_refused(folder: Path, tmp_path: Path) -> None:
    granger.load(CASES / "offsets").run(as_of=date(2026, 9, 28), parts=("tasks",)).write(tmp_path / "other")
    with pytest.raises(DataRejected) as stopped:
        again(tmp_path / "other" / "tasks.csv")
    assert [found.code for found in stopped.value.diagnostics] == ["tasks-of-another-workspace"]
    text = (folder / "tasks.csv").read_text(encoding="utf-8").replace("T-", "T-0")
    (folder / "tasks.csv").write_text(text, encoding="utf-8")  # no id is that of its row
    with pytest.raises(DataRejected) as stopped:
        again(None, folder)
    assert [found.code for found in stopped.value.diagnostics] == ["tasks-of-another-workspace"]


def test_a_file_of_another_kind_is_refused(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("Id,Status\n1,open\n", encoding="utf-8")
    with pytest.raises(RequestRejected) as stopped:
        again(other)
    assert [found.code for found in stopped.value.diagnostics] == ["since-unreadable"]
    (folder / "tasks.csv").write_text("task_id,policy\n", encoding="utf-8")
    with pytest.raises(DataRejected) as unreadable:
        again(None, folder)
    assert [found.code for found in unreadable.value.diagnostics] == ["since-unreadable"]


def test_an_export_of_rows(tmp_path: Path) -> None:
    """A frame or a list serves as well as a file."""
    since = [{"task_id": "T-fe261ff1be1fe257", "status": "Completed", "due": "2026-10-21", "owner": "ann"}]
    pack, previous = granger.load(CASES / "reconcile"), CASES / "reconcile" / "previous"
    found = pack.run(as_of=date(2026, 10, 6), parts=("tasks",), since=since, previous=previous)
    step = next(step for step in found.outcome.plan or () if step.task.task_id == "T-fe261ff1be1fe257")
    assert (step.action, step.reason) == ("close", "done on 2026-10-06")


def test_the_command_line(folder: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(CASES / "reconcile", case)
    inputs = ["--as-of", "2026-10-06", "--since", str(case / "since.csv"), "--previous", str(case / "previous")]
    done = CliRunner().invoke(command, ["tasks", str(case), *inputs, "--out", str(tmp_path / "out")])
    assert done.exit_code == 1, done.output  # one row of the export is rejected
    expected = CASES / "reconcile" / "expected"
    for name in ("plan.csv", "ended.csv", "tasks.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (expected / name).read_bytes()
    told = CliRunner().invoke(command, ["explain", "task", "T-fe261ff1be1fe257", str(case), *inputs])
    assert told.exit_code == 0, told.output
    for line in (
        "status waiting: not before T-991aef0f1abda9f5 is done",
        "made on 2026-10-01, changed 1 times since",
        "due 2026-11-02: a person moved it from 2026-10-28",
        "today: conflict, the policy wants it due 2026-10-28; a person's 2026-11-02 holds",
    ):
        assert line in told.output
    gone = CliRunner().invoke(command, ["explain", "task", "T-10beb24628a7723a", str(case), *inputs])
    assert "today: close, the account is gone" in gone.output
