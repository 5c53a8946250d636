"""The column twin of ``Crediting.credits``: the credits of a component as a frame, exact, with the same reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate

import polars as pl

from ...columns import NUMBER, TEXT, exact_column
from ...language.tree import Expression
from ...policy.names import account_field
from ...program.evaluate import Book
from ...program.row_columns import RowColumns, RowsOf
from .credits import Crediting
from .exchange_columns import Changed, exchanged, with_exchange
from .paid_days import are_paid
from .share_columns import SharedRows
from .stages import (
    COUNTS,
    NO_AMOUNT,
    NO_CASE,
    NO_EXCHANGE,
    NO_PAYEE,
    NO_RATE,
    NO_SHARE,
    NOBODY,
    NOT_WHOLE,
    STATUS,
    UNDECIDED,
    told,
)
from .whole import Number, stacked


@dataclass(frozen=True, slots=True)
class Lines:
    """Credits of some rows, not yet in order. ``frame`` has ``index`` (the record) and ``nth`` (which of the row's
    shares) beside the columns of Credited that differ. Lines where a number is wild are the reference's to find.
    """

    crediting: Crediting
    frame: pl.DataFrame
    numbers: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class CreditingColumns:
    """One component of one version of a plan for one period of it, over all rows of its table at once."""

    crediting: Crediting
    rows_of: RowsOf

    def lines(self) -> Iterator[Lines]:
        """The credits of the rows dated in the period, for each version of the policies."""
        crediting = self.crediting
        table, dated_by = crediting.table()
        days = self.rows_of(crediting.book_on(crediting.period.start), table).field(dated_by).series
        day, effective = pl.col("day"), crediting.plan.effective
        inside = (day >= crediting.period.start) & (day < crediting.period.before) & (day >= effective.start)
        if effective.before is not None:
            inside &= day < effective.before
        dated = pl.DataFrame({"day": days}).with_row_index("index").filter(inside)
        for book, first, last in self._books(dated["day"]):
            own = dated.filter(day.is_between(first, last))
            yield self._lines(self.rows_of(book, table).at(own["index"]), own["day"])

    def _books(self, days: pl.Series) -> Iterator[tuple[Book, date, date]]:
        """The versions of the policies, with the first and last of the days on which they are in force."""
        found: list[tuple[Book, date, date]] = []
        for day in days.unique().sort().to_list():
            book = self.crediting.book_on(day)
            first = found.pop()[1] if found and found[-1][0] is book else day
            found.append((book, first, day))
        yield from found

    def undated(self) -> set[tuple[str, str, int]]:
        """As ``Crediting.undated``."""
        crediting, where = self.crediting, self.crediting.credit.where
        table, dated_by = crediting.table()
        rows = self.rows_of(crediting.book_on(crediting.period.start), table)
        empty = rows.field(dated_by).series.is_null().arg_true()
        if len(empty) and where is not None:
            empty = empty.filter(rows.at(empty).value(where).series.fill_null(value=True))
        return {(table.shape.name, dated_by, i) for i in empty.to_list()}

    def _lines(self, rows: RowColumns, days: pl.Series) -> Lines:
        where = self.crediting.credit.where
        holds = pl.repeat(True, len(rows.indices), dtype=pl.Boolean, eager=True)
        if where is not None:
            holds = rows.value(where).series
            kept = holds.fill_null(value=True).arg_true()
            if len(kept) < len(holds):
                rows, days, holds = rows.at(kept), days.gather(kept), holds.gather(kept)
        return _Priced(self.crediting, rows, days, holds).lines()


@dataclass(slots=True)
class _Priced:
    """Rows of one book that match or may match."""

    crediting: Crediting
    rows: RowColumns
    days: pl.Series
    holds: pl.Series

    def lines(self) -> Lines:
        crediting = self.crediting
        shared, share = SharedRows(crediting.credit, self.rows, self.days, crediting.chains, crediting.tranche).shares()
        line = shared["line"]
        amount, nothing, changed = self._amounts()
        shared = with_exchange(shared, changed)
        credit_amount = amount.gather(line) * share
        stages = shared.with_columns(
            day=self.days.gather(line),
            undecided=self.holds.is_null().gather(line),
            paid=are_paid(self.crediting.payees, shared["person"], self.days.gather(line)),
            no_share=share.series.is_null() if share.wild is None else share.series.is_null() & ~share.wild,
            no_amount=nothing.gather(line),
        )
        numbers = {"credit_amount": credit_amount, "share": share}
        if self.crediting.component.table is None:
            case, rate = self._rates()
            numbers |= {"rate": rate.gather(line), "earning": credit_amount * rate.gather(line)}
            stages = stages.with_columns(case=case.gather(line), no_rate=numbers["rate"].series.is_null())
        else:
            nothing = pl.repeat(None, len(line), dtype=pl.Int64, eager=True)
            numbers |= {"rate": Number(nothing, 1), "earning": Number(nothing, 1)}
            stages = stages.with_columns(case=pl.lit(0, dtype=pl.Int32), no_rate=pl.lit(value=False))
        stages = stages.with_columns(stage=self._stage())
        return self._shown(stages, numbers)

    def _amounts(self) -> tuple[Number, pl.Series, Changed | None]:
        """What each row counts with, in the currency of the plan; where there is no amount; how it came to that."""
        amount = Number.of(self.rows.value(self.crediting.credit.amount))
        if self.crediting.exchange is None:
            return amount, amount.series.is_null(), None
        changed = exchanged(self.crediting.credit, self.crediting.exchange, self.rows, self.days)
        return amount * changed.rate, amount.series.is_null(), changed

    def _stage(self) -> pl.Expr:
        person, then = pl.col("person"), pl.when
        named = person != ""
        found = then("undecided").then(UNDECIDED).when(pl.col("faulty") != "").then(NOT_WHOLE)
        found = found.when(pl.col("waits") | (named & pl.col("no_share"))).then(NO_SHARE)
        found = found.when(~named).then(NOBODY).when(~pl.col("paid")).then(NO_PAYEE)
        found = found.when("no_amount").then(NO_AMOUNT).when(pl.col("unchanged") != "").then(NO_EXCHANGE)
        found = found.when(pl.col("case") < 0).then(NO_CASE)
        return found.when("no_rate").then(NO_RATE).otherwise(COUNTS).cast(pl.UInt8)

    # --- at which rate

    def _rates(self) -> tuple[pl.Series, Number]:
        """The case that holds for each row, or ``-1 - n`` where case n is undecided; and the rate."""
        cases = self.crediting.component.rates
        count = len(self.rows.indices)
        arms = []
        for n, case in enumerate(cases):
            if case.when is None:
                arms.append(pl.lit(n, dtype=pl.Int32))
                break
            truth = pl.lit(self.rows.value(case.when).series)
            undecided = pl.when(truth.is_null()).then(pl.lit(-1 - n, dtype=pl.Int32))
            arms.append(undecided.when(truth).then(pl.lit(n, dtype=pl.Int32)))
        case_of = pl.select(pl.repeat(None, count, dtype=pl.Int32).alias("none")).select(
            pl.coalesce(*arms, "none").alias("case")
        )["case"]
        if case_of.null_count():
            raise ValueError("a list of cases without a last row: the checks let it pass")
        return case_of, self._rate(case_of, len(arms))

    def _rate(self, case_of: pl.Series, reached: int) -> Number:
        found = [self._value(case.value) for case in self.crediting.component.rates[:reached]]
        # the values of all cases in one column, and where in it each row's own is: a constant is there once
        every = stacked(found)
        starts = pl.Series([0, *accumulate(len(number.series) for number in found)][:-1], dtype=pl.UInt32)
        single = pl.Series([len(number.series) == 1 for number in found], dtype=pl.Boolean)
        frame = pl.DataFrame({"case": case_of.clip(lower_bound=0).cast(pl.UInt32)}).with_row_index("row")
        own = pl.when(single.gather(frame["case"])).then(pl.lit(0, dtype=pl.UInt32)).otherwise(pl.col("row"))
        return every.gather(frame.select(own + starts.gather(frame["case"])).to_series())

    def _value(self, expression: Expression) -> Number:
        """Of every row; a constant is one value."""
        if expression.names:
            return Number.of(self.rows.value(expression))
        value = self.rows.book.value(expression, {})
        return Number.of(exact_column(NUMBER, [value if isinstance(value, Fraction) else None]))

    # --- what is shown

    def _shown(self, stages: pl.DataFrame, numbers: Mapping[str, Number]) -> Lines:
        rows, line, stage = self.rows, stages["line"], stages["stage"]
        link = account_field(rows.table.shape)
        account = rows.field(link.name).series.cast(pl.String).fill_null("").gather(line) if link else pl.lit("")
        numbered = pl.Series(rows.table.rows, dtype=pl.Int64).gather(rows.indices)
        frame = told(self.crediting, rows, stages, numbers).with_columns(
            index=rows.indices.gather(line),
            nth=stages["nth"],
            payee=stages["person"],
            record=_record(rows, numbered).gather(line),
            row=numbered.gather(line),
            account_id=account,
            dated=self.days.gather(line),
            status=pl.Series(STATUS, dtype=pl.String).gather(stage.cast(pl.UInt32)),
        )
        shown = {
            "credit_amount": numbers["credit_amount"].only(stage >= NO_CASE),
            "rate": numbers["rate"].only(stage == COUNTS),
            "share": numbers["share"],
            "earning": numbers["earning"].only(stage == COUNTS),
        }
        return Lines(self.crediting, frame, shown)


def records(rows: RowColumns) -> pl.Series:
    """As ``credits.record_of``, of each row."""
    return _record(rows, pl.Series(rows.table.rows, dtype=pl.Int64).gather(rows.indices))


def _record(rows: RowColumns, numbered: pl.Series) -> pl.Series:
    """The key of each row as text; where it has none, its number in the file."""
    place = pl.select(pl.lit("row ") + pl.lit(numbered.cast(pl.String))).to_series()
    if rows.table.shape.key is None:
        return place
    key = rows.field(rows.table.shape.key)
    if key.kind == TEXT or (key.kind == NUMBER and key.divisor == 1):
        texts = key.series.cast(pl.String)
    else:
        texts = pl.Series([None if value is None else str(value) for value in key.values()], dtype=pl.String)
    return texts.zip_with(texts.is_not_null(), place) if texts.null_count() else texts
