"""What a run remembers of the one before it, read from that run's folder: what became of each trigger."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from ..diagnostics import Cell, Diagnostic
from ..messages import diagnose
from ..outcome.tasks.triggers import Key, Remembered, parted
from .layout import layout

T = TypeVar("T")

_EARLIER = {"triggers": ["policy", "play", "account_id", "since"]}
"""The columns of version 1, which does not say all that is needed."""


def read_fired(folder: Path) -> tuple[dict[Key, Remembered], list[Diagnostic]]:
    """What ``triggers.csv`` remembers; what is not granger's, or of an older granger, is an error."""

    def read(row: Sequence[str]) -> tuple[Key, Remembered]:
        policy, play, account_id, since, fired, before, completed, _ = row
        return (policy, play, account_id), Remembered(_day(since), _day(fired), parted(before), _day(completed))

    rows, problems = _rows(folder, "triggers", read)
    return dict(rows), problems


def _rows(folder: Path, name: str, read: Callable[[Sequence[str]], T]) -> tuple[list[T], list[Diagnostic]]:
    """Every row of an output file; ``read`` raises ValueError for one that granger did not write."""
    wanted = layout(name)
    path = folder / wanted.file
    found: list[T] = []
    number = 0
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = next(rows, [])
            if header == _EARLIER[name]:
                return [], [diagnose("previous-of-old", Cell(path.name, 1), folder=folder.name, file=path.name)]
            if header != [column.name for column in wanted.columns]:
                raise ValueError("another header")
            for row in rows:
                number += 1
                found.append(read([unguarded(cell) for cell in row]))
    except (OSError, UnicodeDecodeError, csv.Error):
        return [], [diagnose("previous-unreadable", Cell(path.name), folder=folder.name, file=path.name)]
    except ValueError:
        return [], [diagnose("previous-unreadable", Cell(path.name, number + 1), folder=folder.name, file=path.name)]
    return found, []


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def unguarded(text: str) -> str:
    """Takes off the apostrophe that ``csv_file.guarded`` put in front; only for files with granger's own header."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(("=", "+", "-", "@", "\t", "\r")) else text
