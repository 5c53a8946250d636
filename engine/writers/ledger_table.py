"""What a ledger holds, for the terminal and as JSON: a line a lock; one entry whole."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from fractions import Fraction

from rich import box
from rich.console import Console
from rich.table import Table

from ..amounts import grouped, plain
from ..currencies import minor_digits
from ..ledger.entries import Entry
from ..ledger.posted import Lock, Posted
from ..outcome.pay.lines import Payout
from .ledger_files import lock_json
from .terminal import printable

WIDTH = 100
COLUMNS = (
    ("entries", True), ("period", False), ("lines", True), ("payees", True), ("amount", True), ("locked by", False),
    ("at", False),
)  # fmt: skip


def ledger_table(posted: Posted, *, width: int = WIDTH) -> str:
    """The locks in their order, with what each pays."""
    table = Table(box=box.SIMPLE, pad_edge=False)
    for name, is_number in COLUMNS:
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for lock in posted.locks:
        lines = _lines(posted, lock)
        table.add_row(
            f"{lock.entry:,}–{lock.entry + lock.lines:,}",
            printable(lock.period.name),
            f"{lock.lines:,}",
            f"{len({line.payee for line in lines}):,}",
            "\n".join(f"{grouped(total, minor_digits(money))} {money}" for money, total in _totals(lines).items()),
            printable(lock.by),
            printable(lock.at),
        )
    text = io.StringIO()
    console = Console(file=text, width=width, highlight=False, markup=False, no_color=True)
    console.print(table)
    console.print(f"The last entry is {posted.head.sequence}, its digest {posted.head.hash}", soft_wrap=True)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def ledger_json(posted: Posted) -> dict[str, object]:
    locks = [{**lock_json(lock), "amounts": _amounts(_lines(posted, lock))} for lock in posted.locks]
    return {"locks": locks, "entry": posted.head.sequence, "digest": posted.head.hash}


def entry_json(entry: Entry) -> dict[str, object]:
    records = [json.loads(text) for text in entry.payload.split("\n")]
    return {
        "sequence": entry.sequence,
        "period": entry.period,
        "previous": entry.previous,
        "hash": entry.hash,
        "payload": records,
    }


def locked(posted: Posted) -> str:
    """What was posted just now."""
    (lock,) = posted.locks
    return (
        f"{lock.period.name} is locked: entries {lock.entry:,} to {posted.head.sequence:,}\n"
        f"The digest of the last, to be noted: {posted.head.hash}"
    )


def _lines(posted: Posted, lock: Lock) -> list[Payout]:
    last = lock.entry + lock.lines
    return [each.line for each in posted.lines if lock.entry < each.entry <= last]


def _totals(lines: Iterable[Payout]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for line in lines:
        found[line.currency] = found.get(line.currency, Fraction(0)) + (line.amount or Fraction(0))
    return dict(sorted(found.items()))


def _amounts(lines: Iterable[Payout]) -> dict[str, str]:
    return {money: plain(total, minor_digits(money)) for money, total in _totals(lines).items()}
