"""What becomes of earnings: taken back, drawn, recovered, held back and released, in this order; and what is carried.

    earned → limited (the plan's cap and floor) → clawed back → drawn and recovered → held → released → carried

Each looks at the lines before it. A clawback takes what credits were paid, in this period or before. A draw looks at
what is earned after cap and clawbacks; a holdback at the same, and holds no more than draws leave. What is released was
earned before, so no draw recovers from it. All figures are rounded once, to the minor unit, in each line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from ...diagnostics import Diagnostic
from ...messages import diagnose
from ...periods import Period
from ...policy.model_pay import Component, Plan
from ...policy.model_settlement import GUARANTEE, Draw
from ...program.evaluate import Book
from ...program.spoken import source_of
from . import clawbacks, draws, holdbacks
from .clawbacks import Claim, Taking
from .credits import Credited, undecided_payee
from .draws import Given
from .history import Earlier
from .kept import Held, Kept, Owed
from .lines import CLAWED_BACK, DRAWN, EARNED, LIMITED, RECOVERED, STANDS, Pay, Payout
from .payees import Payee, Payees
from .settling import Account

if TYPE_CHECKING:
    from ...program.row_columns import RowsOf

NOTHING = Fraction(0)


@dataclass
class Settlement:
    """One version of a plan in one of its periods, after its lines were earned and limited (``own``).

    What it leaves to later periods is put into ``own.kept``.
    """

    payees: Payees
    own: Pay
    earlier: Earlier
    rows_of: RowsOf | None

    @property
    def kept(self) -> Kept:
        return self.own.kept

    @property
    def plan(self) -> Plan:
        return self.payees.plan

    @property
    def part(self) -> Period:
        return self.payees.part

    @cached_property
    def book(self) -> Book:
        return self.payees.book_on(self.part.start)

    @cached_property
    def _with_own(self) -> Earlier:
        return self.earlier.after(self.own)

    def lines(self) -> list[Payout]:
        """The further lines of everybody."""
        self.own.kept.left_by_cap.update(self._left_by_cap() if has_clawback(self.plan) else {})
        taken, due = self._takings(), self._due()
        settles = bool(self.plan.draws or self.plan.holdbacks)
        owing = self.payees.index.keys() & self.earlier.owing(self.plan.name).keys()
        persons = sorted({*taken, *due, *(self.payees if settles else owing)})
        mine: dict[str, list[Payout]] = {}
        for line in self.own.payouts if persons else ():
            mine.setdefault(line.payee, []).append(line)
        found: list[Payout] = []
        for person in persons:
            found += self._of(person, mine.get(person, []), taken.get(person, []), due.get(person, []))
        return found

    def _of(self, person: str, lines: list[Payout], taken: list[Payout], due: Sequence[Held]) -> list[Payout]:
        found = list(taken)
        agreed = list(self.payees.agreed(person, self.part, self.payees.whole)) if person in self.payees else []
        if any(stretch.holds is None for _, stretch in agreed):
            found += self._waiting(person)
        elif agreed:
            own = [self.payees.payee(person, each, self.payees.book_on(each.part.start)) for each, _ in agreed]
            for currency in self._currencies(lines):
                at = Account(self.plan, person, self.part.name, currency)
                found += self._drawn(own, at, [*lines, *found])
                for holdback in self.plan.holdbacks:
                    line = holdbacks.held(holdback, own[-1], at, self.part, [*lines, *found], self.kept)
                    found += [line] if line is not None else []
        return found + self._released(person, due)

    @property
    def _draws_in(self) -> str:
        return self.plan.currency or self.book.program.force.workspace.currency

    def _currencies(self, lines: Iterable[Payout]) -> list[str]:
        return sorted({line.currency for line in lines} | {self._draws_in})

    def _waiting(self, person: str) -> list[Payout]:
        """Whether the plan gives this person anything is open."""
        at, why = Account(self.plan, person, self.part.name, self._draws_in), undecided_payee(person)
        return [line for draw in self.plan.draws for line in self._undrawn(draw, at, why)]

    # --- taken back

    def _takings(self) -> dict[str, list[Payout]]:
        found: dict[str, list[Payout]] = {}
        for component in self.plan.components:
            clawback, credit = component.clawback, component.credit
            if clawback is None or credit is None:
                continue
            table = self.book.tables[credit.table]
            claims = clawbacks.claims(clawback, self.book, table, self.part.before, self.rows_of)
            paid = self._paid(component.name, claims)
            already = self.earlier.taken(self.plan.name, component.name)
            taken: dict[tuple[str, str], list[Taking]] = clawbacks.takings(clawback, claims, paid, already, self.part)
            stood = self._stood(component, source_of(clawback.span))
            for (person, currency), every in sorted(taken.items()):
                at = Account(self.plan, person, self.part.name, currency)
                line = self.earlier.standing(clawbacks.line(component, clawback, at, every, self.kept))
                if person not in stood:
                    found.setdefault(person, []).append(line)
            for person, line in stood.items():
                found.setdefault(person, []).append(line)
        return found

    def _stood(self, component: Component, source: str) -> dict[str, Payout]:
        """What was taken back of credits that cannot be computed now: as it was posted."""
        if not self.earlier.posted:
            return {}
        found: dict[str, Payout] = {}
        for person in sorted(self._with_own.stood(self.plan.name, component.name)):
            at = Account(self.plan, person, self.part.name, self._draws_in)
            line = self.earlier.standing(at.line(CLAWED_BACK, component.name, None, "what it takes back waits", source))
            if line.status == STANDS:
                found[person] = line
        return found

    def _paid(self, component: str, claims: Mapping[str, Claim]) -> list[tuple[Credited, Fraction]]:
        """What was paid of what is claimed now; of what was claimed before, only credits of this period come later."""
        now = [record for record, claim in claims.items() if claim.day >= self.part.start]
        found = self.earlier.paid(self.plan.name, component, now) if now else []
        return found + (Earlier((self.own,)).paid(self.plan.name, component, claims) if claims else [])

    def _left_by_cap(self) -> dict[tuple[str, str, str, str], Fraction]:
        earned: dict[tuple[str, str, str, str], Fraction] = {}
        limited: dict[tuple[str, str, str, str], Fraction] = {}
        for line in self.own.payouts:
            found = {EARNED: earned, LIMITED: limited}.get(line.kind)
            if found is not None:
                key = line.plan, line.payee, line.period, line.currency
                found[key] = found.get(key, NOTHING) + (line.amount or NOTHING)
        return {
            key: max(1 + by / earned[key], NOTHING) for key, by in limited.items() if by < 0 < earned.get(key, NOTHING)
        }

    # --- drawn and recovered

    def _drawn(self, own: Sequence[Payee], at: Account, lines: Sequence[Payout]) -> list[Payout]:
        """Draws act in the order in which the plan has them, each on what those before it leave; first those of which
        something is owed and which it has no more, so that a guarantee is not less by them.
        """
        if at.currency != self._draws_in:
            return []
        kinds = (EARNED, LIMITED, CLAWED_BACK)
        left = sum((line.amount or NOTHING for line in lines if _is_of(line, at, kinds)), NOTHING)
        found: list[Payout] = []
        for each in [*self._dropped(at), *(draws.given(d, own, self.plan.period, at.digits) for d in self.plan.draws)]:
            draw = each.draw
            lines = self._undrawn(draw, at, each.waits) if each.waits else self._acted(each, at, left)
            found += lines
            given = (RECOVERED, DRAWN) if draw.kind == GUARANTEE else (RECOVERED,)
            left += sum((line.amount or NOTHING for line in lines if line.kind in given), NOTHING)
        return found

    def _dropped(self, at: Account) -> list[Given]:
        has = {draw.name for draw in self.plan.draws}
        owing = self.earlier.owing(self.plan.name).get(at.payee, [])
        mine = (owed for owed in owing if owed.currency == at.currency and owed.draw.name not in has)
        return [draws.dropped(owed, self.part) for owed in mine]

    def _acted(self, each: Given, at: Account, left: Fraction) -> list[Payout]:
        before = self.earlier.owed(self.plan.name, at.payee, each.draw.name, at.currency)
        owed = draws.acted(each, at, before, left)
        if each.in_force or before:
            self.kept.owed.append(owed)
        return list(draws.lines(each, at, owed, left))

    def _undrawn(self, draw: Draw, at: Account, why: str) -> list[Payout]:
        """A draw that waits; of a locked period what was posted for it, which is owed."""
        source, before = source_of(draw.span), self.earlier.owed(self.plan.name, at.payee, draw.name, at.currency)
        drawn, back = (
            self.earlier.standing(at.line(kind, draw.name, None, why, source)) for kind in (DRAWN, RECOVERED)
        )
        found = [drawn] + ([back] if back.status == STANDS else [])
        if any(line.status == STANDS for line in found):
            figures = before, drawn.amount or NOTHING, -(back.amount or NOTHING), NOTHING
            known = self.earlier.of_draw(self.plan.name, at.payee, draw.name, at.currency)
            # a day that is not known yet is not guessed: should the plan have the draw no more, nothing is recovered
            since = known.recover_from if known is not None else date.max if draw.recover_from is not None else None
            self.kept.owed.append(Owed(self.plan.name, at.payee, at.period, draw, at.currency, *figures, since))
        return found

    # --- released

    def _due(self) -> dict[str, list[Held]]:
        found: dict[str, list[Held]] = {}
        for held in self.earlier.held(self.plan.name, self.part.before):
            found.setdefault(held.payee, []).append(held)
        return found

    def _released(self, person: str, due: Sequence[Held]) -> list[Payout]:
        self.kept.released += due
        found = []
        for name, currency in sorted({(held.holdback, held.currency) for held in due}):
            at = Account(self.plan, person, self.part.name, currency)
            every = [held for held in due if (held.holdback, held.currency) == (name, currency)]
            found.append(holdbacks.released(name, at, every))
        return found


def _is_of(line: Payout, at: Account, kinds: Sequence[str]) -> bool:
    return line.kind in kinds and line.currency == at.currency


def left_held(
    plans: Iterable[Plan], periods: Sequence[tuple[Plan, Period, Period]], earlier: Earlier
) -> Iterator[Diagnostic]:
    """One finding for each plan that held back what is due in these periods or before, and pays in none of them."""
    end = max((part.before for _, part, _ in periods), default=date.min)
    paying, last = {plan.name for plan, _, _ in periods}, {plan.name: plan for plan in plans}
    for name, plan in sorted(last.items()):
        due = earlier.held(name, end) if name not in paying else []
        if due:
            people = len({held.payee for held in due})
            told = "1 person" if people == 1 else f"{people} people"
            day = min(held.release_on for held in due)
            yield diagnose("held-without-plan", plan.span, plan=name, people=told, day=day)


def has_settlement(plan: Plan) -> bool:
    """Whether what the plan pays rests on the periods before."""
    return bool(plan.draws or plan.holdbacks or has_clawback(plan))


def has_clawback(plan: Plan) -> bool:
    return any(component.clawback for component in plan.components)


def from_nothing(
    plans: Iterable[Plan], periods: Iterable[tuple[Plan, Period, Period]], earlier: Earlier
) -> Iterator[Diagnostic]:
    """One finding for each plan that rests on the periods before, of which nothing is known; but not in its first."""
    begin: dict[str, date] = {}
    lasting: dict[str, date] = {}
    for plan in plans:
        begin[plan.name] = min(begin.get(plan.name, plan.effective.start), plan.effective.start)
        if plan.holdbacks or any(draw.recovers for draw in plan.draws):
            lasting[plan.name] = min(lasting.get(plan.name, plan.effective.start), plan.effective.start)
    told: set[str] = set()
    for plan, _, whole in () if earlier.pays else periods:
        rests = has_settlement(plan) or lasting.get(plan.name, whole.start) < whole.start
        if rests and plan.name not in told and begin[plan.name] < whole.start:
            yield diagnose("history-from-nothing", plan.span, plan=plan.name, period=whole.name)
        told.add(plan.name)
