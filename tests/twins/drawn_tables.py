"""Tables of exact columns drawn by profile: each takes the proof of widths by another path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from random import Random

import polars as pl
from granger.engine.columns import BOOLEAN, DATE, NUMBER, TEXT, ExactColumn, exact_column, whole_numbers
from granger.engine.language.tree import Value
from granger.engine.language.types import MONEY, Type, number

NUMBERS, MONIES, FLAGS, DAYS, WORDS = (
    ("a", "b", "c", "g", "h"),
    ("m", "n"),
    ("p", "q", "r"),
    ("d", "e"),
    ("s", "t", "u"),
)
TYPES = {
    **{name: number(nullable=True) for name in NUMBERS},
    **{name: Type(MONEY, "EUR", nullable=True) for name in MONIES},
    **{name: Type(BOOLEAN, nullable=True) for name in FLAGS},
    **{name: Type(DATE, nullable=True) for name in DAYS},
    **{name: Type(TEXT, nullable=True) for name in WORDS},
}
CALENDAR = [date(2026, 1, 31), date(2024, 2, 29), date(2026, 9, 30), date(2025, 12, 31), date(2026, 3, 1)]
ENDS = [date(1, 1, 1), date(9999, 12, 31), date(1, 2, 1), date(9999, 12, 1)]
TEXTS = ["EU-1", "core", "CORE", "Ärger", "ärger", "it's", 'a "b", c\n', "=1+1", "İ", "日本", ""]

Profile = Callable[[Random, int], ExactColumn]


@dataclass(frozen=True)
class Drawn:
    """``columns`` by name; ``rows`` are the same values as the reference has them. ``profiles`` says how each was drawn."""

    columns: dict[str, ExactColumn]
    height: int
    profiles: dict[str, str]

    @cached_property
    def rows(self) -> list[dict[str, Value]]:
        values = {name: column.values() for name, column in self.columns.items()}
        return [{name: some[i] for name, some in values.items()} for i in range(self.height)]

    @cached_property
    def largest(self) -> dict[str, int]:
        """The largest whole number, without its sign, of each column of numbers."""
        known = {n: c.series.drop_nulls().to_list() for n, c in self.columns.items() if c.kind == NUMBER}
        return {name: max((abs(value) for value in some), default=0) for name, some in known.items()}


def _some(random: Random, height: int, draw: Callable[[], int], gaps: float = 0.15) -> list[int | None]:
    return [None if random.random() < gaps else draw() for _ in range(height)]


def _whole(values: Sequence[int | None], divisor: int = 1) -> ExactColumn:
    return ExactColumn(NUMBER, whole_numbers(values), divisor)


def _edged(bits: int) -> Profile:
    def draw(random: Random, height: int) -> ExactColumn:
        near = [(1 << bits) - 1, -(1 << bits), 1 - (1 << bits), (1 << bits) - 2, 1 << bits - 1, 1, 0]
        return _whole(_some(random, height, lambda: random.choice(near)))

    return draw


def _over_rows(random: Random, height: int) -> ExactColumn:
    """A divisor for every row, which may be anything where there is no number."""
    above = _some(random, height, lambda: random.randint(-60, 60))
    below = [random.choice([None, 0, -7]) if n is None else random.choice([1, 2, 3, 7, 12, 999_983]) for n in above]
    return ExactColumn(NUMBER, whole_numbers(above), pl.Series(below, dtype=random.choice([pl.Int64, pl.Int128])))


def _ratios(random: Random, height: int) -> ExactColumn:
    found = [
        None if n is None else Fraction(n, random.choice([1, 3, 6, 7, 9]))
        for n in _some(random, height, lambda: random.randint(-40, 40))
    ]
    return exact_column(NUMBER, found)


def _outlier(random: Random, height: int) -> ExactColumn:
    """Ordinary, but for a row or two that fit nothing."""
    values = _some(random, height, lambda: random.randint(0, 10**7))
    for _ in range(random.randint(1, 2)):
        values[random.randrange(height)] = random.choice([1, -1]) * (10**38 - random.randint(0, 9))
    return _whole(values, 100)


def _constant(gaps: float) -> Profile:
    def draw(random: Random, height: int) -> ExactColumn:
        value = random.choice([0, 1, -1, 7, 250, 10**12])
        return _whole(_some(random, height, lambda: value, gaps), random.choice([1, 1, 4]))

    return draw


ORDINARY: dict[str, Profile] = {
    "money": lambda r, h: _whole(_some(r, h, lambda: r.randint(-(10**5), 10**8)), 100),
    "positive": lambda r, h: _whole(_some(r, h, lambda: r.randint(1, 1_000), 0)),
    "positive or missing": lambda r, h: _whole(_some(r, h, lambda: r.randint(1, 20))),
    "not negative": lambda r, h: _whole(_some(r, h, lambda: r.choice([0, 0, 1, 2, 30]), r.choice([0, 0.2]))),
    "negative": lambda r, h: _whole(_some(r, h, lambda: -r.randint(1, 500), r.choice([0, 0.2])), 10),
    "near zero": lambda r, h: _whole(_some(r, h, lambda: r.randint(-4, 4))),
    "halves": lambda r, h: _whole(_some(r, h, lambda: 2 * r.randint(-9, 9) + 1), 2),
    "percent": lambda r, h: _whole(_some(r, h, lambda: r.randint(-50, 150), 0.3), 100),
    "ratios": _ratios,
    "constant": _constant(0),
    "constant or missing": _constant(0.3),
    "all missing": lambda _, h: _whole([None] * h),
}
EXTREME: dict[str, Profile] = {
    "edge of 64": _edged(63),
    "edge of 32": _edged(31),
    "edge of 128": _edged(127),
    "huge": lambda r, h: _whole(_some(r, h, lambda: r.choice([10**25, -(10**25), 10**30 + 1, 12345, 0]))),
    "tiny": lambda r, h: _whole(_some(r, h, lambda: r.randint(-3, 3)), 10 ** r.choice([9, 12, 18])),
    "a divisor a row": _over_rows,
    "outlier": _outlier,
    "wide and small": lambda r, h: ExactColumn(
        NUMBER, pl.Series(_some(r, h, lambda: r.randint(-9, 9)), dtype=pl.Int128)
    ),
}
PROFILES = ORDINARY | EXTREME


def drawn(random: Random, height: int, *, extreme: bool) -> Drawn:
    columns, profiles = dict[str, ExactColumn](), dict[str, str]()
    for name in (*NUMBERS, *MONIES):
        known = EXTREME if extreme and random.random() < 0.5 else ORDINARY
        profiles[name] = random.choice(list(known))
        columns[name] = known[profiles[name]](random, height)
    for name in FLAGS:
        gaps = random.choice([0, 0.2, 0.2, 1])
        columns[name] = exact_column(
            BOOLEAN, [None if random.random() < gaps else random.random() < 0.5 for _ in range(height)]
        )
    for name in DAYS:
        gaps = random.choice([0, 0.2])
        columns[name] = exact_column(
            DATE, [None if random.random() < gaps else _day(random, extreme) for _ in range(height)]
        )
    for name in WORDS:
        gaps = random.choice([0, 0.2])
        column = exact_column(TEXT, [None if random.random() < gaps else random.choice(TEXTS) for _ in range(height)])
        if name == "u":
            words = random.sample(TEXTS, len(TEXTS))
            column = ExactColumn(TEXT, column.series.cast(pl.Enum(words)))
        columns[name] = column
    return Drawn(columns, height, profiles)


def _day(random: Random, extreme: bool) -> date:
    if extreme and random.random() < 0.1:
        return random.choice(ENDS)
    return random.choice(CALENDAR) if random.random() < 0.4 else date(2025, 1, 1) + timedelta(random.randint(0, 900))
