"""What the tests of tasks and pay share: a small workspace over CSV files, run on 2026-09-30 unless said otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import granger
import pytest

TOP = """\
kind: workspace
name: w
currency: CNY
calendar: {country: CN}
roles:
  csm: {fallback: [lead]}
  lead: {}
tables:
  accounts:
    file: accounts.csv
    key: account_id
    fields:
      account_id: text
      name: {required: false}
      renewal_on: {kind: date, required: false}
      hot: {kind: boolean, required: false}
      friend: {kind: person, required: false}
  people:
    file: people.csv
    key: person
    fields: {person: person, role: {required: false}}
  assignments:
    file: assignments.csv
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts}
      role: text
      person: {refers_to: people}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
  deals:
    file: deals.csv
    key: deal_id
    dated_by: closed_on
    fields:
      deal_id: text
      account_id: {refers_to: accounts, required: false}
      deal: {required: false}
      amount: {kind: money, required: false}
      closed_on: {kind: date, required: false}
      sold_by: {refers_to: people, required: false}
"""

CSV = {
    "accounts.csv": "account_id,name,renewal_on,hot,friend\n",
    "people.csv": "person,role\n",
    "assignments.csv": "account_id,role,person,starts_on,ends_on\n",
    "deals.csv": "deal_id,account_id,deal,amount,closed_on,sold_by\n",
}
ROWS = {
    "accounts.csv": "a,Acme,2026-10-20,,\n",
    "people.csv": "ann,seller\nbob,seller\ncat,csm\ndan,\n",
    "assignments.csv": "a,csm,cat,,\n",
    "deals.csv": "",
}

FRAMES = {
    "segmentation": "kind: segmentation\nname: grade\neffective: {from: 2026-01-01}\n",
    "library": "kind: library\nname: figures\neffective: {from: 2026-01-01}\n",
    "playbook": "kind: playbook\nname: book\neffective: {from: 2026-01-01}\n",
    "comp": "kind: comp\nname: plan\neffective: {from: 2026-01-01}\npayees: role == 'seller'\nperiod: quarter\n",
}

Ran = Callable[..., granger.Run]


@pytest.fixture
def ran(workspace: Callable[[Mapping[str, str]], Path]) -> Ran:
    """Runs the small workspace with these files. A CSV is given without its header; a policy under its kind without
    its first lines; ``(old, new)`` under ``granger.yaml`` replaces a text of it.
    """

    def run(files: Mapping[str, Any], as_of: str = "2026-09-30", **request: Any) -> granger.Run:
        written: dict[str, str] = {"granger.yaml": TOP}
        for name, header in CSV.items():
            written[name] = header + files.get(name, ROWS[name])
        for name, text in files.items():
            if name == "granger.yaml":
                assert text[0] in TOP
                written[name] = TOP.replace(*text)
            elif name in FRAMES:
                written[f"{name}.yaml"] = FRAMES[name] + text
            elif name not in CSV:
                written[name] = text
        return granger.load(workspace(written)).run(as_of=date.fromisoformat(as_of), **request)

    return run
