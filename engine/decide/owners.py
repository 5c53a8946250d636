"""Who holds what for one account: of a lone assignment at once, all else as ``program.holders`` finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

_Term: TypeAlias = tuple[str, date | None, date | None, Fraction]
"""Who, from which day on (None: from the first), before which day (None: still), and the share."""


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

    __slots__ = ("_all", "_terms", "account_id", "assignments", "rows")

    def __init__(self, assignments: Assignments, account_id: str, rows: Sequence[Record]) -> None:
        self.assignments, self.account_id, self.rows = assignments, account_id, rows
        self._terms: dict[str, list[_Term]] | None = None
        self._all: Holders | None = None

    def held(self, role: str, day: date) -> tuple[str | None, str]:
        """The person on ``day`` and the role held, perhaps a fall-back; without a person, why is ``on``'s to say."""
        terms = self._terms if self._terms is not None else self._by_role()
        for name in self.assignments.tried.get(role) or (role,):
            sole: _Term | None = None
            for term in terms.get(name, ()):
                _, start, before, _ = term
                if (start is None or start <= day) and (before is None or day < before):
                    if sole is not None:
                        return self._shared(role, day)
                    sole = term
            if sole is not None:
                return (sole[0], name) if sole[3] is _WHOLE else self._shared(role, day)
        return None, role

    def _shared(self, role: str, day: date) -> tuple[str | None, str]:
        found = self.on(role, day)
        return found.person, found.role

    def on_day(self, role: str) -> Held:
        return self.on(role, self.assignments.as_of)

    def on(self, role: str, day: date) -> Held:
        """As ``Holders.on``, with the reason where nobody is found."""
        if self._all is None:
            self._all = Holders(None, self.assignments.roles)
            terms = self._terms if self._terms is not None else self._by_role()
            for name, some in terms.items():
                for person, start, before, share in some:
                    self._all.add(self.account_id, name, Holding(person, name, start or date.min, before, 0, share))
        return self._all.on(self.account_id, role, day)

    def _by_role(self) -> dict[str, list[_Term]]:
        """The terms of each role, in the order of the rows."""
        found: dict[str, list[_Term]] = {}
        self._terms = found
        role_at, person_at, start_at, before_at, until_at, split_at = self.assignments.cells
        for row in self.rows:
            role, person = row[role_at], row[person_at]
            if role is None or person is None:
                continue
            before = row[before_at] if before_at is not None else None
            if until_at is not None and row[until_at] is not None:
                before = row[until_at] + _DAY if row[until_at] < date.max else None
            share = _share(row[split_at]) if split_at is not None else _WHOLE
            term = (person, row[start_at] if start_at is not None else None, before, share)
            if role in found:
                found[role].append(term)
            else:
                found[role] = [term]
        return found


def _share(cell: Cell) -> Fraction:
    """Of a role that is split; whole where nothing is said."""
    above, below = cell if isinstance(cell, tuple) else (cell, 1)
    return _WHOLE if above is None else Fraction(above, below)
