"""What a commission counts, from its document."""

from __future__ import annotations

from fractions import Fraction

from ..amounts import percent
from ..source.document import List
from .model_credit import Credit, Split, Tranche, written_total
from .reading import Reading


def credit(row: Reading) -> Credit:
    found = Credit(
        table=row.text("table"),
        table_span=row.span_of("table"),
        amount=row.required("amount"),
        splits=_splits(row),
        span=row.span,
        where=row.expression("where"),
        dated_by=row.text("dated_by") or None,
        dated_by_span=row.span_of("dated_by"),
        tranches=_tranches(row),
        currency=row.text("currency") or None,
        currency_span=row.span_of("currency"),
    )
    total = written_total(found.shares)
    if total is not None and total != 1:
        row.problem("shares-total", row.key_span("to"), found=percent(total))
    return found


def _tranches(row: Reading) -> tuple[Tranche, ...]:
    if not row.has("tranches"):
        return ()
    if row.has("dated_by"):
        row.problem("tranches-have-days", row.span_of("dated_by"))
    found = tuple(
        Tranche(each.number("share") or Fraction(0), each.text("dated_by"), each.span_of("dated_by"))
        for each in row.readings("tranches")
    )
    total = sum((tranche.share for tranche in found), Fraction(0))
    if total != 1:
        row.problem("tranches-total", row.key_span("tranches"), found=percent(total))
    return found


def _splits(row: Reading) -> tuple[Split, ...]:
    if not isinstance(row.node("to"), List):
        return (Split(row.text("to"), row.span_of("to")),)
    return tuple(_split(each) for each in row.readings("to"))


def _split(row: Reading) -> Split:
    if row.has("share") == row.has("overlay"):
        row.problem("split-form", row.span_of("to"), name=row.text("to"))
    overlay, through = row.has("overlay"), row.text("through") or None
    if through and not overlay:
        row.problem("upwards-on-top", row.span_of("through"), name=through)
    if row.has("levels") and not through:
        row.problem("levels-of-what", row.span_of("levels"))
    return Split(
        to=row.text("to"),
        span=row.span_of("to"),
        share=row.expression("overlay" if overlay else "share"),
        overlay=overlay,
        through=through,
        through_span=row.span_of("through"),
        levels=None if row.text("levels") == "all" else row.integer("levels", 1),
    )
