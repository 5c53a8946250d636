"""The touches of every play for all accounts at once: what ``touches`` finds for one account after the other.

Values and holders are asked of ``Columns``; days are worked out once for each distinct one by ``schedule``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import partial

import polars as pl

from ...columns import BOOLEAN
from ...periods import Duration
from ...policy.model import Touch
from ...program.columns import Columns
from .calendar import Calendars
from .due import chain, horizon_end, leaves, open_end
from .listed import Found, Listing, served
from .near import Near
from .occurring import Occurring
from .routed_columns import Routing, field_texts
from .routing import by_person
from .schedule import each
from .standing import NOTHING_STANDS, Standing
from .told import occurrence_names, told
from .trigger_columns import as_frame, now, over
from .triggers import Fired


@dataclass(frozen=True, slots=True)
class TaskColumns:
    """Frames with the columns and the order of ``Task``, ``Unserved`` and ``Trigger``, and the counts of ``Tasks``.

    A text that repeats is a pl.Enum, in the order of its words; a day is a pl.Date, ``minutes`` a pl.Int64.
    """

    tasks: pl.DataFrame
    unserved: pl.DataFrame
    triggers: pl.DataFrame
    past: int
    beyond: int
    closed: int
    skipped: int
    provisional: set[str]


def tasks_in_columns(
    columns: Columns, calendars: Calendars, horizon: Duration, fired: Fired, standing: Standing = NOTHING_STANDS
) -> TaskColumns:
    """As ``touches.tasks``: the same rows in the same order, the same counts."""
    plays, found, known = served(columns.program.force.playbooks), Found(), as_frame(fired)
    stands = _standing(columns, standing)
    for one in plays:
        before = horizon_end(one.playbook, columns.as_of, horizon)
        _Serving(columns, calendars, found, one, before, known, stands).serve()
    names = field_texts(columns, "name").fill_null("")
    listing = Listing(plays, columns.account_ids.cast(pl.String), names, columns.as_of)
    return TaskColumns(
        listing.tasks(found.tasks),
        listing.unserved(found.lacks),
        listing.triggers(found.fired),
        found.past,
        found.beyond,
        found.closed,
        found.skipped,
        found.provisional,
    )


def _standing(columns: Columns, standing: Standing) -> pl.DataFrame:
    """The tasks of these accounts that stand since an earlier run, with the ``row`` of their account."""
    accounts = columns.account_ids.cast(pl.String).alias("account_id").to_frame().with_row_index("row")
    return standing.frame().join(accounts, on="account_id").drop("account_id")


@dataclass(frozen=True, slots=True)
class _Serving(Occurring):
    """The touches of a run.

    What is not all over: the starts that are ``coming`` (``anchor``, ``start``; of the interval being served); and the
    rows that ``stood``: with a task that stands though it is past, or one to come whose day a person decides.
    """

    before: date
    fired: pl.DataFrame
    standing: pl.DataFrame
    coming: list[pl.DataFrame] = field(default_factory=list)
    stood: list[pl.Series] = field(default_factory=list)

    def serve(self) -> None:
        play, ids = self.one.play, self.columns.account_ids
        rows = pl.int_range(len(ids), dtype=pl.UInt32, eager=True).alias("row")
        inside = self._holding(rows, play.population, "for")
        if play.when is None:
            self._occur(inside.to_frame())
            return
        holds = self._holding(inside, play.when, "when")
        known = self.fired.filter(policy=self.one.playbook.name, play=play.name)
        triggers = now(play.firing, self.columns.as_of, known, ids, inside, holds)
        parts = self._occur(triggers.filter(pl.col("fired").is_not_null()).select("row", "fired"))
        if not triggers["stays"].all():
            past = pl.concat([over(*part) for part in parts])
            past = past.filter(~past.is_in(pl.concat([past.clear(), *self.stood]).implode()))
            lives = pl.col("fired").is_not_null() & ~pl.col("row").is_in(past.implode())
            triggers = triggers.filter(pl.col("stays") | lives)
        number = pl.lit(self.one.number, dtype=pl.UInt32).alias("number")
        self.found.fired.append(triggers.with_columns(number))

    def _occur(self, accounts: pl.DataFrame) -> list[tuple[pl.DataFrame, pl.DataFrame]]:
        """The touches of the play for these accounts (``row``, and ``fired`` of a trigger). For each interval of a
        repeat: those that have some, with their ``anchor``, and the starts to come."""
        return [self._begin(*paced) for paced in self._paced(self._ending(self._anchored(accounts)))]

    def _open_ends(self, accounts: pl.DataFrame) -> pl.Series:
        return pl.repeat(open_end(self.one.play, self.before), len(accounts), dtype=pl.Date, eager=True)

    def _begin(self, interval: int, accounts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        begun, accounts = self._begun(interval, accounts)
        self.coming[:] = [begun.select("anchor", "start").clear()]
        touches = [self._touch(number, touch, accounts, begun) for number, touch in self.one.touches]
        if touches:
            self.found.tasks.append(told(self.columns, self.one, pl.concat(touches)))
        return accounts, pl.concat(self.coming)

    def _touch(self, number: int, touch: Touch, accounts: pl.DataFrame, begun: pl.DataFrame) -> pl.DataFrame:
        """The accounts that the touch is due for, with ``due``, ``owner`` and ``role``: one row an occurrence."""
        links, as_of = chain(self.one.play, touch), self.columns.as_of
        routing, personal = Routing(self.columns, self.calendars, links), by_person(self.calendars, links)
        starting = begun.drop("accounts").hstack(routing.by_workspace(begun["start"]))
        due = starting["due"]
        if personal:
            near = Near(self.calendars, links, as_of, self.before)
            inside = due.is_null() | each(near.__contains__, pl.Boolean, begun["start"])
        else:
            inside = due.is_null() | due.is_between(as_of, self.before, closed="left")
        self.found.past += int(begun["accounts"].filter(~inside & (due < as_of)).sum())
        self.found.beyond += int(begun["accounts"].filter(~inside & (due >= max(as_of, self.before))).sum())
        later = (due >= as_of) & ~inside if personal else due.is_null() | (due >= as_of)
        self.coming.append(begun.filter(later).select("anchor", "start"))
        lines = accounts.join(starting.filter(inside), on="anchor", maintain_order="left_right")
        lines = self._with_standing(touch, lines, accounts, starting.filter(~inside), personal)
        lines = lines.with_columns(pl.lit(number, dtype=pl.UInt32).alias("touch"))
        if self.one.play.repeat is not None:
            lines = lines.filter(pl.col("start") < pl.col("end"))
        lines = self._inside(routing.routed(lines)) if personal else lines
        leaving = lines.filter(pl.col("due").is_null())
        reason = each(partial(leaves, self.calendars.workspace, links), pl.String, leaving["start"])
        self._touch_lacks(leaving.with_columns(reason=reason, undecided=pl.lit("")))
        lines = self._open(touch, lines.filter(pl.col("due").is_not_null()))
        return self._served(routing, lines if personal else routing.owned(lines)).with_columns(
            after=pl.lit(touch.after)
        )

    def _inside(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Those due in the horizon, or without a day; the others are counted, unless they stand."""
        due, stands = lines["due"], lines["stands"]
        past = (due < self.columns.as_of) & ~stands
        beyond = (due >= max(self.columns.as_of, self.before)) & ~stands
        self.found.past += int(past.sum())
        self.found.beyond += int(beyond.sum())
        self.stood.append(lines["row"].filter(~past.fill_null(False)))
        return lines.filter(~(past | beyond).fill_null(False))

    def _with_standing(
        self,
        touch: Touch,
        lines: pl.DataFrame,
        accounts: pl.DataFrame,
        outside: pl.DataFrame,
        asked: bool,
    ) -> pl.DataFrame:
        """``lines`` and those of ``outside`` that stand since an earlier run; of all, whether they ``stands`` where
        that is ``asked`` or decides what is skipped."""
        standing = self.standing.filter(policy=self.one.playbook.name, play=self.one.play.name, task=touch.task)
        if standing.is_empty():
            return lines.with_columns(stands=pl.lit(False))
        if asked or touch.skip_when is not None:
            named = lines.with_columns(occurrence=occurrence_names(self.columns, self.one, lines))
            known = standing.select("row", "occurrence", stands=pl.lit(True))
            named = named.join(known, on=("row", "occurrence"), how="left", maintain_order="left")
            lines = named.with_columns(pl.col("stands").fill_null(False)).drop("occurrence")
        else:
            lines = lines.with_columns(stands=pl.lit(False))  # nobody asks
        known = standing.select("row", "occurrence", "ordinal")
        others = accounts.join(known, on="row").join(outside, on=("anchor", "ordinal"), nulls_equal=True)
        if self.one.play.repeat is not None:
            others = others.filter(pl.col("start") < pl.col("end"))
        others = others.filter(occurrence_names(self.columns, self.one, others) == others["occurrence"])
        others = others.with_columns(stands=pl.lit(True))
        past = others["due"] < self.columns.as_of
        self.stood.append(others["row"].filter(past))
        self.found.past -= int(past.sum())
        self.found.beyond -= int((~past).sum())
        return pl.concat([lines, others.select(lines.columns)])

    def _open(self, touch: Touch, lines: pl.DataFrame) -> pl.DataFrame:
        """Those that are not closed, and are not skipped."""
        if touch.close_when is not None:
            closed = self._at(touch.close_when, BOOLEAN, lines["row"]).fill_null(False)
            self.found.closed += int(closed.sum())
            lines = lines.filter(~closed)
        if touch.skip_when is not None:
            skipped = self._at(touch.skip_when, BOOLEAN, lines["row"]).fill_null(False) & ~lines["stands"]
            self.found.skipped += int(skipped.sum())
            lines = lines.filter(~skipped)
        return lines.drop("stands")
