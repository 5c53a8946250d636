"""``kill -9`` at random moments of a run: the output folder is always the old one or the new one, whole."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

SEED = 20260930
COMMAND = [sys.executable, "-c", "from granger.cli import main; main()", "run"]

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")]


class Timeline:
    """When, in seconds from its start, a run begins to write, has its folder in place, and ends."""

    def __init__(self, command: list[str], out: Path) -> None:
        self.command, self.out = command, out
        self.writes, self.stands, self.ends = 0.0, 0.0, 0.0

    def _is_writing(self, process: int) -> bool:
        return (self.out.parent / f".out.new-{process}").exists()

    def measure(self) -> None:
        before, start = self.out.stat().st_ino, time.monotonic()
        process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            now = time.monotonic() - start
            if not self.writes and self._is_writing(process.pid):
                self.writes = now
            if not self.stands and self.out.stat().st_ino != before:
                self.stands = now
            time.sleep(0.001)
        self.ends = time.monotonic() - start
        assert process.returncode == 0
        assert 0 < self.writes < self.stands < self.ends

    def kill(self, moment: float, since: str) -> None:
        """So many seconds after its start, after it began to write, or after its folder stood in place."""
        before, start = self.out.stat().st_ino, time.monotonic()
        process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seen = {
            "the start": lambda: True,
            "it writes": lambda: self._is_writing(process.pid),
            "it stands": lambda: self.out.stat().st_ino != before,
        }[since]
        while process.poll() is None and not seen():
            assert time.monotonic() - start < 120
        time.sleep(moment)
        process.kill()
        process.wait()


def test_killed_at_random_moments(tmp_path: Path, grown: Callable[[int, int], Path], contents: Callable) -> None:
    out, kept = tmp_path / "place" / "out", tmp_path / "old"
    command = [*COMMAND, str(grown(2_000, 400)), "--as-of", "2026-09-30", "--out", str(out)]
    (kept / "statements").mkdir(parents=True)
    for name in ("run.json", "gone.csv", *(f"statements/{i}.md" for i in range(1_000))):
        (kept / name).write_text("an older run")
    shutil.copytree(kept, out)
    run = Timeline(command, out)
    run.measure()
    old, new = contents(kept), contents(out)
    assert old != new
    assert len(new) > 400
    chance = random.Random(SEED)
    writing, standing = run.stands - run.writes, run.ends - run.stands
    moments = [(chance.uniform(0, run.ends), "the start") for _ in range(6)]
    moments += [(chance.uniform(0, writing), "it writes") for _ in range(5)]
    moments += [(chance.uniform(writing * 0.8, writing * 1.2), "it writes") for _ in range(5)]
    moments += [(0.0, "it stands")] + [(chance.uniform(0, standing * 0.2), "it stands") for _ in range(3)]
    assert len(moments) == 20
    met, leftovers = [], 0
    for moment, since in moments:
        shutil.rmtree(out)
        shutil.copytree(kept, out)
        run.kill(moment, since)
        found = contents(out)
        met.append("old" if found == old else "new" if found == new else "broken")
        left = [path.name for path in out.parent.iterdir() if path != out]
        leftovers += len(left) > 0
        sys.stdout.write(f"{moment:.4f} s after {since}: {met[-1]}, left {left}\n")
    assert set(met) == {"old", "new"}
    assert leftovers > 0
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert contents(out) == new
    assert [path.name for path in out.parent.iterdir()] == ["out"]
