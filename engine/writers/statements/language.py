"""The words of a statement in each language, one file a language; amounts, days and granger's own reasons in it.

What the policies and the data say is shown as it is written there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.numbers import get_currency_symbol

from ...amounts import SHORT, grouped, percent, round_to
from ...currencies import minor_digits

LANGUAGES = ("en", "zh_CN", "zh_TW")
NOTHING = "–"

_SLOT = re.compile(r"\{(\w+)([*#@]?)\}")
_HELD = {"#": r"[-\d.,/]+%?", "@": "[a-z_][a-z0-9_]*"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A reason as granger words it, its values left open; ``told`` is the same in another language.

    A value marked ``*`` holds a reason itself, one marked ``#`` is a figure, ``@`` a name of the policies.
    """

    pattern: re.Pattern[str]
    told: str
    nested: frozenset[str]


@dataclass(frozen=True, eq=False)
class Language:
    """``words`` by name. Numbers are written alike in all of these languages: ``12,345.60``."""

    code: str
    words: Mapping[str, str]
    phrases: tuple[Phrase, ...]

    def word(self, name: str, **values: object) -> str:
        return self.words[name].format_map(values) if values else self.words[name]

    def money(self, value: Fraction | None, currency: str) -> str:
        return grouped(value, minor_digits(currency)) if value is not None else NOTHING

    def with_sign(self, value: Fraction, currency: str) -> str:
        """With the sign by which readers of this language know the currency: ``CN¥1,200.00``, ``¥1,200.00``."""
        before, after = _signs(self.code, currency)
        number = self.money(value, currency)
        minus, number = ("-", number[1:]) if number.startswith("-") else ("", number)
        return f"{minus}{before}{number}{after}"

    def percent(self, value: Fraction | None, digits: int = SHORT) -> str:
        return percent(round_to(value, digits + 2)) if value is not None else NOTHING

    def measured(self, value: Fraction | None, unit: str, digits: int = SHORT) -> str:
        """A measure, its target or what was attained, in its unit: percent (with so many digits at most), number or a
        currency.
        """
        if value is None or unit == "percent":
            return self.percent(value, digits)
        return grouped(value) if unit == "number" else self.money(value, unit)

    def day(self, day: date) -> str:
        return _day(self.code, day)

    def reason(self, text: str) -> str:
        """What granger gives as a reason, in this language; words of the policies among it stay as they are."""
        return _reason(self, text)

    @property
    def tag(self) -> str:
        """As HTML names it."""
        return self.code.replace("_", "-")


@cache
def language(code: str) -> Language:
    """Raises FileNotFoundError for one that is not in ``LANGUAGES``."""
    read = json.loads(files(__package__).joinpath(f"words/{code}.json").read_text(encoding="utf-8"))
    return Language(code, read["words"], tuple(_phrase(*pair) for pair in read["reasons"].items()))


def _phrase(said: str, told: str) -> Phrase:
    at, pattern = 0, ""
    for slot in _SLOT.finditer(said):
        pattern += f"{re.escape(said[at : slot.start()])}(?P<{slot[1]}>{_HELD.get(slot[2], '.+?')})"
        at = slot.end()
    nested = frozenset(slot[1] for slot in _SLOT.finditer(said) if slot[2] == "*")
    return Phrase(re.compile(pattern + re.escape(said[at:]), re.DOTALL), told, nested)


@lru_cache(maxsize=4096)
def _reason(language: Language, text: str) -> str:
    if not language.phrases:
        return text
    return language.words["between_reasons"].join(_single(language, part) for part in text.split("; "))


def _single(language: Language, text: str) -> str:
    for phrase in language.phrases:
        if found := phrase.pattern.fullmatch(text):
            values = {
                name: _reason(language, value) if name in phrase.nested else value
                for name, value in found.groupdict().items()
            }
            return phrase.told.format_map(values)
    return text


@lru_cache(maxsize=4096)
def _day(code: str, day: date) -> str:
    return format_date(day, "medium", locale=code)


@lru_cache(maxsize=256)
def _signs(code: str, currency: str) -> tuple[str, str]:
    pattern = Locale.parse(code).currency_formats["standard"]
    symbol = get_currency_symbol(currency, locale=code)
    before, after = (
        part.replace("¤", f"{symbol}\u00a0" if symbol[-1:].isalpha() else symbol)
        for part in (pattern.prefix[0], pattern.suffix[0])
    )
    return before, after
