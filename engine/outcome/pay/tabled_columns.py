"""The column twin of ``tabled``: what the credits of many payees earn by a rate table, between cap and floor, behind
gates. A table is asked once for a payee and period (``units``); what it gives is shared out in columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import lcm

import polars as pl

from ...amounts import in_units
from ...columns import INT64
from ...currencies import minor_digits
from ...periods import Period
from ...policy.model_pay import Component
from .cents import apportioned_each
from .credit_frame import CreditFrame
from .credits import CREDITED, Summed
from .gates import Own
from .payees import Payees
from .settled import Found, Told, in_lines, settled, spread_out
from .tabled import per_credit
from .units import ALIKE, AMOUNT, EARNING, Pricing, Steps, Sums, Unit
from .whole import MOST_DIVISOR, largest

WIDEST = 2**110
"""What a numerator may be, so that the sum of many still fits 128 bits."""


@dataclass(frozen=True, slots=True)
class Units:
    """The units of every payee whose credits are paid in columns, in the order of the component's periods; and the
    divisor that they share.
    """

    component: Component
    pricing: Pricing
    currency: str
    starts: Sequence[date]
    of: Mapping[str, Sequence[Unit]]
    over: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Together:
    """The credits of a component: ``unpaid``, ``beside`` (of nobody who is paid on that day), ``written`` with the
    earnings of the ``lines``, and those for the reference (``singly``).
    """

    unpaid: CreditFrame
    beside: CreditFrame
    singly: CreditFrame
    written: Sequence[CreditFrame]
    lines: Mapping[str, Summed]


def paid_together(
    component: Component, found: Found, own: Mapping[str, Sequence[Own]], parts: Sequence[Period], payees: Payees
) -> Together:
    """``own`` are the stretches of each payee whose numbers fit columns, in the component's periods ``parts``."""
    digits, dated = minor_digits(found.credits.same["currency"]), payees if payees.terms is not None else None
    paid = [person for person in payees if payees.is_paid(person) is not False]
    summed: set[str] = set()
    if component.table is None and not component.is_limited:
        summed = {person for person, stretches in own.items() if all(each.is_open for each in stretches)}
    found, units = _priced(component, found, {who: each for who, each in own.items() if who not in summed}, parts)
    kept = {*summed, *units.of}
    unpaid, beside, singly, rest = found.apart([person for person in paid if person not in kept], dated)
    theirs = pl.lit(rest.frame["payee"].is_in([*units.of]))
    written, lines = settled(rest.where(~theirs), component, summed, digits)
    if not units.of:
        return Together(unpaid, beside, singly, (written,), lines)
    others, told_lines = settled_units(rest.where(theirs), units)
    return Together(unpaid, beside, singly, (written, others), {**lines, **told_lines})


def _priced(
    component: Component, found: Found, own: Mapping[str, Sequence[Own]], parts: Sequence[Period]
) -> tuple[Found, Units]:
    """Those are paid in columns whose every period is one stretch, where the component can be."""
    days = [part.days for part in parts]
    kept = {who: each for who, each in own.items() if [one.payee.agreed.part.days for one in each] == days}
    starts = [part.start for part in parts]
    try:
        held = replace(found, credits=held_singly(component, found.credits))
    except OverflowError:
        # not an error: what no column holds exactly is paid row by row
        return found, priced_units(component, found.credits, {}, starts)
    # where each credit is looked up by itself, or after those before it, the reference does
    sums_alone = component.table is None or component.table.accumulate == "period"
    return held, priced_units(component, held.credits, kept if sums_alone else {}, starts)


def held_singly(component: Component, credits: CreditFrame) -> CreditFrame:
    """Each credit between its own cap and floor. Raises OverflowError where these fit no column."""
    cap, floor = component.cap_per_credit, component.floor_per_credit
    if cap is None and floor is None:
        return credits
    divisor = lcm(credits.divisors[EARNING], *(limit.denominator for limit in (cap, floor) if limit is not None))
    by = divisor // credits.divisors[EARNING]
    limits = [int(limit * divisor) for limit in (cap, floor) if limit is not None]
    if divisor > MOST_DIVISOR or by > 2**20 or max(limits) > WIDEST:
        raise OverflowError("a limit that fits no column")
    digits, earning = minor_digits(credits.same["currency"]), pl.col("exact")
    sign, size = earning.sign(), earning.abs()
    frame = credits.frame.with_columns(exact=pl.col(EARNING).cast(pl.Int128) * pl.lit(by, dtype=pl.Int128))
    found, reason = earning, pl.col("reason")
    for limit, what, beyond in ((cap, "no more", pl.Expr.gt), (floor, "no less", pl.Expr.lt)):
        if limit is not None:
            most = pl.lit(int(limit * divisor), dtype=pl.Int128)
            is_held = (earning != 0) & beyond(size, most)
            found = pl.when(is_held).then(sign * most).otherwise(found)
            reason = pl.when(is_held).then(pl.lit(per_credit(what, limit, digits))).otherwise(reason)
    frame = frame.with_columns(found.alias(EARNING), reason.alias("reason")).drop("exact")
    return CreditFrame(frame, {**credits.divisors, EARNING: divisor}, credits.same)


def priced_units(
    component: Component, credits: CreditFrame, own: Mapping[str, Sequence[Own]], starts: Sequence[date]
) -> Units:
    """The units of those of these payees who are paid in columns; ``own`` are their stretches, one for each period."""
    currency = credits.same["currency"]
    pricing = Pricing(component, credits.divisors, minor_digits(currency))
    sums, widest = _sums(credits, starts)
    none = [Sums()] * len(starts)
    found: dict[str, list[Unit]] = {}
    over: dict[str, int] = {}
    for person, stretches in own.items():
        units = [pricing.unit(each, of) for each, of in zip(stretches, sums.get(person, none), strict=True)]
        mine = [unit for unit in units if unit is not None]
        if component.each_credit and not all(unit.why for unit in mine):
            # each is rounded by itself, and what the limits then hold is no longer their sum
            continue
        divisor = lcm(*[unit.over for unit in mine])
        if len(mine) == len(units) and _fits(mine, divisor, widest):
            found[person], over[person] = mine, divisor
    return Units(component, pricing, currency, starts, found, over)


def _sums(credits: CreditFrame, starts: Sequence[date]) -> tuple[dict[str, list[Sums]], int]:
    """What the credits of each payee come to, for each period; and the largest number among them."""
    persons, codes = _codes(credits.frame, starts)
    counted = credits.frame.select(codes, EARNING, AMOUNT).filter(credits.frame["status"] == CREDITED)
    widest = {name: largest(counted[name]) for name in (EARNING, AMOUNT)}
    numbers = [pl.col(name).cast(_width(most * len(counted))) for name, most in widest.items()]
    groups = counted.select("unit", *numbers).group_by("unit").agg(pl.len(), pl.sum(EARNING, AMOUNT))
    found = {person: [Sums()] * len(starts) for person in persons}
    for code, many, earning, amount in groups.iter_rows():
        found[persons[code // len(starts)]][code % len(starts)] = Sums(many, int(earning), int(amount))
    return found, max(widest.values())


def _width(most: int) -> type[pl.DataType]:
    return pl.Int64 if most in INT64 else pl.Int128


def _codes(credits: pl.DataFrame, starts: Sequence[date]) -> tuple[list[str], pl.Series]:
    """The payees in their order, which is that of the credits, and of each credit its ``unit``: payee by payee, one
    for each period.
    """
    who = credits["payee"].rle_id()
    names: list[str] = credits["payee"].gather(who.rle().struct.field("len").cum_sum() - 1).to_list()
    if len(starts) == 1:
        return names, who.alias("unit").set_sorted()
    part = pl.lit(0, dtype=pl.UInt32)
    for start in starts[1:]:
        part = part + (pl.col("dated") >= start).cast(pl.UInt32)
    return names, credits.select(unit=who * pl.lit(len(starts), dtype=pl.UInt32) + part).to_series().set_sorted()


def _fits(mine: Sequence[Unit], divisor: int, widest: int) -> bool:
    most = max([abs(unit.by) * (divisor // unit.over) for unit in mine])
    return divisor < WIDEST and (widest or 1) * most < WIDEST


def settled_units(credits: CreditFrame, paid: Units) -> tuple[CreditFrame, Mapping[str, Summed]]:
    """As ``settled``: the credits with their earnings apportioned to the lines, and what each line comes to."""
    digits, periods = minor_digits(paid.currency), len(paid.starts)
    persons, codes = _codes(credits.frame, paid.starts)
    units = [unit for person in persons for unit in paid.of[person]]
    frame = _shut(credits.frame, codes, units)
    counted = frame["status"] == CREDITED
    own = frame.select(EARNING, AMOUNT, "rate", codes).filter(counted)
    met = (own["unit"] // periods).rle()
    own = own.with_columns(who=(pl.col("unit") // periods).rle_id().set_sorted())
    names, over = [persons[who] for who in met.struct.field("value")], paid.over
    factors = [unit.by * (over[person] // unit.over) for person in persons for unit in paid.of[person]]
    numbers = _numbers(own, units, factors)
    cents = {person: _cents(mine, digits, paid.component.rounding) for person, mine in paid.of.items()}
    shown = apportioned_each(numbers, [over[name] for name in names], own["who"], [cents[name] for name in names])
    now = {**credits.divisors, EARNING: 10**digits}
    written = CreditFrame(frame.with_columns(earning=spread_out(shown, counted)), now, credits.same)
    told = (
        (person, Told(Fraction(cents[person], 10**digits), _gated(mine), Steps(mine, paid.pricing)))
        for person, mine in paid.of.items()
    )
    return written, in_lines(frame, own, names, credits.divisors, told)


def _gated(mine: Sequence[Unit]) -> Sequence[str]:
    return tuple([unit.why for unit in mine if unit.why])


def _cents(mine: Sequence[Unit], digits: int, rule: str) -> int:
    """What the units come to, in minor units."""
    divisor = lcm(*[unit.divisor for unit in mine])
    return in_units(sum([unit.most * (divisor // unit.divisor) for unit in mine]), divisor, digits, rule)


def _numbers(own: pl.DataFrame, units: Sequence[Unit], factors: Sequence[int]) -> pl.Series:
    """Each credit's minor units, over the divisor of its payee."""
    bases = {unit.base for unit in units if unit.by}
    if len(bases) < 2 and ALIKE not in bases:
        base = own[next(iter(bases), EARNING)]
    else:
        of = pl.lit(pl.Series([unit.base for unit in units], dtype=pl.String).gather(own["unit"]))
        one = pl.when(of == EARNING).then(EARNING).when(of == AMOUNT).then(AMOUNT).otherwise(pl.lit(1))
        base = own.select(one).to_series()
    most = max((abs(factor) for factor in factors), default=0)
    # behind shut gates all factors are zero, and yet the base may be wide
    widest = largest(base)
    width: type[pl.DataType] = pl.Int64 if all(n in INT64 for n in (widest, most, widest * most)) else pl.Int128
    return (base.cast(width) * pl.Series(factors, dtype=width).gather(own["unit"])).fill_null(0)


def _shut(frame: pl.DataFrame, codes: pl.Series, units: Sequence[Unit]) -> pl.DataFrame:
    """A shut gate pays nothing, whatever a credit waits for."""
    reasons = dict.fromkeys(unit.why for unit in units if unit.why)
    if not reasons:
        return frame
    why = pl.Series([unit.why for unit in units], dtype=pl.Enum(["", *reasons])).to_physical().gather(codes)
    reason = pl.col("reason")
    for i, each in enumerate(reasons, start=1):
        reason = pl.when(pl.lit(why == i)).then(pl.lit(each)).otherwise(reason)
    found = frame.with_columns(reason=reason)
    if (frame["status"] == CREDITED).all():
        return found
    return found.with_columns(status=pl.when(pl.lit(why > 0)).then(pl.lit(CREDITED)).otherwise("status"))
