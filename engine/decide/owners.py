"""Who holds what for one account: a lone assignment at once, all else as ``program.holders`` finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from ..policy.model import Role
from ..program.holders import Held, Holders, Holding
from ..tables.shape import Shape
from .cells import Cell
from .reading import Record

_WHOLE = Fraction(1)


class Assignments:
    """Where the assignments table has what it says, and the roles with their fall-backs."""

    def __init__(self, shape: Shape | None, roles: Mapping[str, Role], as_of: date) -> None:
        names = [field.name for field in shape.fields] if shape else []

        def at(name: str | None) -> int | None:
            return names.index(name) if name is not None and name in names else None

        self.as_of, self.roles = as_of, roles
        valid = (shape.valid_from, shape.valid_before, shape.valid_until) if shape else ()
        self.cells = [at(name) for name in ("role", "person", *valid, "split")]
        self.tried = {name: (name, *role.fallback) for name, role in roles.items()}

    def of(self, account_id: str, rows: Sequence[Record]) -> Owners:
        return Owners(self, account_id, rows)


class Owners:
    """The assignments of one account."""

    __slots__ = ("_all", "_lone", "account_id", "assignments", "rows")

    def __init__(self, assignments: Assignments, account_id: str, rows: Sequence[Record]) -> None:
        self.assignments, self.account_id, self.rows = assignments, account_id, rows
        self._lone: dict[str, Holding | None] | None = None
        self._all: Holders | None = None

    def held(self, role: str, day: date) -> tuple[str | None, str]:
        """The person on ``day`` and the role held, perhaps a fall-back; without a person, why is ``on``'s to say."""
        lone = self._lone if self._lone is not None else self._by_role()
        for name in self.assignments.tried.get(role, (role,)):
            if name in lone:
                holding = lone[name]
                if holding is None:
                    found = self.on(role, day)
                    return found.person, found.role
                if holding.start <= day and (holding.before is None or day < holding.before):
                    return holding.person, name
        return None, role

    def now(self, role: str) -> Held:
        return self.on(role, self.assignments.as_of)

    def on(self, role: str, day: date) -> Held:
        """As ``Holders.on``, with the reason where nobody is found."""
        if self._all is None:
            self._all = Holders(None, self.assignments.roles)
            for name, holding in self._holdings():
                self._all.add(self.account_id, name, holding)
        return self._all.on(self.account_id, role, day)

    def _by_role(self) -> dict[str, Holding | None]:
        """The assignment of each role that has only one, which nobody shares; None for the other roles."""
        lone: dict[str, Holding | None] = {}
        for name, holding in self._holdings():
            lone[name] = None if name in lone or holding.share != 1 else holding
        self._lone = lone
        return lone

    def _holdings(self) -> list[tuple[str, Holding]]:
        found = []
        where = self.assignments
        for row in self.rows:
            role, person, start, before, until, split = [None if at is None else row[at] for at in where.cells]
            if role is None or person is None:
                continue
            if until is not None:
                before = until + timedelta(days=1) if until < date.max else None
            found.append((role, Holding(person, role, start or date.min, before, 0, _share(split))))
        return found


def _share(cell: Cell) -> Fraction:
    """Of a role that is split; whole where nothing is said."""
    above, below = cell if isinstance(cell, tuple) else (cell, 1)
    return _WHOLE if above is None else Fraction(above, below)
