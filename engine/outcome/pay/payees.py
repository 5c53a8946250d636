"""Who a plan pays on which days, and what an expression about one payee sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from ...language.tree import Value
from ...periods import Period
from ...policy.model_pay import Plan
from ...policy.names import DAYS_SHARE, MONTHS_SHARE, PEOPLE, PERSON, TERMS
from ...program.evaluate import Book, Row
from ...program.measured import Measured, measured_of
from ...tables.overlaps import days_of

BookOn = Callable[[date], Book]
"""The book whose policies are in force on that day; facts are those of the period's last day."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of a plan's period on which one version of it and one row of a person's terms are in force.

    ``terms`` is that record (None: the workspace keeps no terms), ``holds`` whether the plan pays the person then; None
    is undecided.
    """

    days: Period
    terms: int | None
    holds: bool | None

    def within(self, part: Period, whole: Period) -> Agreed | None:
        """What is agreed for the days of it that lie in ``part`` of the period ``whole``."""
        days = part.common(self.days)
        return Agreed(self.terms, days, whole) if days is not None else None


@dataclass(frozen=True, slots=True)
class Agreed:
    """By which row of the terms, and for which ``part`` of the period ``whole``, somebody is paid."""

    terms: int | None
    part: Period
    whole: Period

    def __str__(self) -> str:
        days = f"{self.part.start} to {self.part.last_day}"
        return days if self.part.days == self.whole.days else f"{days}, {self.part.days} of {self.whole.days} days"


class Payee(Mapping[str, Value]):
    """The fields of a person and of the terms in force, how much of the period they are; then the measures of that
    person and of the company, and the settings.
    """

    def __init__(self, book: Book, index: int, agreed: Agreed) -> None:
        self.book, self.index, self.agreed = book, index, agreed
        self.table = book.tables[PEOPLE]
        self.terms = book.tables[TERMS] if agreed.terms is not None else None

    @property
    def person(self) -> str:
        return str(self.table.columns[PERSON][self.index])

    @property
    def terms_row(self) -> int:
        """Where the terms stand in their file; 0: the workspace keeps none."""
        return self.terms.rows[self.agreed.terms] if self.terms is not None and self.agreed.terms is not None else 0

    def __getitem__(self, name: str) -> Value:
        if name in self.table.columns:
            return self.table.columns[name][self.index]
        if self.terms is not None and self.agreed.terms is not None and name in self.terms.columns:
            return self.terms.columns[name][self.agreed.terms]
        if name in self.book.shared:
            return self.book.shared[name]
        if name in (DAYS_SHARE, MONTHS_SHARE):
            return self.agreed.part.share_of(self.agreed.whole, "days" if name == DAYS_SHARE else "months")
        return self.measured(name).value

    def measured(self, name: str) -> Measured:
        """The measure ``name`` of this person, or the company's."""
        return measured_of(self.book, name, self.person)

    def __iter__(self) -> Iterator[str]:
        own = (self.table.columns, self.terms.columns if self.terms is not None else (), (DAYS_SHARE, MONTHS_SHARE))
        return iter(
            dict.fromkeys(name for names in (*own, self.book.shared, self.book.program.per_holder) for name in names)
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)


def payee_again(book: Book, person: str, part: Period, whole: Period, terms_row: int) -> Payee:
    """The payee of an attainment, by what it says of itself."""
    terms = list(book.tables[TERMS].rows).index(terms_row) if terms_row else None
    index = list(book.tables[PEOPLE].columns[PERSON]).index(person)
    return Payee(book, index, Agreed(terms, part, whole))


class Payees(Mapping[str, Sequence[Stretch]]):
    """Everybody of the people table, with the stretches of the part of a period in which a plan version is in force.

    Where the workspace keeps no terms, those who are paid alike share them.
    """

    def __init__(self, plan: Plan, part: Period, whole: Period, book_on: BookOn) -> None:
        self.plan, self.part, self.whole, self.book_on = plan, part, whole, book_on
        tables = book_on(part.start).tables
        self.people, self.terms = tables[PEOPLE], tables.get(TERMS)
        self.index = {str(person): i for i, person in enumerate(self.people.columns[PERSON])}
        self._alike = {holds: (Stretch(part, None, holds),) for holds in (True, False, None)}
        self._stretches = {person: self._of(person) for person in self.index}

    def __getitem__(self, person: str) -> Sequence[Stretch]:
        return self._stretches[person]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stretches)

    def __len__(self) -> int:
        return len(self._stretches)

    def is_paid(self, person: str) -> bool | None:
        """Whether on any day; None where that is undecided."""
        found = {stretch.holds for stretch in self[person]}
        return True if True in found else None if None in found else False

    def on(self, person: str, day: date) -> bool | None:
        """Whether the plan pays the person on that day."""
        stretch = self._on(person, day)
        return stretch.holds if stretch is not None else False

    def not_paid(self, person: str, day: date) -> str:
        """Why a person whom the plan does not pay on that day has no credit."""
        if person not in self.index:
            return f"{person!r} is not in the people table"
        if self._on(person, day) is None:
            return f"no terms of {person} are in force on {day}"
        return f"{person} is no payee of this plan" + (f" on {day}" if self.terms is not None else "")

    def agreed(self, person: str, part: Period, whole: Period) -> Iterator[tuple[Agreed, Stretch]]:
        """What is agreed with the person in ``part`` of ``whole`` on the days that the plan pays, or may pay.

        What is not the first in it is named by its first day.
        """
        first = True
        for stretch in self[person]:
            found = stretch.within(part, whole)
            if found is None or stretch.holds is False:
                continue
            if not first:
                found = replace(found, part=replace(found.part, name=f"{whole.name} from {found.part.start}"))
            yield found, stretch
            first = False

    def days_in(self, person: str, whole: Period) -> int:
        """The days of ``whole`` on which the plan pays the person, or may."""
        return sum(agreed.part.days for agreed, _ in self.agreed(person, whole, whole))

    def payee(self, person: str, agreed: Agreed, book: Book) -> Payee:
        return Payee(book, self.index[person], agreed)

    def _on(self, person: str, day: date) -> Stretch | None:
        return next((stretch for stretch in self._stretches.get(person, ()) if day in stretch.days), None)

    def _of(self, person: str) -> tuple[Stretch, ...]:
        if self.terms is None:
            return self._alike[self._holds(person, None, self.part.start)]
        return tuple(
            Stretch(days, i, self._holds(person, i, days.start))
            for agreed_for, i in self._agreed_for.get(person, ())
            if (days := self.part.common(agreed_for)) is not None
        )

    @cached_property
    def _agreed_for(self) -> dict[str, list[tuple[Period, int]]]:
        """The rows of terms of each person, by their days."""
        found: dict[str, list[tuple[Period, int]]] = {}
        if self.terms is None:
            return found
        for i, person in enumerate(self.terms.columns[PERSON]):
            start, before = days_of(self.terms.shape, self.terms.columns, i)
            found.setdefault(str(person), []).append((Period(start, before or date.max), i))
        return {person: sorted(rows) for person, rows in found.items()}

    def _holds(self, person: str, terms: int | None, day: date) -> bool | None:
        """The plan asks the person's fields, then those of the terms, by the policies of that day."""
        if self.plan.payees is None:
            return True
        book = self.book_on(day)
        outer: Mapping[str, Value] = book.shared
        if self.terms is not None and terms is not None:
            outer = Row(self.terms, terms, book.shared)
        holds = book.value(self.plan.payees, Row(self.people, self.index[person], outer))
        return holds if isinstance(holds, bool) else None
