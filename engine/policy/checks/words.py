"""Names that the expression language takes for words of its own could never be read."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic, Span
from ...language.tokens import RESERVED
from ...messages import diagnose
from ..model import Library, Segmentation
from ..model_health import Health
from ..model_life import Lifecycle
from ..model_success import Success
from ..pack import Policies


def check(policies: Policies) -> Iterator[Diagnostic]:
    for what, name, span in _named(policies):
        if name in RESERVED:
            yield diagnose("reserved-name", span, name=name, what=what)


def _named(policies: Policies) -> Iterator[tuple[str, str, Span]]:
    workspace = policies.workspace
    for role in workspace.roles.values():
        yield "role", role.name, role.span
    for shape in workspace.shapes.values():
        yield "table", shape.name, shape.span
        for field in shape.fields:
            yield "field", field.name, field.span
    for measure in workspace.measures:
        yield "measure", measure.name, measure.span
    for policy in policies.policies:
        match policy:
            case Library():
                yield from (("setting", setting.name, setting.span) for setting in policy.settings)
                yield from (("measure", measure.name, measure.span) for measure in policy.measures)
                yield from (("duty", duty.name, duty.span) for duty in policy.duties)
            case Segmentation():
                yield "fact", policy.fact, policy.span
                yield from (("value", given.name, given.span) for tier in policy.rows for given in tier.gives)
            case Health() | Lifecycle() | Success():
                yield "fact", policy.fact, policy.span
            case _:
                continue
