"""The texts of tasks in columns: which occurrence it is, why it is there with the values it rests on, its id.

The only importer of ``polars_hash``.
"""

from __future__ import annotations

import polars as pl
import polars_hash as plh

from ...columns import NUMBER, ExactColumn
from ...program.columns import Columns
from ...program.spoken_columns import known_texts, spoken_texts
from ...texts import day_texts, plain_texts
from .due import because_of
from .listed import Served


def told(columns: Columns, one: Served, lines: pl.DataFrame) -> pl.DataFrame:
    """``lines`` of one play (``touch``, ``row``, ``named``, ``start`` and ``ordinal`` …) with the texts of their tasks
    and the start as their ``anchor``."""
    rows, number = lines["row"], lines["touch"] - one.touches[0][0]
    occurrence, because = occurrence_names(columns, one, lines), _because(columns, one, rows, number)
    parts = pl.select(
        play=pl.repeat("\0".join(_clean(part) for part in (one.playbook.name, one.play.name)), len(rows)),
        task=pl.Series([_clean(touch.task) for _, touch in one.touches], dtype=pl.String).gather(number),
        account=_cleaned(columns.account_ids.cast(pl.String)).gather(rows),
        occurrence=_cleaned(occurrence) if one.play.per is not None else occurrence,
    )
    ids = _task_ids(parts)
    after = pl.Series([_clean(touch.after) for _, touch in one.touches], dtype=pl.String).gather(number)
    follows = (after != "").arg_true()
    waits = pl.repeat("", len(lines), dtype=pl.String, eager=True)
    if len(follows):
        behind = parts.with_columns(after.alias("task"))[follows]
        waits = waits.scatter(follows, _task_ids(behind))
    return lines.drop("anchor").with_columns(
        ids.alias("task_id"),
        anchor=pl.col("start"),
        occurrence=occurrence,
        because=because,
        waits_for=waits,
    )


def _task_ids(parts: pl.DataFrame) -> pl.Series:
    """As ``touches.task_id``, of parts that are clean; policy and play stand in one. The texts of a column are always
    UTF-8: half a character cannot be among them.
    """
    digest = plh.concat_str(parts.columns, separator="\0").chash.sha2_256()
    return parts.select(task_id=pl.concat_str(pl.lit("T-"), digest.str.head(16)))["task_id"]


def _clean(text: str) -> str:
    return text.replace("\0", "")


def _cleaned(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all("\0", "", literal=True)


def occurrence_names(columns: Columns, one: Served, lines: pl.DataFrame) -> pl.Series:
    """What tells a task from the same of another time: the value of ``per`` or a day, and which repeat of it."""
    if one.play.per is not None:
        name = _plain_texts(columns.value(one.play.per).gather(lines["row"]))
    else:
        name = day_texts(lines["named"])
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
    shown = [spoken_texts(columns.name(name).gather(rows), types.get(name)) for name in read]
    frame = pl.DataFrame([because.alias("because"), *(s.alias(f"{i}") for i, s in enumerate(shown))])
    pairs = [part for i, name in enumerate(read) for part in (pl.lit(f", {name} = "[2 * (i == 0) :]), pl.col(f"{i}"))]
    values, alone = pl.concat_str(pairs), pl.col("because") == ""
    both = pl.concat_str(pl.col("because"), pl.lit(" ("), values, pl.lit(")"))
    return frame.select(because=pl.when(alone).then(values).otherwise(both))["because"]


def _plain_texts(column: ExactColumn) -> pl.Series:
    return plain_texts(column) if column.kind == NUMBER else known_texts(column)
