"""Rates of exchange: from a named table, of the day that the plan says. A pair that is not there is not guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ...amounts import grouped, places
from ...language.tree import Value
from ...periods import FiscalCalendar, Period
from ...policy.model_credit import Credit
from ...policy.model_pay import AVERAGE, PLAN_RATE, Exchange
from ...tables.overlaps import days_of
from ...tables.shape import Table

SHOWN = 10
"""Digits of a rate that are shown; of one that needs more, six."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one unit of a currency comes to, and how that is ``said``; ``rate`` None: nobody knows, for ``reason``."""

    rate: Fraction | None
    said: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Dated:
    """A rate with the days on which it holds: in a table without validity, from its own on until there is another."""

    held: Period
    rate: Fraction | None


class Exchanging:
    """What amounts of any currency come to in the currency ``to``, where pay counts by periods of ``unit``.

    ``fixed`` is the currency of all amounts of a credit whose rows do not name their own.
    """

    def __init__(
        self, exchange: Exchange, table: Table, fiscal: FiscalCalendar, unit: str, to: str, fixed: str = ""
    ) -> None:
        self.exchange, self.table, self.fiscal, self.unit, self.to = exchange, table, fiscal, unit, to
        self.fixed = fixed
        self._has_validity = table.shape.valid_from is not None
        self._rates: dict[str, list[_Dated]] = {}
        columns = table.columns
        for i, (source, target) in enumerate(zip(columns["from_currency"], columns["to_currency"], strict=True)):
            dated = self._dated(i)
            if isinstance(source, str) and target == to and dated is not None:
                self._rates.setdefault(source, []).append(dated)
        self._known: dict[tuple[str, date], Found] = {}

    def of(self, source: str, day: date) -> Found:
        """The rate for an amount of that day."""
        if source == self.to:
            return Found(Fraction(1))
        asked = source, self.asked(day)
        if asked not in self._known:
            self._known[asked] = self._of(*asked)
        return self._known[asked]

    def asked(self, day: date) -> date:
        """The day that stands for all those with the same rates: itself, or the first of the period or fiscal year."""
        if self.exchange.by == AVERAGE:
            return self.fiscal.first_day(self.unit, day)
        return self.fiscal.first_day("year", day) if self.exchange.by == PLAN_RATE else day

    def _of(self, source: str, day: date) -> Found:
        rates = self._rates.get(source, [])
        if self.exchange.by == AVERAGE:
            return self._mean(source, rates, self.fiscal.containing(self.unit, day))
        held = [dated for dated in rates if day in dated.held]
        if not self._has_validity:
            latest = max((dated.held.start for dated in held), default=day)
            held = [dated for dated in held if dated.held.start == latest]
        if len(held) > 1:
            return self._unknown(self._told(source, f"{len(held)} rates", f"on {day}"))
        if not held or held[0].rate is None:
            return self._unknown(self._told(source, "no rate", f"on {day}"))
        since = "" if self._has_validity else f" of {held[0].held.start}"
        word = f", the plan rate on {day}" if self.exchange.by == PLAN_RATE else since
        return self._found(source, held[0].rate, word)

    def _mean(self, source: str, rates: Sequence[_Dated], period: Period) -> Found:
        """Of the rates dated in the period; of rates that hold from one day to another, over all its days."""
        if self._has_validity:
            parts = [(part, dated) for dated in rates if (part := period.common(dated.held)) is not None]
            days = sum(part.days for part, _ in parts)
            if days > period.days:
                return self._unknown(self._told(source, "several rates", f"on a day of {period.name}"))
            if days < period.days or any(dated.rate is None for _, dated in parts):
                return self._unknown(self._told(source, "no rate", f"on some days of {period.name}"))
            total = sum((part.days * (dated.rate or Fraction(0)) for part, dated in parts), Fraction(0))
            return self._found(source, total / days, f", the average of {period.name}")
        known = [dated.rate for dated in rates if dated.held.start in period]
        if not known or None in known:
            when = f"on a day of {period.name}" if known else f"in {period.name}"
            return self._unknown(self._told(source, "no rate", when))
        mean = sum((rate or Fraction(0) for rate in known), Fraction(0)) / len(known)
        return self._found(source, mean, f", the average of {period.name}")

    def _found(self, source: str, rate: Fraction, how: str) -> Found:
        if rate <= 0:
            return self._unknown(f"the rate from {source} to {self.to} in {self.table.shape.name} is not above 0")
        return Found(rate, f"{source} at {shown(rate)}{how}")

    def _told(self, source: str, rates: str, when: str) -> str:
        return f"{self.table.shape.name} has {rates} from {source} to {self.to} {when}"

    def _unknown(self, why: str) -> Found:
        return Found(None, "", why)

    def _dated(self, i: int) -> _Dated | None:
        shape, columns = self.table.shape, self.table.columns
        rate = columns["rate"][i]
        known = rate if isinstance(rate, Fraction) else None
        if self._has_validity:
            start, before = days_of(shape, columns, i)
            return _Dated(Period(start, before or date.max), known)
        day: Value = columns[shape.dated_by or ""][i]
        return _Dated(Period(day, date.max), known) if isinstance(day, date) else None


def no_currency(credit: Credit) -> str:
    return f"there is no currency: {credit.currency} is missing"


def shown(rate: Fraction) -> str:
    digits = places(rate)
    return grouped(rate) if digits is not None and digits <= SHOWN else f"about {grouped(rate, 6)}"
