"""The texts of tasks in columns: which occurrence it is, why it is there with the values it rests on, its id.

The only importer of ``polars_hash``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import polars as pl
import polars_hash as plh

from ...amounts import plain
from ...columns import NUMBER, TEXT, ExactColumn
from ...language.tree import Value
from ...program.columns import Columns
from ...program.spoken import spoken
from .due import because_of
from .listed import Served
from .schedule import each


def told(columns: Columns, one: Served, lines: pl.DataFrame) -> pl.DataFrame:
    """``lines`` of one play (``touch``, ``row``, ``named``, ``start`` and ``ordinal`` …) with the texts of their tasks
    and the start as their ``anchor``."""
    rows, number = lines["row"], lines["touch"] - one.touches[0][0]
    occurrence, because = _occurrence(columns, one, lines), _because(columns, one, rows, number)
    named = "\0".join(part.replace("\0", "") for part in (one.playbook.name, one.play.name))
    parts: dict[str, pl.Expr | pl.Series] = {
        "play": pl.lit(named, dtype=pl.String),
        "task": pl.Series([touch.task for _, touch in one.touches], dtype=pl.String).gather(number),
        "account": columns.account_ids.cast(pl.String).gather(rows),
        "occurrence": occurrence,
    }
    return lines.drop("anchor").with_columns(
        _task_ids(lines.select(**parts)), anchor=pl.col("start"), occurrence=occurrence, because=because
    )


def _task_ids(parts: pl.DataFrame) -> pl.Series:
    """As ``touches.task_id``. The texts of a column are always UTF-8: half a character cannot be among them."""
    clean = [pl.col(name).str.replace_all("\0", "", literal=True) for name in parts.columns[1:]]
    digest = plh.concat_str([pl.col(parts.columns[0]), *clean], separator="\0").chash.sha2_256()
    return parts.select(task_id=pl.concat_str(pl.lit("T-"), digest.str.head(16)))["task_id"]


def _occurrence(columns: Columns, one: Served, lines: pl.DataFrame) -> pl.Series:
    """What tells a task from the same of another time: the value of ``per`` or a day, and which repeat of it."""
    if one.play.per is not None:
        name = _written(columns.value(one.play.per).gather(lines["row"]), _plainly)
    else:
        name = lines["named"].dt.to_string("iso")
    if one.play.repeat is None:
        return name
    return lines.select(name=pl.concat_str(name, pl.lit("#"), pl.col("ordinal").cast(pl.String)))["name"]


def _because(columns: Columns, one: Served, rows: pl.Series, number: pl.Series) -> pl.Series:
    """As ``spoken.with_values`` of the trigger and the anchor; ``number`` counts the touches of the play."""
    reasons = pl.Series([because_of(one.playbook, one.play, touch) for _, touch in one.touches], dtype=pl.String)
    because = reasons.gather(number)
    read = dict.fromkeys(name for e in (one.play.when, one.play.anchor) if e is not None for name in e.names)
    if not read:
        return because
    types = columns.program.types
    shown = [
        _written(columns.name(name).gather(rows), partial(spoken, kind=types.get(name))).fill_null(spoken(None))
        for name in read
    ]
    frame = pl.DataFrame([because.alias("because"), *(s.alias(f"{i}") for i, s in enumerate(shown))])
    pairs = [part for i, name in enumerate(read) for part in (pl.lit(f", {name} = "[2 * (i == 0) :]), pl.col(f"{i}"))]
    values, alone = pl.concat_str(pairs), pl.col("because") == ""
    both = pl.concat_str(pl.col("because"), pl.lit(" ("), values, pl.lit(")"))
    return frame.select(because=pl.when(alone).then(values).otherwise(both))["because"]


def _plainly(value: Value) -> str:
    return plain(value) if isinstance(value, Fraction) else spoken(value)


def _written(column: ExactColumn, write: Callable[[Value], str]) -> pl.Series:
    """The text of each value, written once for each distinct one; null where it is missing."""
    if column.kind == TEXT:
        return column.series.cast(pl.String)
    if column.kind != NUMBER:
        return each(write, pl.String, column.series)
    if isinstance(column.divisor, int):
        below = column.divisor
        return each(lambda number: write(Fraction(number, below)), pl.String, column.series)
    return each(lambda number, divisor: write(Fraction(number, divisor)), pl.String, column.series, column.divisor)
