"""Trees in which a missing may be lost: beside a divisor, a condition, what cancels."""

from __future__ import annotations

from fractions import Fraction

from granger.engine.language.tree import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    Not,
)

from .drawn_tables import FLAGS, MONIES
from .tie_trees import TieTrees
from .written_trees import EQUALS, ORDERS


class MissingTrees(TieTrees):
    # --- missing ------------------------------------------------------------------------------------------------------

    def lost_missing(self) -> Node:
        """A divisor that is proven positive, or that cancels, may take its missing along."""
        a, b, c = self.name(), self.random.choice([self.name(), Name(self.random.choice(MONIES))]), self.name()
        if b.id in MONIES:
            a, c = (Name(self.random.choice(MONIES)) for _ in "ac")
        over, beside = Arithmetic("/", a, b), Arithmetic("/", c, b)
        bound = Compare((self.random.choice(ORDERS),), (over, beside))
        return self.random.choice(
            [
                Call("is_missing", (over,)),
                bound,
                Call("coalesce", (over, Literal(Fraction(0)))),
                Call("coalesce", (over, beside)),
                Arithmetic(self.random.choice("+-/"), over, beside),
                Call(self.random.choice(["min", "max"]), (over, beside)),
                Choose(bound, a, c),
                Call("is_missing", (Call("round", (over, self.digits(2))),)),
                Arithmetic(
                    "*",
                    Arithmetic("/", Call("abs", (Name("a"),)), Call("abs", (Name("b"),))),
                    Call("abs", (Name("b"),)),
                ),
                Call("is_missing", (Arithmetic("*", Literal(Fraction(0)), over),)),
                Compare(
                    (">=",),
                    (
                        Arithmetic("/", Call("abs", (Name("a"),)), Call("max", (Name("b"), Literal(Fraction(1))))),
                        Literal(Fraction(0)),
                    ),
                ),
            ]
        )

    def cancellation(self) -> Node:
        a, b, x = self.name(), self.name(), self.number(2)
        return self.random.choice(
            [
                Arithmetic("-", x, x),
                Compare(("==",), (Arithmetic("-", Arithmetic("+", a, b), b), a)),
                Arithmetic("-", Arithmetic("/", a, b), Arithmetic("/", a, b)),
                Compare((self.random.choice(ORDERS),), (Arithmetic("*", Arithmetic("/", a, b), b), a)),
                Arithmetic(
                    "-", Arithmetic("+", a, Literal(Fraction(10**15))), Literal(Fraction(10**15) - Fraction(1, 3))
                ),
                Arithmetic("/", Arithmetic("*", a, b), Arithmetic("*", b, a)),
            ]
        )

    def zero_divisor(self) -> Node:
        value = self.value(name := self.name())
        gone = Arithmetic("-", name, Literal(value or Fraction(0)))
        found = Arithmetic(
            "/",
            self.number(1),
            self.random.choice([gone, Arithmetic("*", gone, self.name()), Arithmetic("-", name, name)]),
        )
        return self.random.choice(
            [
                found,
                Call("is_missing", (found,)),
                Call("coalesce", (found, Literal(Fraction(7)))),
                Call("round", (found, self.digits(1))),
            ]
        )

    def negative_divisor(self) -> Node:
        below = self.random.choice(
            [self.name(), Negate(self.name()), Literal(Fraction(-3)), Arithmetic("-", self.name(), self.name())]
        )
        over = Arithmetic("/", self.number(1), below)
        return self.random.choice(
            [
                over,
                Compare((self.random.choice(ORDERS),), (over, self.literal())),
                Call("floor", (over,)),
                Call("round", (over, self.digits(0))),
            ]
        )

    def undecided(self) -> Node:
        flags = [Name(flag) for flag in FLAGS]
        test: Node = Compare((self.random.choice(ORDERS),), (self.name(), self.literal()))
        parts = self.random.sample(
            [*flags, test, Not(flags[0]), Compare((self.random.choice(EQUALS),), (flags[0], flags[1]))],
            self.random.choice([2, 3, 5]),
        )
        joined = Logic(self.random.choice(["and", "or"]), tuple(parts))
        return self.random.choice([joined, Not(joined), Call("is_missing", (joined,))])

    def undecided_else(self) -> Node:
        test = self.random.choice(
            [
                self.undecided(),
                Name(self.random.choice(FLAGS)),
                self.threshold(),
                Compare((">",), (self.name(), self.literal())),
            ]
        )
        then, rest = self.random.choice(
            [
                (self.name(), self.name()),
                (self.literal(), self.literal()),
                (Literal(True), Literal(False)),
                (Literal("x"), Literal("y")),
            ]
        )
        return Choose(test, then, rest)
