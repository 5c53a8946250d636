"""The tiers of one account, as the rows of ``segments.csv`` say them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from ..language.types import Type
from ..outcome.segments import Segment, why_not
from ..program.compile import Choice, Pick
from ..program.decisions import CONFLICT, Decision
from ..program.evaluate import Book
from ..program.generated import AccountFunction, Slot
from ..program.generated_choices import POPULATION
from ..program.spoken import source_of, spoken
from .words import speaker

Row = dict[str, Any]


def template(kind: type, **values: object) -> Row:
    """A row of that kind with all its names, in order; an empty text is None."""
    return {field.name: None if values.get(field.name, "") == "" else values[field.name] for field in fields(kind)}


def wanted(choice: Choice) -> list[str]:
    """The names whose values the row of a choice is made of, or whose absence it tells."""
    conditions = [c for c in (choice.population, *choice.conditions) if c is not None]
    return [*choice.results[1:], *(name for condition in conditions for name in condition.names)]


class Tiers:
    """One choice: what can be said beforehand is said once."""

    def __init__(self, book: Book, choice: Choice, function: AccountFunction) -> None:
        program = book.program
        self.choice, self.at = choice, function.decisions[choice.name]
        self.fact = next(s.fact for s in program.force.segmentations if s.name == choice.name)
        self.none = template(Segment, policy=choice.name, fact=self.fact)
        since = book.as_of if choice.hold is not None else None
        self.hit = [
            self.none
            | {"tier": row.name, "since": since, "because": row.because or None, "source": source_of(row.span)}
            for row in choice.rows
        ]
        picks = [pick for name in choice.results[1:] if isinstance(pick := program.definitions[name], Pick)]
        self.gifts = [self._gift(pick.name, function.names[pick.name], program.types.get(pick.name)) for pick in picks]
        read = {name for pick in picks for value in pick.values if value is not None for name in value.names}
        if read <= book.shared.keys():
            self._settle(book, picks)
        self.names = {i: condition.names for i, condition in enumerate(choice.conditions)}
        if choice.population is not None:
            self.names[POPULATION] = choice.population.names
        self.slots = function.names

    def row(self, found: Sequence[Any], account_id: str) -> Row:
        """The last of the account's rows in the order of the file: under ``collect`` there may be several."""
        status, hits, still = found[self.at]
        missing = self._missing(still, found) if still else ()
        if not hits or status == CONFLICT:
            return self._none(Decision(status, tuple(hits), missing), account_id)
        row = self._deciding(hits).copy()
        row["account_id"], row["status"] = account_id, status
        row["missing"] = ", ".join(missing) or None
        if self.gifts:
            given = [f"{name}={say(found)}" for name, at, say in self.gifts if found[at] is not None]
            row["gives"] = "; ".join(given) or None
        return row

    def _settle(self, book: Book, picks: Sequence[Pick]) -> None:
        """What every account of a tier is given alike is said beforehand."""
        self.gifts = []
        for i, row in enumerate(self.hit):
            given = []
            for pick in picks:
                expression = pick.values[i]
                value = book.value(expression, book.shared) if expression is not None else None
                if value is not None:
                    given.append(f"{pick.name}={spoken(value, book.program.types.get(pick.name))}")
            row["gives"] = "; ".join(given) or None

    @staticmethod
    def _gift(name: str, slot: Slot, kind: Type | None) -> tuple[str, int, Callable[[Sequence[Any]], str]]:
        return name, slot.at, speaker(slot, kind)

    def _deciding(self, hits: Sequence[int]) -> Row:
        if self.choice.hit_policy != "collect":
            return self.hit[hits[0]]
        first = {self.choice.rows[i].name: self.hit[i] for i in reversed(hits)}
        return max(first.values(), key=lambda row: (row["tier"], row["source"]))

    def _missing(self, still: Sequence[int], found: Sequence[Any]) -> tuple[str, ...]:
        return tuple(sorted({name for i in still for name in self.names[i] if found[self.slots[name].at] is None}))

    def _none(self, decision: Decision, account_id: str) -> Row:
        choice = self.choice
        source = ", ".join(source_of(choice.rows[hit].span) for hit in decision.hits) or source_of(choice.span)
        because = why_not(choice, decision)
        missing = ", ".join(decision.missing) or None
        return self.none | {
            "account_id": account_id,
            "status": decision.status,
            "because": because,
            "missing": missing,
            "source": source,
        }
