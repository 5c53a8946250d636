"""What the next run reads of an earlier run's folder: since when each trigger has held."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from ..diagnostics import Cell, Diagnostic
from ..messages import diagnose
from .layout import layout


def read_fired(folder: Path) -> tuple[dict[tuple[str, str, str], date], list[Diagnostic]]:
    """(policy, play, account) -> day, from ``triggers.csv``. A folder that is no run of granger's is an error."""
    path = folder / "triggers.csv"
    wanted = layout("triggers")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}, [diagnose("previous-unreadable", Cell(path.name), folder=folder.name)]
    if not rows or rows[0] != [column.name for column in wanted.columns]:
        return {}, [diagnose("previous-unreadable", Cell(path.name), folder=folder.name)]
    fired: dict[tuple[str, str, str], date] = {}
    for number, row in enumerate(rows[1:], start=2):
        try:
            policy, play, account_id, since = (unguarded(cell) for cell in row)
            fired[policy, play, account_id] = date.fromisoformat(since)
        except ValueError:
            return {}, [diagnose("previous-unreadable", Cell(path.name, number), folder=folder.name)]
    return fired, []


def unguarded(text: str) -> str:
    """Takes off the apostrophe that ``csv_file.guarded`` put in front; only for files with granger's own header."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(("=", "+", "-", "@", "\t", "\r")) else text
