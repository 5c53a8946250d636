"""The workspace that is simulated: its policies as they are edited in the course of the year."""

from __future__ import annotations

import json
from typing import Any

TOP = """\
kind: workspace
name: simulated
currency: EUR
calendar: {country: DE}
roles:
  csm: {fallback: [lead]}
  lead: {}
tables:
  accounts:
    key: account_id
    fields:
      account_id: text
      name: text
      contract: text
      signed_on: date
      renewal_on: {kind: date, required: false}
      tickets: integer
      usage: {kind: percent, scale: 100, required: false}
      live: boolean
  people:
    key: person
    fields: {person: person, working_week: {required: false}, country: {required: false}}
  time_off:
    valid: {from: starts_on, until: ends_on}
    fields:
      person: {refers_to: people}
      starts_on: date
      ends_on: date
      substitute: {refers_to: people, required: false}
  assignments:
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts, on_unknown: ignore}
      role: text
      person: {refers_to: people}
      starts_on: date
      ends_on: {kind: date, required: false}
  activities:
    fields:
      account_id: {refers_to: accounts, on_unknown: ignore}
      activity: text
      done_on: date
      task_id: {required: false}
"""

Play = dict[str, Any]


def _touch(task: str, due: str, **more: Any) -> dict[str, Any]:
    return {"task": task, "due": due, "owner": "csm", "roll": "following", **more}


def plays() -> dict[str, Play]:
    """The plays at the start of the year."""
    escalate = [{"to": "lead", "overdue": "5 business days"}]
    return {
        "onboarding": {
            "anchor": "signed_on",
            "touches": [
                _touch("kick-off", "+5 business days", activity="meeting", escalate=escalate),
                _touch("training", "+2 weeks", after="kick-off", activity="training", minutes=60),
                _touch("review", "+6 weeks", after="training", roll="modified_following", activity="call"),
            ],
        },
        "renewal": {
            "anchor": "renewal_on",
            "per": "contract",
            "touches": [
                _touch("plan", "-90 days", roll="preceding", activity="note", contact=False),
                _touch("offer", "-45 days", activity="offer", escalate=escalate),
                _touch("call", "-30 days", after="offer", activity="call", minutes=45, close_when="tickets > 8"),
            ],
        },
        "check-in": {
            "for": "live",
            "anchor": "signed_on",
            "repeat": {"freq": "monthly", "interval": 2, "first": "1 month", "on_missing_day": "clamp"},
            "touches": [_touch("check-in", "0 days", roll="nearest", activity="call", skip_when="tickets == 0")],
        },
        "rescue": {
            "when": "usage < 40%",
            "cooldown": "30 days",
            "cooldown_from": "completion",
            "touches": [
                _touch("rescue-call", "+2 business days", activity="call", priority="high", escalate=escalate),
                _touch("look-again", "+3 weeks", after="rescue-call", close_when="usage >= 60%"),
            ],
        },
    }


def playbook(found: dict[str, Play], horizon: str) -> str:
    rows = [{"play": name, **play} for name, play in sorted(found.items())]
    top = {"kind": "playbook", "name": "year", "effective": {"from": "2020-01-01"}, "horizon": horizon}
    return json.dumps({**top, "plays": rows})


def edits() -> list[tuple[str, Any]]:
    """Edits of the policy, each with what it is; all keep the identity of the touches that stay."""

    def due(found: dict[str, Play]) -> None:
        found["renewal"]["touches"][1]["due"] = "-50 days"

    def minutes(found: dict[str, Play]) -> None:
        found["onboarding"]["touches"][0]["minutes"] = 90

    def removed(found: dict[str, Play]) -> None:
        del found["check-in"]

    def back(found: dict[str, Play]) -> None:
        found["check-in"] = plays()["check-in"]

    def owner(found: dict[str, Play]) -> None:
        found["renewal"]["touches"][0]["owner"] = "lead"

    def rhythm(found: dict[str, Play]) -> None:
        found["check-in"]["repeat"]["interval"] = 1

    def added(found: dict[str, Play]) -> None:
        found["renewal"]["touches"].append(_touch("thanks", "+5 days", after="call"))

    def unhooked(found: dict[str, Play]) -> None:
        del found["onboarding"]["touches"][2]["after"]

    return [
        ("due", due),
        ("minutes", minutes),
        ("owner", owner),
        ("added", added),
        ("rhythm", rhythm),
        ("removed", removed),
        ("unhooked", unhooked),
        ("back", back),
    ]
