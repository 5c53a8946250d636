"""Correcting forward: what locked periods come to now, less what was posted for them, as lines of the open period.

A locked line never changes. Each line of a locked period is computed anew by the data and policies at hand; where that
gives another amount than all that was posted to the line so far, the open period has an adjustment of the difference,
which names the line. So what was posted ends at what a clean computation gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property

from ..amounts import grouped
from ..currencies import minor_digits
from ..diagnostics import Diagnostic
from ..ledger.posted import Posted, PostedLine
from ..messages import diagnose
from ..outcome.pay.credits import WAITING
from ..outcome.pay.lines import (
    ADJUSTMENT,
    CARRIED,
    EARNED,
    HELD,
    PAID,
    PARTLY_WAITING,
    RELEASED,
    STANDS,
    Key,
    LineOf,
    Pay,
    Payout,
    Step,
    key_of,
)
from ..periods import FiscalCalendar, Period
from .changes import changes, earned
from .plan_periods import PlanPeriod

SOME = 5
"""Lines that a finding names."""


@dataclass(frozen=True)
class Open:
    """The period that is asked for, and the periods of plans in it that are not locked."""

    asked: Period
    periods: Sequence[PlanPeriod]

    def first(self, plan: str) -> Period:
        """Where the corrections of a plan go: its first open period; of one that has none, to the period as asked."""
        return min((whole for version, _, whole in self.periods if version.name == plan), default=self.asked)


@dataclass(frozen=True)
class Corrected:
    lines: list[Payout] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True)
class Correcting:
    """The corrections that an open period brings, to the locked ones before."""

    posted: Posted
    open: Open
    fiscal: FiscalCalendar

    @property
    def sums(self) -> Mapping[Key, Fraction]:
        """What was posted for each line, its adjustments among it."""
        return {key: _total(each.line for each in was) for key, was in self._was.items()}

    def corrected(self, anew: Pay) -> Corrected:
        """The adjustments; ``anew`` is the pay of the locked periods by today's data. A line that waits is not
        corrected, and listed.
        """
        was, now = self._was, _by_key(anew.payouts)
        found, waiting, differing = Corrected(), dict[str, list[Payout]](), list[Key]()
        waits = [line for line in anew.payouts if line.status in (WAITING, PARTLY_WAITING, STANDS)]
        for line in sorted(waits, key=key_of):
            waiting.setdefault(whole_name(line.period), []).append(line)
        # whatever their currency: where the rate into a payee's own is missing, a line waits in the plan's
        open_, unknown = {key_of(line)[:-1] for line in waits}, dict[tuple[str, str], date]()
        for key in sorted(was.keys() | now.keys()):
            if _total(each.line for each in was.get(key, [])) == _total(now.get(key, [])):
                continue
            if key[:-1] in open_:
                start = self._whole(key[2]).start
                unknown[key[:2]] = min(unknown.get(key[:2], start), start)
            else:
                differing.append(key)
        differing = [key for key in differing if not self._rests_on(unknown, key)]
        payees = {key[1] for key in differing}
        entries = {each.entry for key in differing for each in was.get(key, []) if not each.line.corrects}
        before, after = earned(self.posted.behind(entries), payees), earned(anew, payees)
        for key in differing:
            line = self._line(key, was.get(key, []), now.get(key, []))
            found.lines.append(replace(line, steps=(*line.steps, *changes(key, before, after))))
        for period, lines in waiting.items():
            some = "; ".join(f"{line.payee}, {line.component}: {line.reason}" for line in lines[:SOME])
            more = f"; and {len(lines) - SOME} more" if len(lines) > SOME else ""
            found.findings.append(
                diagnose("corrections-wait", None, period=period, lines=_counted(lines), some=some + more)
            )
        return found

    def _rests_on(self, unknown: Mapping[tuple[str, str], date], key: Key) -> bool:
        """Whether a line is settled on what the payee's plan earned since one that is unknown and does not stand: in
        another currency, or what was held back.
        """
        since = unknown.get(key[:2])
        return since is not None and key[4] != EARNED and self._whole(key[2]).start >= since

    @cached_property
    def _was(self) -> Mapping[Key, list[PostedLine]]:
        """What was posted to each line of a period before, its adjustments among it.

        What was carried on is not corrected: it is what was really paid, and the next period has it already.
        """
        found: dict[Key, list[PostedLine]] = {}
        for each in self.posted.lines:
            line = as_corrected(each.line)
            if line.kind != CARRIED and self._whole(line.period).start < self.open.first(line.plan).start:
                found.setdefault(key_of(line), []).append(each)
        return found

    def _line(self, key: Key, was: Sequence[PostedLine], now: Sequence[Payout]) -> Payout:
        """The adjustment of one line."""
        plan, payee, period, component, kind, currency = key
        paid, comes_to = _total(each.line for each in was), _total(now)
        digits = minor_digits(currency)
        came = f"came to {grouped(paid, digits)}" if was else "had no such line"
        steps = [Step(f"entry {each.entry}: {_shown(each.line)}", amount=each.line.amount) for each in was]
        steps += [Step(f"by the data and policies at hand: {_shown(line)}", amount=line.amount) for line in now]
        return Payout(
            plan=plan,
            payee=payee,
            period=self.open.first(plan).name,
            component=component,
            credit_amount=None,
            credits=0,
            rate=None,
            amount=comes_to - paid,
            currency=currency,
            status=PAID,
            waiting_credits=0,
            reason=f"{period} {came}, and comes to {grouped(comes_to, digits) if now else 'nothing'} now",
            source=now[0].source if now else was[0].line.source,
            kind=ADJUSTMENT,
            corrects=str(LineOf(period, kind, self._entry(was, period))),
            steps=tuple(steps),
        )

    def _entry(self, was: Sequence[PostedLine], period: str) -> int:
        if was:
            first = was[0].line
            return LineOf.parse(first.corrects).entry if first.kind == ADJUSTMENT else was[0].entry
        lock = self.posted.closing(self._whole(period))
        if lock is None:
            raise ValueError(f"{period} is computed anew and not locked")
        return lock.entry

    def _whole(self, period: str) -> Period:
        whole = self.fiscal.parse(whole_name(period))
        if whole is None:
            raise ValueError(f"{period} is the name of no period")
        return whole


def as_corrected(line: Payout) -> Payout:
    """An adjustment as a part of the line that it corrects; any other as it is."""
    if line.kind != ADJUSTMENT:
        return line
    corrected = LineOf.parse(line.corrects)
    return replace(line, period=corrected.period, kind=corrected.kind)


def still_held(posted: Posted) -> list[Payout]:
    """The lines, as they were corrected, by which something was held back or released."""
    return [line for line in map(as_corrected, posted.payouts) if line.kind in (HELD, RELEASED)]


def whole_name(period: str) -> str:
    """``2026-Q3`` of ``2026-Q3 from 2026-08-15``, a part of it."""
    return period.partition(" from ")[0]


def _by_key(lines: Iterable[Payout]) -> Mapping[Key, list[Payout]]:
    found: dict[Key, list[Payout]] = {}
    for line in lines:
        found.setdefault(key_of(line), []).append(line)
    return found


def _counted(lines: Sequence[Payout]) -> str:
    return f"{len(lines)} line" + ("s" if len(lines) != 1 else "")


def _shown(line: Payout) -> str:
    return grouped(line.amount or Fraction(0), minor_digits(line.currency))


def _total(lines: Iterable[Payout]) -> Fraction:
    return sum((line.amount or Fraction(0) for line in lines), Fraction(0))
