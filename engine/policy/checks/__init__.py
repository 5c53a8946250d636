"""Checks that need no evaluation: what the files say is held against itself, on every day of change."""

from __future__ import annotations

from ...diagnostics import Diagnostic, in_order
from ..pack import Policies
from ..typing import resolve
from . import (
    duplicates,
    duties,
    forms,
    pay_forms,
    plans,
    plays,
    settlement,
    staffing,
    tables,
    tiers,
    uses,
    versions,
    watchlists,
    words,
)


def check(policies: Policies) -> list[Diagnostic]:
    """All findings, sorted; the same finding on several days once."""
    found = [
        *versions.check(policies),
        *tables.check(policies.workspace),
        *forms.check(policies.workspace),
        *pay_forms.check(policies),
        *settlement.check_versions(policies),
        *duplicates.check(policies),
        *words.check(policies),
    ]
    for day in policies.version_days():
        force = policies.on(day)
        names = resolve(force)
        found += names.problems
        found += tiers.check(force, names)
        found += duties.check(force)
        found += plays.check(force, names)
        found += plans.check(force, names)
        found += staffing.check(force, names)
        found += watchlists.check(force, names)
        found += uses.check(force, names)
    return in_order(found)
