"""Rounding and number texts by columns equal the scalar functions on every value."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

import polars as pl
import pytest
from granger.engine.amounts import HALF_EVEN, HALF_UP, grouped, percent, plain, round_to, short
from granger.engine.columns import NUMBER, ExactColumn, exact_column
from granger.engine.texts import (
    day_texts,
    fitting,
    grouped_texts,
    percent_texts,
    plain_texts,
    rounded,
    short_texts,
    trimmed_texts,
)

EDGES = [
    *(
        [
            "0",
            "1",
            "-1",
            "-0.00004",
            "0.00004",
            "0.00005",
            "-0.00005",
            "1/3",
            "-1/3",
            "2/3",
            "0.005",
            "-0.005",
            "0.5",
            "-0.5",
            "1.5",
            "2.5",
            "-2.5",
            "999.995",
            "-999.995",
        ]
    ),
    *(
        [
            "999",
            "1000",
            "-1000",
            "999999.99995",
            "1000000",
            "123456789.123456789",
            "1/7",
            "22/7",
            "1/1024",
            "0.12345",
            "0.999999",
            "99.99995",
            "1e12",
            "1e18",
        ]
    ),
]


def some(rng: random.Random, size: int) -> list[Fraction | None]:
    """Numbers of one column: small ones, ties, thirds; missing ones."""
    below = rng.choice([1, 1, 2, 3, 7, 10, 100, 200, 1000, 2 * 10**4, 10**6, 10**7, 3 * 2**20, 10**18, 2**62])
    reach = rng.choice([5, 1000, 10**6, 10**9, 10**15, 2**63])
    found: list[Fraction | None] = [Fraction(rng.randint(-reach, reach), below) for _ in range(size)]
    return [None if rng.random() < 0.05 else value for value in found]


@cache
def columns() -> list[tuple[ExactColumn, list[Fraction | None]]]:
    return list(_columns())


def _columns() -> Iterator[tuple[ExactColumn, list[Fraction | None]]]:
    rng = random.Random(20260930)
    edges: list[Fraction | None] = [Fraction(text) for text in EDGES]
    yield exact_column(NUMBER, [*edges, None]), [*edges, None]
    yield exact_column(NUMBER, []), []
    yield exact_column(NUMBER, [None, None]), [None, None]
    for value in edges:
        yield exact_column(NUMBER, [value]), [value]
    for size in [1, 5, 40, 400] * 15:
        values = some(rng, size)
        yield exact_column(NUMBER, values), values
    for _ in range(15):  # a divisor a row, whatever it holds where the number is missing
        numbers = [
            rng.choice([None, rng.randint(-(10**6), 10**6), rng.randint(-(2**63), 2**63 - 1)]) for _ in range(200)
        ]
        below = [rng.choice([0, 2**62]) if n is None else rng.choice([1, 2, 3, 8, 400, 10**6, 2**40]) for n in numbers]
        yield (
            ExactColumn(NUMBER, pl.Series(numbers, dtype=pl.Int64), pl.Series(below, dtype=pl.Int64)),
            [None if n is None else Fraction(n, d) for n, d in zip(numbers, below, strict=True)],
        )
    for divisor in (1, 100, 3, 10**30, 2**100, 10**45):  # at the edge of 128 bits, and wide divisors
        wide = [
            rng.choice([2**127 - 1, -(2**127), 2**126, -(2**120) + rng.randint(0, 9), rng.randint(-9, 9), None])
            for _ in range(200)
        ]
        yield (
            ExactColumn(NUMBER, pl.Series(wide, dtype=pl.Int128), divisor),
            [None if n is None else Fraction(n, divisor) for n in wide],
        )
        around = [rng.choice([1, 2**126 + rng.randint(0, 9), 2**60]) for _ in wide]
        yield (
            ExactColumn(NUMBER, pl.Series(wide, dtype=pl.Int128), pl.Series(around, dtype=pl.Int128)),
            [None if n is None else Fraction(n, d) for n, d in zip(wide, around, strict=True)],
        )


TEXTS = {
    "plain": (plain_texts, plain),
    **{f"plain {d}": (lambda c, d=d: plain_texts(c, d), lambda v, d=d: plain(v, d)) for d in (0, 2, 3, 4, 6, 20)},
    **{
        f"trimmed {d}": (lambda c, d=d: trimmed_texts(c, d), lambda v, d=d: plain(round_to(v, d))) for d in (0, 2, 4, 6)
    },
    **{
        f"hundredfold {d}": (lambda c, d=d: trimmed_texts(c, d, 2), lambda v, d=d: plain(round_to(v * 100, d)))
        for d in (0, 4)
    },
    **{f"grouped {d}": (lambda c, d=d: grouped_texts(c, d), lambda v, d=d: grouped(v, d)) for d in (0, 2, 3, 4, 7)},
    "short": (short_texts, short),
    "percent": (percent_texts, percent),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_equal_the_scalar(name: str) -> None:
    by_column, scalar = TEXTS[name]
    swept = 0
    for column, values in columns():
        expected = [None if value is None else scalar(value) for value in values]
        assert by_column(column).to_list() == expected, (column.divisor, column.series.dtype)
        swept += len(values)
    assert swept > 10_000


@pytest.mark.parametrize("rule", [HALF_UP, HALF_EVEN])
@pytest.mark.parametrize("digits", [-3, -1, 0, 1, 2, 4, 9])
def test_rounding_equals_the_scalar(rule: str, digits: int) -> None:
    swept = beyond = alone = 0
    for column, values in columns():
        expected = [None if v is None else int(round_to(v, digits, rule) * Fraction(10) ** digits) for v in values]
        whole, wide = fitting(column, digits, rule)
        left = set(wide.to_list())
        assert whole.to_list() == [None if i in left else number for i, number in enumerate(expected)]
        alone += len(left)
        if all(n is None or -(2**127) <= n < 2**127 for n in expected):
            assert rounded(column, digits, rule).to_list() == expected
        else:
            beyond += 1
            with pytest.raises(OverflowError):
                rounded(column, digits, rule)
        swept += len(values)
    assert swept > 10_000 and alone > 100
    assert (beyond > 0) == (digits > 0)


def test_what_fits_64_bits_stays_there() -> None:
    column = exact_column(NUMBER, [Fraction(n, 100) for n in (1, 2, 10**12)])
    assert rounded(column, 4).dtype == pl.Int64
    assert rounded(exact_column(NUMBER, [Fraction(10**18)]), 4).dtype == pl.Int128


@pytest.mark.parametrize("first", [date(1, 1, 1), date(1969, 12, 20), date(2026, 2, 20), date(9999, 11, 1)])
@pytest.mark.parametrize("gap", [1, 7])
def test_days_are_written_as_iso_says(first: date, gap: int) -> None:
    """Close together and far apart, with some missing; none at all."""
    days = [first + timedelta(days=gap * (n * n % 9)) if n % 4 else None for n in range(40)]
    expected = [day.isoformat() if day else None for day in days]
    assert day_texts(pl.Series(days, dtype=pl.Date)).to_list() == expected
    assert day_texts(pl.Series(days[:3], dtype=pl.Date)).to_list() == expected[:3]
    assert day_texts(pl.Series([None, None], dtype=pl.Date)).to_list() == [None, None]
    assert day_texts(pl.Series([], dtype=pl.Date)).to_list() == []
