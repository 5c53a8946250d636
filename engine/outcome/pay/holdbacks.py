"""Holdbacks: a part of what is earned is paid in a later period, that of its release date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from ...amounts import grouped, percent, round_to
from ...periods import Period
from ...policy.model_settlement import Holdback
from ...program.spoken import lacking, source_of
from .kept import Held, Kept
from .lines import CLAWED_BACK, EARNED, HELD, LIMITED, RELEASED, Payout, Step
from .payees import Payee
from .settling import Account

NOTHING = Fraction(0)


def held(
    holdback: Holdback, payee: Payee, at: Account, part: Period, lines: Sequence[Payout], kept: Kept
) -> Payout | None:
    """What is held back of the period's ``lines``; None where there is none of its components."""
    own = [line for line in lines if _counts(holdback, line) and line.currency == at.currency]
    if not own:
        return None
    source = source_of(holdback.span)
    share, day, why = _given(holdback, payee)
    if share is None or day is None:
        return at.line(HELD, holdback.name, None, why, source)
    earned = sum((line.amount or NOTHING for line in own), NOTHING)
    left = sum((line.amount or NOTHING for line in lines if line.currency == at.currency), NOTHING)
    amount = max(min(round_to(share * earned, at.digits), left), NOTHING)
    told = f"{percent(share)} of {grouped(earned, at.digits)}"
    zero = _why_nothing(part, day, earned, left) if day < part.before or not amount else ""
    if zero:
        return at.line(HELD, holdback.name, NOTHING, zero, source)
    kept.held.append(Held(at.plan.name, at.payee, at.period, holdback.name, at.currency, amount, day, source))
    step = Step(f"{told} = {grouped(amount, at.digits)}", earned, share, amount)
    return at.line(HELD, holdback.name, -amount, f"released on {day}", source, (step,))


def _why_nothing(part: Period, day: date, earned: Fraction, left: Fraction) -> str:
    if day < part.before:
        return f"it would be released on {day}, before the period is over"
    if earned <= 0:
        return "nothing is earned to hold back of"
    return "draws leave nothing to hold back of" if left <= 0 else "the part comes to nothing"


def _counts(holdback: Holdback, line: Payout) -> bool:
    """The lines of its components, less what was taken back of them; of all, the plan's own cap too."""
    return line.kind in (EARNED, CLAWED_BACK, LIMITED) and holdback.counts(line.component)


def _given(holdback: Holdback, payee: Payee) -> tuple[Fraction | None, date | None, str]:
    """The part and the release date; None of what has no value, and why."""
    share = payee.book.value(holdback.part, payee)
    day = payee.book.value(holdback.release_on, payee)
    for key, value, expression in (("part", share, holdback.part), ("release_on", day, holdback.release_on)):
        if value is None:
            return None, None, f"`{key}` has no value without {lacking(payee.book.missing(expression, payee))}"
    if not isinstance(share, Fraction) or not isinstance(day, date):
        raise TypeError("a part that is no number, or a release date that is no day: the checks let it pass")
    if not 0 <= share <= 1:
        return None, None, f"the part is {percent(share)}: it must be between 0% and 100%"
    return share, day, ""


def released(name: str, at: Account, due: Iterable[Held]) -> Payout:
    """One line for all that was held back under a name and is due."""
    every = list(due)
    steps = tuple(
        Step(
            f"held back in {each.period}, due on {each.release_on}: {grouped(each.amount, at.digits)}",
            amount=each.amount,
        )
        for each in every
    )
    total = sum((each.amount for each in every), NOTHING)
    periods = ", ".join(dict.fromkeys(each.period for each in every))
    return at.line(RELEASED, name, total, f"held back in {periods}", every[-1].source, steps)
