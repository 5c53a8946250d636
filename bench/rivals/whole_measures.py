"""health_measures.csv by hand, from the columns of the floating-point query."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import polars as pl

from bench.rivals.polars_million import WEIGHTS
from bench.rivals.whole_scores import percents, picked, tenths

BATCH = 100_000
"""Accounts whose measures are written at a time: all six million lines at once would be a gigabyte of cells."""

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
