"""Clawbacks: what a credit was paid is taken back in the period in which its row says so, and never more than that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from ...amounts import apportion, grouped, percent, round_to
from ...periods import Period, months_between
from ...policy.model_pay import Component
from ...policy.model_settlement import Clawback
from ...program.evaluate import Book
from ...program.spoken import lacking, source_of
from ...tables.shape import Table
from .credits import Credited, record_of
from .kept import Kept, TakenBack
from .lines import CLAWED_BACK, PARTLY_WAITING, Payout, Step
from .settling import Account

if TYPE_CHECKING:
    from ...program.row_columns import RowsOf

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that says that it is taken back on ``day``; ``undecided``: what is missing to say so."""

    day: date
    undecided: str = ""


@dataclass(frozen=True, slots=True)
class Taking:
    """The credits of one payee, record and day, by the first. ``paid`` is what is left of what they were paid."""

    credit: Credited
    paid: Fraction
    share: Fraction
    claim: Claim

    @property
    def amount(self) -> Fraction:
        return min(self.paid * self.share, self.paid)


def claims(clawback: Clawback, book: Book, table: Table, before: date, rows_of: RowsOf | None) -> dict[str, Claim]:
    """Record → claim, of every row with a ``day`` before this one for which ``when`` is not false."""
    if rows_of is not None:
        from .clawback_columns import claims_in_columns

        found = claims_in_columns(clawback, rows_of(book, table), before)
        if found is not None:
            return found
    return dict(_claims(clawback, book, table, before))


def _claims(clawback: Clawback, book: Book, table: Table, before: date) -> Iterator[tuple[str, Claim]]:
    for i in range(len(table)):
        row = book.row_and_account(table, i)
        day = book.value(clawback.day, row)
        if not isinstance(day, date) or day >= before:
            continue
        holds = True if clawback.when is None else book.value(clawback.when, row)
        if holds is None and clawback.when is not None:
            yield record_of(table, i), Claim(day, undecided(book.missing(clawback.when, row)))
        elif holds:
            yield record_of(table, i), Claim(day)


def undecided(missing: Iterable[str]) -> str:
    return f"whether it is taken back cannot be decided without {lacking(missing)}"


def left(clawback: Clawback, dated: date, day: date) -> Fraction | None:
    """The part of a credit of ``dated`` that is taken back on ``day``; None: the window is over."""
    end = clawback.within.clamped(dated) if clawback.within is not None else None
    if end is None:
        return Fraction(1)
    if day >= end:
        return None
    if day <= dated or clawback.prorate == "none":
        return Fraction(1)
    if clawback.prorate == "days":
        return Fraction((end - day).days, (end - dated).days)
    months = clawback.within.count * (12 if clawback.within.unit == "years" else 1) if clawback.within else 1
    return Fraction(months - months_between(dated, day), months)


def takings(
    clawback: Clawback,
    found: Mapping[str, Claim],
    paid: Iterable[tuple[Credited, Fraction]],
    already: Mapping[tuple[str, str, date, str], Fraction],
    part: Period,
) -> dict[tuple[str, str], list[Taking]]:
    """By payee and currency, what is taken back in the period that holds the claim's day, or the credit's if later."""
    sums: dict[tuple[str, str, date, str], Fraction] = {}
    first: dict[tuple[str, str, date, str], Credited] = {}
    for credit, amount in paid:
        key = credit.payee, credit.record, credit.dated, credit.currency
        sums[key] = sums.get(key, NOTHING) + amount
        first.setdefault(key, credit)
    taken: dict[tuple[str, str], list[Taking]] = {}
    for key in sorted(sums):
        payee, record, dated, currency = key
        claim = found[record]
        share = left(clawback, dated, claim.day)
        rest = sums[key] - already.get(key, NOTHING)
        if max(claim.day, dated) in part and share is not None and rest > 0:
            taken.setdefault((payee, currency), []).append(Taking(first[key], rest, share, claim))
    return taken


def line(component: Component, clawback: Clawback, at: Account, every: Sequence[Taking], kept: Kept) -> Payout:
    """One line for all that is taken back of a component, with a step for each credit."""
    source = source_of(clawback.span)
    sure = [taking for taking in every if not taking.claim.undecided]
    waiting = [f"{taking.credit.record}: {taking.claim.undecided}" for taking in every if taking.claim.undecided]
    if not sure:
        return at.line(CLAWED_BACK, component.name, None, "; ".join(waiting), source)
    exact = [taking.amount for taking in sure]
    amount = round_to(sum(exact, NOTHING), at.digits, component.rounding)
    steps = []
    for taking, part in zip(sure, apportion(amount, exact, at.digits), strict=True):
        steps.append(_step(taking, part, at))
        credit, day = taking.credit, taking.claim.day
        kept.taken.append(TakenBack(at.plan.name, at.payee, at.period, component.name, credit, day, part))
    count = "1 credit is" if len(sure) == 1 else f"{len(sure)} credits are"
    reason = "; ".join([f"{count} taken back", *waiting])
    found = at.line(CLAWED_BACK, component.name, -amount, reason, source, tuple(steps), len(sure))
    return replace(found, status=PARTLY_WAITING) if waiting else found


def _step(taking: Taking, part: Fraction, at: Account) -> Step:
    credit, amount = taking.credit, grouped(taking.paid, at.digits)
    paid = f"{credit.record} of {credit.dated}: {amount} paid in {credit.period}"
    share = "" if taking.share == 1 else f", {percent(taking.share)} of it"
    text = f"{paid}{share} taken back for {taking.claim.day} = {grouped(part, at.digits)}"
    return Step(text, taking.paid, taking.share, -part)
