"""A health score by columns: its measures with their points, their weight among those that count, what each adds.

The twin of what ``health`` does for one account. All is whole numbers: points of ``1 / scale``, a weight as one column
over another, a contribution of ``10 ** -digits``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import polars as pl

from ..columns import INT64, ExactColumn
from ..language.tree import Name
from ..policy.model_health import Health, Scored
from ..policy.model_pay import Bands
from ..program import lowering
from ..program.columns import Columns
from ..program.lowering import POINT_DIGITS
from ..texts import constant, fitting, magnitude

ROOM = 2**118
"""Products stay below this, so that sums over the measures of a score stay within 128 bits."""


@dataclass(frozen=True, slots=True)
class Part:
    """A measure, or a group without points that counts by its stand-in, for some accounts.

    ``points`` are those it has, ``counted`` those that count for it; ``above / below`` is its part of the score, and
    ``weight`` that of the whole. ``present`` tells where a stand-in is needed (None: everywhere). Columns may be of one
    value for all.
    """

    scored: Scored
    group: str
    weight: Fraction
    points: pl.Series
    counted: pl.Series
    above: pl.Series
    below: pl.Series
    present: pl.Series | None = None


def supports(health: Health) -> bool:
    """Whether weights and points of the policy are so plain that contributions can be compared within 128 bits."""
    largest, scale = _largest(health), scale_of(health)
    points = [_filled(health, part) for part in every_part(health.measures)]
    points += [exception.points for exception in health.exceptions]
    return largest**2 * scale < ROOM and all(abs(each) * scale * largest < ROOM for each in points)


def scale_of(health: Health) -> int:
    """Points are whole numbers of one over this."""
    return lcm(10**POINT_DIGITS, *(_filled(health, part).denominator for part in every_part(health.measures)))


def every_part(parts: Sequence[Scored]) -> Iterator[Scored]:
    for part in parts:
        yield part
        yield from every_part(part.parts)


def _filled(health: Health, part: Scored) -> Fraction:
    """The points that count where there are none: nothing, unless the policy says what."""
    return {"neutral": health.neutral, "worst": lowering.lowest(part)}.get(part.missing, Fraction(0))


def _whole_weights(parts: Sequence[Scored]) -> list[int]:
    unit = lcm(*(part.weight.denominator for part in parts))
    return [int(part.weight * unit) for part in parts]


def _largest(health: Health) -> int:
    """The largest denominator of a weight, and so of its numerator."""

    def deep(parts: Sequence[Scored]) -> int:
        return max(sum(_whole_weights(parts)), 1) * max(
            (deep(part.parts) for part in parts if part.is_group), default=1
        )

    return deep(health.measures)


class Scoring:
    """A health policy that ``supports`` holds of, over all accounts of ``columns``.

    ``inside`` tells who the policy is for (None: everybody), ``raw`` is the score before exceptions in whole numbers of
    ``10 ** -digits``; ``wide`` are the accounts whose points are beyond it.
    """

    def __init__(self, columns: Columns, health: Health) -> None:
        self.health, self.scale = health, scale_of(health)
        self.inside = columns.value(health.population).series if health.population is not None else None
        self.step = self.scale // 10**POINT_DIGITS
        most = ROOM // _largest(health) // self.step
        self.wide = pl.repeat(False, len(columns.account_ids), dtype=pl.Boolean, eager=True)
        self._points = {
            part.span: self._fitting(self._asked(columns, part), POINT_DIGITS, most)
            for part in every_part(health.measures)
        }
        raw = columns.value(lowering.lowered(lowering.uncapped(health), "score", health.span))
        self.raw = self._fitting(raw, health.digits, most)
        fills = [abs(_filled(health, part)) * self.scale for part in every_part(health.measures)]
        peak = max(*(magnitude(points) * self.step for points in self._points.values()), *map(int, fills))
        largest = _largest(health)
        fits = max(largest * peak, largest**2 * self.scale) * 1024 in INT64
        self.width = pl.Int64 if fits else pl.Int128

    def _asked(self, columns: Columns, part: Scored) -> ExactColumn:
        fact, neutral = self.health.fact, self.health.neutral
        if part.is_group:
            node = lowering.part_points(fact, part, neutral)
            return columns.value(lowering.lowered(node, part.name, part.span))
        return columns.name(lowering.points_name(fact, part))

    def _fitting(self, column: ExactColumn, digits: int, most: int) -> pl.Series:
        """Whole numbers of ``10 ** -digits``; what is too large is missing, and its row noted."""
        whole, wide = fitting(column, digits)
        beyond = wide
        if magnitude(whole) > most:
            near = whole.is_between(constant(-most, whole), constant(most, whole))
            beyond = pl.concat([wide, (~near).fill_null(False).arg_true()])
            whole = whole.zip_with(near, constant(None, whole))
        if len(beyond):
            self.wide = self.wide.scatter(beyond, True)
        return whole

    def lacks(self, part: Scored) -> pl.Series:
        """Which accounts have no points for the part."""
        return self._points[part.span].is_null()

    def parts(self, rows: pl.Series) -> list[Part]:
        """The parts for the accounts at these indices, in the order of the policy."""
        one = pl.Series([1], dtype=self.width)
        return list(self._flat(rows, self.health.measures, "", one, one, Fraction(1) / self.health.weights_total))

    def _flat(
        self, rows: pl.Series, parts: Sequence[Scored], group: str, above: pl.Series, below: pl.Series, weight: Fraction
    ) -> Iterator[Part]:
        known = [self._points[part.span].gather(rows).cast(self.width) * constant(self.step, above) for part in parts]
        whole = [constant(each, above) for each in _whole_weights(parts)]
        counts = [
            _known(points) if part.missing == "exclude" else pl.Series([True])
            for part, points in zip(parts, known, strict=True)
        ]
        shares = [each * counted.cast(self.width) for each, counted in zip(whole, counts, strict=True)]
        left = sum(shares[1:], shares[0])
        total = left.zip_with(left != constant(0, left), constant(1, left))
        under = below * total
        for part, points, share in zip(parts, known, shares, strict=True):
            own = above * share
            if part.is_group:
                inside = own * _known(points).cast(self.width)
                yield from self._flat(rows, part.parts, part.name, inside, under, weight * part.weight)
                if part.missing == "exclude":
                    continue
            filled = _filled(self.health, part)
            fill = constant(None if part.missing in ("exclude", "fail") else int(filled * self.scale), above)
            counted = points.zip_with(points.is_not_null(), fill)
            present = points.is_null() if part.is_group else None
            own_weight = Fraction(0) if part.is_group else weight * part.weight
            yield Part(part, group, own_weight, points, counted, own, under, present)

    def contributions(self, rows: pl.Series, parts: Sequence[Part]) -> list[pl.Series]:
        """What each part adds, in whole numbers of ``10 ** -digits``, by largest remainder; missing without a score.

        As ``amounts.apportion``: a part that is not present takes nothing, and a negative score mirrors a positive one.
        """
        raw = self.raw.gather(rows).cast(self.width)
        zero, one = constant(0, raw), constant(1, raw)
        mirror = one - (raw < zero).cast(self.width) * constant(2, raw)
        unit = constant(self.scale // 10**self.health.digits, raw)
        present = [_true(len(rows)) if part.present is None else part.present for part in parts]
        bases = [part.below * unit for part in parts]
        exact = [part.above * part.counted.fill_null(0) * mirror for part in parts]
        floors = [above // base for above, base in zip(exact, bases, strict=True)]
        rests = [above - floor * base for above, floor, base in zip(exact, floors, bases, strict=True)]
        among = sum((there.cast(self.width) for there in present[1:]), present[0].cast(self.width))
        taken = [floor * there.cast(self.width) for floor, there in zip(floors, present, strict=True)]
        left = raw * mirror - sum(taken[1:], taken[0])
        share = left // among
        extra = left - share * among
        ranks = _ranks(rests, [part.below for part in parts], present)
        found = []
        for part, floor, rank in zip(parts, floors, ranks, strict=True):
            amount = (floor + share + (rank < extra).cast(self.width)) * mirror
            found.append(amount * (part.above != zero).cast(self.width))
        return found


def _ranks(rests: Sequence[pl.Series], below: Sequence[pl.Series], present: Sequence[pl.Series]) -> list[pl.Series]:
    """How many present parts have a larger remainder ``rest / below``, or an equal one and stand before."""
    ranks = [pl.zeros(len(rests[0]), dtype=rests[0].dtype, eager=True) for _ in rests]
    for later in range(len(rests)):
        for earlier in range(later):
            if below[earlier] is below[later]:
                first = rests[earlier] >= rests[later]
            else:
                first = rests[earlier] * below[later] >= rests[later] * below[earlier]
            ranks[later] += (first & present[earlier]).cast(ranks[later].dtype)
            ranks[earlier] += (~first & present[later]).cast(ranks[later].dtype)
    return ranks


def _known(points: pl.Series) -> pl.Series:
    return points.is_not_null() if points.null_count() else pl.Series([True])


def _true(height: int) -> pl.Series:
    return pl.repeat(True, height, dtype=pl.Boolean, eager=True)


def band_index(columns: Columns, scored: Scored) -> pl.Series | None:
    """Which row of its bands each account's value lies in; None for a measure without bands."""
    if not isinstance(scored.points, Bands):
        return None
    rows = [
        replace(row, value=lowering.lowered(lowering.literal(Fraction(i)), row.value.text, row.span))
        for i, row in enumerate(scored.points.rows)
    ]
    node = lowering.bands(Name(scored.name), replace(scored.points, rows=tuple(rows)))
    found = columns.value(lowering.lowered(node, f"band of {scored.name}", scored.span))
    return fitting(found, 0)[0].cast(pl.Int32)
