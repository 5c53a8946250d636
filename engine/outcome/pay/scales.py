"""A rate table, and what a bonus pays, with the figures of one payee: its quota, its rates, its column of a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...amounts import grouped, percent, short
from ...language.tree import Expression, Literal, Value
from ...policy.model_pay import Bands, Curve, Matrix, RateTable
from ...program.spoken import lacking
from .lines import Step
from .payees import Payee
from .rates import Scale, Slice, band_of, cell_column, segments


@dataclass(frozen=True, slots=True)
class Waits:
    """Why the payee has no such table yet."""

    reason: str


@dataclass(frozen=True, slots=True)
class Column:
    """What is left of a matrix for one payee: the rows with their cells, one row alone where ``down`` is written."""

    rows: Bands
    steps: tuple[Step, ...]


def scale_of(table: RateTable, payee: Payee) -> tuple[Scale, tuple[Step, ...]] | Waits:
    """The table with the payee's figures, and how these were found."""
    quota = quota_of(table, payee)
    if isinstance(quota, Waits):
        return quota
    if isinstance(table.shape, Curve):
        return Scale(table.kind, table.shape, quota), ()
    kind, shape = table.kind, table.shape
    told: tuple[Step, ...] = ()
    if isinstance(shape, Matrix):
        column = column_of(shape, payee)
        if isinstance(column, Waits):
            return column
        kind, shape, told = "whole_amount", column.rows, column.steps
    rates = rates_of(shape, payee)
    if rates is None:
        return Waits("a rate is missing")
    return Scale(kind, segments(shape, rates, quota), quota), told


def quota_of(table: RateTable, payee: Payee) -> Fraction | Waits | None:
    """What the edges are parts of, above zero; None where they are amounts."""
    if table.of is None:
        return None
    quota = figure(table.of, payee, "`of`")
    if isinstance(quota, Fraction) and quota.numerator <= 0:
        return Waits(f"the quota {table.of.text} is not above 0")
    return quota


def rates_of(shape: Bands, payee: Payee) -> list[Fraction] | None:
    """What the bands give for this payee; None where one is missing."""
    values = [_rate(row.value, payee) for row in shape.rows]
    rates = [value for value in values if isinstance(value, Fraction)]
    return rates if len(rates) == len(values) else None


def _rate(rate: Expression, payee: Payee) -> Value:
    """Most are written as figures, which are the same for everybody."""
    return rate.root.value if isinstance(rate.root, Literal) else payee.book.value(rate, payee)


def column_of(shape: Matrix, payee: Payee) -> Column | Waits:
    across = figure(shape.across, payee, "`across`")
    if isinstance(across, Waits):
        return across
    rows = cell_column(shape, across)
    steps = [_place("column", shape.across, across, shape.cells[0])]
    if shape.down is None:
        return Column(rows, tuple(steps))
    down = figure(shape.down, payee, "`down`")
    if isinstance(down, Waits):
        return down
    steps.insert(0, _place("row", shape.down, down, shape.rows))
    return Column(replace(rows, rows=(replace(band_of(rows, down), edge=None),)), tuple(steps))


def _place(what: str, by: Expression, value: Fraction, axis: Bands) -> Step:
    """Which row or column the figure lies in; it is told as the edges are written."""
    is_percent = any(row.told.endswith("%") for row in axis.rows)
    edge = band_of(axis, value).told
    where = f"the {what} {edge}" if edge else f"the last {what}"
    return Step(f"{by.text} = {percent(value) if is_percent else short(value)}: {where}", value)


def figure(expression: Expression, payee: Payee, what: str) -> Fraction | Waits:
    value = payee.book.value(expression, payee)
    if isinstance(value, Fraction):
        return value
    return Waits(f"{what} has no value without {lacking(payee.book.missing(expression, payee))}")


def reached(
    table: RateTable, payee: Payee, amount: Fraction, digits: int, of: str = "of the quota"
) -> tuple[Step, ...]:
    """How far ``amount`` reaches: nothing where the table has no quota, or every credit is looked up by itself."""
    quota = quota_of(table, payee)
    if not isinstance(quota, Fraction) or table.accumulate == "each_credit":
        return ()
    figures = f"{grouped(amount, digits)} of {grouped(quota, digits)}"
    text = f"{payee.agreed.part.name}: {percent(amount / quota)} {of}: {figures}"
    return (Step(text, amount, quota=quota),)


def told(cut: Sequence[Slice], digits: int) -> tuple[Step, ...]:
    return tuple(Step(_slice(part, digits), part.amount, part.rate, part.earning) for part in cut)


def _slice(part: Slice, digits: int) -> str:
    amount, earning = grouped(part.amount, digits), grouped(part.earning, digits)
    return f"{amount} gives {earning}" if part.rate is None else f"{amount} at {percent(part.rate)} = {earning}"
