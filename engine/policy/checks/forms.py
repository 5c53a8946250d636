"""The forms in which tasks leave: their columns hold something that there is, and what an import cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic
from ...messages import diagnose, did_you_mean
from ..model import Workspace
from ..model_forms import OTHERWISE, TASK_FIELDS, WORDED, WORDS, CrmForm, FormColumn, FormWord
from ..names import ACCOUNTS, PEOPLE

_WHOSE = {PEOPLE: "it holds the fields of a task's owner", ACCOUNTS: "it holds the fields of a task's account"}


def check(workspace: Workspace) -> Iterator[Diagnostic]:
    for form in workspace.forms.crms:
        for column in form.columns:
            yield from _column(workspace, column)
        held = {column.field for column in form.columns if not column.table}
        for name, why in form.crm.needed.items():
            if name not in held:
                yield diagnose("form-column-needed", form.span, form=form.crm.name, name=name, why=why)
        for word in form.own:
            yield from _word(form, word, held)


def _column(workspace: Workspace, column: FormColumn) -> Iterator[Diagnostic]:
    if not column.table:
        if column.field and column.field not in (*TASK_FIELDS, *WORDED):
            near = did_you_mean(column.field, (*TASK_FIELDS, *WORDED))
            yield diagnose("form-field-unknown", column.span, name=column.field, near=near)
        return
    if column.table not in _WHOSE:
        yield diagnose("form-table-unknown", column.span, name=column.table)
        return
    shape = workspace.shapes.get(column.table)
    if shape is None:
        yield diagnose("table-needed", column.span, table=column.table, why=_WHOSE[column.table])
    elif shape.field(column.field) is None:
        near = did_you_mean(column.field, [field.name for field in shape.fields])
        yield diagnose("unknown-field", column.span, name=column.field, near=near)


def _word(form: CrmForm, word: FormWord, held: set[str]) -> Iterator[Diagnostic]:
    if word.field not in held:
        yield diagnose("form-words-unused", word.span, form=form.crm.name, field=word.field)
    elif word.field in WORDS and word.word not in (*WORDS[word.field], OTHERWISE):
        yield diagnose(
            "form-word-unknown",
            word.span,
            field=word.field,
            word=word.word,
            near=did_you_mean(word.word, WORDS[word.field]),
        )
