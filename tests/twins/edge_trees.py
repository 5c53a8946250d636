"""Trees whose largest value stands at the edge of a width, or of what the reference keeps."""

from __future__ import annotations

from fractions import Fraction

from granger.engine.language.tree import (
    Arithmetic,
    Call,
    Compare,
    Literal,
    Name,
    Node,
)

from .drawn_tables import NUMBERS
from .tie_trees import TieTrees
from .written_trees import ORDERS

EDGES = [1 << bits for bits in (31, 32, 63, 64, 127, 128)]


class EdgeTrees(TieTrees):
    # --- edges of widths ----------------------------------------------------------------------------------------------

    def _largest(self, name: str) -> int:
        return max(self.table.largest[name], 1)

    def product_edge(self) -> Node:
        name, more = self.random.choice(NUMBERS), self.random.choice(NUMBERS)
        most, node = self._largest(name), Name(name)
        product: Node = node
        if self.maybe(0.4):
            most, product = most * self._largest(more), Arithmetic("*", node, Name(more))
        factor = self.random.choice(EDGES) // most + self.random.choice([-1, 0, 1])
        product = Arithmetic("*", product, Literal(Fraction(self.random.choice([factor, -factor]))))
        return self._used(product)

    def sum_edge(self) -> Node:
        name = self.random.choice(NUMBERS)
        divisor = self.table.columns[name].divisor
        if not isinstance(divisor, int):
            divisor = 1
        gap = self.random.choice(EDGES) - self._largest(name) + self.random.choice([-1, 0, 1])
        op = self.random.choice("+-")
        return self._used(Arithmetic(op, Name(name), Literal(Fraction(self.random.choice([gap, -gap]), divisor))))

    def _used(self, node: Node) -> Node:
        """A number that is held as it is, or read again by what has no need of its width."""
        return self.random.choice(
            [
                node,
                Call("abs", (node,)),
                Compare((self.random.choice(ORDERS),), (node, self.name())),
                Compare((self.random.choice(ORDERS),), (Arithmetic("/", node, self.name()), self.literal())),
                Arithmetic("-", node, self.name()),
                Call(
                    "round",
                    (Arithmetic("/", node, Literal(Fraction(self.random.choice([3, 7, 10**9])))), self.digits(0)),
                ),
            ]
        )

    def compare_edge(self) -> Node:
        """Cross-multiplied, the sides come to the edge."""
        one, other = self.random.choice(NUMBERS), self.random.choice(NUMBERS)
        edge = self.random.choice(EDGES)
        bound = Fraction(self.random.choice([1, -1]) * (edge // self._largest(other) + self.random.choice([-1, 0, 1])))
        right = self.random.choice([Literal(bound), Arithmetic("*", Name(one), Literal(bound))])
        return Compare((self.random.choice(ORDERS),), (Arithmetic("/", Name(one), Name(other)), right))

    def outgrown(self) -> Node:
        """Beyond 6,000 bits a number is missing; 5,872 of them stand beside a number of 128."""
        constant = Literal(Fraction(2 ** self.random.choice([5_872, 5_873]) - 1))
        name = Name(self.random.choice(NUMBERS))
        found = self.random.choice(
            [
                Arithmetic("*", name, constant),
                Arithmetic("/", name, constant),
                Arithmetic("+", Arithmetic("*", name, constant), constant),
            ]
        )
        return self.random.choice([found, Call("is_missing", (found,)), Compare((">",), (found, Literal(Fraction(0))))])
