"""Why a name has its value: a tree of reasons down to rows of data and lines of policy.

One row is replayed on the reference with an observer; it is an internal error if the replay gives another value than
the one that was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..diagnostics import Span
from ..language.tree import Call, Compare, Expression, Logic, Member, Name, Node, Not, Value
from ..language.types import MONEY, NUMBER, Type
from ..policy.model_life import Lifecycle
from ..policy.model_success import USE_CASE, Success
from ..tables.shape import Table
from .compile import Aggregate, Choice, Definition, Formula, Held, Pick, Remembered
from .decisions import CONFLICT, OUT_OF_SCOPE, OVERRIDDEN, Decision
from .evaluate import Book, Facts, Row
from .settling import Settling
from .spoken import source_of, spoken
from .uses import entry_of, uses_of

ROWS_SHOWN = 5

SAME_KIND = frozenset({"sum", "average", "min", "max", "latest", "earliest"})
"""The verbs whose result is of the kind of the rows' values."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of an explanation, where it stands, and what it rests on."""

    text: str
    place: str = ""
    below: tuple[Reason, ...] = ()


class Explainer:
    """Explains names and expressions of one book; a name explained once is not unfolded again."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._told: set[str] = set()
        lives = book.program.force.lifecycles
        self._lives = {name: life for life in lives for name in (life.fact, life.since_name, life.status_name)}
        settled = [health for health in book.program.force.healths if health.settle is not None]
        self._settling = {health.grade_name: Settling(health) for health in settled}
        self._successes = {success.fact: success for success in book.program.force.successes}

    def expression(
        self,
        label: str,
        expression: Expression,
        names: Mapping[str, Value],
        because: str = "",
        kind: Type | None = None,
    ) -> Reason:
        """``label: text → value``, then its parts and the names that were read; a name alone is explained itself.

        ``kind`` is how the value is shown: a rate as a percentage, an amount in its currency.
        """
        if isinstance(expression.root, Name):
            alone = self.name(expression.root.id, names)
            text = f"{label}: {alone.text}" if label else alone.text
            return Reason(text + (f" ({because})" if because else ""), alone.place, alone.below)
        seen: list[tuple[Node, Value]] = []
        value = self.book.value(expression, names, lambda node, found: seen.append((node, found)))
        if value != self.book.value(expression, names):
            raise AssertionError(f"the replay of {expression.text!r} gives another value")
        written = " ".join(expression.text.split())
        parts = tuple(
            Reason(f"{expression.written(node)} → {spoken(found)}") for node, found in _parts(expression, seen)
        )
        read = [name for name in expression.names if any(_is_name(node, name) for node, _ in seen)]
        below = parts + tuple(self.name(name, names) for name in read)
        head = f"{label}: " if label else ""
        tail = f" ({because})" if because else ""
        return Reason(f"{head}{written} → {spoken(value, kind)}{tail}", source_of(expression.span), below)

    def name(self, name: str, names: Mapping[str, Value]) -> Reason:
        """What ``name`` is here: a cell of the row, a cell of its account, a setting, a measure, a tier's gift."""
        if isinstance(names, Row):
            if name in names.table.columns:
                return self.cell(names.table, names.index, name)
            names = names.outer
        definition = self.book.program.definitions.get(name)
        if isinstance(names, Facts) and name in names.record:
            return self._account_cell(names, name)
        value = names[name]
        kind = self.book.program.types.get(name)
        text = f"{name} = {spoken(value, kind)}"
        if definition is None:
            return Reason(text, "" if name != "as_of" else "the day of the run")
        if name in self._told:
            return Reason(f"{text} (see above)", source_of(definition.span))
        self._told.add(name)
        return Reason(text + _because(definition), source_of(definition.span), tuple(self._below(definition, names)))

    def _below(self, definition: Definition, names: Mapping[str, Value]) -> Iterable[Reason]:
        life, success = self._lives.get(definition.name), self._successes.get(definition.name)
        match definition:
            case Formula() if life is not None:
                yield from self.stages(life, names)
            case Formula(name=name) if name in self._settling:
                yield from self._settled(self._settling[name], names)
            case Formula() if success is not None:
                if isinstance(names, Facts):
                    yield from self.uses(success, names)
            case Formula(expression=expression):
                if expression.names or len(expression.text) > 20:
                    yield self.expression("", expression, names, kind=self.book.program.types.get(definition.name))
            case Aggregate():
                if isinstance(names, Facts):
                    yield from self._aggregate(definition, names)
            case Pick():
                if isinstance(names, Facts):
                    yield self.decision(self.book.program.choices[definition.choice], names.account_id)

    def _settled(self, settling: Settling, names: Mapping[str, Value]) -> Iterable[Reason]:
        """The grade of the day, and what keeps it from counting, or since when it counts."""
        since, pending = names[settling.since], names[settling.pending]
        place = source_of(settling.health.settle.span) if settling.health.settle is not None else ""
        yield self.name(settling.of_day, names)
        if since is not None:
            yield Reason(f"counts since {since}", place)
        if pending is not None:
            yield Reason(f"{pending} since {names[settling.pending_since]}, not settled", place)

    def _aggregate(self, definition: Aggregate, facts: Facts) -> Iterable[Reason]:
        result = self.book.aggregate(definition, facts)
        table = self.book.tables[definition.table]
        what = definition.what.text if definition.what else "rows"
        window = self.book.window_of(definition)
        days = f", {window.start} to {window.last_day}" if window else ""
        if definition.at is not None:
            word = "begun by" if definition.verb == "since" else "in force on"
            days = f" {word} {spoken(self.book.value(definition.at, self.book.shared))}"
        skipped = f", {len(result.skipped)} skipped for a missing value" if result.skipped else ""
        skipped += f", {len(result.undated)} left out for having no day" if result.undated else ""
        verb = f"{definition.verb} of {what}" if definition.verb != "since" else "days without a gap,"
        yield Reason(f"{verb} over {len(result.used)} rows of {table.file}{days}{skipped}")
        kind = self.book.program.types.get(definition.name) if definition.verb in SAME_KIND else None
        for i in result.used[:ROWS_SHOWN]:
            row = Row(table, i, facts)
            value = self.book.value(definition.what, row) if definition.what else None
            day = f"{spoken(row[definition.dated_by])}: " if definition.dated_by else ""
            yield Reason(
                f"{day}{spoken(value, kind) if definition.what else 'one row'}", f"{table.file}, row {table.rows[i]}"
            )
        if len(result.used) > ROWS_SHOWN:
            yield Reason(f"… and {len(result.used) - ROWS_SHOWN} more rows")

    def stages(self, life: Lifecycle, names: Mapping[str, Value]) -> list[Reason]:
        """When the life of an account began, then whom each stage up to its own is for, and when it was done."""
        self._told |= {life.fact, life.since_name, life.status_name}
        asked = [("for", life.population, ""), ("starts", life.starts, "")]
        for stage in life.stages:
            asked += [(f"{stage.name} for", stage.when, stage.because), (f"{stage.name} done", stage.done, "")]
            undecided = stage.when is not None and self.book.value(stage.when, names) is None
            if stage.name == names[life.fact] or undecided:
                break
        return [self.expression(word, each, names, why) for word, each, why in asked if each is not None]

    def uses(self, success: Success, facts: Facts) -> list[Reason]:
        """Each use of the account with its criteria and what they came to."""
        self._told.add(success.fact)
        found = []
        for use in uses_of(self.book, success, facts.account_id):
            entry = entry_of(success, use)
            criteria = entry.criteria if entry is not None else ()
            below = tuple(self.expression(each.name, each.when, use, each.because) for each in criteria)
            alone = "" if entry is not None else ": no entry of the policy is of this name"
            place = f"{use.table.file}, row {use.table.rows[use.index]}"
            found.append(Reason(f"use {spoken(use[USE_CASE])}{alone}", place, below))
        return found

    def decision(self, choice: Choice, account_id: str) -> Reason:
        """Each row of the table, in order, with what it came to; then the verdict."""
        decision = self.book.decision(choice.name, account_id)
        if f"table {choice.name}" in self._told:
            return Reason(f"{_verdict(choice, decision)} (see above)", source_of(_decided_at(choice, decision)))
        self._told.add(f"table {choice.name}")
        facts = self.book.accounts[account_id]
        below: list[Reason] = []
        if decision.override is not None:
            override = decision.override
            below.append(Reason(f"overridden: {override.reason}", f"{override.file}, row {override.row}"))
        elif choice.population is not None:
            below.append(self.expression("for", choice.population, facts))
        if decision.kept is not None:
            below.append(Reason(f"held until {decision.kept.until}, whatever the rows say", source_of(choice.span)))
        if decision.status not in (OVERRIDDEN, OUT_OF_SCOPE):
            for i, condition in enumerate(choice.conditions):
                tier = choice.rows[i]
                below.append(self.expression(f"row {tier.name!r}", condition, facts, tier.because))
                if choice.hit_policy == "first" and decision.kept is None and i in decision.hits:
                    break
        return Reason(_verdict(choice, decision), source_of(_decided_at(choice, decision)), tuple(below))

    def _account_cell(self, facts: Facts, name: str) -> Reason:
        return self.cell(self.book.tables["accounts"], self.book.row_of(facts.account_id), name)

    def cell(self, table: Table, i: int, name: str) -> Reason:
        column = table.shape.field(name)
        header = column.column if column else name
        kind = Type(NUMBER, percent=True) if column and column.kind == "percent" else None
        value = table.columns[name][i]
        if column and column.kind == "money":
            kind = Type(MONEY, column.currency)
        return Reason(f"{name} = {spoken(value, kind)}", f"{table.file}, row {table.rows[i]}, column {header!r}")


def _parts(expression: Expression, seen: list[tuple[Node, Value]]) -> list[tuple[Node, Value]]:
    """The smaller conditions inside a longer one, as far as they were looked at."""
    if not isinstance(expression.root, Logic | Not):
        return []
    return [
        (node, value)
        for node, value in seen
        if isinstance(node, Compare | Member | Call) and isinstance(value, bool | None)
    ]


def _is_name(node: Node, name: str) -> bool:
    return getattr(node, "id", None) == name


def _because(definition: Definition) -> str:
    because = "" if isinstance(definition, Pick | Held | Remembered) else definition.because
    return f" ({because})" if because else ""


def _verdict(choice: Choice, decision: Decision) -> str:
    if decision.hit is None:
        names = ", ".join(repr(choice.rows[hit].name) for hit in decision.hits)
        why = f" between {names}" if decision.status == CONFLICT else ""
        without = f", missing: {', '.join(decision.missing)}" if decision.missing else ""
        return f"{choice.name}: {decision.status}{why}{without}"
    hits = ", ".join(choice.rows[hit].name for hit in decision.hits)
    because = choice.rows[decision.hit].because
    return f"{choice.name}: {hits} ({decision.status})" + (f" – {because}" if because else "")


def _decided_at(choice: Choice, decision: Decision) -> Span:
    return choice.rows[decision.hit].span if decision.hit is not None else choice.span
