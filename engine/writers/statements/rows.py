"""The credits under the lines of statements as rows of Markdown or HTML; ``rows_columns`` is the twin in columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from ...outcome.pay.credit_frame import Credits
from ...outcome.pay.credits import Credited
from ..safe_text import CONTROL, SPECIAL
from .language import Language
from .view import Key

COLUMNS = ("record", "date", "account", "amount", "rate", "earning", "why", "policy")
"""Of a row of credits, by the words' names."""


@dataclass(frozen=True, slots=True)
class RowForm:
    """How a row is written: what stands before each cell and after the last, and what is escaped in texts of data.

    ``escapes`` are (pattern, replacement), in their order; a replacement repeats what was matched as ``\\1``.
    """

    before: tuple[str, ...]
    after: str
    escapes: tuple[tuple[str, str], ...]
    iso_days: bool = False

    def escaped(self, text: str) -> str:
        for pattern, replacement in self.escapes:
            text = re.sub(pattern, replacement, text)
        return text

    def day(self, day: date, language: Language) -> str:
        return day.isoformat() if self.iso_days else language.day(day)

    def row(self, cells: Iterable[str]) -> str:
        return "".join(chain.from_iterable(zip(self.before, cells, strict=True))) + self.after


MARKDOWN = RowForm(
    before=("| ", *(" | ",) * 6, " | `"), after="` |", escapes=((CONTROL, " "), (SPECIAL, r"\\\1")), iso_days=True
)
_NEXT, _FIGURE = "</td><td>", '</td><td class="n">'
HTML = RowForm(
    ("<tr><td>", _NEXT, _NEXT, _FIGURE, _FIGURE, _FIGURE, _NEXT, '</td><td class="at">'),
    "</td></tr>",
    ((CONTROL, " "), ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;")),
)


def credit_rows(credits: Iterable[Credited], form: RowForm, language: Language) -> Mapping[Key, str]:
    """By line, the rows of its credits in their order."""
    if isinstance(credits, Credits) and credits.frames:
        from .rows_columns import rows_in_columns

        return rows_in_columns(credits, form, language)
    return {key: "\n".join(credit_row(c, form, language) for c in own) for key, own in by_line(credits).items()}


def by_line(credits: Iterable[Credited]) -> dict[Key, list[Credited]]:
    """The credits under each line, in their order."""
    found: dict[Key, list[Credited]] = {}
    for credit in credits:
        found.setdefault((credit.plan, credit.payee, credit.period, credit.component), []).append(credit)
    return found


def by_payee(credits: Iterable[Credited]) -> Callable[[str], Mapping[Key, list[Credited]]]:
    """payee -> the credits under each line of theirs."""
    if isinstance(credits, Credits):
        return lambda payee: by_line(credits.of(payee))
    found: dict[str, list[Credited]] = {}
    for credit in credits:
        found.setdefault(credit.payee, []).append(credit)
    return lambda payee: by_line(found.get(payee, ()))


def credit_row(credit: Credited, form: RowForm, language: Language) -> str:
    why = " – ".join(part for part in (language.reason(credit.reason), credit.because) if part)
    return form.row(
        (
            form.escaped(credit.record),
            form.day(credit.dated, language),
            form.escaped(credit.account_id),
            language.money(credit.credit_amount, credit.currency),
            language.percent(credit.rate),
            language.money(credit.earning, credit.currency),
            form.escaped(why),
            credit.source,
        )
    )
