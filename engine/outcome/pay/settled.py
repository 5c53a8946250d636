"""The credits of one component, found in columns, put in order, and summed, rounded and apportioned to payout lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import polars as pl

from ...policy.model_pay import Component
from ...program.row_columns import RowsOf
from .cents import apportioned, in_cents, rounded, sums
from .columns import CreditingColumns, Lines
from .credit_frame import NUMBERS, CreditFrame
from .credits import CREDITED, UNPAID, WAITING, Credited, Crediting, Summed
from .lines import Step
from .paid_days import are_paid
from .payees import Payees
from .whole import stacked


@dataclass(frozen=True, slots=True)
class Found:
    """The credits of one component, in order; ``singly`` those of payees with a number that fits no column. Earnings
    are exact. ``undated`` as ``Crediting.undated``.
    """

    credits: CreditFrame
    singly: Sequence[Credited]
    undated: Set[tuple[str, str, int]]

    def apart(self, persons: Sequence[str], dated: Payees | None) -> tuple[CreditFrame, ...]:
        """Those that are unpaid; those that wait for somebody who is not paid on that day, where whether one is hangs
        on the day; those of these persons; and the others.
        """
        unpaid, theirs = pl.col("status") == UNPAID, pl.col("payee").is_in(persons)
        beside = pl.repeat(value=False, n=pl.len())
        if dated is not None:
            beside = ~unpaid & ~pl.lit(are_paid(dated, self.credits.frame["payee"], self.credits.frame["dated"]))
        kept = (unpaid, beside, ~unpaid & ~beside & theirs, ~unpaid & ~beside & ~theirs)
        return tuple(self.credits.where(mask) for mask in kept)


def found_credits(creditings: Sequence[Crediting], rows_of: RowsOf) -> Found | None:
    """None where all of the component is for the reference: its numbers have no common divisor, or there is no row."""
    columns = [CreditingColumns(crediting, rows_of) for crediting in creditings]
    try:
        undated = {place for each in columns for place in each.undated()}
        lines = [each for column in columns for each in column.lines()]
        if not lines:
            return None
        numbers = {name: stacked([each.numbers[name] for each in lines]) for name in NUMBERS}
    except OverflowError:
        # not an error: figures that no column holds exactly are paid row by row
        return None
    frame = pl.concat(_numbered(lines))
    frame = frame.with_columns(*(number.series.alias(name) for name, number in numbers.items()))
    wild = [number.wild for number in numbers.values() if number.wild is not None]
    singly: list[Credited] = []
    if wild:
        beyond = frame.filter(pl.any_horizontal(*wild))["payee"].unique().sort()
        singly = [credit for each in lines for credit in _by_reference(each, beyond)]
        frame = frame.filter(~pl.col("payee").is_in(beyond.implode()))
    first = creditings[0]
    table, _ = first.table()
    same = {
        "plan": first.plan.name,
        "period": first.name,
        "component": first.component.name,
        "table": table.shape.name,
        "file": table.file,
        "currency": first.currency,
    }
    divisors = {name: number.divisor for name, number in numbers.items()}
    return Found(CreditFrame(_in_order(frame), divisors, same), singly, undated)


def _numbered(lines: Sequence[Lines]) -> Iterator[pl.DataFrame]:
    """A row's credits count through all of its tranches."""
    before = 0
    for each in lines:
        yield each.frame.with_columns(pl.col("nth") + pl.lit(before, dtype=pl.UInt32)) if before else each.frame
        before += len(each.frame)


def _by_reference(lines: Lines, payees: pl.Series) -> list[Credited]:
    records = lines.frame.filter(pl.col("payee").is_in(payees.implode()))["index"].unique().sort().to_list()
    asked = set(payees.to_list())
    return [credit for i in records for credit in lines.crediting.of_record(i) if credit.payee in asked]


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """As ``credit_order``; a payee's credits of one row as they are found, those that count before those that wait."""
    payees = frame["payee"].unique().sort()
    status = pl.col("status")
    keys = (
        pl.col("payee").cast(pl.Enum(payees)).to_physical(),
        "dated",
        "record",
        "row",
        pl.when(status == CREDITED).then(0).when(status == WAITING).then(1).otherwise(2).cast(pl.UInt8),
        "index",
        "nth",
    )
    return frame.sort(*keys)


def settled(
    credits: CreditFrame, component: Component, payees: Collection[str], digits: int
) -> tuple[CreditFrame, Mapping[str, Summed]]:
    """The credits with their earnings apportioned to the lines of ``payees``, and what each line comes to.

    ``credits`` hold none that are unpaid; those of nobody in ``payees`` all wait.
    """
    frame = credits.frame
    counted = frame["status"] == CREDITED
    own = frame.filter(counted).with_columns(who=pl.col("payee").rle_id().set_sorted())
    names = own["payee"].unique(maintain_order=True).to_list()
    divisor = credits.divisors["earning"]
    shown, cents = earned(own["earning"], divisor, own["who"], len(names), component, digits)
    divisors = {**credits.divisors, "earning": 10**digits}
    written = CreditFrame(frame.with_columns(earning=spread_out(shown, counted)), divisors, credits.same)
    amounts = {name: Fraction(cents_of, 10**digits) for name, cents_of in zip(names, cents.to_list(), strict=True)}
    told = ((person, Told(amounts.get(person, Fraction(0)))) for person in payees)
    return written, in_lines(frame, own, names, credits.divisors, told)


def spread_out(earnings: pl.Series, counted: pl.Series) -> pl.Series:
    """Each at its credit; missing at those that do not count."""
    if counted.all():
        return earnings
    nothing = pl.repeat(None, len(counted), dtype=earnings.dtype, eager=True)
    return nothing.scatter(counted.arg_true(), earnings)


class Told(NamedTuple):
    """What a line comes to, rounded; the reasons of shut gates, and its steps."""

    amount: Fraction
    gated: Sequence[str] = ()
    steps: Sequence[Step] = ()


def in_lines(
    frame: pl.DataFrame,
    own: pl.DataFrame,
    names: Sequence[str],
    divisors: Mapping[str, int],
    told: Iterable[tuple[str, Told]],
) -> dict[str, Summed]:
    """What the lines of these payees come to. ``own`` are the credits that count; ``who`` of these is the code of the
    line, that of ``names``.
    """
    credited = sums(own["credit_amount"], own["who"], len(names)).to_list()
    rate = pl.col("rate")
    same = (rate.min() == rate.max()) & (rate.null_count() == 0)
    groups = own.group_by("who").agg(pl.len(), rate.first(), same=same).sort("who")
    many, rates = groups["len"].to_list(), _rates(groups, divisors["rate"])
    at = {name: who for who, name in enumerate(names)}
    found: dict[str, Summed] = {}
    for person, (amount, gated, steps) in told:
        who = at.get(person)
        if who is None:
            found[person] = Summed(amount, gated=gated, steps=steps)
        else:
            of = Fraction(credited[who], divisors["credit_amount"])
            found[person] = Summed(amount, of, many[who], rate=rates[who], gated=gated, steps=steps)
    waiting = dict(frame.filter(pl.col("status") == WAITING).group_by("payee").len().iter_rows())
    waits_for, reasons = _reasons(frame, [name for name, each in found.items() if not each.amount and not each.gated])
    for person in (name for name in found if name in waits_for or name in reasons):
        found[person] = found[person]._replace(
            waiting=waiting.get(person, 0),
            waits_for=waits_for.get(person, frozenset()),
            reasons=reasons.get(person, frozenset()),
        )
    return found


def _rates(groups: pl.DataFrame, divisor: int) -> list[Fraction | None]:
    """The rate of each line that all of its credits have."""
    rates = groups.select(pl.when("same").then("rate")).to_series()
    return [Fraction(rate, divisor) if rate is not None else None for rate in rates]


def earned(
    earnings: pl.Series, divisor: int, who: pl.Series, count: int, component: Component, digits: int
) -> tuple[pl.Series, pl.Series]:
    """The earning of each credit and the amount of each line, which they sum to, both in minor units.

    ``earnings`` are whole over ``divisor``; ``who`` the codes of their lines, rising, 0 … count - 1.
    """
    numbers, units = in_cents(earnings, divisor, digits)
    if component.each_credit:
        shown = rounded(numbers, units, component.rounding)
        return shown, sums(shown, who, count)
    amounts = rounded(sums(numbers, who, count), units, component.rounding)
    return apportioned(numbers, units, who, amounts), amounts


def _reasons(
    frame: pl.DataFrame, zero: Sequence[str]
) -> tuple[Mapping[str, Set[str]], Mapping[str, Set[tuple[str, str]]]]:
    """What credits wait for, and the reasons of those of payees whose line comes to zero for no shut gate."""
    waits = pl.col("status") == WAITING
    asked = frame.filter(waits | pl.col("payee").is_in(zero)).with_columns(
        reason=pl.when(waits | (pl.col("earning") == 0)).then("reason").otherwise(pl.lit(""))
    )
    waits_for: dict[str, set[str]] = {}
    reasons: dict[str, set[tuple[str, str]]] = {}
    for person, status, reason, because in asked.select("payee", "status", "reason", "because").unique().iter_rows():
        if status == WAITING:
            waits_for.setdefault(person, set()).add(reason)
        else:
            reasons.setdefault(person, set()).add((reason, because))
    return waits_for, reasons
