"""Ctrl-C at any moment of a command: one line, exit code 130, and everything is as it was before; or it comes too late."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

STARTER = Path(__file__).resolve().parents[2] / "rules" / "starter"

CHILD = '''
"""granger, with Ctrl-C (twice, as impatient people do) at the moment that the first argument names."""
import os, signal, sys
from granger.engine import progress
from granger.engine.writers import folder

moment, exchange = sys.argv.pop(1), folder.exchange


def reached(word):
    if moment in word:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)


def begin(self, what, unit="", total=None):
    reached(f"begin {what}")


def exchanged(one, other):
    reached("before the exchange")
    done = exchange(one, other)
    reached("after the exchange")
    return done


progress.Silent.begin, folder.exchange = begin, exchanged
progress.Silent.advance = lambda self, count=1: reached("word advance")
progress.Silent.end = lambda self: reached("word end")
sys.addaudithook(lambda event, arguments: reached(f"{event} {arguments[0] if arguments else ''}"))
from granger.cli import main
main()
'''  # fmt: skip
EARLY = [
    "import yaml",
    "import polars",
    "import granger.engine.api",
    "open {workspace}/tiers.yaml",
    "open {workspace}/data/deals.csv",
    "begin reading accounts",
    "word advance",
    "word end",
    "begin tiers",
    "begin tasks",
    "begin pay",
    "begin rows to text",
    "os.mkdir {place}/.out.new-",
    "begin writing",
    "begin writing segments.csv",
    "begin settling on disk",
    "open {place}/.out.new-",
]
SOME = [
    "import granger.engine.api",
    "word advance",
    "begin tasks",
    "begin writing segments.csv",
    "open {place}/.out.new-",
]
LATE = ["before the exchange", "after the exchange", "os.remove", "os.rmdir", "import rich"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send itself a Ctrl-C this way")


def stopped(moment: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHILD, moment, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    "moment", [each if each in SOME else pytest.param(each, marks=pytest.mark.slow) for each in EARLY]
)
def test_stopped_before_the_results_take_their_place(tmp_path: Path, contents: Callable, moment: str) -> None:
    out = tmp_path / "out"
    (out / "statements").mkdir(parents=True)
    for name in ("run.json", "statements/Ana.md"):
        (out / name).write_text("old")
    before = contents(tmp_path)
    at = moment.format(workspace=STARTER, place=tmp_path)
    done = stopped(at, "run", STARTER, "--as-of", "2026-09-30", "--out", out, "--reading", "columns", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted; nothing was written\n")
    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("moment", [*LATE[:2], *(pytest.param(each, marks=pytest.mark.slow) for each in LATE[2:])])
def test_once_the_results_take_their_place_it_comes_too_late(tmp_path: Path, contents: Callable, moment: str) -> None:
    out = tmp_path / "out"
    (out / "statements").mkdir(parents=True)
    (out / "run.json").write_text("old")
    done = stopped(moment, "run", STARTER, "--as-of", "2026-09-30", "--out", out, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f"Written to {out}\n")
    assert len(contents(out)) > 10
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_new_workspace_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    done = stopped(f"open {tmp_path}/.mine.new-", "init", tmp_path / "mine", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted; nothing was written\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("check",), ("explain", "account", "A-5")])
def test_commands_that_write_nothing_say_the_same(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = stopped("import granger.engine.api", *arguments, STARTER, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted; nothing was written\n")


def test_where_it_is_switched_off_it_stays_so(tmp_path: Path) -> None:
    code = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n{CHILD}"
    command = [sys.executable, "-c", code, "begin", "run", STARTER, "--as-of", "2026-09-30", "--out", tmp_path / "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
