"""How long one decision takes: `Pack.decide` on the bundled pack, its facts and decisions alone, the reference, and
the fixed cost of a rules engine (zen) for one trivial decision. Medians, in microseconds, and as multiples of a loop of
plain Python in the same run and of zen's cost, which say more where the machine is slow or busy."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import granger
from granger.engine.decide import reference
from granger.engine.policy.names import ACCOUNTS, account_field

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 9, 30)
CALLS, SLOW_CALLS = 2_000, 100
DECIDE_LIMIT, INNER_LIMIT = 40, 10
ORDINARY_LOOP = 25
"""Microseconds that an ordinary machine takes for ``loop``: the limits are meant for one."""

EXAMPLE = {
    "account_id": "A-900",
    "name": "Birch Optics",
    "arr": 64_000,
    "fit": "core",
    "seats": 20,
    "signed_on": date(2025, 1, 14),
    "renewal_on": date(2027, 1, 14),
    "days_overdue": 0,
    "usage": [
        {"used_on": date(2026, 9, 7), "active_users": 120},
        {"used_on": date(2026, 9, 28), "active_users": 20},
    ],
    "assignments": [{"role": "csm", "person": "Lin Yue", "starts_on": date(2025, 1, 14)}],
}
PEOPLE = {"people": [{"person": "Lin Yue", "role": "csm"}]}

TRIVIAL = {
    "nodes": [
        {"id": "in", "name": "in", "type": "inputNode"},
        {
            "id": "table",
            "name": "table",
            "type": "decisionTableNode",
            "content": {
                "hitPolicy": "first",
                "inputs": [{"id": "arr", "name": "arr", "field": "arr"}],
                "outputs": [{"id": "tier", "name": "tier", "field": "tier"}],
                "rules": [
                    {"_id": "1", "arr": ">= 30000", "tier": '"A"'},
                    {"_id": "2", "arr": "", "tier": '"B"'},
                ],
            },
        },
        {"id": "out", "name": "out", "type": "outputNode"},
    ],
    "edges": [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ],
}


def median(calls: int, call: Callable[[int], object]) -> float:
    """Of so many calls, after a tenth as many to warm up."""
    for i in range(calls // 10):
        call(i)
    taken = []
    for i in range(calls):
        start = time.perf_counter_ns()
        call(i)
        taken.append(time.perf_counter_ns() - start)
    return statistics.median(taken) / 1_000


def sample(pack: granger.Pack) -> list[dict[str, Any]]:
    """The pack's own accounts as a webhook would bring them, each with its rows."""
    tables, shapes = pack.run(as_of=DAY).outcome.tables, pack.policies.workspace.shapes
    accounts = []
    for i in range(len(tables[ACCOUNTS])):
        account: dict[str, Any] = {k: plainly(v) for k, v in tables[ACCOUNTS].record(i).items() if v is not None}
        for name in ("usage", "assignments"):
            link = account_field(shapes[name])
            assert link is not None
            records = (tables[name].record(j) for j in range(len(tables[name])))
            own = [record for record in records if record[link.name] == account["account_id"]]
            account[name] = [
                {k: plainly(v) for k, v in record.items() if k != link.name and v is not None} for record in own
            ]
        accounts.append(account)
    return accounts


def plainly(value: Any) -> Any:
    """A number as JSON would bring it."""
    if not hasattr(value, "numerator"):
        return value
    return int(value) if value.denominator == 1 else f"{float(value):.2f}"


def loop(_: int) -> int:
    """A thousand additions: what this machine takes for plain Python at this moment."""
    total = 0
    for i in range(1_000):
        total += i
    return total


def zen() -> float:
    import zen  # of the extra `bench`

    decision = zen.ZenEngine().create_decision(json.dumps(TRIVIAL))
    assert decision.evaluate({"arr": 64_000})["result"] == {"tier": "A"}
    return median(CALLS, lambda _: decision.evaluate({"arr": 64_000}))


def main() -> None:
    pack = granger.load(ROOT / "rules" / "renewal-kpi")
    accounts = sample(pack)
    prepared = pack.deciders.on(DAY)
    assert prepared is not None
    inner = [(given := prepared.reader.read(account, {}), prepared.owners(given)) for account in accounts]
    example = median(CALLS, lambda _: pack.decide(EXAMPLE, as_of=DAY, rows=PEOPLE))
    whole = median(CALLS, lambda i: pack.decide(accounts[i % len(accounts)], as_of=DAY))
    alone = median(CALLS, lambda i: prepared.values(*inner[i % len(inner)]))
    slow = median(SLOW_CALLS, lambda i: reference.decide(pack.policies, accounts[i % len(accounts)], DAY, {}))
    rows = statistics.median(len(account["usage"]) for account in accounts)
    for told, found, limit in (
        ("decide, the account of docs/examples", example, DECIDE_LIMIT),
        (f"decide, the pack's accounts ({rows:.0f} rows of use each)", whole, DECIDE_LIMIT),
        ("of that, facts and decisions alone", alone, INNER_LIMIT),
    ):
        print(f"{told:52} {found:9.1f} µs   limit {limit}: {'ok' if found <= limit else 'MISSED'}")
    print(f"{'the reference, for the same accounts':52} {slow:9.1f} µs   {slow / whole:.0f} times decide")
    fixed, plain = zen(), median(CALLS, loop)
    print(f"{'zen-engine, one table of two rows':52} {fixed:9.1f} µs   decide is {whole / fixed:.2f} times that")
    print(
        f"{'a loop of 1,000 additions in plain Python':52} {plain:9.1f} µs   decide is {whole / plain:.2f} times that"
    )
    slower = plain / ORDINARY_LOOP
    limits = f"{DECIDE_LIMIT} and {INNER_LIMIT} µs are {DECIDE_LIMIT * slower:.0f} and {INNER_LIMIT * slower:.0f} here"
    print(f"That loop takes {ORDINARY_LOOP} µs on an ordinary machine, {slower:.2f} times as long on this: {limits}")


if __name__ == "__main__":
    main()
