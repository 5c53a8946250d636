"""Faults of the generated reading beside the expressions: the loop over an account's rows, tables, duties."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from granger.engine.language.code import Pair, Plain
from granger.engine.language.generated import Reading
from granger.engine.language.tree import Expression
from granger.engine.program import generated, generated_choices, generated_rows
from granger.engine.program.compile import Aggregate
from granger.engine.program.generated_choices import tested
from pytest import MonkeyPatch


def undecided_rows_of_a_table_false(to: MonkeyPatch) -> None:
    to.setattr(generated_choices, "tested", _never_missing)


def _never_missing(reading: Reading, expression: Expression) -> Plain:
    return replace(tested(reading, expression), nullable=False)


def missing_divisor_summed(to: MonkeyPatch) -> None:
    sound = Reading.of

    def take_value(reading: Reading, definition: Aggregate, verb: generated_rows._Verb, day: str) -> None:
        code = reading.code
        value = reading.of(definition.what.root) if definition.what is not None else code.constant(True)
        value = code.bound(value) if isinstance(value, Plain) else value
        over = sound(reading, definition.over.root) if definition.over is not None else None
        if isinstance(over, Pair):
            code.put(f"{over.above}x = {over.above} or 0")
            over = replace(over, above=f"{over.above}x", nullable=False)
        missing = generated_rows.absent([value])
        generated_rows._put_where(code, [f"not ({missing})"] if missing else [], verb.take(value, over, day))

    to.setattr(generated_rows, "_take_value", take_value)


def window_opens_late(to: MonkeyPatch) -> None:
    sound = generated_rows._day_tests

    def day_tests(*given: Any) -> list[str]:
        return [test.replace(" <= ", " < ", 1) for test in sound(*given)]

    to.setattr(generated_rows, "_day_tests", day_tests)


def otherwise_on_undecided(to: MonkeyPatch) -> None:
    to.setattr(generated_choices, "_unmatched", lambda still, undecided, no_hit: [no_hit])


def next_case_on_undecided(to: MonkeyPatch) -> None:
    """Of a duty, whose last case has no condition."""
    to.setattr(generated, "tested", _never_missing)


def sums_in_floats(to: MonkeyPatch) -> None:
    sound = generated_rows._Verb._add

    def add(self: generated_rows._Verb, total: str, value: Pair) -> list[str]:
        return [*sound(self, total, value), f"{total} = {self.code.name_of(_as_float)}({total})"]

    to.setattr(generated_rows._Verb, "_add", add)


def _as_float(total: int) -> int:
    return int(float(total))
