"""Operands as exact columns: what a computation gives back."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ...columns import BOOLEAN, DATE, NUMBER, TEXT, ExactColumn
from .lower import Day, Operand
from .numbers import Number, Numbers
from .stages import Stages
from .steps import INTEGER, TRUTH, Graph, Step
from .steps import TEXT as TEXT_STEP

_KINDS = {NUMBER: INTEGER, DATE: INTEGER, BOOLEAN: TRUTH, TEXT: TEXT_STEP}


@dataclass(frozen=True, slots=True)
class Output:
    """The steps of a column; ``divisor`` is a step only where it differs from row to row."""

    kind: str
    step: Step
    divisor: int | Step = 1

    @property
    def steps(self) -> tuple[Step, ...]:
        """To be worked out beforehand; words are put in the place of their numbers at the end."""
        first = self.step.args[0] if self.step.op == "lookup" and self.step.kind == TEXT_STEP else self.step
        return (first,) if isinstance(self.divisor, int) else (first, self.divisor)


def output(graph: Graph, operand: Operand | None, kind: str) -> Output:
    """Raises ranges.TooWide for a number whose numerator or divisor no column holds."""
    if operand is None:
        return Output(kind, graph.constant(None, _KINDS[kind]))
    if isinstance(operand, Day):
        return Output(DATE, operand.step)
    if isinstance(operand, Number):
        top, below = Numbers(graph).fraction(operand)
        return Output(NUMBER, top, below.data if isinstance(below.data, int) and below.is_constant else below)
    return Output(TEXT if operand.kind == TEXT_STEP else BOOLEAN, operand)


def column(stages: Stages, found: Output) -> ExactColumn:
    series = stages.series(found.step)
    if found.kind == DATE:
        series = series.cast(pl.Int32).cast(pl.Date)
    elif series.dtype == pl.Int32:
        series = series.cast(pl.Int64)
    return ExactColumn(found.kind, series, _divisor(stages, found.divisor))


def _divisor(stages: Stages, divisor: int | Step) -> int | pl.Series:
    if isinstance(divisor, int):
        return divisor
    series = stages.series(divisor)
    return series.cast(pl.Int64) if series.dtype == pl.Int32 else series
