"""Pay at target: what a plan's base and variable pay come to for one payee, a year and for the days that are paid."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...periods import MONTHS_IN
from ...policy.model_pay import OverTime, Target
from ...program.spoken import lacking
from .payees import Payee


@dataclass(frozen=True, slots=True)
class Yearly:
    """Pay a year. What cannot be known is None; of variable pay ``why`` says then what is missing."""

    on_target: Fraction | None
    base: Fraction | None
    variable: Fraction | None
    why: str = ""


def yearly(target: Target | None, payee: Payee) -> Yearly:
    """Two of the three are written, the third follows. No variable pay at all is nothing of it."""
    if target is None:
        return Yearly(Fraction(0), Fraction(0), Fraction(0))
    whole = _a_year(target.on_target, payee, None)
    base, variable = (_a_year(part, payee, whole) for part in (target.base, target.variable))
    if target.on_target is None:
        whole = base + variable if base is not None and variable is not None else None
    elif target.base is None:
        base = whole - variable if whole is not None and variable is not None else None
    else:
        variable = whole - base if whole is not None and base is not None else None
    if variable is None:
        missing = sorted({name for each in target.written for name in payee.book.missing(each.value, payee)})
        return Yearly(whole, base, None, f"variable pay has no value without {lacking(missing)}")
    if variable < 0:
        return Yearly(whole, base, None, "variable pay is less than nothing")
    return Yearly(whole, base, variable)


def _a_year(paid: OverTime | None, payee: Payee, whole: Fraction | None) -> Fraction | None:
    value = payee.book.value(paid.value, payee) if paid is not None else None
    if paid is None or not isinstance(value, Fraction):
        return None
    if paid.per:
        return value * 12 / MONTHS_IN[paid.per]
    return value * whole if whole is not None else None


def of_the_part(a_year: Fraction, prorate: str, payee: Payee, days: int) -> Fraction:
    """What the payee's part of a period has of the pay of a year. ``days`` are those of the period on which the plan
    pays the person at all: where nothing is taken away for the others, the parts share the period's pay by them.
    """
    part, whole = payee.agreed.part, payee.agreed.whole
    share = Fraction(part.days, days) if prorate == "none" else part.share_of(whole, prorate)
    return a_year * whole.months / 12 * share
