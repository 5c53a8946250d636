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
from .scales import Waits, quota_of, reached, scale_of, told
from .tabled import limit_step
from .whole_bands import WholeBands

EARNING, AMOUNT, ALIKE = "earning", "credit_amount", "alike"


class Sums(NamedTuple):
    """Of the credits of a unit: how many, what they earn and their amounts, whole over the divisors of the frame."""

    many: int = 0
    earning: int = 0
    amount: int = 0


class Asked(NamedTuple):
    """What a rate table was asked: by whom, with which ``amount``, over the divisor of the credits. ``is_paid``: what
    it gave is earned.
    """

    payee: Payee
    amount: int
    is_paid: bool


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
        table = self.table
        if each.is_open is False:
            return Unit(why=each.why, asked=Asked(each.payee, of.amount, False) if table is not None else None)
        if table is None:
            return self._held(of, EARNING, of.earning, self.divisors[EARNING])
        if not of.many:
            return self._held(of, AMOUNT, 0, 1, Asked(each.payee, 0, False))
        earned = self._earned(table, each.payee, of.amount)
        return self._held(of, AMOUNT, *earned, Asked(each.payee, of.amount, True)) if earned is not None else None

    def steps(self, unit: Unit) -> Iterator[Step]:
        """How far the credits reach, how the table came to what the unit earns, what its limits made of that."""
        table, asked = self.table, unit.asked
        if table is not None and asked is not None:
            amount = Fraction(asked.amount, self.divisors[AMOUNT])
            yield from reached(table, asked.payee, amount, self.digits)
            found = scale_of(table, asked.payee) if asked.is_paid else None
            if isinstance(found, tuple):
                scale, steps = found
                yield from steps
                yield from told(scale.cut(amount), self.digits)
        if unit.most != unit.total:
            total, most = Fraction(unit.total, unit.divisor), Fraction(unit.most, unit.divisor)
            yield limit_step(total, most, self.digits)

    def _earned(self, table: RateTable, payee: Payee, amount: int) -> tuple[int, int] | None:
        """What the table gives for the amount, as a whole number and its divisor; None where a figure is missing."""
        divisor = self.divisors[AMOUNT]
        if self._bands is not None:
            quota = quota_of(table, payee)
            return None if isinstance(quota, Waits) else self._bands.earned(amount, divisor, quota)
        found = scale_of(table, payee)
        if isinstance(found, Waits):
            return None
        total = sum((part.earning for part in found[0].cut(Fraction(amount, divisor))), Fraction(0))
        return total.numerator, total.denominator

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
