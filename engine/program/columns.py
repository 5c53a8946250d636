"""What outcomes read of a whole book of business at once: values, decisions and holders, column by column.

``Columns`` is the contract. ``ByReference`` keeps it by asking the reference row by row: the meaning of the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import polars as pl

from ..columns import BOOLEAN, DATE, NUMBER, TEXT, ExactColumn, exact_column
from ..language import types
from ..language.infer import infer
from ..language.tree import Expression, Value
from .compile import Choice, Program
from .decisions import Decision
from .evaluate import Book

KIND_OF = {
    types.NUMBER: NUMBER,
    types.MONEY: NUMBER,
    types.DATE: DATE,
    types.BOOLEAN: BOOLEAN,
    types.TEXT: TEXT,
}


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions of one choice, one a row, as ``decisions.Decision`` has them.

    ``status`` is a pl.String; ``hit`` the deciding row of the choice (Int32; null where none did); ``hits`` all rows
    hit (List of Int32); ``missing`` the sorted names, joined by ``", "`` (empty where nothing is missing). Where tiers
    are held there is ``until`` (Date), and what is decided ``instead``, which is the same where no tier is held.
    """

    status: pl.Series
    hit: pl.Series
    hits: pl.Series
    missing: pl.Series
    until: pl.Series | None = None
    instead: Decided | None = None


class Columns(Protocol):
    """All accounts of a book, or those that columns can hold, sorted by ``account_ids``; every series has their order.

    ``book`` is the reference over the same tables, for what concerns few rows.
    """

    program: Program
    as_of: date
    book: Book

    @property
    def account_ids(self) -> pl.Series: ...

    def value(self, expression: Expression) -> ExactColumn:
        """An expression over each account's facts."""

    def name(self, name: str) -> ExactColumn:
        """A field, a setting, a measure, a tier and what it gives, a score: whatever an account's name stands for."""

    def decision(self, choice: Choice) -> Decided: ...

    def missing(self, expression: Expression) -> pl.Series:
        """The names that the expression reads and that have no value: sorted, joined by ``", "`` (pl.String)."""

    def holders(self, role: str, rows: pl.Series, days: pl.Series) -> pl.DataFrame:
        """Who holds the role or duty for the account at index ``rows[i]`` on ``days[i]``: one line for each i.

        ``person`` (null: nobody), ``role`` (the one held, perhaps a fall-back), ``reason``, ``since`` (Date) and
        ``undecided`` (the missing fields, joined), as ``holders.Held`` has them.
        """


def _decided(found: Sequence[Decision]) -> Decided:
    return Decided(
        pl.Series([d.status for d in found], dtype=pl.String),
        pl.Series([d.hit for d in found], dtype=pl.Int32),
        pl.Series([list(d.hits) for d in found], dtype=pl.List(pl.Int32)),
        pl.Series([", ".join(d.missing) for d in found], dtype=pl.String),
    )


class ByReference:
    """The contract kept by the reference."""

    def __init__(self, book: Book, account_ids: Sequence[str] | None = None) -> None:
        self.book, self.program, self.as_of = book, book.program, book.as_of
        self.ids = sorted(book.accounts if account_ids is None else account_ids)
        self.facts = [book.accounts[account_id] for account_id in self.ids]

    @property
    def account_ids(self) -> pl.Series:
        return pl.Series(self.ids, dtype=pl.String)

    def value(self, expression: Expression) -> ExactColumn:
        kind = infer(expression, self.program.types)[0].kind
        return self._column(kind, [self.book.value(expression, facts) for facts in self.facts])

    def name(self, name: str) -> ExactColumn:
        values = [facts[name] for facts in self.facts]
        kind = self.program.types.get(name)
        return self._column(kind.kind if kind is not None else types.NUMBER, values)

    def _column(self, kind: str, values: Sequence[Value]) -> ExactColumn:
        return exact_column(KIND_OF.get(kind, NUMBER), values)

    def decision(self, choice: Choice) -> Decided:
        found = [self.book.decision(choice.name, account_id) for account_id in self.ids]
        decided = _decided(found)
        kept = [d.kept for d in found]
        if not any(kept):
            return decided
        until = pl.Series([k.until if k is not None else None for k in kept], dtype=pl.Date)
        instead = [
            k.instead if k is not None and k.instead is not None else d for k, d in zip(kept, found, strict=True)
        ]
        return replace(decided, until=until, instead=_decided(instead))

    def missing(self, expression: Expression) -> pl.Series:
        found = [", ".join(self.book.missing(expression, facts)) for facts in self.facts]
        return pl.Series(found, dtype=pl.String)

    def holders(self, role: str, rows: pl.Series, days: pl.Series) -> pl.DataFrame:
        held = [
            self.book.holder(role, self.ids[row], day) for row, day in zip(rows.to_list(), days.to_list(), strict=True)
        ]
        columns: Mapping[str, list[object]] = {
            "person": [h.person for h in held],
            "role": [h.role for h in held],
            "reason": [h.reason for h in held],
            "since": [h.since for h in held],
            "undecided": [", ".join(h.undecided) for h in held],
        }
        text = pl.String
        schema = {"person": text, "role": text, "reason": text, "since": pl.Date, "undecided": text}
        return pl.DataFrame(columns, schema=schema)
