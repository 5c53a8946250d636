"""The touches that plays without a trigger plan for accounts, each in a time of its own: ``planned`` in columns.

A touch has no identity here and no words: who does what, how often, and what is lost for want of somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import polars as pl

from ...columns import BOOLEAN
from ...policy.model import Touch
from ...program.columns import Columns
from .calendar import REACH, Calendars, reach
from .due import chain, counts, open_end
from .listed import LACKS, Found, Served, served
from .occurring import Occurring
from .routed_columns import Routing
from .routing import by_person
from .schedule import each

LINES = {"row": pl.UInt32, "touch": pl.UInt32, "owner": pl.String, "role": pl.String}


@dataclass(frozen=True, slots=True)
class PlannedTouches:
    """``lines`` has ``LINES``, one row a touch that takes time; ``lacks`` as ``listed.LACKS``. ``touches`` are those of
    their numbers.
    """

    touches: dict[int, Touch]
    lines: pl.DataFrame
    lacks: pl.DataFrame


def planned_in_columns(columns: Columns, calendars: Calendars, times: pl.DataFrame) -> PlannedTouches:
    """``times`` has the ``row`` of an account, and the days ``[first, before)``."""
    found, touches = Found(), dict[int, Touch]()
    lines = [pl.DataFrame(schema=LINES)]
    for one in served(columns.program.force.playbooks):
        taking = tuple((number, touch) for number, touch in one.touches if touch.minutes)
        if one.play.when is None and taking:
            touches |= dict(taking)
            play = Served(one.number, one.playbook, one.play, taking)
            lines += _Planning(columns, calendars, found, play).lines(times)
    lacks = pl.concat([pl.DataFrame(schema=LACKS), *(rows.select(*LACKS) for rows in found.lacks)])
    return PlannedTouches(touches, pl.concat(lines), lacks)


@dataclass(frozen=True, slots=True)
class _Planning(Occurring):
    def lines(self, times: pl.DataFrame) -> list[pl.DataFrame]:
        inside = self._holding(times["row"], self.one.play.population, "for")
        accounts = times.filter(pl.col("row").is_in(inside.implode()))
        return [
            self._touch(number, touch, begun, some)
            for interval, paced in self._paced(self._ending(self._anchored(accounts)))
            for begun, some in [self._begun(interval, paced)]
            for number, touch in self.one.touches
        ]

    def _open_ends(self, accounts: pl.DataFrame) -> pl.Series:
        return each(partial(open_end, self.one.play), pl.Date, accounts["before"])

    def _touch(self, number: int, touch: Touch, begun: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
        links = chain(self.one.play, touch)
        routing, personal = Routing(self.columns, self.calendars, links), by_person(self.calendars, links)
        starting = begun.drop("accounts").hstack(routing.by_workspace(begun["start"]))
        lines = accounts.join(starting, on="anchor", maintain_order="left_right")
        if self.one.play.repeat is not None:
            lines = lines.filter(pl.col("start") < pl.col("end"))
        if personal:
            lines = routing.routed(lines.filter(_maybe_inside(links)))
        lines = lines.filter(pl.col("due").is_between("first", "before", closed="left"))
        if touch.skip_when is not None:
            skipped = self._at(touch.skip_when, BOOLEAN, lines["row"]).fill_null(False)
            lines = lines.filter(~skipped)
        lines = lines.with_columns(pl.lit(number, dtype=pl.UInt32).alias("touch"))
        return self._served(routing, lines if personal else routing.owned(lines)).select(*LINES)


def _maybe_inside(links: tuple[Touch, ...]) -> pl.Expr:
    """Which lines may be in their time by the calendar of a person, as far as that of the workspace tells."""
    far = sum(2 * reach(touch.due) + REACH for touch in links if counts(touch))
    due, within = pl.col("due"), pl.duration(days=far)
    return due.is_null() | due.is_between(pl.col("first") - within, pl.col("before") + within)
