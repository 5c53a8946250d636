"""Why each credit line counts, waits or is unpaid: the words of ``Crediting``, for many lines at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from ...language.tree import Expression
from ...program.row_columns import RowColumns
from ...program.spoken import source_of
from .credits import CREDITED, UNPAID, WAITING, Crediting
from .paid_days import not_paid
from .shares import NO_PART
from .whole import Number

UNDECIDED, NOT_WHOLE, NO_SHARE, NOBODY, NO_PAYEE, NO_AMOUNT, NO_EXCHANGE, NO_CASE, NO_RATE, COUNTS = range(10)
"""What becomes of a line, in the order in which ``Crediting`` asks."""
STATUS = (WAITING, WAITING, WAITING, UNPAID, UNPAID, WAITING, WAITING, WAITING, WAITING, CREDITED)


@dataclass(frozen=True, slots=True)
class _Wait:
    """Lines that wait for an expression: all of a stage, or those of one case in it."""

    stage: int
    what: str
    expression: Expression
    source: str
    case: int | None = None


def told(crediting: Crediting, rows: RowColumns, stages: pl.DataFrame, numbers: Mapping[str, Number]) -> pl.DataFrame:
    """``because``, ``reason`` and ``source`` of every line of ``stages``."""
    component = crediting.component
    cases = [(case.because or component.because, source_of(case.span)) for case in component.rates]
    if component.table is not None:
        cases = [(component.because, source_of(component.table.span))]
    because, source = (pl.Series(texts, dtype=pl.String) for texts in zip(*cases, strict=True))
    stage, case_of = pl.col("stage"), stages["case"].clip(lower_bound=0).cast(pl.UInt32)
    found = stages.select(
        because=pl.when(stage == COUNTS).then(because.gather(case_of)).otherwise(pl.lit("")),
        reason=pl.lit(""),
        source=pl.when(stage == COUNTS).then(source.gather(case_of)).otherwise(pl.lit(source_of(component.span))),
    )
    if component.table is None:
        found = found.with_columns(reason=_zero(stages, numbers))
    if (stages["said"] != "").any():
        found = found.with_columns(reason=_told_too(stages, pl.col("reason")))
    if (stages["stage"] == COUNTS).all():
        return found
    found = found.with_columns(stages["stage"], stages["why"], stages["faulty"], stages["unchanged"])
    found = found.with_columns(reason=_of_persons(crediting, stages))
    return _waiting(crediting, rows, stages, found).select("because", "reason", "source")


def _zero(stages: pl.DataFrame, numbers: Mapping[str, Number]) -> pl.Expr:
    no_rate, nothing = (numbers[name].series == 0 for name in ("rate", "credit_amount"))
    return (
        pl.when(pl.lit(stages["stage"]) != COUNTS)
        .then(pl.lit(""))
        .when(pl.lit(no_rate))
        .then(pl.lit("the rate is 0%"))
        .when(pl.lit(nothing))
        .then(pl.lit("the amount is 0"))
        .otherwise(pl.lit(""))
    )


def _told_too(stages: pl.DataFrame, zero: pl.Expr) -> pl.Expr:
    """As what the person is credited, then why it comes to nothing."""
    said = pl.lit(stages["said"])
    both = pl.when(zero == "").then(said).otherwise(pl.format("{}; {}", said, zero))
    return pl.when((pl.lit(stages["stage"]) != COUNTS) | (said == "")).then(zero).otherwise(both)


def _of_persons(crediting: Crediting, stages: pl.DataFrame) -> pl.Expr:
    """The reasons of lines for somebody who is not paid, or for nobody; of the others as they are."""
    stage, why = pl.col("stage"), pl.col("why")
    unpaid = stages["stage"] == NO_PAYEE
    texts = not_paid(crediting.payees, stages["person"].filter(unpaid), stages["day"].filter(unpaid))
    told = pl.repeat("", len(stages), dtype=pl.String, eager=True).scatter(unpaid.arg_true(), texts)
    return (
        pl.when(stage == NOT_WHOLE)
        .then("faulty")
        .when(stage == NO_EXCHANGE)
        .then("unchanged")
        .when(stage == NO_SHARE)
        .then(pl.when(why == "").then(pl.lit(NO_PART)).otherwise(why))
        .when(stage == NOBODY)
        .then(why)
        .when(stage == NO_PAYEE)
        .then(pl.lit(told))
        .otherwise("reason")
    )


def _waiting(crediting: Crediting, rows: RowColumns, stages: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    patches = []
    for wait in _waits(crediting):
        lines = (stages["stage"] == wait.stage) if wait.case is None else (
            (stages["stage"] == wait.stage) & (stages["case"] == wait.case)
        )  # fmt: skip
        if not lines.any():
            continue
        own = pl.DataFrame({"at": lines.arg_true(), "line": stages["line"].filter(lines)})
        positions = own["line"].unique().sort()
        missing = pl.DataFrame({"line": positions, "missing": rows.at(positions).missing(wait.expression)})
        text = pl.format("{}: {} is missing", pl.lit(wait.what), "missing")
        patches.append(
            own.join(missing, on="line", how="left").select(
                "at",
                waits_for=pl.when(pl.col("missing") == "").then(pl.lit(wait.what)).otherwise(text),
                at_line=pl.lit(wait.source),
            )
        )
    if not patches:
        return found
    numbered = found.with_row_index("at").with_columns(pl.col("at").cast(pl.UInt32))
    joined = numbered.join(pl.concat(patches), on="at", how="left", maintain_order="left")
    return joined.with_columns(reason=pl.coalesce("waits_for", "reason"), source=pl.coalesce("at_line", "source"))


def _waits(crediting: Crediting) -> Iterator[_Wait]:
    credit = crediting.credit
    if credit.where is not None:
        yield _Wait(UNDECIDED, "`where` cannot be decided", credit.where, source_of(credit.where.span))
    yield _Wait(NO_AMOUNT, "there is no amount", credit.amount, source_of(credit.amount.span))
    for n, case in enumerate(crediting.component.rates):
        if case.when is not None:
            yield _Wait(NO_CASE, "the rate cannot be decided", case.when, source_of(case.when.span), -1 - n)
        yield _Wait(NO_RATE, "there is no rate", case.value, source_of(case.span), n)
