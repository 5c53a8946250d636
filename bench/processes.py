"""Whole processes, side by side: how long they take and how much memory they need at the most.

Nothing heavy is imported here: the peak that the system tells of a child counts the parent's at the moment it started.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
AS_OF = "2026-09-30"


@dataclass(frozen=True, slots=True)
class Ran:
    seconds: float
    megabytes: float


def ran(command: Sequence[str | Path]) -> Ran:
    """Raises RuntimeError where the command ends with another code than 0 or 1 (1: something wants a look)."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=said, cwd=ROOT)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            said.seek(0)
            raise RuntimeError(f"{command}: {said.read().decode()[-2000:]}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Ran(seconds, used.ru_maxrss / unit)


def told(command: Sequence[str | Path]) -> dict[str, Any]:
    """What a module of bench prints as JSON."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def module(name: str, *arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-m", name, *arguments]


def granger(workspace: str, data: Path, out: Path, does: str = "run") -> list[str | Path]:
    command = [sys.executable, "-c", "from granger.cli import main; main()", does]
    return [*command, ROOT / "bench" / "workspaces" / workspace, "--data", data, "--as-of", AS_OF, "--out", out]


def by_hand(data: Path, out: Path, script: str = "polars_whole") -> list[str | Path]:
    return module(f"bench.rivals.{script}", data, out, AS_OF)


def pairs(one: Sequence[str | Path], other: Sequence[str | Path], count: int) -> list[tuple[Ran, Ran]]:
    """Both, in turns first and second, after one run that does not count."""
    ran(other)
    found = []
    for n in range(count):
        if n % 2:
            late, early = ran(other), ran(one)
            found.append((early, late))
        else:
            found.append((ran(one), ran(other)))
    return found
