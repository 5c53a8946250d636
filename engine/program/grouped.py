"""The verbs that make one value of many rows, in columns: ``aggregate.Aggregation`` for all groups at once.

Sums are of whole numbers whose size was proven first; nothing is ever summed as a float.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import gcd

import polars as pl

from ..columns import BOOLEAN, NUMBER, TEXT, ExactColumn
from ..periods import Period
from .divisors import as_series, narrow, refuse, times, wide_enough_to_sum, with_common_divisor
from .measured import MEASURED, MISSING, NO_ROWS, TOO_SMALL

_PLACES = 2**32
"""Polars numbers no more rows than that: a day and a row's place fit one whole number of 64 bits."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table, in file order.

    ``group`` is the number of the account (person, company …) that each belongs to, from 0 to below ``groups``; null
    is nobody's. ``holds`` says whether a row counts, null where that is undecided; a row outside the window does not
    count (``where & in_window(…)``). ``days`` are the dates that ``latest`` and ``earliest`` go by.
    """

    group: pl.Series
    groups: int
    holds: pl.Series | None = None
    days: pl.Series | None = None


@dataclass(frozen=True, slots=True)
class Grouped:
    """One line a group: the value, how many rows it was made of, and how many lacked something (both UInt32)."""

    value: ExactColumn
    population: pl.Series
    skipped: pl.Series

    def measured(self, min_population: int) -> tuple[ExactColumn, pl.Series]:
        """The value and its status (pl.String) as ``measured.Measured`` has them, of a person, say, or the company.

        A group that has neither population nor skipped rows is one that ``measured.measure`` does not list.
        """
        rows, none, word = pl.col("population") + pl.col("skipped"), pl.lit(0, dtype=pl.UInt32), pl.String
        least = pl.lit(min(min_population, _PLACES) if min_population > 1 else 0, dtype=pl.Int64)
        small = pl.col("population").cast(pl.Int64) < least
        # of rows there are and nobody knows, a sum is not zero
        known = ~small & ((pl.col("population") > none) | (rows == none))
        status = (
            pl.when(small)
            .then(pl.lit(TOO_SMALL, dtype=word))
            .when(pl.col("value").is_not_null())
            .then(pl.lit(MEASURED, dtype=word))
            .when(rows > none)
            .then(pl.lit(MISSING, dtype=word))
            .otherwise(pl.lit(NO_ROWS, dtype=word))
        )
        frame = pl.DataFrame({"value": self.value.series, "population": self.population, "skipped": self.skipped})
        frame = frame.with_columns(pl.when(known).then("value")).with_columns(status.alias("status"))
        return ExactColumn(self.value.kind, frame["value"], self.value.divisor), frame["status"]


def in_window(days: pl.Series, window: Period | None, as_of: date) -> pl.Series:
    """Whether a row of that day counts: in the window; without one, any row up to ``as_of`` and undated ones."""
    if window is not None:
        return ((days >= window.start) & (days < window.before)).fill_null(False)
    return (days <= as_of).fill_null(True)


def counted(
    verb: str, rows: Rows, what: ExactColumn | None = None, over: ExactColumn | None = None
) -> tuple[pl.Series, pl.Series]:
    """Which rows count, and which of them are taken: those that lack nothing. The others are skipped."""
    counts = rows.group.is_not_null()
    taken = counts & what.series.is_not_null() if what is not None else counts
    if rows.holds is not None:
        counts &= rows.holds.fill_null(True)
        taken &= rows.holds.fill_null(False)
    if over is not None:
        taken &= over.series.is_not_null()
    if verb in ("latest", "earliest") and rows.days is not None:
        taken &= rows.days.is_not_null()
    return counts, taken


def aggregated(verb: str, rows: Rows, what: ExactColumn | None = None, over: ExactColumn | None = None) -> Grouped:
    """``verb`` over the rows of every group; without ``what`` the rows are counted; ``over`` makes a ratio of two sums.

    Raises Beyond where 128 bits do not hold a sum, a ratio, or the numbers of a group over one divisor.
    """
    counts, taken = counted(verb, rows, what, over)
    if what is None:
        what = ExactColumn(BOOLEAN, pl.repeat(True, len(rows.group), dtype=pl.Boolean, eager=True))
    group = rows.group.cast(pl.UInt32)
    seen = pl.DataFrame({"group": group, "taken": taken}).filter(counts).group_by("group")
    population = _dense(seen.agg(pl.col("taken").sum(), (~pl.col("taken")).sum().alias("skipped")), rows.groups)
    population = population.select(pl.col("taken", "skipped").fill_null(0).cast(pl.UInt32))
    made = _Taken(group.filter(taken), rows.days.filter(taken) if rows.days is not None else None, population["taken"])
    value = made.value(verb, _filtered(what, taken), _filtered(over, taken) if over is not None else None)
    return Grouped(value, population["taken"], population["skipped"])


def _filtered(column: ExactColumn, mask: pl.Series) -> ExactColumn:
    divisor = column.divisor if isinstance(column.divisor, int) else column.divisor.filter(mask)
    return ExactColumn(column.kind, column.series.filter(mask), divisor)


def _dense(found: pl.DataFrame, groups: int) -> pl.DataFrame:
    """A line for every group, in their order; what is not found is missing."""
    every = pl.DataFrame({"group": pl.int_range(groups, dtype=pl.UInt32, eager=True)})
    return every.join(found, on="group", how="left", maintain_order="left")


@dataclass(frozen=True, slots=True)
class _Taken:
    """The rows taken, none of which lacks anything: the group and the day of each; and how many each group has."""

    group: pl.Series
    days: pl.Series | None
    population: pl.Series

    def value(self, verb: str, what: ExactColumn, over: ExactColumn | None) -> ExactColumn:
        match verb:
            case "count" if what.kind == BOOLEAN:
                return ExactColumn(NUMBER, self._truths(what))
            case "count":
                return ExactColumn(NUMBER, self.population.cast(pl.Int64))
            case "sum" if over is not None:
                return self._ratio(self._sums(what), self._sums(over))
            case "sum":
                return self._sums(what)
            case "average":
                return self._average(self._sums(what))
            case "any":
                return ExactColumn(BOOLEAN, self._truths(what) > 0)
            case "share":
                return self._average(ExactColumn(NUMBER, self._truths(what)))
            case "distinct":
                numbers = with_common_divisor(what, self.group) if what.kind == NUMBER else what
                distinct = self._each(pl.col("value").n_unique(), numbers)["value"]
                return ExactColumn(NUMBER, distinct.fill_null(0).cast(pl.Int64))
            case "min":
                return self._extreme(pl.col("value").min(), what)
            case "max":
                return self._extreme(pl.col("value").max(), what)
            case "since" if over is not None:
                return self._unbroken(what, over)
            case _:
                return self._by_day(verb, what)

    def _each(self, made: pl.Expr, column: ExactColumn) -> pl.DataFrame:
        """``made`` of every group's ``value``, beside the group's ``divisor`` where it has one of its own."""
        parts = {"group": self.group, "value": column.series}
        if isinstance(column.divisor, int):
            found = pl.DataFrame(parts).group_by("group").agg(made)
        else:
            frame = pl.DataFrame({**parts, "divisor": column.divisor})
            found = frame.group_by("group").agg(made, pl.col("divisor").first())
        return _dense(found, len(self.population))

    def _truths(self, what: ExactColumn) -> pl.Series:
        return self._each(pl.col("value").sum(), what)["value"].fill_null(0).cast(pl.Int64)

    def _sums(self, what: ExactColumn) -> ExactColumn:
        """0 for a group without rows."""
        what = with_common_divisor(what, self.group)
        summable = ExactColumn(NUMBER, wide_enough_to_sum(what.series, self.group), what.divisor)
        found = self._each(pl.col("value").sum(), summable)
        divisor = what.divisor if isinstance(what.divisor, int) else found["divisor"].fill_null(1)
        return ExactColumn(NUMBER, narrow(found["value"].fill_null(0)), divisor)

    def _average(self, sums: ExactColumn) -> ExactColumn:
        rows = self.population.clip(lower_bound=1).cast(pl.Int64)
        divisor = self._product(rows, as_series(sums.divisor, len(rows)))
        frame = pl.DataFrame({"sum": sums.series, "any": self.population > 0})
        return ExactColumn(NUMBER, frame.select(pl.when("any").then("sum")).to_series(), divisor)

    def _ratio(self, above: ExactColumn, below: ExactColumn) -> ExactColumn:
        """Missing where the sum below is 0, or of no rows."""
        over, under = above.divisor, below.divisor
        if isinstance(over, int) and isinstance(under, int):
            shared = gcd(over, under)
            over, under = over // shared, under // shared
        parts = pl.DataFrame({"above": above.series, "below": below.series})
        zero, one, minus = (pl.lit(number, dtype=pl.Int64) for number in (0, 1, -1))
        sign = pl.when(pl.col("below") > zero).then(one).when(pl.col("below") < zero).then(minus)
        # the sums are proven to be smaller than the width, so that turning the sign is safe
        parts = parts.select(pl.col("above") * sign, (pl.col("below") * sign).fill_null(one))
        numbers = self._product(parts["above"], as_series(under, len(parts)))
        return ExactColumn(NUMBER, numbers, self._product(parts["below"], as_series(over, len(parts))))

    def _product(self, numbers: pl.Series, factors: pl.Series) -> pl.Series:
        found = times(numbers, factors)
        refuse(pl.int_range(len(found), dtype=pl.UInt32, eager=True), numbers.is_not_null() & found.is_null())
        return narrow(found)

    def _extreme(self, made: pl.Expr, what: ExactColumn) -> ExactColumn:
        if what.kind == NUMBER:
            what = with_common_divisor(what, self.group)
        elif what.kind == TEXT:  # an Enum is ordered by its categories
            what = ExactColumn(TEXT, what.series.cast(pl.String))
        found = self._each(made, what)
        divisor = what.divisor if isinstance(what.divisor, int) else found["divisor"]
        return ExactColumn(what.kind, found["value"], divisor)

    def _unbroken(self, first: ExactColumn, after: ExactColumn) -> ExactColumn:
        """As ``aggregate.unbroken``."""
        frame = pl.DataFrame({"group": self.group, "first": first.series, "after": after.series}).sort("group", "first")
        reached = pl.col("after").cum_max().over("group").shift(1)
        begins = (pl.col("group") != pl.col("group").shift(1)) | (pl.col("first") > reached)
        frame = frame.with_columns(pl.when(begins.fill_null(True)).then("first").forward_fill().alias("since"))
        found = _dense(frame.group_by("group").agg(pl.col("since").last(), pl.col("after").max()), len(self.population))
        holds = pl.col("after") == pl.lit(date.max)
        return ExactColumn(first.kind, found.select(pl.when(holds).then("since")).to_series())

    def _by_day(self, verb: str, what: ExactColumn) -> ExactColumn:
        """Of rows on one day, the later in the file counts for ``latest``, the earlier for ``earliest``."""
        if self.days is None:
            raise TypeError(f"{verb} goes by days")
        place = pl.int_range(len(self.group), dtype=pl.Int64, eager=True)
        when = ExactColumn(NUMBER, self.days.cast(pl.Int32).cast(pl.Int64) * _PLACES + place)
        found = self._each(pl.col("value").max() if verb == "latest" else pl.col("value").min(), when)["value"]
        return what.gather((found % _PLACES).cast(pl.UInt32))
