"""Names inside one policy must tell its parts apart, since tasks, payouts and explanations refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...diagnostics import Diagnostic, Related, Span
from ...messages import diagnose
from ..model import Playbook
from ..model_life import Lifecycle
from ..model_pay import Plan
from ..model_staffing import Staffing
from ..model_success import Success
from ..pack import Policies


def check(policies: Policies) -> Iterator[Diagnostic]:
    for policy in policies.policies:
        match policy:
            case Playbook():
                yield from _once("play", [(play.name, play.span) for play in policy.plays])
                for play in policy.plays:
                    yield from _once("task", [(touch.task, touch.span) for touch in play.touches])
            case Lifecycle():
                yield from _once("stage", [(stage.name, stage.span) for stage in policy.stages])
            case Success():
                yield from _once("use case", [(use.name, use.span) for use in policy.use_cases])
                for use in policy.use_cases:
                    yield from _once("criterion", [(each.name, each.span) for each in use.criteria])
            case Plan():
                yield from _once("component", [(part.name, part.span) for part in policy.components])
                yield from _once("draw", [(draw.name, draw.span) for draw in policy.draws])
                yield from _once("holdback", [(holdback.name, holdback.span) for holdback in policy.holdbacks])
            case Staffing():
                yield from _once("ratio", [(ratio.name, ratio.span) for ratio in policy.ratios])
                yield from _once("budget", [(budget.name, budget.span) for budget in policy.budgets])
            case _:
                continue


def _once(what: str, named: Iterable[tuple[str, Span]]) -> Iterator[Diagnostic]:
    seen: dict[str, Span] = {}
    for name, span in named:
        if name in seen:
            yield diagnose(
                "duplicate-name", span, what=what, name=name, related=[Related(seen[name], "the other is here")]
            )
        seen.setdefault(name, span)
