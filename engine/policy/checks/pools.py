"""Pools: whose the measure is, and by what it is shared out."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic
from ...language.infer import checked
from ...language.types import MONEY, NUMBER
from ...messages import diagnose, did_you_mean
from ..model import Measure
from ..model_pay import Plan, Pool
from ..names import COMPANY, PEOPLE, TERMS, Names, Scope
from ..pack import InForce


def check(force: InForce, names: Names, plan: Plan, pool: Pool, payee: Scope) -> Iterator[Diagnostic]:
    definition = names.definitions.get(pool.measure)
    if not isinstance(definition, Measure):
        measures = [name for name, found in names.definitions.items() if isinstance(found, Measure)]
        yield diagnose("unknown-name", pool.measure_span, name=pool.measure, near=did_you_mean(pool.measure, measures))
        return
    shapes = [shape for each in (PEOPLE, TERMS) if (shape := force.workspace.shapes.get(each)) is not None]
    if definition.per != COMPANY and not any(shape.field(definition.per) for shape in shapes):
        yield diagnose("pool-of-what", pool.measure_span, name=pool.measure, per=definition.per)
        return
    found = names.types.get(pool.measure) or names.per_holder.get(pool.measure)
    if found is not None and found.known and found.kind != MONEY:
        yield diagnose("wrong-result", pool.measure_span, found=found, expected="an amount of money")
    elif found is not None and plan.currency and found.currency != plan.currency:
        yield diagnose("currency-differs", pool.measure_span, found=found.currency, expected=plan.currency)
    parts, problems = checked(pool.parts, payee.types, payee.elsewhere)
    yield from problems
    if parts.known and parts.kind not in (NUMBER, MONEY):
        yield diagnose("wrong-result", pool.parts.span, found=parts, expected="a number or an amount of money")
