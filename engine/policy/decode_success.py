"""Success by use case: each with the criteria that all must hold."""

from __future__ import annotations

from typing import Any

from ..diagnostics import Origin
from ..language.tree import Compare, Expression, Literal, Name
from .model_success import USE_CASE, Criterion, Success, UseCase
from .reading import Reading


def success(top: Reading, frame: dict[str, Any]) -> Success:
    return Success(
        **frame,
        table=top.text("table"),
        table_span=top.span_of("table"),
        fact=top.text("fact", "successful"),
        use_cases=tuple(_use_case(row) for row in top.readings("use_cases")),
    )


def _use_case(row: Reading) -> UseCase:
    name, span = row.text(USE_CASE), row.span_of(USE_CASE)
    origin = Origin(span.file, ((0, span.line, span.column),))
    is_it = Expression(f"{USE_CASE} == {name!r}", Compare(("==",), (Name(USE_CASE), Literal(name))), origin)
    return UseCase(name, span, is_it, tuple(_criterion(each) for each in row.readings("criteria")))


def _criterion(row: Reading) -> Criterion:
    return Criterion(row.text("criterion"), row.span_of("criterion"), row.required("when"), row.text("because"))
