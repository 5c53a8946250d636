"""Faults of what a run in columns does beside the expressions: rows to groups, decisions, cents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from granger.engine.amounts import HALF_EVEN, HALF_UP
from granger.engine.columns import NUMBER, ExactColumn
from granger.engine.language.columnar import operations
from granger.engine.language.columnar.steps import Graph, Step
from granger.engine.outcome.pay import cents, settled
from granger.engine.periods import Period
from granger.engine.program import divisors, grouped
from granger.engine.program.columnar import measures
from granger.engine.program.grouped import Grouped, Rows
from pytest import MonkeyPatch


def sums_one_bit_too_narrow(to: MonkeyPatch) -> None:
    sound = divisors.size
    to.setattr(divisors, "size", lambda numbers: (sound(numbers) + 1) // 2)


def cents_one_bit_too_narrow(to: MonkeyPatch) -> None:
    sound = cents.largest
    to.setattr(cents, "largest", lambda numbers: (sound(numbers) + 1) // 2)


def ties_of_cents_swapped(to: MonkeyPatch) -> None:
    sound = cents.rounded
    to.setattr(
        settled,
        "rounded",
        lambda numbers, divisor, rule: sound(numbers, divisor, HALF_UP if rule == HALF_EVEN else HALF_EVEN),
    )


def floor_for_round_of_cents(to: MonkeyPatch) -> None:
    def rounded(numbers: pl.Series, divisor: int, rule: str) -> pl.Series:
        wide = pl.DataFrame({"n": numbers.cast(pl.Int128)})
        return wide.select((pl.col("n") + pl.lit(divisor // 2, dtype=pl.Int128)) // pl.lit(divisor, dtype=pl.Int128))[
            "n"
        ]

    to.setattr(settled, "rounded", rounded)


def undecided_rows_of_a_table_false(to: MonkeyPatch) -> None:
    sound = Graph.first_true

    def first_true(self: Graph, truths: Sequence[Step], default: int | None = None) -> Step:
        return sound(self, [self.coalesce(truth, self.constant(False)) for truth in truths], default)

    to.setattr(Graph, "first_true", first_true)


def missing_divisor_summed(to: MonkeyPatch) -> None:
    sound = grouped.aggregated

    def aggregated(verb: str, rows: Rows, what: ExactColumn | None = None, over: ExactColumn | None = None) -> Grouped:
        if over is not None and isinstance(over.divisor, int):
            over = ExactColumn(over.kind, over.series.fill_null(0), over.divisor)
        return sound(verb, rows, what, over)

    to.setattr(measures, "aggregated", aggregated)


def window_opens_late(to: MonkeyPatch) -> None:
    def in_window(days: pl.Series, window: Period | None, as_of: date) -> pl.Series:
        if window is None:
            return grouped.in_window(days, window, as_of)
        return ((days > window.start) & (days < window.before)).fill_null(False)

    to.setattr(measures, "in_window", in_window)


def sum_below_keeps_its_sign(to: MonkeyPatch) -> None:
    def ratio(self: grouped._Taken, above: ExactColumn, below: ExactColumn) -> ExactColumn:
        over, under = above.divisor, below.divisor
        frame = pl.DataFrame({"a": above.series, "b": below.series})
        frame = frame.select(
            pl.when(pl.col("b") != 0).then("a"), pl.when(pl.col("b") == 0).then(1).otherwise("b").alias("b")
        )
        one = self._product(frame["a"], grouped.as_series(under, len(frame)))
        return ExactColumn(NUMBER, one, frame["b"] * over)

    to.setattr(grouped._Taken, "_ratio", ratio)


def otherwise_on_undecided(to: MonkeyPatch) -> None:
    sound = operations._first_true

    def first_true(step: Step, args: list[pl.Expr]) -> pl.Expr:
        return sound(step, [arg.fill_null(False) for arg in args])

    to.setitem(operations._OPS, "first_true", first_true)


def sums_in_floats(to: MonkeyPatch) -> None:
    def sums(self: grouped._Taken, what: ExactColumn) -> ExactColumn:
        what = grouped.with_common_divisor(what, self.group)
        found = self._each(pl.col("value").cast(pl.Float64).sum(), ExactColumn(NUMBER, what.series, what.divisor))
        divisor = what.divisor if isinstance(what.divisor, int) else found["divisor"].fill_null(1)
        return ExactColumn(NUMBER, found["value"].fill_null(0).cast(pl.Int128), divisor)

    to.setattr(grouped._Taken, "_sums", sums)


def cents_summed_in_floats(to: MonkeyPatch) -> None:
    def sums(numbers: pl.Series, who: pl.Series, count: int) -> pl.Series:
        found = pl.DataFrame({"who": who, "n": numbers.cast(pl.Float64)}).group_by("who").agg(pl.col("n").sum())
        codes = pl.DataFrame({"who": pl.int_range(count, dtype=pl.UInt32, eager=True)})
        return codes.join(found, on="who", how="left", maintain_order="left")["n"].fill_null(0).cast(pl.Int128)

    to.setattr(settled, "sums", sums)


OF_WIDTHS = (sums_one_bit_too_narrow, cents_one_bit_too_narrow, sums_in_floats, cents_summed_in_floats)
"""They show in sums at the edge of a width."""
