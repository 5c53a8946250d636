"""One run in memory: tables and policies to tiers, tasks and pay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ..diagnostics import Cell, Diagnostic, in_order
from ..messages import diagnose
from ..outcome.pay.credits import Credited
from ..outcome.pay.payouts import Pay, Payout, pay
from ..outcome.segments import Segment, segments
from ..outcome.tasks.calendar import Days
from ..outcome.tasks.touches import Fired, Task, Tasks, Trigger, Unserved, tasks
from ..periods import Duration, Period
from ..policy.model import Plan
from ..policy.pack import Policies
from ..program.compile import Program, compile_program
from ..program.evaluate import Book
from ..program.holders import Holders
from ..program.overrides import overrides
from ..tables.read import Tables
from ..tables.shape import Reject, Table

DEFAULT_HORIZON = Duration(90, "days")
PARTS = frozenset({"segments", "tasks", "pay"})


@dataclass(frozen=True)
class Request:
    """What a run is asked for. ``period`` None pays each plan's last period that is over at the close of ``as_of``."""

    as_of: date
    period: Period | None = None
    horizon: Duration = DEFAULT_HORIZON
    fired: Fired = field(default_factory=dict)
    parts: frozenset[str] = PARTS


@dataclass(frozen=True)
class Outcome:
    """All that a run found, each list in the order of its file (``schemas/outputs``)."""

    request: Request
    segments: list[Segment]
    tasks: list[Task]
    unserved: list[Unserved]
    triggers: list[Trigger]
    credits: list[Credited]
    payouts: list[Payout]
    rejects: list[Reject]
    findings: list[Diagnostic]
    tables: Mapping[str, Table]
    touches_past: int = 0
    touches_beyond: int = 0
    paid: tuple[tuple[str, Period], ...] = ()


class Books:
    """The book of a day's policies over the facts at the close of ``as_of``, each made once."""

    def __init__(self, policies: Policies, tables: Mapping[str, Table]) -> None:
        self.policies, self.tables = policies, tables
        self._programs: dict[date, Program] = {}
        self._books: dict[tuple[date, date], Book] = {}
        self.findings: list[Diagnostic] = []

    def on(self, day: date, as_of: date) -> Book:
        version = self.policies.version_day(day)
        if (version, as_of) not in self._books:
            if version not in self._programs:
                self._programs[version] = compile_program(self.policies.on(day))
            program = self._programs[version]
            pinned, findings = overrides(program, self.tables, as_of)
            self.findings += findings
            self._books[version, as_of] = Book(program, self.tables, as_of, pinned)
        return self._books[version, as_of]

    def dated(self, as_of: date) -> Callable[[date], Book]:
        return lambda day: self.on(day, as_of)


def run(policies: Policies, read: Tables, request: Request) -> Outcome:
    """The outcome of checked policies over tables that were read for ``request.as_of``."""
    books = Books(policies, read.tables)
    book = books.on(request.as_of, request.as_of)
    findings = [*read.diagnostics, *books.findings]
    holders = Holders(read.tables.get("assignments"), policies.workspace.roles)
    found = segments(book) if "segments" in request.parts else []
    touches, paid, periods = Tasks(), Pay(), list[tuple[Plan, Period]]()
    if "tasks" in request.parts:
        days = Days(policies.workspace.business)
        touches = tasks(book, holders, days, request.horizon, request.fired)
    if "pay" in request.parts:
        periods = plan_periods(policies, request)
        last_days = {
            period: policies.workspace.fiscal.containing(plan.period, period.start).last_day for plan, period in periods
        }
        paid = pay(periods, {period: books.dated(last_days[period]) for _, period in periods}, holders)
        findings += _pay_findings(policies, request, periods, paid)
    return Outcome(
        request=request,
        segments=found,
        tasks=touches.tasks,
        unserved=touches.unserved,
        triggers=touches.triggers,
        credits=paid.credits,
        payouts=paid.payouts,
        rejects=list(read.rejects),
        findings=in_order(findings),
        tables=read.tables,
        touches_past=touches.past,
        touches_beyond=touches.beyond,
        paid=tuple((plan.name, period) for plan, period in periods),
    )


def plan_periods(policies: Policies, request: Request) -> list[tuple[Plan, Period]]:
    """Every version of every plan with the periods it is paid for, in order.

    Where two versions meet inside a period, the later part is named by its first day: ``2026-Q3 from 2026-08-15``.
    """
    fiscal = policies.workspace.fiscal
    found: list[tuple[Plan, Period]] = []
    for plan in policies.policies:
        if not isinstance(plan, Plan):
            continue
        whole = request.period
        periods = list(fiscal.within(plan.period, whole)) if whole else [fiscal.completed(plan.period, request.as_of)]
        for period in periods:
            start = max(period.start, plan.effective.start)
            before = min(period.before, plan.effective.before or period.before)
            if start >= before:
                continue
            earlier = any(
                other.name == plan.name and other is not plan and period.start < start and other.effective.start < start
                for other in policies.policies
                if isinstance(other, Plan)
            )
            name = f"{period.name} from {start}" if earlier else period.name
            found.append((plan, Period(start, before, name)))
    return sorted(found, key=lambda pair: (pair[0].name, pair[1]))


def _pay_findings(
    policies: Policies, request: Request, periods: list[tuple[Plan, Period]], paid: Pay
) -> list[Diagnostic]:
    """Payees that cannot be decided, periods that are not over, a period that no plan has."""
    found = [
        diagnose("payee-undecided", Cell(file, row), person=person, plan=plan)
        for plan, person, file, row in paid.undecided_payees
    ]
    plans = [policy for policy in policies.policies if isinstance(policy, Plan)]
    if request.period is not None and plans and not periods:
        found.append(diagnose("period-pays-nothing", None, period=request.period.name))
    for plan, period in periods:
        if period.last_day > request.as_of:
            found.append(
                diagnose("period-not-over", plan.span, plan=plan.name, period=period.name, as_of=request.as_of)
            )
    return found
