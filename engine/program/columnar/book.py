"""The columnar book: what the outcomes ask of all accounts at once (``columns.Columns``), lowered, proven and run."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ...columns import DATE, NUMBER, ExactColumn
from ...language.columnar.inputs import Inputs, fitted
from ...language.columnar.lower import Operand
from ...language.columnar.outputs import Output
from ...language.columnar.steps import Step
from ...language.infer import infer
from ...language.ranges import TooWide
from ...language.tree import Expression, Value
from ...policy.names import ACCOUNTS
from ...tables.shape import Table
from ..columns import KIND_OF, ByReference, Decided
from ..compile import Aggregate, Choice, Definition, Formula, Held, Pick, Remembered
from ..decisions import CONFLICT
from ..evaluate import Book
from ..measured import COMPANY, Measured
from .decisions import Deciding, Kept, decided, deciding, joined, picked
from .frame import Frame, SetAside
from .held import Holdings
from .measures import Measures
from .people import People
from .wanted import wanted, wanted_elsewhere


class ColumnBook:
    """All accounts of ``book`` that columns can hold; ``replayed`` are the ids of the others.

    They stand in the order of ids, or (``by_id`` false) of the file, which saves the sorting. ``decided_by`` is the
    book of the day whose decisions count here. ``whole``: all that the outcomes of a run read is prepared.
    """

    def __init__(
        self, book: Book, decided_by: ColumnBook | None = None, *, by_id: bool = True, whole: bool = True
    ) -> None:
        self.book, self.program, self.as_of = book, book.program, book.as_of
        self.decided_by, self._wanted = decided_by, wanted(book.program) if whole else wanted_elsewhere(book.program)
        self._choices = tuple(book.program.choices.values()) if whole else ()
        self.table: Table | None = book.tables.get(ACCOUNTS)
        self._people = People(self)
        ids = self._ids
        every = pl.int_range(len(ids), dtype=pl.UInt32, eager=True)
        self._as_read = not by_id or ids.is_sorted()
        self.kept = self._prepared(every if self._as_read else ids.arg_sort())
        self.replayed: list[str] = self.absent.sort().to_list()

    @property
    def _ids(self) -> pl.Series:
        return self.table.exact("account_id").series if self.table is not None else pl.Series([], dtype=pl.String)

    @property
    def absent(self) -> pl.Series:
        """The ids of the accounts that were set aside, so far."""
        ids = self._ids.cast(pl.String)
        if len(self.kept) == len(ids):
            return ids.clear()
        every = pl.int_range(len(ids), eager=True)
        return ids.gather(every.filter(~every.is_in(self.kept.implode())))

    # proving

    def _prepared(self, order: pl.Series) -> pl.Series:
        """Lowers all that outcomes will ask for; the records that it can be computed for, in columns."""
        while True:
            try:
                return fitted(order, self._lowered)[1]
            except SetAside as failure:
                order = order.filter(~order.is_in(failure.rows.cast(pl.UInt32).implode()))
            except TooWide:
                order = order.clear()

    def _lowered(self, kept: pl.Series, inputs: Inputs) -> None:
        self.kept = kept
        ids = self._ids
        self._whole = self._as_read and len(kept) == len(ids)
        self.account_ids = ids if self._whole else ids.gather(kept)
        self.frame = Frame(len(kept), self.program.fiscal, self.operand, inputs)
        self._operands: dict[str, Operand | None] = {}
        self._decidings: dict[str, Deciding] = {}
        self._outputs: dict[int, tuple[Expression, Output]] = {}
        self._named: dict[str, Output] = {}
        self.measures = Measures(self)
        self._holdings: Holdings | None = None
        # in the order of their use, so that none has to wait for another on the stack
        for name in self._wanted.names:
            self._output_of(name)
        for choice in self._choices:
            self.deciding(choice)
        for expression in self._wanted.expressions:
            self._output(expression)

    # what names stand for

    def operand(self, name: str) -> Operand | None:
        if name not in self._operands:
            self._operands[name] = self._operand(name)
        return self._operands[name]

    def _operand(self, name: str) -> Operand | None:
        program, book = self.program, self.book
        if self.table is not None and self.table.shape.field(name) is not None:
            return self._field(self.table, name)
        if name in book.shared:
            return self.frame.leaf(name, book.shared[name])
        if self.decided_by is not None and name in program.decided:
            return self.frame.leaf(name, self._decided_elsewhere(name, self.decided_by))
        match definition := program.definitions[name]:
            case Formula(per="account"):
                return self.frame.operand(definition.expression)
            case Formula():
                return self.frame.leaf(name, self._of_company(definition))
            case Aggregate(per="account"):
                return self.frame.leaf(name, self.measures.of_accounts(definition))
            case Aggregate():
                return self.frame.leaf(name, self.measured(definition)[COMPANY].value)
            case Held():
                return self._held(definition)
            case Remembered():
                return self.frame.leaf(name, self._remembered(definition))
            case Pick():
                choice = program.choices[definition.choice]
                return picked(self.frame, definition, self.deciding(choice).hit, self.frame.operand)

    def _of_company(self, definition: Definition) -> Value:
        """A figure of the company, from measures that are taken in columns."""
        if isinstance(definition, Aggregate):
            return self.measured(definition)[COMPANY].value
        assert isinstance(definition, Formula)
        shared, known = self.book.shared, self.program.definitions
        seen = {n: shared[n] if n in shared else self._of_company(known[n]) for n in definition.expression.names}
        return self.book.value(definition.expression, seen)

    def _field(self, table: Table, name: str) -> Operand:
        if beyond := table.beyond(name):
            unfit = pl.Series(beyond, dtype=pl.UInt32)
            unfit = unfit.filter(unfit.is_in(self.kept.implode()))
            if len(unfit):
                raise SetAside(unfit)
        column = table.exact(name)
        return self.frame.inputs.operand(name, column if self._whole else column.gather(self.kept))

    def _decided_elsewhere(self, name: str, other: ColumnBook) -> ExactColumn | None:
        """The decision of another day; an account that was set aside there is set aside here."""
        if name not in other.program.types and name not in other.program.definitions:
            return None
        try:
            decided = other.name(name)
        except TooWide:
            raise SetAside(self.kept.cast(pl.UInt32)) from None
        places = pl.DataFrame({"id": other.account_ids}).with_row_index("#")
        found = pl.DataFrame({"id": self.account_ids}).join(places, on="id", how="left", maintain_order="left")["#"]
        gone = found.is_null() & self.account_ids.is_in(pl.Series(other.replayed, dtype=pl.String).implode())
        if gone.any():
            raise SetAside(self.kept.filter(gone))
        return decided.gather(found)

    def _remembered(self, definition: Remembered) -> ExactColumn | None:
        known = self.book.grades_before(definition.policy)
        if not known:
            return None
        kind = KIND_OF[self.program.types[definition.name].kind]
        values = [getattr(grade, definition.what) or None for grade in known.values()]
        before = pl.DataFrame(
            {"id": list(known), "value": pl.Series(values, dtype=pl.Date if kind == DATE else pl.String)}
        )
        found = pl.DataFrame({"id": self.account_ids}).join(before, on="id", how="left", maintain_order="left")["value"]
        return ExactColumn(kind, found) if found.null_count() < len(found) else None

    def _held(self, definition: Held) -> Operand | None:
        rows = pl.int_range(len(self.kept), dtype=pl.UInt32, eager=True)
        days = pl.repeat(self.as_of, len(self.kept), dtype=pl.Date, eager=True)
        found = self.holders(definition.role, rows, days)["since" if definition.since else "person"]
        kind = KIND_OF[self.program.types[definition.name].kind]
        return self.frame.leaf(definition.name, ExactColumn(kind, found))

    def deciding(self, choice: Choice) -> Deciding:
        if choice.name not in self._decidings:
            pinned = self._pinned(choice)
            self._decidings[choice.name] = deciding(
                self.frame, choice, pinned, self._kept(choice), lambda rows: self._disagree(choice, rows)
            )
        return self._decidings[choice.name]

    def _pinned(self, choice: Choice) -> pl.Series | None:
        own = {account_id: o.hit for (name, account_id), o in self.book.overrides.items() if name == choice.name}
        if not own:
            return None
        pins = pl.DataFrame({"id": list(own), "hit": list(own.values())}, schema={"id": pl.String, "hit": pl.Int64})
        found = pl.DataFrame({"id": self.account_ids}).join(pins, on="id", how="left", maintain_order="left")["hit"]
        return found if found.null_count() < len(found) else None

    def _kept(self, choice: Choice) -> Kept | None:
        known = self.book.kept(choice)
        if not known:
            return None
        days = [(account_id, kept.hit, kept.until) for account_id, kept in known.items()]
        kept = pl.DataFrame(days, schema={"id": pl.String, "hit": pl.Int64, "until": pl.Date}, orient="row")
        found = pl.DataFrame({"id": self.account_ids}).join(kept, on="id", how="left", maintain_order="left")
        return Kept(found["hit"], found["until"]) if found["hit"].null_count() < len(found) else None

    def _disagree(self, choice: Choice, rows: pl.Series) -> pl.Series:
        ids = self.account_ids.gather(rows)
        decisions = (self.book.decision(choice.name, account_id) for account_id in ids)
        # a tier that is held stands before what the rows say
        by_rows = (d.kept.instead or d if d.kept is not None else d for d in decisions)
        return pl.Series([decision.status == CONFLICT for decision in by_rows], dtype=pl.Boolean)

    # what outcomes ask

    def evaluate(self) -> None:
        """Computes in one go all that was lowered, so that what is shared is computed once."""
        decided = [found for name, found in self._named.items() if name in self._wanted.decided]
        steps: list[Step] = [step for found in decided for step in found.steps]
        steps += [step for found in self._decidings.values() for step in found.steps]
        steps += [step for _, found in self._outputs.values() for step in found.steps]
        self.frame.stages.run(steps)

    def value(self, expression: Expression) -> ExactColumn:
        try:
            return self.frame.column(self._output(expression))
        except TooWide:
            # nobody said beforehand that this would be asked, and it does not fit
            return ByReference(self.book, self.account_ids.to_list()).value(expression)

    def name(self, name: str) -> ExactColumn:
        return self.frame.column(self._output_of(name))

    def decision(self, choice: Choice) -> Decided:
        return decided(self.frame, self.deciding(choice), self._absent)

    def missing(self, expression: Expression) -> pl.Series:
        absent = {name: self.frame.series(step) for name, step in self._absent(expression).items()}
        return joined(absent, len(self.kept))

    def measured(self, definition: Aggregate) -> Mapping[str, Measured]:
        """As ``measured.measure``, of a measure that is not of accounts."""
        return self._people.measured(definition)

    def holders(self, role: str, rows: pl.Series, days: pl.Series) -> pl.DataFrame:
        return self.holdings.on(role, rows, days)

    @property
    def holdings(self) -> Holdings:
        if self._holdings is None:
            self._holdings = Holdings(self)
        return self._holdings

    def _absent(self, expression: Expression) -> dict[str, Step]:
        return {name: self.frame.is_missing(self.operand(name)) for name in expression.names}

    def _output(self, expression: Expression) -> Output:
        known = self._outputs.get(id(expression))
        if known is None or known[0] is not expression:
            kind = KIND_OF.get(infer(expression, self.program.types)[0].kind, NUMBER)
            known = expression, self._made(self.frame.operand(expression), kind)
            self._outputs[id(expression)] = known
        return known[1]

    def _output_of(self, name: str) -> Output:
        if name not in self._named:
            kind = self.program.types.get(name)
            column = KIND_OF.get(kind.kind, NUMBER) if kind is not None else NUMBER
            self._named[name] = self._made(self.operand(name), column)
        return self._named[name]

    def _made(self, operand: Operand | None, kind: str) -> Output:
        """Of no accounts all is missing: also a figure of the policies that no column holds, which set them aside."""
        return self.frame.output(operand if len(self.kept) else None, kind)
