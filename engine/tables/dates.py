"""Days as people write them in a cell: ISO dates and timestamps, and the patterns a field may declare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from .records import Bad, bad

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "MMM": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{2})",
    "D": r"(?P<day>\d{1,2})",
}
_PIECE = re.compile(r"YYYY|YY|MMM|MM|M|DD|D|[^A-Za-z0-9]")
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([Zz]|[+-]\d{2}(?::?\d{2})?))?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A declared pattern such as ``D.M.YY``, ready to read with."""

    text: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=64)
def compile_format(text: str) -> DateFormat | None:
    """The reader of a pattern of ``YYYY YY MMM MM M DD D`` and separators; None where it is no such pattern.

    It needs one year and one month, one day or none (which is the first), and a separator beside ``M`` and ``D``, whose
    length varies.
    """
    pieces = _PIECE.findall(text)
    if "".join(pieces) != text:
        return None
    if sorted(piece[0] for piece in pieces if piece in _TOKENS) not in (["D", "M", "Y"], ["M", "Y"]):
        return None
    for left, right in pairwise(pieces):
        if left in _TOKENS and right in _TOKENS and ({left, right} & {"M", "D"}):
            return None
    return DateFormat(text, re.compile("".join(_TOKENS.get(p) or re.escape(p) for p in pieces), re.ASCII))


def zone_named(name: str | None) -> tzinfo | None:
    """The time zone; None where the name is unknown (a policy that names one is checked before it is run)."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def read_date(text: str, written: DateFormat | None, zone: tzinfo | None) -> date | Bad:
    """The day a text names. Timestamps (ISO only) are seen from ``zone`` and cut to their date."""
    try:
        return _by_format(text, written) if written else _by_iso(text, zone)
    except (ValueError, OverflowError):
        return bad("no-such-day")


def of_native(value: date, zone: tzinfo | None) -> date | Bad:
    """The day of a typed date or timestamp. Midnight without a zone is how formats without dates write a date."""
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None and value.time() == value.time().min:
        return value.date()
    try:
        return _seen_from(value, zone)
    except (ValueError, OverflowError):
        return bad("no-such-day")


def _by_format(text: str, written: DateFormat) -> date | Bad:
    found = written.pattern.fullmatch(text)
    if found is None:
        return bad("date", expected=written.text)
    parts = found.groupdict()
    year = int(parts.get("year") or _full_year(parts["short"]))
    if name := parts.get("name"):
        if name.lower() not in MONTHS:
            return bad("month-name", name=name)
        return date(year, MONTHS.index(name.lower()) + 1, int(parts.get("day") or 1))
    return date(year, int(parts["month"]), int(parts.get("day") or 1))


def _full_year(short: str) -> int:
    """Two digits as POSIX reads them: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068."""
    return int(short) + (1900 if int(short) >= 69 else 2000)


def _by_iso(text: str, zone: tzinfo | None) -> date | Bad:
    found = _ISO.fullmatch(text)
    if found is None:
        return bad("date", expected="YYYY-MM-DD")
    year, month, day, hour, minute, second, _, offset = found.groups()
    if hour is None:
        return date(int(year), int(month), int(day))
    moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=_offset(offset))
    return _seen_from(moment, zone)


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    if int(digits[2:]) > 59:
        raise ValueError("minutes of an offset end at 59")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-length if text[0] == "-" else length)


def _seen_from(moment: datetime, zone: tzinfo | None) -> date | Bad:
    if zone is None:
        return bad("timezone")
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()
