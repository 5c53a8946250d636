"""Types of all names, in the order of their use: what a definition reads is typed before it, a circle is a mistake."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from ..diagnostics import Origin, Related, Span
from ..language.infer import checked, expect
from ..language.tree import Expression, Name, depth
from ..language.types import BOOLEAN, DATE, MONEY, NUMBER, TEXT, UNKNOWN, Type, common, number
from ..messages import diagnose, did_you_mean
from ..tables.shape import Shape
from .model import CalendarWindow, Measure, Segmentation, Setting
from .model_health import Health
from .model_life import BEHIND, ON_TRACK, STUCK, Lifecycle
from .model_success import USE_CASE, Success
from .names import (
    ACCOUNT,
    ACCOUNTS,
    COMPANY,
    Definition,
    Gift,
    HealthPart,
    Holding,
    LifePart,
    Names,
    NotShared,
    Scope,
    account_field,
    declare,
    expressions,
    scored_of,
)
from .pack import InForce


@lru_cache(maxsize=32)
def resolve(force: InForce) -> Names:
    """All names of ``force`` typed; every mistake in a setting, measure, tier, score or duty is in ``problems``."""
    names = declare(force)
    _Typing(names).run()
    return names


MAX_LINKS = 200
MAX_FRAMES = 700
FRAMES_A_NODE, FRAMES_A_LINK = 3, 6
"""What evaluating one level of an expression, and one name that reads another, costs of Python's 1,000 frames."""
LINKS_OF_A_STAGE = 4
"""A stage is looked up through hidden names, which are levels too."""
LINKS_OF_SETTLING, ROWS_OF_SETTLING = 25, 3
"""A settled grade as well, and its grades are gone through so many times, one below the other."""
LINKS_OF_A_PART = 8
"""A row of a sum counts by its part of the window, which is worked out of its days."""
LINKS_OF_A_USE = 6
"""All criteria of a use stand in one condition, which hidden measures over the uses read."""

DECIDING = (Segmentation, Gift, Health, HealthPart, Lifecycle, LifePart, Success)
"""What is a decision, and not a figure."""


class _Typing:
    """Depth first through what each definition reads; a definition met again on the way down is a circle."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.path: list[str] = []
        self.done: set[str] = set()
        self.frames: dict[str, int] = {}
        self.shared: dict[str, Type] = {"as_of": Type(DATE)}

    def run(self) -> None:
        for name in self.names.definitions:
            self.visit(name)

    def visit(self, name: str) -> None:
        if name in self.done or name not in self.names.definitions:
            return
        if name in self.path:
            self._circle(name)
            return
        if len(self.path) >= MAX_LINKS:
            self._too_deep(name)
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
        own = _depth(definition)
        self.frames[name] = (
            FRAMES_A_NODE * own + FRAMES_A_LINK + max((self.frames.get(r, 0) for r in before), default=0)
        )
        if self.frames[name] > MAX_FRAMES:
            self._too_deep(name)
            return
        self._rests(name, definition, before)
        found = self._type(definition)
        self.names.order.append(name)
        if isinstance(definition, Measure) and definition.per not in ("account", "company"):
            self.names.per_holder[name] = found
            self.names.hidden[name] = f"it has one value per {definition.per}, and here there is none of them"
        elif name in self.names.spans:
            self.names.types[name] = found
            if isinstance(definition, Setting):
                self.shared[name] = found

    def _rests(self, name: str, definition: Definition, before: list[str]) -> None:
        """Notes whether it rests on a decision, and on what earlier runs decided."""
        if isinstance(definition, DECIDING) or self.names.decided & set(before):
            self.names.decided.add(name)
        known = [self.names.remembers[read] for read in before if read in self.names.remembers]
        if memory := _memory(definition) or next(iter(known), None):
            self.names.remembers[name] = memory

    def _too_deep(self, name: str) -> None:
        self.names.problems.append(diagnose("definition-too-deep", self._span(name), name=name.strip()))
        self.done.add(name)
        self.frames[name] = 0
        self.names.types[name] = Type(UNKNOWN, nullable=True)

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
        if isinstance(definition, Measure | Success) and definition.table and definition.table != ACCOUNTS:
            shape = self.names.force.workspace.shapes.get(definition.table)
            own = {f.name for f in shape.fields} if shape else set()
        found = [name for expression in expressions(definition) for name in expression.names if name not in own]
        match definition:
            case Gift():
                found.append(definition.segmentation.fact)
            case HealthPart():
                found.append(definition.health.fact)
            case LifePart():
                found.append(definition.life.fact)
            case Health():
                found += [scored.name for scored in scored_of(definition.measures)]
            case Measure() if definition.per not in ("account", "company"):
                found.append(definition.per)
            case _:
                pass
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
            case Health():
                return self._health(definition)
            case Lifecycle():
                return self._life(definition)
            case HealthPart() | LifePart():
                return _part(definition)
            case Success():
                return self._success(definition)
            case Holding():
                self._duty(definition)
                return Type(DATE, nullable=True) if definition.since else Type(TEXT, nullable=True)

    def _life(self, life: Lifecycle) -> Type:
        scope = self.names.account()
        self._infer(life.starts, scope, DATE)
        for expression, kind in [(life.population, BOOLEAN), *((stage.when, BOOLEAN) for stage in life.stages)]:
            if expression is not None:
                self._infer(expression, scope, kind)
        for stage in life.stages:
            if stage.done is not None:
                self._infer(stage.done, scope, DATE)
        return Type(TEXT, nullable=True, one_of=tuple(stage.name for stage in life.stages))

    def _success(self, success: Success) -> Type:
        found = Type(BOOLEAN, nullable=True)
        shape = self.names.force.workspace.shapes.get(success.table)
        if shape is None:
            near = did_you_mean(success.table, self.names.force.workspace.shapes)
            self.names.problems.append(diagnose("unknown-table", success.table_span, name=success.table, near=near))
        elif shape.name == ACCOUNTS or account_field(shape) is None:
            self.names.problems.append(diagnose("table-without-account", success.table_span, table=shape.name))
        elif shape.field(USE_CASE) is None:
            self.names.problems.append(diagnose("table-without-use-case", success.table_span, table=shape.name))
        else:
            for expression in expressions(success):
                self._infer(expression, self.names.row(shape), BOOLEAN)
        return found

    def _duty(self, holding: Holding) -> None:
        for case in holding.duty.cases if holding.duty else ():
            if case.when is not None:
                self._infer(case.when, self.names.account(), BOOLEAN)

    def _health(self, health: Health) -> Type:
        scope = self.names.account()
        for expression in expressions(health):
            self._infer(expression, scope, BOOLEAN)
        for scored in scored_of(health.measures):
            found = scope.types.get(scored.name)
            if found is None:
                why = scope.elsewhere.get(scored.name)
                code = "name-not-visible" if why else "unknown-name"
                near = did_you_mean(scored.name, scope.types)
                self.names.problems.append(diagnose(code, scored.span, name=scored.name, why=why, near=near))
            elif isinstance(scored.points, tuple):
                for case in scored.points:
                    self._infer(case.value, scope, NUMBER)
            elif found.known and found.kind not in (NUMBER, MONEY):
                self.names.problems.append(diagnose("wrong-result", scored.span, found=found, expected="a number"))
        return number(nullable=True)

    def _infer(self, expression: Expression, scope: Scope, kind: str = "") -> Type:
        if kind:
            found, problems = expect(expression, kind, scope.types, scope.elsewhere)
        else:
            found, problems = checked(expression, scope.types, scope.elsewhere)
        self.names.problems.extend(problems)
        return found

    def _setting(self, setting: Setting) -> Type:
        if setting.one_of:
            return Type(TEXT, one_of=setting.one_of)
        scope = Scope(self.shared, NotShared(self.names))
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
            return self._value(measure, measure.value)
        shape = self.names.force.workspace.shapes.get(measure.table)
        span = measure.table_span or measure.span
        if shape is None:
            near = did_you_mean(measure.table, self.names.force.workspace.shapes)
            self.names.problems.append(diagnose("unknown-table", span, name=measure.table, near=near))
            return Type(UNKNOWN, nullable=True)
        per_role = isinstance(self.names.definitions.get(measure.per), Holding)
        leads = shape.name == ACCOUNTS or account_field(shape) is not None
        own_rows = shape.name == ACCOUNTS and measure.per == "account"
        if own_rows or (not leads and (per_role or measure.per == "account")):
            self.names.problems.append(diagnose("table-without-account", span, table=shape.name))
            return Type(UNKNOWN, nullable=True)
        scope = self.names.account() if shape.name == ACCOUNTS else self.names.row(shape)
        self._holder(measure, shape, scope)
        if measure.prorate:
            self._prorate(measure, shape, scope, per_role)
        else:
            self._day(measure, shape, span)
        if measure.min_population is not None:
            self._infer(measure.min_population, self.names.settings(), NUMBER)
        if measure.at is not None:
            self._infer(measure.at, self.names.settings_in(shape), DATE)
            ends = shape.valid_before is not None or shape.valid_until is not None
            if shape.valid_from is None and (measure.verb == "since" or not ends):
                problem = diagnose("table-without-validity", span, table=shape.name, name=measure.name)
                self.names.problems.append(problem)
        if measure.where is not None:
            self._infer(measure.where, scope, BOOLEAN)
        return self._aggregate(measure, scope)

    def _value(self, measure: Measure, value: Expression) -> Type:
        """Worked out for an account from all that it sees; for others from their own measures and the company's."""
        if measure.per == ACCOUNT:
            return self._infer(value, self.names.account())
        pers = {d.per for d in self.names.definitions.values() if isinstance(d, Measure) and d.value is None}
        if measure.per != COMPANY and measure.per not in pers - {ACCOUNT}:
            near = did_you_mean(measure.per, sorted(pers | {COMPANY}))
            span = measure.per_span or measure.span
            self.names.problems.append(diagnose("unknown-per", span, name=measure.per, near=near))
            return Type(UNKNOWN, nullable=True)
        return self._infer(value, self.names.per(measure.per)).or_missing()

    def _day(self, measure: Measure, shape: Shape, span: Span) -> None:
        dated = measure.dated_by or shape.dated_by
        by_role = measure.per in self.names.definitions and isinstance(self.names.definitions[measure.per], Holding)
        needs_day = measure.window is not None or measure.verb in ("latest", "earliest")
        needs_day = needs_day or (by_role and shape.name != ACCOUNTS and measure.at is None)
        day = shape.field(dated) if dated else None
        if (needs_day and day is None and dated != "") or (day is not None and day.kind != DATE):
            self.names.problems.append(diagnose("table-without-day", span, table=shape.name, name=measure.name))
        if by_role and shape.name == ACCOUNTS and measure.held_on is None:
            self.names.problems.append(diagnose("held-on-needed", measure.span, name=measure.name))

    def _prorate(self, measure: Measure, shape: Shape, scope: Scope, per_role: bool) -> None:
        """A part of a window is that of a sum, over rows that say when they hold, for whom no day decides."""
        needed = {
            "a sum": measure.verb == "sum",
            "a window of the calendar such as quarter": isinstance(measure.window, CalendarWindow),
            f"`valid` of the table {shape.name!r}": bool(shape.valid_from or shape.valid_before or shape.valid_until),
            "one value per account, field or company, not per role": not per_role,
            "no `at`": measure.at is None,
        }
        lacks = [what for what, there in needed.items() if not there]
        if lacks:
            self.names.problems.append(
                diagnose("prorate-without", measure.prorate_span or measure.span, needed=lacks[0])
            )
        span = measure.prorate_span or measure.span
        for name in filter(None, (shape.valid_from, shape.valid_before, shape.valid_until)):
            place = Origin(span.file, ((0, span.line, span.column),))
            self._infer(Expression(name, Name(name, 0, len(name)), place), scope, DATE)

    def _holder(self, measure: Measure, shape: Shape, scope: Scope) -> None:
        """Who has one value each: a role, a duty, or a field of the rows or of their account."""
        known = [name for name, d in self.names.definitions.items() if isinstance(d, Holding) and not d.since]
        fields = [name for name, kind in scope.types.items() if kind.kind == TEXT]
        if measure.per not in ("account", "company", *known, *fields):
            near = did_you_mean(measure.per, [*known, *fields])
            self.names.problems.append(
                diagnose("unknown-per", measure.per_span or measure.span, name=measure.per, near=near)
            )
        if measure.held_on is not None:
            self._infer(measure.held_on, self.names.account(), DATE)

    def _aggregate(self, measure: Measure, scope: Scope) -> Type:
        found = self._infer(measure.what, scope) if measure.what is not None else Type(BOOLEAN)
        wanted = {
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
        if measure.over is not None:
            divisor = self._infer(measure.over, scope)
            if (
                divisor.known
                and found.known
                and divisor.kind == found.kind == MONEY
                and divisor.currency != found.currency
            ):
                self.names.problems.append(diagnose("currency-mix", measure.over.span, left=found, right=divisor))
            return number(nullable=True, percent=True)
        if measure.verb in ("count", "distinct"):
            return number(nullable=measure.min_population is not None)
        if measure.verb == "any":
            return Type(BOOLEAN)
        if measure.verb == "since":
            return Type(DATE, nullable=True)
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


def _memory(definition: Definition) -> tuple[str, str] | None:
    """The policy and its key by which a decision rests on earlier runs."""
    match definition:
        case Segmentation(hold=hold) if hold is not None:
            return definition.name, "hold"
        case HealthPart(part="grade", health=health) if health.settle is not None:
            return health.name, "settle"
        case _:
            return None


def _depth(definition: Definition) -> int:
    """The levels of the deepest expression of a definition, with those that its lowering adds."""
    own = max((depth(expression.root) for expression in expressions(definition)), default=1)
    match definition:
        case Lifecycle():
            return own + len(definition.stages) + LINKS_OF_A_STAGE
        case Measure() if definition.prorate:
            return own + LINKS_OF_A_PART
        case Success():
            return own + len(definition.use_cases) + LINKS_OF_A_USE
        case HealthPart(health=health) if health.settle is not None:
            return own + LINKS_OF_SETTLING + ROWS_OF_SETTLING * len(health.grades.rows if health.grades else ())
        case _:
            return own


def _part(part: HealthPart | LifePart) -> Type:
    match part:
        case HealthPart(part="coverage"):
            return number(nullable=True, percent=True)
        case HealthPart(health=health):
            grades = health.grades.rows if health.grades else ()
            return Type(TEXT, nullable=True, one_of=tuple(band.value.text for band in grades))
        case LifePart(part="since"):
            return Type(DATE, nullable=True)
        case LifePart():
            return Type(TEXT, nullable=True, one_of=(ON_TRACK, BEHIND, STUCK))
