"""Watchlists: whom each list is of, when, and what it shows in which order."""

from __future__ import annotations

import re
from typing import Any

from .model_watchlist import Shown, Trend, Watched, Watchlist
from .reading import Reading

_TREND = re.compile(r"([1-9][0-9]?) (month|quarter|half|year)s?|([1-9][0-9]?) halves")


def watchlist(top: Reading, frame: dict[str, Any]) -> Watchlist:
    return Watchlist(**frame, lists=tuple(_watched(row) for row in top.readings("lists")))


def _watched(row: Reading) -> Watched:
    return Watched(
        name=row.text("list"),
        span=row.span_of("list"),
        per=row.text("per", "account"),
        per_span=row.span_of("per") if row.has("per") else row.span_of("list"),
        columns=tuple(Shown(name, span) for name, span in row.words("columns")),
        order=tuple(Shown(name.removeprefix("-"), span, name.startswith("-")) for name, span in row.words("order")),
        when=row.expression("when"),
        owner=row.text("owner"),
        owner_span=row.span_of("owner") if row.has("owner") else None,
        trend=_trend(row),
        because=row.text("because"),
    )


def _trend(row: Reading) -> Trend | None:
    """What is no such length was reported by the schema."""
    found = _TREND.fullmatch(row.text("trend"))
    return Trend(int(found[1] or found[3]), found[2] or "half") if found else None
