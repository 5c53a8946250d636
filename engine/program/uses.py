"""The uses of an account: the rows that its success rests on."""

from __future__ import annotations

from collections.abc import Sequence

from ..policy.model_success import USE_CASE, Success, UseCase
from .compile import Aggregate
from .evaluate import Book, Row
from .successes import uses_name


def uses_of(book: Book, success: Success, account_id: str) -> Sequence[Row]:
    """The rows that the measures behind the fact count, in file order."""
    counted = book.program.definitions[uses_name(success)]
    assert isinstance(counted, Aggregate)
    if not book.rows_of(counted.table, counted.link, account_id):
        return ()  # most accounts of a large book may have none: nothing of theirs is looked up
    facts = book.accounts[account_id]
    table = book.tables[success.table]
    return [Row(table, i, facts) for i in book.aggregate(counted, facts).used]


def entry_of(success: Success, use: Row) -> UseCase | None:
    """The entry of the policy that the row is held to; None where none has its name."""
    return next((each for each in success.use_cases if each.name == use[USE_CASE]), None)
