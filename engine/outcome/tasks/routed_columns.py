"""Who does a touch and on which day, for many accounts at once: ``routing`` in columns.

Calendars are asked once for each distinct day, task before it and person; people without anything of their own are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial, reduce

import polars as pl

from ...columns import TEXT
from ...policy.model import Touch
from ...policy.names import ACCOUNTS
from ...program.columns import Columns
from .calendar import Calendars
from .due import Placed, counts, no_owner, placed, placed_after, sentences
from .routing import ROUNDS, by_person, queue_of, works_on_no_day
from .schedule import each

_STOOD = pl.Struct({"person": pl.String, "stood": pl.String})
_WHO = "person", "role", "reason", "undecided", "stood"


def field_texts(columns: Columns, name: str) -> pl.Series:
    """The texts of a field of accounts, one an account; all missing where there is no such field or it holds others."""
    shape = columns.program.force.workspace.shapes.get(ACCOUNTS)
    if shape is not None and shape.field(name) is not None:
        column = columns.name(name)
        if column.kind == TEXT:
            return column.series.cast(pl.String)
    return pl.repeat(None, len(columns.account_ids), dtype=pl.String, eager=True)


@dataclass(frozen=True, slots=True)
class Routing:
    """The first of a ``chain`` of touches. ``row`` is the index of an account throughout."""

    columns: Columns
    calendars: Calendars
    links: tuple[Touch, ...]

    def by_workspace(self, starts: pl.Series) -> pl.DataFrame:
        """``due`` (null: outside the calendar), ``moved`` and ``provisional`` of each start."""
        return _placed_each(partial(placed_after, self.calendars.workspace, self.links), starts)

    def routed(self, lines: pl.DataFrame) -> pl.DataFrame:
        """``lines`` (``row``, ``start``) with the day as by ``by_workspace``, and ``_WHO``, as ``routing.route``."""
        touch, behind = self.links[0], self.links[1:]
        keys = [lines["start"]]
        if behind:
            before = Routing(self.columns, self.calendars, behind)
            personal = by_person(self.calendars, behind)
            found = before.routed(lines) if personal else before.by_workspace(lines["start"])
            keys.append(found["due"])
        days = _placed_each(partial(_placed, self.calendars, touch, None), *keys)
        lines = lines.drop("due", "moved", "provisional", strict=False).hstack(days)
        lines = lines.hstack([key.alias(f"key {i}") for i, key in enumerate(keys)])
        lines = self.owned(lines.with_row_index("line"))
        if counts(touch):
            lines = self._settled(lines, [f"key {i}" for i in range(len(keys))])
        return lines.sort("line").drop("line", *(f"key {i}" for i in range(len(keys))))

    def _settled(self, lines: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
        """The rounds, as ``routing.route`` has them."""
        own = lines["person"].is_in(sorted(self.calendars.persons)).fill_null(False)
        done, open_lines = [lines.filter(~own)], lines.filter(own)
        for left in reversed(range(ROUNDS)):
            if open_lines.is_empty():
                break
            persons = each(self.calendars.alike, pl.String, open_lines["person"])
            days = _placed_each(partial(_placed_for, self.calendars, self.links[0]), persons, *open_lines.select(keys))
            idle = days["due"].is_null()
            done.append(self._idle(open_lines.filter(idle)))
            before, days = open_lines.filter(~idle), days.filter(~idle)
            same = before.drop("due", "moved", "provisional").hstack(days)
            elsewhere = days["due"] != before["due"]
            done.append(same.filter(~elsewhere).select(lines.columns))  # nobody else holds it on the same day
            before, same = before.filter(elsewhere), same.filter(elsewhere)
            asked = self.owned(same.drop(_WHO)).select(lines.columns)
            stays = asked["person"].is_null() | (asked["person"] == before["person"])
            if not left:
                works = each(self.calendars.works, pl.Boolean, asked["person"], asked["due"])
                stays = stays | works.fill_null(False)
            done.append(asked.filter(stays))
            if not left:
                done.append(self._last(same.filter(~stays)).select(lines.columns))
                break
            open_lines = asked.filter(~stays)
        return pl.concat(done)

    def _last(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Those that stay with the person whose calendar gave the day, or with who stands in on it."""
        found = self._stood_in(lines.select(_WHO[:-1]), self._from_today(lines))
        stood = pl.when(pl.col("stood") == "").then(lines["stood"]).otherwise("stood")
        return lines.drop(_WHO).hstack(found.with_columns(stood=stood))

    def _from_today(self, lines: pl.DataFrame) -> pl.Series:
        """The days on which somebody does them: what is past is done today."""
        return lines.select(pl.max_horizontal("due", pl.lit(self.columns.as_of, dtype=pl.Date)))["due"]

    def _idle(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Those whose owner has no day to give: nobody does it."""
        reason = each(works_on_no_day, pl.String, lines["person"], lines["due"])
        nobody = pl.lit(None, dtype=pl.String).alias("person")
        return lines.with_columns(nobody, reason=reason, undecided=pl.lit(""), stood=pl.lit(""))

    def owned(self, lines: pl.DataFrame) -> pl.DataFrame:
        """``lines`` (``row``, ``due``) with ``_WHO`` does the touch on that day, as ``routing.who``."""
        touch, rows, days = self.links[0], lines["row"], self._from_today(lines)
        if self.columns.book.is_role(touch.owner):
            held = self.columns.holders(touch.owner, rows, days)
            held = held.select("person", "role", "reason", "undecided")
        else:
            constant = {"role": touch.owner, "reason": no_owner(touch), "undecided": ""}
            held = field_texts(self.columns, touch.owner).gather(rows).alias("person").to_frame()
            held = held.with_columns(pl.lit(text, dtype=pl.String).alias(name) for name, text in constant.items())
        return lines.hstack(self._stood_in(held, days))

    def _stood_in(self, held: pl.DataFrame, days: pl.Series) -> pl.DataFrame:
        away = self.calendars.time_off.persons
        if not away:
            return held.with_columns(stood=pl.lit("", dtype=pl.String))
        off = held["person"].is_in(sorted(away)).fill_null(False)
        asked = held["person"].set(~off, None)
        found = each(partial(_stand_in, self.calendars), _STOOD, asked, days).struct.unnest()
        person = pl.coalesce(found["person"], held["person"]).alias("person")
        return held.with_columns(person, found["stood"].fill_null(""))

    def served(self, lines: pl.DataFrame) -> pl.DataFrame:
        """``lines`` with the ``owner``, the queue of what nobody holds (as ``routing.unheld``), and what all has
        ``moved`` them."""
        workspace = self.columns.program.force.workspace
        lines, parts = lines.rename({"person": "owner"}), ["moved"]
        if self.calendars.time_off.persons:
            parts.append("stood")
        if workspace.queues:
            queue = each(partial(queue_of, workspace), pl.String, lines["role"]).alias("queue")
            waits = pl.col("owner").is_null() & (pl.col("undecided") == "")
            why = pl.when(waits & (pl.col("queue") != pl.col("role"))).then(pl.col("reason")).otherwise(pl.lit(""))
            lines = lines.with_columns(queue).with_columns(
                why.alias("why"),
                owner=pl.when(waits).then("queue").otherwise("owner"),
                role=pl.when(waits).then("queue").otherwise("role"),
            )
            parts.append("why")
        if (lines["provisional"] != "").any():
            lines = lines.with_columns(each(_note, pl.String, lines["provisional"]).alias("notes"))
            parts.append("notes")
        return lines.with_columns(moved=reduce(_joined, map(pl.col, parts)))


def _joined(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    both = pl.concat_str(left, pl.lit("; "), right)
    return pl.when(left == "").then(right).when(right == "").then(left).otherwise(both)


def _note(provisional: str) -> str:
    return sentences(provisional=provisional.split(", ")) if provisional else ""


def _stand_in(calendars: Calendars, person: str, day: date) -> dict[str, str] | None:
    found = calendars.stand_in(person, day)
    return {"person": found[0], "stood": found[1]} if found is not None else None


def _placed(
    calendars: Calendars, touch: Touch, person: str | None, start: date, after: date | None = None
) -> Placed | None:
    return placed(calendars.of(person), touch, start, Placed(after) if after is not None else None)


def _placed_for(calendars: Calendars, touch: Touch, person: str, *days: date) -> Placed | None:
    return _placed(calendars, touch, person, *days)


def _placed_each(function: partial[Placed | None], *keys: pl.Series) -> pl.DataFrame:
    """``due``, ``moved`` and ``provisional`` (joined) of each row of ``keys``; null where there is no day."""
    found: list[Placed | None] = []

    def place(*row: object) -> int:
        found.append(function(*row))
        return len(found) - 1

    at = each(place, pl.UInt32, *keys)  # a struct made of a dict a row takes far longer
    columns = {
        "due": pl.Series([one and one.due for one in found], dtype=pl.Date),
        "moved": pl.Series([one and one.moved for one in found], dtype=pl.String),
        "provisional": pl.Series([one and ", ".join(one.provisional) for one in found], dtype=pl.String),
    }
    return pl.DataFrame({name: values.gather(at) for name, values in columns.items()})
