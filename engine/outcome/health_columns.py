"""The column twins of ``health_scores``: scores and their measures as lines in columns, a slice of accounts at a time.

Accounts whose points leave 128 bits, and policies that ``supports`` does not hold of, are told by the row-by-row
functions, as rows between the lines.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

import polars as pl

from ..columns import INT64, ExactColumn
from ..lines import Lines, between, columns_of
from ..policy.model_health import Health
from ..program.columns import Columns
from ..program.settling import Settling
from ..program.spoken import source_of
from ..texts import constant
from . import health as rowwise
from .health_parts import Part, Scoring, supports
from .words import everywhere, words

_Flagged: TypeAlias = tuple[str, pl.Series]
"""A text and the accounts of which it is told."""

Late: TypeAlias = tuple[int, rowwise.HealthScore, list[rowwise.HealthMeasure]]
"""An account (its index) that is told row by row."""


class Scored:
    """A health policy over all accounts of ``columns``; without ``scoring``, row by row."""

    def __init__(self, columns: Columns, health: Health) -> None:
        self.columns, self.health, self.ids = columns, health, columns.account_ids
        self.scoring = Scoring(columns, health) if supports(health) else None
        every = pl.repeat(True, len(self.ids), dtype=pl.Boolean, eager=True)
        self.alone = self.scoring.wide if self.scoring else every
        """Which accounts are told row by row."""

    def rows(self, start: int, end: int) -> pl.Series:
        """The accounts of ``[start, end)`` that are told by columns."""
        rows = pl.int_range(start, end, dtype=pl.UInt32, eager=True)
        return rows.filter(~self.alone.slice(start, end - start))

    def late(self, start: int, end: int) -> list[Late]:
        """The others of ``[start, end)``."""
        first, last = (bisect_left(self._late, index, key=lambda late: late[0]) for index in (start, end))
        return self._late[first:last]

    @cached_property
    def _late(self) -> list[Late]:
        book = self.columns.book
        found = ((row, book.accounts[self.ids[row]]) for row in self.alone.arg_true().to_list())
        return [(row, *rowwise.account_health(book, self.health, facts)) for row, facts in found]


def scored(columns: Columns) -> list[Scored]:
    """The health policies over these accounts, in the order of their lines."""
    return [Scored(columns, health) for health in sorted(columns.program.force.healths, key=lambda each: each.name)]


class HealthLines:
    """The scores that ``health_scores`` gives for the accounts of ``columns``, in the same order."""

    def __init__(self, policies: Sequence[Scored]) -> None:
        self.policies = [(policy, _Scores(policy, policy.scoring) if policy.scoring else None) for policy in policies]

    @property
    def height(self) -> int:
        return sum(len(policy.ids) for policy, _ in self.policies)

    def slices(self, lines: int) -> Iterator[Lines]:
        for policy, scores in self.policies:
            for start in range(0, len(policy.ids), lines):
                end = min(start + lines, len(policy.ids))
                rows = policy.rows(start, end)
                late = [(row, score) for row, score, _ in policy.late(start, end)]
                yield Lines(scores.columns(rows) if scores and len(rows) else {}, between(rows, late))


class _Scores:
    """One policy's scores in columns."""

    def __init__(self, scored: Scored, scoring: Scoring) -> None:
        columns, health = scored.columns, scored.health
        self.health, self.ids, self.scoring = health, scored.ids, scoring
        self.score, self.coverage = columns.name(health.fact), columns.name(health.coverage_name)
        self.grade = columns.name(health.grade_name).series if health.grades is not None else None
        names = Settling(health).results if health.settle is not None else ()
        self.settling = [columns.name(name).series for name in names] or None
        self.exceptions = [columns.value(exception.when).series for exception in health.exceptions]
        self.unsure = columns.missing(health.population) if health.population is not None else None

    def columns(self, rows: pl.Series) -> Mapping[str, ExactColumn]:
        """The lines of the accounts at these indices."""
        health, height = self.health, len(rows)
        score, coverage = self.score.gather(rows), self.coverage.gather(rows)
        known = score.series.is_not_null()
        told = self._told(rows, known)
        because = told["because"]
        grade = everywhere("", height)
        if self.grade is not None:
            grade = self.grade.gather(rows)
            grade = grade.zip_with(known, pl.Series([None], dtype=grade.dtype))
        return columns_of(
            {
                "policy": everywhere(health.name, height),
                "fact": everywhere(health.fact, height),
                "account_id": self.ids.gather(rows),
                "score": score.series,
                "grade": grade,
                **self._settled(rows, grade),
                "coverage": coverage.series,
                "status": _STATUSES.gather(told["status"]),
                "because": because if self.settling is None else self._unsettled(rows, grade, because),
                "missing": told["missing"],
                "source": everywhere(source_of(health.span), height),
            },
            {"score": score.divisor, "coverage": coverage.divisor},
        )

    def _settled(self, rows: pl.Series, grade: pl.Series) -> Mapping[str, pl.Series]:
        """Since when the grade counts, and the one that does not yet."""
        if self.settling is None:
            day = pl.repeat(None, len(rows), dtype=pl.Date, eager=True)
            return {"grade_since": day, "pending_grade": everywhere("", len(rows)), "pending_since": day}
        _, since, pending, pending_since = (column.gather(rows) for column in self.settling)
        pending = pending.cast(pl.String).fill_null("")
        return {"grade_since": since, "pending_grade": pending, "pending_since": pending_since}

    def _unsettled(self, rows: pl.Series, grade: pl.Series, because: pl.Series) -> pl.Series:
        assert self.settling is not None
        frame = pl.DataFrame(
            {
                "today": self.settling[0].gather(rows).cast(pl.String),
                "grade": grade.cast(pl.String),
                "because": because.cast(pl.String),
            }
        )
        start, end = rowwise.unsettled_told("\0").split("\0")
        told = pl.concat_str(pl.lit(start), "today", pl.lit(end))
        both = pl.when(pl.col("because") == "").then(told).otherwise(pl.concat_str("because", pl.lit("; "), told))
        differs = (pl.col("today") != pl.col("grade")).fill_null(False)
        return frame.select(pl.when(differs).then(both).otherwise("because")).to_series()

    def _told(self, rows: pl.Series, known: pl.Series) -> pl.DataFrame:
        """The status (its index), the reason and what is missing."""
        none, health = known & ~known, self.health
        absent = [(part, _absent(part)) for part in self.scoring.parts(rows)]
        held, unclear = self._exceptions(rows, known)
        poor = known & self.grade.gather(rows).is_null() if self.grade is not None else none
        capped = none
        for _, moved in held:
            capped |= moved
        failing = [(part.scored.name, gone) for part, gone in absent if part.scored.missing == "fail"]
        inside, unsure = self.scoring.inside, self.unsure
        frame = pl.DataFrame(
            {
                "known": known,
                "poor": poor,
                "capped": capped,
                "inside": inside.gather(rows) if inside is not None else ~none,
                "reasons": _listed([(rowwise.uncovered_told(health), poor), *held, *unclear], "; ", len(rows)),
                "failing": _listed(failing, ", ", len(rows)),
                "absent": _listed(_once([(part.scored.name, gone) for part, gone in absent]), ", ", len(rows)),
                "unsure": unsure.gather(rows) if unsure is not None else everywhere("", len(rows)),
            }
        )
        return frame.select(status=_STATUS, because=_BECAUSE, missing=_MISSING)

    def _exceptions(self, rows: pl.Series, known: pl.Series) -> tuple[list[_Flagged], list[_Flagged]]:
        """What held the score back or up, and what could not be decided, each with the accounts it did so for."""
        held: list[_Flagged] = []
        unclear: list[_Flagged] = []
        score = self.scoring.raw.gather(rows)
        bounds = [int(exception.points * 10**self.health.digits) for exception in self.health.exceptions]
        if any(bound not in INT64 for bound in bounds):
            score = score.cast(pl.Int128)
        for exception, when, most in zip(self.health.exceptions, self.exceptions, bounds, strict=True):
            told, holds = rowwise.exception_told(exception), when.gather(rows)
            bound = constant(most, score)
            beyond = score > bound if exception.at_most else score < bound
            moved = (beyond & holds & known).fill_null(False)
            score = score.zip_with(~moved, bound)
            held.append((told, moved))
            unclear.append((rowwise.UNCLEAR + told, holds.is_null() & known))
        return held, unclear


def _absent(part: Part) -> pl.Series:
    return part.points.is_null() if part.present is None else part.present


def _once(names: Sequence[_Flagged]) -> list[_Flagged]:
    """Each name where it is flagged first."""
    found: list[_Flagged] = []
    before: dict[str, pl.Series] = {}
    for name, flag in names:
        seen = before.get(name)
        found.append((name, flag if seen is None else flag & ~seen))
        before[name] = flag if seen is None else flag | seen
    return found


def _listed(texts: Sequence[_Flagged], separator: str, height: int) -> pl.Series:
    """The texts that are flagged, joined."""
    told = [pl.when(flag).then(pl.lit(text)) for text, flag in texts if flag.any()]
    if not told:
        return everywhere("", height)
    return pl.select(pl.concat_str(told, separator=separator, ignore_nulls=True)).to_series()


_STATUSES = words(["scored", "capped", "no_grade", "no_score", "out_of_scope", "undecided"])
_STATUS = (
    pl.when(pl.col("inside").is_null())
    .then(pl.lit(5, dtype=pl.UInt8))
    .when(~pl.col("inside"))
    .then(pl.lit(4, dtype=pl.UInt8))
    .when(~pl.col("known"))
    .then(pl.lit(3, dtype=pl.UInt8))
    .when("poor")
    .then(pl.lit(2, dtype=pl.UInt8))
    .otherwise(pl.col("capped").cast(pl.UInt8))
)
_BECAUSE = (
    pl.when(pl.col("inside").is_null())
    .then(pl.lit(rowwise.UNSURE))
    .when(~pl.col("inside"))
    .then(pl.lit(rowwise.OUTSIDE))
    .when("known")
    .then(pl.col("reasons").cast(pl.String))
    .when(pl.col("failing").cast(pl.String) == "")
    .then(pl.lit(rowwise.NO_DATA))
    .otherwise(pl.col("failing").cast(pl.String) + pl.lit(rowwise.FAILED))
)
_MISSING = (
    pl.when(pl.col("inside").is_null())
    .then(pl.col("unsure").cast(pl.String))
    .when("inside")
    .then(pl.col("absent").cast(pl.String))
    .otherwise(pl.lit(""))
)
