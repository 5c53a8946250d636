"""The policies as values. Every part keeps the span it was written at, so that a decision can name its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import ClassVar, TypeAlias

from ..diagnostics import Span
from ..language.tree import Expression
from ..periods import Duration, FiscalCalendar
from ..recurrence import Rule
from ..tables.shape import Shape
from .model_forms import Forms
from .model_pay_forms import PayForms


@dataclass(frozen=True, slots=True)
class Effective:
    """``[start, before)``; ``before`` None is still in force."""

    start: date
    before: date | None
    span: Span

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.before is None or day < self.before)


@dataclass(frozen=True, slots=True)
class Setting:
    """A named figure; with ``one_of``, a choice of words. Bounds are included."""

    name: str
    value: Expression
    span: Span
    at_least: Expression | None = None
    at_most: Expression | None = None
    one_of: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Rolling:
    """The last ``length`` up to the close of ``as_of``."""

    length: Duration


@dataclass(frozen=True, slots=True)
class CalendarWindow:
    """The fiscal month, quarter, half or year around ``as_of``, so far; or the one before it, whole."""

    unit: str
    previous: bool = False


@dataclass(frozen=True, slots=True)
class Offsets:
    """``[start, before)`` counted from the close of ``as_of``."""

    start: Duration
    before: Duration


Window: TypeAlias = Rolling | CalendarWindow | Offsets

VERBS = ("count", "sum", "average", "min", "max", "latest", "earliest", "any", "share", "distinct", "since")


@dataclass(frozen=True, slots=True)
class Measure:
    """``value`` over the names of one account, or ``verb`` over the rows of ``table``: one value per account, per
    holder of a role or duty, per value of a field, or for the company.

    ``what`` is the aggregated expression over a row (None: ``count: rows``). ``digits`` are those it is shown with.
    ``at`` keeps the rows in force on a day; ``prorate`` (days, months) counts a row of a sum by the part of the window
    in which it holds. ``used_by`` are the kinds of policy that may read it (none: all).
    """

    name: str
    span: Span
    value: Expression | None = None
    verb: str = ""
    what: Expression | None = None
    table: str = ""
    table_span: Span | None = None
    where: Expression | None = None
    window: Window | None = None
    dated_by: str | None = None
    percent: bool = False
    digits: int = 4
    because: str = ""
    per: str = "account"
    per_span: Span | None = None
    held_on: Expression | None = None
    over: Expression | None = None
    min_population: Expression | None = None
    at: Expression | None = None
    used_by: tuple[str, ...] = ()
    prorate: str = ""
    prorate_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a tier gives by name."""

    name: str
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Tier:
    """A row of the decision table; ``when`` None is the ``otherwise`` row."""

    name: str
    when: Expression | None
    span: Span
    gives: tuple[Given, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Overrides:
    table: str
    require: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a list of cases: the first whose ``when`` holds; None always does."""

    value: Expression
    when: Expression | None
    span: Span
    because: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """Named like a role, looked up per account and day: the role that the first case that holds names."""

    name: str
    span: Span
    cases: tuple[DutyCase, ...]


@dataclass(frozen=True, slots=True)
class DutyCase:
    role: str
    when: Expression | None
    span: Span
    because: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """What every policy has. ``name`` and the class make its identity; files of one identity are its versions."""

    kind: ClassVar[str] = ""
    name: str
    effective: Effective
    span: Span
    file: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Library(Policy):
    kind: ClassVar[str] = "library"
    settings: tuple[Setting, ...] = ()
    measures: tuple[Measure, ...] = ()
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class Segmentation(Policy):
    """``fact`` is the name under which others read the tier; a tier once given stays for ``hold``."""

    kind: ClassVar[str] = "segmentation"
    fact: str = "tier"
    population: Expression | None = None
    hit_policy: str = "unique"
    tiers: tuple[Tier, ...] = ()
    otherwise: Tier | None = None
    overrides: Overrides | None = None
    hold: Duration | None = None

    @property
    def rows(self) -> tuple[Tier, ...]:
        return self.tiers + ((self.otherwise,) if self.otherwise else ())


@dataclass(frozen=True, slots=True)
class Escalation:
    """An open task ``overdue`` so long goes to whoever holds the role or duty ``to``."""

    to: str
    overdue: Duration
    span: Span


@dataclass(frozen=True, slots=True)
class Touch:
    """``contact``: it reaches the customer. ``after`` is a task of the same play that comes before it. ``flex`` is how
    much earlier and how much later it may be moved. ``due_setting`` is the setting whose figure ``due`` counts: what
    is in force on a day has it put in.
    """

    task: str
    due: Duration
    owner: str
    owner_span: Span
    span: Span
    activity: str = ""
    minutes: int = 0
    priority: str = "normal"
    channel: str = ""
    roll: str = "none"
    because: str = ""
    close_when: Expression | None = None
    contact: bool = True
    after: str = ""
    after_span: Span | None = None
    skip_when: Expression | None = None
    escalate: tuple[Escalation, ...] = ()
    flex: tuple[Duration, Duration] | None = None
    due_span: Span | None = None
    due_setting: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """Every so many units of the rhythm; ``when`` None is the pace of all that is left."""

    interval: int
    when: Expression | None
    span: Span
    because: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Occurrences of a play from ``first`` after its anchor on, by ``rule`` at the first of the ``paces`` that holds,
    without the ``exdates``. At most one of ``before`` (excluded), ``until`` (included), ``count``; none goes on to the
    horizon.
    """

    rule: Rule
    paces: tuple[Pace, ...]
    first: Duration
    span: Span
    before: Expression | None = None
    until: Expression | None = None
    count: int | None = None
    exdates: frozenset[date] = frozenset()

    @property
    def is_paced(self) -> bool:
        """Whether the interval hangs on a condition."""
        return len(self.paces) > 1

    @property
    def is_open(self) -> bool:
        return self.before is None and self.until is None and self.count is None


NO_TIME = Duration(0, "days")


@dataclass(frozen=True, slots=True)
class AtMost:
    """So many times in any such length of time."""

    times: int
    during: Duration


@dataclass(frozen=True, slots=True)
class Firing:
    """How a trigger fires: once its condition has held for ``lasting``, and again ``cooldown`` after it fired (or,
    ``from_completion``, after its last task was done) while the condition holds. ``level``: what it started ends when
    the condition does."""

    level: bool = False
    lasting: Duration = NO_TIME
    cooldown: Duration | None = None
    from_completion: bool = False
    at_most: AtMost | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """``when`` makes it a trigger; without an ``anchor`` a trigger counts from the day it fired."""

    name: str
    span: Span
    touches: tuple[Touch, ...]
    population: Expression | None = None
    when: Expression | None = None
    anchor: Expression | None = None
    per: Expression | None = None
    repeat: Repeat | None = None
    because: str = ""
    firing: Firing = Firing()


@dataclass(frozen=True, slots=True)
class Playbook(Policy):
    """``horizon`` is how far ahead tasks are listed (None: the run's)."""

    kind: ClassVar[str] = "playbook"
    horizon: Duration | date | None = None
    plays: tuple[Play, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """``fallback`` roles are tried in order where nobody holds this one; then its work goes to the queue ``last``. A
    ``queue`` is held by nobody: its work lies there until somebody takes it.

    ``hours`` a week are those that a person of the role has for touches; ``cost`` is that of an hour, in the
    workspace's currency. None: not known.
    """

    name: str
    span: Span
    fallback: tuple[str, ...] = ()
    queue: bool = False
    last: str = ""
    hours: Fraction | None = None
    cost: Fraction | None = None


DaySpan: TypeAlias = tuple[date, date]
"""The first and the last day, both included."""


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """``week`` are the weekdays worked, Monday 0; None: the country's own. The company's ``days_off`` and
    ``days_worked`` come before both.
    """

    country: str | None
    subdivision: str | None
    span: Span
    week: tuple[int, ...] | None = None
    days_off: tuple[DaySpan, ...] = ()
    days_worked: tuple[DaySpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Workspace:
    name: str
    currency: str
    span: Span
    fiscal: FiscalCalendar = field(default_factory=FiscalCalendar)
    timezone: str | None = None
    business: BusinessCalendar | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    forms: Forms = field(default_factory=Forms)
    pay_forms: PayForms = field(default_factory=PayForms)

    @property
    def queues(self) -> tuple[str, ...]:
        """In the order they are written: what no fall-back hands on goes to the first."""
        return tuple(role.name for role in self.roles.values() if role.queue)
