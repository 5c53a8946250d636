"""What readers are told, by columns, equals the scalar on every value of every type."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

import polars as pl
from granger.engine.columns import BOOLEAN, DATE, NUMBER, TEXT, ExactColumn, exact_column
from granger.engine.diagnostics import Origin
from granger.engine.language.tree import Arithmetic, Expression, Literal, Name, Value
from granger.engine.language.types import Type
from granger.engine.language.types import number as number_type
from granger.engine.program.spoken import lacking, spoken, with_values
from granger.engine.program.spoken_columns import lacking_texts, spoken_texts, with_values_texts

RNG = random.Random(5)


def number() -> Fraction:
    return Fraction(
        RNG.randint(-(10 ** RNG.randint(1, 20)), 10 ** RNG.randint(1, 20)), RNG.choice([1, 2, 3, 100, 10**4, 10**5])
    )


COLUMNS: dict[str, list[Value]] = {
    NUMBER: [
        *(Fraction(t) for t in ("-0.00004", "1/3", "-1/3", "0", "1e30", "0.005", "-0.005", "1000", "-999.995")),
        *(number() for _ in range(3000)),
        None,
    ],
    DATE: [date(1, 1, 1), None, *(date(1900, 1, 1) + timedelta(RNG.randint(0, 400_000)) for _ in range(1000))],
    BOOLEAN: [True, False, None] * 300,
    TEXT: ["", None, "=1", "a,b\n", "中", "missing"] * 200,
}
KINDS = [
    None,
    number_type(),
    number_type(percent=True),
    *(Type("money", code) for code in ("CNY", "JPY", "KWD", None)),
    Type("text"),
    Type("date"),
    Type("boolean"),
]


def test_spoken_texts_equal_the_scalar() -> None:
    swept = 0
    for kind, values in COLUMNS.items():
        for some in (values, values[:1], [], [None]):
            for said in KINDS:
                assert spoken_texts(exact_column(kind, some), said).to_list() == [spoken(v, said) for v in some]
                swept += len(some)
    assert swept > 50_000
    words = [text for text in COLUMNS[TEXT] if isinstance(text, str)]
    few = ExactColumn(TEXT, pl.Series(words, dtype=pl.Enum(sorted(set(words)))))
    assert spoken_texts(few).to_list() == words


def test_a_reason_tells_the_values_that_it_read() -> None:
    origin = Origin("", ((0, 1, 1),))
    reads = Expression("a + b", Arithmetic("+", Name("a"), Name("b")), origin)
    nothing = Expression("1", Literal(Fraction(1)), origin)
    types = {"a": number_type(percent=True), "b": Type("money", "JPY")}
    values = {"a": COLUMNS[NUMBER], "b": COLUMNS[NUMBER][::-1]}
    for because in ("", "a fall"):
        for expressions in ([reads], [reads, None, reads], [nothing], []):
            found = with_values_texts(
                because, expressions, lambda name: exact_column(NUMBER, values[name]), types, len(values["a"])
            )
            rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
            assert found.to_list() == [with_values(because, expressions, row, types) for row in rows]


def test_what_is_lacking() -> None:
    assert lacking_texts(pl.Series(["a, b", ""])).to_list() == [lacking(("a", "b")), lacking(())]
