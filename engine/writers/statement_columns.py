"""The column twin of ``statement.credit_line``: all credits under each line of the statements, as one text."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..currencies import minor_digits
from ..outcome.pay.credit_frame import CreditFrame, Credits
from ..texts import grouped_texts, percent_texts
from .statement import CONTROL, SPECIAL, Key, by_line, credit_line

_NOTHING = pl.lit("–", dtype=pl.String)


def credit_lines(credits: Credits) -> dict[Key, str]:
    """By plan, payee, period and component, in the order of ``credits``."""
    found: dict[Key, str] = {}
    # a line whose credits stand in several frames, or some of them in none: few, or none at all
    mixed: set[Key] = set()
    for each in credits.frames:
        for payee, text in _texts(each):
            key = each.same["plan"], payee, each.same["period"], each.same["component"]
            mixed |= {key} & found.keys()
            found[key] = text
    singly = by_line(credits.singly)
    mixed |= singly.keys() & found.keys()
    found |= {key: "\n".join(map(credit_line, own)) for key, own in singly.items()}
    for payee in {payee for _, payee, _, _ in mixed}:
        own = by_line(credits.of(payee))
        found |= {key: "\n".join(map(credit_line, own[key])) for key in mixed & own.keys()}
    return found


def _texts(credits: CreditFrame) -> Iterator[tuple[str, str]]:
    """Each payee of the frame, with the lines of the credits."""
    digits = minor_digits(credits.same["currency"])
    amount, earning = (grouped_texts(credits.number(name), digits) for name in ("credit_amount", "earning"))
    texts = credits.frame.select(
        "payee",
        _escaped(pl.col("record")),
        pl.col("dated").dt.to_string("iso"),
        _escaped(pl.col("account_id")),
        amount.alias("amount"),
        percent_texts(credits.number("rate")).alias("rate"),
        earning.alias("earning"),
        _escaped(_why()).alias("why"),
        pl.concat_str(pl.lit("`"), "source", pl.lit("`")).alias("source"),
    )
    cells = [pl.col(name).fill_null(_NOTHING) for name in texts.columns if name != "payee"]
    line = pl.concat_str(pl.lit("| "), pl.concat_str(cells, separator=" | "), pl.lit(" |"))
    lines = texts.select("payee", line.alias("line"))
    yield from lines.group_by("payee", maintain_order=True).agg(pl.col("line").str.join("\n")).iter_rows()


def _why() -> pl.Expr:
    reason, because = pl.col("reason"), pl.col("because")
    both = (reason != "") & (because != "")
    between = pl.when(both).then(pl.lit(" – ")).otherwise(pl.lit(""))
    return pl.concat_str(reason, between, because)


def _escaped(text: pl.Expr) -> pl.Expr:
    """As ``escaped``."""
    return text.str.replace_all(CONTROL, " ").str.replace_all(SPECIAL, r"\${1}")
