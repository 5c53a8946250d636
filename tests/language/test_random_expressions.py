"""Random well-typed expressions, held to a second interpreter that shares nothing with ours but the text.

The generator writes a text and, beside it, its own tree of tuples; the oracle walks the tuples with Fractions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from granger.engine.language.infer import infer
from granger.engine.language.rowwise import evaluate
from granger.engine.language.tree import Expression, Node, Value, walk
from granger.engine.language.types import BOOLEAN, NUMBER, Type, number

Parsed = Callable[[str], Expression]
Written = tuple[str, int, tuple[Any, ...]]
"""The text, how tightly it binds, the tuple tree."""

EXPRESSIONS, ROWS = 2_500, 3
IF, OR, AND, NOT, COMPARE, ADD, MULTIPLY, UNARY, ATOM = range(9)
NUMBERS, FLAGS = ("a", "b", "c", "z", "m"), ("p", "q", "r")
SCOPE = {**{n: number(nullable=True) for n in NUMBERS}, **{f: Type(BOOLEAN, nullable=True) for f in FLAGS}}


class Writer:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def put(self, written: Written, least: int) -> str:
        """In brackets where it binds less than is needed; and sometimes where it is not needed."""
        text, binds, _ = written
        return f"({text})" if binds < least or self.random.random() < 0.1 else text

    def space(self) -> str:
        return self.random.choice([" ", " ", " ", "  ", "\n  "])

    def numeric(self, depth: int) -> Written:
        roll = self.random.random()
        if depth == 0 or roll < 0.15:
            return self.leaf()
        if roll < 0.55:
            op = self.random.choice("+-*/")
            left, right = self.numeric(depth - 1), self.numeric(depth - 1)
            binds = ADD if op in "+-" else MULTIPLY
            text = f"{self.put(left, binds)}{self.space()}{op} {self.put(right, binds + 1)}"
            return text, binds, (op, left[2], right[2])
        if roll < 0.62:
            inner = self.numeric(depth - 1)
            return f"-{self.put(inner, UNARY)}", UNARY, ("negate", inner[2])
        if roll < 0.75:
            then, test, other = self.numeric(depth - 1), self.boolean(depth - 1), self.numeric(depth - 1)
            text = f"{self.put(then, OR)} if{self.space()}{self.put(test, OR)} else {self.put(other, IF)}"
            return text, IF, ("if", test[2], then[2], other[2])
        return self.call(depth)

    def call(self, depth: int) -> Written:
        name = self.random.choice(["abs", "floor", "ceiling", "round", "min", "max", "coalesce"])
        count = self.random.randint(2, 3) if name in ("min", "max", "coalesce") else 1
        arguments = [self.numeric(depth - 1) for _ in range(count)]
        texts, trees = [a[0] for a in arguments], [a[2] for a in arguments]
        if name == "round" and self.random.random() < 0.7:
            digits = self.random.randint(-2, 3)
            return f"round({texts[0]}, {digits})", ATOM, ("round", trees[0], digits)
        return f"{name}({', '.join(texts)})", ATOM, (name, *trees, *([0] if name == "round" else []))

    def leaf(self) -> Written:
        if self.random.random() < 0.5:
            name = self.random.choice(NUMBERS)
            return name, ATOM, ("name", name)
        whole, part = self.random.choice([0, 1, 2, 7, 30_000]), self.random.choice(["", ".5", ".25", ".333"])
        sign = self.random.choice(["", "%"])
        text = f"{whole:_}{part}"
        value = Fraction(text.replace("_", "")) / (100 if sign else 1)
        return text + sign, ATOM, ("value", value)

    def boolean(self, depth: int) -> Written:
        roll = self.random.random()
        if depth == 0 or roll < 0.1:
            name = self.random.choice([*FLAGS, "true", "false"])
            return name, ATOM, ("name", name) if name in FLAGS else ("value", name == "true")
        if roll < 0.45:
            count = self.random.choice([2, 2, 2, 3])
            operands = [self.numeric(depth - 1) for _ in range(count)]
            ops = [self.random.choice(["<", "<=", ">", ">=", "==", "!="]) for _ in range(count - 1)]
            text = self.put(operands[0], ADD)
            for op, operand in zip(ops, operands[1:], strict=True):
                text += f" {op}{self.space()}{self.put(operand, ADD)}"
            return text, COMPARE, ("compare", tuple(ops), tuple(o[2] for o in operands))
        if roll < 0.75:
            op, binds = self.random.choice([("and", AND), ("or", OR)])
            operands = [self.boolean(depth - 1) for _ in range(self.random.randint(2, 3))]
            text = f" {op} ".join(self.put(operand, binds + 1) for operand in operands)
            return text, binds, (op, *(o[2] for o in operands))
        if roll < 0.85:
            inner = self.boolean(depth - 1)
            return f"not {self.put(inner, NOT)}", NOT, ("not", inner[2])
        if roll < 0.95:
            operand, items = self.numeric(depth - 1), [self.numeric(depth - 1) for _ in range(2)]
            word = self.random.choice(["in", "not in"])
            text = f"{self.put(operand, ADD)} {word} ({', '.join(self.put(i, OR) for i in items)})"
            return text, COMPARE, (word, operand[2], *(i[2] for i in items))
        inner = self.numeric(depth - 1)
        return f"is_missing({inner[0]})", ATOM, ("is_missing", inner[2])


def oracle(tree: tuple[Any, ...], row: dict[str, Value]) -> Any:
    """Every operand is evaluated; missing is None."""
    head, *rest = tree
    if head == "value":
        return rest[0]
    if head == "name":
        return row[rest[0]]
    if head == "compare":
        values = [oracle(part, row) for part in rest[1]]
        return conjunction([compared(*pair) for pair in zip(rest[0], values, values[1:], strict=False)])
    if head == "round":
        value = oracle(rest[0], row)
        return None if value is None else rounded(value, rest[1])
    values = [oracle(part, row) for part in rest]
    if head in ("and", "or"):
        return conjunction(values) if head == "and" else negated(conjunction([negated(value) for value in values]))
    if head == "not":
        return negated(values[0])
    if head in ("in", "not in"):
        found = negated(conjunction([compared("!=", values[0], item) for item in values[1:]]))
        return found if head == "in" else negated(found)
    if head == "is_missing":
        return values[0] is None
    if head == "coalesce":
        return next((value for value in values if value is not None), None)
    if head == "if":
        return None if values[0] is None else values[1] if values[0] else values[2]
    return None if None in values else arithmetic(head, values)


def arithmetic(head: str, values: list[Fraction]) -> Fraction | None:
    match head:
        case "+":
            return values[0] + values[1]
        case "-":
            return values[0] - values[1]
        case "*":
            return values[0] * values[1]
        case "/":
            return None if values[1] == 0 else values[0] / values[1]
        case "negate":
            return -values[0]
        case "abs":
            return abs(values[0])
        case "floor":
            return Fraction(values[0].numerator // values[0].denominator)
        case "ceiling":
            return Fraction(-(-values[0].numerator // values[0].denominator))
        case _:
            return sorted(values)[0 if head == "min" else -1]


def rounded(value: Fraction, digits: int) -> Fraction:
    scale = Fraction(10) ** digits
    size = math.floor(abs(value) * scale * 2 + 1) // 2
    return (size if value >= 0 else -size) / scale


def compared(op: str, left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    return {
        "<": left < right, "<=": left <= right, ">": left > right,
        ">=": left >= right, "==": left == right, "!=": left != right,
    }[op]  # fmt: skip


def conjunction(values: list[bool | None]) -> bool | None:
    return False if any(value is False for value in values) else None if None in values else True


def negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def rows(random: Random) -> list[dict[str, Value]]:
    edges = [Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 3), Fraction(5, 2), Fraction(30_000), None]
    flags = [True, False, None]
    found: list[dict[str, Value]] = []
    for _ in range(ROWS):
        row: dict[str, Value] = {name: random.choice(edges) for name in NUMBERS}
        found.append({**row, **{name: random.choice(flags) for name in FLAGS}, "z": Fraction(0), "m": None})
    return found


def test_random_expressions_mean_what_the_second_interpreter_says(parsed: Parsed) -> None:
    tried, missing, kinds = 0, 0, set()
    for seed in range(EXPRESSIONS):
        writer = Writer(seed)
        text, _, tree = writer.numeric(4) if seed % 2 else writer.boolean(4)
        if len(text) > 2000:
            continue
        expression = parsed(text)
        kind, problems = infer(expression, SCOPE)
        assert problems == [] and kind.kind == (NUMBER if seed % 2 else BOOLEAN), text
        for row in rows(writer.random):
            told: list[Node] = []
            found = evaluate(expression, row, observer=lambda node, _, told=told: told.append(node))  # type: ignore[misc]
            expected = oracle(tree, row)
            assert found == expected and type(found) is type(expected), (text, row, found, expected)
            assert found is not None or kind.nullable, text
            assert told[-1] is expression.root and {id(node) for node in told} <= {
                id(node) for node in walk(expression.root)
            }
            tried, missing = tried + 1, missing + (found is None)
        kinds |= {type(node).__name__ for node in walk(expression.root)}
    assert tried > 7_000 and tried // 10 < missing < tried * 2 // 3
    assert kinds == {"Literal", "Name", "Negate", "Not", "Arithmetic", "Compare", "Logic", "Member", "Choose", "Call"}
