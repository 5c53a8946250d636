"""The steps by which a line came to its amount: which have figures, and what is to be said of those beside these."""

from __future__ import annotations

from datetime import timedelta

from ...amounts import grouped, percent
from ...currencies import minor_digits
from ...outcome.pay.bonus import Attainment
from ...outcome.pay.lines import Payout, Step
from .language import Language
from .view import Line


def slices_of(payout: Payout) -> list[Step]:
    """Those with an input and an amount."""
    return [step for step in payout.steps if step.input is not None and step.amount is not None]


def period_of(each: Attainment, line: Line, language: Language) -> str:
    """Its period; where terms or versions cut that, with the days."""
    if sum(other.period == each.period for other in line.attained) < 2:
        return each.period
    return f"{each.period}: {language.day(each.start)} – {language.day(each.before - timedelta(days=1))}"


def label_of(step: Step, payout: Payout, language: Language) -> str:
    """What its text says beside its figures: the record that is cut, or what was done."""
    digits = minor_digits(payout.currency)
    if step.input is not None and step.amount is not None:
        amount, earning = grouped(step.input, digits), grouped(step.amount, digits)
        said = f"{amount} gives {earning}" if step.rate is None else f"{amount} at {percent(step.rate)} = {earning}"
        if step.text.endswith(said):
            return step.text.removesuffix(said).removesuffix(": ")
    return language.reason(step.text)
