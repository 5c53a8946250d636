"""A run in columns: the outcomes of a whole book at once, and row by row those of the accounts that no column holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..language.tree import Expression
from ..lines import Framed, InColumns, Merged, Part
from ..outcome.health import HealthMeasure, HealthScore, health_scores
from ..outcome.health_columns import HealthLines, scored
from ..outcome.health_measures_columns import HealthMeasureLines
from ..outcome.segments import Segment, segments
from ..outcome.segments_columns import SegmentLines
from ..outcome.stages import StageRow, stage_rows
from ..outcome.stages_columns import StageLines
from ..outcome.tasks.budget_columns import budgets_in_columns
from ..outcome.tasks.budgets import BudgetRow, Budgets
from ..outcome.tasks.calendar import Calendars
from ..outcome.tasks.columns import tasks_in_columns
from ..outcome.tasks.standing import Standing
from ..outcome.tasks.touches import Task, Unserved, tasks
from ..outcome.tasks.triggers import Fired, Trigger
from ..outcome.watchlists import Holding
from ..outcome.watchlists_columns import held_in_columns
from ..periods import Duration
from ..program.columnar.book import ColumnBook
from .books import Books


@dataclass(frozen=True)
class Touched:
    """As ``touches.Tasks``, its lists in columns."""

    tasks: Sequence[Task] = ()
    unserved: Sequence[Unserved] = ()
    triggers: Sequence[Trigger] = ()
    past: int = 0
    beyond: int = 0
    closed: int = 0
    skipped: int = 0
    provisional: frozenset[str] = frozenset()


def holding_in_columns(books: Books) -> Holding:
    """As ``watchlists.holding_by_reference``, in columns."""
    return lambda book, condition: held_in_columns(books.in_columns(book), condition)


class ColumnAccounts:
    def __init__(self, columns: ColumnBook) -> None:
        self.columns = columns
        self.others = columns.replayed
        columns.evaluate()

    @property
    def replayed(self) -> int:
        return len(self.others)

    def segments(self) -> InColumns[Segment]:
        rows = segments(self.columns.book, self.others)
        return InColumns(_merged(SegmentLines(self.columns), rows, "policy", "account_id", "tier", "source"), Segment)

    def health(self) -> tuple[InColumns[HealthScore], InColumns[HealthMeasure]]:
        scores, measures = health_scores(self.columns.book, self.others)
        found = scored(self.columns)
        told = _merged(HealthLines(found), scores, "policy", "account_id")
        parts = _merged(HealthMeasureLines(found), measures, "policy", "account_id", "group", "measure", "source")
        return InColumns(told, HealthScore), InColumns(parts, HealthMeasure)

    def stages(self) -> InColumns[StageRow]:
        rows = stage_rows(self.columns.book, self.others)
        return InColumns(_merged(StageLines(self.columns), rows, "policy", "account_id"), StageRow)

    def tasks(self, calendars: Calendars, horizon: Duration, fired: Fired, standing: Standing) -> Touched:
        found = tasks_in_columns(self.columns, calendars, horizon, fired, standing)
        others = tasks(self.columns.book, calendars, horizon, fired, self.others, standing)
        listed = "due", "owner", "account_id", "policy", "play", "task", "task_id"
        lacks = "policy", "play", "account_id", "task", "due", "reason"
        return Touched(
            InColumns(_merged(Framed(found.tasks), others.tasks, *listed), Task),
            InColumns(_merged(Framed(found.unserved), others.unserved, *lacks), Unserved),
            InColumns(_merged(Framed(found.triggers), others.triggers, "policy", "play", "account_id"), Trigger),
            found.past + others.past,
            found.beyond + others.beyond,
            found.closed + others.closed,
            found.skipped + others.skipped,
            frozenset(found.provisional | others.provisional),
        )

    def holding(self, condition: Expression) -> set[str]:
        return set(held_in_columns(self.columns, condition)[0])

    def budgets(self, calendars: Calendars) -> Budgets:
        lines, late = budgets_in_columns(self.columns, calendars, self.others)
        key = "policy", "budget", "account_id"
        return Budgets(InColumns(_merged(lines, late.rows, *key), BudgetRow), late.without)


def _merged(part: Part, rows: Sequence[object], *key: str) -> Part:
    return Merged(part, rows, key) if rows else part
