"""The score of one account and its measures, as the rows of ``health.csv`` and ``health_measures.csv`` say them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any, TypeAlias

from ..language.tree import Expression
from ..language.types import Type
from ..outcome.health import (
    OUTSIDE,
    UNCLEAR,
    UNSURE,
    ZERO,
    HealthMeasure,
    HealthScore,
    Part,
    band_told,
    exception_told,
    no_score_told,
    parts_of,
    uncovered_told,
)
from ..policy.model_health import Health, Scored
from ..policy.model_pay import Bands
from ..policy.names import scored_of
from ..program import lowering
from ..program.evaluate import Book
from ..program.generated import AccountFunction, Slot
from ..program.spoken import source_of, spoken
from .tiers import Row, template
from .words import speaker

fraction: Callable[[int, int], Fraction] = lru_cache(maxsize=8_192)(Fraction)
"""Scores and shares come again and again."""

_FRACTIONS = 8_192
"""So many over one denominator are remembered."""

Said: TypeAlias = Callable[[Sequence[Any]], tuple[str | None, str]]
"""The reason of an account's points, and the line it stands at."""

_PATTERNS = 256
"""Which measures lack points: as many patterns are remembered."""


def wanted(health: Health) -> tuple[list[str], list[Expression]]:
    """The names and expressions whose values the rows of a score are made of."""
    scored = scored_of(health.measures)
    names = [health.fact, health.grade_name, health.coverage_name]
    names += [lowering.points_name(health.fact, one) for one in scored] + [one.name for one in scored]
    asked = [exception.when for exception in health.exceptions]
    return names, [*asked, *([health.population] if health.population else [])]


class _Over(dict[int, Fraction]):
    """Fractions over one denominator by what stands above it: points and contributions come again and again."""

    def __init__(self, below: int) -> None:
        self.below = below

    def __missing__(self, above: int) -> Fraction:
        if len(self) >= _FRACTIONS:
            self.clear()
        found = self[above] = Fraction(above, self.below)
        return found


_over: Callable[[int], _Over] = lru_cache(maxsize=64)(_Over)


@dataclass(frozen=True, slots=True)
class _Line:
    """One measure's row: what is the same for all accounts with points for the same measures.

    ``weight`` times its points is what it gives; where no points stand ``at`` any place, ``weight`` alone.
    """

    row: Row
    at: int | None
    points: _Over
    say: Callable[[Sequence[Any]], str] | None
    band: Said | None
    weight: int
    has_share: bool


@dataclass(frozen=True, slots=True)
class _Layout:
    """The rows for one pattern of missing points. ``order`` sorts them; ``scale`` divides the whole numbers that their
    contributions are worked out in, at the digits of the score."""

    lines: tuple[_Line, ...]
    order: tuple[int, ...] | None
    scale: int
    missing: str | None
    no_score: str


class Score:
    """One health policy. ``uncapped`` is its score before exceptions."""

    def __init__(self, book: Book, health: Health, function: AccountFunction, uncapped: Expression) -> None:
        self.book, self.health, self.names = book, health, function.names
        self.inside = function.expressions[id(health.population)] if health.population else None
        self.exceptions = [(e, function.expressions[id(e.when)], exception_told(e)) for e in health.exceptions]
        self.uncapped = function.expressions[id(uncapped)]
        self.score, self.coverage = self.names[health.fact], self.names[health.coverage_name]
        self.grade = self.names[health.grade_name].at
        self.scored = scored_of(health.measures)
        self.points = [self.names[lowering.points_name(health.fact, one)] for one in self.scored]
        self.points_at = [slot.at for slot in self.points]
        self.unit = 10 ** max(health.digits, 0), 10 ** max(-health.digits, 0)
        self.parts = _over(self.unit[0])
        self.as_of = book.as_of
        self.row = template(HealthScore, policy=health.name, fact=health.fact, source=source_of(health.span))
        self.layout = lru_cache(maxsize=_PATTERNS)(self._layout)
        self.full = self._layout((False,) * len(self.points))

    def rows(self, found: Sequence[Any], account_id: str) -> tuple[Row, list[Row]]:
        """The row of the score and, where the policy is for the account, those of its measures."""
        row = self.row.copy()
        row["account_id"] = account_id
        inside = found[self.inside.at] if self.inside is not None else True
        if inside is not True:
            self._outside(row, inside, found)
            return row, []
        points = [found[at] for at in self.points_at]
        layout = self.layout(tuple([above is None for above in points])) if None in points else self.full
        self._score(row, layout, found)
        return row, self._measures(layout, found, account_id)

    def _outside(self, row: Row, inside: bool | None, found: Sequence[Any]) -> None:
        row["status"], row["because"] = ("out_of_scope", OUTSIDE) if inside is False else ("undecided", UNSURE)
        population = self.health.population
        if inside is None and population is not None:
            missing = sorted(name for name in population.names if found[self.names[name].at] is None)
            row["missing"] = ", ".join(missing) or None

    def _score(self, row: Row, layout: _Layout, found: Sequence[Any]) -> None:
        row["missing"] = layout.missing
        above, below = self.coverage.pair(found)
        row["coverage"] = fraction(above, below) if above is not None else None
        above, below = self.score.pair(found)
        if above is None:
            row["status"], row["because"] = "no_score", layout.no_score
            return
        told: list[str] = []
        row["score"], row["grade"] = fraction(above, below), found[self.grade] or None
        if self.health.settle is not None and row["grade"] is not None:
            row["grade_since"] = self.as_of
        row["status"] = "scored"
        if self.exceptions:
            told, unclear = self._exceptions(found)
            if told:
                row["status"] = "capped"
            told += [f"{UNCLEAR}{text}" for text in unclear] if unclear else ()
        if row["grade"] is None and self.health.grades is not None:
            row["status"] = "no_grade"
            told = [uncovered_told(self.health), *(["; ".join(told)] if told else [])]
        if told:
            row["because"] = "; ".join(told)

    def _exceptions(self, found: Sequence[Any]) -> tuple[list[str], list[str]]:
        """What held the score back or up, and what could not be decided."""
        held, unclear = [], []
        above, below = self.uncapped.pair(found)
        for exception, slot, told in self.exceptions:
            holds = found[slot.at]
            if holds is None:
                unclear.append(told)
            elif holds and above is not None:
                limit, over = exception.points.numerator, exception.points.denominator
                more = above * over - limit * below
                if more > 0 if exception.at_most else more < 0:
                    held.append(told)
                    above, below = limit, over
        return held, unclear

    # --- measures -------------------------------------------------------------------------------------------------

    def _measures(self, layout: _Layout, found: Sequence[Any], account_id: str) -> list[Row]:
        exact, rows = [], []
        for line in layout.lines:
            row, at = line.row.copy(), line.at
            row["account_id"] = account_id
            if at is None:
                exact.append(line.weight)
            else:
                above = found[at]
                row["points"] = line.points[above]
                exact.append(line.weight * above)
            if line.say is not None:
                row["value"] = line.say(found)
            if line.band is not None:
                row["because"], row["source"] = line.band(found)
            rows.append(row)
        self._contributions(layout, exact, rows, found)
        if layout.order is not None:
            return [rows[i] for i in layout.order]
        return sorted(rows, key=lambda row: (row["group"] or "", row["measure"], row["source"]))

    def _contributions(self, layout: _Layout, exact: list[int], rows: list[Row], found: Sequence[Any]) -> None:
        """By largest remainder, so that they sum to the score before exceptions; as ``amounts.apportion``."""
        above, below = self.uncapped.pair(found)
        if above is None:
            return
        up, down = self.unit
        shown = apportioned(above * up // (below * down), exact, layout.scale)
        for line, row, part in zip(layout.lines, rows, shown, strict=True):
            row["contribution"] = self.parts[part * down] if line.has_share else ZERO

    def _layout(self, lacking: tuple[bool, ...]) -> _Layout:
        names = [lowering.points_name(self.health.fact, one) for one in self.scored]
        facts = {name: None if gone else Fraction(50) for name, gone in zip(names, lacking, strict=True)}
        parts = parts_of(self.book, self.health, facts)
        absent = [part for part in parts if part.points is None]
        up, down = self.unit
        slots = [self._slot(part) for part in parts]
        pairs = list(zip(parts, slots, strict=True))
        sizes = [part.share * up / down * (1 if slot else part.counted or ZERO) for part, slot in pairs]
        belows = [size.denominator * (slot.below if slot else 1) for size, slot in zip(sizes, slots, strict=True)]
        scale = lcm(1, *belows)
        weights = [size.numerator * (scale // below) for size, below in zip(sizes, belows, strict=True)]
        lines = [self._line(part, weight) for part, weight in zip(parts, weights, strict=True)]
        keys = [(line.row["group"] or "", line.row["measure"]) for line in lines]
        order = tuple(sorted(range(len(keys)), key=keys.__getitem__)) if len(set(keys)) == len(keys) else None
        missing = ", ".join(dict.fromkeys(part.scored.name for part in absent)) or None
        return _Layout(tuple(lines), order, scale, missing, no_score_told(absent))

    def _slot(self, part: Part) -> Slot | None:
        """Where the points of a measure that has some stand: a fixed number of digits, so their divisor is constant."""
        if part.points is None or part.scored.is_group:
            return None
        return self.names[lowering.points_name(self.health.fact, part.scored)]

    def _line(self, part: Part, weight: int) -> _Line:
        scored = part.scored
        slot = self._slot(part)
        kind = self.book.program.types.get(scored.name)
        row = template(
            HealthMeasure,
            policy=self.health.name,
            group=part.group,
            measure=scored.name,
            value=spoken(None),
            points=part.counted if part.counted is not None else "",
            weight=part.weight,
            counted_weight=part.share,
            treatment=part.treatment,
            because=scored.because,
            source=source_of(scored.span),
        )
        at, points = (slot.at, _over(slot.below)) if slot is not None else (None, _over(1))
        if scored.is_group:
            return _Line(row, at, points, None, None, weight, bool(part.share))
        value = self.names[scored.name]
        say, band = speaker(value, kind), self._band(scored, value, kind)
        return _Line(row, at, points, say, band, weight, bool(part.share))

    def _band(self, scored: Scored, value: Slot, kind: Type | None) -> Said | None:
        """Why these points: the band that the value lies in."""
        bands = scored.points
        if not isinstance(bands, Bands):
            return None
        told = [(band_told(scored, bands, row, kind) or None, source_of(row.span)) for row in bands.rows]
        edged = [(row.edge, said) for row, said in zip(bands.rows, told, strict=True) if row.edge is not None]
        edges = [(edge.numerator, edge.denominator, said) for edge, said in edged]
        without, rising = (scored.because or None, source_of(scored.span)), bands.rising
        at, below, below_at = value.at, value.below, value.below_at

        def band(found: Sequence[Any]) -> tuple[str | None, str]:
            above, under = found[at], below or found[below_at]
            if above is None:
                return without
            for edge, over, said in edges:
                if (above * over < edge * under) is rising:
                    return said
            return told[-1]

        return band


def apportioned(total: int, parts: Sequence[int], scale: int) -> list[int]:
    """Whole parts near ``parts / scale`` that sum to ``total``, as ``amounts.apportion`` has them."""
    if total < 0:
        return [-part for part in apportioned(-total, [-part for part in parts], scale)]
    if not parts:
        return []
    shown, rests = [], []
    for part in parts:
        shown.append(part // scale)
        rests.append(part % scale)
    left = total - sum(shown)
    if not left:
        return shown
    share, extra = divmod(left, len(parts))
    for _ in range(extra):
        i = rests.index(max(rests))
        shown[i] += 1
        rests[i] = -1
    return [part + share for part in shown] if share else shown
