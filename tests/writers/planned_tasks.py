"""Tasks as the tests of the forms need them: all of one kind but for what a test says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from granger.engine.outcome.tasks.touches import OPEN, Task

AS_OF = date(2026, 9, 30)
DUE = date(2026, 10, 7)

TASK = Task(
    task_id="T-690ba88202db3d9d",
    policy="calls",
    play="renewal",
    task="renewal-call",
    account_id="A-5",
    account_name="Elm Robotics",
    due=DUE,
    owner="Ana Silva",
    role="csm",
    activity="",
    priority="normal",
    minutes=45,
    channel="phone",
    contact=True,
    status=OPEN,
    opened_on=AS_OF,
    snoozed_until=None,
    done_on=None,
    closed_by="",
    set_due=DUE,
    set_owner="Ana Silva",
    earliest=DUE,
    latest=DUE,
    waits_for="",
    moved="",
    sequence=0,
    anchor=date(2026, 12, 6),
    occurrence="2026-12-06",
    because="two months are enough",
    source="playbook.yaml:22",
)


def task(**fields: Any) -> Task:
    return replace(TASK, **fields)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE accounts; --",
    "{{ 7 * 7 }}{% raw %}",
    "[click](javascript:alert(1))",
    "*bold* _it_ `code` # head | cell",
    "a\r\nBEGIN:VEVENT\r\nUID:forged\r\nEND:VEVENT",
    "BEGIN:VALARM\x00\x1b[31m",
    "right‮tfel ﷽ 𝒜 👩‍👩‍👧",
    "华东医药有限公司" * 20,
    "a,b;c\\n\\\\ \\",
    "=cmd|' /C calc'!A0",
]
"""Names that mean something to one format or another."""
