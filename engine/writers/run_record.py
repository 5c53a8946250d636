"""``run.json``: what was run over what, with counts that add up."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from typing import Any

from ..amounts import plain
from ..currencies import minor_digits
from ..lines import counted
from ..outcome.pay.lines import ADJUSTMENT
from ..policy.pack import Policies
from ..runners.memory import Outcome
from .diagnostics import to_json


def run_record(policies: Policies, outcome: Outcome, version: str) -> dict[str, Any]:
    """The record as JSON values; amounts of money are text, days are ISO."""
    request = outcome.request
    force = policies.on(request.as_of)
    waiting = counted(outcome.credits, "status")["waiting",]
    return {
        "granger": version,
        "workspace": policies.workspace.name,
        "as_of": request.as_of.isoformat(),
        "reading": outcome.reading,
        "replayed": outcome.replayed,
        "horizon": request.horizon.after(request.as_of).isoformat(),
        "policy_digest": policies.digest,
        "policies": [
            {
                "kind": policy.kind,
                "name": policy.name,
                "file": policy.file,
                "from": policy.effective.start.isoformat(),
                "before": policy.effective.before.isoformat() if policy.effective.before else None,
            }
            for policy in sorted(force.policies, key=lambda p: (p.file, p.name))
        ],
        "tables": {name: _table(outcome, name) for name in sorted(outcome.tables)},
        "tiers": _tiers(outcome),
        "tasks": _tasks(outcome),
        "staffing": _staffing(outcome),
        "budgets": _budgets(outcome),
        "pay": _pay(outcome),
        **_ledger(outcome),
        "waiting": waiting,
        "notes": to_json(outcome.findings),
    }


def _table(outcome: Outcome, name: str) -> dict[str, Any]:
    table = outcome.tables[name]
    return {
        "file": table.file,
        "digest": table.digest,
        "read": table.read,
        "used": len(table),
        "later": table.later,
        "rejected": table.rejected,
        "empty": dict(sorted(table.empty.items())),
    }


def _tiers(outcome: Outcome) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for (policy, tier, status), count in counted(outcome.segments, "policy", "tier", "status").items():
        counts.setdefault(str(policy), Counter())[str(tier or f"({status})")] += count
    return {policy: dict(sorted(found.items())) for policy, found in sorted(counts.items())}


def _tasks(outcome: Outcome) -> dict[str, Any]:
    plays = counted(outcome.tasks, "policy", "play")
    levels = counted(outcome.unserved, "level")
    return {
        "listed": len(outcome.tasks),
        "past": outcome.touches_past,
        "beyond_horizon": outcome.touches_beyond,
        "closed": outcome.touches_closed,
        "skipped": outcome.touches_skipped,
        "unserved": levels["unserved",],
        "undecided": levels["undecided",],
        "plays": [{"policy": policy, "play": play, "tasks": n} for (policy, play), n in sorted(plays.items())],
    }


def _staffing(outcome: Outcome) -> list[dict[str, Any]]:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in outcome.staffing:
        counts.setdefault((row.policy, row.ratio), Counter())[row.status] += 1
    return [
        {"policy": policy, "ratio": ratio, "lines": dict(sorted(n.items()))} for (policy, ratio), n in counts.items()
    ]


def _budgets(outcome: Outcome) -> list[dict[str, Any]]:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for (policy, budget, service), count in counted(outcome.budgets, "policy", "budget", "service").items():
        counts.setdefault((str(policy), str(budget)), Counter())[str(service) or "(missing)"] += count
    return [
        {"policy": policy, "budget": budget, "accounts": dict(sorted(n.items()))}
        for (policy, budget), n in sorted(counts.items())
    ]


def _ledger(outcome: Outcome) -> dict[str, Any]:
    """Of a run with a ledger: the last entry that it knew of, and how many lines correct locked periods."""
    posted = outcome.request.posted
    if posted is None:
        return {}
    corrections = sum(1 for line in outcome.payouts if line.kind == ADJUSTMENT)
    return {"ledger": {"entry": posted.head.sequence, "digest": posted.head.hash, "corrections": corrections}}


def _pay(outcome: Outcome) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for key in sorted({(line.plan, line.period, line.currency) for line in outcome.payouts}):
        lines = [line for line in outcome.payouts if (line.plan, line.period, line.currency) == key]
        plan, period, currency = key
        total = sum((line.amount for line in lines if line.amount is not None), start=Fraction(0))
        found.append(
            {
                "plan": plan,
                "period": period,
                "currency": currency,
                "amount": plain(total, minor_digits(currency)),
                "payees": len({line.payee for line in lines}),
            }
        )
    return found


def json_text(record: dict[str, Any]) -> str:
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"
