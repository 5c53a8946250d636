"""A Program over tables: the facts of every account, computed when they are asked for, and remembered.

This is the reference: one account, one row at a time, through the rowwise reading.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property, partial
from math import ceil

from ..language.rowwise import Observer, Rowwise
from ..language.tree import Expression, Name, Value
from ..periods import Period
from ..policy.names import account_field
from ..tables.shape import Table
from .aggregate import Aggregation
from .compile import Aggregate, Choice, Formula, Held, Pick, Program, Remembered
from .decisions import CONFLICT, OUT_OF_SCOPE, OVERRIDDEN, UNDECIDED, Decision, Kept, Override, decide
from .holders import Held as Holding
from .holders import Holders
from .measured import COMPANY, MANY, WHOLE, Measured, measure, worked_out
from .memory import NOTHING_EARLIER, Earlier, EarlierGrade, Memory, held
from .spoken import lacking
from .windows import days_of


class Facts(Mapping[str, Value]):
    """What one account's name stand for: its fields, the settings, measures, tiers and what they give."""

    def __init__(self, book: Book, account_id: str, record: Mapping[str, Value]) -> None:
        self.book = book
        self.account_id = account_id
        self.record = record
        self._known: dict[str, Value] = dict(record)
        self._known.update(book.shared)

    def __getitem__(self, name: str) -> Value:
        if name not in self._known:
            self._known[name] = self.book.compute(name, self)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.record, **self.book.shared, **self.book.program.definitions})

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Accounts(Mapping[str, Facts]):
    """The facts of every account, in file order; made when they are first asked for."""

    def __init__(self, book: Book, table: Table | None) -> None:
        self.book, self.table = book, table
        self._known: dict[str, Facts] = {}

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The record of the accounts table that is each account."""
        ids = self.table.columns["account_id"] if self.table is not None else ()
        return {str(account_id): i for i, account_id in enumerate(ids)}

    def __getitem__(self, account_id: str) -> Facts:
        if account_id not in self._known:
            row = self.rows[account_id]
            record = self.table.record(row) if self.table is not None else {}
            self._known[account_id] = Facts(self.book, account_id, record)
        return self._known[account_id]

    def __contains__(self, account_id: object) -> bool:
        return account_id in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Row(Mapping[str, Value]):
    """A row of a table: its own fields, then those of what stands behind it (its account; the settings)."""

    def __init__(self, table: Table, index: int, outer: Mapping[str, Value]) -> None:
        self.table, self.index, self.outer = table, index, outer

    def __getitem__(self, name: str) -> Value:
        column = self.table.columns.get(name)
        return column[self.index] if column is not None else self.outer[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self.table.columns), **dict.fromkeys(self.outer)})

    def __len__(self) -> int:
        return sum(1 for _ in self)


class NoAccount(Mapping[str, Value]):
    """Stands behind a row that leads to no known account: settings are there, all else is missing."""

    def __init__(self, shared: Mapping[str, Value], names: Mapping[str, object]) -> None:
        self.shared, self.names = shared, names

    def __getitem__(self, name: str) -> Value:
        if name not in self.shared and name not in self.names:
            raise KeyError(name)
        return self.shared.get(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class Book:
    """All accounts at the close of ``as_of``, under one program. ``overrides`` pin an account to a row of a choice;
    ``earlier`` is what the run before says of it.

    ``measuring`` is how measures of persons, fields and the company are taken: row by row, unless somebody sets it.
    """

    def __init__(
        self,
        program: Program,
        tables: Mapping[str, Table],
        as_of: date,
        overrides: Mapping[tuple[str, str], Override] | None = None,
        *,
        holders: Holders | None = None,
        decided_by: Book | None = None,
        earlier: Earlier = NOTHING_EARLIER,
    ) -> None:
        self.program, self.tables, self.as_of = program, tables, as_of
        self.holders = holders or Holders(None, program.force.workspace.roles)
        self.decided_by = decided_by
        self.measuring: Callable[[Aggregate], Mapping[str, Measured]] = partial(measure, self)
        self._measured: dict[str, Mapping[str, Measured]] = {}
        self.rowwise = Rowwise(program.fiscal)
        self.shared: dict[str, Value] = {"as_of": as_of}
        for name, definition in program.definitions.items():
            if isinstance(definition, Formula) and definition.shared:
                self.shared[name] = self.rowwise.value(definition.expression, self.shared)
        self.overrides = overrides or {}
        self.memory = Memory(as_of, earlier)
        self._grades: dict[str, Mapping[str, EarlierGrade]] = {}
        self._before: dict[str, Mapping[str, tuple[str, date]]] = {}
        self._kept: dict[str, Mapping[str, Kept]] = {}
        self._decisions: dict[tuple[str, str], Decision] = {}
        self._links: dict[tuple[str, str], dict[Value, list[int]]] = {}
        self.accounts = Accounts(self, tables.get("accounts"))
        self.no_account = NoAccount(self.shared, program.types)

    def row_of(self, account_id: str) -> int:
        """The record of the accounts table that is this account."""
        return self.accounts.rows[account_id]

    def window_of(self, definition: Aggregate) -> Period | None:
        return days_of(definition.window, self.as_of, self.program.fiscal) if definition.window else None

    def least_of(self, definition: Aggregate) -> int:
        """The fewest rows of which the measure has a value; where what says so is missing, no rows are enough."""
        if definition.min_population is None:
            return 1
        least = self.value(definition.min_population, self.shared)
        return ceil(least) if isinstance(least, Fraction) else MANY

    def behind(self, account_id: Value) -> Mapping[str, Value]:
        """The facts of that account; of nobody where there is none."""
        return self.accounts.get(account_id, self.no_account) if isinstance(account_id, str) else self.no_account

    def row_and_account(self, table: Table, index: int) -> Row:
        """A row of a table, with its account behind it; in a table that leads to none, the settings."""
        link = account_field(table.shape)
        return Row(table, index, self.behind(table.columns[link.name][index]) if link else self.shared)

    def value(self, expression: Expression, names: Mapping[str, Value], observer: Observer | None = None) -> Value:
        """``expression`` over ``names``. Safe to call while another evaluation is under way."""
        if observer is None and isinstance(expression.root, Name):
            return names[expression.root.id]
        rowwise = self.rowwise
        before = rowwise.row, rowwise.observer
        rowwise.observer = observer
        try:
            return rowwise.value(expression, names)
        finally:
            rowwise.row, rowwise.observer = before

    def compute(self, name: str, facts: Facts) -> Value:
        if self.decided_by is not None and name in self.program.decided:
            behind = self.decided_by.accounts.get(facts.account_id)
            return behind[name] if behind is not None and name in self.decided_by.program.types else None
        match definition := self.program.definitions[name]:
            case Formula(per="account"):
                return self.value(definition.expression, facts)
            case Aggregate(per="account"):
                return self.aggregate(definition, facts).value
            case Aggregate() | Formula():
                return self.measured(name)[COMPANY].value
            case Held():
                held = self.holder(definition.role, facts.account_id, self.as_of)
                return held.since if definition.since else held.person
            case Remembered():
                known = self.grades_before(definition.policy).get(facts.account_id)
                return getattr(known, definition.what) or None if known is not None else None
            case Pick():
                decision = self.decision(definition.choice, facts.account_id)
                return self._picked(definition, decision.hit, facts)

    def _picked(self, pick: Pick, hit: int | None, facts: Facts) -> Value:
        expression = pick.values[hit] if hit is not None else None
        return self.value(expression, facts) if expression is not None else None

    def row(self, table: Table, index: int, outer: Mapping[str, Value]) -> Row:
        return Row(table, index, outer)

    def is_role(self, name: str) -> bool:
        return isinstance(self.program.definitions.get(name), Held)

    def measured(self, name: str) -> Mapping[str, Measured]:
        """The values of a measure per person, per value of a field, or for the company, by who has them."""
        if name not in self._measured:
            definition = self.program.definitions[name]
            if not isinstance(definition, Aggregate | Formula):
                raise TypeError(f"{name} is no measure")
            made = self.measuring(definition) if isinstance(definition, Aggregate) else worked_out(self, definition)
            self._measured[name] = made
        return self._measured[name]

    def holder(self, name: str, account_id: str, day: date) -> Holding:
        """Who holds the role or duty ``name`` for the account on ``day``; ``as_of`` is that day in a duty's cases."""
        duty = next((duty for duty in self.program.force.duties if duty.name == name), None)
        if duty is None:
            return self.holders.on(account_id, name, day)
        names = ChainMap({"as_of": day}, self.behind(account_id))  # type: ignore[arg-type]
        for case in duty.cases:
            holds = True if case.when is None else self.value(case.when, names)
            if holds is None and case.when is not None:
                missing = self.missing(case.when, names)
                why = f"who has the duty {name} cannot be decided without {lacking(missing)}"
                return Holding(None, name, why, undecided=missing or (lacking(missing),))
            if holds:
                return self.holders.on(account_id, case.role, day)
        return Holding(None, name, f"no case of the duty {name} holds")

    def rows_of(self, table: str, link: str, account_id: str) -> Sequence[int]:
        """The rows of ``table`` whose ``link`` is that account, in file order."""
        index = self._links.get((table, link))
        if index is None:
            index = self._links[table, link] = {}
            if table in self.tables:
                for i, value in enumerate(self.tables[table].columns[link]):
                    index.setdefault(value, []).append(i)
        return index.get(account_id, [])

    def aggregate(self, definition: Aggregate, facts: Facts) -> Aggregation:
        table = self.tables[definition.table]
        days = table.columns[definition.dated_by] if definition.dated_by else None
        result = Aggregation(definition.verb, is_ratio=definition.over is not None)
        for i in self.rows_of(definition.table, definition.link, facts.account_id):
            day = days[i] if days is not None else None
            if self.in_window(definition, day):
                self.take(definition, result, Row(table, i, facts), day, i)
            elif day is None:
                result.undated.append(i)
        return result

    def in_window(self, definition: Aggregate, day: Value) -> bool:
        """Whether a row of that day counts: in the window; without one, any row up to ``as_of`` and undated ones."""
        window = self.window_of(definition)
        if window is not None:
            return isinstance(day, date) and day in window
        return not isinstance(day, date) or day <= self.as_of

    def take(
        self,
        definition: Aggregate,
        result: Aggregation,
        row: Mapping[str, Value],
        day: Value,
        i: int,
        part: Fraction = WHOLE,
    ) -> None:
        """Gives the row to the aggregation unless ``where`` is false; skipped where something is missing. Of a sum and
        of what it is divided by, only ``part`` counts where the row is shared.
        """
        holds = definition.where is None or self.value(definition.where, row)
        if holds is False:
            return
        what = self.value(definition.what, row) if definition.what is not None else True
        by = self.value(definition.over, row) if definition.over is not None else None
        if part != WHOLE and definition.verb == "sum":
            what = what * part if isinstance(what, Fraction) else what
            by = by * part if isinstance(by, Fraction) else by
        undecided = holds is None or (definition.over is not None and by is None)
        result.take(None if undecided else what, day, i, by)

    def decision(self, choice_name: str, account_id: str) -> Decision:
        key = choice_name, account_id
        if key not in self._decisions:
            self._decisions[key] = self._decide(self.program.choices[choice_name], self.accounts[account_id])
        return self._decisions[key]

    def _decide(self, choice: Choice, facts: Facts) -> Decision:
        override = self.overrides.get((choice.name, facts.account_id))
        if override is not None:
            return Decision(OVERRIDDEN, (override.hit,), override=override)
        return held(choice, self._found(choice, facts), self.kept(choice).get(facts.account_id))

    def kept(self, choice: Choice) -> Mapping[str, Kept]:
        """As ``Memory.kept``."""
        if choice.name not in self._kept:
            self._kept[choice.name] = self.memory.kept(choice)
        return self._kept[choice.name]

    def tiers_before(self, choice: Choice) -> Mapping[str, tuple[str, date]]:
        """As ``Memory.since``."""
        if choice.name not in self._before:
            self._before[choice.name] = self.memory.since(choice)
        return self._before[choice.name]

    def grades_before(self, policy: str) -> Mapping[str, EarlierGrade]:
        """As ``Memory.grades``."""
        if policy not in self._grades:
            self._grades[policy] = self.memory.grades(policy)
        return self._grades[policy]

    def _found(self, choice: Choice, facts: Facts) -> Decision:
        """What the rows decide today."""
        if choice.population is not None:
            inside = self.value(choice.population, facts)
            if inside is not True:
                missing = self.missing(choice.population, facts) if inside is None else ()
                return Decision(OUT_OF_SCOPE if inside is False else UNDECIDED, (), missing)
        values = [self.value(condition, facts) for condition in choice.conditions]
        last = values.index(True) if choice.hit_policy == "first" and True in values else len(values)
        undecided = [c for c, value in zip(choice.conditions[:last], values[:last], strict=True) if value is None]
        missing = tuple(sorted({name for condition in undecided for name in self.missing(condition, facts)}))
        decision = decide(choice.hit_policy, values, choice.default, missing)
        if choice.hit_policy == "any" and len(decision.hits) > 1 and not self._agree(choice, decision.hits, facts):
            return Decision(CONFLICT, decision.hits, missing)
        return decision

    def _agree(self, choice: Choice, hits: Sequence[int], facts: Facts) -> bool:
        picks = [d for name in choice.results if isinstance(d := self.program.definitions[name], Pick)]
        return all(len({self._picked(pick, hit, facts) for hit in hits}) == 1 for pick in picks)

    def missing(self, expression: Expression, names: Mapping[str, Value]) -> tuple[str, ...]:
        """The names that ``expression`` reads and that have no value."""
        return tuple(sorted(name for name in expression.names if names[name] is None))
