"""What the touches planned for accounts cost, in columns: one sum an account, and what keeps it from being known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import lcm

import polars as pl

from ...columns import INT64, INT128
from ...program.columns import Columns
from .budget_touches import PlannedTouches
from .budgets import cost_of, of_owner, role_without_cost, roles_of
from .due import NO_END, NO_PER
from .schedule import each

APART = "\0"
"""Between the things that are missing, until they are listed."""


@dataclass(frozen=True, slots=True)
class Costs:
    """By account (its ``row``, of ``rows``): what is ``planned``, a whole number over ``divisor``, and what is missing
    to say so (``lacks``, joined by ``APART``). ``without`` are the roles without a cost."""

    planned: pl.Series
    lacks: pl.Series
    divisor: int
    without: set[str]


def costs(columns: Columns, found: PlannedTouches) -> Costs:
    """Raises OverflowError where 128 bits cannot hold a sum."""
    lines = found.lines.with_columns(_roles(columns, found.lines))
    roles = columns.program.force.workspace.roles
    different = lines.select("touch", "role").unique().rows()
    amounts = [cost_of(roles.get(role), found.touches[touch].minutes) for touch, role in different]
    divisor = lcm(*(amount.denominator for amount in amounts if amount is not None))
    units = [None if amount is None else int(amount * divisor) for amount in amounts]
    peak = max((unit for unit in units if unit is not None), default=0) * max(len(lines), 1)
    if peak not in INT128 or divisor not in INT64:
        raise OverflowError("what touches cost")
    known = pl.DataFrame(different, schema={"touch": pl.UInt32, "role": pl.String}, orient="row")
    known = known.with_columns(pl.Series("unit", units, dtype=pl.Int64 if peak in INT64 else pl.Int128))
    by_row = lines.join(known, on=("touch", "role")).group_by("row").agg(pl.col("unit").sum().cast(pl.Int128))
    height = len(columns.account_ids)
    planned = pl.repeat(0, height, dtype=pl.Int128, eager=True).scatter(by_row["row"], by_row["unit"])
    unpaid = lines.join(known.filter(pl.col("unit").is_null()), on=("touch", "role"))
    told = [_named(unpaid, each(role_without_cost, pl.String, unpaid["role"])), _named(*_lost(found))]
    lacks = [pl.repeat("", height, dtype=pl.String, eager=True).scatter(some["row"], some["names"]) for some in told]
    return Costs(planned, joined(lacks), divisor, set(unpaid["role"]))


def joined(texts: list[pl.Series]) -> pl.Series:
    """Each row's texts that are not empty, with ``APART`` between them."""
    frame = pl.DataFrame([text.alias(str(i)) for i, text in enumerate(texts)])
    parts = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in frame.columns]
    return frame.select(pl.concat_str(parts, separator=APART, ignore_nulls=True)).to_series()


def _roles(columns: Columns, lines: pl.DataFrame) -> pl.Series:
    """As ``budgets.of_owner``: the role in which the owner of each line does it."""
    book, people = columns.book, roles_of(columns.book)
    found = each(partial(of_owner, book, people), pl.String, lines["role"], lines["owner"])
    return found.alias("role")


def _lost(found: PlannedTouches) -> tuple[pl.DataFrame, pl.Series]:
    """The touches that nobody does, or of which it cannot be said whether they are there; and what each lacks."""
    counted = (pl.col("level") == "undecided") | pl.col("due").is_not_null() | pl.col("reason").is_in([NO_PER, NO_END])
    lost = found.lacks.filter(counted)
    owners = each(lambda number: f"an owner of {found.touches[number].task}", pl.String, lost["touch"])
    names = lost["missing"].str.replace_all(", ", APART, literal=True)
    return lost, names.zip_with(names != "", owners)


def _named(rows: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """The names of each ``row``, every one once and rising."""
    single = rows.select("row").with_columns(names.str.split(APART).alias("names")).explode("names")
    return (
        single.unique().sort("row", "names").group_by("row", maintain_order=True).agg(pl.col("names").str.join(APART))
    )
