"""What the tests of policies share: a small sound workspace, and what is found when something in it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from granger.engine.api import check
from granger.engine.diagnostics import Diagnostic

TOP = """\
kind: workspace
name: w
currency: CNY
calendar: {country: CN}
roles:
  csm: {}
tables:
  accounts:
    key: account_id
    fields: {account_id: text, arr: money, seats: integer, fit: {kind: enum, one_of: [core, edge]}, signed_on: date}
  people:
    key: person
    fields: {person: person, role: text, quota: money}
  assignments:
    valid: {from: starts_on, before: ends_on}
    fields: {account_id: {refers_to: accounts}, role: text, person: {refers_to: people}, starts_on: date, ends_on: date}
  deals:
    key: deal_id
    dated_by: closed_on
    fields:
      {deal_id: text, account_id: {refers_to: accounts}, amount: money, closed_on: date, sold_by: {refers_to: people}}
  answers:
    fields: {account_id: {refers_to: accounts}, score: number}
"""

LIBRARY = """\
kind: library
name: figures
effective: {from: 2026-01-01}
"""

SEGMENTATION = """\
kind: segmentation
name: grade
effective: {from: 2026-01-01}
"""

PLAYBOOK = """\
kind: playbook
name: book
effective: {from: 2026-01-01}
"""

PLAN = """\
kind: comp
name: plan
effective: {from: 2026-01-01}
payees: role == 'seller'
period: quarter
"""

FRAMES = {"library": LIBRARY, "segmentation": SEGMENTATION, "playbook": PLAYBOOK, "comp": PLAN}

Found = Callable[[Mapping[str, str]], list[Diagnostic]]


@pytest.fixture
def top() -> str:
    return TOP


@pytest.fixture
def found(workspace: Callable[[Mapping[str, str]], Path]) -> Found:
    """What is found in the small workspace with these files added.

    A text under a kind (``"comp"``, ``"comp 2"``) gets that kind's first lines; ``granger.yaml+`` is added to the end
    of granger.yaml.
    """

    def read(files: Mapping[str, str]) -> list[Diagnostic]:
        written = {"granger.yaml": TOP}
        for name, text in files.items():
            kind = name.split(" ", maxsplit=1)[0]
            if name == "granger.yaml+":
                written["granger.yaml"] += text
            elif kind in FRAMES:
                written[f"{name}.yaml"] = FRAMES[kind] + text
            else:
                written[name] = text
        return list(check(workspace(written))[1])

    return read
