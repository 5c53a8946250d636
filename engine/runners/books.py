"""The books of a run: the policies of one day over the facts of another, each made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from ..diagnostics import Diagnostic
from ..policy.pack import Policies
from ..program.compile import Program, compile_program
from ..program.evaluate import Book
from ..program.holders import Holders
from ..program.measured import measure
from ..program.memory import NOTHING_EARLIER, Memory
from ..program.overrides import overrides
from ..tables.shape import Table

if TYPE_CHECKING:
    from ..program.columnar.book import ColumnBook
    from ..program.row_columns import RowColumns


class Books:
    """``on(day, as_of)``: the policies in force on ``day`` over the facts at the close of ``as_of``.

    ``known`` is what is remembered of decisions, on its own day alone. ``in_columns`` is whether the measures of
    persons, fields and the company are taken in columns.
    """

    def __init__(
        self, policies: Policies, tables: Mapping[str, Table], *, in_columns: bool = False, known: Memory | None = None
    ) -> None:
        self.policies, self.tables, self._reads_columns = policies, tables, in_columns
        self.known = known
        self.holders = Holders(tables.get("assignments"), policies.workspace.roles)
        self.findings: list[Diagnostic] = []
        self._programs: dict[date, Program] = {}
        self._books: dict[tuple[date, date, date | None], Book] = {}
        self._columns: dict[Book, ColumnBook] = {}

    def on(self, day: date, as_of: date, decided_on: date | None = None) -> Book:
        """``decided_on`` is the day whose tiers and scores are read, by the policies in force then; None: ``as_of``."""
        key = self.policies.version_day(day), as_of, decided_on
        if key not in self._books:
            program = self._program(day)
            pinned, findings = overrides(program, self.tables, as_of)
            if decided_on is None:
                self.findings += findings
            behind = self.on(decided_on, decided_on) if decided_on is not None else None
            earlier = self.known.earlier if self.known is not None and self.known.as_of == as_of else NOTHING_EARLIER
            book = Book(program, self.tables, as_of, pinned, holders=self.holders, decided_by=behind, earlier=earlier)
            if self._reads_columns:
                book.measuring = lambda definition: self.in_columns(book).measured(definition)
            self._books[key] = book
        return self._books[key]

    def in_columns(self, book: Book) -> ColumnBook:
        """The same book in columns; one that reads the decisions of another day reads them in columns too."""
        if book not in self._columns:
            from ..program.columnar.book import ColumnBook

            behind = self.in_columns(book.decided_by) if book.decided_by is not None else None
            # while the columns are being made, what they leave to the reference cannot ask for them
            measuring, book.measuring = book.measuring, partial(measure, book)
            self._columns[book] = ColumnBook(book, behind, whole=self._is_of_the_run(book))
            book.measuring = measuring
        return self._columns[book]

    def _is_of_the_run(self, book: Book) -> bool:
        return self.known is None or book is self.on(self.known.as_of, self.known.as_of)

    def rows_of(self, book: Book, table: Table) -> RowColumns:
        """The rows of a table in columns, for pay."""
        from ..program.columnar.paid import RowsInColumns

        return RowsInColumns(self.in_columns(book), table)

    def paying(self, as_of: date, decided_on: date | None) -> Callable[[date], Book]:
        """The books that pay reads: each row by the policies of its own day."""
        return lambda day: self.on(day, as_of, decided_on)

    def _program(self, day: date) -> Program:
        version = self.policies.version_day(day)
        if version not in self._programs:
            self._programs[version] = compile_program(self.policies.on(day))
        return self._programs[version]
