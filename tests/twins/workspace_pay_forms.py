"""Drawn commissions that are written off over months."""

from __future__ import annotations

from random import Random

AMORTISED: list[dict[str, object]] = [
    {},
    {"amortise": {"months": 3, "because": "a quarter"}},
    {"amortise": {"months": "n", "from": "paid_on"}},
    {"amortise": {"months": "round(base / amount * 5)"}},
]


def amortised(credit: object) -> dict[str, object]:
    """Drawn by itself, so that what else is drawn stays as it was."""
    return Random(str(credit)).choice(AMORTISED)
