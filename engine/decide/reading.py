"""What a caller brings for one account, read into records of cells; whatever is in doubt is left to the reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from ..language.code import Code
from ..language.generated import Replay
from ..policy.model import Workspace
from ..policy.names import ACCOUNTS, ASSIGNMENTS, account_field
from ..tables.dates import zone_named
from ..tables.shape import Shape
from .cells import Cell, at_once, quick_reader

Record = tuple[Cell, ...]
"""One row: its cells in the order of the shape's fields."""

_LISTS = (list, tuple)
_UNSAID = object()
"""The link of a row that belongs to nobody: the reader refuses it."""


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
        record = self.accounts.record_of(account.get, None, None)
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
        self.readers = [quick_reader(field, shape, zone) for field in shape.fields]
        link = account_field(shape) if shape.name != ACCOUNTS else None
        linked = link.name if link is not None else None
        self.link_at = self._at(linked)
        self.owner_at = self._at("account_id" if shape.name == ASSIGNMENTS else linked)
        self.key_at, self.day_at = self._at(shape.key), self._at(shape.dated_by)
        refused = [i for i, f in enumerate(shape.fields) if f.refers_to is not None and f.on_unknown == "reject"]
        self.only_own = self.owner_at in refused
        self.strict = [i for i in refused if i != self.owner_at]
        self.record_of = self._written(shape)

    def _at(self, name: str | None) -> int | None:
        return self.names.index(name) if name else None

    def _written(self, shape: Shape) -> Callable[..., Record | None]:
        """The function of ``(get, raw, linked)`` that reads a record: None for one that is later than ``as_of``.

        Where a row does not say whose it is, its link is ``raw``, which is read already as ``linked``.
        """
        code, cells = Code(), []
        for i, field in enumerate(shape.fields):
            read, name = code.name_of(self.readers[i]), code.name_of(field.name)
            cells.append(cell := f"c{i}")
            if i == self.link_at:
                code.put(f"r = get({name}, raw)", f"{cell} = linked if r is raw else {read}(r)")
                continue
            plain = at_once(field, code)
            settled = f"{plain[1]} if {plain[0]} else " if plain else ""
            code.put(f"r = get({name})", f"{cell} = {settled}{read}(r)")
            if i == self.day_at:
                code.put(f"if {cell} is not None and {cell} > {code.name_of(self.as_of)}: return None")
            if i in self.strict:
                code.put(f"if {cell} is not None: raise {code.name_of(Replay)}")
        return code.function("get, raw, linked", f"({', '.join(cells)},)")

    def read(self, others: Any, mine: Any, account_id: str, raw_id: object) -> list[Record]:
        """The account's own of all rows, those of ``others`` first. Every row is read, so that none is bad."""
        if type(others) not in _LISTS or type(mine) not in _LISTS:
            raise Replay
        found: list[Record] = []
        record_of = self.record_of
        for row in others:
            if type(row) is not dict:
                raise Replay
            record = record_of(row.get, _UNSAID, None)
            if record is not None:
                found.append(record)
        linked = self.readers[self.link_at](raw_id) if mine and self.link_at is not None else None
        for row in mine:
            if type(row) is not dict:
                raise Replay
            record = record_of(row.get, raw_id, linked)
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
