"""The bands of a rate table whose figures are written, as whole numbers: asked for thousands of payees, it costs them
no fractions. What it gives is what ``rates.slices`` come to.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ...language.tree import Literal
from ...policy.model_pay import Bands, RateTable


@dataclass(frozen=True, slots=True)
class WholeBands:
    """The bands, lowest first: ``edges`` are whole over ``edges_of``, ``rates`` over ``rates_of``;
    ``before`` says of each, of an amount above zero that reaches it, where its own slice begins, and what the slices
    below it earn.
    """

    kind: str
    edges: Sequence[int]
    edges_of: int
    rates: Sequence[int]
    rates_of: int
    before: Sequence[tuple[int, int]]
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
        whole_edges, whole_rates = [int(each * edges_of) for each in edges], [int(each * rates_of) for each in rates]
        before = list(_before(whole_edges, whole_rates, [row.retroactive for row in rows]))
        exclusive = table.shape.exclusive
        return WholeBands(table.kind, whole_edges, edges_of, whole_rates, rates_of, before, exclusive)

    def earned(self, amount: int, divisor: int, quota: Fraction | None) -> tuple[int, int]:
        """What ``amount`` / ``divisor`` earns, as a whole number and its divisor; edges are parts of the quota."""
        number, of = (quota.numerator, quota.denominator) if quota is not None else (1, 1)
        over = self.edges_of * of
        common = lcm(divisor, over)
        amount, one = amount * (common // divisor), number * (common // over)
        is_over = quota is not None and self.kind == "top_tier_on_overage" and amount >= self.edges_of * one
        found = self._over(amount, self.edges_of * one, one) if is_over else self._earned(amount, one)
        return found, common * self.rates_of

    def _earned(self, amount: int, one: int) -> int:
        """An edge lies at ``edges`` times ``one``."""
        reached = self._reached(amount, one)
        if self.kind != "marginal" or amount <= 0:
            return amount * self.rates[reached]
        low, before = self.before[reached]
        return before * one + (amount - low * one) * self.rates[reached]

    def _over(self, amount: int, quota: int, one: int) -> int:
        below = self.rates[bisect_left(self.edges, self.edges_of)]
        return quota * below + (amount - quota) * self.rates[self._reached(amount, one)]

    def _reached(self, amount: int, one: int) -> int:
        return bisect_left(self.edges, -(-amount // one)) if self.exclusive else bisect_right(self.edges, amount // one)


def _before(edges: Sequence[int], rates: Sequence[int], retroactive: Sequence[bool]) -> Iterator[tuple[int, int]]:
    for reached in range(len(rates)):
        first = max((i for i in range(reached + 1) if retroactive[i]), default=0)
        low, earned = 0, 0
        for edge, rate in zip(edges[first:reached], rates[first:reached], strict=True):
            if edge > low:
                low, earned = edge, earned + (edge - low) * rate
        yield low, earned
