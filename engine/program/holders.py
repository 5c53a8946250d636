"""Who holds a role for an account on a day, by the assignments table: effective-dated, half-open, with fall-backs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from ..amounts import percent
from ..policy.model import Role
from ..tables.shape import Table


@dataclass(frozen=True, slots=True)
class Holding:
    person: str
    role: str
    start: date
    before: date | None
    row: int
    share: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Held:
    """``person`` None says in ``reason`` why nobody is found. ``role`` is the one held, perhaps a fall-back.

    ``since`` is the first day of the unbroken time for which the person has held it. ``shares`` are the holders of a
    role that is split, each with the share that the assignments give. ``undecided`` are the missing
    fields that say whose duty it is.
    """

    person: str | None
    role: str = ""
    reason: str = ""
    row: int = 0
    since: date | None = None
    shares: tuple[tuple[str, Fraction], ...] = ()
    undecided: tuple[str, ...] = ()


class Holders:
    """Assignments by account and role. A row without a start holds from the first day on."""

    def __init__(self, table: Table | None, roles: Mapping[str, Role]) -> None:
        self.roles, self.table = roles, table
        self.file = table.file if table else ""

    @cached_property
    def _held(self) -> dict[tuple[str, str], list[Holding]]:
        table = self.table
        found: dict[tuple[str, str], list[Holding]] = {}
        if table is None:
            return found
        shape, none = table.shape, [None] * len(table)
        days = (name or "" for name in (shape.valid_from, shape.valid_before, shape.valid_until))
        read = [table.columns.get(name, none) for name in ("account_id", "role", "person", *days, "split")]
        for row, account, role, person, start, before, until, share in zip(table.rows, *read, strict=True):
            if not (isinstance(account, str) and isinstance(role, str) and isinstance(person, str)):
                continue
            if isinstance(until, date):
                before = until + timedelta(days=1) if until < date.max else None
            holding = Holding(
                person,
                role,
                start if isinstance(start, date) else date.min,
                before if isinstance(before, date) else None,
                row,
                share if isinstance(share, Fraction) else Fraction(1),
            )
            found.setdefault((account, role), []).append(holding)
        return found

    def add(self, account_id: str, role: str, holding: Holding) -> None:
        """One more assignment, after those that are known."""
        self._held.setdefault((account_id, role), []).append(holding)

    def on(self, account_id: str, role: str, day: date) -> Held:
        """Whoever holds ``role``, or the first of its fall-backs that is held; two holders of one role are nobody."""
        tried = [role, *(self.roles[role].fallback if role in self.roles else ())]
        for name in tried:
            found = self._holdings(account_id, name, day)
            persons = sorted({holding.person for holding in found})
            # an assignment that is written twice holds once
            parts = {person: max(h.share for h in found if h.person == person) for person in persons}
            shares = tuple(sorted(parts.items(), key=lambda part: (-part[1], part[0])))
            total = sum(parts.values(), Fraction(0))
            if persons and total != 1:
                split = f", whose shares sum to {percent(total)}" if any(share != 1 for share in parts.values()) else ""
                people = f"{len(persons)} people hold" if len(persons) > 1 else "one person holds"
                return Held(None, name, f"{people} {name} on {day}: {', '.join(persons)}{split}")
            if persons:
                # of people who share a role the one with the largest part does the tasks
                person = shares[0][0]
                row = next(h.row for h in found if h.person == person)
                return Held(person, name, "", row, self._since(account_id, name, person, day), shares)
        return Held(None, role, f"nobody holds {' or '.join(tried)} on {day}")

    def _since(self, account_id: str, role: str, person: str, day: date) -> date:
        """Back over assignments of the same person that meet without a gap."""
        own = [h for h in self._held.get((account_id, role), []) if h.person == person and h.start <= day]
        start = max(h.start for h in own if h.before is None or day < h.before)
        for holding in sorted(own, key=lambda h: h.start, reverse=True):
            if holding.start < start and (holding.before is None or holding.before >= start):
                start = holding.start
        return start

    def _holdings(self, account_id: str, role: str, day: date) -> list[Holding]:
        held = self._held.get((account_id, role), [])
        return [h for h in held if h.start <= day and (h.before is None or day < h.before)]
