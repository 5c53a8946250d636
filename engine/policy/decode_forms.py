"""``forms`` of granger.yaml: in which forms tasks leave."""

from __future__ import annotations

from .model_forms import CRMS, EVENTS, TODOS, Crm, CrmForm, FormColumn, Forms, FormWord
from .reading import Reading, text_of


def forms(top: Reading) -> Forms:
    inner = top.inner("forms")
    entries = tuple(word for word, _ in inner.inner("icalendar").words("entries")) or (EVENTS, TODOS)
    return Forms(
        crms=tuple(_crm(crm, inner.inner(crm.name)) for crm in CRMS if inner.has(crm.name)),
        icalendar=entries if inner.has("icalendar") else None,
        worklist=inner.has("worklist"),
    )


def _crm(crm: Crm, reading: Reading) -> CrmForm:
    columns = tuple(_columns(reading)) if reading.has("columns") else None
    own = tuple(
        FormWord(field, word, text_of(called) or "", at)
        for field, _, words in reading.named("words")
        for word, at, called in Reading(words, reading.problems, reading.span).entries()
    )
    by_itself = tuple(FormColumn(header, field, reading.span) for header, field in crm.columns.items())
    return CrmForm(crm, by_itself if columns is None else columns, reading.span, own)


def _columns(reading: Reading) -> list[FormColumn]:
    found = []
    for header, _, value in reading.named("columns"):
        table, dot, field = (text_of(value) or "").rpartition(".")
        found.append(FormColumn(header, field, value.span, table if dot else ""))
    return found
