"""All tables of a run: read, settled, checked against each other, counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from ..amounts import percent
from ..diagnostics import Cell, Diagnostic, in_order
from ..messages import diagnose
from ..progress import SILENT, Progress
from .dates import zone_named
from .draft import Draft, fill, finish, settle
from .records import Batch, Unreadable
from .references import check_references, count_of
from .shape import Reject, Shape, Table
from .sources import Opened, Source, open_source

_FIRST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Tables:
    """What was read. A table that cannot be read is absent, and ``diagnostics`` says why."""

    tables: Mapping[str, Table]
    rejects: tuple[Reject, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_tables(
    shapes: Iterable[Shape],
    sources: Mapping[str, Source],
    *,
    as_of: date,
    timezone: str | None = None,
    shown: Mapping[str, str] | None = None,
    progress: Progress = SILENT,
) -> Tables:
    """Every table of ``shapes`` from its source; ``shown`` is the file name of a table in messages and rejects."""
    zone = zone_named(timezone)
    diagnostics: list[Diagnostic] = []
    drafts: dict[str, Draft] = {}
    opened: dict[str, Opened] = {}
    for shape in shapes:
        if shape.name not in sources:
            diagnostics.append(diagnose("missing-source", shape.span, table=shape.name))
            continue
        source = sources[shape.name]
        draft = Draft(shape, (shown or {}).get(shape.name) or _name(shape, source))
        try:
            opened[shape.name] = open_source(shape, source, draft.file)
            progress.begin(f"reading {shape.name}", "rows", opened[shape.name].about)
            told = _told(opened[shape.name].batches, progress)
            fill(draft, replace(opened[shape.name], batches=told), zone)
            progress.end()
        except Unreadable as failure:
            diagnostics.extend(failure.diagnostics)
            continue
        settle(draft, as_of)
        drafts[shape.name] = draft
        diagnostics.extend(opened[shape.name].warnings)
    diagnostics.extend(check_references(drafts))
    tables = {name: finish(draft, opened[name].digest or draft.digest()) for name, draft in drafts.items()}
    for draft in drafts.values():
        diagnostics.extend(_over_ceiling(draft))
    rejects = sorted(reject for draft in drafts.values() for reject in draft.rejects)
    return Tables(tables, tuple(rejects), tuple(in_order(diagnostics)))


def _told(batches: Iterable[Batch], progress: Progress) -> Iterator[Batch]:
    for batch in batches:
        yield batch
        progress.advance(len(batch.rows) + len(batch.refused))


def _name(shape: Shape, source: Source) -> str:
    if isinstance(source, (str, Path)):
        return shape.file or Path(source).name
    return f"<frame {shape.name}>"


def _over_ceiling(draft: Draft) -> list[Diagnostic]:
    if not draft.rejected or Fraction(draft.rejected, draft.read) <= draft.shape.reject_ceiling:
        return []
    lines = sorted(reject for reject in draft.rejects if reject.level == "row")[:_FIRST_REASONS]
    reasons = "; ".join(f"{Cell(r.file, r.row, r.column)}: {r.reason}" for r in lines)
    return [
        diagnose(
            "too-many-rejects",
            Cell(draft.file),
            table=draft.shape.name,
            rejected=f"{draft.rejected:,}",
            read=count_of(draft.read, "row"),
            ceiling=percent(draft.shape.reject_ceiling),
            reasons=reasons,
        )
    ]
