"""Measures that have one value per person, per value of a field, or for the company: ``measured.measure`` in columns.

A measure that columns do not hold, or whose rows lead to an account that was set aside, is the reference's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, overload

import polars as pl

from ...columns import NUMBER, ExactColumn
from ...language.ranges import TooWide
from ...language.tree import Expression, Name
from ...policy.names import ACCOUNTS
from ...tables.shape import Table
from .. import lowering
from ..compile import Aggregate
from ..divisors import Beyond, as_series, refuse, times, with_common_divisor
from ..grouped import Rows, aggregated, counted, in_window
from ..measured import COMPANY, Measured, measure
from .frame import SetAside
from .rows import RowFrame, RowsBehind

if TYPE_CHECKING:
    from .book import ColumnBook

UNFIT = (TooWide, SetAside, RowsBehind, Beyond, OverflowError)
"""What columns do not hold."""


class Counted(Sequence[int]):
    """The records that make a value, rising; they are found once somebody asks."""

    def __init__(self, find: Callable[[], Sequence[int]]) -> None:
        self._find = find

    @cached_property
    def _records(self) -> Sequence[int]:
        return self._find()

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        return self._records[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The rows that may count: what each says, a line a row.

    ``record`` is that of the table, ``days`` the row's own date. Of a measure per role ``account`` is the row's
    account, as ``Holdings`` numbers it, and ``held_on`` the day whose holder counts; of any other, ``who`` has the row.
    """

    record: pl.Series
    days: pl.Series
    who: pl.Series | None = None
    account: pl.Series | None = None
    held_on: pl.Series | None = None
    holds: pl.Series | None = None
    what: ExactColumn | None = None
    over: ExactColumn | None = None

    def gather(self, lines: pl.Series) -> _Seen:
        columns = {each.name: getattr(self, each.name) for each in fields(self)}
        gathered: dict[str, Any] = {name: one.gather(lines) for name, one in columns.items() if one is not None}
        return _Seen(**gathered)


@dataclass(frozen=True, slots=True)
class _Owned:
    """``seen`` rows, each with whom it counts for: ``rows.group`` is a place among the ``names``, which are sorted."""

    names: Sequence[str]
    seen: _Seen
    rows: Rows


class People:
    def __init__(self, accounts: ColumnBook) -> None:
        self.accounts = accounts
        self._known: dict[str, Mapping[str, Measured]] = {}

    def measured(self, definition: Aggregate) -> Mapping[str, Measured]:
        """By who has a value, sorted; remembered."""
        if definition.name not in self._known:
            try:
                self._known[definition.name] = self._measured(definition)
            except UNFIT:
                self._known[definition.name] = measure(self.accounts.book, definition)
        return self._known[definition.name]

    def _measured(self, definition: Aggregate) -> dict[str, Measured]:
        owned = self._owned(definition)
        grouped = aggregated(definition.verb, owned.rows, owned.seen.what, owned.seen.over)
        value, status = grouped.measured(self.accounts.book.least_of(definition))
        listed = ((grouped.population + grouped.skipped > 0) | (definition.per == COMPANY)).arg_true()
        told = (column.gather(listed).to_list() for column in (grouped.population, grouped.skipped, status))
        return {
            owned.names[place]: Measured(found, taken, skipped, why, Counted(partial(self._records, definition, place)))
            for place, found, taken, skipped, why in zip(
                listed.to_list(), value.gather(listed).values(), *told, strict=True
            )
        }

    def _records(self, definition: Aggregate, place: int) -> list[int]:
        """What was counted for whoever has this place. It is worked out again: to keep it would take all rows."""
        owned = self._owned(definition)
        _, taken = counted(definition.verb, owned.rows, owned.seen.what, owned.seen.over)
        found: list[int] = owned.seen.record.filter(taken & (owned.rows.group == place)).sort().to_list()
        return found

    def _owned(self, definition: Aggregate) -> _Owned:
        table = self.accounts.book.tables[definition.table]
        by_role = definition.per != COMPANY and self.accounts.book.is_role(definition.per)
        see = self._accounts if table.shape.name == ACCOUNTS else self._rows
        seen = see(definition, table, by_role)
        if seen.holds is not None and not seen.holds.all(ignore_nulls=True):
            seen = seen.gather(seen.holds.fill_null(True).arg_true())
        if by_role:
            seen = self._of_holders(definition, seen)
        who = seen.who if seen.who is not None else pl.repeat(COMPANY, len(seen.record), dtype=pl.String, eager=True)
        names = who.drop_nulls().unique().sort().to_list() if definition.per != COMPANY else [COMPANY]
        group = who.cast(pl.Enum(names)).to_physical()
        return _Owned(names, seen, Rows(group, len(names), seen.holds, seen.days))

    def _of_holders(self, definition: Aggregate, seen: _Seen) -> _Seen:
        """Each row once for each holder of the role; of sums, the holder's share of it."""
        assert seen.account is not None and seen.held_on is not None
        known = (seen.account.is_not_null() & seen.held_on.is_not_null()).arg_true()
        held = self.accounts.holdings.shares(definition.per, seen.account.gather(known), seen.held_on.gather(known))
        seen = replace(seen.gather(known.gather(held["line"])), who=held["person"])
        part = with_common_divisor(ExactColumn(NUMBER, held["numerator"], held["denominator"]), held["line"])
        if definition.verb != "sum" or bool((part.series == as_series(part.divisor, len(held))).all()):
            return seen
        return replace(seen, what=_part(seen.what, part), over=_part(seen.over, part))

    # what the rows say

    def _accounts(self, definition: Aggregate, table: Table, by_role: bool) -> _Seen:
        accounts = self.accounts
        if len(accounts.kept) < len(table):
            raise OverflowError("accounts that were set aside")
        asked = self._asked(definition, by_role).items()
        said = {name: accounts.value(expression) for name, expression in asked}
        places = pl.int_range(len(table), dtype=pl.UInt32, eager=True)
        # an account has no date of its own, but for a window
        days = pl.repeat(None, len(table), dtype=pl.Date, eager=True)
        seen = _seen(accounts.kept, days, places if by_role else None, said)
        if definition.window is None or definition.dated_by is None:
            return seen
        dated = table.exact(definition.dated_by).series.gather(accounts.kept)
        return seen.gather(in_window(dated, accounts.book.window_of(definition), accounts.as_of).arg_true())

    def _rows(self, definition: Aggregate, table: Table, by_role: bool) -> _Seen:
        accounts = self.accounts
        days = table.exact(definition.dated_by).series if definition.dated_by else None
        if days is None:
            days = pl.repeat(None, len(table), dtype=pl.Date, eager=True)
        record = in_window(days, accounts.book.window_of(definition), accounts.as_of).arg_true()
        link = account = None
        if definition.link:
            ids = table.exact(definition.link).series.cast(pl.String).gather(record)
            if accounts.absent.is_in(ids.implode()).any():
                raise OverflowError("accounts that were set aside")
            link = accounts.measures.link(table, definition.link).gather(record)
            account = accounts.holdings.numbers(ids) if by_role else None
        frame, types = RowFrame(accounts, table, record, link), accounts.measures.names.row(table.shape).types
        said = frame.values(self._asked(definition, by_role), types)
        return _seen(record, days.gather(record), account, said)

    def _asked(self, definition: Aggregate, by_role: bool) -> dict[str, Expression]:
        """What is asked of every row, by the names of ``_Seen``."""
        per = Expression(definition.per, Name(definition.per), lowering.NOWHERE)
        asked = {
            "who": per if not by_role and definition.per != COMPANY else None,
            "held_on": definition.held_on if by_role else None,
            "holds": definition.where,
            "what": definition.what,
            "over": definition.over,
        }
        return {name: expression for name, expression in asked.items() if expression is not None}


def _seen(record: pl.Series, days: pl.Series, account: pl.Series | None, said: Mapping[str, ExactColumn]) -> _Seen:
    series = {name: said[name].series for name in ("who", "held_on", "holds") if name in said}
    if "who" in series:
        series["who"] = series["who"].cast(pl.String)
    if account is not None:
        series.setdefault("held_on", days)
    return _Seen(record, days, account=account, what=said.get("what"), over=said.get("over"), **series)


def _part(column: ExactColumn | None, part: ExactColumn) -> ExactColumn | None:
    """Each number times a share. Raises Beyond."""
    if column is None:
        return None
    rows = len(column)
    numbers = times(column.series, part.series)
    below = times(as_series(column.divisor, rows), as_series(part.divisor, rows))
    lines = pl.int_range(rows, dtype=pl.UInt32, eager=True)
    refuse(lines, column.series.is_not_null() & (numbers.is_null() | below.is_null()))
    return ExactColumn(NUMBER, numbers, below)
