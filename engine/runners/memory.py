"""One run in memory: tables and policies to tiers, tasks and pay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from ..diagnostics import Cell, Diagnostic, in_order
from ..ledger.posted import Posted
from ..messages import diagnose
from ..outcome.health import HealthMeasure, HealthScore
from ..outcome.measures import MeasureValue, measure_values
from ..outcome.pay.amortisation import Amortised, amortised
from ..outcome.pay.bonus import Attainment, facts_day
from ..outcome.pay.credit_frame import Credits
from ..outcome.pay.history import NOTHING_BEFORE
from ..outcome.pay.history import Earlier as PaidBefore
from ..outcome.pay.lines import Pay, Payout
from ..outcome.segments import Segment
from ..outcome.staffing import StaffingRow, staffing_rows
from ..outcome.stages import StageRow
from ..outcome.successes import SuccessRow, success_rows, unnamed
from ..outcome.tasks.budgets import BudgetRow, Budgets
from ..outcome.tasks.calendar import Calendars
from ..outcome.tasks.crm import lacks
from ..outcome.tasks.planned import Planned
from ..outcome.tasks.touches import Task, Tasks, Unserved
from ..outcome.tasks.triggers import Fired, Trigger
from ..outcome.tasks.workload import Load
from ..outcome.tasks.yesterday import Ended, Yesterday
from ..outcome.watchlists import Holding, ListFile, Watchlists, WatchRow, holding_by_reference, watchlists
from ..periods import Duration, Period
from ..policy.model_pay import Component, Plan
from ..policy.pack import Policies
from ..program.evaluate import Book
from ..program.memory import NOTHING_EARLIER, Earlier, Memory
from ..progress import SILENT, Progress
from ..tables.read import Tables
from ..tables.shape import Reject, Table
from .books import Books
from .pay_findings import pay_findings
from .paying import paying
from .plan_periods import PlanPeriod
from .reference import ReferenceAccounts
from .work import Work, work

if TYPE_CHECKING:
    from .columnar import ColumnAccounts

T = TypeVar("T")

DEFAULT_HORIZON = Duration(90, "days")
PARTS = frozenset({"segments", "tasks", "pay"})

REFERENCE, COLUMNS = "reference", "columns"
READINGS = (REFERENCE, COLUMNS)
SMALL = 2_000
"""Rows in a table up to which the reference is as quick: it needs no library of columns."""


@dataclass(frozen=True)
class Request:
    """What a run is asked for. ``period`` None pays each plan's last period that is over at the close of ``as_of``.

    ``fired`` is what the run before remembers of triggers, ``since`` are yesterday's tasks (None: nothing is known of
    them), ``earlier`` what it decided. ``paid_before`` is the pay of the periods before.

    ``posted`` is what the ledger says was paid (None: there is none): the locked periods among those asked for are left
    out, and those before them are corrected forward.

    ``reading`` is how expressions are read, which changes nothing in what comes out: ``reference`` (row by row),
    ``columns``, or empty: as suits the size of the tables.
    """

    as_of: date
    period: Period | None = None
    horizon: Duration = DEFAULT_HORIZON
    fired: Fired = field(default_factory=dict)
    since: Yesterday | None = None
    earlier: Earlier = NOTHING_EARLIER
    parts: frozenset[str] = PARTS
    reading: str = ""
    paid_before: PaidBefore = NOTHING_BEFORE
    posted: Posted | None = None

    @property
    def memory(self) -> Memory:
        return Memory(self.as_of, self.earlier)


@dataclass(frozen=True)
class Outcome:
    """All that a run found, each list in the order of its file (``schemas/outputs``).

    ``replayed`` accounts fit no column, and were left to the reference. ``plan`` leads from ``since``, yesterday's
    tasks, to these (None: nothing is known of yesterday, every task is new); ``ended`` are those to remember.
    """

    request: Request
    segments: Sequence[Segment]
    health: Sequence[HealthScore]
    health_measures: Sequence[HealthMeasure]
    stages: Sequence[StageRow]
    lists: Sequence[ListFile]
    successes: Sequence[SuccessRow]
    measures: list[MeasureValue]
    tasks: Sequence[Task]
    unserved: Sequence[Unserved]
    triggers: Sequence[Trigger]
    credits: Credits
    attainments: list[Attainment]
    payouts: list[Payout]
    rejects: list[Reject]
    findings: list[Diagnostic]
    tables: Mapping[str, Table]
    plan: Sequence[Planned] | None = None
    ended: Sequence[Ended] = ()
    since: Yesterday | None = None
    staffing: Sequence[StaffingRow] = ()
    budgets: Sequence[BudgetRow] = ()
    load: Sequence[Load] = ()
    amortisation: Sequence[Amortised] = ()
    touches_past: int = 0
    touches_beyond: int = 0
    touches_closed: int = 0
    touches_skipped: int = 0
    paid: tuple[tuple[str, Period, Period], ...] = ()
    reading: str = REFERENCE
    replayed: int = 0

    @property
    def watchlists(self) -> list[WatchRow]:
        """The lines of all lists."""
        return [row for file in self.lists for row in file.rows]


def run(policies: Policies, read: Tables, request: Request, progress: Progress = SILENT) -> Outcome:
    """The outcome of checked policies over tables that were read for ``request.as_of``."""
    reading = request.reading or _suited(read)
    books = Books(policies, read.tables, in_columns=reading == COLUMNS, known=request.memory)
    book = books.on(request.as_of, request.as_of)
    findings = [*read.diagnostics, *books.findings, *_afresh(policies, request), *unnamed(book)]
    whole = "segments" in request.parts
    listed = Watchlists()
    if whole and book.program.force.watchlists:
        holding = _holding(reading, books)
        listed = _told(progress, "watchlists", lambda: watchlists(book, lambda day: books.on(day, day), holding))
        findings += listed.findings
    of_accounts = _accounts(reading, books, book)
    found = _told(progress, "tiers", of_accounts.segments) if whole else []
    scores, scored = _told(progress, "health scores", of_accounts.health) if whole else ([], [])
    lives = _told(progress, "stages", of_accounts.stages) if whole and book.program.force.lifecycles else []
    uses = _told(progress, "successes", lambda: success_rows(book)) if whole and book.program.force.successes else []
    done, costs = Work(Tasks()), Budgets()
    paid, periods = Pay(), list[PlanPeriod]()
    if "tasks" in request.parts:
        calendars = Calendars(policies.workspace, read.tables)
        done = _told(progress, "tasks", lambda: work(of_accounts, book, calendars, request))
        findings += [*calendars.findings, *_provisional(policies, done)]
        if any(policy.budgets for policy in book.program.force.staffings):
            costs = _told(progress, "budgets", lambda: of_accounts.budgets(calendars))
            findings += costs.findings(book)
    lacking = list(lacks(policies.workspace.forms.crms, done.tasks, read.tables))
    findings += [lack.finding() for lack in lacking]
    if "pay" in request.parts:
        proposed = paying(policies, request, books, books.rows_of if reading == COLUMNS else None, progress)
        periods, paid = proposed.periods, proposed.pay
        findings += [
            *proposed.findings,
            *_pay_findings(policies, request, periods, paid),
            *pay_findings(paid, read.tables),
        ]
    return Outcome(
        request=request,
        segments=found,
        health=scores,
        health_measures=scored,
        stages=lives,
        lists=listed.files,
        successes=uses,
        measures=_told(progress, "measures", lambda: measure_values(book)) if whole else [],
        staffing=staffing_rows(book) if whole else [],
        tasks=done.tasks,
        unserved=done.unserved,
        load=done.load,
        budgets=costs.rows,
        triggers=done.touches.triggers,
        credits=paid.credits,
        attainments=paid.attainments,
        payouts=paid.payouts,
        amortisation=list(_amortised(policies, books, paid)),
        rejects=sorted([*read.rejects, *done.rejects, *(reject for lack in lacking for reject in lack.rejects())]),
        findings=in_order(findings),
        tables=read.tables,
        plan=done.plan,
        ended=done.ended,
        since=done.since,
        touches_past=done.touches.past,
        touches_beyond=done.touches.beyond,
        touches_closed=done.touches.closed,
        touches_skipped=done.touches.skipped,
        paid=tuple((plan.name, period, whole_period) for plan, period, whole_period in periods),
        reading=reading,
        replayed=of_accounts.replayed,
    )


def _amortised(policies: Policies, books: Books, paid: Pay) -> Iterator[Amortised]:
    """Row by row in both readings: one schedule is many lines more than its credit is."""
    plans = [policy for policy in policies.policies if isinstance(policy, Plan)]

    def book_of(plan: Plan, component: Component, day: date) -> Book:
        period = policies.workspace.fiscal.containing(component.period, day)
        return books.on(day, period.last_day, facts_day(plan, period))

    return amortised(paid, plans, book_of)


def _afresh(policies: Policies, request: Request) -> Iterator[Diagnostic]:
    """Policies that remember, of which no earlier run was named."""
    force = policies.on(request.as_of)
    if request.earlier.tiers is None:
        for segmentation in force.segmentations:
            if segmentation.hold is not None:
                yield diagnose("decided-afresh", segmentation.span, policy=segmentation.name, key="hold")
    if request.earlier.grades is None:
        for health in force.healths:
            if health.settle is not None:
                yield diagnose("decided-afresh", health.span, policy=health.name, key="settle")


def _suited(read: Tables) -> str:
    return COLUMNS if any(len(table) > SMALL for table in read.tables.values()) else REFERENCE


def _accounts(reading: str, books: Books, book: Book) -> ReferenceAccounts | ColumnAccounts:
    if reading == REFERENCE:
        return ReferenceAccounts(book)
    from .columnar import ColumnAccounts

    return ColumnAccounts(books.in_columns(book))


def _holding(reading: str, books: Books) -> Holding:
    if reading == REFERENCE:
        return holding_by_reference
    from .columnar import holding_in_columns

    return holding_in_columns(books)


def _told(progress: Progress, what: str, work: Callable[[], T]) -> T:
    """The result of ``work``, which is begun and ended but not counted."""
    progress.begin(what)
    result = work()
    progress.end()
    return result


def _provisional(policies: Policies, done: Work) -> Iterator[Diagnostic]:
    """One finding per place and year whose holidays may still change, and that the day of a task rests on."""
    business = policies.workspace.business
    for found in sorted(done.touches.provisional):
        place, _, year = found.rpartition(" ")
        yield diagnose("holidays-provisional", business.span if business is not None else None, where=place, year=year)


def _pay_findings(policies: Policies, request: Request, periods: list[PlanPeriod], paid: Pay) -> list[Diagnostic]:
    """Payees that cannot be decided, periods that are not over, a period that no plan has."""
    found = [
        diagnose("payee-undecided", Cell(file, row), person=person, plan=plan)
        for plan, person, file, row in paid.undecided_payees
    ]
    for plan, _, period in periods:
        day = facts_day(plan, period)
        if day is not None and day != request.as_of:
            found.append(diagnose("facts-computed", plan.span, plan=plan.name, day=day))
    plans = [policy for policy in policies.policies if isinstance(policy, Plan)]
    if request.period is not None and plans and not periods and not paid.payouts:
        found.append(diagnose("period-pays-nothing", None, period=request.period.name))
    for plan, period, _ in periods:
        if period.last_day > request.as_of:
            found.append(
                diagnose("period-not-over", plan.span, plan=plan.name, period=period.name, as_of=request.as_of)
            )
    return found
