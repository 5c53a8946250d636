"""Numbers as people write them in a cell: grouped, signed, in parentheses, with a currency."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from ..currencies import is_currency
from .records import Bad, bad

MOST_CHARACTERS = 400
"""A longer number is no figure of a business, and would only make the exact arithmetic slow."""

EXAMPLES = {"point": "1,234.50", "comma": "1.234,50"}

_SPACES = " \u00a0\u2009\u202f"
_APOSTROPHES = "'\u2019"
_DOLLARS = (
    "USD CAD AUD HKD TWD SGD NZD MXN ARS CLP COP BRL BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD UYU XCD"
)

SIGNS: dict[str, str] = {
    "$": _DOLLARS, "US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "HK$": "HKD", "NT$": "TWD",
    "S$": "SGD", "NZ$": "NZD", "MX$": "MXN", "R$": "BRL",
    "€": "EUR", "£": "GBP FKP GIP SHP EGP", "¥": "CNY JPY", "￥": "CNY JPY", "CN¥": "CNY", "RMB": "CNY", "元": "CNY",
    "JP¥": "JPY", "円": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₫": "VND", "฿": "THB", "₱": "PHP",
    "₪": "ILS", "₴": "UAH", "₦": "NGN", "zł": "PLN", "Kč": "CZK", "kr": "SEK NOK DKK ISK", "Fr.": "CHF",
}  # fmt: skip
"""A currency sign and the currencies that use it."""


@lru_cache(maxsize=2)
def _pattern(decimal: str) -> re.Pattern[str]:
    """A group may not start with 0: ``0,123`` is a decimal comma gone astray, not a hundred and twenty-three."""
    mark, other = (re.escape("."), ",") if decimal == "point" else (",", re.escape("."))
    groups = rf"[1-9]\d{{0,2}}(?P<by>[{other}{_SPACES}{_APOSTROPHES}])\d{{3}}(?:(?P=by)\d{{3}})*"
    return re.compile(rf"(?P<sign>[+-]?)(?P<whole>{groups}|\d+)?(?:{mark}(?P<part>\d+))?", re.ASCII)


@lru_cache(maxsize=1)
def _money_pattern() -> re.Pattern[str]:
    signs = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
    currency = rf"{signs}|[A-Z]{{3}}"
    return re.compile(
        rf"(?P<outer>[+-]?)(?P<before>{currency})?[{_SPACES}]?(?P<open>\()?(?P<inner>[+-]?)"
        rf"(?P<number>[\d.,{_SPACES}{_APOSTROPHES}]*\d)(?P<close>\))?[{_SPACES}]?(?P<after>{currency})?",
        re.ASCII,
    )


def number(text: str, decimal: str) -> Fraction | None:
    """The exact value of ``1,234.50`` (or ``1.234,50``); None for anything that is not plainly a number."""
    if len(text) > MOST_CHARACTERS:
        return None
    found = _pattern(decimal).fullmatch(text.replace("\u2212", "-"))
    if found is None:
        return None
    whole, part = found["whole"], found["part"] or ""
    if found["by"] and whole:
        whole = whole.replace(found["by"], "")
    if not whole and not part:
        return None
    digits = int((whole or "") + part)
    return Fraction(-digits if found["sign"] == "-" else digits, 10 ** len(part))


def money(text: str, decimal: str, currency: str | None) -> Fraction | Bad:
    """An amount: also ``(1,234.50)`` for minus, and a currency before or after, which must fit ``currency``."""
    plainly = number(text, decimal)
    if plainly is not None:
        return plainly
    not_a_number = bad("number", example=EXAMPLES[decimal])
    if len(text) > MOST_CHARACTERS:
        return not_a_number
    bare = text.replace("\u2212", "-")
    enclosed = bare.startswith("(") and bare.endswith(")") and bare.count("(") == 1
    found = _money_pattern().fullmatch(bare[1:-1].strip() if enclosed else bare)
    if found is None or not _is_well_formed(found, enclosed):
        return not_a_number
    value = number(found["number"], decimal)
    mark = found["before"] or found["after"]
    if value is None or (mark and mark not in SIGNS and not is_currency(mark)):
        return not_a_number
    if mark and currency and not fits(mark, currency):
        return bad("currency", sign=mark, currency=currency)
    negative = enclosed or found["open"] or "-" in (found["outer"], found["inner"])
    return -value if negative else value


def _is_well_formed(found: re.Match[str], enclosed: bool) -> bool:
    signs = bool(found["outer"]) + bool(found["inner"]) + enclosed + bool(found["open"])
    return signs <= 1 and bool(found["open"]) == bool(found["close"]) and not (found["before"] and found["after"])


def fits(mark: str, currency: str) -> bool:
    return mark == currency or currency in SIGNS.get(mark, "").split()


def percent(text: str, decimal: str) -> tuple[Fraction | None, bool]:
    """The number in a percent cell as written, and whether it carries its sign."""
    signed = text.endswith("%")
    return number(text[:-1].rstrip() if signed else text, decimal), signed
