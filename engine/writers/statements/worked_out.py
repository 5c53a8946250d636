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
    """Those that say no more than their figures: amount × rate, or what a curve gives."""
    return [step for step in payout.steps if _said(step, payout) and step.text.endswith(_said(step, payout))]


def quotas_of(payout: Payout) -> list[Step]:
    """Those that say how far the credits reach."""
    return [step for step in payout.steps if step.quota is not None]


def quota_period(step: Step) -> str:
    """What its text says before its figures."""
    return step.text.partition(": ")[0]


def told_of(payout: Payout) -> list[Step]:
    """All others, which are told in words."""
    figured = [*slices_of(payout), *quotas_of(payout)]
    return [step for step in payout.steps if step not in figured]


def _said(step: Step, payout: Payout) -> str:
    if step.input is None or step.amount is None:
        return ""
    digits = minor_digits(payout.currency)
    amount, earning = grouped(step.input, digits), grouped(step.amount, digits)
    return f"{amount} gives {earning}" if step.rate is None else f"{amount} at {percent(step.rate)} = {earning}"


def period_of(each: Attainment, line: Line, language: Language) -> str:
    """Its period; where terms or versions cut that, with the days."""
    if sum(other.period == each.period for other in line.attained) < 2:
        return each.period
    return f"{each.period}: {language.day(each.start)} – {language.day(each.before - timedelta(days=1))}"


def label_of(step: Step, payout: Payout) -> str:
    """What the text of a slice says before its figures: the record that is cut."""
    return step.text.removesuffix(_said(step, payout)).removesuffix(": ")
