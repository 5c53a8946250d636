"""What every name means and what can see it: fields, settings, measures, tiers and what they give, typed in the order
of their use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ..diagnostics import Diagnostic, Related, Span
from ..language.infer import expect, infer
from ..language.tree import Expression
from ..language.types import BOOLEAN, DATE, MONEY, NUMBER, TEXT, UNKNOWN, Type, common, number
from ..messages import diagnose, did_you_mean
from ..tables.shape import NUMERIC, Field, Shape
from .model import Measure, Segmentation, Setting
from .pack import InForce

ACCOUNTS, PEOPLE, ASSIGNMENTS = "accounts", "people", "assignments"


@dataclass(frozen=True, slots=True)
class Gift:
    """A name that the tiers of one segmentation give."""

    segmentation: Segmentation
    name: str
    span: Span


Definition: TypeAlias = Setting | Measure | Segmentation | Gift


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression sees, and for names that exist but are not seen, why."""

    types: Mapping[str, Type]
    elsewhere: Mapping[str, str]


@dataclass
class Names:
    """The names of one day. ``order`` lists the definitions so that each comes after those it reads.

    ``decided`` are the names that rest on a decision (a tier, what a tier gives, a measure over them).
    """

    force: InForce
    types: dict[str, Type] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
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
        why = "it belongs to one account, and this is one figure for all"
        return Scope(seen | {"as_of": Type(DATE)}, {name: why for name in self.types if name not in seen} | self.hidden)

    def row(self, shape: Shape) -> Scope:
        """A row sees its own fields, then its account's names; twins are refused where they are used."""
        own = {f.name: type_of(f) for f in shape.fields}
        link = account_field(shape)
        outer = self.account() if link and shape.name != ACCOUNTS else self.settings()
        seen, elsewhere = dict(outer.types), dict(outer.elsewhere)
        if link:
            seen = {name: t if self._is_setting(name) else t.or_missing() for name, t in seen.items()}
        for name, kind in own.items():
            twin = name in seen and not (link and name == link.name) and name != "as_of"
            seen.pop(name, None)
            elsewhere.pop(name, None)
            if twin:
                elsewhere[name] = (
                    f"both table {shape.name!r} and the account have it: rename one under `fields` in granger.yaml"
                )
            else:
                seen[name] = kind
        return Scope(seen, elsewhere)

    def pay_row(self, shape: Shape) -> Scope:
        """As ``row``, without the names that rest on a decision."""
        scope = self.row(shape)
        own = {f.name for f in shape.fields}
        banned = {name for name in self.decided if name not in own}
        why = "pay that reads a tier, or a name given by one, needs `facts_as_of`, which is not yet built"
        seen = {name: kind for name, kind in scope.types.items() if name not in banned}
        return Scope(seen, {**scope.elsewhere, **dict.fromkeys(banned, why)})

    def people(self) -> Scope:
        shape = self.force.workspace.shapes.get(PEOPLE)
        outer = self.settings()
        return Scope({**outer.types, **({f.name: type_of(f) for f in shape.fields} if shape else {})}, outer.elsewhere)

    def _is_setting(self, name: str) -> bool:
        return isinstance(self.definitions.get(name), Setting) or name == "as_of"


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


def resolve(force: InForce) -> Names:
    """All names of ``force`` typed; every mistake in a setting, measure or tier is in ``problems``."""
    names = Names(force)
    names.types["as_of"] = Type(DATE)
    accounts = force.workspace.shapes.get(ACCOUNTS)
    for f in accounts.fields if accounts else ():
        names.types[f.name], names.spans[f.name] = type_of(f), f.span
    for setting in force.settings:
        _declare(names, setting.name, setting.span, setting)
    for measure in force.measures:
        _declare(names, measure.name, measure.span, measure)
    for segmentation in force.segmentations:
        _declare_tiers(names, segmentation)
    _Typing(names).run()
    return names


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
        return
    _declare(names, segmentation.fact, segmentation.span, segmentation)
    for name, given in gifts.items():
        _declare(names, name, given.span, Gift(segmentation, name, given.span))


class _Typing:
    """Depth first through what each definition reads; a definition met again on the way down is a circle."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.path: list[str] = []
        self.done: set[str] = set()

    def run(self) -> None:
        for name in self.names.definitions:
            self.visit(name)

    def visit(self, name: str) -> None:
        if name in self.done or name not in self.names.definitions:
            return
        if name in self.path:
            self._circle(name)
            return
        self.path.append(name)
        definition = self.names.definitions[name]
        before = self._reads(definition)
        for read in before:
            self.visit(read)
        self.path.pop()
        if name in self.done:
            return
        self.done.add(name)
        if isinstance(definition, Segmentation | Gift) or self.names.decided & set(before):
            self.names.decided.add(name)
        self.names.types[name] = self._type(definition)
        self.names.order.append(name)

    def _circle(self, name: str) -> None:
        circle = self.path[self.path.index(name) :]
        sites = [Related(self._span(other), f"{other.strip()} reads the next") for other in circle[1:]]
        way = " → ".join([*(part.strip() for part in circle), name.strip()])
        self.names.problems.append(diagnose("circular-definition", self._span(name), way=way, related=sites))
        for other in circle:
            self.done.add(other)
            self.names.types[other] = Type(UNKNOWN, nullable=True)

    def _span(self, name: str) -> Span:
        definition = self.names.definitions[name]
        return self.names.spans.get(name, definition.span)

    def _reads(self, definition: Definition) -> list[str]:
        own: set[str] = set()
        if isinstance(definition, Measure) and definition.table:
            shape = self.names.force.workspace.shapes.get(definition.table)
            own = {f.name for f in shape.fields} if shape else set()
        found = [name for expression in expressions(definition) for name in expression.names if name not in own]
        if isinstance(definition, Gift):
            found.append(definition.segmentation.fact)
        return found

    def _type(self, definition: Definition) -> Type:
        match definition:
            case Setting():
                return self._setting(definition)
            case Measure():
                return self._measure(definition)
            case Segmentation():
                return self._tiers(definition)
            case Gift():
                return self._gift(definition)

    def _infer(self, expression: Expression, scope: Scope, kind: str = "") -> Type:
        if kind:
            found, problems = expect(expression, kind, scope.types, scope.elsewhere)
        else:
            found, problems = infer(expression, scope.types, scope.elsewhere)
        self.names.problems.extend(problems)
        return found

    def _setting(self, setting: Setting) -> Type:
        if setting.one_of:
            return Type(TEXT, one_of=setting.one_of)
        scope = self.names.settings()
        found = self._infer(setting.value, scope)
        for bound in (setting.at_least, setting.at_most):
            if bound is not None and common(found, self._infer(bound, scope)) is None:
                self.names.problems.append(diagnose("bound-of-kind", bound.span, name=setting.name, found=found))
        return found

    def _measure(self, measure: Measure) -> Type:
        found = self._measured(measure)
        return replace(found, percent=True) if measure.percent and found.kind == NUMBER else found

    def _measured(self, measure: Measure) -> Type:
        if measure.value is not None:
            return self._infer(measure.value, self.names.account())
        shape = self.names.force.workspace.shapes.get(measure.table)
        span = measure.table_span or measure.span
        if shape is None:
            near = did_you_mean(measure.table, self.names.force.workspace.shapes)
            self.names.problems.append(diagnose("unknown-table", span, name=measure.table, near=near))
            return Type(UNKNOWN, nullable=True)
        if account_field(shape) is None or shape.name == ACCOUNTS:
            self.names.problems.append(diagnose("table-without-account", span, table=shape.name))
            return Type(UNKNOWN, nullable=True)
        dated = measure.dated_by or shape.dated_by
        needs_day = measure.window is not None or measure.verb in ("latest", "earliest")
        day = shape.field(dated) if dated else None
        if (needs_day and day is None) or (day is not None and day.kind != DATE):
            self.names.problems.append(diagnose("table-without-day", span, table=shape.name, name=measure.name))
        scope = self.names.row(shape)
        if measure.where is not None:
            self._infer(measure.where, scope, BOOLEAN)
        return self._aggregate(measure, scope)

    def _aggregate(self, measure: Measure, scope: Scope) -> Type:
        found = self._infer(measure.what, scope) if measure.what is not None else Type(BOOLEAN)
        wanted = {
            "count": (BOOLEAN,),
            "any": (BOOLEAN,),
            "share": (BOOLEAN,),
            "sum": (NUMBER, MONEY),
            "average": (NUMBER, MONEY),
            "min": (NUMBER, MONEY, DATE),
            "max": (NUMBER, MONEY, DATE),
        }.get(measure.verb)
        if found.known and wanted and found.kind not in wanted and measure.what is not None:
            spoken = " or ".join(str(Type(kind)) if kind != MONEY else "money" for kind in wanted)
            self.names.problems.append(diagnose("wrong-result", measure.what.span, found=found, expected=spoken))
            return Type(UNKNOWN, nullable=True)
        if measure.verb in ("count", "distinct"):
            return number()
        if measure.verb == "any":
            return Type(BOOLEAN)
        if measure.verb == "share":
            return number(nullable=True, percent=True)
        return replace(found, nullable=measure.verb != "sum", bare=False)

    def _tiers(self, segmentation: Segmentation) -> Type:
        for expression in expressions(segmentation):
            self._infer(expression, self.names.account(), BOOLEAN)
        return Type(TEXT, nullable=True, one_of=tuple(dict.fromkeys(tier.name for tier in segmentation.rows)))

    def _gift(self, gift: Gift) -> Type:
        """All tiers that give a name give one kind; a tier that omits it leaves it missing."""
        shared: Type | None = None
        given = [g for tier in gift.segmentation.rows for g in tier.gives if g.name == gift.name]
        for each in given:
            found = self._infer(each.value, self.names.account())
            joined = found if shared is None else common(shared, found)
            if joined is None:
                self.names.problems.append(
                    diagnose("gift-of-kinds", each.value.span, name=gift.name, left=shared, right=found)
                )
                return Type(UNKNOWN, nullable=True)
            shared = joined
        return (shared or Type(UNKNOWN)).or_missing()


def expressions(definition: Definition) -> list[Expression]:
    """The expressions that a definition is made of."""
    found: list[Expression | None]
    match definition:
        case Setting():
            found = [definition.value, definition.at_least, definition.at_most]
        case Measure():
            found = [definition.value, definition.what, definition.where]
        case Segmentation():
            found = [definition.population, *(tier.when for tier in definition.tiers)]
        case Gift():
            found = [g.value for tier in definition.segmentation.rows for g in tier.gives if g.name == definition.name]
    return [expression for expression in found if expression is not None]
