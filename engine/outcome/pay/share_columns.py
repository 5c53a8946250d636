"""The column twin of ``shares``: for whom many rows count, and with which part of each."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from ...policy.model_credit import Credit, Split, Tranche
from ...policy.names import account_field
from ...program.row_columns import RowColumns
from .chain import Chains
from .shares import NO_ACCOUNT, names_no, not_whole, told_of
from .whole import Number, either, stacked

_LEVELS = {"person": pl.String, "since": pl.UInt32, "above": pl.String, "unknown": pl.String, "said": pl.String}


@dataclass(slots=True)
class SharedRows:
    """Rows of one book, dated ``days``, and what their credits split."""

    credit: Credit
    rows: RowColumns
    days: pl.Series
    chains: Chains
    tranche: Tranche | None = None

    def shares(self) -> tuple[pl.DataFrame, Number]:
        """``line`` (the row's position), ``nth``, ``person`` (empty: nobody), ``why``, ``waits`` and ``said`` as in
        ``Share``, and ``faulty``: what is wrong with the shares of the row; and the shares.
        """
        found = [self._up(split, *self._split(split)) for split in self.credit.splits]
        frame = pl.concat([lines for lines, _ in found]).with_columns(nth=pl.int_range(pl.len(), dtype=pl.UInt32))
        share = stacked([share for _, share in found])
        if self.tranche is not None:
            frame, share = self._of_tranche(self.tranche, frame, share)
        if not self.credit.shares_vary:
            return frame.with_columns(faulty=pl.lit("")), share
        faulty, wild = self._faulty()
        frame = frame.with_columns(faulty=faulty.gather(frame["line"]))
        beyond = either(share.wild, wild.gather(frame["line"]) if wild is not None else None)
        return frame, Number(share.series, share.divisor, beyond)

    def _of_tranche(self, tranche: Tranche, frame: pl.DataFrame, share: Number) -> tuple[pl.DataFrame, Number]:
        part = pl.repeat(tranche.share.numerator, len(frame), dtype=pl.Int64, eager=True)
        said, when = pl.col("said"), pl.lit(told_of(tranche))
        said = pl.when(said == "").then(when).otherwise(pl.format("{}; {}", said, when))
        return frame.with_columns(said=said), share * Number(part, tranche.share.denominator)

    def _faulty(self) -> tuple[pl.Series, pl.Series | None]:
        """Of each row what ``not_whole`` says of its shares, and where only the reference knows."""
        parts = stacked([Number.of(self.rows.value(share)) for share in self.credit.shares])
        count = len(self.rows.indices)
        total, wild = None, None
        for n in range(len(self.credit.shares)):
            # no more than twenty parts below 2^80: their sum fits
            part = parts.series.slice(n * count, count).cast(pl.Int128)
            total = part if total is None else total + part
            wild = either(wild, parts.wild.slice(n * count, count) if parts.wild is not None else None)
        met = pl.DataFrame({"total": total}).unique().sort("total")
        told = [
            not_whole(Fraction(each, parts.divisor) if each is not None else None) for each in met["total"].to_list()
        ]
        texts = met.with_columns(faulty=pl.Series(told, dtype=pl.String))
        rows = pl.DataFrame({"total": total})
        return rows.join(texts, on="total", how="left", nulls_equal=True, maintain_order="left")["faulty"], wild

    def _up(self, split: Split, found: pl.DataFrame, part: Number) -> tuple[pl.DataFrame, Number]:
        """Those above the persons found, each with the part of the one below."""
        if split.through is None:
            return found.with_columns(said=pl.lit("")), part
        chain = self.chains.by(split.through, self.rows.book.tables)
        days = self.days.gather(found["line"])
        since = pl.Series(chain.changes, dtype=pl.Date).search_sorted(days, side="right")
        found = found.with_row_index("below").with_columns(day=days, since=since.cast(pl.UInt32))
        named = found.filter(pl.col("person") != "").group_by("person", "since").agg(pl.col("day").min())
        levels = [
            (person, since, level.person, level.reason, level.said)
            for person, since, day in named.sort("person", "since").iter_rows()
            for level in chain.of(person, day, split.levels)
        ]
        above = pl.DataFrame(levels, schema=_LEVELS, orient="row")
        up = found.join(above, on=["person", "since"], how="left", maintain_order="left_right")
        nobody, waits = pl.col("above").is_null(), pl.col("waits")
        frame = up.select(
            "line",
            person=pl.coalesce("above", "person"),
            why=pl.when(waits | nobody).then("why").otherwise("unknown"),
            waits=waits | (~nobody & (pl.col("above") != "") & (pl.col("unknown") != "")),
            said=pl.col("said").fill_null(""),
        )
        return frame, part.gather(up["below"])

    def _split(self, split: Split) -> tuple[pl.DataFrame, Number]:
        rows, count = self.rows, len(self.rows.indices)
        part = Number(pl.repeat(1, count, dtype=pl.Int64, eager=True), 1)
        if split.share is not None:
            part = Number.of(rows.value(split.share))
        every = pl.DataFrame({"line": pl.int_range(count, dtype=pl.UInt32, eager=True)})
        if rows.table.shape.field(split.to) is not None:
            person = rows.field(split.to).series.cast(pl.String)
            why = pl.when(person.is_null()).then(pl.lit(names_no(split.to))).otherwise(pl.lit(""))
            return every.with_columns(person=person.fill_null(""), why=why, waits=pl.lit(value=False)), part
        link = account_field(rows.table.shape)
        named = rows.field(link.name).series.is_not_null() if link else pl.Series([False] * count, dtype=pl.Boolean)
        held, shares = self._held(split.to, named.arg_true())
        nobody = every.filter(~named).with_columns(person=pl.lit(""), why=pl.lit(NO_ACCOUNT), waits=pl.lit(value=False))
        of_held = part.gather(held["line"]) * shares
        return pl.concat([held, nobody]), stacked([of_held, part.gather(nobody["line"])])

    def _held(self, role: str, positions: pl.Series) -> tuple[pl.DataFrame, Number]:
        found, shares = self.rows.at(positions).holders(role, self.days.gather(positions))
        frame = found.select(
            line=positions.gather(found["line"]).cast(pl.UInt32),
            person=pl.col("person").fill_null(""),
            why=pl.col("reason").fill_null(""),
            waits="undecided",
        )
        return frame, Number.of(shares)
