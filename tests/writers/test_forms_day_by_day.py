"""Tasks in forms from one day to the next: what programs and CRMs hold after taking in each day's files is what is to be
done, and nothing is there twice.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import granger
import vobject

FIRST = date(2026, 9, 28)
DAYS = 12

TOP = """
kind: workspace
name: w
currency: EUR
forms: {salesforce: {}, hubspot: {}, icalendar: {}, worklist: {}}
roles: {csm: {}}
tables:
  people: {file: people.csv, key: person, fields: {person: person}}
  accounts:
    file: accounts.csv
    key: account_id
    fields:
      account_id: text
      name: text
      renewal_on: date
      quiet: {kind: boolean, required: false}
      onboarded: {kind: boolean, required: false}
  assignments:
    file: assignments.csv
    valid: {from: starts_on, before: ends_on}
    fields:
      account_id: {refers_to: accounts}
      role: text
      person: {refers_to: people}
      starts_on: date
      ends_on: {kind: date, required: false}
"""

PLAYS = """
kind: playbook
name: calls
effective: {from: 2026-01-01}
horizon: 60 days
plays:
  - play: renewal
    anchor: renewal_on
    touches:
      - {task: call, due: -30 days, owner: csm, minutes: 30}
      - {task: offer, due: -20 days, owner: csm, minutes: 30, close_when: onboarded}
  - play: quiet
    when: quiet
    touches: [{task: rescue, due: +3 days, owner: csm, priority: urgent}]
"""


def data(day: int) -> dict[str, str]:
    """The exports of a day: renewals move, accounts change hands, fall quiet, are onboarded and go away."""
    accounts = ["account_id,name,renewal_on,quiet,onboarded"]
    assigned = ["account_id,role,person,starts_on,ends_on"]
    for n in range(24):
        if n == 23 and day >= 6:
            continue
        renewal = date(2026, 10, 20) + timedelta(days=n + (9 if day >= n else 0))
        accounts.append(
            f"A-{n},Firm {n},{renewal},{'yes' if n % 5 == 0 and day >= 2 else ''},{'yes' if day >= n + 3 else ''}"
        )
        owner = ("Ana", "Ben", "Zoë")[(n + (1 if day >= n + 1 else 0)) % 3]
        assigned.append(f"A-{n},csm,{owner},2026-01-01,")
    return {
        "people.csv": "person\nAna\nBen\nZoë\n",
        "accounts.csv": "\n".join(accounts) + "\n",
        "assignments.csv": "\n".join(assigned) + "\n",
    }


def test_what_is_taken_in_day_by_day_is_what_is_to_be_done(
    workspace: Callable[[Mapping[str, str]], Path], tmp_path: Path
) -> None:
    calendars: dict[str, dict[str, vobject.base.Component]] = {}
    salesforce: dict[str, dict[str, str]] = {}
    hubspot: list[str] = []
    met = dict.fromkeys(("create", "update", "close", "keep", "handed on", "cancelled"), 0)
    previous: Path | None = None
    for n in range(DAYS):
        folder = workspace({"granger.yaml": TOP, "calls.yaml": PLAYS, **data(n)})
        run = granger.load(folder).run(as_of=FIRST + timedelta(days=n), previous=previous, parts=["tasks"])
        previous = tmp_path / f"out-{n}"
        run.write(previous)
        for step in run.outcome.plan or ():
            met[step.action] += 1
            met["handed on"] += step.before is not None and step.before.owner != step.task.owner
        for path in sorted(previous.glob("calendars/*.ics")):
            known = calendars.setdefault(path.name, {})
            for event in vobject.readOne(path.read_bytes().decode("utf-8")).vevent_list:
                uid, cancelled = event.uid.value, event.status.value == "CANCELLED"
                before = known.get(uid)
                if before is not None and before.serialize() != event.serialize() and not same(before, event):
                    assert int(event.sequence.value) > int(before.sequence.value), "the newer is told by its number"
                known[uid] = event
                met["cancelled"] += cancelled
        for row in csv.DictReader(io.StringIO((previous / "salesforce_tasks.csv").read_text("utf-8"), newline="")):
            salesforce[row["Granger_Key__c"]] = row
        rows = csv.DictReader(io.StringIO((previous / "hubspot_tasks.csv").read_text("utf-8"), newline=""))
        hubspot += [row["hs_task_body"].split("\n")[-1] for row in rows]

        wanted = {task.task_id: task for task in run.outcome.tasks}
        shown = [
            (event.summary.value, event.dtstart.value)
            for known in calendars.values()
            for event in known.values()
            if event.status.value != "CANCELLED"
        ]
        assert sorted(shown) == sorted((f"{t.task}: {t.account_name}", t.due) for t in wanted.values()), n
        still = {key: row for key, row in salesforce.items() if row["Status"] not in ("Deferred", "Completed")}
        assert {key: (row["OwnerId"], row["ActivityDate"]) for key, row in still.items()} == {
            key: (task.owner, task.due.isoformat()) for key, task in wanted.items()
        }, n
        assert len(hubspot) == len(set(hubspot)) == len(salesforce), "nothing is made twice"
        for owner in {task.owner for task in wanted.values()}:
            page = next(previous.glob(f"worklists/{owner}-*.md")).read_text("utf-8")
            assert page.count("- [ ] ") == sum(task.owner == owner for task in wanted.values())
    assert min(met.values()) > 10, met


def same(one: vobject.base.Component, other: vobject.base.Component) -> bool:
    """All but the day of the run, and the reasons that change with it."""
    left, right = (
        {name: [str(line.value) for line in lines] for name, lines in event.contents.items()} for event in (one, other)
    )
    return all(
        left[name] == right[name] for name in left.keys() | right.keys() if name not in ("dtstamp", "description")
    )
