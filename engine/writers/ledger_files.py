"""The files of a locked period, from the ledger alone."""

from __future__ import annotations

from collections.abc import Sequence

from ..ledger.posted import Lock
from ..outcome.pay.lines import Pay
from ..policy.model_pay_forms import StatementForms
from .csv_file import csv_text
from .folder import Content
from .layout import layout
from .run_record import json_text
from .statements.written import statement_files


def ledger_files(locks: Sequence[Lock], pay: Pay) -> dict[str, Content]:
    """``run.json`` says which entries they are of; the others are those that the run wrote which was locked.

    Credits that pay nobody are in no ledger.
    """
    rows = {"credits": pay.credits, "attainments": pay.attainments, "payouts": pay.payouts}
    files: dict[str, Content] = {layout(name).file: csv_text(own, layout(name)) for name, own in rows.items()}
    forms = StatementForms(locks[-1].forms, locks[-1].language)
    files |= statement_files(forms, locks[-1].workspace, pay.payouts, pay.credits, pay.attainments)
    return {**files, "run.json": json_text({"locks": list(map(lock_json, locks))})}


def lock_json(lock: Lock) -> dict[str, object]:
    return {
        "entry": lock.entry,
        "lines": lock.lines,
        "period": lock.period.name,
        "from": lock.period.start.isoformat(),
        "before": lock.period.before.isoformat(),
        "as_of": lock.as_of.isoformat(),
        "by": lock.by,
        "at": lock.at,
        "made_of": dict(lock.made_of),
    }
