"""The bands of a rate table whose figures are written, as whole numbers: asked for thousands of payees, it costs them
no fractions. What it gives is what ``rates.slices`` come to.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ...language.tree import Literal
from ...policy.model_pay import Bands, RateTable
from .rates import Scale, Slice, segments


@dataclass(frozen=True, slots=True)
class WholeBands:
    """The bands of ``shape``, lowest first: ``edges`` are whole over ``edges_of``, ``rates`` over ``rates_of``;
    ``retroactive`` says of each whether, once it is reached, its rate counts from zero.
    """

    kind: str
    shape: Bands
    edges: Sequence[int]
    edges_of: int
    rates: Sequence[int]
    rates_of: int
    retroactive: Sequence[bool]
    exclusive: bool

    @staticmethod
    def of(table: RateTable) -> WholeBands | None:
        """None where a figure is worked out for each payee, or the table is a curve or a matrix."""
        if not isinstance(table.shape, Bands):
            return None
        rows = table.shape.rows if table.shape.rising else table.shape.rows[::-1]
        written = [row.value.root.value for row in rows if isinstance(row.value.root, Literal)]
        rates = [value for value in written if isinstance(value, Fraction)]
        if len(rates) < len(rows):
            return None
        edges = [row.edge for row in rows if row.edge is not None]
        edges_of, rates_of = lcm(*(each.denominator for each in edges)), lcm(*(each.denominator for each in rates))
        return WholeBands(
            table.kind,
            table.shape,
            [int(each * edges_of) for each in edges],
            edges_of,
            [int(each * rates_of) for each in rates],
            rates_of,
            [row.retroactive for row in rows],
            table.shape.exclusive,
        )

    def cut(self, amount: Fraction, quota: Fraction | None) -> list[Slice]:
        """The slices that ``earned`` comes to."""
        rates = [Fraction(rate, self.rates_of) for rate in self.rates]
        of_rows = rates if self.shape.rising else rates[::-1]
        return Scale(self.kind, segments(self.shape, of_rows, quota), quota).cut(amount)

    def earned(self, amount: int, divisor: int, quota: Fraction | None) -> tuple[int, int]:
        """What ``amount`` / ``divisor`` earns, as a whole number and its divisor; edges are parts of the quota."""
        number, of = (quota.numerator, quota.denominator) if quota is not None else (1, 1)
        common = lcm(divisor, self.edges_of * of)
        part = number * (common // (self.edges_of * of))
        edges = [edge * part for edge in self.edges]
        one = number * (common // of) if quota is not None else None
        return self._earned(amount * (common // divisor), edges, one), common * self.rates_of

    def _earned(self, amount: int, edges: Sequence[int], quota: int | None) -> int:
        rates, reached = self.rates, self._reached(edges, amount)
        if self.kind == "top_tier_on_overage" and quota is not None and amount >= quota:
            return quota * rates[bisect_left(edges, quota)] + (amount - quota) * rates[reached]
        if self.kind != "marginal" or amount <= 0:
            return amount * rates[reached]
        first = max((i for i in range(reached + 1) if self.retroactive[i]), default=0)
        low, found = 0, 0
        for edge, rate in zip(edges[first:reached], rates[first:reached], strict=True):
            if edge > low:
                found, low = found + (edge - low) * rate, edge
        return found + (amount - low) * rates[reached]

    def _reached(self, edges: Sequence[int], amount: int) -> int:
        return bisect_left(edges, amount) if self.exclusive else bisect_right(edges, amount)
