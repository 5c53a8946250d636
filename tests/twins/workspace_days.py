"""People with places, weeks and time off of their own, and queues, for some of the drawn workspaces."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .workspace_rows import PEOPLE

FIELDS = "country: {required: false}, subdivision: {required: false}, working_week: {required: false}, "
TIME_OFF = """\
  time_off:
    file: time_off.csv
    valid: {from: starts_on, until: ends_on}
    fields:
      person: {refers_to: people, on_unknown: ignore}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
      substitute: {refers_to: people, on_unknown: ignore, required: false}
"""
PLACES = ["CN,", "US,", "US,CA", "DE,BY", ",", ",", "XX,", ",QQ"]
WEEKS = ["", "", "MO TU WE TH", "sa su", "WE", "MO TUE", '","']
AS_OF = date(2026, 9, 30)


def with_days(seed: int, files: dict[str, str]) -> dict[str, str]:
    """Every fourth workspace has them, every eighth queues too; draws of their own leave all others as they were."""
    if seed % 4 != 3:
        return files
    random, top = Random(f"days {seed}"), files["granger.yaml"]
    top = top.replace("fields: {person: person, ", "fields: {person: person, " + FIELDS) + TIME_OFF
    top = top.replace(
        "calendar: {country: CN}", "calendar: {country: CN, days_off: [2026-10-12], days_worked: [2026-11-01]}"
    )
    if seed % 8 == 7:
        top = top.replace("lead: {}", "lead: {}, pool: {queue: true}")
    head, *rows = files["people.csv"].splitlines()
    people = [f"{row},{random.choice(PLACES)},{random.choice(WEEKS)}" for row in rows]
    return {
        **files,
        "granger.yaml": top,
        "people.csv": "\n".join([f"{head},country,subdivision,working_week", *people]) + "\n",
        "time_off.csv": "\n".join(["person,starts_on,ends_on,substitute", *(_off(random) for _ in range(10))]) + "\n",
    }


def _off(random: Random) -> str:
    start = AS_OF + timedelta(random.randint(-40, 150))
    end = start + timedelta(random.choice([-2, 1, 10, 30, 500]))
    substitute = random.choice([*PEOPLE, "", "Nobody"])
    return ",".join(_quoted(text) for text in (random.choice(PEOPLE), str(start), str(end), substitute))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
