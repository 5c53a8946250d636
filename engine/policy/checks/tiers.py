"""Segmentations: the table of overrides must hold what the policy asks of it."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic
from ...messages import diagnose, did_you_mean
from ..model import Segmentation
from ..names import Names
from ..pack import InForce


def check(force: InForce, names: Names) -> Iterator[Diagnostic]:
    for segmentation in force.segmentations:
        if segmentation.overrides is not None:
            yield from _overrides(force, segmentation)


def _overrides(force: InForce, segmentation: Segmentation) -> Iterator[Diagnostic]:
    overrides = segmentation.overrides
    assert overrides is not None
    shape = force.workspace.shapes.get(overrides.table)
    if shape is None:
        near = did_you_mean(overrides.table, force.workspace.shapes)
        yield diagnose("unknown-table", overrides.span, name=overrides.table, near=near)
        return
    for name in ("account_id", "tier", *overrides.require):
        if shape.field(name) is None:
            yield diagnose("field-needed", overrides.span, table=shape.name, name=name)
    if shape.valid_until is None and shape.valid_before is None:
        yield diagnose("overrides-without-end", overrides.span, table=shape.name)
