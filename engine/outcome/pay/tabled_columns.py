"""The column twin of ``tabled``: what the credits of many payees earn by a rate table, between cap and floor, behind
gates. A table is asked once for a payee and period, by the reference; what it gives is shared out in columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import lcm

import polars as pl

from ...amounts import in_units
from ...currencies import minor_digits
from ...periods import Period
from ...policy.model_pay import Component
from .cents import apportioned_each
from .credit_frame import CreditFrame
from .credits import CREDITED, Summed
from .gates import Own
from .payees import Payees
from .settled import Found, Told, in_lines, settled
from .tabled import per_credit
from .units import AMOUNT, EARNING, Pricing, Steps, Sums, Unit

WIDEST = 2**110
"""What a numerator may be, so that the sum of many still fits 128 bits."""


@dataclass(frozen=True, slots=True)
class Units:
    """The units of every payee whose credits are paid in columns, in the order of the component's periods."""

    component: Component
    currency: str
    starts: Sequence[date]
    of: Mapping[str, Sequence[Unit]]


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
    written, lines = settled(rest.where(~pl.col("payee").is_in(list(units.of))), component, summed, digits)
    if not units.of:
        return Together(unpaid, beside, singly, (written,), lines)
    others, told_lines = settled_units(rest.where(pl.col("payee").is_in(list(units.of))), units)
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
        return found, Units(component, found.credits.same["currency"], starts, {})
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
    if divisor > 2**40 or by > 2**20 or max(limits) > WIDEST:
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
    sums, none = _sums(credits, list(own), starts), Sums()
    found: dict[str, list[Unit]] = {}
    for person, stretches in own.items():
        every = [sums.get((person, i), none) for i in range(len(stretches))]
        units = [pricing.unit(each, of) for each, of in zip(stretches, every, strict=True)]
        mine = [unit for unit in units if unit is not None]
        if component.each_credit and not all(unit.why for unit in mine):
            # each is rounded by itself, and what the limits then hold is no longer their sum
            continue
        if len(mine) == len(every) and _fits(mine, every):
            found[person] = mine
    return Units(component, currency, starts, found)


def _sums(credits: CreditFrame, persons: Sequence[str], starts: Sequence[date]) -> dict[tuple[str, int], Sums]:
    counted = credits.frame.filter((pl.col("status") == CREDITED) & pl.col("payee").is_in(persons))
    earning, amount = pl.col(EARNING), pl.col(AMOUNT)
    wide = (each.cast(pl.Int128) for each in (earning, amount))
    groups = counted.group_by("payee", _period(starts)).agg(
        pl.len(),
        *(each.sum() for each in wide),
        *(each.abs().max().cast(pl.Int128).alias(name) for name, each in (("e", earning), ("a", amount))),
    )
    return {
        (person, i): Sums(count, int(e or 0), int(a or 0), max(int(most_e or 0), int(most_a or 0)))
        for person, i, count, e, a, most_e, most_a in groups.iter_rows()
    }


def _period(starts: Sequence[date]) -> pl.Expr:
    """Which of the component's periods a credit is dated in."""
    found = pl.lit(0, dtype=pl.Int32)
    for start in starts[1:]:
        found = found + (pl.col("dated") >= start).cast(pl.Int32)
    return found.alias("part")


def _fits(mine: Sequence[Unit], sums: Sequence[Sums]) -> bool:
    divisor = lcm(*(unit.over for unit in mine))
    bounds = [max(of.widest, 1) * abs(unit.by) * (divisor // unit.over) for of, unit in zip(sums, mine, strict=True)]
    return divisor < WIDEST and max(bounds, default=0) < WIDEST


def settled_units(credits: CreditFrame, paid: Units) -> tuple[CreditFrame, Mapping[str, Summed]]:
    """As ``settled``: the credits with their earnings apportioned to the lines, and what each line comes to."""
    digits = minor_digits(paid.currency)
    frame = _shut(credits.frame, paid)
    counted = frame["status"] == CREDITED
    own = frame.filter(counted).with_columns(_period(paid.starts), who=pl.col("payee").rle_id())
    own = own.with_columns(unit=pl.struct("who", "part").rle_id())
    names = own["payee"].unique(maintain_order=True).to_list()
    firsts = own.unique("unit", keep="first", maintain_order=True).select("payee", "part", "who").rows()
    divisors = [lcm(*(unit.over for unit in paid.of[name])) for name in names]
    rows = [(paid.of[person][part], divisors[who]) for person, part, who in firsts]
    numbers = _numbers(own, rows)
    cents = {person: _cents(mine, digits, paid.component.rounding) for person, mine in paid.of.items()}
    shown = apportioned_each(numbers, divisors, own["who"], [cents[name] for name in names])
    earning = pl.repeat(None, len(frame), dtype=shown.dtype, eager=True).scatter(counted.arg_true(), shown)
    written = CreditFrame(frame.with_columns(earning=earning), {**credits.divisors, EARNING: 10**digits}, credits.same)
    told = {
        person: Told(Fraction(cents[person], 10**digits), [unit.why for unit in mine if unit.why], Steps(mine, digits))
        for person, mine in paid.of.items()
    }
    return written, in_lines(frame, own, credits.divisors, told)


def _cents(mine: Sequence[Unit], digits: int, rule: str) -> int:
    """What the units come to, in minor units."""
    divisor = lcm(*(unit.divisor for unit in mine))
    return in_units(sum(unit.most * (divisor // unit.divisor) for unit in mine), divisor, digits, rule)


def _numbers(own: pl.DataFrame, rows: Sequence[tuple[Unit, int]]) -> pl.Series:
    """Each credit's minor units, over the divisor of its payee."""
    factors = [unit.by * (divisor // unit.over) for unit, divisor in rows]
    bases = {unit.base for unit, _ in rows}
    width = pl.Int128
    by = pl.Series(factors, dtype=width).gather(own["unit"])
    if bases <= {EARNING} or bases <= {AMOUNT}:
        base = own[next(iter(bases), EARNING)].cast(width)
    else:
        of = pl.Series([unit.base for unit, _ in rows], dtype=pl.String).gather(own["unit"])
        base = own.select(
            pl.when(pl.lit(of) == EARNING).then(pl.col(EARNING).cast(width))
            .when(pl.lit(of) == AMOUNT).then(pl.col(AMOUNT).cast(width))
            .otherwise(pl.lit(1, dtype=width))
        ).to_series()  # fmt: skip
    return (base * by).fill_null(0)


def _shut(frame: pl.DataFrame, paid: Units) -> pl.DataFrame:
    """A shut gate pays nothing, whatever a credit waits for."""
    shut = [(person, i, unit.why) for person, mine in paid.of.items() for i, unit in enumerate(mine) if unit.why]
    if not shut:
        return frame
    schema = {"payee": pl.String, "part": pl.Int32, "why": pl.String}
    why = pl.DataFrame(shut, schema=schema, orient="row")
    joined = frame.with_columns(_period(paid.starts)).join(why, on=["payee", "part"], how="left", maintain_order="left")
    is_shut = pl.col("why").is_not_null()
    return joined.with_columns(
        status=pl.when(is_shut).then(pl.lit(CREDITED)).otherwise("status"),
        reason=pl.coalesce("why", "reason"),
        earning=pl.when(is_shut).then(pl.lit(0)).otherwise(EARNING).cast(frame[EARNING].dtype),
    ).drop("why", "part")
