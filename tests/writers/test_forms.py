"""All forms of one run: the same by both readings, run after run, each owner's in a file of the owner's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import granger
import pytest
from granger.engine.outcome.tasks.planned import CLOSE, CREATE, UPDATE, Planned
from granger.engine.writers.forms import by_owner
from granger.engine.writers.safe_text import file_name

from .planned_tasks import HOSTILE, task

FORMS = "forms: {salesforce: {}, hubspot: {}, icalendar: {}, worklist: {}}"


@pytest.fixture
def of_many(grown: Callable[[int, int], Path]) -> Path:
    """600 accounts large enough for a call, of four managers."""
    folder = grown(600, 2)
    accounts = folder / "data" / "accounts.csv"
    accounts.write_text(re.sub(r",\d+\.50,", ",60000,", accounts.read_text(encoding="utf-8")), encoding="utf-8")
    top = folder / "granger.yaml"
    top.write_text(top.read_text(encoding="utf-8").replace("forms: {worklist: {}}", FORMS), encoding="utf-8")
    assigned = folder / "data" / "assignments.csv"
    lines = assigned.read_text(encoding="utf-8").splitlines()
    names = "Ana Silva", "Ben Okafor", "Björn Ødegård", "刘洋"
    lines[1:] = [line.replace("Ana Silva", names[n % 4]) for n, line in enumerate(lines[1:])]
    assigned.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_both_readings_give_the_same_files(of_many: Path) -> None:
    pack = granger.load(of_many)
    found = {}
    for reading in ("reference", "columns"):
        run = pack.run(as_of=date(2026, 9, 30), parts=["tasks"], reading=reading)
        found[reading] = {name: text for name, text in run.texts().items() if name != "run.json"}
        assert found[reading] == {name: text for name, text in run.texts().items() if name != "run.json"}
    assert found["reference"] == found["columns"]
    forms = [name for name in found["columns"] if name.startswith(("calendars/", "worklists/"))]
    assert len(forms) == 4 + 8
    assert found["columns"]["salesforce_tasks.csv"].count("\r\n") == len(run.outcome.tasks) + 1 > 300
    assert sum(text.count("BEGIN:VEVENT") for text in found["columns"].values()) == len(run.outcome.tasks)


def test_they_are_written_with_the_folder(of_many: Path, tmp_path: Path) -> None:
    run = granger.load(of_many).run(as_of=date(2026, 9, 30), parts=["tasks"])
    run.write(tmp_path / "out")
    for name, text in run.texts().items():
        assert (tmp_path / "out" / name).read_bytes().decode("utf-8") == text, name


def test_what_is_handed_on_concerns_both() -> None:
    handed = Planned(UPDATE, task(owner="Ben", sequence=1), task())
    plan = [Planned(CREATE, task(task_id="T-1")), handed, Planned(CLOSE, task(task_id="T-2", owner="Zoë"), task())]
    found = by_owner(plan)
    assert list(found) == ["Ana Silva", "Ben", "Zoë"]
    assert found["Ana Silva"] == plan
    assert found["Ben"] == [handed]


def test_names_of_files_are_safe_and_never_shared() -> None:
    people = [*HOSTILE, "../../etc", "ANA SILVA", "Ana Silva", "ana silva", "", ".", "con"]
    names = {file_name(person, ending).lower() for person in people for ending in ("ics", "md")}
    assert len(names) == 2 * len(people)
    assert not any(set(name) & set('/\\:*?"<>|\0 ') or name.startswith(".") for name in names)
