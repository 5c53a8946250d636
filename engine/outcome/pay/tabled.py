"""What the credits of one payee earn in one period: by their own rates, or by a rate table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...amounts import grouped, percent
from ...currencies import minor_digits
from ...policy.model_pay import Bands, Component, RateTable
from ...program.spoken import lacking
from .bonus import limited
from .credits import CREDITED, WAITING, Credited
from .lines import Step
from .payees import Payee
from .rates import Slice, on_curve, slices, steps


@dataclass(frozen=True, slots=True)
class Tabled:
    """``earning`` is exact; those of the credits sum to it. ``steps`` say how it came."""

    credits: list[Credited]
    earning: Fraction
    steps: tuple[Step, ...]


def priced(component: Component, payee: Payee, credits: list[Credited], currency: str) -> Tabled:
    """Credits without a rate of their own get their earning from the table. Cap and floor are not looked at."""
    told: tuple[Step, ...] = ()
    if component.table is not None:
        credits, told = _by_table(component.table, payee, credits, minor_digits(currency))
    total = sum((c.earning for c in credits if c.status == CREDITED and c.earning is not None), Fraction(0))
    return Tabled(credits, total, told)


def held(component: Component, parts: Sequence[Tabled], currency: str) -> list[Tabled]:
    """The parts of one period of the component between its cap and its floor, which hold what they come to together."""
    digits = minor_digits(currency)
    total = sum((part.earning for part in parts), Fraction(0))
    most = limited(component, total, Fraction(0))
    if most == total or not parts:
        return list(parts)
    word = "capped" if most < total else "raised"
    step = Step(f"{word} to {grouped(most, digits)} (of {grouped(total, digits)})", total, None, most)
    if total:
        found = [
            Tabled([_scaled(credit, most / total) for credit in part.credits], part.earning * most / total, part.steps)
            for part in parts
        ]
    else:
        found = _spread_over(parts, most)
    return [*found[:-1], replace(found[-1], steps=(*found[-1].steps, step))]


def _spread_over(parts: Sequence[Tabled], earning: Fraction) -> list[Tabled]:
    """What a floor raises out of nothing, by the amounts of the credits; the last part has it where there are none."""
    spread = iter(_spread([credit for part in parts for credit in part.credits], earning))
    found = []
    for part in parts:
        credits = [next(spread) for _ in part.credits]
        own = sum((c.earning for c in credits if c.status == CREDITED and c.earning is not None), Fraction(0))
        found.append(Tabled(credits, own, part.steps))
    if not any(credit.status == CREDITED for part in parts for credit in part.credits):
        found[-1] = replace(found[-1], earning=earning)
    return found


def _by_table(
    table: RateTable, payee: Payee, credits: list[Credited], digits: int
) -> tuple[list[Credited], tuple[Step, ...]]:
    counted = [credit for credit in credits if credit.status == CREDITED]
    rest = [credit for credit in credits if credit.status != CREDITED]
    of = payee.book.value(table.of, payee) if table.of is not None else None
    quota = of if isinstance(of, Fraction) else None
    if table.of is not None and quota is not None and quota <= 0:
        why = f"the quota {table.of.text} is not above 0"
        return [replace(c, status=WAITING, reason=why) for c in counted] + rest, ()
    if table.of is not None and quota is None:
        reason = f"`of` has no value without {lacking(payee.book.missing(table.of, payee))}"
        return [replace(c, status=WAITING, reason=reason) for c in counted] + rest, ()
    if not counted:
        return rest, ()
    if table.each_credit:
        found = [(credit, _cut(table, payee, credit.credit_amount or Fraction(0), quota)) for credit in counted]
        priced_credits = [_earned(credit, cut) for credit, cut in found]
        return priced_credits + rest, tuple(
            replace(step, text=f"{c.record}: {step.text}") for c, cut in found for step in _told(cut, digits)
        )
    amount = sum((credit.credit_amount or Fraction(0) for credit in counted), Fraction(0))
    cut = _cut(table, payee, amount, quota)
    if cut is None:
        return [replace(c, status=WAITING, reason="a rate is missing") for c in counted] + rest, ()
    earning = sum((part.earning for part in cut), Fraction(0))
    return _spread(counted, earning) + rest, _told(cut, digits)


def _cut(table: RateTable, payee: Payee, amount: Fraction, quota: Fraction | None) -> list[Slice] | None:
    """The slices of ``amount``; None where a rate, or a share of a quota of zero, is missing."""
    if not isinstance(table.shape, Bands):
        return on_curve(table.shape, amount, quota) or None
    values = [payee.book.value(row.value, payee) for row in table.shape.rows]
    rates = [value for value in values if isinstance(value, Fraction)]
    if len(rates) < len(values):
        return None
    return slices(table.kind, steps(table.shape, rates, quota), amount, quota)


def _earned(credit: Credited, cut: list[Slice] | None) -> Credited:
    if cut is None:
        return replace(credit, status=WAITING, reason="a rate is missing")
    rate = cut[0].rate if len(cut) == 1 else None
    earning = sum((part.earning for part in cut), Fraction(0))
    return replace(credit, rate=rate, earning=earning, reason="" if earning else "the table pays 0 for it")


def _scaled(credit: Credited, by: Fraction) -> Credited:
    """Its part of what a cap or floor leaves, by what it earned: a credit at 0 % stays at 0."""
    return replace(credit, earning=credit.earning * by) if credit.earning is not None else credit


def _told(cut: list[Slice] | None, digits: int) -> tuple[Step, ...]:
    return tuple(Step(_slice(part, digits), part.amount, part.rate, part.earning) for part in cut or ())


def _slice(part: Slice, digits: int) -> str:
    amount, earning = grouped(part.amount, digits), grouped(part.earning, digits)
    return f"{amount} gives {earning}" if part.rate is None else f"{amount} at {percent(part.rate)} = {earning}"


def _spread(credits: list[Credited], earning: Fraction) -> list[Credited]:
    """The credits' parts of ``earning``, by their amounts; alike where these sum to zero."""
    counted = [credit for credit in credits if credit.status == CREDITED]
    total = sum((credit.credit_amount or Fraction(0) for credit in counted), Fraction(0))
    found = []
    for credit in credits:
        if credit.status != CREDITED:
            found.append(credit)
            continue
        part = (credit.credit_amount or Fraction(0)) / total if total else Fraction(1, len(counted))
        found.append(replace(credit, earning=earning * part))
    return found
