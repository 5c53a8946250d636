"""Fields that name a row of another table: which of them find none, and what becomes of their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from ..diagnostics import Cell, Diagnostic, Related
from ..messages import diagnose, did_you_mean
from .cells import shown
from .draft import USED, Draft
from .records import reason
from .shape import Field, Value

_MOST_COMPARED = 2_000


def check_references(drafts: Mapping[str, Draft]) -> list[Diagnostic]:
    """Reject rows and list findings as each field's ``on_unknown`` says, and sum them up as warnings."""
    known = {name: draft.known_keys() for name, draft in drafts.items()}
    # A row that is rejected may be the one that another row refers to: repeat until none follows.
    while any([_reject_unknown(draft, known) for draft in drafts.values()]):  # noqa: C419 - each must be done
        pass
    found: list[Diagnostic] = []
    for draft in drafts.values():
        for field in _references(draft, drafts):
            found.extend(_unknown(draft, field, known[field.refers_to or ""]))
            found.extend(_empty(draft, field))
    return found


def _references(draft: Draft, known: Mapping[str, object]) -> Iterator[Field]:
    """The references whose table was read; why another was not is told elsewhere."""
    return (f for f in draft.shape.fields if f.refers_to in known)


def _reject_unknown(draft: Draft, known: dict[str, set[Value]]) -> bool:
    rejected: dict[int, None] = {}
    for field in _references(draft, known):
        if field.on_unknown == "reject":
            for i, value in _strangers(draft, field, known[field.refers_to or ""]):
                if i not in rejected and draft.fate[i] != USED:
                    continue
                rejected[i] = None
                draft.reject(i, field.column, shown(value), _no_such_row(field))
    if rejected and draft.shape.key is not None:
        keys = draft.values[draft.shape.key]
        known[draft.shape.name] -= {keys[i] for i in rejected}
    return bool(rejected)


def _strangers(draft: Draft, field: Field, known: set[Value]) -> list[tuple[int, Value]]:
    """The records of the table, with the value, whose reference finds no row. Empty cells refer to nothing."""
    values = draft.values[field.name]
    strange = set(values) - known - {None}
    return [(i, value) for i, value in enumerate(values) if value in strange] if strange else []


def _unknown(draft: Draft, field: Field, known: set[Value]) -> Iterator[Diagnostic]:
    if field.on_unknown != "finding":
        return
    strangers = [(i, value) for i, value in _strangers(draft, field, known) if draft.fate[i] == USED]
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
    values = zip(draft.values[field.name], draft.fate, strict=True)
    count = sum(v is None and fate == USED and i not in spoiled for i, (v, fate) in enumerate(values))
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


def _nearest(word: str, known: set[Value]) -> str:
    """Comparing with every key of a large table would take long: there, only with those that begin alike."""
    names = sorted(shown(key) for key in known)
    if len(names) > _MOST_COMPARED:
        start = word[:2].lower()
        names = [name for name in names if name[:2].lower() == start][:_MOST_COMPARED]
    return did_you_mean(word, names)


def count_of(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
