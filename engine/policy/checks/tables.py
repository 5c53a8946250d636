"""The tables that granger itself reads must have the fields it reads there."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic
from ...messages import diagnose
from ...tables.shape import NUMERIC, Shape
from ..model import Workspace
from ..names import ACCOUNTS, ACTIVITIES, ASSIGNMENTS, PEOPLE, PERSON, TASKS, TERMS, TIME_OFF

_NEEDED = {
    ACCOUNTS: ("account_id",),
    PEOPLE: ("person",),
    ASSIGNMENTS: ("account_id", "role", "person"),
    TIME_OFF: ("person",),
    TERMS: (PERSON,),
    TASKS: ("task_id", "status", "due", "owner"),
    ACTIVITIES: ("account_id", "activity", "done_on"),
}
_DATES = {TASKS: ("due", "snoozed_until", "done_on"), ACTIVITIES: ("done_on",)}
_STATES = ("open", "waiting", "snoozed", "done")
_WORDS = {PEOPLE: ("country", "subdivision", "working_week"), TIME_OFF: ("person", "substitute")}
_KEYS = {ACCOUNTS: "account_id", PEOPLE: "person"}


def check(workspace: Workspace) -> Iterator[Diagnostic]:
    if ACCOUNTS not in workspace.shapes:
        yield diagnose("table-needed", workspace.span, table=ACCOUNTS, why="every policy is about accounts")
    for name, fields in _NEEDED.items():
        shape = workspace.shapes.get(name)
        if shape is not None:
            yield from _fields(shape, fields)
            yield from _kinds(shape)
    hours = workspace.shapes[PEOPLE].field("hours") if PEOPLE in workspace.shapes else None
    if hours is not None and hours.kind not in NUMERIC:
        yield diagnose("field-of-kind", hours.span, name="hours", found=hours.kind, expected="number")
    if ASSIGNMENTS in workspace.shapes:
        shape = workspace.shapes[ASSIGNMENTS]
        if shape.valid_from is None:
            yield diagnose("assignments-without-dates", shape.span)
    if TIME_OFF in workspace.shapes:
        shape = workspace.shapes[TIME_OFF]
        if shape.valid_from is None or (shape.valid_before is None and shape.valid_until is None):
            yield diagnose("time-off-without-dates", shape.span)
    if TERMS in workspace.shapes:
        yield from _terms(workspace.shapes[TERMS])
    yield from _words(workspace)


def _terms(shape: Shape) -> Iterator[Diagnostic]:
    if shape.valid_from is None:
        yield diagnose("terms-without-dates", shape.span)
    person = shape.field(PERSON)
    if person is not None and person.refers_to != PEOPLE:
        yield diagnose("terms-of-whom", person.span)


def _words(workspace: Workspace) -> Iterator[Diagnostic]:
    """What is read as a word, of the days that people work."""
    for table, names in _WORDS.items():
        shape = workspace.shapes.get(table)
        for field in shape.fields if shape is not None else ():
            if field.name in names and field.kind not in ("text", "enum", "person"):
                yield diagnose("field-of-kind", field.span, name=field.name, found=field.kind, expected="text")


def _kinds(shape: Shape) -> Iterator[Diagnostic]:
    """What granger reads as a day is one, and the status of a task is one of its own words."""
    for name in _DATES.get(shape.name, ()):
        field = shape.field(name)
        if field is not None and field.kind != "date":
            yield diagnose("field-of-kind", field.span, name=name, found=field.kind, expected="date")
    status = shape.field("status") if shape.name == TASKS else None
    if status is not None and (status.kind != "enum" or not set(status.one_of) <= set(_STATES)):
        found = ", ".join(status.one_of) or status.kind
        yield diagnose("status-of-tasks", status.span, found=found, states=", ".join(_STATES))


def _fields(shape: Shape, fields: tuple[str, ...]) -> Iterator[Diagnostic]:
    for name in fields:
        if shape.field(name) is None:
            yield diagnose("field-needed", shape.span, table=shape.name, name=name)
    key = _KEYS.get(shape.name)
    if key and shape.field(key) is not None and shape.key not in (key, ""):
        yield diagnose("key-needed", shape.span, table=shape.name, name=key)
