"""Runs steps over a frame with Polars, stage by stage: what is read twice becomes a column of its own.

Polars would find shared parts itself, at several times the cost; and a nest of hundreds of conditions is planned
slowly, so a deep one is cut into columns too.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from .operations import emit
from .steps import Step

DEEPEST = 24
"""Steps one inside the other in one Polars expression."""

_FREE = frozenset({"column", "constant"})
"""Ops that need no column of their own."""


class Stages:
    """The values of steps over ``frame``, whose columns the graph's ``column`` steps name."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self._named: dict[Step, str] = {}

    def series(self, step: Step) -> pl.Series:
        """The values of one step; dates as whole numbers."""
        self.run([step])
        found = self.frame.select(self._expression(step)).to_series()
        # what is the same for all rows comes as one
        return found if len(found) == self.frame.height else found.new_from_index(0, self.frame.height)

    def run(self, wanted: Iterable[Step]) -> None:
        """Computes the steps; they stay in the frame, what only they needed does not."""
        asked = {step for step in wanted if step.op not in _FREE and step not in self._named}
        if not asked:
            return
        levels = self._levels(asked)
        whole = self.frame.lazy()
        for level in range(1, max(levels.values()) + 1):
            made = {step: f"#{step.id}" for step, its in levels.items() if its == level}
            whole = whole.with_columns(self._expression(step).alias(name) for step, name in made.items())
            self._named.update(made)
        self._named = {step: name for step, name in self._named.items() if step in asked or step not in levels}
        kept = [*self.frame.columns, *(self._named[step] for step in asked)]
        # shared parts were found already; Polars need not look for them again
        self.frame = whole.select(kept).collect(optimizations=pl.QueryOptFlags(comm_subexpr_elim=False))

    def _levels(self, asked: set[Step]) -> dict[Step, int]:
        """The stage of each step that becomes a column: what is asked for, read twice, or deep."""
        steps = self._reached(asked)
        uses: dict[Step, int] = {}
        for step in steps:
            for read in step.args:
                uses[read] = uses.get(read, 0) + 1
        level: dict[Step, int] = {}
        height: dict[Step, int] = {}
        depth: dict[Step, int] = {}
        for step in steps:
            below = [one for one in step.args if one in height]
            height[step] = max((height[one] for one in below), default=0)
            depth[step] = 1 + max((depth[one] for one in below), default=0)
            if step in asked or uses.get(step, 0) > 1 or depth[step] >= DEEPEST:
                level[step] = height[step] = height[step] + 1
                depth[step] = 0
        return level

    def _reached(self, asked: set[Step]) -> list[Step]:
        """What must be computed for the steps asked, each after what it reads."""
        found: set[Step] = set()
        waiting = list(asked)
        while waiting:
            step = waiting.pop()
            if step not in found and step.op not in _FREE and step not in self._named:
                found.add(step)
                waiting.extend(step.args)
        return sorted(found, key=lambda step: step.id)

    def _expression(self, step: Step) -> pl.Expr:
        """Over the columns that are named; steps below without a name stand inside."""
        if step in self._named:
            return pl.col(self._named[step])
        return emit(step, [self._expression(below) for below in step.args], self.frame.schema)
