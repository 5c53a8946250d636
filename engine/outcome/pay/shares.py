"""For whom a row counts, and with which part of it: row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from ...amounts import percent
from ...language.tree import Value
from ...policy.model_credit import Credit, Split, Tranche
from ...program.evaluate import Book, Row
from .chain import Chains

NO_PART = "there is no share"
SHARE_MISSING = "a share of the row is missing"


@dataclass(frozen=True, slots=True)
class Share:
    """A person's part of one credit; ``person`` empty: nobody is found, for ``reason``; ``waits``: one may be.

    ``said`` tells as what the person is credited, where it is not as the one whom the row names.
    """

    person: str
    part: Fraction | None
    reason: str = ""
    waits: bool = False
    said: str = ""


def shares(
    credit: Credit,
    row: Row,
    day: date,
    account_id: Value,
    book: Book,
    chains: Chains,
    tranche: Tranche | None = None,
) -> Iterator[Share]:
    """Who gets which part: by the splits of the credit, by those of a role that several people share, up from person
    to person, and of a tranche its part of that.
    """
    for split in credit.splits:
        for share in _found(split, _part(split, book, row), row, day, account_id, book):
            for each in _up(share, split, day, chains, book):
                yield each if tranche is None else _of_tranche(each, tranche)


def _up(share: Share, split: Split, day: date, chains: Chains, book: Book) -> Iterator[Share]:
    if split.through is None or not share.person:
        yield share
        return
    for level in chains.by(split.through, book.tables).of(share.person, day, split.levels):
        waits = share.waits or bool(level.person and level.reason)
        yield Share(level.person, share.part, share.reason if share.waits else level.reason, waits, level.said)


def _of_tranche(share: Share, tranche: Tranche) -> Share:
    part = share.part * tranche.share if share.part is not None else None
    return replace(share, part=part, said=joined(share.said, told_of(tranche)))


def joined(*said: str) -> str:
    return "; ".join(filter(None, said))


def told_of(tranche: Tranche) -> str:
    return f"{percent(tranche.share)} on {tranche.dated_by}"


def off_total(credit: Credit, row: Row, book: Book) -> str:
    """Why the row waits where its shares are not all of it; empty where they are."""
    if not credit.shares_vary:
        return ""
    found = [book.value(share, row) for share in credit.shares]
    known = [part for part in found if isinstance(part, Fraction)]
    return not_whole(sum(known, Fraction(0)) if len(known) == len(found) else None)


def not_whole(total: Fraction | None) -> str:
    """What is wrong with this total of shares; None where one of them is missing."""
    if total is None:
        return SHARE_MISSING
    return "" if total == 1 else f"the shares total {percent(total)}, not 100%"


def _part(split: Split, book: Book, row: Row) -> Fraction | None:
    part = Fraction(1) if split.share is None else book.value(split.share, row)
    return part if isinstance(part, Fraction) else None


def _found(split: Split, part: Fraction | None, row: Row, day: date, account_id: Value, book: Book) -> Iterator[Share]:
    if split.to in row.table.columns:
        person = row.table.columns[split.to][row.index]
        yield Share(person, part) if isinstance(person, str) else Share("", part, names_no(split.to))
    elif not isinstance(account_id, str):
        yield Share("", part, NO_ACCOUNT)
    else:
        held = book.holder(split.to, account_id, day)
        for person, share in held.shares or (((held.person or ""), Fraction(1)),):
            yield Share(person, part * share if part is not None else None, held.reason, bool(held.undecided))


NO_ACCOUNT = "the row names no account, so nobody holds it"


def names_no(field: str) -> str:
    return f"the row names no {field}"
