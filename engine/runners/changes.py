"""Why a locked line comes to something else now: which of its credits and attainments earn another amount."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

from ..amounts import grouped
from ..currencies import minor_digits
from ..outcome.pay.bonus import Attainment
from ..outcome.pay.credits import Credited
from ..outcome.pay.lines import EARNED, Key, Pay, Step

Line: TypeAlias = tuple[str, str, str, str]
"""Plan, payee, period and component: whose credits may be in another currency than is paid."""

Earned: TypeAlias = Mapping[Line, Mapping[tuple[str, str], Fraction]]
"""What each credit or attainment of a line earns, by what it is called and the currency of it."""

SHOWN = 20
"""Changes that a line shows one by one."""

NOTHING = Fraction(0)


def earned(pay: Pay, payees: Collection[str]) -> Earned:
    """Of these payees."""
    found: dict[Line, dict[tuple[str, str], Fraction]] = {}
    for line, name, earning in _earnings(pay.credits.of_payees(payees), pay.attainments):
        own = found.setdefault(line, {})
        own[name] = own.get(name, NOTHING) + earning
    return found


def _earnings(
    credits: Iterable[Credited], attainments: Iterable[Attainment]
) -> Iterator[tuple[Line, tuple[str, str], Fraction]]:
    for c in credits:
        line = c.plan, c.payee, c.period, c.component
        yield line, (f"{c.record} of {c.dated}", c.currency), c.earning or NOTHING
    for a in attainments:
        line = a.plan, a.payee, a.paid_in, a.component
        yield line, (f"{a.measure} in {a.period}", a.currency), a.earning or NOTHING


def changes(key: Key, was: Earned, now: Earned) -> Iterator[Step]:
    """The changes under an earned line, the first of them one by one; in the currency in which it was earned."""
    *line, kind, _ = key
    if kind != EARNED:
        return
    plan, payee, period, component = line
    before, after = (of.get((plan, payee, period, component), {}) for of in (was, now))
    changed = [each for each in sorted({*before, *after}) if before.get(each, NOTHING) != after.get(each, NOTHING)]
    for each in changed[:SHOWN]:
        new, old = after.get(each, NOTHING), before.get(each, NOTHING)
        name, digits = each[0], minor_digits(each[1])
        yield Step(f"{name}: {grouped(new, digits)} instead of {grouped(old, digits)}", amount=new - old)
    if len(changed) > SHOWN:
        rest = sum((after.get(each, NOTHING) - before.get(each, NOTHING) for each in changed[SHOWN:]), NOTHING)
        yield Step(f"{len(changed) - SHOWN} more", amount=rest)
