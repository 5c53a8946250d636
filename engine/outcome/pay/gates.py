"""Gates: conditions of a plan over its period, and of a component over its own, without which nothing is paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...periods import Period
from ...policy.model_pay import Component, Gate
from ...program.spoken import lacking
from .credits import undecided_payee
from .payees import Agreed, BookOn, Payee, Payees, Stretch


@dataclass(frozen=True, slots=True)
class Own:
    """A payee for the days of one stretch, and whether the gates are open then; ``why`` they are not."""

    payee: Payee
    is_open: bool | None
    why: str


def own(component: Component, payees: Payees, person: str, part: Period, whole: Period, book_on: BookOn) -> list[Own]:
    """The stretches of a person in ``part`` of the component's period ``whole``, by the policies of their first day."""
    return list(_own(component, payees, person, part, whole, book_on))


def _own(
    component: Component, payees: Payees, person: str, part: Period, whole: Period, book_on: BookOn
) -> Iterator[Own]:
    for agreed, stretch in payees.agreed(person, part, whole):
        payee = payees.payee(person, agreed, book_on(agreed.part.start))
        is_open, why = _opened(component, payees, payee, stretch)
        yield Own(payee, is_open, why)


def _opened(component: Component, payees: Payees, payee: Payee, stretch: Stretch) -> tuple[bool | None, str]:
    """A gate that is shut tells before one that is undecided, and the plan's before the component's."""
    if not stretch.holds:
        return None, undecided_payee(payee.person)
    found = [_of_plan(payees, payee.person, stretch), gate(component.gates, payee)]
    return next((each for each in found if each[0] is False), next((each for each in found if not each[0]), found[0]))


def _of_plan(payees: Payees, person: str, stretch: Stretch) -> tuple[bool | None, str]:
    """The plan's gates look at its whole period, whatever the component's own."""
    if not payees.plan.gates:
        return True, ""
    agreed = Agreed(stretch.terms, stretch.days, payees.whole)
    return gate(payees.plan.gates, payees.payee(person, agreed, payees.book_on(stretch.days.start)))


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
