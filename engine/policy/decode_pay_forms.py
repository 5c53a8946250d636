"""``statements``, ``payroll`` and ``finance`` of granger.yaml: in which forms pay leaves."""

from __future__ import annotations

from collections.abc import Iterator

from ..source.document import Map, Node
from .model_pay_forms import (
    PAYROLL_COLUMNS,
    EarningCode,
    PayForms,
    Payroll,
    PayrollColumn,
    PayrollFile,
    StatementForms,
)
from .names import PEOPLE
from .reading import Reading, text_of


def pay_forms(top: Reading) -> PayForms:
    usual, inner = StatementForms(), top.inner("statements")
    return PayForms(
        statements=StatementForms(
            tuple(word for word, _ in inner.words("forms")) or usual.forms,
            inner.text("language", usual.language),
            inner.span_of("forms") if inner.has("forms") else None,
        ),
        payroll=_payroll(top.inner("payroll")) if top.has("payroll") else None,
        accrual=top.inner("finance").has("accrual"),
    )


def _payroll(row: Reading) -> Payroll:
    files = [_adp(row.inner("adp"))] if row.has("adp") else []
    if row.has("table") or not files:
        files.append(_table(row.inner("table")))
    codes = tuple(
        EarningCode(one.text("code"), one.span, one.text("plan"), one.text("component"), one.text("kind"))
        for one in row.readings("codes")
    )
    return Payroll(tuple(files), codes, row.span)


def _table(row: Reading) -> PayrollFile:
    by_itself = (PayrollColumn(header, field, row.span) for header, field in PAYROLL_COLUMNS.items())
    own = (_column(header, value, row) for header, _, value in row.named("columns"))
    return PayrollFile("payroll.csv", tuple(own if row.has("columns") else by_itself))


def _column(header: str, value: Node, row: Reading) -> PayrollColumn:
    if isinstance(value, Map):
        return PayrollColumn(header, "", value.span, text=Reading(value, row.problems, row.span).text("text"))
    table, dot, field = (text_of(value) or "").rpartition(".")
    return PayrollColumn(header, field, value.span, table if dot else "")


def _adp(row: Reading) -> PayrollFile:
    """ADP's paydata import: the company's code, the batch and the file number stand first, in this order."""
    company = row.text("company")
    return PayrollFile(f"PR{company}EPI.csv", tuple(_adp_columns(row, company)))


def _adp_columns(row: Reading, company: str) -> Iterator[PayrollColumn]:
    yield PayrollColumn("Co Code", "", row.span, text=company)
    yield PayrollColumn("Batch ID", "", row.span, text=row.text("batch"))
    yield PayrollColumn("File #", row.text("file_number"), row.span_of("file_number"), PEOPLE)
    if row.has("department"):
        yield PayrollColumn("Temp Dept", row.text("department"), row.span_of("department"), PEOPLE)
    yield PayrollColumn("Earnings 3 Code", "code", row.span)
    yield PayrollColumn("Earnings 3 Amount", "amount", row.span)
