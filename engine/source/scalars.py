"""What an unquoted value means: a number, true or false, a date, or text. granger's own rules, not YAML 1.1's.

``no``, ``on``, ``012`` and ``12:30`` are the text they look like. A form that other tools read as some other number
(``0x1F``, ``1e3``) is refused, so that one file never means two things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from ..amounts import parse_decimal
from ..messages import FOUND

MAX_DIGITS = 60

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LEADING_ZERO = re.compile(r"[+-]?0[\d_]+(\.[\d_]*)?", re.ASCII)
_RADIX = re.compile(r"([+-]?)0(?:[xX]([0-9a-fA-F_]+)|[oO]([0-7_]+)|[bB]([01_]+))")
_EXPONENT = re.compile(r"[+-]?(\d[\d_]*\.?[\d_]*|\.[\d_]+)[eE]([+-]?\d+)", re.ASCII)
_BARE_POINT = re.compile(r"[+-]?(\d[\d_]*\.|\.\d[\d_]*)", re.ASCII)
_UNDERSCORES = re.compile(r"[+-]?\d[\d_]*(\.[\d_]*)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that is not read: the code of the message and what fills it."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


Plain: TypeAlias = Fraction | bool | date | str


def resolve(text: str) -> Plain | Refusal:
    """The value of a plain (unquoted) scalar."""
    if text in ("", "~", "null"):
        return Refusal("empty-value", {"found": FOUND["null"].format(text=text)})
    if text in ("true", "false"):
        return text == "true"
    if text[0] not in "+-.0123456789":
        return Refusal("merge-refused") if text == "<<" else text
    if found := _DATE.fullmatch(text):
        return _day(text, *found.groups())
    return _number(text)


def _day(text: str, year: str, month: str, day: str) -> date | Refusal:
    try:
        value = date(int(year), int(month), int(day))
    except ValueError:
        return Refusal("bad-date", {"text": text})
    return value if value.isoformat() == text else Refusal("short-date", {"text": text, "instead": value.isoformat()})


def _number(text: str) -> Plain | Refusal:
    if _LEADING_ZERO.fullmatch(text):
        return text  # a code such as 012 or 007: text, and a hint where a number was expected
    if _UNDERSCORES.fullmatch(text) and (digits := sum(char.isdigit() for char in text)) > MAX_DIGITS:
        return Refusal("number-too-long", {"digits": str(digits), "most": str(MAX_DIGITS)})
    if (value := parse_decimal(text)) is not None:
        return value
    if _NOT_FINITE.fullmatch(text):
        return Refusal("not-a-finite-number", {"text": text})
    if found := _RADIX.fullmatch(text):
        return _refused(text, _of_radix(*found.groups()))
    if found := _EXPONENT.fullmatch(text):
        return _refused(text, _spelled_out(text, found))
    if _BARE_POINT.fullmatch(text):
        sign = text[0] if text[0] in "+-" else ""
        whole, _, part = text.lstrip("+-").partition(".")
        return _refused(text, f"{sign}{whole or '0'}{'.' + part if part else ''}")
    if _UNDERSCORES.fullmatch(text):  # an underscore doubled or at an edge: parse_decimal took the well-formed ones
        return _refused(text, re.sub(r"_+", "_", text).replace("_.", ".").replace("._", ".").strip("_."))
    return text


def shown(text: str, most: int = 40) -> str:
    """``text`` as a message quotes it: one line, and not too long."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _refused(text: str, instead: str) -> Refusal:
    if not instead or len(instead) > MAX_DIGITS or parse_decimal(instead) is None:
        return Refusal("number-not-spelled-out", {"text": shown(text)})
    return Refusal("number-form-refused", {"text": text, "instead": instead})


def _of_radix(sign: str, sixteen: str | None, eight: str | None, two: str | None) -> str:
    digits, base = next((d, b) for d, b in ((sixteen, 16), (eight, 8), (two, 2)) if d is not None)
    digits = digits.replace("_", "")
    # The length is bounded before int() and str(), whose time grows with the square of it.
    return sign + str(int(digits, base)) if 0 < len(digits) <= MAX_DIGITS else ""


def _spelled_out(text: str, found: re.Match[str]) -> str:
    if len(text) > MAX_DIGITS or abs(int(found.group(2))) > MAX_DIGITS:
        return ""
    value = Fraction(text.replace("_", ""))
    for places in range(MAX_DIGITS):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
            point = len(digits) - places
            return ("-" if value < 0 else "") + digits[:point] + ("." + digits[point:] if places else "")
    return ""
