"""The forms in which pay leaves: statements, the file for payroll, figures for finance."""

from __future__ import annotations

from dataclasses import dataclass

from ..diagnostics import Span

STATEMENT_FORMS = {"markdown": "md", "html": "html", "pdf": "pdf", "xlsx": "xlsx", "json": "json"}
"""Each with the ending of its files."""

PAYROLL_FIELDS = ("payee", "period", "code", "amount", "currency")
"""What a column of the payroll file may hold beside a field of people and a text: of one payee and earning code."""

PAYROLL_COLUMNS = {"Payee": "payee", "Period": "period", "Code": "code", "Amount": "amount", "Currency": "currency"}
"""Those of payroll.csv, unless a workspace says otherwise."""


@dataclass(frozen=True, slots=True)
class StatementForms:
    forms: tuple[str, ...] = ("markdown",)
    language: str = "en"
    span: Span | None = None


USUAL_STATEMENTS = StatementForms()


@dataclass(frozen=True, slots=True)
class PayrollColumn:
    """A column: one of ``PAYROLL_FIELDS``; with a ``table`` (people), a field of the payee; or always the same text."""

    header: str
    field: str
    span: Span
    table: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class EarningCode:
    """What payroll calls the lines for which all hold that is written: plan, component and kind of the line."""

    code: str
    span: Span
    plan: str = ""
    component: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PayrollFile:
    file: str
    columns: tuple[PayrollColumn, ...]


@dataclass(frozen=True, slots=True)
class Payroll:
    """``codes``: the first that holds for a line is its code; a line without one is not paid by payroll, and listed."""

    files: tuple[PayrollFile, ...]
    codes: tuple[EarningCode, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class PayForms:
    """``accrual``: what is earned and not yet paid is written for finance."""

    statements: StatementForms = StatementForms()
    payroll: Payroll | None = None
    accrual: bool = False
