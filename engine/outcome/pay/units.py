"""What one payee earns in one period of a component, from the sums of the credits: what each of these has of it, in
whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from math import gcd, lcm
from typing import overload

from ...policy.model_pay import Component, Limit, RateTable
from .gates import Own
from .lines import Step
from .payees import Payee
from .scales import Waits, quota_of, scale_of, told
from .tabled import limit_step
from .whole_bands import WholeBands

EARNING, AMOUNT, ALIKE = "earning", "credit_amount", "alike"


@dataclass(frozen=True, slots=True)
class Sums:
    """Of the credits of a unit: how many, what they earn and their amounts, and the largest number of either: whole
    over the divisors of the frame.
    """

    count: int = 0
    earning: int = 0
    amount: int = 0
    widest: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """One payee in one of the component's periods. Each credit earns ``by`` / ``over`` minor units for one of its
    ``base``: its earning, its amount, or one. Together they earn ``total``, after cap and floor ``most``, both over
    ``divisor``. ``why``: a gate is shut, and nothing is earned.
    """

    base: str = EARNING
    by: int = 0
    over: int = 1
    total: int = 0
    most: int = 0
    divisor: int = 1
    explained: Callable[[], tuple[Step, ...]] = tuple
    why: str = ""

    def steps(self, digits: int) -> tuple[Step, ...]:
        if self.most == self.total:
            return self.explained()
        total, most = Fraction(self.total, self.divisor), Fraction(self.most, self.divisor)
        return (*self.explained(), limit_step(total, most, digits))


class Steps(Sequence[Step]):
    """The steps of a line, told when the line is made: not while the credits of all are priced."""

    def __init__(self, mine: Sequence[Unit], digits: int) -> None:
        self._mine, self._digits = mine, digits

    @cached_property
    def _told(self) -> tuple[Step, ...]:
        return tuple(step for unit in self._mine for step in unit.steps(self._digits))

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
        return self._tabled(self.table, each.payee, of) if of.count else self._held(of, AMOUNT, 0, 1)

    def _tabled(self, table: RateTable, payee: Payee, of: Sums) -> Unit | None:
        divisor = self.divisors[AMOUNT]
        if self._bands is None:
            found = scale_of(table, payee)
            if isinstance(found, Waits):
                return None
            scale, steps = found
            cut = scale.cut(Fraction(of.amount, divisor))
            total = sum((part.earning for part in cut), Fraction(0))
            return self._held(of, AMOUNT, total.numerator, total.denominator, lambda: (*steps, *told(cut, self.digits)))
        bands, quota = self._bands, quota_of(table, payee)
        if isinstance(quota, Waits):
            return None
        earned, of_earned = bands.earned(of.amount, divisor, quota)
        cut_again = partial(self._steps, bands, of.amount, quota)
        return self._held(of, AMOUNT, earned, of_earned, cut_again)

    def _steps(self, bands: WholeBands, amount: int, quota: Fraction | None) -> tuple[Step, ...]:
        return told(bands.cut(Fraction(amount, self.divisors[AMOUNT]), quota), self.digits)

    def _held(self, of: Sums, base: str, total: int, divisor: int, cut: Callable[[], tuple[Step, ...]] = tuple) -> Unit:
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
            base, by, over = ALIKE, most if of.count else 0, common * (of.count or 1)
        shared = gcd(by * 10**self.digits, over) * (1 if over > 0 else -1)
        return Unit(base, by * 10**self.digits // shared, over // shared, total, most, common, cut)


def _money(limit: Limit | None) -> Fraction | None:
    """A commission has no target amount to take a share of."""
    return None if limit is None else Fraction(0) if limit.is_share else limit.value
