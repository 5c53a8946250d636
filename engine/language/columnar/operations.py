"""Each op of a step as a Polars expression, in the width that was proven for it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TypeAlias

import polars as pl

from .steps import INTEGER, TEXT, TRUTH, Constant, Step

Schema: TypeAlias = Mapping[str, pl.DataType]

_INTEGERS: dict[int, type[pl.DataType]] = {32: pl.Int32, 64: pl.Int64, 128: pl.Int128}

_NESTED = 16
"""Conditions that are planned quickly as a nest; more of them are not."""

_COMPARE: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def emit(step: Step, arguments: Sequence[pl.Expr], schema: Schema) -> pl.Expr:
    """``step`` over the expressions of its arguments, each as wide as its own range needs."""
    if step.op == "column":
        return pl.col(str(step.data))
    if step.op == "constant":
        return _literal(step.data, step.kind, step.stored)
    if step.op in ("compare", "is_in") and (found := _of_words(step, arguments, schema)) is not None:
        return found
    sized = [_sized(step, below, expression, schema) for below, expression in zip(step.args, arguments, strict=True)]
    found = _OPS[step.op](step, sized)
    return found.cast(_INTEGERS[step.stored]) if step.kind == INTEGER and step.stored < step.width else found


def _sized(step: Step, below: Step, expression: pl.Expr, schema: Schema) -> pl.Expr:
    """An argument in the width of the computation; a text as a plain string unless a word stands beside it."""
    if below.kind == INTEGER:
        if below.is_constant:
            return _literal(below.data, INTEGER, step.width)
        # what is only looked at keeps the width of its own
        alone = step.op == "lookup" or (step.op == "where_present" and below is step.args[0])
        return expression if alone or below.stored == step.width else expression.cast(_INTEGERS[step.width])
    if below.kind == TEXT and _is_enumeration(below, schema):
        return expression if step.op in ("is_missing", "known") else expression.cast(pl.String)
    return expression


def _is_enumeration(text: Step, schema: Schema) -> bool:
    """Whether a text comes as pl.Enum: two enumerations have nothing in common, nor a search in one of them."""
    return text.op == "lookup" or (text.op == "column" and isinstance(schema[str(text.data)], pl.Enum))


def _of_words(step: Step, arguments: Sequence[pl.Expr], schema: Schema) -> pl.Expr | None:
    """Beside words that are written out, a column of an enumeration is compared by its numbers."""
    column = step.args[0]
    kind = schema[str(column.data)] if column.op == "column" else None
    if not isinstance(kind, pl.Enum) or any(not other.is_constant for other in step.args[1:]):
        return None
    words = [step.args[1].data] if step.op == "compare" else list(step.data)  # type: ignore[call-overload]
    known = [word for word in words if word in kind.categories]
    found = [arguments[0] == pl.lit(word, dtype=kind) for word in known]
    never = pl.when(arguments[0].is_not_null()).then(pl.lit(False, dtype=pl.Boolean))
    matched = reduce(operator.or_, found) if found else never
    return ~matched if step.data == "!=" else matched


def _literal(value: object, kind: str, wide: int) -> pl.Expr:
    types: dict[str, type[pl.DataType]] = {INTEGER: _INTEGERS[wide], TRUTH: pl.Boolean, TEXT: pl.String}
    return pl.lit(value, dtype=types[kind])


def _integer(step: Step, value: int | None) -> pl.Expr:
    return _literal(value, INTEGER, step.width)


def _filled(step: Step, args: list[pl.Expr]) -> pl.Expr:
    return pl.when(args[0] > _integer(step, 0)).then(args[0]).otherwise(_integer(step, 1))


def _magnitude(step: Step, args: list[pl.Expr]) -> pl.Expr:
    zero = _integer(step, 0)
    return pl.when(args[0] < zero).then(zero - args[0]).otherwise(args[0])


def _where(_: Step, args: list[pl.Expr]) -> pl.Expr:
    return pl.when(args[0]).then(args[1]).otherwise(args[2])


def _where_guarded(_: Step, args: list[pl.Expr]) -> pl.Expr:
    return pl.when(args[0]).then(args[1]).when(args[0].is_not_null()).then(args[2])


def _lookup(step: Step, args: list[pl.Expr]) -> pl.Expr:
    types: dict[str, pl.DataType | type[pl.DataType]] = {
        INTEGER: _INTEGERS[step.stored],
        TRUTH: pl.Boolean,
        TEXT: pl.String,
    }
    values: tuple[Constant, ...] = step.data  # type: ignore[assignment]
    if step.kind == TRUTH and None not in values and values:
        true = [i for i, value in enumerate(values) if value]
        return _told(args[0], step.args[0].stored, true, len(values))
    if step.kind == TEXT:
        types[TEXT] = pl.Enum([value for value in dict.fromkeys(values) if isinstance(value, str)])
    found = pl.lit(pl.Series(values, dtype=types[step.kind])).gather(args[0].cast(pl.UInt32))
    # what is the same for all rows must be one value, not a column of one
    return found if step.args[0].varies else found.first()


def _told(index: pl.Expr, wide: int, true: list[int], count: int) -> pl.Expr:
    """Whether the index is one of a few, by the shorter list of those that are and those that are not."""
    others = [i for i in range(count) if i not in set(true)]
    short = min(true, others, key=len)
    if not short:
        return pl.when(index.is_not_null()).then(pl.lit(bool(true), dtype=pl.Boolean))
    if short == list(range(len(short))):
        found = index < _literal(len(short), INTEGER, wide)
    else:
        found = reduce(operator.or_, [index == _literal(i, INTEGER, wide) for i in short])
    return found if short is true else ~found


def _first_true(step: Step, args: list[pl.Expr]) -> pl.Expr:
    rest = _integer(step, step.data)  # type: ignore[arg-type]
    unclear = [condition for condition, truth in zip(args, step.args, strict=True) if truth.nullable]
    if unclear and step.data is not None:
        # where none is true, one is missing just where their disjunction is
        rest = pl.when(_any(unclear).is_not_null()).then(rest)
    if len(args) > _NESTED:
        return pl.coalesce(*(pl.when(condition).then(_integer(step, i)) for i, condition in enumerate(args)), rest)
    for i, condition in reversed(list(enumerate(args))):
        rest = pl.when(condition).then(_integer(step, i)).otherwise(rest)
    return rest


def _any(truths: list[pl.Expr]) -> pl.Expr:
    return reduce(operator.or_, truths) if len(truths) < 4 else pl.any_horizontal(truths)


def _how_many_true(step: Step, args: list[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal(condition.fill_null(False) for condition in args).cast(_INTEGERS[step.width])


def _is_in(step: Step, args: list[pl.Expr]) -> pl.Expr:
    return args[0].is_in(list(step.data))  # type: ignore[call-overload]


def _lower(_: Step, args: list[pl.Expr]) -> pl.Expr:
    """By Python's own tables, as the reference does: each text once."""

    def small(texts: pl.Series) -> pl.Series:
        known = texts.unique().drop_nulls()
        return texts.replace_strict(known, pl.Series([text.lower() for text in known], dtype=pl.String), default=None)

    return args[0].map_batches(small, return_dtype=pl.String, is_elementwise=True)


def _day(expression: pl.Expr) -> pl.Expr:
    return expression.cast(pl.Int32).cast(pl.Date)


def _month(_: Step, args: list[pl.Expr]) -> pl.Expr:
    day = _day(args[0])
    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64) - 1


def _month_start(_: Step, args: list[pl.Expr]) -> pl.Expr:
    year = args[0] // 12
    return pl.date(year, args[0] - year * 12 + 1, 1).cast(pl.Int32).cast(pl.Int64)


_OPS: dict[str, Callable[[Step, list[pl.Expr]], pl.Expr]] = {
    "add": lambda _, args: args[0] + args[1],
    "subtract": lambda _, args: args[0] - args[1],
    "multiply": lambda _, args: args[0] * args[1],
    "floor_divide": lambda _, args: args[0] // args[1],
    "bounded": lambda _, args: args[0],
    "magnitude": _magnitude,
    "truth_as_number": lambda step, args: args[0].cast(_INTEGERS[step.width]),
    "filled": _filled,
    "where": _where,
    "where_guarded": _where_guarded,
    "only_where": lambda _, args: pl.when(args[0]).then(args[1]),
    "where_present": lambda _, args: pl.when(args[0].is_not_null()).then(args[1]),
    "coalesce": lambda _, args: pl.when(args[0].is_not_null()).then(args[0]).otherwise(args[1]),
    "lookup": _lookup,
    "compare": lambda step, args: _COMPARE[str(step.data)](args[0], args[1]),
    "known": lambda step, args: pl.when(args[0].is_not_null()).then(pl.lit(step.data, dtype=pl.Boolean)),
    "is_missing": lambda _, args: args[0].is_null(),
    "negate": lambda _, args: ~args[0],
    "all_of": lambda _, args: reduce(operator.and_, args) if len(args) < 4 else pl.all_horizontal(args),
    "any_of": lambda _, args: _any(args),
    "first_true": _first_true,
    "how_many_true": _how_many_true,
    "is_in": _is_in,
    "contains": lambda _, args: args[0].str.contains(args[1], literal=True),
    "starts_with": lambda _, args: args[0].str.starts_with(args[1]),
    "ends_with": lambda _, args: args[0].str.ends_with(args[1]),
    "lower": _lower,
    "month": _month,
    "day_of_month": lambda _, args: _day(args[0]).dt.day().cast(pl.Int64),
    "month_start": _month_start,
}
