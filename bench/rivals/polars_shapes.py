"""The policies of bench/workspaces/curves and table200, written by hand like those of polars_million."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from bench.generate.table200 import Line, lines
from bench.rivals.polars_million import AWAY, DECIDED, TENTATIVE, UNDECIDED, grade, ratio, score

CURVE_WEIGHTS = {
    "adoption": 0.25,
    "usage_ratio": 0.2,
    "login_ratio": 0.15,
    "paid_share": 0.2,
    "tickets_per_seat": 0.1,
    "logins_per_seat": 0.1,
}
CURVE_EXCLUDED = ["adoption", "login_ratio", "tickets_per_seat"]
CURVE_STAND_INS = {"usage_ratio": 50.0, "paid_share": 0.0, "logins_per_seat": 50.0}


def curves(book: pl.LazyFrame) -> pl.LazyFrame:
    """Points of the six curves at four digits, score, coverage, grade."""
    return (
        book.with_columns(
            adoption=ratio("seats_used", "seats"),
            usage_ratio=ratio("usage", "usage_before"),
            login_ratio=ratio("logins", "logins_before"),
            paid_share=ratio("paid", "billed"),
            tickets_per_seat=ratio("tickets", "seats"),
            logins_per_seat=ratio("logins", "seats"),
        )
        .with_columns(
            curve("adoption", [(0, 0), (0.3, 20), (0.7, 80), (1, 100)]),
            curve("usage_ratio", [(0.5, 0), (1, 70), (1.3, 100)]),
            curve("login_ratio", [(0.4, 0), (1, 75), (1.6, 100)]),
            curve("paid_share", [(0, 0), (0.75, 40), (1, 100)]),
            curve("tickets_per_seat", [(0, 100), (0.3, 40), (1.5, 0)]),
            curve("logins_per_seat", [(0, 0), (0.7, 55), (3, 100)]),
        )
        .with_columns(**score(CURVE_WEIGHTS, CURVE_EXCLUDED, CURVE_STAND_INS))
        .with_columns(grade=grade())
    )


CURVES = [*(f"points {name}" for name in CURVE_WEIGHTS), "score", "coverage", "grade"]


def curve(name: str, points: Sequence[tuple[float, float]]) -> pl.Expr:
    """Straight lines between the points, flat outside, at four digits."""
    value = pl.col(name).clip(points[0][0], points[-1][0])
    lines = [y0 + (value - x0) * ((y1 - y0) / (x1 - x0)) for (x0, y0), (x1, y1) in pairwise(points)]
    found = lines[-1]
    for (edge, _), line in reversed(list(zip(points[1:-1], lines[:-1], strict=True))):
        found = pl.when(value < edge).then(line).otherwise(found)
    return found.round(4, AWAY).alias(f"points {name}")


def table200(book: pl.LazyFrame) -> pl.LazyFrame:
    """The row that decides (200: none of them, null: undecided), and whether an undecided row stands above it."""
    rows = list(enumerate(lines()))
    holds = {n: _holds(line) for n, line in rows}
    sparse = [n for n, line in rows if line.nps is not None or line.fit is not None]
    hit = pl.coalesce(*(pl.when(row).then(_code(n)) for n, row in holds.items()), _code(200))
    unclear = pl.coalesce(*(pl.when(holds[n].is_null()).then(_code(n)) for n in sparse), _code(201))
    above, none = pl.col("unclear") < pl.col("hit"), pl.col("hit") == 200
    return book.select(hit=hit, unclear=unclear).select(
        hit=pl.when(~(above & none)).then(pl.col("hit")),
        status=pl.when(~above).then(DECIDED).when(none).then(UNDECIDED).otherwise(TENTATIVE),
    )


TABLE200 = ["hit", "status"]


def _holds(line: Line) -> pl.Expr:
    row = (pl.col("country") == line.country) & (pl.col("arr") >= line.arr)
    if line.nps is not None:
        row = row & (pl.col("nps") >= line.nps)
    return row & (pl.col("fit") == line.fit) if line.fit is not None else row


def _code(n: int) -> pl.Expr:
    return pl.lit(n, dtype=pl.Int16)
