"""What accounts come to, account by account, by the reference."""

from __future__ import annotations

from dataclasses import dataclass

from ..language.tree import Expression
from ..outcome.health import HealthMeasure, HealthScore, health_scores
from ..outcome.segments import Segment, segments
from ..outcome.stages import StageRow, stage_rows
from ..outcome.tasks.budgets import Budgets, budgets
from ..outcome.tasks.calendar import Calendars
from ..outcome.tasks.standing import Standing
from ..outcome.tasks.touches import Tasks, tasks
from ..outcome.tasks.triggers import Fired
from ..outcome.watchlists import holding_by_reference
from ..periods import Duration
from ..program.evaluate import Book


@dataclass(frozen=True)
class ReferenceAccounts:
    book: Book
    replayed: int = 0

    def segments(self) -> list[Segment]:
        return segments(self.book)

    def health(self) -> tuple[list[HealthScore], list[HealthMeasure]]:
        return health_scores(self.book)

    def stages(self) -> list[StageRow]:
        return stage_rows(self.book)

    def tasks(self, calendars: Calendars, horizon: Duration, fired: Fired, standing: Standing) -> Tasks:
        return tasks(self.book, calendars, horizon, fired, standing=standing)

    def holding(self, condition: Expression) -> set[str]:
        return set(holding_by_reference(self.book, condition)[0])

    def budgets(self, calendars: Calendars) -> Budgets:
        return budgets(self.book, calendars)
