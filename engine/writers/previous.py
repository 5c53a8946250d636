"""What a run remembers of the one before it, read from that run's folder: its triggers, tiers and grades."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence, Set
from datetime import date
from pathlib import Path
from typing import TypeVar

from ..diagnostics import Cell, Diagnostic
from ..messages import diagnose
from ..outcome.tasks.triggers import Key, Remembered, parted
from ..policy.pack import InForce
from ..program.decisions import OVERRIDDEN
from ..program.memory import Earlier, EarlierGrade, EarlierTier
from .layout import layout

T = TypeVar("T")

_ADDED = {
    "triggers": {"fired", "fired_before", "completed", "held_back"},
    "segments": {"since"},
    "health": {"grade_since", "pending_grade", "pending_since"},
}
"""The columns that version 1 does not have."""


def read_fired(folder: Path) -> tuple[dict[Key, Remembered], list[Diagnostic]]:
    """What ``triggers.csv`` remembers; what is not granger's, or of an older granger, is an error."""

    def read(row: Sequence[str]) -> tuple[Key, Remembered]:
        policy, play, account_id, since, fired, before, completed, _ = row
        return (policy, play, account_id), Remembered(_day(since), _day(fired), parted(before), _day(completed))

    rows, problems = _rows(folder, "triggers", read)
    return dict(rows), problems


def read_earlier(folder: Path, force: InForce) -> tuple[Earlier, list[Diagnostic]]:
    """The tiers and grades of the policies that remember them. A run that has no such file says nothing of them."""
    holding = {segmentation.name for segmentation in force.segmentations if segmentation.hold is not None}
    settling = {health.name for health in force.healths if health.settle is not None}
    tiers, unread = _known(folder, "segments", holding, _tier)
    grades, unread_too = _known(folder, "health", settling, _grade)
    return Earlier(tiers, grades), [*unread, *unread_too]


def _known(
    folder: Path, name: str, policies: Set[str], read: Callable[[dict[str, str]], T | None]
) -> tuple[dict[tuple[str, str], T] | None, list[Diagnostic]]:
    """By policy and account; None where the file is not there, or none of the policies is asked for."""
    if not policies or not (folder / layout(name).file).exists():
        return None, []
    names = [column.name for column in layout(name).columns]

    def pair(row: Sequence[str]) -> tuple[tuple[str, str], T | None]:
        cells = dict(zip(names, row, strict=True))
        own = cells["policy"] in policies
        return (cells["policy"], cells["account_id"]), read(cells) if own else None

    rows, problems = _rows(folder, name, pair)
    return {key: found for key, found in rows if found is not None}, problems


def _tier(cells: dict[str, str]) -> EarlierTier | None:
    """None for an account that had no tier, or of which it is not known since when."""
    since = _day(cells["since"])
    if not cells["tier"] or since is None:
        return None
    return EarlierTier(cells["tier"], since, by_hand=cells["status"] == OVERRIDDEN)


def _grade(cells: dict[str, str]) -> EarlierGrade | None:
    since = _day(cells["grade_since"])
    if not cells["grade"] or since is None:
        return None
    return EarlierGrade(cells["grade"], since, cells["pending_grade"], _day(cells["pending_since"]))


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
            if header == [column.name for column in wanted.columns if column.name not in _ADDED[name]]:
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
