"""The measures of health scores as lines in columns, a slice of accounts at a time: never all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import lcm

import polars as pl

from ..columns import ExactColumn, whole_numbers
from ..lines import Lines, between, columns_of
from ..policy.model_pay import Bands
from ..program.spoken import source_of, spoken
from ..program.spoken_columns import spoken_texts
from . import health as rowwise
from .health_columns import Scored
from .health_parts import Part, Scoring, band_index, every_part
from .words import everywhere, words

_TREATMENTS = words([rowwise.SCORED, *rowwise.TREATMENTS.values()])


class HealthMeasureLines:
    """The measures that ``health_scores`` gives for the accounts of ``columns``, in the same order."""

    def __init__(self, policies: Sequence[Scored]) -> None:
        self.policies = [(policy, _Measures(policy, policy.scoring) if policy.scoring else None) for policy in policies]

    @property
    def height(self) -> int:
        late = sum(len(found) for policy, _ in self.policies for _, _, found in policy.late(0, len(policy.ids)))
        return late + sum(measures.height() for _, measures in self.policies if measures)

    def slices(self, lines: int) -> Iterator[Lines]:
        for policy, measures in self.policies:
            step = max(1, lines // len(list(every_part(policy.health.measures))))
            for start in range(0, len(policy.ids), step):
                end = min(start + step, len(policy.ids))
                late = [(row, measure) for row, _, found in policy.late(start, end) for measure in found]
                rows = measures.inside(policy.rows(start, end)) if measures else policy.rows(start, end)
                if measures and len(rows):
                    yield measures.lines(rows, late)
                else:
                    yield Lines({}, between(rows, late))


class _Measures:
    """One policy's measures in columns. ``codes`` are indices into ``because`` and ``sources``."""

    def __init__(self, scored: Scored, scoring: Scoring) -> None:
        columns, health = scored.columns, scored.health
        self.health, self.ids, self.scoring, self.types = health, scored.ids, scoring, columns.program.types
        self.values: dict[str, ExactColumn] = {}
        self.codes: dict[int, tuple[int, pl.Series | None]] = {}
        told: list[tuple[str, str]] = []
        for part in every_part(health.measures):
            self.codes[id(part)] = len(told), band_index(columns, part)
            told.append((part.because, source_of(part.span)))
            if isinstance(part.points, Bands):
                rising = part.points.rising
                told += [rowwise.band_told(part, row, rising, columns.program) for row in part.points.rows]
            if not part.is_group:
                self.values[part.name] = columns.name(part.name)
        self.because = words(because for because, _ in told)
        self.sources = words(source for _, source in told)

    def inside(self, rows: pl.Series) -> pl.Series:
        """Those of the accounts that the policy is for."""
        inside = self.scoring.inside
        return rows if inside is None else rows.filter(inside.gather(rows).fill_null(False))

    def height(self) -> int:
        """A line for every measure of an account that the policy is for, and for every group that has a stand-in."""
        told = ~self.scoring.wide
        if self.scoring.inside is not None:
            told &= self.scoring.inside.fill_null(False)
        height = 0
        for part in every_part(self.health.measures):
            if not part.is_group:
                height += int(told.sum())
            elif part.missing != "exclude":
                height += int((told & self.scoring.lacks(part)).sum())
        return height

    def lines(self, rows: pl.Series, late: Sequence[tuple[int, object]]) -> Lines:
        """The lines of the accounts at these indices, and of ``late`` ones between them."""
        parts = self.scoring.parts(rows)
        added = self.scoring.contributions(rows, parts)
        ordered = sorted(range(len(parts)), key=lambda i: (parts[i].group, parts[i].scored.name))
        stack = _Stack(len(rows), [parts[i] for i in ordered])
        codes = stack.of([self._codes(part, rows) for part in stack.parts])
        order = stack.order(self.sources.gather(codes))
        which, account, codes = order // len(rows), rows.gather(order % len(rows)), codes.gather(order)
        columns = {
            "policy": everywhere(self.health.name, len(order)),
            "account_id": self.ids.gather(account),
            "group": words(part.group for part in stack.parts).gather(which),
            "measure": words(part.scored.name for part in stack.parts).gather(which),
            "value": stack.of([self._value(part, rows) for part in stack.parts]).gather(order),
            "points": stack.of([part.counted for part in stack.parts]).gather(order),
            "weight": stack.weights.gather(which),
            "counted_weight": stack.of([part.above for part in stack.parts]).gather(order),
            "contribution": stack.of([added[i] for i in ordered]).gather(order),
            "treatment": _TREATMENTS.gather(stack.of([_treatment(part) for part in stack.parts]).gather(order)),
            "because": self.because.gather(codes),
            "source": self.sources.gather(codes),
        }
        divisors: dict[str, int | pl.Series] = {
            "points": self.scoring.scale,
            "weight": stack.weight_unit,
            "counted_weight": stack.of([part.below for part in stack.parts]).gather(order),
            "contribution": 10**self.health.digits,
        }
        return Lines(columns_of(columns, divisors), between(account, late))

    def _value(self, part: Part, rows: pl.Series) -> pl.Series:
        name = part.scored.name
        if part.scored.is_group:
            return pl.Series([spoken(None)])
        return spoken_texts(self.values[name].gather(rows), self.types.get(name))

    def _codes(self, part: Part, rows: pl.Series) -> pl.Series:
        first, band = self.codes[id(part.scored)]
        if band is None:
            return pl.repeat(first, len(rows), dtype=pl.Int32, eager=True)
        return (band.gather(rows) + (first + 1)).fill_null(first)


def _treatment(part: Part) -> pl.Series:
    """Which of the treatments each account's measure has."""
    treated = pl.Series([1 + list(rowwise.TREATMENTS).index(part.scored.missing)], dtype=pl.UInt8)
    return treated * part.points.is_null().cast(pl.UInt8)


class _Stack:
    """Columns of all parts, one below the other; ``order`` makes lines of them."""

    def __init__(self, height: int, parts: Sequence[Part]) -> None:
        self.height, self.parts = height, parts
        self.weight_unit = lcm(*(part.weight.denominator for part in parts))
        self.weights = whole_numbers([int(part.weight * self.weight_unit) for part in parts])

    def of(self, columns: Sequence[pl.Series]) -> pl.Series:
        """A column of each part, or one value of it for all accounts."""
        full = [each if len(each) == self.height else each.new_from_index(0, self.height) for each in columns]
        return pl.concat(full, rechunk=True)

    def order(self, sources: pl.Series) -> pl.Series:
        """The places in the stack, account by account; parts of one name in the order of their source."""
        lines = pl.int_range(self.height * len(self.parts), dtype=pl.Int64, eager=True)
        order = (lines % len(self.parts)) * self.height + lines // len(self.parts)
        if any(part.present is not None for part in self.parts):
            one = pl.Series([True])
            present = self.of([one if part.present is None else part.present for part in self.parts])
            order = order.filter(present.gather(order))
        names = [(part.group, part.scored.name) for part in self.parts]
        if len(set(names)) == len(names):
            return order
        rank = pl.Series([names.index(name) for name in names], dtype=pl.Int64).gather(order // self.height)
        frame = pl.DataFrame(
            {"account": order % self.height, "rank": rank, "source": sources.gather(order).cast(pl.String)}
        )
        return order.gather(frame.with_row_index("at").sort("account", "rank", "source", "at")["at"])
