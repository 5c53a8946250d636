"""Gates: conditions of a plan over its period, and of a component over its own, without which nothing is paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ...language.tree import Value
from ...periods import Period
from ...policy.model_pay import Component, Gate
from ...program.evaluate import Book
from ...program.spoken import lacking
from .credits import undecided_payee
from .payees import Agreed, BookOn, Payee, Payees, Stretch

OPEN = (True, "")


@dataclass(frozen=True, slots=True)
class Own:
    """A payee for the days of one stretch, and whether the gates are open then; ``why`` they are not."""

    payee: Payee
    is_open: bool | None
    why: str


def own(component: Component, payees: Payees, person: str, part: Period, whole: Period, book_on: BookOn) -> list[Own]:
    """The stretches of a person in ``part`` of the component's period ``whole``, by the policies of their first day."""
    return Opening(component, payees, part, whole, book_on).own(person)


class Opening:
    """``own`` of many: a book is looked up once for each day, and gates are asked once for the same figures."""

    def __init__(self, component: Component, payees: Payees, part: Period, whole: Period, book_on: BookOn) -> None:
        self.payees, self.part, self.whole = payees, part, whole
        self._book_on, self._plan_book_on = cache(book_on), cache(payees.book_on)
        self._of_component, self._of_plan = _Gates(component.gates), _Gates(payees.plan.gates)
        self._is_all = whole == payees.whole

    def own(self, person: str) -> list[Own]:
        return list(self._own(person))

    def _own(self, person: str) -> Iterator[Own]:
        for agreed, stretch in self.payees.agreed(person, self.part, self.whole):
            payee = self.payees.payee(person, agreed, self._book_on(agreed.part.start))
            is_open, why = self._opened(payee, stretch)
            yield Own(payee, is_open, why)

    def _opened(self, payee: Payee, stretch: Stretch) -> tuple[bool | None, str]:
        """A gate that is shut tells before one that is undecided, and the plan's before the component's."""
        if not stretch.holds:
            return None, undecided_payee(payee.person)
        plan, component = self._plan_opened(payee, stretch), self._of_component.opened(payee)
        if plan[0] is False or (not plan[0] and component[0] is not False):
            return plan
        return component if not component[0] else plan

    def _plan_opened(self, payee: Payee, stretch: Stretch) -> tuple[bool | None, str]:
        """The plan's gates look at its whole period, whatever the component's own."""
        if not self._of_plan.gates:
            return OPEN
        if not self._is_all or payee.agreed.part.days < stretch.days.days:
            agreed = Agreed(stretch.terms, stretch.days, self.payees.whole)
            payee = self.payees.payee(payee.person, agreed, self._plan_book_on(stretch.days.start))
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
