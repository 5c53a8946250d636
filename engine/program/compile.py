"""Policies to a Program: decision tables and measures become ordered expressions; nothing after this hears of tiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from ..diagnostics import Origin, Span
from ..language.expression import constant
from ..language.tree import Expression
from ..language.types import Type
from ..periods import FiscalCalendar
from ..policy.model import Measure, Overrides, Segmentation, Setting, Tier, Window
from ..policy.names import Gift, Names, account_field, resolve
from ..policy.pack import InForce


@dataclass(frozen=True, slots=True)
class Formula:
    """A value by one expression: a setting (``shared``: one for all accounts) or a measure."""

    name: str
    span: Span
    expression: Expression
    shared: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``verb`` of ``what`` over the rows of ``table`` linked to the account, in ``window``, if ``where`` holds."""

    name: str
    span: Span
    verb: str
    what: Expression | None
    table: str
    link: str
    where: Expression | None
    window: Window | None
    dated_by: str | None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An ordered table of conditions. A decision keeps the index of the row that was hit; ``default`` is the index of
    the row taken when every condition is decided false (None: there is none).

    ``results`` are the names whose values must agree under ``any``.
    """

    name: str
    span: Span
    hit_policy: str
    population: Expression | None
    conditions: tuple[Expression, ...]
    default: int | None
    results: tuple[str, ...]
    rows: tuple[Tier, ...]
    overrides: Overrides | None


@dataclass(frozen=True, slots=True)
class Pick:
    """A value by the row that ``choice`` hit: one expression a row, None where the row leaves it missing."""

    name: str
    span: Span
    choice: str
    values: tuple[Expression | None, ...]


Definition: TypeAlias = Formula | Aggregate | Pick


@dataclass(frozen=True)
class Program:
    """What one day's policies compute, each definition after those it reads."""

    force: InForce
    fiscal: FiscalCalendar
    definitions: Mapping[str, Definition]
    choices: Mapping[str, Choice]
    types: Mapping[str, Type]

    @property
    def day(self) -> date:
        return self.force.day


def compile_program(force: InForce) -> Program:
    """The program of policies that passed their checks."""
    names = resolve(force)
    definitions: dict[str, Definition] = {}
    choices: dict[str, Choice] = {}
    for name in names.order:
        match definition := names.definitions[name]:
            case Setting():
                because = definition.because
                definitions[name] = Formula(name, definition.span, definition.value, shared=True, because=because)
            case Measure():
                definitions[name] = _measure(definition, names)
            case Segmentation():
                choices[definition.name] = _choice(definition)
                if definition.hit_policy != "collect":
                    definitions[name] = _tier_names(definition)
            case Gift():
                definitions[name] = _gift(definition)
    return Program(force, force.workspace.fiscal, definitions, choices, names.types)


def _measure(measure: Measure, names: Names) -> Definition:
    if measure.value is not None:
        return Formula(measure.name, measure.span, measure.value, because=measure.because)
    shape = names.force.workspace.shapes[measure.table]
    link = account_field(shape)
    if link is None:
        raise ValueError(f"table {shape.name} leads to no account: the checks let it pass")
    return Aggregate(
        name=measure.name,
        span=measure.span,
        verb=measure.verb,
        what=measure.what,
        table=measure.table,
        link=link.name,
        where=measure.where,
        window=measure.window,
        dated_by=measure.dated_by or shape.dated_by,
        because=measure.because,
    )


def _choice(segmentation: Segmentation) -> Choice:
    gifts = dict.fromkeys(given.name for tier in segmentation.rows for given in tier.gives)
    return Choice(
        name=segmentation.name,
        span=segmentation.span,
        hit_policy=segmentation.hit_policy,
        population=segmentation.population,
        conditions=tuple(tier.when for tier in segmentation.tiers if tier.when is not None),
        default=len(segmentation.tiers) if segmentation.otherwise else None,
        results=(segmentation.fact, *gifts) if segmentation.hit_policy != "collect" else (),
        rows=segmentation.rows,
        overrides=segmentation.overrides,
    )


def _tier_names(segmentation: Segmentation) -> Pick:
    values = tuple(_text(tier.name, tier.span) for tier in segmentation.rows)
    return Pick(segmentation.fact, segmentation.span, segmentation.name, values)


def _text(text: str, span: Span) -> Expression:
    return constant(text, text, Origin(span.file, ((0, span.line, span.column),)))


def _gift(gift: Gift) -> Pick:
    rows = gift.segmentation.rows
    given = [next((g.value for g in tier.gives if g.name == gift.name), None) for tier in rows]
    return Pick(gift.name, gift.span, gift.segmentation.name, tuple(given))
