"""Trees whose value at some row is a tie of a rounding, a whole number, or a threshold met exactly."""

from __future__ import annotations

from fractions import Fraction

from granger.engine.language.rowwise import Rowwise
from granger.engine.language.tree import (
    Arithmetic,
    Call,
    Compare,
    Expression,
    Literal,
    Member,
    Name,
    Negate,
    Node,
)
from granger.engine.periods import FiscalCalendar

from .drawn_tables import NUMBERS
from .drawn_trees import Trees
from .written_trees import ORDERS, ORIGIN

FISCAL = FiscalCalendar(4)


class TieTrees(Trees):
    def name(self) -> Name:
        return Name(self.random.choice(NUMBERS))

    def value(self, node: Node) -> Fraction | None:
        """Of the node at a random row, or of another where it is missing there."""
        reading, expression = Rowwise(FISCAL), Expression("0", node, ORIGIN)
        for row in self.random.sample(self.table.rows, min(5, self.table.height)):
            value = reading.value(expression, row)
            if isinstance(value, Fraction):
                return value
        return None

    def argument(self) -> Node:
        return self.random.choice(
            [self.name(), Arithmetic("/", self.name(), self.name()), self.number(1), self.number(2)]
        )

    # --- ties and thresholds ------------------------------------------------------------------------------------------

    def _shifted(self, node: Node, target: Fraction) -> Node:
        """So that some row's value is the target; negative as often as not."""
        value = self.value(node)
        return Arithmetic("+", node, Literal(target - value)) if value is not None else node

    def tie(self) -> Node:
        digits, k = self.random.choice([0, 0, 1, 2, 2, -1, 4]), self.random.choice([-3, -2, -1, 0, 1, 2, 10**6])
        node = self._shifted(self.argument(), (k + Fraction(1, 2)) / Fraction(10) ** digits)
        if self.maybe(0.2):
            node = self._shifted(
                Arithmetic("*", self.name(), Literal(Fraction(self.random.choice([5, 15, 25, -5]), 1000))),
                Fraction(5, 1000),
            )
        return Call("round", (Negate(node) if self.maybe(0.3) else node, self.digits(digits)))

    def whole(self) -> Node:
        node = self._shifted(self.argument(), Fraction(self.random.choice([-2, -1, 0, 1, 5])))
        return Call(self.random.choice(["floor", "ceiling"]), (node,))

    def threshold(self) -> Node:
        node = self.number(self.random.randint(1, 2))
        return self._at(node, self.value(node))

    def ratio_threshold(self) -> Node:
        """``a / b - 1 <= -30%`` at a row where it is just so; thirds and sevenths do not end."""
        one, other = self.random.choice([(self.name(), self.name()), (Name("m"), Name("n"))])
        ratio: Node = Arithmetic("/", one, other)
        node = self.random.choice(
            [ratio, Arithmetic("-", ratio, Literal(Fraction(1))), Arithmetic("*", ratio, Literal(Fraction(1, 3)))]
        )
        return self._at(node, self.value(node))

    def _at(self, node: Node, value: Fraction | None) -> Node:
        near = self.random.choice([0, 0, 0, 0, Fraction(1, 10**6), Fraction(-1, 10**6)])
        bound = Literal((value or Fraction(0)) + near)
        if self.maybe(0.1):
            return Member(node, (Literal(Fraction(3)), bound), self.maybe(0.5))
        ops = self.random.choice([ORDERS, (">=", "<=")])
        sides = (node, bound) if self.maybe(0.7) else (bound, node)
        return Compare((self.random.choice(ops),), sides)
