"""segments.csv and health.csv by hand, from the columns of the floating-point query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from bench.rivals.polars_million import TIERS, WEIGHTS

NO_TIER = "a result of its calculation (a division by zero?)"
TIER_LINES = [7, 11, 15, 19, 23, 28]
TIER_REASONS = [
    "named by the board",
    "large, and most of what they bought is in use",
    "core customers that can grow",
    "use grows by a fifth: look again soon",
    "looked after by the pool",
    "small accounts find their own way",
]
ROW_FIELDS = [["arr", "strategic"], ["arr", "fit", "seats", "seats_used"], ["arr", "fit"]]
ROW_FIELDS += [["fit", "usage", "usage_before"], ["arr"]]


def picked(words: Sequence[str], index: pl.Expr) -> pl.Expr:
    """The word at each index, null for an empty one: a lookup is cheaper than making a text."""
    return pl.lit(pl.Series([word or None for word in words], dtype=pl.String)).gather(index)


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    frame.write_csv(path, line_terminator="\r\n")


def joined(*named: tuple[str, pl.Expr]) -> pl.Expr:
    """The names for which the condition holds; null where none does."""
    words = [pl.when(holds).then(pl.lit(name)) for name, holds in named]
    text = pl.concat_str(*words, separator=", ", ignore_nulls=True)
    return pl.when(text != "").then(text)


def segments(found: pl.DataFrame) -> pl.DataFrame:
    tier = pl.col("tier").to_physical().fill_null(6)
    gives = ["is_target=yes"] * 3 + ["is_target=no"] * 3 + [""]
    sources = [f"segmentation.yaml:{line}" for line in [*TIER_LINES, 2]]
    lacking = pl.col("missing").fill_null(NO_TIER)
    return found.with_columns(missing=joined(*_lacking())).select(
        policy=pl.lit("tiers"),
        fact=pl.lit("tier"),
        account_id="account_id",
        tier="tier",
        since=pl.lit(None, dtype=pl.Date),
        status="status",
        gives=picked(gives, tier),
        because=pl.when(pl.col("tier").is_null())
        .then("cannot be decided without " + lacking)
        .otherwise(picked([*TIER_REASONS, ""], tier)),
        missing="missing",
        source=picked(sources, tier),
    )


def _lacking() -> Iterator[tuple[str, pl.Expr]]:
    """For each field, whether it left a row above the hit undecided."""
    hit = pl.col("tier").to_physical().fill_null(len(TIERS) - 1)
    for field in sorted({field for fields in ROW_FIELDS for field in fields}):
        rows = [n for n, fields in enumerate(ROW_FIELDS) if field in fields]
        unclear = pl.any_horizontal(pl.col(f"row {n}").is_null() & (hit > n) for n in rows)
        yield field, pl.col(field).is_null() & unclear


def tenths(value: pl.Expr) -> pl.Expr:
    """A number of at most one digit from 0 to 100, as text."""
    words = [f"{n // 10}.{n % 10}" if n % 10 else str(n // 10) for n in range(1001)]
    return picked(words, (value * 10).round().cast(pl.UInt32))


def percents(value: pl.Expr) -> pl.Expr:
    """A part of one, as a percentage for readers: exact where four digits are enough, else with all four."""
    exact, hundred = value * 100, (value * 100).round(4, "half_away_from_zero")
    text = hundred.cast(pl.Decimal(18, 4)).cast(pl.String)
    text = (
        pl.when((exact - hundred).abs() < 1e-9)
        .then(text.str.strip_chars_end("0").str.strip_suffix("."))
        .otherwise(text)
    )
    text = pl.when(hundred.abs() >= 1000).then(text.str.replace(r"^(-?\d+)(\d{3})(\.|$)", "$1,$2$3")).otherwise(text)
    sign = pl.when(value < 0).then(pl.lit("'")).otherwise(pl.lit(""))  # no cell may become a formula
    return pl.when(value.is_null()).then(pl.lit("missing")).otherwise(sign + text + "%")


def health(found: pl.DataFrame) -> pl.DataFrame:
    covered = pl.col("coverage")
    graded = pl.col("grade").is_not_null()
    names = list(WEIGHTS)
    return found.select(
        policy=pl.lit("account-health"),
        fact=pl.lit("health"),
        account_id="account_id",
        score=tenths(pl.col("score")),
        grade="grade",
        grade_since=pl.lit(None, dtype=pl.Date),
        pending_grade=pl.lit(""),
        pending_since=pl.lit(None, dtype=pl.Date),
        coverage=tenths(covered * 100) + "%",
        status=pl.when(graded).then(pl.lit("scored")).otherwise(pl.lit("no_grade")),
        because=pl.when(~graded).then(pl.lit("data covers less than 60% of the weight")),
        missing=pl.when(covered < 0.999).then(joined(*((name, pl.col(f"points {name}").is_null()) for name in names))),
        source=pl.lit("health.yaml:2"),
    )
