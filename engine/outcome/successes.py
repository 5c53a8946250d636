"""Every use of every account, criterion by criterion, as rows of ``successes.csv``; an account without any is a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..diagnostics import Cell, Diagnostic
from ..messages import diagnose, did_you_mean
from ..policy.model_success import USE_CASE, Criterion, Success
from ..program.evaluate import Book, Row
from ..program.spoken import lacking, source_of
from ..program.uses import entry_of, uses_of

MET, FAILED, UNDECIDED = "met", "failed", "undecided"
WITHOUT = "cannot be decided without "


@dataclass(frozen=True, slots=True)
class SuccessRow:
    policy: str
    fact: str
    account_id: str
    use_case: str
    file: str
    row: int | None
    criterion: str
    status: str
    missing: str
    because: str
    source: str


def success_rows(book: Book) -> list[SuccessRow]:
    """One row per policy, account, use and criterion, in that order; the criteria as the policy lists them."""
    return [
        row
        for success in sorted(book.program.force.successes, key=lambda each: each.name)
        for account_id in sorted(book.accounts)
        for row in account_successes(book, success, account_id)
    ]


def account_successes(book: Book, success: Success, account_id: str) -> list[SuccessRow]:
    uses = uses_of(book, success, account_id)
    if not uses:
        why = f"table {success.table!r} has no use of it"
        return [_row(success, account_id, None, "", because=why, source=source_of(success.span))]
    return [found for use in uses for found in _criteria(book, success, account_id, use)]


def _criteria(book: Book, success: Success, account_id: str, use: Row) -> Iterator[SuccessRow]:
    name, use_case = use[USE_CASE], entry_of(success, use)
    if use_case is None:
        lacks = USE_CASE if name is None else ""
        why = "no entry of the policy is of this name" if name is not None else WITHOUT + USE_CASE
        yield _row(success, account_id, use, "", missing=lacks, because=why, source=source_of(success.span))
        return
    for criterion in use_case.criteria:
        value = book.value(criterion.when, use)
        names = book.missing(criterion.when, use) if value is None else ()
        yield _row(
            success,
            account_id,
            use,
            criterion.name,
            status=UNDECIDED if value is None else MET if value else FAILED,
            missing=", ".join(names),
            because=WITHOUT + lacking(names) if value is None else _because(criterion, value is True),
            source=source_of(criterion.span),
        )


def _because(criterion: Criterion, met: bool) -> str:
    """The policy's own words; of a criterion that fails without any, what does not hold."""
    return criterion.because or ("" if met else f"does not hold: {' '.join(criterion.when.text.split())}")


def _row(
    success: Success,
    account_id: str,
    use: Row | None,
    criterion: str,
    *,
    status: str = UNDECIDED,
    missing: str = "",
    because: str,
    source: str,
) -> SuccessRow:
    return SuccessRow(
        policy=success.name,
        fact=success.fact,
        account_id=account_id,
        use_case=str(use[USE_CASE] or "") if use is not None else "",
        file=use.table.file if use is not None else "",
        row=use.table.rows[use.index] if use is not None else None,
        criterion=criterion,
        status=status,
        missing=missing,
        because=because,
        source=source,
    )


def unnamed(book: Book) -> Iterator[Diagnostic]:
    """A finding at each row whose use case no entry names: the account stays undecided."""
    for success in book.program.force.successes:
        table = book.tables.get(success.table)
        if table is None:
            continue
        known = {use_case.name for use_case in success.use_cases}
        column = next((f.column for f in table.shape.fields if f.name == USE_CASE), USE_CASE)
        for i, name in enumerate(table.columns[USE_CASE]):
            if name is not None and name not in known:
                near = did_you_mean(str(name), known)
                place = Cell(table.file, table.rows[i], column)
                yield diagnose("use-case-unknown", place, name=name, policy=success.name, near=near)
