"""Which starts may come near by anybody's calendar: no fewer than brute force finds, and hardly more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import granger
import pytest
from granger.engine.diagnostics import Span
from granger.engine.outcome.tasks.calendar import Calendars, Days
from granger.engine.outcome.tasks.due import Placed, placed
from granger.engine.outcome.tasks.near import Near
from granger.engine.periods import Duration
from granger.engine.policy.model import Touch
from granger.engine.tables.read import read_tables

from .test_routing import OWN

NOWHERE = Span("w.yaml", 1, 1, 1, 2)
AS_OF, BEFORE = date(2026, 10, 1), date(2026, 10, 20)
PEOPLE = [("ann", None, None), ("bo", "CN", None), ("cy", "US", "MO WE"), ("di", None, "SA")]
OFF = [("ann", 5, 19), ("ann", 24, 30), ("bo", -20, 3)]
"""Person, first and last day, counted from the day of the run."""


def calendars_of(workspace: Callable[[Mapping[str, str]], Path], length: int) -> Calendars:
    policies = granger.load(workspace({"granger.yaml": OWN})).policies
    people = [dict(zip(("person", "country", "working_week"), row, strict=True)) for row in PEOPLE]
    off = [
        {"person": p, "starts_on": AS_OF + timedelta(a), "ends_on": AS_OF + timedelta(b)}
        for p, a, b in [*OFF, ("di", -30, length)]
    ]
    sources: dict[str, Any] = {"people": people, "time_off": off}
    read = read_tables(policies.workspace.shapes.values(), sources, as_of=AS_OF)
    return Calendars(policies.workspace, read.tables)


def due_days(calendars: tuple[Days, ...], links: tuple[Touch, ...], start: date) -> set[date]:
    """By every mix of calendars; where one gives no day, the others are left."""
    found = set[date]()
    for own in product(calendars, repeat=len(links)):
        after: Placed | None = None
        for days, touch in zip(reversed(own), reversed(links), strict=True):
            after = placed(days, touch, start, after)
            if after is None:
                break
        if after is not None:
            found.add(after.due)
    return found


@pytest.mark.parametrize("length", [40, 900])
def test_no_start_is_missed_and_few_are_taken_for_near(
    workspace: Callable[[Mapping[str, str]], Path], length: int
) -> None:
    """Of who is off for longer than anybody looks ahead, more may be taken for near."""
    calendars, random, met = calendars_of(workspace, length), Random(3), Counter[str]()
    assert len(calendars.different) == 5
    units = ["business days", "business days", "days", "weeks", "months"]
    for number in range(24):
        links = tuple(
            Touch(
                "t",
                Duration(random.randint(-6, 6), random.choice(units)),
                "csm",
                NOWHERE,
                NOWHERE,
                roll=random.choice(["following", "preceding", "modified_following", "nearest", "none"]),
                after="another" if behind else "",
            )
            for behind in ((False,), (True, False))[number % 2]
        )
        near = Near(calendars, links, AS_OF, BEFORE)
        for day in range(-100, 100, 4):
            start = AS_OF + timedelta(day)
            days = due_days(tuple(calendars.different), links, start)
            may = min(days) < BEFORE and max(days) >= AS_OF
            met["near"] += may
            if may:
                assert start in near, (links, start)
            elif start in near:
                met["taken for near"] += 1
    assert met["near"] > 200
    assert length > 400 or met["taken for near"] * 2 < met["near"], met
