"""A statement as JSON, for programs: every number exact, as text; the same keys as the CSV files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ...amounts import plain
from ...outcome.pay.credits import Credited
from .view import Key, Statement


def json_form(statement: Statement, credits: Mapping[Key, Sequence[Credited]]) -> str:
    record = {
        "payee": statement.payee,
        "workspace": statement.workspace,
        "periods": list(statement.periods),
        "waiting": statement.waiting,
        "totals": [
            {
                "currency": total.currency,
                "amount": _told(total.amount),
                "kinds": [{"kind": kind, "amount": _told(amount)} for kind, amount in total.kinds],
            }
            for total in statement.totals
        ],
        "lines": [
            {
                "line": line.number,
                **_told(line.payout),
                "attainments": _told(line.attained),
                "rows": _told(tuple(credits.get(line.key, ()) if line.key else ())),
            }
            for line in statement.lines
        ],
    }
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _told(value: Any) -> Any:
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    if is_dataclass(value):
        return {each.name: _told(getattr(value, each.name)) for each in fields(value)}
    return value
