"""Who has how much time in which week, and how much of it is asked for: a table for the terminal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction

from rich import box
from rich.console import Console
from rich.table import Table

from ..amounts import plain, round_to
from ..outcome.tasks.workload import Load
from .terminal import printable

WIDTH = 80
_PERSONS = 5
"""Columns that stand beside one another."""


def load_table(load: Sequence[Load], *, width: int = WIDTH, colour: bool = False) -> str:
    """Hours asked for of hours there are, a row a week and a column a person; weeks that are over are marked, and
    what would have to move is told below."""
    if not load:
        return "nobody has hours: write `hours:` under `roles` in granger.yaml, or a field `hours` of people\n"
    text = io.StringIO()
    console = Console(file=text, width=width, force_terminal=colour, no_color=not colour, highlight=False, markup=False)
    persons = sorted({row.person for row in load})
    rows = {(row.person, row.week): row for row in load}
    for start in range(0, len(persons), _PERSONS):
        some = persons[start : start + _PERSONS]
        table = Table(title="Hours asked for / there are", box=box.SIMPLE, title_justify="left", pad_edge=False)
        table.add_column("week of", no_wrap=True)
        for person in some:
            table.add_column(printable(person), justify="right", overflow="fold")
        for week in sorted({row.week for row in load}):
            table.add_row(str(week), *(_cell(rows[person, week]) for person in some))
        console.print(table)
    over = [row for row in load if row.over]
    for row in over:
        console.print(
            f"! {printable(row.person)}, week of {row.week}: {_hours(row.over)} hours over. "
            f"To move: {printable(row.to_move)}"
        )
    console.print(f"{len(over)} weeks over" if len(over) != 1 else "1 week over")
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _cell(row: Load) -> str:
    return f"{'! ' if row.over else ''}{_hours(row.planned)} / {_hours(row.available)}"


def _hours(minutes: int) -> str:
    return plain(round_to(Fraction(minutes, 60), 1))


def load_json(load: Sequence[Load]) -> list[dict[str, object]]:
    """The rows of load.csv as JSON values."""
    return [asdict(row) | {"week": row.week.isoformat()} for row in load]
