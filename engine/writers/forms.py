"""The forms in which tasks leave, those that the workspace asks for: each file by its path, made when it is written."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from ..outcome.tasks.planned import Planned, all_new
from ..policy.model import Workspace
from ..runners.memory import Outcome
from .crm_csv import crm_file
from .folder import Content, Later
from .safe_text import file_name


def form_files(workspace: Workspace, outcome: Outcome) -> dict[str, Content]:
    """Nothing where the run was not asked for tasks."""
    forms, as_of = workspace.forms, outcome.request.as_of
    if "tasks" not in outcome.request.parts:
        return {}

    def plan() -> Iterable[Planned]:
        return all_new(outcome.tasks) if outcome.plan is None else outcome.plan

    files: dict[str, Content] = {form.crm.file: crm_file(form, plan, outcome.tables) for form in forms.crms}
    owners = by_owner(plan()) if forms.icalendar is not None or forms.worklist else {}
    for owner, own in owners.items():
        if forms.icalendar is not None:
            from .calendars import calendar

            text = partial(calendar, owner, own, forms.icalendar, as_of)
            files[f"calendars/{file_name(owner, 'ics')}"] = Later(text)
        if forms.worklist:
            from .worklist import worklist

            for ending in ("md", "html"):
                text = partial(worklist, ending, workspace.name, owner, own, as_of, outcome.plan is not None)
                files[f"worklists/{file_name(owner, ending)}"] = Later(text)
    return files


def by_owner(plan: Iterable[Planned]) -> dict[str, list[Planned]]:
    """By owner, what concerns them: a task that is handed on concerns both."""
    found: dict[str, list[Planned]] = {}
    for planned in plan:
        before = planned.before.owner if planned.before else planned.task.owner
        for owner in dict.fromkeys((planned.task.owner, before)):
            found.setdefault(owner, []).append(planned)
    return dict(sorted(found.items()))
