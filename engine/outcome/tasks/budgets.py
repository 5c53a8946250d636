"""What an account may cost beside what the touches planned for it cost, as rows of ``budgets.csv``.

Account by account; the touches are those of ``touches``, over another time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from ...diagnostics import Diagnostic
from ...language.tree import Expression, Literal, Value
from ...messages import diagnose
from ...policy.model import Role
from ...policy.model_pay import Band, Bands
from ...policy.model_staffing import Budget, Staffing
from ...policy.names import PEOPLE
from ...program.evaluate import Book, Facts
from ...program.spoken import lacking, source_of
from .calendar import Calendars
from .due import NO_END, NO_PER, Window
from .touches import Tasks, Unserved, planned

MINUTES = 60
NOTHING_ALLOWED = "an allowed amount above 0"


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """Amounts are exact. ``share`` is planned / allowed; ``missing`` says what keeps any from being known."""

    policy: str
    budget: str
    account_id: str
    account_name: str
    allowed: Fraction | None
    planned: Fraction | None
    share: Fraction | None
    service: str
    currency: str
    because: str
    missing: str
    source: str


@dataclass(frozen=True, slots=True)
class Cost:
    """``count`` touches of one task, each of so many minutes of a role; ``amount`` None: the role has no cost."""

    task: str
    role: str
    count: int
    minutes: int
    amount: Fraction | None
    source: str


@dataclass
class Budgets:
    """``without`` are the roles without a cost that have something to do in a budget."""

    rows: Sequence[BudgetRow] = ()
    without: set[str] = field(default_factory=set)

    def findings(self, book: Book) -> Iterator[Diagnostic]:
        roles = book.program.force.workspace.roles
        for name in sorted(self.without):
            if name in roles:
                yield diagnose("role-without-cost", roles[name].span, name=name)


def budgets(book: Book, calendars: Calendars) -> Budgets:
    """A row for every account that a budget is for, in the order of policy, budget and account."""
    pairs = [(policy, budget) for policy in book.program.force.staffings for budget in policy.budgets]
    pairs.sort(key=lambda pair: (pair[0].name, pair[1].name))
    found = [budget_rows(book, calendars, *pair, sorted(book.accounts)) for pair in pairs]
    return Budgets([row for one in found for row in one.rows], {role for one in found for role in one.without})


def budget_rows(book: Book, calendars: Calendars, policy: Staffing, budget: Budget, accounts: Sequence[str]) -> Budgets:
    """One budget, of these accounts in their order."""
    roles, rows, without = roles_of(book), list[BudgetRow](), set[str]()
    for account_id in accounts:
        one = _Budgeting(book, calendars, policy, budget, book.accounts[account_id], roles)
        row = one.row()
        rows += [row] if row is not None else []
        without |= {cost.role for cost in one.costs if cost.amount is None}
    return Budgets(rows, without)


def budget_of(
    book: Book, calendars: Calendars, policy: Staffing, budget: Budget, account_id: str
) -> tuple[BudgetRow | None, list[Cost]]:
    """The row of one account (None: the budget is not for it), and what its planned cost is made of."""
    one = _Budgeting(book, calendars, policy, budget, book.accounts[account_id], roles_of(book))
    return one.row(), one.costs


def roles_of(book: Book) -> dict[str, Value]:
    """The role that the people table gives each person."""
    people = book.tables.get(PEOPLE)
    if people is None or "role" not in people.columns:
        return {}
    named = zip(people.columns["person"], people.columns["role"], strict=True)
    return {person: role for person, role in named if isinstance(person, str)}


def of_owner(book: Book, people: Mapping[str, Value], role: str, owner: str) -> str:
    """The role that the owner does it in; of an owner named by a field of the account, that of the ``people`` table."""
    known = role if role in book.program.force.workspace.roles else people.get(owner)
    return known if isinstance(known, str) else role


def cost_of(role: Role | None, minutes: int) -> Fraction | None:
    return role.cost * minutes / MINUTES if role is not None and role.cost is not None else None


def role_without_cost(role: str) -> str:
    return f"the cost of {role}"


def no_time(start: date, before: date) -> str:
    return f"a day between {start} and {before}"


def because_of(policy: Staffing, budget: Budget, band: Band | None) -> str:
    return (band.because if band else "") or budget.because or policy.because


@dataclass
class _Budgeting:
    """One budget of one account. ``lacks`` is what is missing, in the order in which it was met."""

    book: Book
    calendars: Calendars
    policy: Staffing
    budget: Budget
    facts: Facts
    roles: Mapping[str, Value]
    costs: list[Cost] = field(default_factory=list)
    lacks: dict[str, None] = field(default_factory=dict)

    def row(self) -> BudgetRow | None:
        """None where the budget is not for the account."""
        inside = self.budget.population is None or self._value(self.budget.population)
        if inside is False:
            return None
        allowed = planned = share = None
        band: Band | None = None
        if inside is True:
            found = self._value(self.budget.allow)
            allowed = found if isinstance(found, Fraction) else None
            planned = self._planned()
        if allowed is not None and planned is not None:
            if allowed > 0:
                share = planned / allowed
                band = _band(self.budget.bands, share)
            else:
                self.lacks[NOTHING_ALLOWED] = None
        name = self.facts.record.get("name")
        return BudgetRow(
            policy=self.policy.name,
            budget=self.budget.name,
            account_id=self.facts.account_id,
            account_name=name if isinstance(name, str) else "",
            allowed=allowed,
            planned=planned,
            share=share,
            service=word_of(band) if band else "",
            currency=self.book.program.force.workspace.currency,
            because=because_of(self.policy, self.budget, band),
            missing=", ".join(self.lacks),
            source=source_of(band.span if band else self.budget.span),
        )

    def _value(self, expression: Expression) -> object:
        """What it comes to; what it lacks is kept."""
        value = self.book.value(expression, self.facts)
        if value is None:
            names = self.book.missing(expression, self.facts)
            self.lacks |= dict.fromkeys(names or (lacking(()),))
        return value

    def _planned(self) -> Fraction | None:
        start, before = self._value(self.budget.start), self._value(self.budget.before)
        if not isinstance(start, date) or not isinstance(before, date):
            return None
        if start >= before:
            self.lacks[no_time(start, before)] = None
            return None
        window = Window(start, before, whole=True)
        found = planned(self.book, self.calendars, window, self.facts.account_id)
        self.costs = self._costs(found)
        lacks = dict.fromkeys(sorted({role_without_cost(cost.role) for cost in self.costs if cost.amount is None}))
        lacks |= dict.fromkeys(sorted(set(self._lost(found))))
        self.lacks |= lacks
        return None if lacks else sum((cost.amount for cost in self.costs if cost.amount is not None), Fraction(0))

    def _costs(self, found: Tasks) -> list[Cost]:
        """The touches that take time, by task and who does it."""
        counts = Counter(
            (t.task, of_owner(self.book, self.roles, t.role, t.owner), t.minutes, t.source)
            for t in found.tasks
            if t.minutes
        )
        roles = self.book.program.force.workspace.roles
        rows = []
        for (task, role, minutes, source), count in sorted(counts.items()):
            amount = cost_of(roles.get(role), minutes * count)
            rows.append(Cost(task, role, count, minutes, amount, source))
        return rows

    def _lost(self, found: Tasks) -> Iterator[str]:
        """What keeps touches out that would take time: nobody to do them, or no telling whether they are there. One
        without a day to count from is in no time, and is not missed.
        """
        for lost in found.unserved:
            if self._minutes(lost) and (lost.level == "undecided" or lost.due or lost.reason in (NO_PER, NO_END)):
                yield from lost.missing.split(", ") if lost.missing else (f"an owner of {lost.task}",)

    def _minutes(self, lost: Unserved) -> int:
        plays = [play for p in self.book.program.force.playbooks if p.name == lost.policy for play in p.plays]
        return next(t.minutes for play in plays if play.name == lost.play for t in play.touches if t.task == lost.task)


def _band(bands: Bands, share: Fraction) -> Band:
    """The first that holds; the last has no edge."""
    for band in bands.rows:
        if band.edge is None or (share < band.edge if bands.rising else share >= band.edge):
            return band
    raise AssertionError("the last row of bands has no edge")


def word_of(band: Band) -> str:
    root = band.value.root
    return root.value if isinstance(root, Literal) and isinstance(root.value, str) else band.value.text
