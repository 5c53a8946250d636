"""The column twin of ``rows``: all credits under each line of the statements, as one text a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from ...currencies import minor_digits
from ...outcome.pay.credit_frame import CreditFrame, Credits
from ...texts import grouped_texts, percent_texts
from .language import NOTHING, Language
from .rows import RowForm, by_line, credit_row
from .view import Key


def rows_in_columns(credits: Credits, form: RowForm, language: Language) -> dict[Key, str]:
    """By plan, payee, period and component, in the order of ``credits``."""
    found: dict[Key, str] = {}
    # a line whose credits stand in several frames, or some of them in none: few, or none at all
    mixed: set[Key] = set()
    for each in credits.frames:
        for payee, text in _texts(each, form, language):
            key = each.same["plan"], payee, each.same["period"], each.same["component"]
            mixed |= {key} & found.keys()
            found[key] = text
    singly = by_line(credits.singly)
    mixed |= singly.keys() & found.keys()
    found |= {key: "\n".join(credit_row(c, form, language) for c in own) for key, own in singly.items()}
    for payee in {payee for _, payee, _, _ in mixed}:
        own = by_line(credits.of(payee))
        found |= {key: "\n".join(credit_row(c, form, language) for c in own[key]) for key in mixed & own.keys()}
    return found


def _texts(credits: CreditFrame, form: RowForm, language: Language) -> Iterator[tuple[str, str]]:
    """Each payee of the frame, with the rows of the credits."""
    frame, digits = credits.frame, minor_digits(credits.same["currency"])
    amount, earning = (grouped_texts(credits.number(name), digits) for name in ("credit_amount", "earning"))
    cells = (
        _escaped(frame["record"], form),
        _told(frame["dated"], lambda day: form.day(day, language)),
        _told(frame["account_id"], form.escaped),
        amount.fill_null(NOTHING),
        percent_texts(credits.number("rate")).fill_null(NOTHING),
        earning.fill_null(NOTHING),
        _why(frame, form, language),
        frame["source"].cast(pl.String),
    )
    texts = frame.select("payee").with_columns(*(cell.alias(f"{n}") for n, cell in enumerate(cells)))
    parts = [part for n, before in enumerate(form.before) for part in (pl.lit(before), pl.col(f"{n}"))]
    rows = texts.select("payee", pl.concat_str([*parts, pl.lit(form.after)]).alias("row"))
    yield from rows.group_by("payee", maintain_order=True).agg(pl.col("row").str.join("\n")).iter_rows()


def _why(frame: pl.DataFrame, form: RowForm, language: Language) -> pl.Series:
    reason = _told(frame["reason"], lambda text: form.escaped(language.reason(text)))
    because = _told(frame["because"], form.escaped)
    both = (reason != "") & (because != "")
    between = pl.Series(["", " – "]).gather(both.cast(pl.UInt8))
    return reason + between + because


def _told(values: pl.Series, tell: Callable[..., str]) -> pl.Series:
    """``tell`` of each value, asked once for each that there is."""
    known = values.unique(maintain_order=True)
    texts = pl.Series([tell(value) for value in known.to_list()], dtype=pl.String)
    return values.replace_strict(known, texts, return_dtype=pl.String)


def _escaped(texts: pl.Series, form: RowForm) -> pl.Series:
    """As ``form.escaped``."""
    for pattern, replacement in form.escapes:
        texts = texts.str.replace_all(pattern, replacement.replace("\\\\", "\\").replace("\\1", "${1}"))
    return texts
