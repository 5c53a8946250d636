"""Policies to a Program: decision tables and measures become ordered expressions; nothing after this hears of tiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from ..diagnostics import Origin, Span
from ..language.expression import constant
from ..language.tree import Expression, Node
from ..language.types import Type
from ..periods import Duration, FiscalCalendar
from ..policy.model import Measure, Overrides, Segmentation, Setting, Tier, Window
from ..policy.model_health import Health
from ..policy.model_life import Lifecycle
from ..policy.model_success import Success
from ..policy.names import ACCOUNTS, Gift, Holding, Names, account_field, scored_of
from ..policy.pack import InForce
from ..policy.typing import resolve
from . import lowering, stages, successes
from .prorated import prorated
from .settling import BEFORE, Settling


@dataclass(frozen=True, slots=True)
class Formula:
    """A value by one expression: a setting (``shared``: one for all accounts) or a measure, of an account or (``per``)
    of a person, a value of a field, the company."""

    name: str
    span: Span
    expression: Expression
    shared: bool = False
    because: str = ""
    per: str = "account"
    digits: int = 4


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``verb`` of ``what`` over the rows of ``table`` linked to the account, in ``window``, if ``where`` holds. ``at``
    is the day on which the rows are in force; ``where`` says so too."""

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
    per: str = "account"
    over: Expression | None = None
    held_on: Expression | None = None
    min_population: Expression | None = None
    digits: int = 4
    at: Expression | None = None


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
    hold: Duration | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """A value by the row that ``choice`` hit: one expression a row, None where the row leaves it missing."""

    name: str
    span: Span
    choice: str
    values: tuple[Expression | None, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a role or duty for the account at the close of ``as_of``; or ``since`` when."""

    name: str
    span: Span
    role: str
    since: bool


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the run before says of an account's grade: ``what`` is a field of ``memory.EarlierGrade``."""

    name: str
    span: Span
    policy: str
    what: str


Definition: TypeAlias = Formula | Aggregate | Pick | Held | Remembered


@dataclass(frozen=True)
class Program:
    """What one day's policies compute, each definition after those it reads."""

    force: InForce
    fiscal: FiscalCalendar
    definitions: Mapping[str, Definition]
    choices: Mapping[str, Choice]
    types: Mapping[str, Type]
    per_holder: Mapping[str, Type]
    decided: frozenset[str]

    @property
    def day(self) -> date:
        return self.force.day


def compile_program(force: InForce) -> Program:
    """The program of policies that passed their checks."""
    names = resolve(force)
    definitions: dict[str, Definition] = {}
    choices: dict[str, Choice] = {}
    decided, types = set(names.decided), dict(names.types)
    for health in force.healths:
        decided |= {lowering.points_name(health.fact, scored) for scored in scored_of(health.measures)}
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
            case Gift() if definition.segmentation.hit_policy != "collect":
                definitions[name] = _gift(definition)
            case Holding():
                definitions[name] = Held(name, definition.span, definition.role, definition.since)
            case Health():
                found, kinds = _health(definition)
                definitions.update(found)
                types |= kinds
            case Lifecycle() | Success():
                found, kinds = _life(definition) if isinstance(definition, Lifecycle) else _success(definition, names)
                definitions.update(found)
                types |= kinds
                decided |= kinds.keys()
            case _:
                pass
    return Program(force, force.workspace.fiscal, definitions, choices, types, names.per_holder, frozenset(decided))


def _measure(measure: Measure, names: Names) -> Definition:
    if measure.value is not None:
        return Formula(
            name=measure.name,
            span=measure.span,
            expression=measure.value,
            because=measure.because,
            per=measure.per,
            digits=measure.digits,
        )
    shape = names.force.workspace.shapes[measure.table]
    held_on = measure.held_on
    if held_on is None and shape.name != ACCOUNTS:
        held_on = measure.at
    link = account_field(shape)
    what, where, over, window = measure.what, measure.where, measure.over, measure.window
    dated_by = measure.dated_by or shape.dated_by
    if measure.prorate:
        what, where, over = prorated(measure, shape)
        window = dated_by = None
    elif measure.at is not None and measure.verb == "since":
        what, where, over = lowering.begun(shape, measure.at, measure.where)
    elif measure.at is not None:
        where = lowering.in_force(shape, measure.at, measure.where)
    return Aggregate(
        name=measure.name,
        span=measure.span,
        verb=measure.verb,
        what=what,
        table=measure.table,
        link=link.name if link and shape.name != ACCOUNTS else "",
        where=where,
        window=window,
        dated_by=dated_by,
        because=measure.because,
        per=measure.per,
        over=over,
        held_on=held_on,
        min_population=measure.min_population,
        digits=measure.digits,
        at=measure.at,
    )


Lowered: TypeAlias = tuple[dict[str, Definition], dict[str, Type]]
"""The facts of a policy with the hidden names behind them, and the types of those."""


def _health(health: Health) -> Lowered:
    """The points of each measure under hidden names, then score, coverage and grade; with the kinds of hidden ones."""
    found: dict[str, Definition] = {}
    for scored in scored_of(health.measures):
        name = lowering.points_name(health.fact, scored)
        found[name] = _formula(name, lowering.points(scored), f"points of {scored.name}", scored.span)
    found[health.fact] = _formula(health.fact, lowering.score(health), f"score {health.name}", health.span)
    covered = lowering.covered(health)
    found[health.coverage_name] = _formula(health.coverage_name, covered, "weight with data", health.span)
    span = health.grades.span if health.grades else health.span
    if health.settle is None or health.grades is None:
        found[health.grade_name] = _formula(health.grade_name, lowering.grade(health), "grade", span)
        return found, {}
    settling, kinds = Settling(health), dict[str, Type]()
    for what, kind in BEFORE.items():
        name = settling.before(what).id
        found[name], kinds[name] = Remembered(name, health.settle.span, health.name, what), Type(kind, nullable=True)
    for name, kind, root in settling.definitions(health.settle, health.grades):
        found[name] = _formula(name, root, name, span)
        if name != health.grade_name:
            kinds[name] = Type(kind, nullable=True)
    return found, kinds


def _life(life: Lifecycle) -> Lowered:
    found = list(stages.lowered(life))
    made: dict[str, Definition] = {name: _formula(name, root, text, life.span) for name, root, text, _ in found}
    return made, {name: kind for name, _, _, kind in found}


def _success(success: Success, names: Names) -> Lowered:
    """Hidden measures over the uses of an account: whether one failed, or is undecided, and how many there are."""
    shape = names.force.workspace.shapes[success.table]
    link = account_field(shape)
    parts: list[tuple[str, str, Node | None, str]] = [
        (successes.failed_name(success), "any", successes.has_failed(success), "a criterion fails"),
        (successes.undecided_name(success), "any", successes.is_undecided(success), "a criterion is undecided"),
        (successes.uses_name(success), "count", None, ""),
    ]
    found: dict[str, Definition] = {
        name: Aggregate(
            name=name,
            span=success.span,
            verb=verb,
            what=lowering.lowered(root, text, success.span) if root is not None else None,
            table=shape.name,
            link=link.name if link else "",
            where=None,
            window=None,
            dated_by=shape.dated_by,
        )
        for name, verb, root, text in parts
    }
    verdict = successes.verdict(success)
    found[success.fact] = _formula(success.fact, verdict, f"success of {success.name}", success.span)
    return found, successes.types_of(success)


def _formula(name: str, root: Node, text: str, span: Span) -> Formula:
    return Formula(name, span, lowering.lowered(root, text, span))


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
        hold=segmentation.hold,
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
