"""Tasks that may move, or give way to others, for single accounts: as the reference has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import granger
import pytest
from granger.engine.decide import reference

AS_OF = date(2026, 9, 30)
TOP = """\
kind: workspace
name: w
currency: EUR
calendar: {country: DE}
tables:
  people: {key: person, fields: {person: person}}
  accounts:
    key: account_id
    fields: {account_id: text, signed_on: date, owner: {kind: person, required: false}}
"""
BOOK = """\
kind: playbook
name: b
effective: {from: 2026-01-01}
plays:
  - play: p
    anchor: signed_on
    touches:
      - {task: one, due: +1 day, owner: owner, flex: [-5 business days, +2 weeks]}
      - {task: two, due: +1 day, owner: owner}
      - {task: three, due: +2 days, owner: owner, flex: [0 days, +2 weeks]}
"""
STAFFING = "kind: staffing\nname: s\neffective: {from: 2026-01-01}\n"
ACCOUNT = {"account_id": "A", "signed_on": date(2026, 10, 1), "owner": "Ann"}


@pytest.mark.parametrize(
    ("more", "fast", "due"),
    [
        ("ratios: [{ratio: r, per: company, load: 1, one_carries: 1}]", True, [2, 2, 3]),
        ("contact_limits: [{at_most: 2}]", False, [2, 2, 5]),
        ("levelling: {weeks: 5}", False, [2, 2, 3]),
    ],
)
def test_single_tasks_move_as_the_reference_moves_them(
    more: str, fast: bool, due: list[int], workspace: Callable[[Mapping[str, str]], Path]
) -> None:
    pack = granger.load(workspace({"granger.yaml": TOP, "b.yaml": BOOK, "s.yaml": STAFFING + more}))
    rows = {"people": [{"person": "Ann"}]}
    assert (pack.deciders.on(AS_OF) is not None) == fast
    told = pack.decide(ACCOUNT, as_of=AS_OF, rows=rows)
    assert told == reference.decide(pack.policies, ACCOUNT, AS_OF, rows)
    assert sorted(task["due"].day for task in told["tasks"]) == due
    assert {task["earliest"] < task["latest"] for task in told["tasks"]} == {True, False}
