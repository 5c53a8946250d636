"""The values of one field, record by record: what a table holds, asked for as Python values or as an exact column."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import compress
from typing import TYPE_CHECKING, Protocol

from ..amounts import places, plain
from .cells import shown, text_of
from .shape import NUMERIC, Value

if TYPE_CHECKING:
    from ..columns import ExactColumn


class Column(Protocol):
    """The values of one field. Indices count the records of the column from 0 and rise."""

    def __len__(self) -> int: ...

    def values(self) -> tuple[Value, ...]:
        """All values, as the reference has them."""

    def values_at(self, records: Iterable[int]) -> set[Value]: ...

    def exact(self) -> ExactColumn:
        """All values as a column of exact values, which is missing where ``beyond`` says."""

    def beyond(self) -> tuple[int, ...]:
        """The records whose number is too long for the exact column: the reference alone has it."""

    def missing(self) -> list[int]: ...

    def after(self, day: date) -> list[int]:
        """The records of a date that is later than ``day``."""

    def repeated(self) -> Iterable[tuple[int, Value]]:
        """Records with their values: at least all those whose value stands more than once."""

    def strangers(self, known: Column) -> list[tuple[int, Value]]:
        """The records, with their values, whose value is not among ``known``; a missing one is no stranger."""

    def distinct(self) -> int:
        """How many values there are, missing and repeated ones left out."""

    def names(self, start: str | None, most: int | None) -> list[str]:
        """The distinct values as they are shown, sorted: those whose first two characters are ``start``, not counting
        case (None: all), and of those the first ``most`` (None: all).
        """

    def used(self, chosen: Sequence[bool]) -> Column:
        """The chosen records alone."""

    def without(self, values: Collection[Value]) -> Column:
        """The records that have none of ``values``."""

    def texts(self) -> Iterator[str]:
        """All values as one text, in pieces: the same for every way of holding them, another where a value differs."""


class Listed:
    """A column of Python values: what a few records are read into, without loading a library of columns."""

    def __init__(self, kind: str, values: Iterable[Value], one_of: tuple[str, ...] = ()) -> None:
        self.kind, self.one_of, self._values = kind, one_of, tuple(values)
        self._exact: tuple[ExactColumn, tuple[int, ...]] | None = None

    def __len__(self) -> int:
        return len(self._values)

    def values(self) -> tuple[Value, ...]:
        return self._values

    def values_at(self, records: Iterable[int]) -> set[Value]:
        return {self._values[i] for i in records}

    def exact(self) -> ExactColumn:
        return self._converted()[0]

    def beyond(self) -> tuple[int, ...]:
        return self._converted()[1]

    def _converted(self) -> tuple[ExactColumn, tuple[int, ...]]:
        if self._exact is None:
            from .held import exact_of

            self._exact = exact_of(self.kind, self.one_of, self._values)
        return self._exact

    def missing(self) -> list[int]:
        return [i for i, value in enumerate(self._values) if value is None]

    def after(self, day: date) -> list[int]:
        return [i for i, value in enumerate(self._values) if isinstance(value, date) and value > day]

    def repeated(self) -> Iterable[tuple[int, Value]]:
        return ((i, value) for i, value in enumerate(self._values) if value is not None)

    def strangers(self, known: Column) -> list[tuple[int, Value]]:
        strange = set(self._values).difference(known.values(), (None,))
        return [(i, value) for i, value in enumerate(self._values) if value in strange] if strange else []

    def distinct(self) -> int:
        return len(set(self._values) - {None})

    def names(self, start: str | None, most: int | None) -> list[str]:
        names = sorted(shown(value) for value in set(self._values) - {None})
        return [name for name in names if start is None or name[:2].lower() == start][:most]

    def used(self, chosen: Sequence[bool]) -> Listed:
        return Listed(self.kind, compress(self._values, chosen), self.one_of)

    def without(self, values: Collection[Value]) -> Listed:
        return Listed(self.kind, (value for value in self._values if value not in values), self.one_of)

    def texts(self) -> Iterator[str]:
        if self.kind in NUMERIC:
            numbers = [value if isinstance(value, Fraction) else None for value in self._values]
            most = max((places(number) or 0 for number in numbers if number is not None), default=0)
            yield f"{most};"
            yield from ("," if number is None else plain(number * 10**most) + "," for number in numbers)
        elif self.kind in ("date", "boolean"):
            yield from (text_of(value) + "," for value in self._values)
        else:
            found = [text_of(value) for value in self._values]
            yield from (f"{len(text.encode())}," if text else "," for text in found)
            yield from found
