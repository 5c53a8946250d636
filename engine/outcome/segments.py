"""Every account's tier as a row of ``segments.csv``; an account without one is a row with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..language.tree import Value
from ..program.compile import Choice, Pick, Program
from ..program.decisions import CONFLICT, OUT_OF_SCOPE, UNDECIDED, UNMATCHED, Decision
from ..program.evaluate import Book
from ..program.spoken import lacking, source_of, spoken


@dataclass(frozen=True, slots=True)
class Segment:
    policy: str
    fact: str
    account_id: str
    tier: str
    since: date | None
    status: str
    gives: str
    because: str
    missing: str
    source: str


def segments(book: Book, accounts: Sequence[str] | None = None) -> list[Segment]:
    """One row per policy and account (per tier hit under ``collect``), in the order of policy, account, tier; of these
    accounts or (None) of all."""
    rows = [
        row
        for choice in book.program.choices.values()
        for account_id in (book.accounts if accounts is None else accounts)
        for row in _rows(book, choice, account_id)
    ]
    return sorted(rows, key=lambda row: (row.policy, row.account_id, row.tier, row.source))


def _rows(book: Book, choice: Choice, account_id: str) -> Iterator[Segment]:
    decision = book.decision(choice.name, account_id)
    since = since_of(book, choice, account_id, decision)
    fact, missing = fact_of(book.program, choice), ", ".join(decision.missing)
    gives = _gives(book, choice, account_id) if decision.hit is not None and choice.hit_policy != "collect" else ""
    for tier, because, source in told(choice, decision):
        yield Segment(choice.name, fact, account_id, tier, since, decision.status, gives, because, missing, source)


def since_of(book: Book, choice: Choice, account_id: str, decision: Decision) -> date | None:
    """Since when the account has had its tier, as far as this is remembered; None where nothing needs to."""
    if choice.hold is None or decision.hit is None:
        return None
    tier, since = book.tiers_before(choice).get(account_id, ("", book.as_of))
    return since if tier == choice.rows[decision.hit].name else book.as_of


def fact_of(program: Program, choice: Choice) -> str:
    return next(s.fact for s in program.force.segmentations if s.name == choice.name)


def told(choice: Choice, decision: Decision) -> Iterator[tuple[str, str, str]]:
    """The tier, the reason and the source of every line of a decision."""
    if decision.hit is None:
        source = ", ".join(source_of(choice.rows[hit].span) for hit in decision.hits) or source_of(choice.span)
        yield "", why_not(choice, decision), source
        return
    hits = decision.hits if choice.hit_policy == "collect" else (decision.hit,)
    for tier in {choice.rows[hit].name: choice.rows[hit] for hit in reversed(hits)}.values():
        because, source = tier.because, source_of(tier.span)
        if decision.override is not None:
            override = decision.override
            because, source = f"overridden: {override.reason}", f"{override.file}:{override.row}"
        if decision.kept is not None and decision.kept.instead is not None:
            because = held_told(choice, decision.kept.until, decision.kept.instead)
        yield tier.name, because, source


def held_told(choice: Choice, until: date, instead: Decision) -> str:
    """Until when a tier is held, and what would be in its place."""
    lines = [(f"{tier!r}" if tier else "no tier", because) for tier, because, _ in told(choice, instead)]
    would = ", ".join(tier + (f": {because}" if because else "") for tier, because in lines)
    return f"held until {until}; without `hold` {would}"


def _gives(book: Book, choice: Choice, account_id: str) -> str:
    values = {pick.name: book.accounts[account_id][pick.name] for pick in gifts(book.program, choice)}
    return gives_text(values, book.program)


def gifts(program: Program, choice: Choice) -> list[Pick]:
    """What the tiers of the choice give, in their order."""
    found = (program.definitions[name] for name in choice.results[1:])
    return [definition for definition in found if isinstance(definition, Pick)]


def gives_text(values: Mapping[str, Value], program: Program) -> str:
    """``cap=10; rate=5%``: what has a value."""
    given = [f"{name}={spoken(value, program.types.get(name))}" for name, value in values.items() if value is not None]
    return "; ".join(given)


def why_not(choice: Choice, decision: Decision) -> str:
    tiers = ", ".join(repr(choice.rows[hit].name) for hit in decision.hits)
    return {
        CONFLICT: f"rows that exclude each other hold: {tiers}",
        UNDECIDED: f"cannot be decided without {lacking(decision.missing)}",
        UNMATCHED: "no row holds, and there is no `otherwise`",
        OUT_OF_SCOPE: "outside the accounts that the policy is `for`",
    }[decision.status]
