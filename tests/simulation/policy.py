"""The workspace that is simulated: its policies as they are edited in the course of the year."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from .worked import COMPANY_OFF, COMPANY_WORKED


def _listed(days: tuple[date, ...]) -> str:
    return ", ".join(map(str, days))


TOP = f"""\
kind: workspace
name: simulated
currency: EUR
calendar: {{country: DE, days_off: [{_listed(COMPANY_OFF)}], days_worked: [{_listed(COMPANY_WORKED)}]}}
roles:
  csm: {{fallback: [lead, desk]}}
  lead: {{fallback: [desk]}}
  desk: {{queue: true}}
tables:
  accounts:
    key: account_id
    fields:
      account_id: text
      name: text
      contract: text
      signed_on: date
      renewal_on: {{kind: date, required: false}}
      tickets: integer
      usage: {{kind: percent, scale: 100, required: false}}
      live: boolean
  people:
    key: person
    fields: {{person: person, working_week: {{required: false}}, country: {{required: false}}}}
  time_off:
    valid: {{from: starts_on, until: ends_on}}
    fields:
      person: {{refers_to: people}}
      starts_on: date
      ends_on: date
      substitute: {{refers_to: people, required: false}}
  assignments:
    valid: {{from: starts_on, before: ends_on}}
    fields:
      account_id: {{refers_to: accounts, on_unknown: ignore}}
      role: text
      person: {{refers_to: people}}
      starts_on: date
      ends_on: {{kind: date, required: false}}
  activities:
    fields:
      account_id: {{refers_to: accounts, on_unknown: ignore}}
      activity: text
      done_on: date
      task_id: {{required: false}}
"""

Play = dict[str, Any]

LOW = 60
"""Per cent of usage below which a customer is called more often."""


def _touch(task: str, due: str, **more: Any) -> dict[str, Any]:
    return {"task": task, "due": due, "owner": "csm", "roll": "following", **more}


def _paces(low: int, other: int) -> list[dict[str, Any]]:
    """Every so many months, by the usage of the account."""
    return [{"interval": low, "when": f"usage < {LOW}%"}, {"interval": other}]


def plays() -> dict[str, Play]:
    """The plays at the start of the year."""
    escalate = [{"to": "lead", "overdue": "5 business days"}]
    return {
        "onboarding": {
            "anchor": "signed_on",
            "touches": [
                _touch("kick-off", "+5 business days", activity="meeting", escalate=escalate),
                _touch("training", "+2 weeks", after="kick-off", roll="modified_following", activity="training"),
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
            "repeat": {"freq": "monthly", "interval": _paces(2, 4), "first": "1 month", "on_missing_day": "clamp"},
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


def edits() -> dict[str, Callable[[dict[str, Play]], None]]:
    """Edits of the policy by what they are; the touches that stay keep their identity."""

    def due(found: dict[str, Play]) -> None:
        found["renewal"]["touches"][1]["due"] = "-50 days"

    def minutes(found: dict[str, Play]) -> None:
        found["onboarding"]["touches"][0]["minutes"] = 90

    def owner(found: dict[str, Play]) -> None:
        found["renewal"]["touches"][0]["owner"] = "lead"

    def added(found: dict[str, Play]) -> None:
        found["renewal"]["touches"].append(_touch("thanks", "+5 days", after="call"))

    def renamed(found: dict[str, Play]) -> None:
        found["renewal"]["touches"][0]["task"] = "prepare"

    def rhythm(found: dict[str, Play]) -> None:
        found["check-in"]["repeat"]["interval"] = _paces(1, 3)

    def taken_out(found: dict[str, Play]) -> None:
        del found["rescue"]["touches"][1]

    def removed(found: dict[str, Play]) -> None:
        del found["check-in"]

    def unhooked(found: dict[str, Play]) -> None:
        del found["onboarding"]["touches"][1]["after"]

    def back(found: dict[str, Play]) -> None:
        found["check-in"] = plays()["check-in"]

    found = due, minutes, owner, added, renamed, rhythm, taken_out, removed, unhooked, back
    return {change.__name__.replace("_", " "): change for change in found}
