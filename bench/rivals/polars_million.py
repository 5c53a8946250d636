"""The policies of bench/workspaces/million as somebody who knows Polars writes them: floating point, zero guarded.

Missing stays missing, a half is rounded away from zero: all that can be done right in floating point is.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

TIERS = ["strategic", "champion", "growth", "rising", "standard", "self-serve"]
TARGETS = ["strategic", "champion", "growth"]
TIER, GRADE = pl.Enum(TIERS), pl.Enum(["green", "yellow", "red"])
STATUS = pl.Enum(["decided", "tentative", "undecided"])
DECIDED, TENTATIVE, UNDECIDED = (pl.lit(word, dtype=STATUS) for word in ("decided", "tentative", "undecided"))
AWAY = "half_away_from_zero"

WEIGHTS = {"adoption": 0.25, "usage_change": 0.225, "days_overdue": 0.15, "nps": 0.125, "tickets": 0.1, "logins": 0.15}
EXCLUDED = ["adoption", "nps", "tickets"]
STAND_INS = {"usage_change": 50.0, "days_overdue": 0.0, "logins": 50.0}


def million(book: pl.LazyFrame) -> pl.LazyFrame:
    """Tier and its status, points, score, coverage, grade, and whether each trigger holds (null: undecided)."""
    return (
        book.with_columns(
            adoption=ratio("seats_used", "seats"),
            usage_change=ratio("usage", "usage_before") - 1,
            logins_change=ratio("logins", "logins_before") - 1,
            unpaid=1 - ratio("paid", "billed"),
        )
        .with_columns(*_tier_conditions(), *_points())
        .with_columns(**_tier(), **score(WEIGHTS, EXCLUDED, STAND_INS))
        .with_columns(
            grade=grade(),
            usage_drop=_target() & (pl.col("usage_change") <= -0.3),
            logins_drop=pl.col("logins_change") <= -0.2,
            unpaid_drop=(pl.col("unpaid") >= 0.25) & (pl.col("days_overdue") > 30),
        )
    )


MILLION = ["tier", "status", *(f"points {name}" for name in WEIGHTS), "score", "coverage", "grade", "usage_drop"]
MILLION += ["logins_drop", "unpaid_drop"]
"""The columns that count."""


def ratio(above: str, below: str) -> pl.Expr:
    return pl.when(pl.col(below) != 0).then(pl.col(above) / pl.col(below))


def _tier_conditions() -> Sequence[pl.Expr]:
    core = pl.col("fit") == "core"
    return (
        (pl.col("strategic") & (pl.col("arr") >= 100_000)).alias("row 0"),
        (core & (pl.col("arr") >= 50_000) & (pl.col("adoption") >= 0.6)).alias("row 1"),
        (core & (pl.col("arr") >= 20_000)).alias("row 2"),
        (pl.col("fit").is_in(["core", "edge"]) & (pl.col("usage_change") >= 0.2)).alias("row 3"),
        (pl.col("arr") >= 5_000).alias("row 4"),
    )


def _tier() -> dict[str, pl.Expr]:
    """The first row that holds, tentative below an undecided one; the last tier where every row is decided."""
    rows = [pl.col(f"row {n}") for n in range(5)]
    unclear = [pl.any_horizontal(row.is_null() for row in rows[:n]) if n else pl.lit(False) for n in range(6)]
    tier: pl.Expr = pl.when(~unclear[5]).then(pl.lit(TIERS[5], dtype=TIER))
    status: pl.Expr = pl.when(unclear[5]).then(UNDECIDED).otherwise(DECIDED)
    for n in reversed(range(5)):
        tier = pl.when(rows[n]).then(pl.lit(TIERS[n], dtype=TIER)).otherwise(tier)
        hit = pl.when(unclear[n]).then(TENTATIVE).otherwise(DECIDED)
        status = pl.when(rows[n]).then(hit).otherwise(status)
    return {"tier": tier, "status": status}


def _target() -> pl.Expr:
    return pl.col("tier").is_in(TARGETS)


def falling(name: str, bands: Sequence[tuple[float, float]], rest: float) -> pl.Expr:
    """Points by ``from``: the first that the value reaches."""
    value = pl.col(name)
    chain = pl.when(value >= bands[0][0]).then(bands[0][1])
    for edge, points in bands[1:]:
        chain = chain.when(value >= edge).then(points)
    return chain.when(value.is_not_null()).then(rest).alias(f"points {name}")


def rising(name: str, bands: Sequence[tuple[float, float]], rest: float) -> pl.Expr:
    """Points by ``below``: the first that the value lies under."""
    value = pl.col(name)
    chain = pl.when(value < bands[0][0]).then(bands[0][1])
    for edge, points in bands[1:]:
        chain = chain.when(value < edge).then(points)
    return chain.when(value.is_not_null()).then(rest).alias(f"points {name}")


def _points() -> Sequence[pl.Expr]:
    return (
        falling("adoption", [(0.8, 100.0), (0.6, 75.0), (0.4, 50.0), (0.2, 25.0)], 0.0),
        falling("usage_change", [(0.1, 100.0), (0.0, 80.0), (-0.15, 55.0), (-0.3, 30.0)], 5.0),
        rising("days_overdue", [(1, 100.0), (30, 60.0), (60, 20.0)], 0.0),
        falling("nps", [(50, 100.0), (20, 70.0), (0, 40.0)], 10.0),
        rising("tickets", [(3, 100.0), (8, 65.0), (15, 35.0)], 0.0),
        falling("logins", [(60, 100.0), (25, 70.0), (8, 33.5)], 0.0),
    )


def score(weights: dict[str, float], excluded: list[str], stand_ins: dict[str, float]) -> dict[str, pl.Expr]:
    """The weighted mean at one digit, and the part of the weight that has data."""
    points = {name: pl.col(f"points {name}") for name in weights}
    above = pl.sum_horizontal(points[name].fill_null(stand_ins.get(name, 0.0)) * w for name, w in weights.items())
    left = 1.0 - pl.sum_horizontal(points[name].is_null() * weights[name] for name in excluded)
    covered = pl.sum_horizontal(points[name].is_not_null() * weight for name, weight in weights.items())
    return {"score": (above / left).round(1, AWAY), "coverage": covered, "left": left}


def grade() -> pl.Expr:
    words = {word: pl.lit(word, dtype=GRADE) for word in ("green", "yellow", "red")}
    value = pl.col("score")
    found = pl.when(value >= 75).then(words["green"]).when(value >= 50).then(words["yellow"]).otherwise(words["red"])
    return pl.when(pl.col("coverage") >= 0.6).then(found)
