"""A run in columns: the outcomes of a whole book at once, and row by row those of the accounts that no column holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..lines import Framed, InColumns, Merged, Part
from ..outcome.health import HealthMeasure, HealthScore, health_scores
from ..outcome.health_columns import HealthLines, scored
from ..outcome.health_measures_columns import HealthMeasureLines
from ..outcome.segments import Segment, segments
from ..outcome.segments_columns import SegmentLines
from ..outcome.tasks.calendar import Days
from ..outcome.tasks.columns import tasks_in_columns
from ..outcome.tasks.touches import Fired, Task, Trigger, Unserved, tasks
from ..periods import Duration
from ..program.columnar.book import ColumnBook


@dataclass(frozen=True)
class Touched:
    """As ``touches.Tasks``, its lists in columns."""

    tasks: Sequence[Task] = ()
    unserved: Sequence[Unserved] = ()
    triggers: Sequence[Trigger] = ()
    past: int = 0
    beyond: int = 0
    closed: int = 0


def segments_in_columns(columns: ColumnBook) -> InColumns[Segment]:
    rows = segments(columns.book, columns.replayed)
    return InColumns(_merged(SegmentLines(columns), rows, "policy", "account_id", "tier", "source"), Segment)


def health_in_columns(columns: ColumnBook) -> tuple[InColumns[HealthScore], InColumns[HealthMeasure]]:
    scores, measures = health_scores(columns.book, columns.replayed)
    found = scored(columns)
    told = _merged(HealthLines(found), scores, "policy", "account_id")
    parts = _merged(HealthMeasureLines(found), measures, "policy", "account_id", "group", "measure", "source")
    return InColumns(told, HealthScore), InColumns(parts, HealthMeasure)


def touched_in_columns(columns: ColumnBook, days: Days, horizon: Duration, fired: Fired) -> Touched:
    found = tasks_in_columns(columns, days, horizon, fired)
    others = tasks(columns.book, days, horizon, fired, columns.replayed)
    listed = _merged(
        Framed(found.tasks), others.tasks, "due", "owner", "account_id", "policy", "play", "task", "task_id"
    )
    lacks = _merged(Framed(found.unserved), others.unserved, "policy", "play", "account_id", "task", "due", "reason")
    held = _merged(Framed(found.triggers), others.triggers, "policy", "play", "account_id")
    return Touched(
        InColumns(listed, Task),
        InColumns(lacks, Unserved),
        InColumns(held, Trigger),
        found.past + others.past,
        found.beyond + others.beyond,
        found.closed + others.closed,
    )


def _merged(part: Part, rows: Sequence[object], *key: str) -> Part:
    return Merged(part, rows, key) if rows else part
