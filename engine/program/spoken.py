"""How values, places and names are written into the rows that people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from ..amounts import grouped, percent, short
from ..currencies import minor_digits
from ..diagnostics import Span
from ..language.tree import Expression, Value
from ..language.types import MONEY, Type


def spoken(value: Value, kind: Type | None = None) -> str:
    """A value for a reader: ``12%``, ``1,250.50``, ``2026-09-30``, ``yes``; ``missing`` where there is none."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        if kind is not None and kind.percent:
            return percent(value)
        if kind is not None and kind.kind == MONEY and kind.currency:
            return f"{grouped(value, minor_digits(kind.currency))} {kind.currency}"
        return short(value)
    return value.isoformat() if isinstance(value, date) else value


def lacking(missing: Iterable[str]) -> str:
    """What an undecided expression waits for: the names without a value; where there are none, a calculation."""
    return ", ".join(missing) or "a result of its calculation (a division by zero?)"


def source_of(span: Span) -> str:
    """``playbook.yaml:12``: the line that decided."""
    return f"{span.file}:{span.line}"


def with_values(
    because: str, expressions: Iterable[Expression | None], names: Mapping[str, Value], types: Mapping[str, Type]
) -> str:
    """``because`` with the values that the expressions read: ``a sudden fall … (usage_change = -35%)``."""
    read = dict.fromkeys(name for expression in expressions if expression for name in expression.names)
    values = ", ".join(f"{name} = {spoken(names[name], types.get(name))}" for name in read)
    return f"{because} ({values})" if because and values else because or values
