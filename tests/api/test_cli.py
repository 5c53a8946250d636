"""The command line as a user meets it: exit codes, formats, nothing half-written, never a traceback."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "rules" / "renewal-kpi"
BAD = ROOT / "tests" / "cases" / "bad" / "twelve-mistakes"


def granger(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from granger.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


def test_a_new_workspace_checks_and_runs_clean(tmp_path: Path) -> None:
    made = granger("init", tmp_path / "ws", cwd=tmp_path)
    assert made.returncode == 0
    assert (tmp_path / "ws" / ".granger" / "schemas" / "workspace.json").exists()
    first = (tmp_path / "ws" / "granger.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=.granger/schemas/workspace.json"
    assert granger("check", "ws", cwd=tmp_path).returncode == 0
    ran = granger("run", "ws", "--as-of", "2026-09-30", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (tmp_path / "out" / "tasks.csv").exists()
    assert granger("init", tmp_path / "ws", cwd=tmp_path).returncode == 2


def test_a_run_with_something_to_look_at_exits_with_1(tmp_path: Path) -> None:
    ran = granger("run", PACK, "--as-of", "2026-09-30", "--out", tmp_path / "out")
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "2 unserved" in ran.stdout
    *lines, last = ran.stdout.splitlines()
    assert all(len(line) <= 80 for line in lines) and last.startswith("Written to ")


def test_policies_that_do_not_load_exit_with_2_and_write_nothing(tmp_path: Path) -> None:
    ran = granger("run", BAD, "--out", tmp_path / "out")
    assert ran.returncode == 2
    assert "unknown-key" in ran.stderr
    assert not (tmp_path / "out").exists()


def test_rejects_beyond_the_ceiling_exit_with_3_and_write_nothing(tmp_path: Path) -> None:
    shutil.copytree(PACK / "data", tmp_path / "data")
    deals = tmp_path / "data" / "deals.csv"
    lines = deals.read_text(encoding="utf-8").splitlines()
    deals.write_text("\n".join([lines[0], *(line.replace("2026-", "26-") for line in lines[1:])]), encoding="utf-8")
    ran = granger("run", PACK, "--as-of", "2026-09-30", "--data", tmp_path / "data", "--out", tmp_path / "out")
    assert ran.returncode == 3
    assert "too-many-rejects" in ran.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", PACK, "--as-of", "30.9.2026"),
        ("run", PACK, "--horizon", "soon"),
        ("run", PACK, "--table", "deals"),
        ("explain", "account", "nobody", PACK, "--as-of", "2026-09-30"),
        ("explain", "customer", "A-001", PACK),
        ("schema", "nothing"),
        ("init", "x", "--pack", "nothing"),
        ("pay", PACK, "--as-of", "2026-09-30", "--period", "2026-Q5"),
        ("run", PACK, "--table", "dreams=x.csv"),
        ("run", PACK, "--previous", "nowhere"),
        ("fly",),
    ],
)
def test_wrong_usage_exits_with_2(arguments: tuple[object, ...], tmp_path: Path) -> None:
    ran = granger(*arguments, cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_every_format_is_json_on_request(tmp_path: Path) -> None:
    checked = json.loads(granger("check", BAD, "--format", "json").stdout)
    assert checked["ok"] is False
    assert len(checked["diagnostics"]) >= 12
    ran = granger("run", PACK, "--as-of", "2026-09-30", "--out", tmp_path / "out", "--format", "json")
    assert json.loads(ran.stdout) == json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    told = granger("explain", "payee", "Wang Jingyi", PACK, "--as-of", "2026-09-30", "--format", "json")
    assert json.loads(told.stdout)["text"] == "payee Wang Jingyi"


def test_parts_of_a_run_write_their_files_alone(tmp_path: Path) -> None:
    granger("tasks", PACK, "--as-of", "2026-09-30", "--out", tmp_path / "tasks")
    granger("pay", PACK, "--as-of", "2026-09-30", "--out", tmp_path / "pay")
    assert {p.name for p in (tmp_path / "tasks").iterdir()} == {
        "tasks.csv", "unserved.csv", "triggers.csv", "rejects.csv", "run.json",
    }  # fmt: skip
    assert {p.name for p in (tmp_path / "pay").iterdir()} == {
        "credits.csv", "attainments.csv", "payouts.csv", "statements", "rejects.csv", "run.json",
    }  # fmt: skip


def test_schemas_are_printed() -> None:
    kinds = granger("schema").stdout.split()
    assert {"workspace", "segmentation", "playbook", "comp", "library"} <= set(kinds)
    assert json.loads(granger("schema", "comp").stdout)["$id"] == "comp.json"


def test_an_internal_error_leaves_a_report_and_no_traceback(tmp_path: Path) -> None:
    broken = "import granger.engine.api as a\ndef f(*x): raise RuntimeError('boom')\na.check = f\nfrom granger.cli import main\nmain()"
    ran = subprocess.run(
        [sys.executable, "-c", broken, "check", str(PACK)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 4
    assert "Traceback" not in ran.stderr
    assert "boom" in (tmp_path / "granger-error-report.txt").read_text(encoding="utf-8")


def test_help_loads_neither_the_engine_nor_yaml() -> None:
    code = (
        "import sys\nfrom granger.cli import granger as g\n"
        "g.main(['--help'], standalone_mode=False)\nprint(sorted(m for m in sys.modules if m in "
        "('yaml', 'polars', 'jsonschema', 'simpleeval', 'rich', 'babel', 'granger.engine.api')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.rstrip().endswith("[]")
