"""Texts of which few differ, as columns of words."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl


def words(texts: Iterable[str]) -> pl.Series:
    """A table of texts: gather from it by index."""
    found = list(texts)
    return pl.Series(found, dtype=pl.Enum(list(dict.fromkeys(found))))


def everywhere(text: str, height: int) -> pl.Series:
    return pl.repeat(text, height, dtype=pl.Enum([text]), eager=True)
