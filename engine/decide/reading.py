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
from ..tables.shape import Field, Shape
from .cells import Cell, absent_cell, needed, quick_reader, read_into

Record = tuple[Cell, ...]
"""One row: its cells in the order of the shape's fields."""

_LISTS = (list, tuple)


@dataclass(slots=True)
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
        key = shapes[ACCOUNTS].fields[self.id_at]
        self.tables = {name: _Rows(shape, as_of, zone, key) for name, shape in shapes.items() if name != ACCOUNTS}
        fields = {field.name for field in shapes[ACCOUNTS].fields}
        # a name that is both, or the accounts themselves as somebody's rows, needs a closer look
        self.accepted = frozenset((fields ^ shapes.keys()) - {ACCOUNTS})
        self.known = frozenset(shapes)

    def read(self, account: Mapping[str, Any], rows: Mapping[str, Any]) -> Given:
        if type(account) is not dict or not self.accepted.issuperset(account) or not self.known.issuperset(rows):
            raise Replay
        records: list[Record] = []
        self.accounts.take((account,), None, records)
        if not records:
            raise Replay
        record = records[0]
        account_id, raw_id = record[self.id_at], account["account_id"]
        found = {}
        for name, table in self.tables.items():
            if name in account or name in rows:
                found[name] = table.read(rows.get(name, ()), account.get(name, ()), account_id, raw_id)
        return Given(account_id, record, found)


class _Rows:
    """The rows of one table. ``key`` is the field that its link to the accounts holds."""

    def __init__(self, shape: Shape, as_of: date, zone: tzinfo | None, key: Field | None = None) -> None:
        self.as_of = as_of
        self.names = [field.name for field in shape.fields]
        self.readers = [quick_reader(field, shape, zone) for field in shape.fields]
        link = account_field(shape) if shape.name != ACCOUNTS else None
        linked = link.name if link is not None else None
        self.link_at = self._at(linked)
        self.links_alike = link is not None and key is not None and link.kind == key.kind == "text"
        self.owner_at = self._at("account_id" if shape.name == ASSIGNMENTS else linked)
        self.key_at, self.day_at = self._at(shape.key), self._at(shape.dated_by)
        refused = [i for i, f in enumerate(shape.fields) if f.refers_to is not None and f.on_unknown == "reject"]
        self.only_own = self.owner_at in refused
        self.strict = [i for i in refused if i != self.owner_at]
        self.take = self._written(shape)

    def _at(self, name: str | None) -> int | None:
        return self.names.index(name) if name else None

    def _written(self, shape: Shape) -> Callable[..., bool]:
        """The function of ``(rows, linked, found)`` that adds the records of rows to ``found``, but of those later
        than ``as_of``, and gives whether some row says whose it is.

        ``linked`` is the link of a row that does not say so; None where every row must.
        """
        code = Code()
        replay, cells = code.name_of(Replay), [f"c{i}" for i in range(len(shape.fields))]
        with code.aside() as body:
            code.put(f"if {code.name_of(type)}(row) is not {code.name_of(dict)}: raise {replay}")
            for i, (field, cell) in enumerate(zip(shape.fields, cells, strict=True)):
                self._put_cell(code, field, shape, i)
                if i == self.day_at:
                    there = "" if needed(field, shape) else f"{cell} is not None and "
                    code.put(f"if {there}{cell} > {code.name_of(self.as_of)}: continue")
                if i in self.strict:
                    code.put(f"if {cell} is not None: raise {replay}")
            code.put(f"found.append(({', '.join(cells)},))")
        with code.aside() as loop:
            code.put_under("for row in rows:", body)
        code.put("told = linked is None")
        code.put_under("try:", loop)
        code.put(f"except {code.name_of(KeyError)}: raise {replay}")  # a cell that is needed, and is not there
        return code.function("rows, linked, found", "told")

    def _put_cell(self, code: Code, field: Field, shape: Shape, i: int) -> None:
        cell, name, read = f"c{i}", code.name_of(field.name), code.name_of(self.readers[i])
        lines = [f"{cell} = row[{name}]", read_into(cell, field, read, code)]
        if i == self.link_at:
            code.put_under(f"if {name} in row:", ["told = True", *lines])
            code.put(f"else: {cell} = {read}(None) if linked is None else linked")
        elif needed(field, shape):
            code.put(*lines)
        else:
            code.put_under(f"if {name} in row:", lines)
            code.put(f"else: {cell} = {absent_cell(field)}")

    def read(self, others: Any, mine: Any, account_id: str, raw_id: object) -> list[Record]:
        """The account's own of all rows, those of ``others`` first. Every row is read, so that none is bad."""
        if type(others) not in _LISTS or type(mine) not in _LISTS:
            raise Replay
        found: list[Record] = []
        told = False
        if others:
            told = self.take(others, None, found)
        if mine:
            told = self.take(mine, self._linked(account_id, raw_id), found) or told
        key, owner = self.key_at, self.owner_at
        if key is not None and len({record[key] for record in found}) < len(found):
            raise Replay
        if owner is None:
            return []
        if not told and owner == self.link_at:
            return found
        own = [record for record in found if record[owner] == account_id]
        if self.only_own and len(own) < len(found):
            raise Replay
        return own

    def _linked(self, account_id: str, raw_id: object) -> Cell:
        """The link of a row that does not say whose it is: the account's id, as the link's field reads it."""
        if self.link_at is None or self.links_alike:
            return account_id
        return self.readers[self.link_at](raw_id)
