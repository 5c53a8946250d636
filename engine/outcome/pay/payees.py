"""Who a plan pays, and what an expression about one payee sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...language.tree import Value
from ...policy.model_pay import Plan
from ...policy.names import PEOPLE
from ...program.evaluate import Book, Row
from ...program.measured import Measured, measured_of


class Payee(Mapping[str, Value]):
    """A person's own fields, then the measures of that person and of the company, then the settings."""

    def __init__(self, book: Book, index: int) -> None:
        self.book, self.index = book, index
        self.table = book.tables[PEOPLE]
        self.person = str(self.table.columns["person"][index])

    def __getitem__(self, name: str) -> Value:
        if name in self.table.columns:
            return self.table.columns[name][self.index]
        if name in self.book.shared:
            return self.book.shared[name]
        return self.measured(name).value

    def measured(self, name: str) -> Measured:
        """The measure ``name`` of this person, or the company's."""
        return measured_of(self.book, name, self.person)

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self.table.columns), **self.book.shared, **self.book.program.per_holder})

    def __len__(self) -> int:
        return sum(1 for _ in self)


def payees_of(plan: Plan, book: Book) -> dict[str, tuple[bool | None, int]]:
    """Every person with whether the plan pays them (None: undecided), and the record of the people table."""
    table = book.tables[PEOPLE]
    found: dict[str, tuple[bool | None, int]] = {}
    for i in range(len(table)):
        row = Row(table, i, book.shared)
        holds = True if plan.payees is None else book.value(plan.payees, row)
        found[str(row["person"])] = (holds if isinstance(holds, bool) else None), i
    return found
