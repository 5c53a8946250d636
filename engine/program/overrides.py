"""Rows of an overrides table that hold on a day: they pin an account to a tier, with a reason, an owner and an end."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date

from ..diagnostics import Cell, Diagnostic
from ..language.tree import Value
from ..messages import diagnose, did_you_mean
from ..tables.shape import Table
from .compile import Choice, Program
from .decisions import Override


def overrides(
    program: Program, tables: Mapping[str, Table], as_of: date
) -> tuple[dict[tuple[str, str], Override], list[Diagnostic]]:
    """What is pinned on ``as_of``, and a finding for every row that is not used."""
    pinned: dict[tuple[str, str], Override] = {}
    findings: list[Diagnostic] = []
    asked = [c for c in program.choices.values() if c.overrides is not None and c.overrides.table in tables]
    # a Python value for each account is made for whoever has overrides alone
    accounts = frozenset(tables["accounts"].columns["account_id"] if asked and "accounts" in tables else ())
    for choice in asked:
        if choice.overrides is not None:
            table = tables[choice.overrides.table]
            for i in range(len(table)):
                _row(choice, table, i, as_of, accounts, pinned, findings)
    return pinned, findings


def _row(
    choice: Choice,
    table: Table,
    i: int,
    as_of: date,
    accounts: Set[Value],
    pinned: dict[tuple[str, str], Override],
    findings: list[Diagnostic],
) -> None:
    assert choice.overrides is not None
    record, shape = table.record(i), table.shape
    place = Cell(table.file, table.rows[i])
    account_id, tier = record["account_id"], record["tier"]
    of = f" of account {account_id}" if account_id is not None else ""
    start = record.get(shape.valid_from or "")
    if isinstance(start, date) and as_of < start:
        return
    until, before = record.get(shape.valid_until or ""), record.get(shape.valid_before or "")
    over = (isinstance(until, date) and as_of > until) or (isinstance(before, date) and as_of >= before)
    if over:
        findings.append(diagnose("override-over", place, of=of, end=until or before))
        return
    absent = [name for name in dict.fromkeys(("account_id", *choice.overrides.require)) if record.get(name) is None]
    if absent or not isinstance(account_id, str):
        findings.append(diagnose("override-incomplete", place, of=of, absent=", ".join(absent)))
        return
    if account_id not in accounts:
        findings.append(diagnose("override-unknown-account", place, account=account_id))
        return
    names = [row.name for row in choice.rows]
    if not isinstance(tier, str) or tier not in names:
        findings.append(diagnose("override-unknown-tier", place, tier=tier, near=did_you_mean(str(tier), names)))
        return
    if (choice.name, account_id) in pinned:
        findings.append(diagnose("override-twice", place, account=account_id))
        return
    reason = record.get("reason")
    pinned[choice.name, account_id] = Override(
        names.index(tier), reason if isinstance(reason, str) else "", table.file, table.rows[i]
    )
