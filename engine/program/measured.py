"""Measures that have one value per person, per value of a field, or for the company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from ..language.tree import Value
from ..tables.shape import Table
from .aggregate import Aggregation
from .compile import Aggregate, Formula

if TYPE_CHECKING:
    from .evaluate import Book

COMPANY = "company"
WHOLE = Fraction(1)
MANY = 2**32
"""More rows than a table has."""
MEASURED, MISSING, TOO_SMALL, NO_ROWS = "measured", "missing", "population_too_small", "no_rows"


@dataclass(frozen=True, slots=True)
class Measured:
    """``population`` rows counted, ``skipped`` ones lacked a value; ``status`` says why ``value`` is missing.

    ``rows`` are the records that were counted, rising.
    """

    value: Value
    population: int
    skipped: int
    status: str
    rows: Sequence[int] = ()


def over_no_rows(book: Book, definition: Aggregate) -> Measured:
    """What the measure is for whoever has no rows: count and sum 0, any false, the others missing."""
    found = Aggregation(definition.verb, is_ratio=definition.over is not None)
    return _value(found, book.least_of(definition))


def measured_of(book: Book, name: str, who: str) -> Measured:
    """The measure ``name`` of ``who`` has it, or the company's."""
    definition = book.program.definitions[name]
    if not isinstance(definition, Aggregate | Formula) or definition.per == "account":
        raise KeyError(name)
    found = book.measured(name).get(COMPANY if definition.per == COMPANY else who)
    if found is not None:
        return found
    return over_no_rows(book, definition) if isinstance(definition, Aggregate) else _worked_out(book, definition, who)


class Line(Mapping[str, Value]):
    """What an expression sees of a person, a value of a field, or the company: its own measures, those of the company,
    the settings."""

    def __init__(self, book: Book, who: str) -> None:
        self.book, self.who = book, who

    def __getitem__(self, name: str) -> Value:
        shared = self.book.shared
        return shared[name] if name in shared else measured_of(self.book, name, self.who).value

    def __iter__(self) -> Iterator[str]:
        return iter({**self.book.shared, **self.book.program.per_holder})

    def __len__(self) -> int:
        return sum(1 for _ in self)


def worked_out(book: Book, definition: Formula) -> dict[str, Measured]:
    """A measure by one expression, of whoever has one of the measures that it reads."""
    if definition.per == COMPANY:
        return {COMPANY: _worked_out(book, definition, COMPANY)}
    own = [name for name in definition.expression.names if _per(book, name) == definition.per]
    return {
        who: _worked_out(book, definition, who) for who in sorted({who for name in own for who in book.measured(name)})
    }


def _worked_out(book: Book, definition: Formula, who: str) -> Measured:
    """It has the population of the measure with the smallest."""
    value = book.value(definition.expression, Line(book, who))
    read = [measured_of(book, name, who) for name in definition.expression.names if _per(book, name) != "account"]
    population = min((each.population for each in read), default=0)
    return Measured(value, population, 0, MEASURED if value is not None else MISSING)


def _per(book: Book, name: str) -> str:
    definition = book.program.definitions.get(name)
    return definition.per if isinstance(definition, Aggregate | Formula) else "account"


def measure(book: Book, definition: Aggregate) -> dict[str, Measured]:
    """By who has a value. A row of a table belongs to whoever holds the role or duty on the row's date; an account to
    whoever holds it on its ``held_on``. Rows that belong to nobody count for nobody. A row of people who share a role
    counts for each of them: in a sum and in both sums of a ratio with their share of it, in the others whole.
    """
    table = book.tables[definition.table]
    found: dict[str, Aggregation] = {}
    for i, day, row in _rows(book, definition, table):
        holds = definition.where is None or book.value(definition.where, row)
        if holds is False:
            continue
        for who, part in _who(book, definition, row, day, table, i):
            result = found.setdefault(who, Aggregation(definition.verb, is_ratio=definition.over is not None))
            book.take(definition, result, row, day, i, part)
    if definition.per == COMPANY:
        found.setdefault(COMPANY, Aggregation(definition.verb, is_ratio=definition.over is not None))
    least = book.least_of(definition)
    return {who: _value(found[who], least) for who in sorted(found)}


def _rows(book: Book, definition: Aggregate, table: Table) -> Iterator[tuple[int, Value, Mapping[str, Value]]]:
    """Each row in the window: its index, its date, and what it sees."""
    if not definition.link and definition.table == "accounts":
        dated = table.columns[definition.dated_by] if definition.window and definition.dated_by else None
        for account_id, facts in book.accounts.items():
            i = book.row_of(account_id)
            if dated is None or book.in_window(definition, dated[i]):
                yield i, None, facts
        return
    days = table.columns[definition.dated_by] if definition.dated_by else None
    for i in range(len(table)):
        day = days[i] if days is not None else None
        if book.in_window(definition, day):
            outer = book.behind(table.columns[definition.link][i]) if definition.link else book.shared
            yield i, day, book.row(table, i, outer)


def _who(
    book: Book, definition: Aggregate, row: Mapping[str, Value], day: Value, table: Table, i: int
) -> Sequence[tuple[str, Fraction]]:
    """Whose the row is, and with which part."""
    if definition.per == COMPANY:
        return [(COMPANY, WHOLE)]
    if not book.is_role(definition.per):
        value = row[definition.per]
        return [(value, WHOLE)] if isinstance(value, str) else []
    account_id = table.columns[definition.link or "account_id"][i]
    on = book.value(definition.held_on, row) if definition.held_on is not None else day
    if not isinstance(on, date) or not isinstance(account_id, str):
        return []
    return book.holder(definition.per, account_id, on).shares


def _value(result: Aggregation, least: int) -> Measured:
    population, skipped = len(result.taken), len(result.skipped)
    rows = tuple(result.used)
    if population < least and least > 1:
        return Measured(None, population, skipped, TOO_SMALL, rows)
    # of rows there are and nobody knows, a sum is not zero
    value = result.value if population or not skipped else None
    status = MEASURED if value is not None else MISSING if population or skipped else NO_ROWS
    return Measured(value, population, skipped, status, rows)
