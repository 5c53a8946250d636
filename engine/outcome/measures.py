"""Measures of persons, fields and the company as rows of ``measures.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..amounts import grouped, percent, round_to
from ..language.tree import Value
from ..language.types import Type
from ..program.compile import Aggregate, Formula
from ..program.evaluate import Book
from ..program.spoken import source_of, spoken


@dataclass(frozen=True, slots=True)
class MeasureValue:
    """``value`` is text at the measure's digits; ``exact`` the number itself."""

    measure: str
    of: str
    value: str
    exact: Value
    population: int
    skipped: int
    status: str
    as_of: date
    source: str


def measure_values(book: Book) -> list[MeasureValue]:
    """In the order of measure and who has it."""
    found = []
    for definition in book.program.definitions.values():
        if not isinstance(definition, Aggregate | Formula) or definition.per == "account":
            continue
        kind = book.program.per_holder.get(definition.name) or book.program.types.get(definition.name)
        for who, measured in book.measured(definition.name).items():
            found.append(
                MeasureValue(
                    measure=definition.name,
                    of=who,
                    value=shown(measured.value, kind, definition.digits),
                    exact=measured.value,
                    population=measured.population,
                    skipped=measured.skipped,
                    status=measured.status,
                    as_of=book.as_of,
                    source=source_of(definition.span),
                )
            )
    return sorted(found, key=lambda row: (row.measure, row.of))


def shown(value: Value, kind: Type | None, digits: int) -> str:
    """A number at the measure's own digits; a percentage has two fewer, since it is a hundred times as large."""
    if value is None:
        return ""
    if isinstance(value, bool | str | date):
        return spoken(value, kind)
    if kind is not None and kind.percent:
        return percent(round_to(value, digits))
    return spoken(value, kind) if kind is not None and kind.currency else grouped(value, digits)
