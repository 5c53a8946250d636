"""The files for CRMs: the columns and words that each CRM takes, as its own pages say; who has no id there is listed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import granger
from granger.engine.diagnostics import Span
from granger.engine.outcome.tasks.crm import written
from granger.engine.outcome.tasks.planned import CLOSE, CONFLICT, CREATE, KEEP, UPDATE, Planned
from granger.engine.outcome.tasks.touches import DONE, SNOOZED, WAITING
from granger.engine.policy.model_forms import (
    CRMS,
    HUBSPOT,
    SALESFORCE,
    TASK_FIELDS,
    WORDS,
    Crm,
    CrmForm,
    FormColumn,
    FormWord,
)
from granger.engine.progress import SILENT
from granger.engine.writers.crm_csv import crm_file
from granger.engine.writers.layout import layout

from .planned_tasks import HOSTILE, task

NOWHERE = Span("granger.yaml", 1, 1, 1, 2)

# Salesforce, object Task: its fields and the words that its picklists come with.
TASK_OBJECT = {"Subject", "ActivityDate", "OwnerId", "WhatId", "Status", "Priority", "Description"}
STATUS = {"Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"}
PRIORITY = {"High", "Normal", "Low"}

# HubSpot, object task: its properties and their options.
PROPERTIES = {
    "hs_timestamp": r"\d{4}-\d\d-\d\d",
    "hs_task_subject": r"(?s).+",
    "hs_task_body": r"(?s).*",
    "hubspot_owner_id": r".+",
    "hs_task_status": "COMPLETED|NOT_STARTED",
    "hs_task_priority": "LOW|MEDIUM|HIGH",
    "hs_task_type": "EMAIL|CALL|TODO",
}


def form(crm: Crm, *words: FormWord) -> CrmForm:
    columns = tuple(FormColumn(header, field, NOWHERE) for header, field in crm.columns.items())
    return CrmForm(crm, columns, NOWHERE, words)


def rows(asked: CrmForm, plan: Sequence[Planned]) -> list[dict[str, str]]:
    out = io.BytesIO()
    write = crm_file(asked, lambda: plan, {})
    assert callable(write)
    write(out, SILENT)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


PLAN = [
    *(
        Planned(CREATE, task(task_id=f"T-{p}-{c}", priority=p, channel=c))
        for p in WORDS["priority"]
        for c in ("phone", "email", "", "x")
    ),
    Planned(CREATE, task(task_id="T-w", status=WAITING)),
    Planned(UPDATE, task(task_id="T-u", due=date(2026, 10, 9)), task(), "the contract ends later"),
    Planned(KEEP, task(task_id="T-k", status=SNOOZED)),
    Planned(CONFLICT, task(task_id="T-c"), task(), "a person moved it"),
    Planned(CONFLICT, task(task_id="T-p", priority="high"), task(), "a person moved it", ("priority",)),
    Planned(UPDATE, task(task_id="T-s", status=SNOOZED), task(), "put off"),
    Planned(CLOSE, task(task_id="T-x"), task(), "the play is no longer there"),
    Planned(CLOSE, task(task_id="T-d", status=DONE), task(), "done"),
]


def test_the_fields_that_a_form_may_hold_are_those_of_tasks_csv() -> None:
    assert tuple(column.name for column in layout("tasks").columns) == TASK_FIELDS


def test_every_word_of_granger_has_one_in_each_crm() -> None:
    for crm in CRMS:
        for field, words in WORDS.items():
            assert crm.words[field].keys() == set(words)
        assert crm.needed.keys() <= set(crm.columns.values())
        assert {*crm.columns.values()} <= {*TASK_FIELDS, "subject", "description"}


def test_salesforce_takes_every_line() -> None:
    found = rows(form(SALESFORCE), PLAN)
    assert len(found) == 16 + 6
    for row in found:
        assert row.keys() == TASK_OBJECT | {"Granger_Key__c"}
        assert row["Status"] in STATUS
        assert row["Priority"] in PRIORITY
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["ActivityDate"])
        assert 0 < len(row["Subject"]) <= 255
        assert len(row["Description"]) <= 32_000
    assert len({row["Granger_Key__c"] for row in found}) == len(found)


def test_salesforce_is_told_what_to_make_to_change_and_to_close() -> None:
    by_key = {row["Granger_Key__c"]: row for row in rows(form(SALESFORCE), PLAN)}
    statuses = {key: by_key[f"T-{key}"]["Status"] for key in "wupsxd"}
    assert statuses == {
        "w": "Waiting on someone else",
        "u": "Not Started",
        "p": "Not Started",
        "s": "Deferred",
        "x": "Deferred",
        "d": "Completed",
    }
    assert by_key["T-u"]["ActivityDate"] == "2026-10-09"
    assert "the contract ends later" in by_key["T-u"]["Description"]
    assert not {"T-k", "T-c"} & by_key.keys(), "what stays as it is, and what a person decided, is left alone"


def test_hubspot_takes_new_tasks_alone() -> None:
    found = rows(form(HUBSPOT), PLAN)
    assert len(found) == 16 + 1
    for row in found:
        assert row.keys() == {*PROPERTIES, "company_id"}
        for name, pattern in PROPERTIES.items():
            assert re.fullmatch(pattern, row[name]), (name, row[name])
    assert {row["hs_task_type"] for row in found} == {"CALL", "EMAIL", "TODO"}


def test_words_of_the_workspace_come_before_those_of_the_form() -> None:
    own = [
        FormWord("priority", "urgent", "Highest", NOWHERE),
        FormWord("status", "closed", "Cancelled", NOWHERE),
    ]
    found = rows(form(SALESFORCE, *own), PLAN)
    assert {row["Priority"] for row in found} == PRIORITY | {"Highest"}
    assert [row["Granger_Key__c"] for row in found if row["Status"] == "Cancelled"] == ["T-x"]


def test_no_cell_is_a_formula_and_every_cell_comes_back() -> None:
    plan = [Planned(CREATE, task(task=name, because=name)) for name in HOSTILE]
    found = rows(form(SALESFORCE), plan)
    assert len(found) == len(HOSTILE)
    for row, name in zip(found, HOSTILE, strict=True):
        assert not row["Subject"].startswith(("=", "+", "-", "@", "\t", "\r"))
        subject = f"{name}: Elm Robotics"
        assert row["Subject"] == ("'" + subject if name.startswith("=") else subject)
    assert sum(row["Subject"].startswith("'=") for row in found) == 1


def test_a_subject_that_is_too_long_is_cut() -> None:
    (row,) = rows(form(SALESFORCE), [Planned(CREATE, task(account_name="x" * 400))])
    assert len(row["Subject"]) == 255
    assert row["Subject"].endswith("x…")


def test_values_are_written_as_a_crm_reads_them() -> None:
    assert [written(value) for value in (None, True, Fraction(5, 2), Fraction(3), date(2026, 1, 2), "a", 45)] == [
        *("", "true", "2.5", "3", "2026-01-02", "a", "45"),
    ]


CASE = Path(__file__).resolve().parents[1] / "cases" / "good" / "forms"


def test_who_has_no_id_in_the_crm_is_listed_and_keeps_the_task() -> None:
    run = granger.load(CASE).run(as_of=date(2026, 9, 30))
    found = list(csv.DictReader(io.StringIO(run.texts()["salesforce_tasks.csv"], newline="")))
    assert len(found) == len(run.outcome.tasks) == 12
    assert sum(not row["OwnerId"] for row in found) == 3
    assert sum(not row["WhatId"] for row in found) == 3
    assert sorted(finding.help for finding in run.findings) == [
        "fill it in, for A-2; until then the CRM decides whose they are",
        "fill it in, for Björn Ødegård; until then the CRM decides whose they are",
    ]
    assert [(r.table, r.row, r.column, r.level) for r in run.outcome.rejects] == [
        ("accounts", 3, "CRM ID", "finding"),
        ("people", 3, "CRM User", "finding"),
    ]


def test_many_without_an_id_are_counted_and_an_owner_who_is_no_person_is_named(
    workspace: Callable[[Mapping[str, str]], Path],
) -> None:
    files = {str(path.relative_to(CASE)): path.read_text(encoding="utf-8") for path in CASE.glob("*.yaml")}
    files |= {f"data/{path.name}": path.read_text(encoding="utf-8") for path in CASE.glob("data/*.csv")}
    files["data/accounts.csv"] = "account_id,name,CRM ID,signed_on\n" + "".join(
        f"A-{n},N,,2026-09-29\n" for n in range(20)
    )
    files["data/assignments.csv"] = "account_id,role,person,starts_on,ends_on\n" + "".join(
        f"A-{n},csm,Stranger,2026-01-01,\n" for n in range(20)
    )
    run = granger.load(workspace(files)).run(as_of=date(2026, 9, 30), parts=["tasks"])
    missing = [finding for finding in run.findings if finding.code == "form-value-missing"]
    assert [str(finding.place) for finding in missing] == [
        "data/accounts.csv, row 2, column 'CRM ID'",
        "granger.yaml:12:16",
    ]
    assert missing[0].message == (
        "WhatId is empty for 60 tasks of salesforce_tasks.csv: 20 accounts without accounts.crm_id"
    )
    assert missing[0].help.startswith("fill it in, for A-0, A-1, A-10, A-11, A-12, A-13, A-14, A-15 and 12 more;")
    assert "Stranger" in missing[1].help


def test_no_form_is_written_that_nobody_asked_for() -> None:
    pack = granger.load(CASE)
    names = {name.split("/")[0] for name in pack.run(as_of=date(2026, 9, 30), parts=["pay", "segments"]).texts()}
    assert not names & {"salesforce_tasks.csv", "hubspot_tasks.csv", "calendars", "worklists"}
    plain = granger.load(CASE.parent / "offsets").run(as_of=date(2026, 9, 30)).texts()
    assert not {name.split("/")[0] for name in plain} & {
        "salesforce_tasks.csv",
        "hubspot_tasks.csv",
        "calendars",
        "worklists",
    }


def test_many_rows_are_written_piece_by_piece() -> None:
    pieces: list[int] = []

    class Pieces(io.BytesIO):
        def write(self, data: Any) -> int:
            pieces.append(len(data))
            return len(data)

    write = crm_file(form(SALESFORCE), lambda: (Planned(CREATE, task()) for _ in range(25_000)), {})
    assert callable(write)
    write(Pieces(), SILENT)
    assert len(pieces) == 1 + 3
    assert pieces[1] == pieces[2] == 2 * pieces[3]
