"""What the tests of programs share: a small workspace over CSV files, run on 2026-09-30 unless said otherwise."""

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
fiscal_year_starts: 1
roles:
  csm: {fallback: [lead]}
  lead: {}
tables:
  accounts:
    file: accounts.csv
    key: account_id
    fields:
      account_id: text
      x: {kind: number, required: false}
      y: {kind: number, required: false}
      fit: {kind: enum, one_of: [core, edge], required: false}
      signed_on: {kind: date, required: false}
  people:
    file: people.csv
    key: person
    fields: {person: person, role: text}
  assignments:
    file: assignments.csv
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts}
      role: text
      person: {refers_to: people}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
  events:
    file: events.csv
    dated_by: day
    fields:
      account_id: {refers_to: accounts, required: false}
      day: {kind: date, required: false}
      n: {kind: number, required: false}
      word: {required: false}
      until: {kind: date, required: false}
  pins:
    file: pins.csv
    valid: {from: from_on, until: until_on}
    fields:
      account_id: {column: Account, required: false}
      tier: {required: false}
      reason: {required: false}
      owner: {required: false}
      from_on: {kind: date, required: false}
      until_on: {kind: date, required: false}
"""

CSV = {
    "accounts.csv": "account_id,x,y,fit,signed_on\na,,,,\n",
    "people.csv": "person,role\nann,csm\nbob,csm\ncat,lead\n",
    "assignments.csv": "account_id,role,person,starts_on,ends_on\n",
    "events.csv": "account_id,day,n,word,until\n",
    "pins.csv": "Account,tier,reason,owner,from_on,until_on\n",
}

SEGMENTATION = "kind: segmentation\nname: grade\neffective: {from: 2026-01-01}\n"
LIBRARY = "kind: library\nname: figures\neffective: {from: 2026-01-01}\n"
FRAMES = {"segmentation": SEGMENTATION, "library": LIBRARY}

Ran = Callable[..., granger.Run]


@pytest.fixture
def ran(workspace: Callable[[Mapping[str, str]], Path]) -> Ran:
    """Runs the small workspace with these files. A CSV is given without its header; ``segmentation`` and ``library``
    without their first lines; ``granger.yaml+`` is added to granger.yaml.
    """

    def run(files: Mapping[str, str], as_of: str = "2026-09-30", **request: Any) -> granger.Run:
        written = {"granger.yaml": TOP, **CSV}
        for name, text in files.items():
            if name == "granger.yaml+":
                written["granger.yaml"] += text
            elif name in FRAMES:
                written[f"{name}.yaml"] = FRAMES[name] + text
            elif name in CSV:
                written[name] = CSV[name].splitlines()[0] + "\n" + text
            else:
                written[name] = text
        return granger.load(workspace(written)).run(as_of=date.fromisoformat(as_of), **request)

    return run


@pytest.fixture
def value(ran: Ran) -> Callable[..., object]:
    """The value of a measure for account ``a``, read from the book of the run."""
    from granger.engine.runners.memory import Books

    def read(measure: str, events: str = "", as_of: str = "2026-09-30", more: str = "", **files: str) -> object:
        named = {f"{name}.csv": text for name, text in files.items()}
        found = ran(
            {
                "granger.yaml+": f"measures:\n  probe: {measure}\n{more}",
                "segmentation": "tiers: [{tier: A, when: is_missing(probe)}]\notherwise: B\n",
                "events.csv": events,
                **named,
            },
            as_of=as_of,
        )
        day = date.fromisoformat(as_of)
        return Books(found.pack.policies, found.outcome.tables).on(day, day).accounts["a"]["probe"]

    return read
