"""The column twin of ``stages``: every account's stage as lines in columns, a slice of accounts at a time."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..columns import ExactColumn
from ..lines import Lines, columns_of
from ..policy.model_life import Lifecycle
from ..program.columns import Columns
from ..program.spoken_columns import lacking_texts
from ..program.stages import number_name
from .stages import PACES, WITHOUT, conditions, told
from .words import everywhere, words


class StageLines:
    """What ``stage_rows`` gives for the accounts of ``columns``, in the same order."""

    def __init__(self, columns: Columns) -> None:
        lives = sorted(columns.program.force.lifecycles, key=lambda each: each.name)
        self.lives = [_LifeLines(columns, life) for life in lives]
        self.accounts = len(columns.account_ids)

    @property
    def height(self) -> int:
        return self.accounts * len(self.lives)

    def slices(self, lines: int) -> Iterator[Lines]:
        for life in self.lives:
            for start in range(0, self.accounts, lines):
                yield Lines(life.columns_of(start, min(lines, self.accounts - start)))


class _LifeLines:
    """A lifecycle, and for every account which of the things that can be told (``codes``) is told of it."""

    def __init__(self, columns: Columns, life: Lifecycle) -> None:
        self.columns, self.life = columns, life
        known = told(life)
        self.stages, self.statuses = words(each.stage for each in known), words(each.status for each in known)
        self.because, self.sources = words(each.because for each in known), words(each.source for each in known)
        self.since = columns.name(life.since_name).series
        self.codes = self._codes(len(known))
        self.undecided = self.codes == len(known) - 1
        self.missing = self._missing()

    def _codes(self, known: int) -> pl.Series:
        columns, life = self.columns, self.life
        paces = columns.name(life.status_name).series.cast(pl.String)
        inside = columns.value(life.population).series if life.population is not None else None
        frame = pl.DataFrame(
            {
                "number": _whole(columns.name(number_name(life))),
                "pace": paces.replace_strict(PACES, range(len(PACES)), default=None, return_dtype=pl.Int64),
                "inside": inside if inside is not None else pl.repeat(True, len(paces), dtype=pl.Boolean, eager=True),
                "starts": columns.value(life.starts).series,
            }
        )
        number, none = pl.col("number"), known - 4
        found = (
            pl.when(number <= len(life.stages))
            .then((number - 1) * len(PACES) + pl.col("pace"))
            .when(number.is_not_null())
            .then(none)
            .when(~pl.col("inside"))
            .then(none + 2)
            .when(pl.col("inside") & (pl.col("starts") > columns.as_of))
            .then(none + 1)
            .otherwise(none + 3)
        )
        return frame.select(found.cast(pl.UInt32).alias("code")).to_series()

    def _missing(self) -> pl.Series:
        """Of the undecided, the names that the first condition without a value lacks."""
        names, left = pl.repeat("", len(self.codes), dtype=pl.String, eager=True), self.undecided
        for expression in conditions(self.life) if left.any() else ():
            here = left & self.columns.value(expression).series.is_null()
            if here.any():
                names = names.zip_with(~here, self.columns.missing(expression))
                left &= ~here
        return names

    def columns_of(self, start: int, count: int) -> dict[str, ExactColumn]:
        codes, since = self.codes.slice(start, count), self.since.slice(start, count)
        undecided, missing = self.undecided.slice(start, count), self.missing.slice(start, count)
        because = self.because.gather(codes)
        if undecided.any():
            reasons = pl.Series([WITHOUT]) + lacking_texts(missing)
            because = because.cast(pl.String).zip_with(~undecided, reasons)
        days = (pl.Series([self.columns.as_of]) - since).dt.total_days()
        return dict(
            columns_of(
                {
                    "policy": everywhere(self.life.name, len(codes)),
                    "fact": everywhere(self.life.fact, len(codes)),
                    "account_id": self.columns.account_ids.slice(start, count),
                    "stage": self.stages.gather(codes),
                    "since": since,
                    "days": days,
                    "status": self.statuses.gather(codes),
                    "because": because,
                    "missing": missing,
                    "source": self.sources.gather(codes),
                }
            )
        )


def _whole(column: ExactColumn) -> pl.Series:
    """Whole numbers as they are."""
    return (column.series // column.divisor).cast(pl.Int64)
