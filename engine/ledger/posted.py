"""What a ledger says was paid: its locks, and the lines of each with all that a statement shows of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..outcome.pay.bonus import Attainment
from ..outcome.pay.credit_frame import Credits
from ..outcome.pay.credits import Credited
from ..outcome.pay.lines import Pay, Payout
from ..periods import Period
from .entries import NO_ENTRY, Entry, Head, Json, Posting, canonical
from .records import ATTAINMENTS, CREDITS, LINES

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Lock:
    """One locking of a period. ``by`` and ``at`` are what was said of who locked it and when; ``made_of`` are digests.

    ``workspace``, ``forms`` and ``language`` are those of its statements.
    """

    entry: int
    period: Period
    lines: int
    by: str
    at: str
    as_of: date
    made_of: Mapping[str, str]
    workspace: str = ""
    forms: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class PostedLine:
    entry: int
    line: Payout


@dataclass(frozen=True)
class Posted:
    """All that was posted up to ``head``, in its order; what some of its lines rest on is fetched by ``behind``."""

    head: Head = NO_ENTRY
    locks: tuple[Lock, ...] = ()
    lines: tuple[PostedLine, ...] = ()
    behind: Callable[[Collection[int]], Pay] = field(default=lambda entries: Pay(), compare=False, repr=False)

    def closing(self, period: Period) -> Lock | None:
        """The lock by which a period, or a longer one around it, was closed first."""
        holds = (k for k in self.locks if k.period.start <= period.start and period.before <= k.period.before)
        return next(holds, None)

    @property
    def payouts(self) -> Iterator[Payout]:
        return (each.line for each in self.lines)


NOTHING_POSTED = Posted()


def posted(entries: Iterable[Entry], some: Callable[[Collection[int]], Iterable[Entry]] = lambda numbers: ()) -> Posted:
    """What sound entries say; ``some`` of them can be read again."""
    head, locks, lines = NO_ENTRY, list[Lock](), list[PostedLine]()
    for entry in entries:
        head, first = entry.head, entry.first
        if "lock" in first:
            locks.append(_lock(entry.sequence, first["lock"]))
        else:
            lines.append(PostedLine(entry.sequence, _line(first)))
    return Posted(head, tuple(locks), tuple(lines), lambda numbers: paid(some(numbers)))


def paid(entries: Iterable[Entry]) -> Pay:
    """The lines of sound entries as they were computed, with their credits and attainments."""
    lines, credits, attainments = list[Payout](), list[Credited](), list[Attainment]()
    for entry in entries:
        if "lock" in entry.first:
            continue
        lines.append(_line(entry.first))
        given = _given(lines[-1])
        for record in entry.rest:
            credit, attainment = record.get("credit"), record.get("attainment")
            if isinstance(credit, Mapping):
                credits.append(CREDITS.value(credit, given))
            elif isinstance(attainment, Mapping):
                attainments.append(ATTAINMENTS.value(attainment, given))
    attainments.sort(key=lambda a: (a.plan, a.period, a.payee, a.component))
    return Pay(Credits((), credits), attainments, lines)


def postings(lock: Lock, pay: Pay) -> list[Posting]:
    """What is posted for a lock: itself, then every line with what it rests on.

    A credit or an attainment without a line of its own lies under its payee's first; without any, it pays nobody.
    """
    homes: dict[tuple[str, ...], int] = {}
    for i, line in enumerate(pay.payouts):
        homes.setdefault((line.plan, line.payee, line.period, line.component), i)
        homes.setdefault((line.payee,), i)
    given = [_given(line) for line in pay.payouts]
    records = [[canonical({"line": LINES.record(line, {})})] for line in pay.payouts]
    for credit in pay.credits:
        key = credit.plan, credit.payee, credit.period, credit.component
        home = homes.get(key, homes.get((credit.payee,)))
        if home is not None:
            records[home].append(canonical({"credit": CREDITS.record(credit, given[home])}))
    for each in pay.attainments:
        key = each.plan, each.payee, each.paid_in, each.component
        home = homes.get(key, homes.get((each.payee,)))
        if home is not None:
            records[home].append(canonical({"attainment": ATTAINMENTS.record(each, given[home])}))
    opened = canonical({"lock": _lock_record(replace(lock, lines=len(pay.payouts)))})
    return [(lock.period.name, payload) for payload in (opened, *map("\n".join, records))]


def _given(line: Payout) -> Mapping[str, object]:
    """What a credit or an attainment mostly has from its line."""
    names = "plan", "payee", "period", "component", "currency"
    return {**{name: getattr(line, name) for name in names}, "paid_in": line.period}


def _line(first: Mapping[str, Json]) -> Payout:
    line: Any = first["line"]
    return LINES.value(line, {})


def _lock_record(lock: Lock) -> Mapping[str, Json]:
    return {
        "format": FORMAT,
        "period": lock.period.name,
        "from": lock.period.start.isoformat(),
        "before": lock.period.before.isoformat(),
        "lines": lock.lines,
        "by": lock.by,
        "at": lock.at,
        "as_of": lock.as_of.isoformat(),
        "made_of": lock.made_of,
        "workspace": lock.workspace,
        "forms": lock.forms,
        "language": lock.language,
    }


def _lock(entry: int, found: Any) -> Lock:
    period = Period(date.fromisoformat(found["from"]), date.fromisoformat(found["before"]), found["period"])
    as_of = date.fromisoformat(found["as_of"])
    said = found["workspace"], tuple(found["forms"]), found["language"]
    return Lock(entry, period, found["lines"], found["by"], found["at"], as_of, found["made_of"], *said)
