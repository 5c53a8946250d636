"""What people did with the tasks of the run before: done, put off, moved, given to another, thrown away."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from .workspace_rows import PEOPLE

DONE_BY_HAND = [
    {"status": "done"},
    {"status": "done", "done_on": "2026-09-01"},
    {"status": "snoozed", "snoozed_until": "2026-10-20"},
    {"status": "snoozed", "snoozed_until": "2026-09-01"},
    {"due": "2026-10-14"},
    {"due": "2026-09-29"},
]


def touched(tasks: Path, seed: int) -> int:
    """Changes a fourth of the rows of a ``tasks.csv``, and leaves out a few: how many."""
    random = Random(f"hands {seed}")
    with tasks.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    kept = []
    for row in rows:
        chance = random.random()
        if chance < 0.2:
            row = list((dict(zip(header, row, strict=True)) | random.choice(DONE_BY_HAND)).values())
        elif chance < 0.25:
            row = list((dict(zip(header, row, strict=True)) | {"owner": random.choice(PEOPLE[:4])}).values())
        kept += [row] if chance < 0.98 else []
    with tasks.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *kept])
    return sum(row not in rows for row in kept) + len(rows) - len(kept)
