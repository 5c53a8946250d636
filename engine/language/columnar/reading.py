"""Expressions over the columns of a table at once: the language alone, without any policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ...columns import ExactColumn
from ...periods import FiscalCalendar
from ..ranges import TooWide
from ..tree import Expression
from .inputs import Inputs, fitted
from .lower import Lowering, Operand
from .outputs import Output, column, output
from .stages import Stages


@dataclass(frozen=True, slots=True)
class Evaluated:
    """``columns`` by name, over the rows ``kept``; the others, ``replayed``, fit no column. Both rise."""

    columns: Mapping[str, ExactColumn]
    kept: pl.Series
    replayed: pl.Series


def evaluate(
    expressions: Mapping[str, tuple[Expression, str]],
    columns: Mapping[str, ExactColumn],
    height: int,
    calendar: FiscalCalendar | None = None,
) -> Evaluated:
    """The values of well-typed expressions, each with the kind of its column, over the rows of ``columns``."""
    rows = pl.int_range(height, eager=True)

    def make(kept: pl.Series, inputs: Inputs) -> tuple[Inputs, dict[str, Output]]:
        known: dict[str, Operand] = {}

        def resolve(name: str) -> Operand:
            if name not in known:
                known[name] = inputs.operand(name, columns[name].gather(kept))
            return known[name]

        lowering = Lowering(inputs.graph, calendar or FiscalCalendar(), resolve)
        found = {
            name: output(inputs.graph, lowering.operand(expression.root), kind)
            for name, (expression, kind) in expressions.items()
        }
        return inputs, found

    try:
        (inputs, outputs), kept = fitted(rows, make)
    except TooWide:
        return Evaluated({}, rows.clear(), rows)
    stages = Stages(pl.DataFrame({"#": kept, **inputs.columns}))
    stages.run(step for found in outputs.values() for step in found.steps)
    replayed = rows.filter(~rows.is_in(kept.implode()))
    return Evaluated({name: column(stages, found) for name, found in outputs.items()}, kept, replayed)
