"""The same inputs give the same bytes, whatever machine, place and hour they meet."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACK = ROOT / "rules" / "renewal-kpi"
PROGRAM = "from granger.cli import main; main()"
SURROUNDINGS = {
    "same": {},
    "turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "LANGUAGE": "tr"},
    "ascii": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "kiritimati": {"TZ": "Pacific/Kiritimati"},
    "niue": {"TZ": "Pacific/Niue"},
    "hash-1": {"PYTHONHASHSEED": "1"},
    "hash-4242": {"PYTHONHASHSEED": "4242", "TZ": "Asia/Kolkata", "LC_ALL": "POSIX"},
}

SOME = {"turkish", "hash-4242"}


def run_cli(workspace, out, cwd, surroundings):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "TZ", "PYTHON"))}
    command = [sys.executable, "-c", PROGRAM, "run", str(workspace), "--as-of", "2026-09-30", "--out", str(out)]
    done = subprocess.run(command, cwd=cwd, env=kept | surroundings, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode("utf-8", "replace")
    assert done.returncode in (0, 1), done.stderr.decode("utf-8", "replace")
    return done


def bytes_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    folder = tmp_path_factory.mktemp("first")
    done = run_cli(PACK, folder / "out", folder, {"PYTHONHASHSEED": "0"})
    return bytes_of(folder / "out"), done.stdout.replace(str(folder / "out").encode(), b"OUT")


@pytest.mark.parametrize("name", [pytest.param(n, marks=() if n in SOME else pytest.mark.slow) for n in SURROUNDINGS])
def test_same_bytes_in_other_surroundings(first, tmp_path, name):
    written, _ = first
    assert len(written) > 8
    assert {"run.json", "tasks.csv", "segments.csv", "credits.csv", "payouts.csv"} < set(written)
    run_cli(PACK, tmp_path / "out", tmp_path, SURROUNDINGS[name])
    assert bytes_of(tmp_path / "out") == written


def test_same_bytes_from_another_folder_named_another_way(first, tmp_path):
    """A copy of the workspace, named relative to the working directory, over an earlier run's folder."""
    written, _ = first
    copy = tmp_path / "elsewhere" / "пакет 包"
    shutil.copytree(PACK, copy)
    for _ in range(2):
        run_cli(copy.relative_to(tmp_path), "out", tmp_path, {"TZ": "America/St_Johns"})
        assert bytes_of(tmp_path / "out") == written
    assert {path.name for path in tmp_path.iterdir()} == {"elsewhere", "out"}


def test_the_summary_is_the_same_too(first, tmp_path):
    _, shown = first
    done = run_cli(PACK, tmp_path / "out", tmp_path, {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"})
    assert done.stdout.replace(str(tmp_path / "out").encode(), b"OUT") == shown
    assert len(shown) > 500
