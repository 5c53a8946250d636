"""Every account's stage as a row of ``stages.csv``; an account in none is a row with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ..language.tree import Expression
from ..periods import Duration
from ..policy.model_life import BEHIND, ON_TRACK, STUCK, Lifecycle, Stage
from ..program.evaluate import Book, Facts
from ..program.spoken import lacking, source_of
from ..program.stages import number_name

FINISHED, NOT_STARTED, OUTSIDE, UNDECIDED = "finished", "not started", "out_of_scope", "undecided"
PACES = (ON_TRACK, BEHIND, STUCK)
WITHOUT = "cannot be decided without "


@dataclass(frozen=True, slots=True)
class StageRow:
    policy: str
    fact: str
    account_id: str
    stage: str
    since: date | None
    days: int | None
    status: str
    because: str
    missing: str
    source: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says, whoever it is about."""

    stage: str
    status: str
    because: str
    source: str


def told(life: Lifecycle) -> list[Told]:
    """All that can be told of an account: each stage at each pace, then the four ways of being in none."""
    found = [
        Told(stage.name, pace, _because(stage, pace), source_of(stage.span)) for stage in life.stages for pace in PACES
    ]
    reasons = {
        FINISHED: "every stage is done",
        NOT_STARTED: "its first day is later",
        OUTSIDE: "outside the accounts that the policy is `for`",
        UNDECIDED: "",
    }
    return [*found, *(Told("", status, because, source_of(life.span)) for status, because in reasons.items())]


def _because(stage: Stage, pace: str) -> str:
    length = {BEHIND: stage.expect, STUCK: stage.stuck}.get(pace)
    longer = f"for longer than {_spoken(length)}" if length is not None else ""
    return f"{longer} ({stage.because})" if longer and stage.because else longer or stage.because


def _spoken(length: Duration) -> str:
    return f"{length.count} {length.unit[:-1] if length.count == 1 else length.unit}"


def stage_rows(book: Book, accounts: Sequence[str] | None = None) -> list[StageRow]:
    """One row per lifecycle and account, in that order; of these accounts or (None) of all."""
    rows: list[StageRow] = []
    for life in sorted(book.program.force.lifecycles, key=lambda each: each.name):
        known = told(life)
        rows += [
            account_stage(book, life, known, book.accounts[account_id])
            for account_id in sorted(book.accounts if accounts is None else accounts)
        ]
    return rows


def account_stage(book: Book, life: Lifecycle, known: Sequence[Told], facts: Facts) -> StageRow:
    number, missing, because = facts[number_name(life)], "", ""
    stages, since, days = len(life.stages), None, None
    if isinstance(number, Fraction) and number <= stages:
        found = known[len(PACES) * (int(number) - 1) + PACES.index(str(facts[life.status_name]))]
        first = facts[life.since_name]
        assert isinstance(first, date)
        since, days = first, (book.as_of - first).days
    elif isinstance(number, Fraction):
        found = known[-4]
    else:
        found, names = _in_none(book, life, known, facts)
        missing = ", ".join(names)
        because = WITHOUT + lacking(names) if found is known[-1] else ""
    return StageRow(
        policy=life.name,
        fact=life.fact,
        account_id=facts.account_id,
        stage=found.stage,
        since=since,
        days=days,
        status=found.status,
        because=because or found.because,
        missing=missing,
        source=found.source,
    )


def _in_none(book: Book, life: Lifecycle, known: Sequence[Told], facts: Facts) -> tuple[Told, tuple[str, ...]]:
    """Why the account has no number: outside, later, or the first condition without a value."""
    for expression in conditions(life):
        value = book.value(expression, facts)
        if value is None:
            return known[-1], book.missing(expression, facts)
        if value is False and expression is life.population:
            return known[-2], ()
        if isinstance(value, date) and value > book.as_of:
            return known[-3], ()
    raise AssertionError("a stage that can be decided has a number")


def conditions(life: Lifecycle) -> Iterator[Expression]:
    """What must have a value before the stage of an account is known, in the order in which it is asked."""
    yield from () if life.population is None else (life.population,)
    yield life.starts
    yield from (stage.when for stage in life.stages if stage.when is not None)
