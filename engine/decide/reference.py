"""One account through the whole run, row by row: what ``decide`` means, and what it falls back on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from fractions import Fraction
from typing import Any

from ..diagnostics import DataRejected, RequestRejected, has_errors
from ..messages import diagnose, did_you_mean
from ..policy.names import ACCOUNTS, account_field
from ..policy.pack import Policies
from ..runners.memory import Request, run
from ..tables.read import read_tables
from ..tables.shape import Shape

Rows = Mapping[str, Sequence[Mapping[str, object]]]


def decide(policies: Policies, account: Mapping[str, object], as_of: date, rows: Rows) -> dict[str, Any]:
    """Tiers, scores and tasks of one account; the package's ``Deciders.decide`` says what goes in and comes out."""
    shapes = policies.workspace.shapes
    own = {name: value for name, value in account.items() if name not in shapes}
    children = {name: value for name, value in account.items() if name in shapes}
    known = [field.name for field in shapes[ACCOUNTS].fields]
    for name in [*own, *rows]:
        if name not in known and name not in shapes:
            near = did_you_mean(name, [*known, *shapes])
            raise RequestRejected([diagnose("unknown-field", None, name=name, near=near)])
    sources: dict[str, list[Mapping[str, object]]] = {name: list(rows.get(name, ())) for name in shapes}
    sources[ACCOUNTS] = [own]
    for name, value in children.items():
        sources[name] += [_linked(shapes[name], row, own.get("account_id")) for row in _rows(name, value)]
    read = read_tables(shapes.values(), sources, as_of=as_of, timezone=policies.workspace.timezone)
    refused = [reject for reject in read.rejects if reject.level != "finding"]
    if refused or has_errors(read.diagnostics):
        told = [
            diagnose("value-refused", None, table=r.table, column=r.column, value=r.value, reason=r.reason)
            for r in refused
        ]
        raise DataRejected([*told, *read.diagnostics])
    outcome = run(policies, read, Request(as_of, parts=frozenset({"segments", "tasks"})))
    return {
        "account_id": outcome.segments[0].account_id if outcome.segments else str(own.get("account_id")),
        "tiers": {row.policy: _plain(row) for row in outcome.segments},
        "health": {row.policy: _plain(row) for row in outcome.health},
        "measures": [_plain(row) for row in outcome.health_measures],
        "tasks": [_plain(row) for row in outcome.tasks],
        "unserved": [_plain(row) for row in outcome.unserved],
    }


def _rows(name: str, value: object) -> list[Mapping[str, object]]:
    if isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(row, Mapping) for row in value):
        return list(value)
    raise RequestRejected([diagnose("rows-expected", None, name=name)])


def _linked(shape: Shape, row: Mapping[str, object], account_id: object) -> Mapping[str, object]:
    link = account_field(shape)
    return {link.name: account_id, **row} if link is not None else row


def _plain(row: Any) -> dict[str, Fraction | date | str | int | None]:
    values = asdict(row)
    return {field.name: None if values[field.name] == "" else values[field.name] for field in fields(row)}
