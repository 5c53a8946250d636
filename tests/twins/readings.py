"""One batch of expressions over one table by every reading, held to the reference cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from granger.engine.columns import ExactColumn
from granger.engine.language.code import NotGenerated
from granger.engine.language.columnar.reading import evaluate
from granger.engine.language.generated import Replay, compiled
from granger.engine.language.infer import infer
from granger.engine.language.rowwise import Rowwise
from granger.engine.language.tree import Arithmetic, Call, Compare, Expression, Member, Value, walk
from granger.engine.language.types import MONEY, NUMBER
from polars.exceptions import PanicException, PolarsError

from .bits import size_of
from .drawn_tables import MONIES, NUMBERS, TYPES, Drawn, drawn
from .nasty_trees import Nasty
from .tie_trees import FISCAL
from .written_trees import typed

COLUMNS, GENERATED = "columns", "generated"
FAILURES = (PolarsError, PanicException, ArithmeticError, ValueError, TypeError, LookupError, AssertionError)
"""What a faulty reading may raise instead of telling a wrong value."""

LARGE: list[Value] = [
    Fraction(2**128 - 1),
    Fraction(1 - 2**128),
    Fraction(2**127 + 1),
    Fraction(2**128 - 1, 2**128 - 3),
    Fraction(2**128),
    None,
]
"""Numbers that no column holds: the largest that the generated reading takes, and one more."""

ENOUGH_BITS = 120
"""A tree whose own bound is below this must never be replayed."""


@dataclass
class Batch:
    """``exact`` are the reference's values, by expression and row; ``beyond`` are rows with numbers of 128 bits and a sign."""

    table: Drawn
    expressions: dict[str, Expression]
    kinds: dict[str, str]
    templates: dict[str, str]
    beyond: list[dict[str, Value]]
    exact: dict[str, list[Value]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        reading = Rowwise(FISCAL)
        for name, expression in self.expressions.items():
            self.exact[name] = [reading.value(expression, row) for row in [*self.table.rows, *self.beyond]]


@dataclass(frozen=True)
class Difference:
    reading: str
    expression: Expression
    row: Mapping[str, Value] | None
    expected: object
    found: object

    def __str__(self) -> str:
        read = {name: self.row[name] for name in self.expression.names} if self.row else {}
        return f"{self.reading}: {self.expression.root}\n  over {read}\n  is {self.expected!r}, not {self.found!r}"


def batch(seed: int, expressions: int, height: int, *, extreme: bool) -> Batch:
    random = Random(seed)
    table = drawn(random, height, extreme=extreme)
    trees = Nasty(random, table, extreme=extreme)
    found: dict[str, Expression] = {}
    kinds, drawn_by = dict[str, str](), dict[str, str]()
    # what comes to the edge of a width takes all that is computed beside it along
    templates = [name for name in trees.templates if extreme or not name.startswith("edge")]
    while len(found) < expressions:
        template = random.choice(["random"] * 9 + templates)
        root = trees.any(random.randint(1, 3)) if template == "random" else trees.templates[template]()
        expression = typed(root)
        if expression is not None:
            name = f"x{len(found)}"
            found[name], drawn_by[name] = expression, template
            kind = infer(expression, TYPES)[0].kind
            kinds[name] = NUMBER if kind == MONEY else kind
    numbers = [*NUMBERS, *MONIES]
    beyond = [{**row, **{name: random.choice(LARGE) for name in numbers}} for row in table.rows[:6] if extreme]
    return Batch(table, found, kinds, drawn_by, beyond)


def constructs(expression: Expression) -> Counter[str]:
    """The nodes, operators and functions of an expression."""
    found = Counter[str]()
    for node in walk(expression.root):
        found[type(node).__name__] += 1
        match node:
            case Arithmetic(op=op):
                found[op] += 1
            case Compare(ops=ops):
                found.update(ops)
            case Member(negated=negated):
                found["not in" if negated else "in"] += 1
            case Call(function=function):
                found[function] += 1
    return found


def of_columns(some: Batch, together: int, swept: Counter[str]) -> Iterator[Difference]:
    """``together`` expressions are computed in one graph."""
    names = list(some.expressions)
    for start in range(0, len(names), together):
        asked = names[start : start + together]
        try:
            found = evaluate(
                {n: (some.expressions[n], some.kinds[n]) for n in asked}, some.table.columns, some.table.height, FISCAL
            )
        except FAILURES as failure:
            yield Difference(COLUMNS, some.expressions[asked[0]], None, "no failure", failure)
            continue
        kept, replayed = found.kept.to_list(), found.replayed.to_list()
        swept["replayed"] += len(replayed) * len(asked)
        if replayed:
            sizes = [size_of(some.expressions[name].root, some.table) for name in asked]
            if all(size.most < ENOUGH_BITS and size.columns <= 8 for size in sizes):
                yield Difference(COLUMNS, some.expressions[asked[0]], None, "columns", f"{len(replayed)} rows replayed")
        for name, column in found.columns.items():
            yield from _cells(some, name, column, kept, swept)


def _cells(some: Batch, name: str, column: ExactColumn, kept: list[int], swept: Counter[str]) -> Iterator[Difference]:
    exact, expression = some.exact[name], some.expressions[name]
    try:
        values = column.values()
    except FAILURES as failure:
        yield Difference(COLUMNS, expression, None, "no failure", failure)
        return
    if len(values) != len(kept) or column.kind != some.kinds[name]:
        yield Difference(COLUMNS, expression, None, (some.kinds[name], len(kept)), (column.kind, len(values)))
    swept[f"{COLUMNS} cells"] += len(values)
    swept["missing"] += values.count(None)
    for i, value in zip(kept, values, strict=False):
        if value != exact[i] or type(value) is not type(exact[i]):
            yield Difference(COLUMNS, expression, some.table.rows[i], exact[i], value)


def of_generated(some: Batch, swept: Counter[str]) -> Iterator[Difference]:
    for name, expression in some.expressions.items():
        try:
            run = compiled(expression, TYPES, FISCAL)
        except NotGenerated:
            swept["not generated"] += 1
            continue
        for row, expected in zip([*some.table.rows, *some.beyond], some.exact[name], strict=True):
            try:
                value = run(row)
            except Replay:
                swept["left to the reference"] += 1
                continue
            except FAILURES as failure:
                yield Difference(GENERATED, expression, row, expected, failure)
                continue
            swept[f"{GENERATED} cells"] += 1
            if value != expected or type(value) is not type(expected):
                yield Difference(GENERATED, expression, row, expected, value)
