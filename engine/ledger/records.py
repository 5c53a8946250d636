"""Flat values to records of JSON and back, exact: a number is a text, a day is ISO, what is empty is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from fractions import Fraction
from types import NoneType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from ..amounts import plain
from ..outcome.pay.bonus import Attainment
from ..outcome.pay.credits import Credited
from ..outcome.pay.lines import Payout, Step
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
            own = getattr(value, name)
            if own != given.get(name, field.blank):
                found[name] = _json(own)
        return found

    def value(self, record: Mapping[str, Json], given: Mapping[str, object]) -> T:
        """A field that is newer than the record is empty."""
        values: dict[str, Any] = {}
        for name, field in self._fields.items():
            values[name] = field.read(record[name]) if name in record else given.get(name, field.blank)
        return self._kind(**values)


class _Field:
    def __init__(self, hint: Any) -> None:
        self._many, some = get_origin(hint) is tuple, get_args(hint)
        self._kind = next(each for each in some or (hint,) if each is not NoneType)
        self.blank: object = () if self._many else None if NoneType in some else _BLANK.get(self._kind)

    def read(self, found: Json) -> object:
        read = _READ[self._kind]
        if self._many and isinstance(found, list):
            return tuple(map(read, found))
        return None if found is None else read(found)


def _json(value: object) -> Json:
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json(each) for each in value]
    if isinstance(value, Step):
        return STEPS.record(value, {})
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} is no part of a record")


def _step(found: Any) -> Step:
    return STEPS.value(found, {})


_READ: dict[Any, Callable[[Any], object]] = {
    str: str, int: int, bool: bool, Fraction: Fraction, date: date.fromisoformat, Step: _step,
}  # fmt: skip
_BLANK: dict[Any, object] = {str: "", int: 0, bool: False}

STEPS = Records(Step)
LINES, CREDITS, ATTAINMENTS = Records(Payout), Records(Credited), Records(Attainment)
