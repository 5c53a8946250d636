"""Where the floating-point query is wrong, cell by cell, held against exact decisions."""

from __future__ import annotations

import polars as pl

NEAR = 1e-6
"""Every number that is compared has four digits at most."""

KINDS = {
    "tier": "tiers",
    "hit": "tiers",
    "status": "tiers",
    "score": "scores",
    "coverage": "scores",
    "grade": "grades",
    "usage_drop": "triggers",
    "logins_drop": "triggers",
    "unpaid_drop": "triggers",
}


def wrong(exact: pl.DataFrame, floating: pl.DataFrame) -> pl.DataFrame:
    """For each cell whether it differs; both have one row an account, in one order, and columns of the same names."""
    return pl.DataFrame({name: _differs(exact[name], floating[name]) for name in floating.columns if name in exact})


def mistakes(exact: pl.DataFrame, floating: pl.DataFrame) -> dict[str, int]:
    """How many accounts have a wrong tier, points, score (or coverage), grade, trigger."""
    found = wrong(exact, floating)
    groups: dict[str, list[str]] = {"tiers": [], "points": [], "scores": [], "grades": [], "triggers": []}
    for name in found.columns:
        groups[KINDS.get(name, "points")].append(name)
    return {
        kind: int(found.select(pl.any_horizontal(names).sum()).item()) if names else 0 for kind, names in groups.items()
    }


def _differs(exact: pl.Series, floating: pl.Series) -> pl.Series:
    if floating.dtype.is_float():
        apart = ((exact - floating).abs() > NEAR).fill_null(False)
        return apart | (exact.is_null() != floating.is_null())
    kind = exact.dtype if floating.dtype.is_integer() else pl.Boolean if floating.dtype == pl.Boolean else pl.String
    return exact.cast(kind).ne_missing(floating.cast(kind))
