"""Who holds what for one account: a lone assignment at once, all else as ``program.holders`` finds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, TypeAlias

from ..policy.model import Role
from ..program.holders import Held, Holders, Holding
from ..tables.shape import Shape
from .cells import Cell
from .reading import Record

_WHOLE = Fraction(1)
_DAY = timedelta(days=1)

_Term: TypeAlias = tuple[str, date | None, date | None]
"""Who, from which day on (None: from the first), before which day (None: still)."""


class Assignments:
    """Where the assignments table has what it says, and the roles with their fall-backs."""

    def __init__(self, shape: Shape | None, roles: Mapping[str, Role], as_of: date) -> None:
        names = [field.name for field in shape.fields] if shape else []

        def at(name: str | None) -> int | None:
            return names.index(name) if name is not None and name in names else None

        self.as_of, self.roles = as_of, roles
        valid = (shape.valid_from, shape.valid_before, shape.valid_until) if shape else (None, None, None)
        self.cells: list[Any] = [at(name) for name in ("role", "person", *valid, "split")]
        self.tried = {name: (name, *role.fallback) for name, role in roles.items()}

    def of(self, account_id: str, rows: Sequence[Record]) -> Owners:
        return Owners(self, account_id, rows)


class Owners:
    """The assignments of one account."""

    __slots__ = ("_all", "_lone", "account_id", "assignments", "rows")

    def __init__(self, assignments: Assignments, account_id: str, rows: Sequence[Record]) -> None:
        self.assignments, self.account_id, self.rows = assignments, account_id, rows
        self._lone: dict[str, _Term | None] | None = None
        self._all: Holders | None = None

    def held(self, role: str, day: date) -> tuple[str | None, str]:
        """The person on ``day`` and the role held, perhaps a fall-back; without a person, why is ``on``'s to say."""
        lone = self._lone if self._lone is not None else self._by_role()
        for name in self.assignments.tried.get(role) or (role,):
            if name in lone:
                term = lone[name]
                if term is None:
                    found = self.on(role, day)
                    return found.person, found.role
                person, start, before = term
                if (start is None or start <= day) and (before is None or day < before):
                    return person, name
        return None, role

    def on_day(self, role: str) -> Held:
        return self.on(role, self.assignments.as_of)

    def on(self, role: str, day: date) -> Held:
        """As ``Holders.on``, with the reason where nobody is found."""
        if self._all is None:
            self._all = Holders(None, self.assignments.roles)
            for name, (person, start, before), share in self._terms():
                holding = Holding(person, name, start or date.min, before, 0, share)
                self._all.add(self.account_id, name, holding)
        return self._all.on(self.account_id, role, day)

    def _by_role(self) -> dict[str, _Term | None]:
        """The assignment of each role that has only one, which nobody shares; None for the other roles."""
        self._lone = lone = {}
        for name, term, share in self._terms():
            lone[name] = None if name in lone or share is not _WHOLE else term
        return lone

    def _terms(self) -> Iterator[tuple[str, _Term, Fraction]]:
        """The role, who has it from when until before when, and the share."""
        role_at, person_at, start_at, before_at, until_at, split_at = self.assignments.cells
        for row in self.rows:
            role, person = row[role_at], row[person_at]
            if role is None or person is None:
                continue
            before = row[before_at] if before_at is not None else None
            if until_at is not None and row[until_at] is not None:
                before = row[until_at] + _DAY if row[until_at] < date.max else None
            share = _share(row[split_at]) if split_at is not None else _WHOLE
            yield role, (person, row[start_at] if start_at is not None else None, before), share


def _share(cell: Cell) -> Fraction:
    """Of a role that is split; whole where nothing is said."""
    above, below = cell if isinstance(cell, tuple) else (cell, 1)
    return _WHOLE if above is None else Fraction(above, below)
