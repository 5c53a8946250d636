"""What people say of their own days: the place and the week of ``people``, and the rows of ``time_off``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ...diagnostics import Cell, Diagnostic
from ...messages import diagnose
from ...periods import WEEKDAYS
from ...policy.model import BusinessCalendar
from ...tables.shape import Table, Value

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Own:
    """A person's place and week; ``week`` None where the person has none of their own."""

    country: str | None
    subdivision: str | None
    week: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Absence:
    """``person`` is off on ``[start, before)``; ``before`` None is without an end."""

    person: str
    start: date
    before: date | None
    substitute: str | None
    place: Cell

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.before is None or day < self.before)

    @property
    def told(self) -> str:
        end = f"until {self.before - _ONE}" if self.before is not None else f"from {self.start} on"
        return f"{self.person} is off {end}"


class TimeOff:
    """All absences, by person, in file order."""

    def __init__(self, table: Table | None, findings: list[Diagnostic]) -> None:
        self.of: dict[str, list[Absence]] = {}
        for i in range(len(table) if table is not None else 0):
            if table is not None and (row := _absence(table, i, findings)) is not None:
                self.of.setdefault(row.person, []).append(row)
        self.persons = frozenset(self.of)
        for rows in self.of.values():
            findings += [diagnose("substitutes-in-circle", r.place, person=r.person) for r in rows if self._circles(r)]

    def on(self, person: str, day: date) -> Absence | None:
        return next((row for row in self.of.get(person, ()) if day in row), None)

    def stand_in(self, person: str, day: date) -> tuple[str, Absence] | None:
        """Who does the work of a person who is off on ``day``, and the row that says so; None where nobody does.

        A substitute who is off too hands on to another; nobody is asked twice.
        """
        asked, waiting = {person}, list(reversed(self._off(person, day)))
        while waiting:
            row = waiting.pop()
            if row.substitute is None or row.substitute in asked:
                continue
            asked.add(row.substitute)
            further = self._off(row.substitute, day)
            if not further:
                return row.substitute, self._off(person, day)[0]
            waiting += reversed(further)
        return None

    def _off(self, person: str, day: date) -> list[Absence]:
        return [row for row in self.of.get(person, ()) if day in row]

    def _circles(self, row: Absence) -> bool:
        """Whether the work of ``row``, handed on from substitute to substitute on its first day, comes back to it."""
        asked, waiting = set[str](), [row]
        while waiting:
            substitute = waiting.pop().substitute
            if substitute == row.person:
                return True
            if substitute is not None and substitute not in asked:
                asked.add(substitute)
                waiting += self._off(substitute, row.start)
        return False


def _absence(table: Table, i: int, findings: list[Diagnostic]) -> Absence | None:
    record, shape = table.record(i), table.shape
    place, person = Cell(table.file, table.rows[i]), record.get("person")
    if not isinstance(person, str):
        return None
    ends = (shape.valid_from, shape.valid_before, shape.valid_until)
    start, before, until = (record.get(name or "") for name in ends)
    if isinstance(until, date):
        before = until + _ONE if until < date.max else None
    first = start if isinstance(start, date) else date.min
    end = before if isinstance(before, date) else None
    if end is not None and end <= first:
        findings.append(diagnose("time-off-backwards", place, person=person, start=first, end=end - _ONE))
        return None
    substitute = record.get("substitute")
    if substitute == person:
        findings.append(diagnose("own-substitute", place, person=person))
        substitute = None
    return Absence(person, first, end, substitute if isinstance(substitute, str) else None, place)


def own_calendars(
    table: Table | None,
    company: BusinessCalendar | None,
    known: Callable[[str, str | None], bool],
    findings: list[Diagnostic],
) -> dict[str, Own]:
    """The people who have a place or a week of their own. What is neither is a finding, and does not count."""
    found: dict[str, Own] = {}
    if table is None or not any(name in table.columns for name in ("country", "subdivision", "working_week")):
        return found
    for i in range(len(table)):
        record = table.record(i)
        person = record.get("person")
        if isinstance(person, str):
            country, subdivision = _place(table, i, record, company, known, findings)
            own = Own(country, subdivision, _week(table, i, record, findings))
            if own != Own(None, None, None):
                found[person] = own
    return found


def _place(
    table: Table,
    i: int,
    record: Mapping[str, Value],
    company: BusinessCalendar | None,
    known: Callable[[str, str | None], bool],
    findings: list[Diagnostic],
) -> tuple[str | None, str | None]:
    """The country and the subdivision, which alone is one of the workspace's country."""
    country, subdivision = record.get("country"), record.get("subdivision")
    own = country if isinstance(country, str) else None
    part = subdivision if isinstance(subdivision, str) else None
    where = own or (company.country if company is not None else None)
    if own is None and part is None:
        return None, None
    if where is not None and known(where, part):
        return where, part
    found = f"{where}-{part}" if where and part else where or part
    column = "country" if own is not None else "subdivision"
    findings.append(diagnose("place-unknown", _cell(table, i, column), person=record["person"], found=found))
    return None, None


def _week(table: Table, i: int, record: Mapping[str, Value], findings: list[Diagnostic]) -> tuple[int, ...] | None:
    text = record.get("working_week")
    if not isinstance(text, str):
        return None
    words = text.replace(",", " ").upper().split()
    wrong = next((word for word in words if word not in WEEKDAYS), None)
    if wrong is not None:
        place = _cell(table, i, "working_week")
        findings.append(diagnose("weekday-unknown", place, person=record["person"], found=wrong))
        return None
    if not words:
        findings.append(diagnose("week-without-day", _cell(table, i, "working_week"), person=record["person"]))
        return None
    return tuple(sorted({WEEKDAYS.index(word) for word in words}))


def _cell(table: Table, i: int, name: str) -> Cell:
    field = table.shape.field(name)
    return Cell(table.file, table.rows[i], field.column if field is not None else name)
