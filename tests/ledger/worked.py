"""Locks and lines as a test needs them, without a policy."""

from __future__ import annotations

from granger.engine.ledger.entries import Entry, Head, chained, payload_of


def lock(head: Head, period: str, lines: int, by: str = "Ana", wide: int = 1) -> list[Entry]:
    """A lock with its lines, which follow ``head``; each rests on ``wide`` credits."""
    opened = {"lock": {"period": period, "lines": lines, "by": by, "at": "2026-10-02 09:30"}}
    postings = [(period, payload_of([opened]))]
    for i in range(lines):
        credits = [{"record": f"D-{i}-{n}", "earning": f"{i}/3", "why": "ä\n=1+1 '\ud800"} for n in range(wide)]
        postings.append((period, payload_of([{"line": {"payee": f"P-{i}", "amount": f"{i}.5"}}, *credits])))
    return chained(head, postings)
