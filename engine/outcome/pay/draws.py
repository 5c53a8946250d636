"""Draws: what a payee is guaranteed or advanced in a period, and what later earnings pay back of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ...amounts import grouped, round_to, short
from ...language.tree import Expression
from ...periods import MONTHS_IN, Period
from ...policy.model_settlement import GUARANTEE, Draw
from ...program.spoken import lacking, source_of
from .kept import Owed
from .lines import DRAWN, RECOVERED, Payout, Step
from .payees import Payee
from .settling import Account

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Given:
    """A draw of one payee in one period, in figures: ``amount`` is what its days in the period come to, rounded.

    ``is_over``: it ended before the period. ``recovers`` is whether this period may pay back, as none before
    ``recover_from`` may. ``waits`` says what is missing; nothing else counts then.
    """

    draw: Draw
    amount: Fraction = NOTHING
    in_force: bool = False
    is_over: bool = False
    recovers: bool = False
    recover_from: date | None = None
    waits: str = ""


def given(draw: Draw, own: Sequence[Payee], unit: str, digits: int) -> Given:
    """The draw as the payee's own figures make it, by what is agreed for each part of the period (``own``).

    ``unit`` is the plan's period. The amount is rounded once.
    """
    every = [_given(draw, payee, unit) for payee in own]
    waits = next((each.waits for each in every if each.waits), "")
    return Given(
        draw,
        amount=round_to(sum((each.amount for each in every), NOTHING), digits),
        in_force=any(each.in_force for each in every),
        is_over=bool(every) and all(each.is_over for each in every),
        recovers=any(each.recovers for each in every),
        recover_from=min((each.recover_from for each in every if each.recover_from is not None), default=None),
        waits=waits,
    )


def dropped(owed: Owed, part: Period) -> Given:
    """A draw of which something is owed and which the plan has no more: it is over, and recovered as it last said."""
    recovers = owed.recover_from is None or owed.recover_from < part.before
    return Given(owed.draw, is_over=True, recovers=recovers, recover_from=owed.recover_from)


def _given(draw: Draw, payee: Payee, unit: str) -> Given:
    part, whole = payee.agreed.part, payee.agreed.whole
    days: dict[str, date] = {}
    for key, expression in (("from", draw.start), ("before", draw.before), ("recover_from", draw.recover_from)):
        if expression is not None:
            value = payee.book.value(expression, payee)
            if not isinstance(value, date):
                return Given(draw, waits=_no_value(key, expression, payee))
            days[key] = value
    recovers, since = draw.recovers and days.get("recover_from", part.start) < part.before, days.get("recover_from")
    in_force = part.common(Period(days.get("from", part.start), days.get("before", part.before)))
    if in_force is None:
        is_over = days.get("before", part.before) <= part.start
        return Given(draw, is_over=is_over, recovers=recovers, recover_from=since)
    amount = payee.book.value(draw.amount, payee)
    if not isinstance(amount, Fraction):
        return Given(draw, waits=_no_value("amount", draw.amount, payee))
    if amount < 0:
        return Given(draw, waits=f"`amount` is below zero: {short(amount)}")
    share = in_force.share_of(whole, "days")
    amount = amount * MONTHS_IN[unit] / MONTHS_IN[draw.unit] * share
    return Given(draw, amount, in_force=True, recovers=recovers, recover_from=since)


def _no_value(key: str, expression: Expression, payee: Payee) -> str:
    return f"`{key}` has no value without {lacking(payee.book.missing(expression, payee))}"


def acted(each: Given, at: Account, before: Fraction, left: Fraction) -> Owed:
    """What becomes of a draw of which ``before`` is owed, where ``left`` is earned."""
    drawn = recovered = forgiven = NOTHING
    amount = each.amount if each.in_force else NOTHING
    if each.is_over and each.draw.forgiven:
        forgiven = before
    elif each.draw.kind == GUARANTEE:
        drawn = _up_to_limit(each.draw, max(amount - left, NOTHING) if each.in_force else NOTHING, before)
        recovered = _recovered(each, at, before, left - amount)
    else:
        recovered = _recovered(each, at, before, left)
        drawn = _up_to_limit(each.draw, amount, before - recovered)
    figures = before, drawn, recovered, forgiven
    return Owed(at.plan.name, at.payee, at.period, each.draw, at.currency, *figures, each.recover_from)


def _up_to_limit(draw: Draw, wanted: Fraction, owed: Fraction) -> Fraction:
    return wanted if draw.limit is None else min(wanted, max(draw.limit - owed, NOTHING))


def _recovered(each: Given, at: Account, owed: Fraction, available: Fraction) -> Fraction:
    """Out of what is ``available``, never more than is owed."""
    if not each.recovers or available <= 0:
        return NOTHING
    most = each.draw.recover_at_most
    if most is not None:
        available = min(available, round_to(most.value * available if most.is_share else most.value, at.digits))
    return min(owed, available)


def lines(each: Given, at: Account, owed: Owed, left: Fraction) -> Iterator[Payout]:
    """One for what is drawn while the draw is in force, one for what is recovered while something is owed."""
    name, source = each.draw.name, source_of(each.draw.span)
    steps: tuple[Step, ...] = (_figure("drawn so far", owed.after, at),)
    if each.draw.recovers:
        steps = (_figure("owed before", owed.before, at), _figure("owed after", owed.after, at))
    if each.in_force:
        yield at.line(DRAWN, name, owed.drawn, _why_drawn(each, at, owed, left), source, steps)
    if each.draw.recovers and owed.before:
        yield at.line(RECOVERED, name, -owed.recovered, _why_recovered(each, at, owed), source, steps)


def _figure(what: str, amount: Fraction, at: Account) -> Step:
    return Step(f"{what}: {grouped(amount, at.digits)}", amount=amount)


def _why_drawn(each: Given, at: Account, owed: Owed, left: Fraction) -> str:
    amount, earned = grouped(each.amount, at.digits), grouped(left, at.digits)
    at_limit = ""
    if each.draw.limit is not None and owed.after >= each.draw.limit:
        at_limit = f"; no more than {grouped(each.draw.limit, at.digits)} may be owed"
    if each.draw.kind != GUARANTEE:
        return f"{amount} in advance of later earnings{at_limit}"
    if left >= each.amount:
        return f"{earned} earned is not below the {amount} guaranteed"
    return f"{earned} earned, {amount} guaranteed{at_limit}"


def _why_recovered(each: Given, at: Account, owed: Owed) -> str:
    before = grouped(owed.before, at.digits)
    if owed.forgiven:
        return f"{before} still owed is forgiven: the draw is over"
    if owed.recovered:
        return f"{before} was owed"
    if not each.recovers:
        return f"{before} is owed; it is recovered later"
    above = f" above the {grouped(each.amount, at.digits)} guaranteed" if each.in_force and each.amount else ""
    above = above if each.draw.kind == GUARANTEE else ""
    return f"{before} is owed; nothing is earned{above}"
