"""The generated reading is held to the reference: random well-typed trees over every node and function, nasty rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest
from granger.engine.diagnostics import Origin
from granger.engine.language.code import NotGenerated
from granger.engine.language.generated import DOOR_BITS, Replay, compiled
from granger.engine.language.rowwise import evaluate
from granger.engine.language.signatures import FUNCTIONS
from granger.engine.language.tree import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Expression,
    Literal,
    Logic,
    Member,
    Name,
    Negate,
    Node,
    Not,
    Value,
    walk,
)
from granger.engine.language.types import BOOLEAN, DATE, TEXT, Type, number
from granger.engine.periods import FiscalCalendar
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

ORIGIN = Origin("p.yaml", ((0, 1, 1),))
NUMBERS, FLAGS, DAYS, WORDS = ("a", "b", "c"), ("p", "q"), ("d", "e"), ("s", "t")
TYPES = {
    **{name: number(nullable=True) for name in NUMBERS},
    **{name: Type(BOOLEAN, nullable=True) for name in FLAGS},
    **{name: Type(DATE, nullable=True) for name in DAYS},
    **{name: Type(TEXT, nullable=True) for name in WORDS},
}
FISCAL = FiscalCalendar(4)
TREES, ROWS = 2_000, 12

EDGES = [
    Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 3), Fraction(-2, 3), Fraction(1, 2), Fraction(5, 2), Fraction(-5, 2), Fraction(1, 200),
    Fraction(30_000), Fraction(2**63), Fraction(-(2**63)), Fraction(2**63 - 1), Fraction(10**38), Fraction(-(10**38)), Fraction(1, 10**12), None,
]  # fmt: skip
CALENDAR = [date(2026, 1, 31), date(2024, 2, 29), date(2026, 9, 30), date(1, 1, 1), date(9999, 12, 31), None]
TEXTS = ["EU-1", "core", "Ärger", "it's", 'a "b", c\n', "=1+1", "k0", "", None]


class Trees:
    def __init__(self, random: Random) -> None:
        self.random = random

    def number(self, depth: int) -> Node:
        pick = self.random.random()
        if depth == 0 or pick < 0.2:
            if self.random.random() < 0.6:
                return Name(self.random.choice(NUMBERS))
            edge = self.random.choice(EDGES)
            return Literal(edge if edge is not None or self.random.random() < 0.3 else Fraction(7, 10))
        if pick < 0.5:
            return Arithmetic(self.random.choice("+-*/"), self.number(depth - 1), self.number(depth - 1))
        if pick < 0.56:
            return Negate(self.number(depth - 1))
        if pick < 0.75:
            return self.chosen(self.number, depth)
        name = self.random.choice(
            ["abs", "floor", "ceiling", "round", "min", "max", "coalesce", "days_between", "months_between"]
        )
        if name in ("days_between", "months_between"):
            return Call(name, (self.day(depth - 1), self.day(depth - 1)))
        count = self.random.randint(2, 3) if name in ("min", "max", "coalesce") else 1
        arguments = [self.number(depth - 1) for _ in range(count)]
        if name == "round" and self.random.random() < 0.8:
            arguments.append(Literal(Fraction(self.random.randint(-3, 4))))
        return Call(name, tuple(arguments))

    def chosen(self, kind: Callable[[int], Node], depth: int) -> Node:
        """Chains as tables and bands have them; a node may stand in several places, as lowering shares it."""
        shared = kind(depth - 1)
        rest: Node = self.random.choice([shared, kind(0), Literal(None)])
        for _ in range(self.random.choice([1, 1, 2, 3, 60])):
            then = self.random.choice([shared, kind(0)])
            rest = Choose(self.truth(min(depth - 1, 1)), then, rest)
        if self.random.random() < 0.3:
            name = Name(self.random.choice(NUMBERS))
            rest = Choose(Call("is_missing", (name,)), kind(0), rest)
        return rest

    def day(self, depth: int) -> Node:
        pick = self.random.random()
        if depth <= 0 or pick < 0.4:
            return (
                Name(self.random.choice(DAYS))
                if self.random.random() < 0.7
                else Literal(self.random.choice(CALENDAR[:-1]))
            )
        if pick < 0.7:
            return Call(self.random.choice(["add_days", "add_months"]), (self.day(depth - 1), self.number(0)))
        if pick < 0.9:
            unit = self.random.choice(["month", "quarter", "half", "year"])
            return Call(self.random.choice(["start_of", "end_of"]), (Literal(unit), self.day(depth - 1)))
        return self.chosen(self.day, depth)

    def word(self, depth: int) -> Node:
        pick = self.random.random()
        if depth <= 0 or pick < 0.5:
            return (
                Name(self.random.choice(WORDS))
                if self.random.random() < 0.6
                else Literal(self.random.choice(TEXTS[:-1]))
            )
        if pick < 0.7:
            return Call("lower", (self.word(depth - 1),))
        return self.chosen(self.word, depth) if pick < 0.9 else Call("coalesce", (self.word(depth - 1), self.word(0)))

    def truth(self, depth: int) -> Node:
        pick = self.random.random()
        if depth <= 0 and pick < 0.4:
            return (
                Name(self.random.choice(FLAGS)) if self.random.random() < 0.8 else Literal(self.random.random() < 0.5)
            )
        depth = max(depth, 0)
        if pick < 0.55:
            kind, ops = self.random.choice(
                [(self.number, "== != < <= > >="), (self.day, "== != < <= > >="), (self.word, "== !=")]
            )
            count = self.random.choice([2, 2, 3])
            return Compare(
                tuple(self.random.choice(ops.split()) for _ in range(count - 1)),
                tuple(kind(depth - 1 if depth else 0) for _ in range(count)),
            )
        if pick < 0.7 and depth:
            return Logic(
                self.random.choice(["and", "or"]),
                tuple(self.truth(depth - 1) for _ in range(self.random.randint(2, 4))),
            )
        if pick < 0.76 and depth:
            return Not(self.truth(depth - 1))
        if pick < 0.9:
            kind = self.random.choice([self.number, self.word, self.day])
            items = [kind(0) for _ in range(self.random.randint(1, 3))]
            if self.random.random() < 0.5:
                items = (
                    [
                        Literal(item.value) if isinstance(item, Literal) else Literal(self.random.choice(TEXTS[:3]))
                        for item in items
                    ]
                    if kind == self.word
                    else items
                )
            return Member(kind(depth - 1 if depth else 0), tuple(items), self.random.random() < 0.4)
        if pick < 0.95:
            kind = self.random.choice([self.number, self.word, self.day, self.truth])
            return Call("is_missing", (kind(depth - 1 if depth else 0),))
        return Call(self.random.choice(["contains", "starts_with", "ends_with"]), (self.word(depth - 1), self.word(0)))


def rows(random: Random, root: Node) -> list[dict[str, Value]]:
    """Edges; and thresholds of the tree met exactly, or missed by a half."""
    literals = [node.value for node in walk(root) if isinstance(node, Literal) and isinstance(node.value, Fraction)]
    met = [value + shift for value in literals[:20] for shift in (0, Fraction(1, 2), Fraction(-1, 200))] or [
        Fraction(0)
    ]
    return [
        {
            **{name: random.choice(EDGES) if random.random() < 0.6 else random.choice(met) for name in NUMBERS},
            **{name: random.choice([True, False, None]) for name in FLAGS},
            **{name: random.choice([*CALENDAR, date(2026, 2, 1) + timedelta(random.randint(0, 60))]) for name in DAYS},
            **{name: random.choice(TEXTS) for name in WORDS},
        }
        for _ in range(ROWS)
    ]


def small(root: Node, limit: int = 4_000) -> bool:
    return all(count <= limit for count, _ in enumerate(walk(root)))


SWEPT: Counter[str] = Counter()


@settings(max_examples=TREES, derandomize=True, phases=[Phase.generate], database=None, deadline=None)
@given(st.integers(0, 2**32))
def test_random_trees_mean_what_the_reference_says(seed: int) -> None:
    random = Random(seed)
    trees = Trees(random)
    root = random.choice([trees.number, trees.truth, trees.day, trees.word])(random.randint(1, 4))
    if not small(root):
        return
    expression = Expression("x", root, ORIGIN)
    try:
        run = compiled(expression, TYPES, FISCAL)
    except NotGenerated:
        SWEPT["not generated"] += 1
        return
    for node in walk(root):
        SWEPT[node.function if isinstance(node, Call) else type(node).__name__] += 1
    for row in rows(random, root):
        expected = evaluate(expression, row, FISCAL)
        try:
            found = run(row)
        except Replay:
            SWEPT["replayed"] += 1
            assert any(isinstance(v, Fraction) and abs(v.numerator) >= 2**DOOR_BITS for v in row.values())
            continue
        assert found == expected and type(found) is type(expected), (root, row, found, expected)
        SWEPT["cells"] += 1
        SWEPT["missing"] += expected is None


def test_the_sweep_met_every_node_and_function() -> None:
    assert SWEPT["cells"] >= 20_000
    assert SWEPT["cells"] // 10 < SWEPT["missing"] < SWEPT["cells"] * 3 // 4
    assert SWEPT["not generated"] < TREES // 20
    nodes = {"Literal", "Name", "Negate", "Not", "Arithmetic", "Compare", "Logic", "Member", "Choose"}
    assert nodes | (FUNCTIONS.keys() - {"held_since"}) <= SWEPT.keys()


def test_ties_are_rounded_away_from_zero(parsed: Callable[[str], Expression]) -> None:
    tried = 0
    for digits in range(-3, 5):
        run = compiled(parsed(f"round(a, {digits})"), TYPES)
        for k in range(-50, 51):
            for shift in (Fraction(1, 2), Fraction(1, 2) - Fraction(1, 10**15), Fraction(0)):
                row = {"a": (k + shift) / Fraction(10) ** digits}
                assert run(row) == evaluate(parsed(f"round(a, {digits})"), row), (digits, row)
                tried += 1
    assert tried == 8 * 101 * 3


def test_a_larger_number_is_left_to_the_reference(parsed: Callable[[str], Expression]) -> None:
    run = compiled(parsed("a + 1"), TYPES)
    assert run({"a": Fraction(2**DOOR_BITS - 1)}) == 2**DOOR_BITS
    for large in (Fraction(2**DOOR_BITS), Fraction(-(2**DOOR_BITS)), Fraction(1, 2**DOOR_BITS)):
        with pytest.raises(Replay):
            run({"a": large})


def test_what_could_outgrow_the_reference_is_not_generated(parsed: Callable[[str], Expression]) -> None:
    # 46 factors of 128 bits stay below 6,000; 47 may not
    compiled(parsed(" * ".join(["a"] * 46)), TYPES)
    with pytest.raises(NotGenerated):
        compiled(parsed(" * ".join(["a"] * 47)), TYPES)
    with pytest.raises(NotGenerated):
        compiled(parsed(" + ".join(f"a / (b + {i})" for i in range(30))), TYPES)
    compiled(parsed(" + ".join(["a / b"] * 30)), TYPES)  # all over one denominator


def test_a_table_of_hundreds_of_rows_is_flat() -> None:
    rest: Node = Literal(Fraction(-1))
    for i in reversed(range(300)):
        condition = Logic(
            "and",
            (Compare((">=",), (Name("a"), Literal(Fraction(i)))), Compare(("==",), (Name("s"), Literal(f"w{i % 7}")))),
        )
        rest = Choose(condition, Literal(Fraction(i, 3)), rest)
    expression = Expression("table", rest, ORIGIN)
    run = compiled(expression, TYPES)
    seen = set()
    for i in range(0, 300, 7):
        for word in ("w0", "w3", None):
            row: dict[str, Value] = {"a": Fraction(i), "s": word}
            assert run(row) == evaluate(expression, row)
            seen.add(run(row))
    assert len(seen) >= 3


def test_no_text_becomes_code(parsed: Callable[[str], Expression]) -> None:
    for text in ("__import__", "k0", "v1", "n1 = 5", "#"):
        run = compiled(parsed(f"s == '{text}'"), TYPES)
        assert run({"s": text}) is True and run({"s": "x"}) is False and run({"s": None}) is None


def test_deep_nests_are_left_to_the_reference() -> None:
    root: Node = Name("a")
    for _ in range(90):
        root = Choose(Name("p"), Choose(Name("q"), root, Name("b")), Name("c"))
        root = Arithmetic("+", root, Literal(Fraction(1)))
    with pytest.raises(NotGenerated):
        compiled(Expression("x", root, ORIGIN), TYPES)


def test_shared_nodes_do_not_multiply() -> None:
    """Exceptions of a score stand in both arms of each other."""
    found: Node = Arithmetic("/", Name("a"), Name("b"))
    for i in range(40):
        applies = Call("coalesce", (Compare((">",), (Name("c"), Literal(Fraction(i)))), Literal(False)))
        found = Choose(applies, Call("min", (found, Literal(Fraction(100 - i)))), found)
    run = compiled(Expression("score", found, ORIGIN), TYPES)
    assert run({"a": Fraction(1000), "b": Fraction(3), "c": Fraction(10)}) == 91
    assert run({"a": Fraction(1000), "b": Fraction(3), "c": None}) == Fraction(1000, 3)
