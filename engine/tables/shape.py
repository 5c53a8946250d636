"""What a table is declared to hold, and a table once read: typed, exact, every record traceable to its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from ..diagnostics import Span

if TYPE_CHECKING:
    from ..columns import ExactColumn
    from .column import Column

Value: TypeAlias = Fraction | bool | date | str | None
"""A cell: number, percent, money and integer are Fractions; enum, person and text are str; None is missing."""

KINDS = ("text", "integer", "number", "percent", "money", "date", "boolean", "enum", "person")
NUMERIC = frozenset({"integer", "number", "percent", "money"})


@dataclass(frozen=True, slots=True)
class Field:
    """One column. ``column`` is the header in the file; bounds are included; a required cell may not be empty.
    ``words`` are the file's own texts for those of ``one_of``.

    ``digits`` is the most places after the point a cell may have (None: any). ``scale`` says what a percent cell
    without ``%`` counts: 100 (80 is 80 %), 1 (0.8 is 80 %) or None (it needs its sign). ``currency`` is set on money
    alone. ``format`` is a pattern of ``YYYY YY MMM MM M DD D`` for dates. ``refers_to`` names the table whose key this
    field holds; ``on_unknown`` is what becomes of a row whose reference finds no row there: ``finding`` (listed, the
    row is used as it stands), ``reject`` (the row is rejected) or ``ignore``.
    """

    name: str
    column: str
    kind: str
    span: Span
    refers_to: str | None = None
    one_of: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    at_least: Fraction | None = None
    at_most: Fraction | None = None
    required: bool = True
    digits: int | None = None
    scale: int | None = None
    currency: str | None = None
    format: str | None = None
    on_unknown: str = "finding"


@dataclass(frozen=True, slots=True)
class Shape:
    """A declared table. ``file`` is a path inside the workspace, None where the caller brings the rows.

    ``dated_by`` names the date field that windows look at: rows later than ``as_of`` do not exist for a run.
    ``valid_from``, ``valid_before`` (half-open) or ``valid_until`` (included) name the fields of a row's validity.
    Of rows with one value of the field ``apart_by`` at most one holds on any day.
    ``unique`` fields stand together in one row at most; ``in_order`` ones rise from the first to the last.
    ``reject_ceiling`` is the share of rows that may be rejected before the run stops. ``decimal`` is ``point`` or
    ``comma``; ``delimiter`` None is found out from the header line.
    """

    name: str
    fields: tuple[Field, ...]
    span: Span
    file: str | None = None
    file_span: Span | None = None
    key: str | None = None
    dated_by: str | None = None
    valid_from: str | None = None
    valid_before: str | None = None
    valid_until: str | None = None
    apart_by: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None
    decimal: str = "point"
    sheet: str | None = None
    reject_ceiling: Fraction = Fraction(5, 100)
    unique: tuple[str, ...] = ()
    in_order: tuple[str, ...] = ()

    def field(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, order=True, slots=True)
class Reject:
    """A line of ``rejects.csv``. ``level``: ``row`` (not used), ``cell`` (row used, value missing) or ``finding``.

    ``row`` counts as a spreadsheet does: the header is 1. ``column`` is the header; empty for a whole row.
    """

    table: str
    file: str
    row: int
    column: str
    value: str
    reason: str
    level: str


class Columns(Mapping[str, Sequence[Value]]):
    """The columns of a table by field name, as the reference reads them; ``held`` has them as they stand.

    The Python values of a column are made when it is first asked for, and remembered.
    """

    def __init__(self, held: Mapping[str, Column]) -> None:
        self.held = held
        self._values: dict[str, Sequence[Value]] = {}

    def __getitem__(self, name: str) -> Sequence[Value]:
        if name not in self._values:
            self._values[name] = self.held[name].values()
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)

    def __contains__(self, name: object) -> bool:
        return name in self.held


@dataclass(frozen=True, slots=True)
class Table:
    """The used records of one source, column by column (all of one length), in file order.

    ``rows[i]`` is the spreadsheet row of record i. Counts: ``read = len(rows) + later + rejected``. ``empty`` counts
    the empty optional cells per field. ``digest`` is the SHA-256 of the bytes read (of the values, for frames).
    """

    shape: Shape
    file: str
    columns: Mapping[str, Sequence[Value]]
    rows: Sequence[int]
    read: int
    later: int = 0
    rejected: int = 0
    empty: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""

    def __post_init__(self) -> None:
        if self.read != len(self.rows) + self.later + self.rejected:
            raise ValueError(f"{self.shape.name}: {self.read} rows read are not {len(self.rows)} used and the others")

    def __len__(self) -> int:
        return len(self.rows)

    def record(self, i: int) -> dict[str, Value]:
        return {name: column[i] for name, column in self.columns.items()}

    def exact(self, name: str) -> ExactColumn:
        """The column of a field as exact values; missing where ``beyond`` says. Raises KeyError."""
        return self._column(name).exact()

    def beyond(self, name: str) -> Sequence[int]:
        """The records, rising, whose number is too long for the exact column: ``columns`` alone has it."""
        return self._column(name).beyond()

    def _column(self, name: str) -> Column:
        if isinstance(self.columns, Columns):
            return self.columns.held[name]
        from .column import Listed  # which reads shapes

        declared = self.shape.field(name)
        values = self.columns[name]
        return Listed(declared.kind, values, declared.one_of) if declared else Listed("text", values)
