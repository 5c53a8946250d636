"""The verbs that make one value of many rows. A row whose value is missing is skipped, and counted as skipped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from ..language.tree import Value


class Aggregation:
    """Takes rows one by one, in any order; ``used`` and ``skipped`` are row indices for explanations, ``undated`` those
    of rows that no window can hold since they have no date.

    Over no rows: count, sum and distinct are 0, any is false, the others are missing. Of ``since`` a value is the first
    day on which a row holds, ``over`` the first on which it no longer does (the last day there is: it holds on).
    """

    def __init__(self, verb: str, *, is_ratio: bool = False) -> None:
        self.verb, self.is_ratio = verb, is_ratio
        self.taken: list[tuple[Value, Value, int]] = []
        self.skipped: list[int] = []
        self.undated: list[int] = []
        self.over: Fraction | None = None
        self.spans: list[tuple[date, date]] = []

    def take(self, value: Value, day: Value, index: int, over: Value = None) -> None:
        """``over`` is the row's part of the divisor, where the measure is a ratio of two sums."""
        undated = self.verb in ("latest", "earliest") and day is None
        if value is None or undated:
            self.skipped.append(index)
        else:
            self.taken.append((value, day, index))
            if isinstance(over, Fraction):
                self.over = (self.over or Fraction(0)) + over
            elif isinstance(over, date) and isinstance(value, date):
                self.spans.append((value, over))

    @property
    def used(self) -> list[int]:
        return [index for _, _, index in self.taken]

    @property
    def value(self) -> Value:
        values = [value for value, _, _ in self.taken]
        numbers = [value for value in values if isinstance(value, Fraction)]
        match self.verb:
            case "count":
                return Fraction(sum(1 for value in values if value is not False))
            case "sum" if self.is_ratio:
                return sum(numbers, Fraction(0)) / self.over if self.over else None
            case "sum":
                return sum(numbers, Fraction(0))
            case "average":
                return sum(numbers, Fraction(0)) / len(numbers) if numbers else None
            case "min":
                return min(values, default=None)  # type: ignore[type-var]
            case "max":
                return max(values, default=None)  # type: ignore[type-var]
            case "any":
                return True in values
            case "share":
                return Fraction(sum(1 for value in values if value is True), len(values)) if values else None
            case "distinct":
                return Fraction(len(set(values)))
            case "since":
                return unbroken(self.spans)
            case _:
                return self._by_day()

    def _by_day(self) -> Value:
        """Of rows on one day, the later in the file counts for ``latest``, the earlier for ``earliest``."""
        if not self.taken:
            return None
        order = max if self.verb == "latest" else min
        return order(self.taken, key=lambda taken: (taken[1], taken[2]))[0]


def unbroken(spans: Sequence[tuple[date, date]]) -> date | None:
    """The first day of the half-open spans that follow each other without a gap to the end of time."""
    since = reached = None
    for start, end in sorted(spans):
        if reached is None or start > reached:
            since = start
        reached = end if reached is None else max(reached, end)
    return since if reached == date.max else None
