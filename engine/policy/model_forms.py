"""The forms in which tasks leave: a CRM's import file, calendars, work lists; what each CRM takes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..diagnostics import Span

TASK_FIELDS = (
    *("task_id", "policy", "play", "task", "account_id", "account_name", "due", "owner", "role", "activity"),
    *("priority", "minutes", "channel", "status", "opened_on", "snoozed_until", "done_on", "closed_by", "set_due"),
    *("set_owner", "waits_for", "moved", "sequence", "anchor", "occurrence", "because", "source"),
)
"""The columns of ``tasks.csv``."""

WORDED = ("subject", "description")
"""What a form may hold beside them: the task and its account in a line; all that speaks for it."""

CLOSED = "closed"
"""The status of a task that a run closes though nobody did it; ``tasks.csv`` has no such tasks."""

WORDS = {
    "status": ("open", "waiting", "snoozed", "done", CLOSED),
    "priority": ("low", "normal", "high", "urgent"),
}
"""The fields whose words are granger's own."""

OTHERWISE = "otherwise"
"""Stands for every word of a field that has none of its own."""


@dataclass(frozen=True, slots=True)
class Crm:
    """A CRM's way to take tasks in: the file, and which steps of a plan it can take. Unless a workspace says otherwise
    the columns (header -> field) and what the CRM calls granger's words. ``needed`` fields no file does without.
    """

    name: str
    file: str
    actions: tuple[str, ...]
    columns: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    needed: Mapping[str, str]


SALESFORCE = Crm(
    name="salesforce",
    file="salesforce_tasks.csv",
    actions=("create", "update", "close"),
    columns={
        "Granger_Key__c": "task_id",
        "Subject": "subject",
        "ActivityDate": "due",
        "OwnerId": "owner",
        "WhatId": "account_id",
        "Status": "status",
        "Priority": "priority",
        "Description": "description",
    },
    words={
        "status": {
            "open": "Not Started",
            "waiting": "Waiting on someone else",
            "snoozed": "Deferred",
            "done": "Completed",
            CLOSED: "Deferred",
        },
        "priority": {"low": "Low", "normal": "Normal", "high": "High", "urgent": "High"},
    },
    needed={
        "task_id": "a second import would make every task twice",
        "status": "a task that is closed would stay open",
        "due": "a task would have no day",
    },
)

HUBSPOT = Crm(
    name="hubspot",
    file="hubspot_tasks.csv",
    actions=("create",),
    columns={
        "hs_task_subject": "subject",
        "hs_timestamp": "due",
        "hubspot_owner_id": "owner",
        "company_id": "account_id",
        "hs_task_status": "status",
        "hs_task_priority": "priority",
        "hs_task_type": "channel",
        "hs_task_body": "description",
    },
    words={
        "status": {
            "open": "NOT_STARTED",
            "waiting": "NOT_STARTED",
            "snoozed": "NOT_STARTED",
            "done": "COMPLETED",
            CLOSED: "COMPLETED",
        },
        "priority": {"low": "LOW", "normal": "MEDIUM", "high": "HIGH", "urgent": "HIGH"},
        "channel": {"phone": "CALL", "call": "CALL", "email": "EMAIL", OTHERWISE: "TODO"},
    },
    needed={"due": "HubSpot takes no task without its day"},
)

CRMS = (SALESFORCE, HUBSPOT)


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a CRM's file: a field of the task; with a ``table``, one of its owner or of its account there."""

    header: str
    field: str
    span: Span
    table: str = ""


@dataclass(frozen=True, slots=True)
class FormWord:
    """What the CRM calls a word of a field."""

    field: str
    word: str
    called: str
    span: Span


@dataclass(frozen=True, slots=True)
class CrmForm:
    """One CRM's file as the workspace wants it. ``own`` are the words that it writes itself."""

    crm: Crm
    columns: tuple[FormColumn, ...]
    span: Span
    own: tuple[FormWord, ...] = ()

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """By field, what the CRM calls each word: its own words, those of the workspace before them."""
        found = {field: dict(words) for field, words in self.crm.words.items()}
        for one in self.own:
            found.setdefault(one.field, {})[one.word] = one.called
        return found


EVENTS, TODOS = "events", "todos"


@dataclass(frozen=True, slots=True)
class Forms:
    """``icalendar`` are the entries of a calendar (None: no calendars)."""

    crms: tuple[CrmForm, ...] = ()
    icalendar: tuple[str, ...] | None = None
    worklist: bool = False
