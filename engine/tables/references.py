"""Fields that name a row of another table: which of them find none, and what becomes of their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from ..diagnostics import Cell, Diagnostic, Related
from ..messages import diagnose, did_you_mean
from .cells import shown
from .column import Column
from .draft import USED, Draft
from .records import reason
from .shape import Field

_MOST_COMPARED = 2_000


def check_references(drafts: Mapping[str, Draft]) -> list[Diagnostic]:
    """Reject rows and list findings as each field's ``on_unknown`` says, and sum them up as warnings."""
    known = {name: draft.known_keys() for name, draft in drafts.items()}
    # A row that is rejected may be the one that another row refers to: repeat until none follows.
    while any([_reject_unknown(draft, known) for draft in drafts.values()]):  # noqa: C419 - each must be done
        pass
    found: list[Diagnostic] = []
    for draft in drafts.values():
        for field in _references(draft, known):
            found.extend(_unknown(draft, field, known[field.refers_to or ""]))
            found.extend(_empty(draft, field))
    return found


def _references(draft: Draft, known: Mapping[str, object]) -> Iterator[Field]:
    """The references whose table was read; why another was not is told elsewhere."""
    return (f for f in draft.shape.fields if f.refers_to in known)


def _reject_unknown(draft: Draft, known: dict[str, Column]) -> bool:
    rejected: dict[int, None] = {}
    for field in _references(draft, known):
        if field.on_unknown == "reject":
            for i, value in draft.columns[field.name].strangers(known[field.refers_to or ""]):
                if i not in rejected and draft.fate[i] != USED:
                    continue
                rejected[i] = None
                draft.reject(i, field.column, shown(value), _no_such_row(field))
    if rejected and draft.shape.key is not None:
        keys = draft.columns[draft.shape.key].values_at(rejected)
        known[draft.shape.name] = known[draft.shape.name].without(keys)
    return bool(rejected)


def _unknown(draft: Draft, field: Field, known: Column) -> Iterator[Diagnostic]:
    if field.on_unknown != "finding":
        return
    strangers = [(i, v) for i, v in draft.columns[field.name].strangers(known) if draft.fate[i] == USED]
    if not strangers:
        return
    for i, value in strangers:
        draft.note(draft.rows[i], field.column, shown(value), _no_such_row(field), "finding")
    often = Counter(shown(value) for _, value in strangers)
    most, count = min(often.items(), key=lambda item: (-item[1], item[0]))
    yield diagnose(
        "unknown-reference",
        Cell(draft.file, 0, field.column),
        related=(Related(field.span, "the field"),),
        column=field.column,
        table=draft.shape.name,
        target=field.refers_to,
        rows=count_of(len(strangers), "row"),
        distinct=count_of(len(often), "value"),
        most=most,
        times=count_of(count, "row"),
        advice=_nearest(most, known),
    )


def _empty(draft: Draft, field: Field) -> Iterator[Diagnostic]:
    spoiled = {cell.i for cell in draft.bad if cell.field is field}
    missing = draft.columns[field.name].missing()
    count = sum(draft.fate[i] == USED and i not in spoiled for i in missing)
    if count:
        yield diagnose(
            "empty-reference",
            Cell(draft.file, 0, field.column),
            related=(Related(field.span, "the field"),),
            column=field.column,
            table=draft.shape.name,
            target=field.refers_to,
            rows=count_of(count, "row"),
        )


def _no_such_row(field: Field) -> str:
    return reason("unknown-reference", table=field.refers_to)


def _nearest(word: str, known: Column) -> str:
    """Comparing with every key of a large table would take long: there, only with those that begin alike."""
    if known.distinct() > _MOST_COMPARED:
        return did_you_mean(word, known.names(word[:2].lower(), _MOST_COMPARED))
    return did_you_mean(word, known.names(None, None))


def count_of(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
