"""The forms in which pay leaves, those that the workspace asks for: each file by its path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from ..outcome.pay.accrual import accrued
from ..outcome.pay.lines import Pay, Payout
from ..outcome.pay.payroll import Paid, for_payroll, payroll_rows
from ..policy.model import Workspace
from ..policy.model_pay_forms import PayrollFile
from ..policy.names import PEOPLE
from ..tables.shape import Table
from .csv_file import csv_text, guarded, written
from .folder import Content, Later
from .layout import layout
from .statements.written import statement_files


def pay_files(
    workspace: Workspace, paid: Pay, tables: Mapping[str, Table], held: Sequence[Payout] = ()
) -> dict[str, Content]:
    """Statements; where they are asked for, what payroll pays, and what is accrued.

    ``held`` are the lines of locked periods by which something was held back or released.
    """
    forms, people = workspace.pay_forms, tables.get(PEOPLE)
    files = statement_files(forms.statements, workspace.name, paid.payouts, paid.credits, paid.attainments)
    if forms.payroll is not None:
        found = for_payroll(forms.payroll, paid.payouts, people)
        for file in forms.payroll.files:
            files[file.file] = Later(partial(_payroll, file, found.paid, people))
        files[layout("not_in_payroll").file] = csv_text(found.unpaid, layout("not_in_payroll"))
    if forms.accrual:
        rows = accrued([*held, *paid.payouts], paid.credits, {line.period for line in held})
        files[layout("accrual").file] = csv_text(rows, layout("accrual"))
    return files


def _payroll(file: PayrollFile, paid: Iterable[Paid], people: Table | None) -> str:
    """Texts are guarded; an amount below zero is a number, and stays one."""
    numbers = {n for n, column in enumerate(file.columns) if column.field == "amount" and not column.table}
    header = [guarded(column.header) for column in file.columns]
    rows = payroll_rows(file, paid, people)
    return written([header, *([c if n in numbers else guarded(c) for n, c in enumerate(row)] for row in rows)])
