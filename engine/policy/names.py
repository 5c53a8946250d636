"""What every name means and what can see it: fields, settings, measures, tiers and what they give, typed in the order
of their use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ..diagnostics import Diagnostic, Related, Span
from ..language.tree import Expression
from ..language.types import BOOLEAN, DATE, MONEY, TEXT, Type, number
from ..messages import diagnose
from ..tables.shape import NUMERIC, Field, Shape
from .model import Case, Duty, Measure, Segmentation, Setting
from .model_health import Health, Scored
from .model_life import Lifecycle
from .model_success import Success
from .pack import InForce

ACCOUNTS, PEOPLE, ASSIGNMENTS, TIME_OFF = "accounts", "people", "assignments", "time_off"
TERMS, PERSON = "terms", "person"
DAYS_SHARE, MONTHS_SHARE = "days_share", "months_share"
"""Of a payee: the part of the period in which these terms and this version of the plan are in force."""
_OF_A_PAYEE = dict.fromkeys(
    (DAYS_SHARE, MONTHS_SHARE),
    "it is of a payee and a period: quotas, targets, weights, gates and `pay` see it, and nothing else",
)
ACCOUNT, COMPANY = "account", "company"
TASKS, ACTIVITIES = "tasks", "activities"


@dataclass(frozen=True, slots=True)
class Gift:
    """A name that the tiers of one segmentation give."""

    segmentation: Segmentation
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class HealthPart:
    """The ``grade`` or the ``coverage`` of a health score, by its own name."""

    health: Health
    name: str
    part: str
    span: Span


@dataclass(frozen=True, slots=True)
class LifePart:
    """The day on which an account came into its stage (``since``), or how it is getting on there (``status``)."""

    life: Lifecycle
    name: str
    part: str
    span: Span


@dataclass(frozen=True, slots=True)
class Holding:
    """The person who holds a role or duty for the account, or (``since``) the day on which that person took it."""

    name: str
    role: str
    since: bool
    span: Span
    duty: Duty | None = None


Decided: TypeAlias = Segmentation | Gift | Health | HealthPart | Lifecycle | LifePart | Success
Definition: TypeAlias = Setting | Measure | Decided | Holding


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression sees, and for names that exist but are not seen, why."""

    types: Mapping[str, Type]
    elsewhere: Mapping[str, str]


@dataclass
class Names:
    """The names of one day. ``order`` lists the definitions so that each comes after those it reads.

    ``decided`` are the names that rest on a decision (a tier, what a tier gives, a score, a measure over them);
    ``remembers`` those that rest on earlier runs, each with the policy and its key that says so.
    ``per_holder`` are the measures that have one value per person or per value of a field.
    """

    force: InForce
    types: dict[str, Type] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    remembers: dict[str, tuple[str, str]] = field(default_factory=dict)
    per_holder: dict[str, Type] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)

    def account(self) -> Scope:
        return Scope(self.types, self.hidden)

    def settings(self) -> Scope:
        """Names that are one figure for the whole workspace."""
        seen = {
            name: self.types[name]
            for name, d in self.definitions.items()
            if isinstance(d, Setting) and name in self.types
        }
        return Scope(seen | {"as_of": Type(DATE)}, NotShared(self))

    def settings_in(self, shape: Shape) -> Scope:
        """As ``settings``, where a row of the table stands before them: a field of the same name is refused."""
        scope = self.settings()
        own = {f.name: "the table has a field of this name" for f in shape.fields}
        seen = {name: kind for name, kind in scope.types.items() if name not in own}
        return Scope(seen, {**dict(scope.elsewhere), **own})

    def row(self, shape: Shape) -> Scope:
        """A row sees its own fields, then its account's names; twins are refused where they are used."""
        link = account_field(shape)
        inside = link is not None and shape.name != ACCOUNTS
        outer = self.account() if inside else self.settings()
        seen = dict(outer.types)
        if link:
            seen = {name: t if self._is_setting(name) else t.or_missing() for name, t in seen.items()}
        beside = {name for name in self.spans if self._is_of_account(name)} if inside else self._setting_names()
        return _with_own(shape, Scope(seen, outer.elsewhere), beside - {link.name if link else ""})

    def pay_row(self, shape: Shape, facts_as_of: str) -> Scope:
        """As ``row``; names that rest on a decision only where the plan says as of which day."""
        own = {f.name for f in shape.fields}
        row = self.row(shape)
        scope = Scope(row.types, {**_OF_A_PAYEE, **self._of_persons(row.types), **row.elsewhere})
        return self._paid(scope, facts_as_of, {name for name in self.decided if name not in own})

    def _of_persons(self, seen: Mapping[str, Type]) -> dict[str, str]:
        """Fields of persons that a row does not see, and how pay reads them."""
        shapes = [shape for name in (PEOPLE, TERMS) if (shape := self.force.workspace.shapes.get(name)) is not None]
        return {
            f.name: f"it is a field of {shape.name}, and this is asked of a row; what asks the payee is a rate table, "
            f"such as {{kind: marginal, accumulate: each_credit, bands: [{{rate: {f.name}}}]}}"
            for shape in shapes
            for f in shape.fields
            if f.name not in seen
        }

    def payee(self, facts_as_of: str) -> Scope:
        """What is figured for a payee sees: the fields of the person and of the terms, how much of the period these are
        in force, the measures of persons and of the company, settings.
        """
        company = {
            name: self.types[name]
            for name, d in self.definitions.items()
            if isinstance(d, Measure) and d.per == "company"
        }
        persons = {name: kind for name, kind in self.per_holder.items() if self._is_per_person(name)}
        settings, measures = self.settings(), company | persons
        figures = {**settings.types, **measures}
        twins = dict.fromkeys(figures.keys() & _OF_A_PAYEE, "a figure has the same name: rename it")
        seen = {**figures, **dict.fromkeys(_OF_A_PAYEE, number())}
        seen = {name: kind for name, kind in seen.items() if name not in twins}
        outer = Scope(seen, {**_without(settings.elsewhere, seen), **twins})
        beside = self._setting_names() | measures.keys() | _OF_A_PAYEE.keys()
        return self._paid(self._person(outer, beside), facts_as_of, self.decided)

    def per(self, who: str) -> Scope:
        """What the lines of one ``per`` see: measures that have one value for each of them, those of the company,
        settings."""
        measures = {name: d for name, d in self.definitions.items() if isinstance(d, Measure)}
        own = {name: kind for name, kind in self.per_holder.items() if measures[name].per == who}
        company = {name: self.types[name] for name, d in measures.items() if d.per == COMPANY and name in self.types}
        settings = self.settings()
        others = {
            name: f"it has one value per {d.per}, and this is per {who}"
            for name, d in measures.items()
            if d.per not in (COMPANY, who)
        }
        elsewhere = _without({**dict(settings.elsewhere), **others}, {**own, **company})
        return Scope({**settings.types, **company, **own}, elsewhere)

    def _paid(self, scope: Scope, facts_as_of: str, decided: set[str]) -> Scope:
        if facts_as_of:
            return scope
        why = "it is decided, and the plan does not say as of which day: add `facts_as_of:`"
        seen = {name: kind for name, kind in scope.types.items() if name not in decided}
        return Scope(seen, {**scope.elsewhere, **{name: why for name in decided if name in scope.types}})

    def people(self) -> Scope:
        """A person sees the own fields, then those of the terms that are in force, then the settings."""
        settings = self.settings()
        return self._person(Scope(settings.types, {**_OF_A_PAYEE, **settings.elsewhere}), self._setting_names())

    def _person(self, outer: Scope, beside: set[str]) -> Scope:
        people, terms = (self.force.workspace.shapes.get(name) for name in (PEOPLE, TERMS))
        agreed: tuple[Field, ...] = ()
        if terms is not None:
            agreed = tuple(f for f in terms.fields if f.name != PERSON)
            outer = _with_own(replace(terms, fields=agreed), outer, beside)
        return _with_own(people, outer, beside | {f.name for f in agreed}) if people else outer

    def _is_per_person(self, measure: str) -> bool:
        """Whether its values belong to persons: the holders of a role or duty, or those a field names."""
        definition = self.definitions[measure]
        if not isinstance(definition, Measure):
            return False
        if isinstance(self.definitions.get(definition.per), Holding):
            return True
        if definition.value is not None:
            return any(
                self._is_per_person(name) for name in definition.value.names if self._is_of(name, definition.per)
            )
        shapes = self.force.workspace.shapes
        tables = [shapes[name] for name in (definition.table, ACCOUNTS) if name in shapes]
        field = next((f for shape in tables if (f := shape.field(definition.per)) is not None), None)
        return field is not None and (field.kind == "person" or field.refers_to == PEOPLE)

    def _is_of(self, name: str, per: str) -> bool:
        definition = self.definitions.get(name)
        return isinstance(definition, Measure) and definition.per == per

    def _is_setting(self, name: str) -> bool:
        return isinstance(self.definitions.get(name), Setting) or name == "as_of"

    def _setting_names(self) -> set[str]:
        return {name for name, definition in self.definitions.items() if isinstance(definition, Setting)}

    def _is_of_account(self, name: str) -> bool:
        """Whether an account sees it, typed already or not: all but measures that have one value per something else."""
        definition = self.definitions.get(name)
        return not (isinstance(definition, Measure) and definition.per not in ("account", "company"))


def _with_own(shape: Shape, outer: Scope, beside: set[str]) -> Scope:
    """``outer`` with the fields of ``shape`` before it; one that is also a name ``beside`` it is not seen."""
    own = {f.name: type_of(f) for f in shape.fields if f.name != "as_of"}
    why = f"table {shape.name!r} has a field of this name, and another thing seen here has it too: rename one of them"
    twins = dict.fromkeys(own.keys() & beside, why)
    seen = {name: kind for name, kind in {**outer.types, **own}.items() if name not in twins}
    return Scope(seen, {**_without(outer.elsewhere, own), **twins})


def _without(elsewhere: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    return {name: why for name, why in elsewhere.items() if name not in names}


class NotShared(Mapping[str, str]):
    """Why a name that is not one figure for the whole workspace cannot be used where only such are seen."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def __getitem__(self, name: str) -> str:
        if name in self.names.hidden:
            return self.names.hidden[name]
        if name not in self.names.spans:
            raise KeyError(name)
        return "it belongs to one account, and this is one figure for all"

    def __iter__(self) -> Iterator[str]:
        return iter({**self.names.hidden, **self.names.spans})

    def __len__(self) -> int:
        return len({**self.names.hidden, **self.names.spans})


def type_of(field: Field) -> Type:
    nullable = not field.required
    if field.kind == "money":
        return Type(MONEY, field.currency, nullable)
    if field.kind in NUMERIC:
        return number(nullable=nullable, percent=field.kind == "percent")
    if field.kind in (DATE, BOOLEAN):
        return Type(field.kind, nullable=nullable)
    return Type(TEXT, nullable=nullable, one_of=field.one_of)


def account_field(shape: Shape) -> Field | None:
    """The field that leads from a row to its account: the one of that name, or the only one."""
    links = [f for f in shape.fields if f.refers_to == ACCOUNTS]
    named = [f for f in links if f.name == "account_id"]
    return named[0] if named else links[0] if len(links) == 1 else None


def declare(force: InForce) -> Names:
    """All names of ``force``, not yet typed; those of fields and ``as_of`` are."""
    names = Names(force)
    names.types["as_of"] = Type(DATE)
    for shape in force.workspace.shapes.values():
        for f in shape.fields:
            if f.name == "as_of":
                names.problems.append(diagnose("twin-name", f.span, name=f.name))
            elif shape.name == ACCOUNTS:
                names.types[f.name], names.spans[f.name] = type_of(f), f.span
    for setting in force.settings:
        _declare(names, setting.name, setting.span, setting)
    for measure in force.measures:
        _declare(names, measure.name, measure.span, measure)
    for segmentation in force.segmentations:
        _declare_tiers(names, segmentation)
    for name, definition in _facts(force):
        _declare(names, name, definition.span, definition)
    for role in force.workspace.roles.values():
        _declare_holding(names, role.name, role.span, None)
    for duty in force.duties:
        _declare_holding(names, duty.name, duty.span, duty)
    return names


def _facts(force: InForce) -> Iterator[tuple[str, Decided]]:
    """What policies other than those of tiers say of an account, by the names under which it is read."""
    for health in force.healths:
        yield health.fact, health
        for name, part in ((health.grade_name, "grade"), (health.coverage_name, "coverage")):
            yield name, HealthPart(health, name, part, health.span)
    for life in force.lifecycles:
        yield life.fact, life
        for name, part in ((life.since_name, "since"), (life.status_name, "status")):
            yield name, LifePart(life, name, part, life.span)
    for success in force.successes:
        yield success.fact, success


def _declare_holding(names: Names, name: str, span: Span, duty: Duty | None) -> None:
    _declare(names, name, span, Holding(name, name, since=False, span=span, duty=duty))
    since = f"held_since({name})"
    _declare(names, since, span, Holding(since, name, since=True, span=span, duty=duty))


def _declare(names: Names, name: str, span: Span, definition: Definition) -> None:
    if name in names.spans or name == "as_of":
        related = [Related(names.spans[name], "the other is here")] if name in names.spans else []
        names.problems.append(diagnose("twin-name", span, name=name, related=related))
        return
    names.spans[name] = span
    names.definitions[name] = definition


def _declare_tiers(names: Names, segmentation: Segmentation) -> None:
    gifts = {given.name: given for tier in segmentation.rows for given in tier.gives}
    if segmentation.hit_policy == "collect":
        why = "hit policy collect may give an account several tiers, so no one value has this name"
        names.hidden.update(dict.fromkeys((segmentation.fact, *gifts), why))
        names.definitions[f" {segmentation.name}"] = segmentation
        for name, given in gifts.items():
            names.definitions[f" {segmentation.name} {name}"] = Gift(segmentation, name, given.span)
        return
    _declare(names, segmentation.fact, segmentation.span, segmentation)
    for name, given in gifts.items():
        _declare(names, name, given.span, Gift(segmentation, name, given.span))


def expressions(definition: Definition) -> list[Expression]:
    """The expressions that a definition is made of."""
    found: list[Expression | None]
    match definition:
        case Setting():
            found = [definition.value, definition.at_least, definition.at_most]
        case Measure():
            found = [definition.value, definition.what, definition.where, definition.over]
            found += [definition.held_on, definition.at, definition.min_population]
        case Segmentation():
            found = [definition.population, *(tier.when for tier in definition.tiers)]
        case Gift():
            found = [g.value for tier in definition.segmentation.rows for g in tier.gives if g.name == definition.name]
        case Health():
            found = [definition.population, *(exception.when for exception in definition.exceptions)]
            found += [case.when for scored in scored_of(definition.measures) for case in _cases(scored)]
        case Lifecycle():
            found = [definition.population, definition.starts]
            found += [expression for stage in definition.stages for expression in (stage.when, stage.done)]
        case Success():
            found = [use.is_it for use in definition.use_cases]
            found += [criterion.when for use in definition.use_cases for criterion in use.criteria]
        case HealthPart() | LifePart():
            found = []
        case Holding():
            found = [case.when for case in definition.duty.cases] if definition.duty else []
    return [expression for expression in found if expression is not None]


def scored_of(parts: tuple[Scored, ...]) -> list[Scored]:
    """The measures of a health score, those inside of groups too."""
    return [found for part in parts for found in (scored_of(part.parts) if part.is_group else [part])]


def _cases(scored: Scored) -> tuple[Case, ...]:
    return scored.points if isinstance(scored.points, tuple) else ()
