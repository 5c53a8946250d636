"""What the figures of a payee came from: those that gates, quotas, targets and parts of a pool read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from ..language.tree import Expression
from ..periods import FiscalCalendar, Period
from ..policy.model_pay import Component, Plan
from ..program.compile import Aggregate, Formula
from ..program.evaluate import Book
from ..program.explain import ROWS_SHOWN, Explainer, Reason
from ..program.spoken import source_of, spoken
from .pay.lines import Payout
from .pay.payees import Payee, Payees

BookOf = Callable[[Plan, Component, date], Book]
"""The book that pays a component of a plan for a day."""


def figures(line: Payout, plans: list[Plan], fiscal: FiscalCalendar, book_of: BookOf) -> Iterator[Reason]:
    """Those that the line of a component rests on, beside its credits and attainments."""
    found = _paid_by(line, plans, fiscal)
    if found is None:
        return
    plan, component, part, whole = found
    gates = [(f"gate {each.name}", each.when) for each in plan.gates]
    yield from _told(line.payee, plan, replace(component, period=plan.period), part, whole, gates, book_of)
    own = [(f"gate {each.name}", each.when) for each in component.gates]
    if component.table is not None and component.table.of is not None:
        own.append(("quota", component.table.of))
    if component.pool is not None:
        own.append(("part of the pool", component.pool.parts))
    for each in fiscal.within(component.period, whole):
        shorter = part.common(each)
        if shorter is not None:
            yield from _told(line.payee, plan, component, shorter, each, own, book_of)


def _paid_by(line: Payout, plans: list[Plan], fiscal: FiscalCalendar) -> tuple[Plan, Component, Period, Period] | None:
    """The version of the plan whose line it is, and its part of the period: what is not the first names its day."""
    name, _, start = line.period.partition(" from ")
    whole = fiscal.parse(name)
    versions = [
        (plan, component, part, whole)
        for plan in sorted(plans, key=lambda plan: plan.effective.start)
        for component in plan.components
        if (plan.name, component.name) == (line.plan, line.component) and whole is not None
        if (part := whole.common(Period(plan.effective.start, plan.effective.before or date.max))) is not None
    ]
    return next((each for each in versions if not start or each[2].start.isoformat() == start), None)


def _told(
    person: str, plan: Plan, component: Component, part: Period, whole: Period,
    asked: list[tuple[str, Expression]], book_of: BookOf,
) -> Iterator[Reason]:  # fmt: skip
    if not any(expression.names for _, expression in asked):
        return
    payees = Payees(plan, part, whole, lambda day: book_of(plan, component, day))
    for agreed, _ in payees.agreed(person, part, whole):
        payee = payees.payee(person, agreed, book_of(plan, component, agreed.part.start))
        for label, expression in asked:
            if expression.names:
                value = payee.book.value(expression, payee)
                text = f"{label}, {agreed.part.name}: {' '.join(expression.text.split())} → {spoken(value)}"
                yield Reason(text, source_of(expression.span), tuple(figure(payee, n) for n in expression.names))


def figure(payee: Payee, name: str) -> Reason:
    """What ``name`` is for a payee: a cell of the person or of the terms, a measure, or what all share."""
    explainer = Explainer(payee.book)
    if name in payee.table.columns:
        return explainer.cell(payee.table, payee.index, name)
    if payee.terms is not None and payee.agreed.terms is not None and name in payee.terms.columns:
        return explainer.cell(payee.terms, payee.agreed.terms, name)
    return measured(payee.book, payee, name) if is_measure(payee.book, name) else explainer.name(name, payee)


def is_measure(book: Book, name: str) -> bool:
    definition = book.program.definitions.get(name)
    return isinstance(definition, Aggregate | Formula) and definition.per != "account"


def measured(book: Book, payee: Payee, name: str) -> Reason:
    """A measure of the payee, with the first of the rows that it counts."""
    found = payee.measured(name)
    definition = book.program.definitions[name]
    kind = book.program.per_holder.get(name) or book.program.types.get(name)
    place = source_of(definition.span)
    skipped = f", {found.skipped} skipped for a missing value" if found.skipped else ""
    text = f"{name} = {spoken(found.value, kind)} over {found.population} rows{skipped}"
    rows: tuple[Reason, ...] = ()
    if isinstance(definition, Formula):
        rows = tuple(measured(book, payee, each) for each in definition.expression.names if is_measure(book, each))
        return Reason(f"{name}: {definition.expression.text} → {spoken(found.value, kind)}", place, rows)
    if isinstance(definition, Aggregate):
        table = book.tables[definition.table]
        key = table.shape.key
        rows = tuple(
            Reason(str(table.columns[key][i]) if key else "one row", f"{table.file}, row {table.rows[i]}")
            for i in found.rows[:ROWS_SHOWN]
        )
        if len(found.rows) > ROWS_SHOWN:
            rows += (Reason(f"… and {len(found.rows) - ROWS_SHOWN} more rows"),)
    return Reason(text, place, rows)
