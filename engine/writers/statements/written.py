"""The statements of all payees in the forms that a workspace asks for: each by its path, made when it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, partial

from ...outcome.pay.bonus import Attainment
from ...outcome.pay.credits import Credited
from ...outcome.pay.lines import Payout
from ...policy.model_pay_forms import STATEMENT_FORMS, StatementForms
from ..folder import Content, Later
from ..safe_text import file_name
from .data import json_form
from .language import language
from .markdown import markdown
from .page import page
from .pdf import pdf
from .rows import HTML, MARKDOWN, RowForm, by_payee, credit_rows
from .view import Key, Statement, statements_of
from .workbook import workbook


def statement_files(
    forms: StatementForms,
    workspace: str,
    payouts: Iterable[Payout],
    credits: Iterable[Credited],
    attainments: Iterable[Attainment],
) -> dict[str, Content]:
    """``statements/NAME.html`` … of each payee."""
    spoken, own = language(forms.language), by_payee(credits)

    @cache
    def rows(form: RowForm) -> Mapping[Key, str]:
        return credit_rows(credits, form, spoken)

    def made(form: str, statement: Statement) -> str | bytes:
        if form == "markdown":
            return markdown(statement, rows(MARKDOWN), spoken)
        if form == "json":
            return json_form(statement, own(statement.payee))
        if form == "xlsx":
            return workbook(statement, own(statement.payee), spoken)
        html = page(statement, rows(HTML), spoken)
        return pdf(html) if form == "pdf" else html

    return {
        f"statements/{file_name(statement.payee, STATEMENT_FORMS[form])}": Later(partial(made, form, statement))
        for statement in statements_of(payouts, attainments, workspace)
        for form in forms.forms
    }
