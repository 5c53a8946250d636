"""Why a locked line comes to something else now: which of its credits and attainments earn another amount."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

from ..amounts import grouped
from ..currencies import minor_digits
from ..outcome.pay.bonus import Attainment
from ..outcome.pay.credits import Credited
from ..outcome.pay.lines import EARNED, Pay, Step

Key: TypeAlias = tuple[str, str, str, str, str, str]
"""Plan, payee, period, component, kind and currency: of a line that is not an adjustment."""

Earned: TypeAlias = Mapping[Key, Mapping[str, Fraction]]
"""What each credit or attainment of a line earns, by what it is called."""

SHOWN = 20
"""Changes that a line shows one by one."""

NOTHING = Fraction(0)


def earned(pay: Pay, payees: Collection[str]) -> Earned:
    """Of these payees."""
    found: dict[Key, dict[str, Fraction]] = {}
    for key, name, earning in _earnings(pay.credits.of_payees(payees), pay.attainments):
        own = found.setdefault(key, {})
        own[name] = own.get(name, NOTHING) + earning
    return found


def _earnings(credits: Iterable[Credited], attainments: Iterable[Attainment]) -> Iterator[tuple[Key, str, Fraction]]:
    for c in credits:
        key = c.plan, c.payee, c.period, c.component, EARNED, c.currency
        yield key, f"{c.record} of {c.dated}", c.earning or NOTHING
    for a in attainments:
        key = a.plan, a.payee, a.paid_in, a.component, EARNED, a.currency
        yield key, f"{a.measure} in {a.period}", a.earning or NOTHING


def changes(key: Key, was: Earned, now: Earned) -> Iterator[Step]:
    """The changes under a line, the first of them one by one."""
    before, after, digits = was.get(key, {}), now.get(key, {}), minor_digits(key[-1])
    changed = [name for name in sorted({*before, *after}) if before.get(name, NOTHING) != after.get(name, NOTHING)]
    for name in changed[:SHOWN]:
        new, old = after.get(name, NOTHING), before.get(name, NOTHING)
        yield Step(f"{name}: {grouped(new, digits)} instead of {grouped(old, digits)}", amount=new - old)
    if len(changed) > SHOWN:
        rest = sum((after.get(name, NOTHING) - before.get(name, NOTHING) for name in changed[SHOWN:]), NOTHING)
        yield Step(f"{len(changed) - SHOWN} more", amount=rest)
