"""What a caller brings for one account, read into records of cells; whatever is in doubt is left to the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from ..language.generated import Replay
from ..policy.model import Workspace
from ..policy.names import ACCOUNTS, ASSIGNMENTS, account_field
from ..tables.dates import zone_named
from ..tables.shape import Shape
from .cells import Cell, quick_reader

Record = tuple[Cell, ...]
"""One row: its cells in the order of the shape's fields."""

_LISTS = (list, tuple)


@dataclass(frozen=True, slots=True)
class Given:
    """One account: its cells, and the rows of each table that are its own and not later than ``as_of``."""

    account_id: str
    record: Record
    rows: Mapping[str, Sequence[Record]]


class Reader:
    """Reads accounts of one workspace on one day. Raises Replay for whatever the reference might refuse."""

    def __init__(self, workspace: Workspace, as_of: date) -> None:
        shapes, zone = workspace.shapes, zone_named(workspace.timezone)
        self.accounts = _Rows(shapes[ACCOUNTS], as_of, zone)
        self.id_at = self.accounts.names.index("account_id")
        self.tables = [_Rows(shape, as_of, zone) for shape in shapes.values() if shape.name != ACCOUNTS]
        fields = {field.name for field in shapes[ACCOUNTS].fields}
        # a name that is both, or the accounts themselves as somebody's rows, needs a closer look
        self.accepted = frozenset((fields ^ shapes.keys()) - {ACCOUNTS})
        self.known = frozenset(shapes)

    def read(self, account: Mapping[str, Any], rows: Mapping[str, Any]) -> Given:
        if type(account) is not dict or not self.accepted.issuperset(account) or not self.known.issuperset(rows):
            raise Replay
        record = self.accounts.record(account)
        if record is None:
            raise Replay
        account_id, raw_id = record[self.id_at], account["account_id"]
        found = {}
        for table in self.tables:
            name = table.name
            if name in account or name in rows:
                found[name] = table.read(rows.get(name, ()), account.get(name, ()), account_id, raw_id)
        return Given(account_id, record, found)


class _Rows:
    """The rows of one table."""

    def __init__(self, shape: Shape, as_of: date, zone: tzinfo | None) -> None:
        self.name, self.as_of = shape.name, as_of
        self.names = [field.name for field in shape.fields]
        self.cells = [(field.name, quick_reader(field, shape, zone)) for field in shape.fields]
        link = account_field(shape)
        self.link = link.name if link is not None else ""
        owner = "account_id" if shape.name == ASSIGNMENTS else self.link
        self.owner_at = self._at(owner)
        self.key_at, self.day_at = self._at(shape.key), self._at(shape.dated_by)
        refused = [i for i, f in enumerate(shape.fields) if f.refers_to is not None and f.on_unknown == "reject"]
        self.only_own = self.owner_at in refused
        self.strict = [i for i in refused if i != self.owner_at]

    def _at(self, name: str | None) -> int | None:
        return self.names.index(name) if name else None

    def record(self, row: Mapping[str, Any]) -> Record | None:
        """The cells of a row; None for one that is later than ``as_of``."""
        get = row.get
        record = tuple([read(get(name)) for name, read in self.cells])
        if self.day_at is not None:
            day = record[self.day_at]
            if day is not None and day > self.as_of:
                return None
        for i in self.strict:
            if record[i] is not None:
                raise Replay
        return record

    def read(self, others: Any, mine: Any, account_id: str, raw_id: object) -> list[Record]:
        """The account's own of all rows, those of ``others`` first. Every row is read, so that none is bad."""
        if type(others) not in _LISTS or type(mine) not in _LISTS:
            raise Replay
        if self.link and mine:
            mine = [{self.link: raw_id, **row} if type(row) is dict else row for row in mine]
        found = []
        for row in (*others, *mine):
            if type(row) is not dict:
                raise Replay
            record = self.record(row)
            if record is not None:
                found.append(record)
        key, owner = self.key_at, self.owner_at
        if key is not None and len({record[key] for record in found}) < len(found):
            raise Replay
        if owner is None:
            return []
        own = [record for record in found if record[owner] == account_id]
        if self.only_own and len(own) < len(found):
            raise Replay
        return own
