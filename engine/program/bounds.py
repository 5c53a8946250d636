"""Settings whose value lies outside of the bounds that the library gives them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ..amounts import percent, plain
from ..diagnostics import Diagnostic
from ..language.tree import Value
from ..messages import diagnose
from .compile import Program
from .evaluate import Book


def check_bounds(program: Program) -> Iterator[Diagnostic]:
    """A finding for every setting beyond its ``at_least`` or ``at_most`` (both included), or without any value."""
    book = Book(program, {}, max(program.day, date(1900, 1, 1)))
    for setting in program.force.settings:
        value = book.shared.get(setting.name)
        if value is None:
            yield diagnose("setting-missing", setting.value.span, name=setting.name)
            continue
        for bound, word in ((setting.at_least, "at least"), (setting.at_most, "at most")):
            if bound is None:
                continue
            limit = book.value(bound, book.shared)
            beyond = _beyond(value, limit, word)
            if beyond:
                found, edge = _shown(value), _shown(limit)
                yield diagnose(
                    "setting-out-of-bounds", setting.value.span, name=setting.name, found=found, word=word, bound=edge
                )


def _beyond(value: Value, limit: Value, word: str) -> bool:
    if isinstance(value, Fraction) and isinstance(limit, Fraction):
        return value < limit if word == "at least" else value > limit
    if isinstance(value, date) and isinstance(limit, date):
        return value < limit if word == "at least" else value > limit
    return False


def _shown(value: Value) -> str:
    if isinstance(value, Fraction):
        return percent(value) if abs(value) <= 1 and value.denominator != 1 else plain(value)
    return str(value)
