"""Values to records of JSON and back, exact: a number is a text, a day is ISO, what is empty is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from fractions import Fraction
from types import NoneType
from typing import Any, Generic, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from ..amounts import plain
from ..outcome.pay.bonus import Attainment
from ..outcome.pay.credits import Credited
from ..outcome.pay.lines import Payout
from .entries import Json

T = TypeVar("T")


class Records(Generic[T]):
    """The records of one dataclass. ``given`` are values that need not be said, since who reads knows them too."""

    def __init__(self, kind: type[T]) -> None:
        hints = get_type_hints(kind)
        self._kind = kind
        self._fields = {field.name: _Field(hints[field.name]) for field in fields(kind)}  # type: ignore[arg-type]

    def record(self, value: T, given: Mapping[str, object]) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for name, field in self._fields.items():
            own, known = getattr(value, name), given.get(name, field.blank)
            if own is not known and own != known:
                found[name] = field.json(own)
        return found

    def value(self, record: Mapping[str, Json], given: Mapping[str, object]) -> T:
        """A field that is newer than the record is empty."""
        values: dict[str, Any] = {}
        for name, field in self._fields.items():
            values[name] = field.value(record[name]) if name in record else given.get(name, field.blank)
        return self._kind(**values)


class _Field:
    def __init__(self, hint: Any) -> None:
        self._many, some = get_origin(hint) is tuple, get_args(hint)
        kind = next(each for each in some or (hint,) if each is not NoneType)
        self.blank: object = () if self._many else None if NoneType in some else _BLANK.get(kind)
        self._read, self._written = _KINDS[kind] if kind in _KINDS else _nested(kind)

    def json(self, value: Any) -> Json:
        if self._many:
            return [self._written(each) for each in value]
        return None if value is None else self._written(value)

    def value(self, found: Any) -> object:
        if self._many:
            return tuple(map(self._read, found))
        return None if found is None else self._read(found)


def _nested(kind: Any) -> _Ways:
    records = Records(kind)
    return lambda found: records.value(found, {}), lambda value: records.record(value, {})


def _same(value: Any) -> Any:
    return value


_Ways: TypeAlias = tuple[Callable[[Any], object], Callable[[Any], Json]]
"""How a value is read from JSON, and how it is written."""

_KINDS: dict[Any, _Ways] = {
    str: (_same, _same),
    int: (_same, _same),
    bool: (_same, _same),
    Fraction: (Fraction, plain),
    date: (date.fromisoformat, date.isoformat),
}
_BLANK: dict[Any, object] = {str: "", int: 0, bool: False}

LINES, CREDITS, ATTAINMENTS = Records(Payout), Records(Credited), Records(Attainment)
