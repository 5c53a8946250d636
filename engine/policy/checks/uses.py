"""Measures that only some kinds of policy may read: no other kind does, by name or through other measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from ...diagnostics import Diagnostic, Span
from ...language.tree import Expression
from ...messages import diagnose
from ..model import Measure
from ..model_health import Scored
from ..model_pay import Bonus
from ..model_watchlist import Shown
from ..names import Names, expressions
from ..pack import InForce


def check(force: InForce, names: Names) -> Iterator[Diagnostic]:
    kept = {measure.name: measure for measure in force.measures if measure.used_by}
    for policy in force.policies if kept else ():
        reached = _through_measures(set(_read(policy)), names)
        for name in sorted(reached & kept.keys()):
            if policy.kind not in kept[name].used_by:
                kinds = ", ".join(kept[name].used_by)
                yield diagnose(
                    "measure-kept-from", policy.span, kind=policy.kind, policy=policy.name, name=name, kinds=kinds
                )


def _read(part: object) -> Iterator[str]:
    """The names that a part of a policy reads itself; a measure of a library is read by whoever names it."""
    match part:
        case Expression():
            yield from part.names
        case Measure() | Span():
            return
        case Scored() | Shown():
            yield part.name
        case Bonus():
            yield part.measure
        case tuple():
            yield from (name for each in part for name in _read(each))
    if is_dataclass(part) and not isinstance(part, Expression | type):
        yield from (name for field in fields(part) for name in _read(getattr(part, field.name)))


def _through_measures(read: set[str], names: Names) -> set[str]:
    found: set[str] = set()
    waiting = sorted(read)
    while waiting:
        name = waiting.pop()
        definition = names.definitions.get(name)
        if name not in found and isinstance(definition, Measure):
            found.add(name)
            waiting += [other for expression in expressions(definition) for other in expression.names]
    return found
