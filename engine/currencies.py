"""ISO 4217 currencies and their minor units (the only importer of babel)."""

from __future__ import annotations

from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_currency_precision


@lru_cache(maxsize=256)
def is_currency(code: str) -> bool:
    return code in get_global("all_currencies")


@lru_cache(maxsize=256)
def minor_digits(code: str) -> int:
    """Digits of the minor unit: 2 for CNY, 0 for JPY, 3 for KWD."""
    return get_currency_precision(code)
