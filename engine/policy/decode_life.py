"""Lifecycles: stages in their order, each with the day it is done and how long it may last."""

from __future__ import annotations

from datetime import date
from typing import Any

from .model_life import Lifecycle, Stage
from .reading import Reading

SOME_DAY = date(2001, 1, 1)
"""Lengths in months and in days are held against each other from here."""


def lifecycle(top: Reading, frame: dict[str, Any]) -> Lifecycle:
    stages = tuple(_stage(row) for row in top.readings("stages"))
    for stage in stages[:-1]:
        if stage.done is None and stage.when is None:
            top.problem("stage-without-end", stage.span, name=stage.name)
    return Lifecycle(
        **frame,
        starts=top.required("starts"),
        fact=top.text("fact", "stage"),
        population=top.expression("for"),
        stages=stages,
    )


def _stage(row: Reading) -> Stage:
    stage = Stage(
        name=row.text("stage"),
        span=row.span_of("stage"),
        done=row.expression("done"),
        when=row.expression("when"),
        expect=row.duration("expect"),
        stuck=row.duration("stuck"),
        because=row.text("because"),
    )
    expect, stuck = stage.expect, stage.stuck
    if expect is not None and stuck is not None and stuck.clamped(SOME_DAY) <= expect.clamped(SOME_DAY):
        row.problem("stuck-before-behind", row.span_of("stuck"), expect=row.text("expect"), stuck=row.text("stuck"))
    return stage
