"""Well-typed trees over every node and function of the language, drawn for the values of one table."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from granger.engine.language.signatures import UNITS
from granger.engine.language.tree import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Literal,
    Logic,
    Member,
    Name,
    Negate,
    Node,
    Not,
)

from .drawn_tables import CALENDAR, DAYS, ENDS, FLAGS, MONIES, NUMBERS, TEXTS, Drawn
from .written_trees import EQUALS, HUGE, ORDERS, PLAIN

Draw = Callable[[int], Node]


class Trees:
    def __init__(self, random: Random, table: Drawn, *, extreme: bool) -> None:
        self.random, self.table, self.extreme = random, table, extreme

    def maybe(self, share: float) -> bool:
        return self.random.random() < share

    def any(self, depth: int) -> Node:
        return self.random.choice([self.number, self.number, self.money, self.truth, self.truth, self.day, self.word])(
            depth
        )

    # --- numbers ----------------------------------------------------------------------------------------------------

    def literal(self) -> Literal:
        """Often a value that some row has."""
        if self.maybe(0.4) and self.table.height:
            value = self.random.choice(self.table.rows)[self.random.choice(NUMBERS)]
            if isinstance(value, Fraction):
                return Literal(value + self.random.choice([0, 0, 0, Fraction(1, 100), Fraction(-1, 3)]))
        return Literal(self.random.choice(HUGE if self.extreme and self.maybe(0.2) else PLAIN))

    def number(self, depth: int) -> Node:
        if depth <= 0 or self.maybe(0.1):
            return Name(self.random.choice(NUMBERS)) if self.maybe(0.7) else self.literal()
        roll = self.random.random()
        if roll < 0.4:
            return Arithmetic(self.random.choice("+-*//"), self.number(depth - 1), self.number(depth - 1))
        if roll < 0.45:
            return Arithmetic("/", self.money(depth - 1), self.money(depth - 1))
        if roll < 0.5:
            days = self.day(depth - 1), self.day(depth - 1)
            return Call(self.random.choice(["days_between", "months_between"]), days)
        return self._numeric(self.number, depth)

    def money(self, depth: int) -> Node:
        if depth <= 0 or self.maybe(0.1):
            return Name(self.random.choice(MONIES))
        roll = self.random.random()
        if roll < 0.2:
            return Arithmetic(
                self.random.choice("+-"),
                self.money(depth - 1),
                self.random.choice([self.money(depth - 1), self.literal()]),
            )
        if roll < 0.45:
            return Arithmetic(self.random.choice("*/"), self.money(depth - 1), self.number(depth - 1))
        return self._numeric(self.money, depth)

    def _numeric(self, kind: Draw, depth: int) -> Node:
        """What can be made of numbers and of money alike."""
        roll = self.random.random()
        if roll < 0.1:
            return Negate(kind(depth - 1))
        if roll < 0.35:
            return self.chosen(kind, depth)
        name = self.random.choice(["abs", "floor", "ceiling", "round", "round", "min", "max", "coalesce"])
        count = self.random.randint(2, 3) if name in ("min", "max", "coalesce") else 1
        arguments = [kind(depth - 1) for _ in range(count)]
        if name == "round" and self.maybe(0.8):
            arguments.append(self.digits(self.random.randint(-6, 12) if self.extreme else self.random.randint(-2, 4)))
        return Call(name, tuple(arguments))

    def digits(self, count: int) -> Literal:
        return Literal(Fraction(count), 0, 1)

    # --- of any kind ------------------------------------------------------------------------------------------------

    def chosen(self, kind: Draw, depth: int) -> Node:
        """Ladders as tables and bands have them; a node may stand in several places, as lowering shares it."""
        shared = kind(depth - 1)
        rest = self.random.choice([shared, kind(0), kind(depth - 1), Literal(None)])
        for _ in range(self.random.choice([1, 1, 1, 2, 3, 20] if self.maybe(0.3) else [1])):
            rest = Choose(self.truth(min(depth - 1, 1)), self.random.choice([shared, kind(0)]), rest)
        if self.maybe(0.2):
            rest = Choose(
                Call("is_missing", (Name(self.random.choice(NUMBERS)),)),
                self.random.choice([kind(0), Literal(None)]),
                rest,
            )
        return rest

    def day(self, depth: int) -> Node:
        roll = self.random.random()
        if depth <= 0 or roll < 0.2:
            return Name(self.random.choice(DAYS)) if self.maybe(0.7) else Literal(self.random.choice(CALENDAR + ENDS))
        if roll < 0.5:
            return Call(
                self.random.choice(["add_days", "add_months"]),
                (self.day(depth - 1), self.number(self.random.randint(0, 1))),
            )
        if roll < 0.75:
            return Call(
                self.random.choice(["start_of", "end_of"]), (Literal(self.random.choice(UNITS)), self.day(depth - 1))
            )
        if roll < 0.85:
            return Call("coalesce", (self.day(depth - 1), self.day(0)))
        return self.chosen(self.day, depth)

    def word(self, depth: int) -> Node:
        roll = self.random.random()
        if depth <= 0 or roll < 0.3:
            return (
                Name(self.random.choice(["s", "t", "u", "u"]))
                if self.maybe(0.7)
                else Literal(self.random.choice(TEXTS))
            )
        if roll < 0.5:
            return Call("lower", (self.word(depth - 1),))
        return Call("coalesce", (self.word(depth - 1), self.word(0))) if roll < 0.7 else self.chosen(self.word, depth)

    # --- truths -----------------------------------------------------------------------------------------------------

    def truth(self, depth: int) -> Node:
        roll = self.random.random()
        if depth <= 0 and roll < 0.5:
            return Name(self.random.choice(FLAGS)) if self.maybe(0.9) else Literal(self.maybe(0.5))
        depth = max(depth, 1)
        if roll < 0.5:
            kind, ops = self.random.choice(
                [
                    (self.number, ORDERS),
                    (self.money, ORDERS),
                    (self.day, ORDERS),
                    (self.word, EQUALS),
                    (self.truth, EQUALS),
                ]
            )
            count = self.random.choice([2, 2, 2, 3])
            return Compare(
                tuple(self.random.choice(ops) for _ in range(count - 1)), tuple(kind(depth - 1) for _ in range(count))
            )
        if roll < 0.66 and depth > 1:
            return Logic(
                self.random.choice(["and", "or"]),
                tuple(self.truth(depth - 1) for _ in range(self.random.choice([2, 2, 3, 5]))),
            )
        if roll < 0.72:
            return Not(self.truth(depth - 1))
        if roll < 0.84:
            return self.member(depth)
        if roll < 0.9:
            return Call("is_missing", (self.any(depth - 1),))
        if roll < 0.93:
            return self.chosen(self.truth, depth)
        return Call(self.random.choice(["contains", "starts_with", "ends_with"]), (self.word(depth - 1), self.word(0)))

    def member(self, depth: int) -> Node:
        kind = self.random.choice([self.number, self.word, self.word, self.day, self.truth])
        items = tuple(kind(0) for _ in range(self.random.randint(1, 3)))
        if kind == self.word and self.maybe(0.6):
            items = tuple(Literal(text) for text in self.random.sample(TEXTS, self.random.randint(1, 4)))
        return Member(kind(depth - 1), items, self.maybe(0.4))
