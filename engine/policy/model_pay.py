"""Pay plans as values: who is paid, by which components, from which rows or measures, at which rates."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..diagnostics import Span
from ..language.tree import Expression
from .model import Case, Policy
from .model_credit import Credit
from .model_settlement import CARRY, Clawback, Draw, Holdback


@dataclass(frozen=True, slots=True)
class Band:
    """A row of bands. ``edge`` None is the last row: all the rest. ``told``: the edge as it is written.

    ``retroactive``, in a marginal table: once it is reached, its rate counts from zero up to its own upper edge.
    """

    edge: Fraction | None
    value: Expression
    span: Span
    because: str = ""
    retroactive: bool = False
    told: str = ""


@dataclass(frozen=True, slots=True)
class Bands:
    """Rows in one direction: ``rising`` rows have ``below``, the others ``from`` (included), falling.

    ``exclusive``: falling rows with ``above``; what lies on an edge belongs to the row below it.
    """

    rows: tuple[Band, ...]
    rising: bool
    span: Span
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """Points with x rising and straight lines between; ``below`` and ``above``: hold, zero or extend outside."""

    points: tuple[tuple[Fraction, Fraction], ...]
    span: Span
    below: str = "hold"
    above: str = "hold"


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table of two figures: ``rows`` by ``down``, each with ``cells`` by ``across``, which all have the same edges.

    ``down`` None: the attainment of a bonus; the amount of a commission, or its part of the quota.
    """

    across: Expression
    rows: Bands
    cells: tuple[Bands, ...]
    span: Span
    down: Expression | None = None


@dataclass(frozen=True, slots=True)
class RateTable:
    """``kind``: marginal (each slice at its own rate), whole_amount (all at the rate reached), top_tier_on_overage (up
    to 1 × ``of`` at the rate there, all above it at the rate reached), linear (a curve of amounts) or matrix (all at
    the rate of the cell).

    Edges are amounts, or parts of ``of`` (a quota). ``accumulate``, what the table is asked for: each_credit (each
    alone), running (each after those before it), period (the sum of the period) or year (the year to date, less the
    year to the period before).
    """

    kind: str
    shape: Bands | Curve | Matrix
    accumulate: str
    span: Span
    of: Expression | None = None


@dataclass(frozen=True, slots=True)
class Bonus:
    """``weight`` of variable pay × what ``pays`` makes of measure / target. ``if_missing``: wait, zero or target.

    ``kind`` of ``pays``: linear, steps, marginal (each slice of the attainment at its own rate) or matrix.
    ``accumulate``: period, or year (what the year to date earns, less what it did to the end of the period before).
    """

    weight: tuple[Case, ...]
    measure: str
    measure_span: Span
    kind: str
    pays: Bands | Curve | Matrix
    if_missing: str
    target: Expression | None = None
    accumulate: str = "period"


@dataclass(frozen=True, slots=True)
class Pool:
    """The value of a measure, which those of one group share out by their ``parts``."""

    measure: str
    measure_span: Span
    parts: Expression


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap or floor: money, or a part: of a component's target amount, of a plan's variable pay."""

    value: Fraction
    is_share: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Gate:
    name: str
    when: Expression
    span: Span
    because: str = ""


@dataclass(frozen=True, slots=True)
class Amortise:
    """A credit is a cost of so many ``months``, from the month of ``start`` on (None: of the credit's own day)."""

    months: Expression
    span: Span
    start: Expression | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """Either a bonus, or a commission (a credit with ``rates`` or a ``table``), or a part of a pool.

    ``cap`` and ``floor`` hold one of its periods, ``cap_per_credit`` and ``floor_per_credit`` each credit of it.
    """

    name: str
    span: Span
    bonus: Bonus | None = None
    pool: Pool | None = None
    credit: Credit | None = None
    rates: tuple[Case, ...] = ()
    table: RateTable | None = None
    period: str = ""
    cap: Limit | None = None
    floor: Limit | None = None
    cap_per_credit: Fraction | None = None
    floor_per_credit: Fraction | None = None
    gates: tuple[Gate, ...] = ()
    rounding: str = "half_up"
    each_credit: bool = False
    amortise: Amortise | None = None
    because: str = ""
    clawback: Clawback | None = None

    @property
    def is_limited(self) -> bool:
        limits = (self.cap, self.floor, self.cap_per_credit, self.floor_per_credit)
        return any(limit is not None for limit in limits)

    @property
    def accumulates(self) -> str:
        """What its rate table, or what the bonus pays, is asked for; ``each_credit`` where rates are plain."""
        if self.bonus is not None:
            return self.bonus.accumulate
        return self.table.accumulate if self.table is not None else "each_credit"


@dataclass(frozen=True, slots=True)
class OverTime:
    """Pay as written: ``value`` each ``per`` (month, quarter, half, year), or without ``per`` a part of on_target."""

    value: Expression
    per: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Two of the three are written; base and variable sum to on_target. ``prorate`` says how a part of a period counts
    of variable pay: by days, by months; or none: a part of the period is paid as all of it.
    """

    span: Span
    on_target: OverTime | None = None
    base: OverTime | None = None
    variable: OverTime | None = None
    prorate: str = "days"

    @property
    def written(self) -> tuple[OverTime, ...]:
        return tuple(each for each in (self.on_target, self.base, self.variable) if each is not None)


TRANSACTION, AVERAGE, PLAN_RATE = "transaction", "period_average", "plan_rate"


@dataclass(frozen=True, slots=True)
class Exchange:
    """Rates of exchange from ``table``: of the credit's own day (transaction), the mean of its period's
    (period_average), or the one in force on the first day of its fiscal year (plan_rate).
    """

    table: str
    by: str
    span: Span


@dataclass(frozen=True, slots=True)
class Plan(Policy):
    """``facts_as_of`` is the day of a period whose decisions pay reads: period_start or period_end.

    All is counted in ``currency`` (empty: that of the amounts, or the workspace's). ``pay_currency`` is the field of a
    person that says in which one the lines are paid.
    """

    kind: ClassVar[str] = "comp"
    payees: Expression | None = None
    period: str = "quarter"
    components: tuple[Component, ...] = ()
    facts_as_of: str = ""
    pay: Target | None = None
    gates: tuple[Gate, ...] = ()
    draws: tuple[Draw, ...] = ()
    holdbacks: tuple[Holdback, ...] = ()
    negative: str = CARRY
    cap: Limit | None = None
    floor: Limit | None = None
    currency: str = ""
    exchange: Exchange | None = None
    pay_currency: str = ""
    currency_span: Span | None = None
    pay_currency_span: Span | None = None

    @property
    def line_names(self) -> set[str]:
        """What stands as ``component`` in the lines of its statements."""
        named = [c.name for c in self.components] + [d.name for d in self.draws] + [h.name for h in self.holdbacks]
        limits = {"cap": self.cap, "floor": self.floor}
        return {*named, *(name for name, limit in limits.items() if limit is not None)}
