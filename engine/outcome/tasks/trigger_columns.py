"""The triggers of one play for all accounts at once: ``triggers.moved_on``, asked once for each thing there is to know.

A million accounts differ in few ways: in the days on which a condition came and a play started.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from ...policy.model import Firing
from .triggers import Fired, Remembered, joined, moved_on, parted

_STATE = {"since": pl.Date, "fired": pl.Date, "before": pl.String, "completed": pl.Date}
_NOW = {
    "since": pl.Date,
    "fired": pl.Date,
    "fired_before": pl.String,
    "completed": pl.Date,
    "held_back": pl.String,
    "stays": pl.Boolean,
}


def as_frame(fired: Fired) -> pl.DataFrame:
    """What the run before remembers, one row a trigger."""
    policies, plays, account_ids = zip(*fired, strict=True) if fired else ((), (), ())
    keys = {"policy": policies, "play": plays, "account_id": account_ids}
    states = [(s.since, s.fired, joined(s.before), s.completed) for s in fired.values()]
    frame = pl.DataFrame(keys, schema=dict.fromkeys(keys, pl.String))
    return frame.hstack(pl.DataFrame(states, schema=_STATE, orient="row"))


def now(
    firing: Firing, as_of: date, known: pl.DataFrame, account_ids: pl.Series, inside: pl.Series, holds: pl.Series
) -> pl.DataFrame:
    """The triggers of a play at the close of ``as_of``, with the ``row`` of their accounts, as they rise: of those in
    ``holds`` and those that something is ``known`` of. The play is for the accounts ``inside``."""
    height = len(account_ids)
    states = pl.DataFrame(schema={"row": pl.UInt32, **_STATE})
    if len(known):
        ids = account_ids.cast(pl.String).alias("account_id").to_frame().with_row_index("row")
        states = ids.join(known, on="account_id").select("row", *_STATE)
    marked = [pl.repeat(False, height, dtype=pl.Boolean, eager=True).scatter(rows, True) for rows in (inside, holds)]
    rows = pl.concat([holds, states["row"]]).unique().sort().alias("row")
    asked = pl.DataFrame([rows, marked[0].gather(rows).alias("inside"), marked[1].gather(rows).alias("holds")])
    asked = asked.join(states, on="row", how="left", maintain_order="left")
    different = asked.drop("row").unique()
    found = [_now(firing, as_of, *row) for row in different.iter_rows()]
    answers = pl.DataFrame(found, schema=_NOW, orient="row").rename({name: f"now {name}" for name in _NOW})
    told = asked.join(
        different.hstack(answers), on=different.columns, nulls_equal=True, how="left", maintain_order="left"
    )
    return told.select("row", *(pl.col(f"now {name}").alias(name) for name in _NOW))


def _now(
    firing: Firing,
    as_of: date,
    inside: bool,
    holds: bool,
    since: date | None,
    fired: date | None,
    before: str | None,
    completed: date | None,
) -> tuple[object, ...]:
    known = Remembered(since, fired, parted(before or ""), completed)
    now = moved_on(firing, as_of, known, inside=inside, holds=holds)
    state = now.state
    before_now = joined(state.before)
    return state.since, state.fired, before_now, state.completed, now.held_back, now.stays


def over(accounts: pl.DataFrame, coming: pl.DataFrame) -> pl.Series:
    """The rows of ``accounts`` (``anchor``, and ``end`` where they repeat) with none of the starts that are ``coming``
    (``anchor``, ``start``): all touches are past."""
    first = coming.group_by("anchor").agg(pl.col("start").min())
    told = accounts.join(first, on="anchor", how="left", maintain_order="left")
    ended = pl.col("start") >= pl.col("end") if "end" in accounts.columns else pl.lit(False)
    return told.filter(pl.col("start").is_null() | ended)["row"]
