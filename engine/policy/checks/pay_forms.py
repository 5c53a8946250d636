"""The forms in which pay leaves: columns hold something that there is, and earning codes name plans and components."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic
from ...messages import diagnose, did_you_mean
from ..model_pay import Plan
from ..model_pay_forms import PAYROLL_FIELDS, Payroll, PayrollColumn
from ..names import PEOPLE
from ..pack import Policies


def check(policies: Policies) -> Iterator[Diagnostic]:
    payroll = policies.workspace.pay_forms.payroll
    if payroll is None:
        return
    for file in payroll.files:
        for column in file.columns:
            yield from _column(policies, column)
        held = {column.field for column in file.columns if not column.table}
        for name in ("code", "amount"):
            if name not in held:
                why = "payroll would not know what for" if name == "code" else "payroll would not know how much"
                yield diagnose("form-column-needed", payroll.span, form=file.file, name=name, why=why)
    yield from _codes(policies, payroll)


def _column(policies: Policies, column: PayrollColumn) -> Iterator[Diagnostic]:
    if not column.table:
        if column.field and column.field not in PAYROLL_FIELDS:
            near = did_you_mean(column.field, PAYROLL_FIELDS)
            yield diagnose("payroll-field-unknown", column.span, name=column.field, near=near)
        return
    shape = policies.workspace.shapes.get(PEOPLE)
    if column.table != PEOPLE:
        yield diagnose("payroll-table-unknown", column.span, name=column.table)
    elif shape is None:
        yield diagnose("table-needed", column.span, table=PEOPLE, why="it holds the fields of a payee")
    elif shape.field(column.field) is None:
        near = did_you_mean(column.field, [field.name for field in shape.fields])
        yield diagnose("unknown-field", column.span, name=column.field, near=near)


def _codes(policies: Policies, payroll: Payroll) -> Iterator[Diagnostic]:
    """A name that no version of a plan has is a slip; an earning code after one that holds for all is never given."""
    plans = [policy for policy in policies.policies if isinstance(policy, Plan)]
    names = {plan.name for plan in plans}
    for n, code in enumerate(payroll.codes):
        if code.plan and code.plan not in names:
            near = did_you_mean(code.plan, names)
            yield diagnose("payroll-name-unknown", code.span, what="plan", name=code.plan, near=near)
        own = {name for plan in plans if plan.name == (code.plan or plan.name) for name in plan.line_names}
        if code.component and code.component not in own and (not code.plan or code.plan in names):
            near = did_you_mean(code.component, own)
            yield diagnose("payroll-name-unknown", code.span, what="component", name=code.component, near=near)
        if not (code.plan or code.component or code.kind) and n < len(payroll.codes) - 1:
            yield diagnose("payroll-code-unreached", payroll.codes[n + 1].span, before=code.code)
