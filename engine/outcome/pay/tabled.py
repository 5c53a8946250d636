"""What the credits of one payee earn in one period: by their own rates, or by a rate table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...amounts import grouped
from ...currencies import minor_digits
from ...policy.model_pay import Component, RateTable
from .bonus import limited
from .credits import CREDITED, WAITING, Credited
from .lines import Step
from .payees import Payee
from .rates import ZERO, Scale, Slice
from .scales import Waits, reached, scale_of, told


@dataclass(frozen=True, slots=True)
class Tabled:
    """``earning`` is exact; those of the credits sum to it. ``steps`` say how it came."""

    credits: list[Credited]
    earning: Fraction
    steps: tuple[Step, ...]


def priced(component: Component, payee: Payee, credits: list[Credited], currency: str) -> Tabled:
    """Credits without a rate of their own get their earning from the table; each is held by its own cap and floor.
    Those of the component are not looked at.

    ``credits`` are in their order: date, then record.
    """
    told: tuple[Step, ...] = ()
    if component.table is not None:
        credits, told = _by_table(component.table, payee, credits, minor_digits(currency))
    if component.cap_per_credit is not None or component.floor_per_credit is not None:
        credits = [_held(component, credit, minor_digits(currency)) for credit in credits]
    total = sum((c.earning for c in credits if c.status == CREDITED and c.earning is not None), ZERO)
    return Tabled(credits, total, told)


def held(component: Component, parts: Sequence[Tabled], currency: str) -> list[Tabled]:
    """The parts of one period of the component between its cap and its floor, which hold what they come to together."""
    digits = minor_digits(currency)
    total = sum((part.earning for part in parts), ZERO)
    most = limited(component, total, ZERO)
    if most == total or not parts:
        return list(parts)
    step = limit_step(total, most, digits)
    if total:
        found = [
            Tabled([_scaled(credit, most / total) for credit in part.credits], part.earning * most / total, part.steps)
            for part in parts
        ]
    else:
        found = _spread_over(parts, most)
    return [*found[:-1], replace(found[-1], steps=(*found[-1].steps, step))]


def limit_step(earning: Fraction, most: Fraction, digits: int) -> Step:
    word = "capped" if most < earning else "raised"
    return Step(f"{word} to {grouped(most, digits)} (of {grouped(earning, digits)})", earning, None, most)


def _held(component: Component, credit: Credited, digits: int) -> Credited:
    """A credit between cap and floor; one below zero is held alike, and what earns nothing stays at nothing."""
    if credit.status != CREDITED or not credit.earning:
        return credit
    size, sign = abs(credit.earning), 1 if credit.earning > 0 else -1
    cap, floor = component.cap_per_credit, component.floor_per_credit
    if floor is not None and size < floor:
        return replace(credit, earning=sign * floor, reason=per_credit("no less", floor, digits))
    if cap is not None and size > cap:
        return replace(credit, earning=sign * cap, reason=per_credit("no more", cap, digits))
    return credit


def per_credit(what: str, limit: Fraction, digits: int) -> str:
    return f"{what} than {grouped(limit, digits)} for one credit"


def _spread_over(parts: Sequence[Tabled], earning: Fraction) -> list[Tabled]:
    """What a floor raises out of nothing, by the amounts of the credits; the last part has it where there are none."""
    every = iter(spread([credit for part in parts for credit in part.credits], earning))
    found = []
    for part in parts:
        credits = [next(every) for _ in part.credits]
        own = sum((c.earning for c in credits if c.status == CREDITED and c.earning is not None), ZERO)
        found.append(Tabled(credits, own, part.steps))
    if not any(credit.status == CREDITED for part in parts for credit in part.credits):
        found[-1] = replace(found[-1], earning=earning)
    return found


def _by_table(
    table: RateTable, payee: Payee, credits: list[Credited], digits: int
) -> tuple[list[Credited], tuple[Step, ...]]:
    counted = [credit for credit in credits if credit.status == CREDITED]
    rest = [credit for credit in credits if credit.status != CREDITED]
    total = sum(map(amount_of, counted), ZERO)
    attained = reached(table, payee, total, digits)
    if not counted:
        return rest, attained
    found = scale_of(table, payee)
    if isinstance(found, Waits):
        return [replace(credit, status=WAITING, reason=found.reason) for credit in counted] + rest, attained
    scale, steps = found[0], attained + found[1]
    if table.accumulate == "period":
        cut = scale.cut(total)
        return spread(counted, sum((part.earning for part in cut), ZERO)) + rest, steps + told(cut, digits)
    earned = []
    for credit, cut in _one_by_one(table, scale, counted):
        earned.append(_earned(credit, cut))
        steps += tuple(replace(step, text=f"{credit.record}: {step.text}") for step in told(cut, digits))
    return earned + rest, steps


def _one_by_one(table: RateTable, scale: Scale, credits: list[Credited]) -> Iterator[tuple[Credited, list[Slice]]]:
    """Each credit alone; or ``running``, after those before it."""
    after: Fraction | None = None
    for credit in credits:
        amount = amount_of(credit)
        yield credit, scale.cut(amount, after)
        if table.accumulate == "running":
            after = (after or ZERO) + amount


def amount_of(credit: Credited) -> Fraction:
    return credit.credit_amount or ZERO


def _earned(credit: Credited, cut: list[Slice]) -> Credited:
    rate = cut[0].rate if len(cut) == 1 else None
    earning = sum((part.earning for part in cut), ZERO)
    reason = "; ".join(filter(None, (credit.reason, "" if earning else "the table pays 0 for it")))
    return replace(credit, rate=rate, earning=earning, reason=reason)


def _scaled(credit: Credited, by: Fraction) -> Credited:
    """Its part of what a cap or floor leaves, by what it earned: a credit at 0 % stays at 0."""
    return replace(credit, earning=credit.earning * by) if credit.earning is not None else credit


def spread(credits: list[Credited], earning: Fraction) -> list[Credited]:
    """The credits' parts of ``earning``, by their amounts; alike where these sum to zero."""
    counted = [credit for credit in credits if credit.status == CREDITED]
    total = sum((amount_of(credit) for credit in counted), ZERO)
    found = []
    for credit in credits:
        if credit.status != CREDITED:
            found.append(credit)
            continue
        part = amount_of(credit) / total if total else Fraction(1, len(counted))
        found.append(replace(credit, earning=earning * part))
    return found
