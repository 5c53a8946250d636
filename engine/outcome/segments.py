"""Every account's tier as a row of ``segments.csv``; an account without one is a row with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..program.compile import Choice, Pick
from ..program.decisions import CONFLICT, OUT_OF_SCOPE, UNDECIDED, UNMATCHED, Decision
from ..program.evaluate import Book
from ..program.spoken import lacking, source_of, spoken


@dataclass(frozen=True, slots=True)
class Segment:
    policy: str
    fact: str
    account_id: str
    tier: str
    status: str
    gives: str
    because: str
    missing: str
    source: str


def segments(book: Book) -> list[Segment]:
    """One row per policy and account (per tier hit under ``collect``), in the order of policy, account, tier."""
    rows = [
        row
        for choice in book.program.choices.values()
        for account_id in book.accounts
        for row in _rows(book, choice, account_id)
    ]
    return sorted(rows, key=lambda row: (row.policy, row.account_id, row.tier, row.source))


def _rows(book: Book, choice: Choice, account_id: str) -> Iterator[Segment]:
    decision = book.decision(choice.name, account_id)
    fact = next(s.fact for s in book.program.force.segmentations if s.name == choice.name)
    missing = ", ".join(decision.missing)
    if decision.hit is None:
        source = ", ".join(source_of(choice.rows[hit].span) for hit in decision.hits) or source_of(choice.span)
        yield Segment(
            choice.name, fact, account_id, "", decision.status, "", why_not(choice, decision), missing, source
        )
        return
    hits = decision.hits if choice.hit_policy == "collect" else (decision.hit,)
    for tier in {choice.rows[hit].name: choice.rows[hit] for hit in reversed(hits)}.values():
        because, source = tier.because, source_of(tier.span)
        if decision.override is not None:
            override = decision.override
            because, source = f"overridden: {override.reason}", f"{override.file}:{override.row}"
        gives = _gives(book, choice, account_id) if choice.hit_policy != "collect" else ""
        yield Segment(choice.name, fact, account_id, tier.name, decision.status, gives, because, missing, source)


def _gives(book: Book, choice: Choice, account_id: str) -> str:
    given = []
    for name in choice.results[1:]:
        definition = book.program.definitions[name]
        value = book.accounts[account_id][name]
        if isinstance(definition, Pick) and value is not None:
            given.append(f"{name}={spoken(value, book.program.types.get(name))}")
    return "; ".join(given)


def why_not(choice: Choice, decision: Decision) -> str:
    tiers = ", ".join(repr(choice.rows[hit].name) for hit in decision.hits)
    return {
        CONFLICT: f"rows that exclude each other hold: {tiers}",
        UNDECIDED: f"cannot be decided without {lacking(decision.missing)}",
        UNMATCHED: "no row holds, and there is no `otherwise`",
        OUT_OF_SCOPE: "outside the accounts that the policy is `for`",
    }[decision.status]
