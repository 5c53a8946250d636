"""``kill -9`` at random moments of a run: the output folder is always the old one or the new one, whole."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

SEED = 20260930
CHILD = '''
"""granger, killed at the n-th thing that it does to the disk beside its output folder (0: never, they are printed)."""
import atexit, json, os, signal, sys
from granger.engine.writers import folder

place, moment, exchange, steps = sys.argv.pop(1), int(sys.argv.pop(1)), folder.exchange, []


def reached(step):
    steps.append(step)
    if len(steps) == moment:
        os.kill(os.getpid(), signal.SIGKILL)


def exchanged(one, other):
    reached("before the exchange")
    done = exchange(one, other)
    reached("after the exchange" if done else "no exchange")
    return done


def heard(event, arguments):
    path = arguments[0] if arguments and isinstance(arguments[0], (str, bytes, os.PathLike)) else ""
    if os.fsdecode(path).startswith(place) or event in ("os.remove", "os.rmdir"):  # these may name it by its folder
        reached(event)


folder.exchange = exchanged
sys.addaudithook(heard)
from granger.cli import main
atexit.register(lambda: moment or sys.stderr.write(json.dumps(steps)))
main()
'''

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")]


class Killed:
    """Runs of one workspace into ``out``, where each time an older run stands."""

    def __init__(self, place: Path, workspace: Path) -> None:
        self.out, self.kept = place / "out", place.parent / "old"
        (self.kept / "statements").mkdir(parents=True)
        for name in ("run.json", "gone.csv", *(f"statements/{i}.md" for i in range(1_000))):
            (self.kept / name).write_text("an older run")
        self.command = ["run", str(workspace), "--as-of", "2026-09-30", "--out", str(self.out)]

    def at(self, moment: int) -> subprocess.Popen[str]:
        shutil.rmtree(self.out.parent, ignore_errors=True)
        shutil.copytree(self.kept, self.out)
        return self.once_more(moment)

    def once_more(self, moment: int) -> subprocess.Popen[str]:
        """Whatever the run before has left."""
        command = [sys.executable, "-c", CHILD, str(self.out.parent), str(moment), *self.command]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def left(self) -> list[str]:
        return [path.name for path in self.out.parent.iterdir() if path != self.out]


def test_killed_at_random_moments(tmp_path: Path, grown: Callable[[int, int], Path], contents: Callable) -> None:
    run, chance = Killed(tmp_path / "place", grown(200, 400)), random.Random(SEED)
    start = time.monotonic()
    process = run.at(0)
    _, told = process.communicate()
    lasted, steps = time.monotonic() - start, json.loads(told.splitlines()[-1])
    assert process.returncode in (0, 1)
    if "no exchange" in steps:
        pytest.skip("this file system cannot exchange two folders in one step")
    old, new, exchanged = contents(run.kept), contents(run.out), steps.index("after the exchange") + 1
    assert old != new and len(new) > 400
    assert exchanged > 800 and len(steps) - exchanged > 1_000, "each file is written and settled, each old one removed"

    before = [*chance.sample(range(1, exchanged - 1), 5), exchanged - 1]
    after = [exchanged, *chance.sample(range(exchanged + 1, len(steps)), 5)]
    for moment in (*before, *after):
        process = run.at(moment)
        process.communicate()
        assert process.returncode == -signal.SIGKILL, moment
        assert contents(run.out) == (old if moment < exchanged else new), (moment, steps[moment - 1])
        assert bool(run.left()) == (moment > steps.index("os.mkdir") + 1), moment

    for moment in (chance.uniform(0, lasted) for _ in range(3)):
        process = run.at(-1)
        time.sleep(moment)  # how far it has come by then is not known, and nothing hangs on it
        process.kill()
        process.communicate()
        assert contents(run.out) in (old, new), moment

    run.at(exchanged - 1).communicate()
    assert run.left() != []
    run.once_more(-1).communicate()
    assert contents(run.out) == new
    assert run.left() == []
