"""What settlement knows of the periods before: what a clean computation of each of them gave, as values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import floor

from ...currencies import minor_digits
from .credits import CREDITED, WAITING, Credited
from .kept import Held, Owed
from .lines import EARNED, PARTLY_WAITING, STANDS, Key, Pay, Payout, key_of


@dataclass(frozen=True)
class Earlier:
    """The pay of the periods before, oldest first; none: nothing is known of them.

    Each is what its period comes to by the data, policies and history at hand: not what a ledger says was paid. Of a
    ``Pay`` three things are read: ``credits``, with their earnings as apportioned to lines, ``kept``, and which lines
    stand. ``posted`` is what a ledger has for each line of the periods that are computed anew.
    """

    pays: tuple[Pay, ...] = ()
    posted: Mapping[Key, Fraction] = field(default_factory=dict)

    def after(self, pay: Pay) -> Earlier:
        """What the next period knows."""
        return replace(self, pays=(*self.pays, pay))

    def standing(self, line: Payout) -> Payout:
        """A line that waits, as it was posted: else a guarantee would pay again what that line has paid, a draw recover
        nothing of it, a holdback release what it holds.
        """
        waits = line.status in (WAITING, PARTLY_WAITING)
        amount = self.posted.get(key_of(line)) if waits else None
        return line if amount is None else replace(line, amount=amount, status=STANDS)

    def stood(self, plan: str, component: str) -> set[str]:
        """The payees of whom a line of that component stands."""
        return {payee for own, payee, other in self._stood if (own, other) == (plan, component)}

    def owed(self, plan: str, payee: str, draw: str, currency: str) -> Fraction:
        known = self.of_draw(plan, payee, draw, currency)
        return known.after if known is not None else Fraction(0)

    def of_draw(self, plan: str, payee: str, draw: str, currency: str) -> Owed | None:
        """What became of a draw last."""
        return self._owed.get((plan, payee, draw, currency))

    def owing(self, plan: str) -> Mapping[str, list[Owed]]:
        """Payee → what is owed of each draw that is recovered."""
        return self._owing.get(plan, {})

    def held(self, plan: str, before: date) -> list[Held]:
        """What is to be released before a day, and was not yet."""
        return [held for held in self._held.get(plan, []) if held.release_on < before]

    def paid(self, plan: str, component: str, records: Collection[str]) -> list[tuple[Credited, Fraction]]:
        """The credits of these records that counted, each with what was paid of it: less where the plan's cap took
        some, to the cent below.
        """
        return [found for pay in self.pays for found in _paid(pay, plan, component, records)]

    def taken(self, plan: str, component: str) -> dict[tuple[str, str, date, str], Fraction]:
        """Payee, record, day and currency → what was taken back of it."""
        found: dict[tuple[str, str, date, str], Fraction] = {}
        for each in (taken for pay in self.pays for taken in pay.kept.taken):
            if (each.plan, each.component) == (plan, component):
                key = each.payee, each.credit.record, each.credit.dated, each.credit.currency
                found[key] = found.get(key, Fraction(0)) + each.amount
        return found

    @cached_property
    def _stood(self) -> set[tuple[str, str, str]]:
        lines = (line for pay in self.pays for line in pay.payouts if line.status == STANDS and line.kind == EARNED)
        return {(line.plan, line.payee, line.component) for line in lines}

    @cached_property
    def _owed(self) -> dict[tuple[str, str, str, str], Owed]:
        every = (owed for pay in self.pays for owed in pay.kept.owed)
        return {(owed.plan, owed.payee, owed.draw.name, owed.currency): owed for owed in every}

    @cached_property
    def _owing(self) -> dict[str, dict[str, list[Owed]]]:
        found: dict[str, dict[str, list[Owed]]] = {}
        for owed in self._owed.values():
            if owed.draw.recovers and owed.after:
                found.setdefault(owed.plan, {}).setdefault(owed.payee, []).append(owed)
        return found

    @cached_property
    def _held(self) -> dict[str, list[Held]]:
        released = {held for pay in self.pays for held in pay.kept.released}
        found: dict[str, list[Held]] = {}
        for held in (held for pay in self.pays for held in pay.kept.held):
            if held not in released:
                found.setdefault(held.plan, []).append(held)
        return found


NOTHING_BEFORE = Earlier()


def _paid(pay: Pay, plan: str, component: str, records: Collection[str]) -> Iterator[tuple[Credited, Fraction]]:
    for credit in pay.credits.of_records(plan, component, records):
        if credit.status == CREDITED and credit.earning:
            share = pay.kept.left_by_cap.get((plan, credit.payee, credit.period, credit.currency))
            digits = 10 ** minor_digits(credit.currency)
            yield credit, credit.earning if share is None else Fraction(floor(credit.earning * share * digits), digits)
