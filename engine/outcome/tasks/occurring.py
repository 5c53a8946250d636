"""Which accounts have a play, where its touches count from, and what is missing for them: for all accounts at once.

What is asked of a run's touches (``columns``) and of those of a budget's time (``budget_touches``) alike.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import polars as pl

from ...columns import BOOLEAN, DATE
from ...language.tree import Expression
from ...program.columns import Columns
from .calendar import Calendars
from .due import NO_ANCHOR, NO_END, NO_PER, own_end, repeat_leaves, undecided
from .listed import Found, Served
from .routed_columns import Routing
from .schedule import each, starts


@dataclass(frozen=True, slots=True)
class Occurring(ABC):
    """One play for all accounts. ``row`` is the index of an account throughout."""

    columns: Columns
    calendars: Calendars
    found: Found
    one: Served

    @abstractmethod
    def _open_ends(self, accounts: pl.DataFrame) -> pl.Series:
        """Where repeats end that have no end of their own."""

    def _holding(self, rows: pl.Series, condition: Expression | None, word: str) -> pl.Series:
        """Those of ``rows`` that the play is for, or whose trigger holds."""
        if condition is None:
            return rows
        holds = self._at(condition, BOOLEAN, rows)
        self._play_lacks(rows.filter(holds.is_null()), "undecided", undecided(word), condition)
        return rows.filter(holds)

    def _anchored(self, accounts: pl.DataFrame) -> pl.DataFrame:
        """With the ``anchor`` and the day that the occurrence is ``named`` by; those without either leave."""
        play, rows = self.one.play, accounts["row"]
        fired = accounts["fired"] if play.when is not None else None
        anchor = self._at(play.anchor, DATE, rows) if play.anchor is not None else fired
        named = fired if fired is not None else anchor
        accounts = self._having(accounts.with_columns(anchor=anchor, named=named), "anchor", NO_ANCHOR, play.anchor)
        if play.per is not None:
            per = self.columns.value(play.per).series.is_not_null().gather(accounts["row"])
            self._play_lacks(accounts["row"].filter(~per), "unserved", NO_PER, play.per)
            accounts = accounts.filter(per)
        return accounts

    def _ending(self, accounts: pl.DataFrame) -> pl.DataFrame:
        """With the ``end`` of a repeat, excluded; those for whom it has none leave."""
        repeat = self.one.play.repeat
        if repeat is None:
            return accounts
        expression = repeat.before or repeat.until
        if expression is None:
            return accounts.with_columns(self._open_ends(accounts).alias("end"))
        end = each(partial(own_end, repeat), pl.Date, self._at(expression, DATE, accounts["row"]))
        return self._having(accounts.with_columns(end=end), "end", NO_END, expression)

    def _paced(self, accounts: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
        """The accounts by the interval of their repeat; those for whom it cannot be decided leave."""
        repeat = self.one.play.repeat
        for pace in repeat.paces if repeat is not None else ():
            if pace.when is None:
                yield pace.interval, accounts
                return
            holds = self._at(pace.when, BOOLEAN, accounts["row"])
            self._play_lacks(accounts["row"].filter(holds.is_null()), "undecided", undecided("interval"), pace.when)
            yield pace.interval, accounts.filter(holds)
            accounts = accounts.filter(~holds)
        if repeat is None:
            yield 1, accounts

    def _begun(self, interval: int, accounts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The starts of these accounts at one interval (as ``schedule.starts``), and the accounts that have some."""
        begun, leaving = starts(self.one.play.repeat, interval, accounts)
        gone = accounts["anchor"].is_in(leaving.implode())
        lost = accounts.filter(gone)
        self._play_lacks(lost["row"], "unserved", each(repeat_leaves, pl.String, lost["anchor"]), None)
        return begun, accounts.filter(~gone)

    def _served(self, routing: Routing, lines: pl.DataFrame) -> pl.DataFrame:
        """The lines that somebody does, or a queue holds; the others are listed with their reason."""
        lines = routing.served(lines)
        self._touch_lacks(lines.filter(pl.col("owner").is_null()))
        lines = lines.filter(pl.col("owner").is_not_null())
        for joined in lines["provisional"].unique():
            self.found.provisional.update(joined.split(", ") if joined else ())
        names = ("row", "named", "ordinal", "start", "anchor", "touch", "due", "owner", "role", "moved")
        return lines.select(names)

    def _at(self, expression: Expression, kind: str, rows: pl.Series) -> pl.Series:
        """The values at ``rows``; missing where they are not of the kind that is wanted."""
        column = self.columns.value(expression)
        if column.kind != kind:
            return pl.repeat(None, len(rows), dtype=pl.Boolean if kind == BOOLEAN else pl.Date, eager=True)
        return column.series.gather(rows)

    def _having(self, accounts: pl.DataFrame, day: str, why: str, expression: Expression | None) -> pl.DataFrame:
        self._play_lacks(accounts["row"].filter(accounts[day].is_null()), "unserved", why, expression)
        return accounts.filter(pl.col(day).is_not_null())

    def _play_lacks(self, rows: pl.Series, level: str, reason: str | pl.Series, expression: Expression | None) -> None:
        """These accounts get no touch of the play, for want of what ``expression`` misses."""
        if rows.is_empty():
            return
        missing = self.columns.missing(expression).gather(rows) if expression is not None else pl.lit("")
        told = {"level": pl.lit(level), "reason": pl.lit(reason), "missing": missing, "due": pl.lit(None, pl.Date)}
        touches = pl.Series("touch", [number for number, _ in self.one.touches], dtype=pl.UInt32)
        self.found.lacks.append(rows.to_frame().with_columns(**told).join(touches.to_frame(), how="cross"))

    def _touch_lacks(self, lines: pl.DataFrame) -> None:
        """These lines have no task, for their ``reason``; fields may have to be known to say more (``undecided``)."""
        level = pl.when(pl.col("undecided") == "").then(pl.lit("unserved")).otherwise(pl.lit("undecided"))
        self.found.lacks.append(lines.with_columns(level=level, missing=pl.col("undecided")))
