"""What columns found, as the frames of tasks, unserved touches and triggers: texts put in, rows in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import reduce

import polars as pl

from ...policy.model import Play, Playbook, Touch
from ...program.spoken import source_of
from .touches import OPEN, WAITING, Task, Unserved
from .triggers import Trigger

TASKS = {
    "touch": pl.UInt32,
    "row": pl.UInt32,
    "due": pl.Date,
    "owner": pl.String,
    "role": pl.String,
    "anchor": pl.Date,
    "occurrence": pl.String,
    "because": pl.String,
    "moved": pl.String,
    "waits_for": pl.String,
    "task_id": pl.String,
}
LACKS = {
    "touch": pl.UInt32,
    "row": pl.UInt32,
    "due": pl.Date,
    "level": pl.String,
    "reason": pl.String,
    "missing": pl.String,
}
FIRED = {
    "number": pl.UInt32,
    "row": pl.UInt32,
    "since": pl.Date,
    "fired": pl.Date,
    "fired_before": pl.String,
    "completed": pl.Date,
    "held_back": pl.String,
}


@dataclass(frozen=True, slots=True)
class Served:
    """A play and its touches, each with its number; numbers rise as policy, play and task do."""

    number: int
    playbook: Playbook
    play: Play
    touches: tuple[tuple[int, Touch], ...]


def served(playbooks: Sequence[Playbook]) -> list[Served]:
    """Every play, and in it every touch, in the order in which they are listed."""
    plays = sorted(((book, play) for book in playbooks for play in book.plays), key=lambda p: (p[0].name, p[1].name))
    found: list[Served] = []
    first = 0
    for number, (book, play) in enumerate(plays):
        touches = sorted(play.touches, key=lambda touch: touch.task)
        found.append(Served(number, book, play, tuple(enumerate(touches, start=first))))
        first += len(touches)
    return found


@dataclass(slots=True)
class Found:
    """The rows of each play as they are found: their columns are ``TASKS``, ``LACKS`` and ``FIRED``."""

    tasks: list[pl.DataFrame] = field(default_factory=list)
    lacks: list[pl.DataFrame] = field(default_factory=list)
    fired: list[pl.DataFrame] = field(default_factory=list)
    past: int = 0
    beyond: int = 0
    closed: int = 0
    skipped: int = 0
    provisional: set[str] = field(default_factory=set)


def words(texts: pl.Series) -> pl.Series:
    """Few texts in many rows, as an Enum in the order of the texts."""
    return texts.cast(pl.Enum(texts.unique().drop_nulls().sort()))


class Listing:
    """Puts names in the place of numbers, and the rows in their order. ``names`` are those of the accounts."""

    def __init__(self, plays: Sequence[Served], account_ids: pl.Series, names: pl.Series, as_of: date) -> None:
        self.as_of = as_of
        self.accounts = pl.DataFrame([account_ids.alias("account_id"), names.alias("account_name")])
        self.plays, self.touches = _plays(plays), _touches(plays)

    def tasks(self, found: Sequence[pl.DataFrame]) -> pl.DataFrame:
        """By due day, owner, account, policy, play, task and id."""
        rows = _together(found, TASKS)
        rows = rows.with_columns(words(rows["owner"]), words(rows["role"]), words(rows["moved"]))
        rows = rows.with_columns(_key("due", "owner", "row", "touch").alias("key")).sort("key")
        if (rows["key"] == rows["key"].shift()).any():
            rows = rows.sort("key", "task_id")
        rows = rows.with_columns(self._fresh())
        behind = rows["waits_for"].filter(rows["waits_for"] != "").unique()
        if len(behind):
            listed = rows["task_id"].filter(rows["task_id"].is_in(behind.implode()))
            waits = pl.col("waits_for").is_in(listed.implode())
            status = pl.when(waits).then(pl.lit(WAITING)).otherwise(pl.lit(OPEN))
            rows = rows.with_columns(status=status.cast(pl.Enum([OPEN, WAITING])))
        else:
            rows = rows.with_columns(words(rows["waits_for"]))
        return self._named(rows, self.touches, "touch", Task)

    def _fresh(self) -> list[pl.Expr]:
        """What a task is that nobody has touched yet, as ``touches`` has it."""
        due = pl.col("due")
        return [
            pl.lit(OPEN, dtype=pl.Enum([OPEN])).alias("status"),
            pl.lit(self.as_of, dtype=pl.Date).alias("opened_on"),
            pl.lit(None, dtype=pl.Date).alias("snoozed_until"),
            pl.lit(None, dtype=pl.Date).alias("done_on"),
            pl.lit("", dtype=pl.Enum([""])).alias("closed_by"),
            pl.col("owner").alias("set_owner"),
            *(due.alias(name) for name in ("set_due", "earliest", "latest")),
            pl.lit(0, dtype=pl.Int64).alias("sequence"),
        ]

    def unserved(self, found: Sequence[pl.DataFrame]) -> pl.DataFrame:
        """By policy, play, account, task, due day (none comes first) and reason."""
        rows = _together(found, LACKS)
        rows = rows.with_columns(words(rows["level"]), words(rows["reason"]), words(rows["missing"]))
        play, day = self.touches["number"].gather(rows["touch"]), pl.col("due").fill_null(date.min).alias("day")
        rows = rows.with_columns(play, day).sort(_key("number", "row", "touch"), "day", "reason")
        return self._named(rows, self.touches, "touch", Unserved)

    def triggers(self, found: Sequence[pl.DataFrame]) -> pl.DataFrame:
        """By policy, play and account."""
        rows = _together(found, FIRED)
        rows = rows.with_columns(words(rows["fired_before"]), words(rows["held_back"]))
        return self._named(rows.sort(_key("number", "row")), self.plays, "number", Trigger)

    def _named(self, rows: pl.DataFrame, texts: pl.DataFrame, number: str, record: type) -> pl.DataFrame:
        """The columns of ``record``: those of ``rows``, of the accounts, and what ``texts`` hold of each number."""
        columns = [column.name for column in fields(record)]
        for table, index in ((self.accounts, rows["row"]), (texts, rows[number])):
            named = [name for name in table.columns if name in columns]
            rows = rows.with_columns(table[name].gather(index) for name in named)
        return rows.select(columns)


def _key(*names: str) -> pl.Expr:
    """One number in the order of four columns at most, each of 32 bits and below the first none negative.

    Polars sorts by one key with few equals four times as fast as by its parts.
    """
    parts = [pl.col(name).to_physical().cast(pl.Int128) for name in names]
    return reduce(lambda key, part: key * pl.lit(2**32, dtype=pl.Int128) + part, parts)


def _together(found: Sequence[pl.DataFrame], schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=schema), *(rows.select(*schema) for rows in found)])


def _plays(plays: Sequence[Served]) -> pl.DataFrame:
    rows = [(one.playbook.name, one.play.name) for one in plays]
    return _texts(pl.DataFrame(rows, schema={"policy": pl.String, "play": pl.String}, orient="row"))


def _touches(plays: Sequence[Served]) -> pl.DataFrame:
    """What is the same for all rows of a touch, one row a touch, in the order of their numbers."""
    touches = [(one, touch) for one in plays for _, touch in one.touches]
    columns: dict[str, list[str]] = {
        "policy": [one.playbook.name for one, _ in touches],
        "play": [one.play.name for one, _ in touches],
        "task": [touch.task for _, touch in touches],
        "activity": [touch.activity for _, touch in touches],
        "priority": [touch.priority for _, touch in touches],
        "channel": [touch.channel for _, touch in touches],
        "source": [source_of(touch.span) for _, touch in touches],
    }
    return _texts(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))).with_columns(
        pl.Series("number", [one.number for one, _ in touches], dtype=pl.UInt32),
        pl.Series("contact", [touch.contact for _, touch in touches], dtype=pl.Boolean),
        pl.Series("minutes", [touch.minutes for _, touch in touches], dtype=pl.Int64),
    )


def _texts(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(words(column) for column in table)
