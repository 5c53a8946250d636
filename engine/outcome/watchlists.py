"""Watchlists as rows: who is on each list, with the values it shows, and what could not be decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from ..amounts import round_to
from ..diagnostics import Diagnostic
from ..language.tree import Expression, Value
from ..messages import diagnose
from ..periods import FiscalCalendar
from ..policy.model_watchlist import Shown, Trend, Watched
from ..policy.names import ACCOUNT, ACCOUNTS, COMPANY, PEOPLE
from ..program.compile import Aggregate, Formula, Program
from ..program.evaluate import Book
from ..program.measured import Line
from ..program.spoken import source_of, spoken

_NAMED = 5
"""Accounts that are named as undecided."""

Holding: TypeAlias = Callable[[Book, Expression], tuple[Sequence[str], Sequence[str]]]
"""The accounts for which a condition holds, and those for which it cannot be decided, each in rising order."""


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A line of a list. ``account_id`` is empty where the list is not of accounts, ``of`` where it is; ``day`` is the
    close that is looked at. ``values`` are those of the list's columns, as people read them."""

    policy: str
    list: str
    account_id: str
    of: str
    day: date
    values: tuple[str, ...]
    owner: str
    because: str
    source: str


@dataclass(frozen=True, slots=True)
class ListFile:
    """One list as a file: the names of its columns, whether it is of accounts, and its rows."""

    name: str
    per: str
    columns: tuple[str, ...]
    rows: tuple[WatchRow, ...]


@dataclass(frozen=True, slots=True)
class Watchlists:
    files: list[ListFile] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)

    @property
    def rows(self) -> list[WatchRow]:
        return [row for file in self.files for row in file.rows]


def watchlists(book: Book, book_of: Callable[[date], Book], holding: Holding) -> Watchlists:
    """The lists in force at the close of ``book``, by name. ``book_of`` gives the books of earlier days."""
    found = Watchlists()
    pairs = ((policy, watched) for policy in book.program.force.watchlists for watched in policy.lists)
    for policy, watched in sorted(pairs, key=lambda pair: pair[1].name):
        rows: list[WatchRow] = []
        for day in _days(watched.trend, book.program.fiscal, book.as_of):
            some = _Listing(policy.name, watched, book if day == book.as_of else book_of(day), holding)
            rows += some.rows()
            found.findings.extend(some.undecided())
        found.files.append(ListFile(watched.name, watched.per, tuple(c.name for c in watched.columns), tuple(rows)))
    return found


def _days(trend: Trend | None, fiscal: FiscalCalendar, as_of: date) -> list[date]:
    """The close of ``as_of``; of a trend, the last days of the periods that are over, the oldest first."""
    if trend is None:
        return [as_of]
    period = fiscal.completed(trend.unit, as_of)
    days = [period.last_day]
    for _ in range(trend.count - 1):
        period = fiscal.previous(trend.unit, period.start)
        days.append(period.last_day)
    return days[::-1]


class _Listing:
    """One list at the close of one day."""

    def __init__(self, policy: str, watched: Watched, book: Book, holding: Holding) -> None:
        self.policy, self.watched, self.book = policy, watched, book
        self.unclear: Sequence[str] = ()
        self.lines: dict[str, Mapping[str, Value]] = {}
        if not self._is_known():
            return
        if watched.per == ACCOUNT:
            ids: Sequence[str] = sorted(book.accounts)
            if watched.when is not None:
                ids, self.unclear = holding(book, watched.when)
            self.lines = {account_id: book.accounts[account_id] for account_id in ids}
        else:
            self._of_others()

    def _is_known(self) -> bool:
        """Whether the policies of the day have all names that the list reads: of a day before them it has no lines."""
        names = [column.name for column in (*self.watched.columns, *self.watched.order)]
        names += self.watched.when.names if self.watched.when is not None else ()
        return all(_is_known(self.book.program, name, set()) for name in names)

    def _of_others(self) -> None:
        held, unclear = list[str](), list[str]()
        for who in self._who():
            line = Line(self.book, who)
            value = self.book.value(self.watched.when, line) if self.watched.when is not None else True
            (held if value is True else unclear if value is None else []).append(who)
        self.unclear = unclear
        self.lines = {who: Line(self.book, who) for who in held}

    def _who(self) -> list[str]:
        """Whoever has one of the measures that the list reads."""
        if self.watched.per == COMPANY:
            return [COMPANY]
        read = [shown.name for shown in self.watched.columns]
        read += self.watched.when.names if self.watched.when is not None else ()
        known = self.book.program.definitions
        found = [d for name in read if isinstance(d := known.get(name), Aggregate | Formula)]
        measures = [measure.name for measure in found if measure.per == self.watched.per]
        return sorted({who for name in measures for who in self.book.measured(name)})

    def rows(self) -> Iterator[WatchRow]:
        """In the order that the list asks for, then by whose line it is; what is missing comes last."""
        keys = sorted(self.lines)
        for column in reversed(self.watched.order):
            keys.sort(key=lambda key: _rank(self.lines[key][column.name]), reverse=column.falling)
            keys.sort(key=lambda key: self.lines[key][column.name] is None)
        for key in keys:
            of_account = self.watched.per == ACCOUNT
            yield WatchRow(
                policy=self.policy,
                list=self.watched.name,
                account_id=key if of_account else "",
                of="" if of_account else key,
                day=self.book.as_of,
                values=tuple(self._told(column, self.lines[key]) for column in self.watched.columns),
                owner=self._owner(key),
                because=self.watched.because,
                source=source_of(self.watched.span),
            )

    def _told(self, column: Shown, line: Mapping[str, Value]) -> str:
        value, program = line[column.name], self.book.program
        kind = program.per_holder.get(column.name) or program.types.get(column.name)
        definition = program.definitions.get(column.name)
        of_rows = isinstance(definition, Aggregate) or (isinstance(definition, Formula) and definition.per != ACCOUNT)
        if isinstance(value, Fraction) and isinstance(definition, Aggregate | Formula) and of_rows:
            value = round_to(value, definition.digits)
        return "" if value is None else spoken(value, kind)

    def _owner(self, key: str) -> str:
        """Of an account whoever holds the role, or whom its field names; of others all people of the role."""
        owner, book = self.watched.owner, self.book
        if not owner:
            return ""
        if self.watched.per == owner:
            return key
        if self.watched.per == ACCOUNT:
            if book.is_role(owner):
                return book.holder(owner, key, book.as_of).person or ""
            person = book.accounts[key].record.get(owner)
            return person if isinstance(person, str) else ""
        people = book.tables.get(PEOPLE)
        records = [people.record(i) for i in range(len(people))] if people is not None else []
        return ", ".join(sorted(str(row["person"]) for row in records if row.get("role") == owner))

    def undecided(self) -> Iterator[Diagnostic]:
        """One finding for all whom the condition leaves open."""
        if not self.unclear:
            return
        some = ", ".join(self.unclear[:_NAMED]) + (", …" if len(self.unclear) > _NAMED else "")
        span = self.watched.when.span if self.watched.when is not None else self.watched.span
        count = len(self.unclear)
        yield diagnose("list-undecided", span, name=self.watched.name, count=count, some=some, day=self.book.as_of)


def _is_known(program: Program, name: str, met: set[str]) -> bool:
    """Whether the policies of a day have the name, and all that it is worked out from."""
    if name in met:
        return True
    met.add(name)
    shapes, definition = program.force.workspace.shapes, program.definitions.get(name)
    fields = {ACCOUNTS, definition.table} if isinstance(definition, Aggregate) else {ACCOUNTS}
    own = {field.name for table in fields if table in shapes for field in shapes[table].fields}
    read: list[str] = []
    match definition:
        case None:
            return name in own or name == "as_of"
        case Formula():
            read += definition.expression.names
        case Aggregate():
            parts = (definition.what, definition.where, definition.over, definition.held_on, definition.min_population)
            read += [name for part in parts if part is not None for name in part.names]
            read += [] if definition.per in (ACCOUNT, COMPANY) else [definition.per]
        case _:
            return True
    return all(other in own or _is_known(program, other, met) for other in read)


def _rank(value: Value) -> tuple[int, Value]:
    """Values of one kind in their order; what is missing is settled beforehand."""
    return (0, Fraction(0)) if value is None else (1, value)


def holding_by_reference(book: Book, condition: Expression) -> tuple[list[str], list[str]]:
    held, unclear = [], []
    for account_id in sorted(book.accounts):
        value = book.value(condition, book.accounts[account_id])
        if value is True:
            held.append(account_id)
        elif value is None:
            unclear.append(account_id)
    return held, unclear
