"""Gates: conditions of a plan over its period, and of a component over its own, without which nothing is paid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from ...language.tree import Value
from ...periods import Period
from ...policy.model_pay import Component, Gate
from ...program.evaluate import Book
from ...program.spoken import lacking
from .credits import undecided_payee
from .payees import Agreed, BookOn, Payee, Payees, Stretch

OPEN = (True, "")


class Own(NamedTuple):
    """A payee for the days of one stretch, and whether the gates are open then; ``why`` they are not."""

    payee: Payee
    is_open: bool | None
    why: str


def own(component: Component, payees: Payees, person: str, part: Period, whole: Period, book_on: BookOn) -> list[Own]:
    """The stretches of a person in ``part`` of the component's period ``whole``, by the policies of their first day."""
    return Opening(component, payees, part, whole, book_on).own(person)


class Opening:
    """``own`` of many: a book is looked up once for each day, what is agreed once for those whose stretches are the
    same, and gates are asked once for the same figures.
    """

    def __init__(self, component: Component, payees: Payees, part: Period, whole: Period, book_on: BookOn) -> None:
        self.payees, self.part, self.whole = payees, part, whole
        self._book_on, self._plan_book_on = cache(book_on), cache(payees.book_on)
        self._of_component, self._of_plan = _Gates(component.gates), _Gates(payees.plan.gates)
        self._stretches: Sequence[Stretch] = ()
        self._agreed: Sequence[tuple[Stretch, Agreed, Agreed]] = ()

    def own(self, person: str) -> list[Own]:
        stretches = self.payees[person]
        if stretches is not self._stretches:
            self._stretches, self._agreed = stretches, list(self._agreed_with(person))
        return [self._own(person, *each) for each in self._agreed]

    def _agreed_with(self, person: str) -> Iterator[tuple[Stretch, Agreed, Agreed]]:
        """Of each stretch what the component goes by, and the plan: its gates look at its whole period."""
        is_all = self.whole == self.payees.whole
        for agreed, stretch in self.payees.agreed(person, self.part, self.whole):
            is_same = is_all and agreed.part.days == stretch.days.days
            of_plan = agreed if is_same else Agreed(stretch.terms, stretch.days, self.payees.whole)
            yield stretch, agreed, of_plan

    def _own(self, person: str, stretch: Stretch, agreed: Agreed, of_plan: Agreed) -> Own:
        """A gate that is shut tells before one that is undecided, and the plan's before the component's."""
        payee = self.payees.payee(person, agreed, self._book_on(agreed.part.start))
        if not stretch.holds:
            return Own(payee, None, undecided_payee(person))
        plan, component = self._plan_opened(payee, of_plan), self._of_component.opened(payee)
        if plan[0] is False or (not plan[0] and component[0] is not False):
            return Own(payee, *plan)
        return Own(payee, *(plan if component[0] else component))

    def _plan_opened(self, payee: Payee, agreed: Agreed) -> tuple[bool | None, str]:
        if not self._of_plan.gates:
            return OPEN
        if agreed is not payee.agreed:
            payee = self.payees.payee(payee.person, agreed, self._plan_book_on(agreed.part.start))
        return self._of_plan.opened(payee)


class _Gates:
    """The gates of a plan or of a component."""

    def __init__(self, gates: tuple[Gate, ...]) -> None:
        self.gates = gates
        self._names = tuple(dict.fromkeys(name for each in gates for name in each.when.names))
        self._found: dict[tuple[Book, tuple[Value, ...]], tuple[bool | None, str]] = {}

    def opened(self, payee: Payee) -> tuple[bool | None, str]:
        if not self.gates:
            return OPEN
        figures = payee.book, tuple([payee[name] for name in self._names])
        found = self._found.get(figures)
        if found is None:
            found = self._found[figures] = gate(self.gates, payee)
        return found


def gate(gates: tuple[Gate, ...], payee: Payee) -> tuple[bool | None, str]:
    """Whether all gates are open; with the first that is shut, else the first that cannot be decided."""
    unclear = ""
    for each in gates:
        holds = payee.book.value(each.when, payee)
        if holds is False:
            because = f" ({each.because})" if each.because else ""
            return False, f"the gate {each.name!r} is shut: {each.when.text}{because}"
        if holds is None and not unclear:
            missing = lacking(payee.book.missing(each.when, payee))
            unclear = f"the gate {each.name!r} cannot be decided: {missing} is missing"
    return (None, unclear) if unclear else (True, "")
