"""One account through zen-engine: the tiers and bands of bench/workspaces/million as decision tables in one graph."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import zen

from bench.rivals.duckdb_inner import BANDS, STAND_INS
from bench.rivals.polars_million import EXCLUDED, WEIGHTS

ACCOUNT = {
    "strategic": False,
    "fit": "core",
    "arr": 64_000,
    "seats": 50,
    "seats_used": 30,
    "usage": 69,
    "usage_before": 100,
    "logins": 31,
    "logins_before": 40,
    "paid": 900,
    "billed": 1_000,
    "days_overdue": 12,
    "nps": 20,
    "tickets": 4,
}
EXPECTED = {"tier": "champion", "score": 54.6, "grade": "yellow", "usage_drop": True}

RATIOS = {
    "adoption": "seats > 0 ? seats_used / seats : null",
    "usage_change": "usage_before > 0 ? usage / usage_before - 1 : null",
    "logins_change": "logins_before > 0 ? logins / logins_before - 1 : null",
    "unpaid": "billed > 0 ? 1 - paid / billed : null",
}
TIER_ROWS = [
    ("strategic == true and arr >= 100000", "strategic"),
    ("fit == 'core' and arr >= 50000 and adoption >= 0.6", "champion"),
    ("fit == 'core' and arr >= 20000", "growth"),
    ("fit in ['core', 'edge'] and usage_change >= 0.2", "rising"),
    ("arr >= 5000", "standard"),
    ("", "self-serve"),
]

Node = dict[str, Any]


def _table(name: str, field: str, rows: Sequence[tuple[str, str]]) -> Node:
    """A decision table of whole conditions; the first row that holds counts."""
    rules = [{"_id": f"{name}-{n}", "c": when, "o": value} for n, (when, value) in enumerate(rows)]
    content = {
        "hitPolicy": "first",
        "passThrough": True,
        "inputs": [{"id": "c", "name": "when"}],
        "outputs": [{"id": "o", "name": field, "field": field}],
        "rules": rules,
    }
    return {"name": name, "type": "decisionTableNode", "content": content}


def _expressions(name: str, expressions: dict[str, str]) -> Node:
    listed = [{"id": key, "key": key, "value": value} for key, value in expressions.items()]
    return {"name": name, "type": "expressionNode", "content": {"passThrough": True, "expressions": listed}}


def graph() -> str:
    nodes: list[Node] = [{"name": "in", "type": "inputNode"}, _expressions("ratios", RATIOS)]
    nodes.append(_table("tiers", "tier", [(when, f"'{tier}'") for when, tier in TIER_ROWS]))
    for name, (op, bands, rest) in BANDS.items():
        rows = [(f"{name} != null and {name} {op} {edge}", str(points)) for edge, points in bands]
        last = [(f"{name} != null", str(rest)), ("", "null")]
        nodes.append(_table(name, f"{name}_points", [*rows, *last]))
    above = " + ".join(f"{w} * ({name}_points ?? {STAND_INS[name]})" for name, w in WEIGHTS.items())
    left = " - ".join(["1", *(f"({name}_points == null ? {WEIGHTS[name]} : 0)" for name in EXCLUDED)])
    covered = " + ".join(f"({name}_points == null ? 0 : {weight})" for name, weight in WEIGHTS.items())
    nodes.append(_expressions("score", {"coverage": covered, "score": f"round(({above}) / ({left}), 1)"}))
    grades = [("coverage < 0.6", "null"), ("score >= 75", "'green'"), ("score >= 50", "'yellow'"), ("", "'red'")]
    nodes.append(_table("grade", "grade", grades))
    targets = "tier in ['strategic', 'champion', 'growth']"
    triggers = {
        "usage_drop": f"{targets} and usage_change != null and usage_change <= -0.3",
        "logins_drop": "logins_change != null and logins_change <= -0.2",
        "unpaid_drop": "unpaid != null and unpaid >= 0.25 and days_overdue > 30",
    }
    nodes += [_expressions("triggers", triggers), {"name": "out", "type": "outputNode"}]
    for n, node in enumerate(nodes):
        node |= {"id": str(n), "position": {"x": 0, "y": 0}}
    edges = [{"id": f"e{n}", "sourceId": str(n), "targetId": str(n + 1), "type": "edge"} for n in range(len(nodes) - 1)]
    return json.dumps({"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges})


class OneAccount:
    """The graph, read once; ``decided`` is one account's decision."""

    def __init__(self) -> None:
        self.decision = zen.ZenEngine().create_decision(graph())

    def decided(self) -> dict[str, Any]:
        found: dict[str, Any] = self.decision.evaluate(ACCOUNT)["result"]
        return found
