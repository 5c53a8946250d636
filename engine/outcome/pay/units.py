"""What one payee earns in one period of a component, from the sums of the credits: what each of these has of it, in
whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import NamedTuple, overload

from ...policy.model_pay import Component, Limit, RateTable
from .gates import Own
from .lines import Step
from .payees import Payee
from .rates import Scale
from .scales import Waits, quota_of, scale_of, told
from .tabled import limit_step
from .whole_bands import WholeBands

EARNING, AMOUNT, ALIKE = "earning", "credit_amount", "alike"


class Sums(NamedTuple):
    """Of the credits of a unit: how many, what they earn and their amounts, whole over the divisors of the frame."""

    many: int = 0
    earning: int = 0
    amount: int = 0


class Asked(NamedTuple):
    """What a rate table was asked: an ``amount``, over the divisor of the credits, its edges parts of ``quota``; where
    it is not ``WholeBands``, by a ``scale`` of the payee's own, with the steps to it.
    """

    amount: int
    quota: Fraction | None
    scale: Scale | None = None
    steps: tuple[Step, ...] = ()


class Unit(NamedTuple):
    """One payee in one of the component's periods. Each credit earns ``by`` / ``over`` minor units for one of its
    ``base``: its earning, its amount, or one. Together they earn ``total``, after cap and floor ``most``, both over
    ``divisor``. ``why``: a gate is shut, and nothing is earned. ``asked``: of its rate table.
    """

    base: str = EARNING
    by: int = 0
    over: int = 1
    total: int = 0
    most: int = 0
    divisor: int = 1
    why: str = ""
    asked: Asked | None = None


class Steps(Sequence[Step]):
    """The steps of a line, told when the line is made: not while the credits of all are priced."""

    def __init__(self, mine: Sequence[Unit], pricing: Pricing) -> None:
        self._mine, self._pricing = mine, pricing

    @cached_property
    def _told(self) -> tuple[Step, ...]:
        return tuple(step for unit in self._mine for step in self._pricing.steps(unit))

    def __len__(self) -> int:
        return len(self._told)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | Sequence[Step]:
        return self._told[index]


class Pricing:
    """``unit`` is what a payee earns in one period; ``divisors`` are those of the credits."""

    def __init__(self, component: Component, divisors: Mapping[str, int], digits: int) -> None:
        self.table, self.divisors, self.digits = component.table, divisors, digits
        self._minor = 10**digits
        self._bands = WholeBands.of(component.table) if component.table is not None else None
        floor, cap = _money(component.floor), _money(component.cap)
        self._limits_of = lcm(*(each.denominator for each in (floor, cap) if each is not None))
        self._floor = int(floor * self._limits_of) if floor is not None else None
        self._cap = int(cap * self._limits_of) if cap is not None else None

    def unit(self, each: Own, of: Sums) -> Unit | None:
        """None where the reference has to say why it waits."""
        if each.is_open is None:
            return None
        if each.is_open is False:
            return Unit(why=each.why)
        if self.table is None:
            return self._held(of, EARNING, of.earning, self.divisors[EARNING])
        return self._tabled(self.table, each.payee, of) if of.many else self._held(of, AMOUNT, 0, 1)

    def steps(self, unit: Unit) -> Iterator[Step]:
        """How the table came to what the unit earns, and what its limits made of that."""
        asked, bands = unit.asked, self._bands
        if asked is not None:
            scale = bands.scale(asked.quota) if bands is not None else asked.scale
            yield from asked.steps
            if scale is not None:
                yield from told(scale.cut(Fraction(asked.amount, self.divisors[AMOUNT])), self.digits)
        if unit.most != unit.total:
            total, most = Fraction(unit.total, unit.divisor), Fraction(unit.most, unit.divisor)
            yield limit_step(total, most, self.digits)

    def _tabled(self, table: RateTable, payee: Payee, of: Sums) -> Unit | None:
        divisor = self.divisors[AMOUNT]
        if self._bands is None:
            found = scale_of(table, payee)
            if isinstance(found, Waits):
                return None
            scale, steps = found
            total = sum((part.earning for part in scale.cut(Fraction(of.amount, divisor))), Fraction(0))
            asked = Asked(of.amount, scale.of, scale, steps)
            return self._held(of, AMOUNT, total.numerator, total.denominator, asked)
        quota = quota_of(table, payee)
        if isinstance(quota, Waits):
            return None
        return self._held(of, AMOUNT, *self._bands.earned(of.amount, divisor, quota), Asked(of.amount, quota))

    def _held(self, of: Sums, base: str, total: int, divisor: int, asked: Asked | None = None) -> Unit:
        """``total`` / ``divisor`` between floor and cap, and what each credit has of it."""
        common = lcm(divisor, self._limits_of)
        total, limit = total * (common // divisor), common // self._limits_of
        most = total
        if self._floor is not None:
            most = max(most, self._floor * limit)
        if self._cap is not None:
            most = min(most, self._cap * limit)
        if base == EARNING and (most == total or total):
            by, over = (most, total * self.divisors[EARNING]) if total else (1, self.divisors[EARNING])
        elif of.amount:
            base, by, over = AMOUNT, most, common * of.amount
        else:
            base, by, over = ALIKE, most if of.many else 0, common * (of.many or 1)
        by *= self._minor
        shared = gcd(by, over) if over > 0 else -gcd(by, over)
        return Unit(base, by // shared, over // shared, total, most, common, asked=asked)


def _money(limit: Limit | None) -> Fraction | None:
    """A commission has no target amount to take a share of."""
    return None if limit is None else Fraction(0) if limit.is_share else limit.value
