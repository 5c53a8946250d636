"""Files of one kind and name are versions of one policy: never two in force on a day, and no day lost between them.

Each is held against the one before it that is in force the longest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ...diagnostics import Diagnostic, Related
from ...messages import diagnose
from ..model import Policy
from ..pack import Policies


def check(policies: Policies) -> Iterator[Diagnostic]:
    versions: dict[tuple[str, str], list[Policy]] = {}
    for policy in policies.policies:
        versions.setdefault((type(policy).__name__, policy.name), []).append(policy)
    for _, same in sorted(versions.items()):
        same.sort(key=lambda policy: (policy.effective.start, policy.file))
        earlier = same[0]
        for later in same[1:]:
            other = [Related(earlier.effective.span, "the other version is here")]
            if earlier.effective.before is None or later.effective.start < earlier.effective.before:
                yield diagnose(
                    "overlapping-versions",
                    later.effective.span,
                    name=later.name,
                    day=later.effective.start,
                    related=other,
                )
            elif later.effective.start > earlier.effective.before:
                yield diagnose(
                    "version-gap",
                    later.effective.span,
                    name=later.name,
                    start=earlier.effective.before,
                    before=later.effective.start,
                    related=other,
                )
            earlier = max(earlier, later, key=_reach)


def _reach(policy: Policy) -> date:
    return policy.effective.before or date.max
