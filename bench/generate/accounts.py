"""Writes a made-up book of business as Parquet: accounts and who leads them, the same bytes for the same size.

    python -m bench.generate.accounts 1000000 --out build/bench/1000000      (from the repository root)

About 3 % of the optional cells are empty. Amounts are doubles with two places, as a warehouse exports them; some
figures hit a threshold of the policies exactly: seven tenths of the use before, 60 % of the seats, a quarter unpaid.
"""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from bench.generate.table200 import COUNTRIES, FITS

SEED = 20260930
AS_OF = date(2026, 9, 30)
MISSING = 0.03
WORDS = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Kapok", "Larch"]
TRADES = ["Bakeries", "Dental", "Freight, Inc.", "Hotels", "Optics", "Press", "Robotics", 'the "Tea" House', "Travel"]
PEOPLE = [f"{first} {last}" for first in ("Ana", "Ben", "Carla", "Dev", "Eva") for last in ("Lee", "Meyer", "Okafor")]
LEADS = ["Gita Rao", "Hugo Blanc", "Ines Costa"]

Draw = np.random.Generator


def accounts(rows: int, seed: int = SEED) -> pl.DataFrame:
    """One row an account, in no order."""
    rng = np.random.default_rng(seed)
    number = rng.permutation(rows)
    seats = np.where(rng.random(rows) < 0.01, 0, np.maximum(1, rng.lognormal(3.2, 1.1, rows).astype(np.int64)))
    seats = np.where(rng.random(rows) < 0.4, np.maximum(1, seats // 5) * 5, seats)
    usage_before = np.where(rng.random(rows) < 0.02, 0, rng.lognormal(5, 1.3, rows).astype(np.int64))
    logins_before = np.where(rng.random(rows) < 0.02, 0, rng.lognormal(3, 1, rows).astype(np.int64))
    billed = np.round(rng.lognormal(7, 1.2, rows), 2)
    columns: dict[str, pl.Series] = {
        "account_id": pl.Series([f"A-{n:07d}" for n in number.tolist()]),
        "name": pl.Series(_names(number)),
        "country": _drawn(rng, COUNTRIES, rows),
        "fit": sparse(rng, _drawn(rng, FITS, rows)),
        "strategic": sparse(rng, pl.Series(rng.random(rows) < 0.1)),
        "arr": pl.Series(np.where(rng.random(rows) < 0.3, _steps(rng, rows), np.round(rng.lognormal(9, 1.2, rows), 2))),
        "billed": sparse(rng, pl.Series(billed)),
        "paid": sparse(rng, pl.Series(_paid(rng, billed))),
        "seats": pl.Series(seats),
        "seats_used": sparse(rng, pl.Series(_share(rng, seats, 0.55, 0.25, [20, 40, 60, 80]))),
        "usage": sparse(rng, pl.Series(_share(rng, usage_before, 1.0, 0.25, [70, 80, 85, 100, 110, 120]))),
        "usage_before": sparse(rng, pl.Series(usage_before)),
        "logins": sparse(rng, pl.Series(_share(rng, logins_before, 1.0, 0.2, [80, 100]))),
        "logins_before": sparse(rng, pl.Series(logins_before)),
        "tickets": sparse(rng, pl.Series(rng.poisson(4, rows))),
        "nps": sparse(rng, pl.Series(np.clip(np.round(rng.normal(20, 40, rows)), -100, 100).astype(np.int64))),
        "days_overdue": sparse(rng, pl.Series(np.where(rng.random(rows) < 0.6, 0, rng.integers(0, 120, rows)))),
        "signed_on": days(rng, rows, date(2018, 1, 1), AS_OF),
        "renewal_on": sparse(rng, days(rng, rows, AS_OF, date(2027, 9, 29))),
        "csm": sparse(rng, _drawn(rng, PEOPLE, rows)),
    }
    return pl.DataFrame(columns)


def assignments(book: pl.DataFrame, seed: int = SEED + 1) -> pl.DataFrame:
    """A lead for nearly every account of 20,000 a year and more; some are handed over within a week of AS_OF."""
    rng = np.random.default_rng(seed)
    led = book.filter(pl.col("arr") >= 20_000).select("account_id")
    led = led.filter(pl.Series(rng.random(led.height) >= MISSING))
    given = pl.Series(np.where(rng.random(led.height) < 0.02, 1, 0), dtype=pl.Boolean)
    first = led.with_columns(
        role=pl.lit("cs_lead"),
        person=_drawn(rng, LEADS, led.height),
        starts_on=days(rng, led.height, date(2024, 1, 1), AS_OF),
        ends_on=pl.when(given).then(days(rng, led.height, AS_OF, AS_OF + timedelta(days=14))),
    )
    heirs = first.filter(pl.col("ends_on").is_not_null()).with_columns(
        person=pl.lit("Jon Berg"), starts_on=pl.col("ends_on"), ends_on=pl.lit(None, dtype=pl.Date)
    )
    return pl.concat([first, heirs])


def _names(number: np.ndarray) -> list[str]:
    """A name for each number; one in a thousand is a formula to a spreadsheet."""
    return [f"{'=' if n % 1000 == 7 else ''}{WORDS[n % 12]} {TRADES[n // 12 % 9]} {n // 108}" for n in number.tolist()]


def _drawn(rng: Draw, words: list[str], rows: int) -> pl.Series:
    return pl.Series(words).gather(rng.integers(0, len(words), rows))


def _steps(rng: Draw, rows: int) -> np.ndarray:
    return rng.choice([500, 1_000, 2_500, 5_000, 12_000, 20_000, 50_000, 100_000, 150_000], rows).astype(float)


def _share(rng: Draw, whole: np.ndarray, mean: float, spread: float, round_percents: list[int]) -> np.ndarray:
    """A part of ``whole``; at times one of the round percentages of it, where that is a whole number."""
    free = np.maximum(0, np.round(whole * rng.normal(mean, spread, len(whole)))).astype(np.int64)
    exact = whole * rng.choice(round_percents, len(whole))
    return np.where((rng.random(len(whole)) < 0.005) & (exact % 100 == 0), exact // 100, free)


def _paid(rng: Draw, billed: np.ndarray) -> np.ndarray:
    """Most bills are paid; a tenth to three quarters, to the cent."""
    part = np.where(rng.random(len(billed)) < 0.85, 1.0, np.where(rng.random(len(billed)) < 0.5, 0.75, 0.4))
    return np.round(billed * part, 2)


def days(rng: Draw, rows: int, first: date, before: date) -> pl.Series:
    start = (first - date(1970, 1, 1)).days
    return pl.Series(start + rng.integers(0, (before - first).days, rows), dtype=pl.Int32).cast(pl.Date)


def sparse(rng: Draw, values: pl.Series) -> pl.Series:
    """Without some 3 % of the cells."""
    kept = pl.Series(rng.random(len(values)) >= MISSING)
    return pl.select(pl.when(kept).then(values)).to_series()


def write(folder: Path, rows: int) -> Path:
    """``folder`` with accounts.parquet and assignments.parquet of ``rows`` accounts."""
    folder.mkdir(parents=True, exist_ok=True)
    book = accounts(rows)
    book.write_parquet(folder / "accounts.parquet")
    assignments(book).write_parquet(folder / "assignments.parquet")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description="write a book of business for the benchmarks")
    parser.add_argument("rows", type=int)
    parser.add_argument("--out", type=Path, required=True, help="folder for the Parquet files")
    asked = parser.parse_args()
    print(f"{asked.rows:,} accounts in {write(asked.out, asked.rows)}")


if __name__ == "__main__":
    main()
