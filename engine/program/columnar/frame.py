"""One graph over one frame of leaves: expressions are lowered into it, and run stage by stage."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ...columns import ExactColumn
from ...language.columnar.inputs import Inputs
from ...language.columnar.lower import Day, Lowering, Operand, constant_operand
from ...language.columnar.numbers import Number
from ...language.columnar.outputs import Output, column, output
from ...language.columnar.stages import Stages
from ...language.columnar.steps import Graph, Step
from ...language.tree import Expression, Value
from ...periods import FiscalCalendar


class SetAside(Exception):
    """Rows that no column holds: they are left to the reference. ``rows`` are records of the accounts table."""

    def __init__(self, rows: pl.Series) -> None:
        super().__init__("rows that no column holds")
        self.rows = rows


class Frame:
    """``resolve`` says what a name stands for, once it is read."""

    def __init__(
        self,
        height: int,
        calendar: FiscalCalendar,
        resolve: Callable[[str], Operand | None],
        inputs: Inputs | None = None,
    ) -> None:
        self.inputs = inputs or Inputs(Graph())
        self.graph = self.inputs.graph
        self.lowering = Lowering(self.graph, calendar, resolve)
        self._stages = Stages(pl.DataFrame({"#": pl.repeat(True, height, dtype=pl.Boolean, eager=True)}))

    @property
    def height(self) -> int:
        return self._stages.frame.height

    @property
    def stages(self) -> Stages:
        """With every leaf that was made so far."""
        known = self._stages.frame.columns
        fresh = [series.alias(name) for name, series in self.inputs.columns.items() if name not in set(known)]
        if fresh:
            self._stages.frame = self._stages.frame.with_columns(fresh)
        return self._stages

    def leaf(self, name: str, found: ExactColumn | Value) -> Operand | None:
        """A column, or a constant of all rows."""
        if isinstance(found, ExactColumn):
            return self.inputs.operand(name, found)
        return constant_operand(self.graph, found)

    def operand(self, expression: Expression) -> Operand | None:
        return self.lowering.operand(expression.root)

    def truth(self, expression: Expression) -> Step:
        return self.lowering.truth(expression.root)

    def output(self, operand: Operand | None, kind: str) -> Output:
        return output(self.graph, operand, kind)

    def column(self, found: Output) -> ExactColumn:
        return column(self.stages, found)

    def series(self, step: Step) -> pl.Series:
        return self.stages.series(step)

    def is_missing(self, operand: Operand | None) -> Step:
        if operand is None:
            return self.graph.constant(True)
        if isinstance(operand, Number):
            return self.lowering.numbers.is_missing(operand)
        return self.graph.is_missing(operand.step if isinstance(operand, Day) else operand)
