"""segments.csv, health.csv and health_measures.csv by hand, from the columns of the floating-point query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import polars as pl

from bench.rivals.polars_million import TIERS, WEIGHTS

BATCH = 100_000
"""Accounts whose measures are written at a time: all six million lines at once would be a gigabyte of cells."""

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

BANDS = {
    "adoption": (6, ["from 80%", "from 60%", "from 40%", "from 20%", "the rest"], [100, 75, 50, 25, 0]),
    "usage_change": (10, ["from 10%", "from 0%", "from -15%", "from -30%", "the rest"], [100, 80, 55, 30, 5]),
    "days_overdue": (14, ["below 1", "below 30", "below 60", "the rest"], [100, 60, 20, 0]),
    "nps": (18, ["from 50", "from 20", "from 0", "the rest"], [100, 70, 40, 10]),
    "tickets": (22, ["below 3", "below 8", "below 15", "the rest"], [100, 65, 35, 0]),
    "logins": (26, ["from 60", "from 25", "from 8", "the rest"], [100, 70, 33.5, 0]),
}
"""The policy's line, then why and how many points, from the first band to the last."""
MISSING = {"adoption": "excluded", "usage_change": "neutral", "days_overdue": "worst"}
MISSING |= {"nps": "excluded", "tickets": "excluded", "logins": "neutral"}
FILLED = {"excluded": "", "neutral": "50", "worst": "0"}


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
        coverage=tenths(covered * 100) + "%",
        status=pl.when(graded).then(pl.lit("scored")).otherwise(pl.lit("no_grade")),
        because=pl.when(~graded).then(pl.lit("data covers less than 60% of the weight")),
        missing=pl.when(covered < 0.999).then(joined(*((name, pl.col(f"points {name}").is_null()) for name in names))),
        source=pl.lit("health.yaml:2"),
    )


def contributions(found: pl.DataFrame) -> pl.DataFrame:
    """What each measure gives to the score at one digit: the largest remainders get the tenths that are left."""
    names = list(WEIGHTS)
    exact = found.select(
        "score",
        **{
            name: pl.col(f"points {name}").fill_null(float(FILLED[MISSING[name]] or 0))
            * (WEIGHTS[name] * 10)
            / pl.col("left")
            for name in names
        },
    )
    floors = exact.select("score", *names, *(pl.col(name).floor().alias(f"floor {name}") for name in names))
    rests = floors.with_columns(*(pl.col(name) - pl.col(f"floor {name}") for name in names))
    spare = (pl.col("score") * 10).round() - pl.sum_horizontal(f"floor {name}" for name in names)
    before = {
        (one, other): (pl.col(one) >= pl.col(other)).alias(f"{one} before {other}")
        for one, other in combinations(names, 2)
    }
    rests = rests.with_columns(spare.alias("spare"), *before.values())
    ranks = {
        name: pl.sum_horizontal(
            *(pl.col(f"{other} before {name}") for other in names[:n]),
            *(~pl.col(f"{name} before {other}") for other in names[n + 1 :]),
        )
        for n, name in enumerate(names)
    }
    return rests.select(
        **{name: pl.col(f"floor {name}") / 10 + (ranks[name] < pl.col("spare")) * 0.1 for name in names}
    )


def health_measures(found: pl.DataFrame, path: Path) -> None:
    """Written batch by batch: accounts, and in each the measures by name."""
    with path.open("wb") as out:
        for start in range(0, found.height, BATCH):
            some = found.slice(start, BATCH)
            given = contributions(some)
            lines = pl.concat([_lines(some, given, name) for name in sorted(WEIGHTS)])
            order = pl.int_range(lines.height, eager=True)
            rows = order % len(WEIGHTS) * some.height + order // len(WEIGHTS)
            lines[rows].write_csv(out, include_header=start == 0, line_terminator="\r\n")


def _lines(found: pl.DataFrame, given: pl.DataFrame, name: str) -> pl.DataFrame:
    line, reasons, points = BANDS[name]
    treatment, weight = MISSING[name], f"{WEIGHTS[name] * 100:g}%"
    known = [float(point) for point in points]
    band = pl.col(f"points {name}").replace_strict(known, range(len(known)), default=len(known), return_dtype=pl.UInt8)
    is_out = pl.col(f"points {name}").is_null() if treatment == "excluded" else pl.lit(False)
    counted = (
        (WEIGHTS[name] * 100 / pl.col("left")).round(4, "half_away_from_zero").cast(pl.String).str.strip_suffix(".0")
    )
    sources = [f"health.yaml:{n}" for n in [*([line + 2] * len(points)), line]]
    return found.with_columns(band=band, given=given[name]).select(
        policy=pl.lit("account-health"),
        account_id="account_id",
        group=pl.lit(None, dtype=pl.String),
        measure=pl.lit(name),
        value=spoken(found, name),
        points=picked([*(f"{point:g}" for point in points), FILLED[treatment]], pl.col("band")),
        weight=pl.lit(weight),
        counted_weight=pl.when(is_out).then(pl.lit("0%")).otherwise(counted + "%"),
        contribution=pl.when(is_out).then(pl.lit("0")).otherwise(tenths(pl.col("given"))),
        treatment=picked([*["scored"] * len(points), treatment], pl.col("band")),
        because=picked([*reasons, ""], pl.col("band")),
        source=picked(sources, pl.col("band")),
    )


def spoken(found: pl.DataFrame, name: str) -> pl.Expr:
    """The value as people read it."""
    if found.schema[name].is_float():
        return percents(pl.col(name))
    least, most = int(found[name].min() or 0), int(found[name].max() or 0)
    words = [*(f"{n:,}" if n >= 0 else f"'{n:,}" for n in range(least, most + 1)), "missing"]
    return picked(words, (pl.col(name) - least).fill_null(most + 1 - least))
