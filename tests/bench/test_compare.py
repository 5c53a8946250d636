"""`make bench` in its quick form prints its table; what it measures is nobody's business here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.generate.table200 import FILE, text

ROOT = Path(__file__).resolve().parent.parent.parent

LINES = [
    "600 accounts",
    "inner steps",
    "6 tiers, health of 6, 3 triggers, 6 ",
    "6 tiers, health of 6, 3 triggers, 60 ",
    "6 tiers, health of 6, 3 triggers, 600 ",
    "health of 6 curves over ratios, 600",
    "table of 200 rows, 600",
    "the same by others",
    "reference, 60 accounts scaled by rows",
    "accounts wrong in floating point",
    "6 tiers, health of 6, 3 triggers, of ",
    "health of 6 curves over ratios, of ",
    "table of 200 rows, of ",
    "whole processes (s)",
    "Parquet to files, 6 ",
    "Parquet to files, 60 ",
    "Parquet to files, 600 ",
    "peak memory (MB), 600",
    "rows replayed, 6 tiers",
    "rows replayed, health of 6 curves",
    "rows replayed, table of 200",
    "8 plays, 90 days ahead",
    "tasks with days, reasons and ids, 600 ",
    "  beside their days alone by hand",
    "  that only one of the two has",
    "whole processes (pairs: 1; s)",
    "Parquet to tasks, 6 ",
    "Parquet to tasks, 60 ",
    "Parquet to tasks, 600 ",
    "peak memory (MB), 600",
    "files that differ, of 4",
]
SAME = ("two has", "of 4")
"""What must not differ, of any size."""


@pytest.mark.slow
def test_the_table_has_its_rows(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.compare", "--quick", "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    found = done.stdout.splitlines()
    place = 0
    for start in LINES:
        place = next(n for n in range(place, len(found)) if found[n].startswith(start))
        assert not start.endswith(SAME) or found[place].endswith(" 0 ok"), found[place]
    assert max(len(line) for line in found) <= 100


def test_the_table_of_200_rows_is_as_its_generator_writes_it() -> None:
    assert FILE.read_text(encoding="utf-8") == text()
