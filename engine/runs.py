"""What a run found, for who asked: frames, files, a folder, and the reasons of one account, payee or task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .diagnostics import Diagnostic, GrangerError, RequestRejected, Severity, has_errors
from .ledger.posted import NOTHING_POSTED, Lock, Posted
from .ledgers import Ledger
from .lines import InColumns, counted, part_of
from .messages import diagnose, did_you_mean
from .outcome.explain import explain_account
from .outcome.explain_pay import explain_payee
from .outcome.explain_task import explain_step, explain_task
from .outcome.pay.bonus import facts_day
from .outcome.pay.lines import Pay
from .outcome.tasks.calendar import Calendars
from .outcome.tasks.planned import plan_lines
from .outcome.tasks.standing import NOTHING_STANDS
from .outcome.tasks.touches import Task, Tasks, tasks
from .policy.model import Policy
from .policy.model_life import Lifecycle
from .policy.model_pay import Component, Plan
from .policy.model_staffing import Staffing
from .policy.model_success import Success
from .policy.names import ACCOUNTS
from .program.decisions import CONFLICT
from .program.evaluate import Book
from .program.explain import Reason
from .progress import SILENT, Progress
from .runners.books import Books
from .runners.correcting import still_held
from .runners.memory import Outcome
from .runners.work import remembered_triggers
from .writers.csv_file import csv_text
from .writers.folder import Content, Later, write_folder
from .writers.forms import form_files
from .writers.layout import Layout, layout
from .writers.pay_forms import pay_files
from .writers.run_record import json_text, run_record
from .writers.version import version
from .writers.watchlist_file import list_files

if TYPE_CHECKING:
    import polars

    from .api import Pack

FILES = {
    "segments": ("segments", "health", "health_measures", "stages", "successes", "measures", "staffing"),
    "tasks": ("tasks", "unserved", "triggers", "budgets", "load"),
    "pay": ("credits", "attainments", "payouts", "amortisation"),
}
OF_KINDS: Mapping[str, tuple[type[Policy], ...]] = {
    "stages": (Lifecycle,),
    "successes": (Success,),
    "staffing": (Staffing,),
    "budgets": (Staffing,),
}
"""Files that are written where the workspace has a policy of these kinds, in force or not."""


class UnknownSubject(GrangerError):
    """What was to be explained is not in the run."""


@dataclass(frozen=True)
class Run:
    """What a run found. Frames are exact: amounts are decimals, missing is null."""

    pack: Pack
    outcome: Outcome
    ledger: Ledger | None = None

    @property
    def segments(self) -> polars.DataFrame:
        return self.frame("segments")

    @property
    def health(self) -> polars.DataFrame:
        return self.frame("health")

    @property
    def tasks(self) -> polars.DataFrame:
        return self.frame("tasks")

    @property
    def unserved(self) -> polars.DataFrame:
        return self.frame("unserved")

    @property
    def credits(self) -> polars.DataFrame:
        return self.frame("credits")

    @property
    def payouts(self) -> polars.DataFrame:
        return self.frame("payouts")

    @property
    def rejects(self) -> polars.DataFrame:
        return self.frame("rejects")

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        return tuple(self.outcome.findings)

    def frame(self, name: str) -> polars.DataFrame:
        from .writers.frame import frame, frame_of

        rows = getattr(self.outcome, name)
        part = part_of(rows)
        return frame(rows, layout(name)) if part is None else frame_of(part, layout(name))

    @property
    def needs_a_look(self) -> bool:
        """Whether rows were rejected, cells were bad, work is unserved, accounts conflict, or a finding is an error."""
        outcome = self.outcome
        return (
            has_errors(outcome.findings)
            or any(reject.level != "finding" for reject in outcome.rejects)
            or counted(outcome.unserved, "level")["unserved",] > 0
            or counted(outcome.segments, "status")[CONFLICT,] > 0
        )

    @property
    def record(self) -> dict[str, Any]:
        """What ``run.json`` holds."""
        return run_record(self.pack.policies, self.outcome, version())

    def files(self, progress: Progress = SILENT) -> dict[str, Content]:
        """Every output file by its path inside the output folder: its text, or what writes it to an open file."""
        names = ["rejects"]
        for part in ("segments", "tasks", "pay"):
            names += [name for name in FILES[part] if self._has(name)] if part in self.outcome.request.parts else []
        outputs: dict[str, Sequence[object]] = {name: getattr(self.outcome, name) for name in names}
        if self.outcome.plan is not None:
            outputs |= {"plan": list(plan_lines(self.outcome.plan)), "ended": self.outcome.ended}
        files: dict[str, Content] = {}
        listed = sum(len(rows) for rows in outputs.values() if part_of(rows) is None)
        progress.begin("rows to text", "rows", listed)
        for name, rows in outputs.items():
            files[layout(name).file] = _csv(rows, layout(name))
            progress.advance(len(rows) if part_of(rows) is None else 0)
        progress.end()
        if "pay" in self.outcome.request.parts:
            held = still_held(self.outcome.request.posted or NOTHING_POSTED)
            files |= pay_files(self.pack.policies.workspace, self.pay, self.outcome.tables, held)
        files |= list_files(self.outcome.lists)
        files |= form_files(self.pack.policies.workspace, self.outcome)
        return {**files, "run.json": json_text(self.record)}

    def _has(self, name: str) -> bool:
        """Whether a file is written: those of some kinds of policy are where the workspace has one."""
        if name == "load":
            return bool(self.outcome.load)
        if name == "amortisation":
            return any(component.amortise for plan in self._plans for component in plan.components)
        kinds = OF_KINDS.get(name)
        return kinds is None or any(isinstance(policy, kinds) for policy in self.pack.policies.policies)

    def texts(self) -> dict[str, str]:
        """``files`` with the whole text of each; those that are no text are left out."""
        whole = {name: _whole(file) for name, file in self.files().items()}
        return {name: text for name, text in whole.items() if isinstance(text, str)}

    def write(self, folder: str | Path, *, progress: Progress = SILENT) -> None:
        """The output folder, whole or not at all. Raises FolderInUse where something else stands there."""
        write_folder(Path(folder), self.files(progress), progress)

    def lock(self, *, by: str = "", at: str = "") -> Posted:
        """Posts what this run pays to its ledger, for good, or nothing; ``by`` and ``at`` say who locked it and when.

        Raises RequestRejected where the pay is not to be locked: its period is not over, a finding is an error, or
        somebody posted to the ledger since the run.
        """
        outcome, request = self.outcome, self.outcome.request
        if self.ledger is None or request.posted is None or request.period is None or "pay" not in request.parts:
            raise RequestRejected([diagnose("run-without-ledger", None)])
        problems = [finding for finding in outcome.findings if finding.is_error]
        problems += (
            diagnose(
                "period-not-over", None, severity=Severity.ERROR, plan=plan, period=whole.name, as_of=request.as_of
            )
            for plan, _, whole in outcome.paid
            if whole.last_day > request.as_of
        )
        if problems:
            raise RequestRejected(problems)
        tables = {f"table {name}": table.digest for name, table in outcome.tables.items()}
        made_of = {"granger": version(), "policies": self.pack.policies.digest, **tables}
        workspace = self.pack.policies.workspace
        told = workspace.name, workspace.pay_forms.statements.forms, workspace.pay_forms.statements.language
        lock = Lock(0, request.period, 0, by, at, request.as_of, made_of, *told)
        return self.ledger.post(request.posted, lock, self.pay)

    def explain(self, subject: str, identity: str, line: int = 0) -> Reason:
        """The reasons of an ``account``, a ``payee`` or a ``task``; of a payee all, or those of one ``line`` of the
        statement. Raises UnknownSubject for one the run has not.
        """
        books = Books(self.pack.policies, self.outcome.tables, known=self.outcome.request.memory)
        as_of = self.outcome.request.as_of
        book = books.on(as_of, as_of)
        if subject == "account" and identity in book.accounts:
            touches = self._touches(book, identity)
            return explain_account(book, identity, touches, self._calendars)
        if subject == "task":
            step = next((step for step in self.outcome.plan or () if step.task.task_id == identity), None)
            for account_id in self._accounts_of(identity):
                touches = self._touches(book, account_id)
                for task in touches.tasks:
                    if task.task_id == identity:
                        listed = step.task if step is not None else self._listed(task)
                        return explain_task(book, self._calendars, task, touches, listed, step)
            if step is not None:
                return explain_step(step)
        if subject == "payee":
            return self._payee(books, identity, line)
        near = did_you_mean(identity, book.accounts) if subject == "account" else ""
        raise UnknownSubject(f"this run has no {subject} {identity!r}" + (f"; {near}" if near else ""))

    def _touches(self, book: Book, account_id: str) -> Tasks:
        """The touches of one account, by the reference."""
        request = self.outcome.request
        standing = self.outcome.since.standing() if self.outcome.since is not None else NOTHING_STANDS
        known = remembered_triggers(request, self.outcome.since)
        return tasks(book, self._calendars, request.horizon, known, [account_id], standing)

    @cached_property
    def _calendars(self) -> Calendars:
        return Calendars(self.pack.policies.workspace, self.outcome.tables)

    def _accounts_of(self, task_id: str) -> list[str]:
        """The account of a task, as a list of one or none."""
        listed = self.outcome.tasks
        if isinstance(listed, InColumns):
            return [str(found) for found in listed.where("task_id", task_id, "account_id")]
        known = self.outcome.tables[ACCOUNTS].columns["account_id"]
        return [task.account_id for task in listed if task.task_id == task_id and task.account_id in known]

    def _listed(self, task: Task) -> Task:
        """The task as the whole list has it: in columns, which nothing moves afterwards, as the policy asks for it."""
        listed = self.outcome.tasks
        if isinstance(listed, InColumns):
            return task
        return next(other for other in listed if other.task_id == task.task_id)

    def _payee(self, books: Books, payee: str, number: int) -> Reason:
        outcome = self.outcome
        if all(line.payee != payee for line in outcome.payouts):
            raise UnknownSubject(f"this run pays no payee {payee!r}; payees: {_some(p.payee for p in outcome.payouts)}")
        lines = sum(line.payee == payee for line in outcome.payouts)
        if not 0 <= number <= lines:
            raise UnknownSubject(f"the statement of {payee} has no line {number}; it has {lines}")
        fiscal = self.pack.policies.workspace.fiscal
        return explain_payee(payee, self.pay, self._plans, fiscal, partial(self._book, books), number)

    @property
    def pay(self) -> Pay:
        return Pay(self.outcome.credits, self.outcome.attainments, self.outcome.payouts)

    @property
    def _plans(self) -> list[Plan]:
        return [plan for plan in self.pack.policies.policies if isinstance(plan, Plan)]

    def _book(self, books: Books, plan: Plan, component: Component, day: date) -> Book:
        """The book that pays the component for a day."""
        period = self.pack.policies.workspace.fiscal.containing(component.period, day)
        return books.on(day, period.last_day, facts_day(plan, period))


def _csv(rows: Sequence[object], layout: Layout) -> Content:
    part = part_of(rows)
    if part is None:
        return csv_text(rows, layout)
    from .writers.csv_columns import csv_writer

    return csv_writer(part, layout)


def _whole(content: Content) -> str | bytes:
    if isinstance(content, str | Later):
        return content if isinstance(content, str) else content.make()
    out = BytesIO()
    content(out, SILENT)
    return out.getvalue().decode("utf-8", "surrogatepass")


def _some(names: Iterable[str]) -> str:
    """The first few of the names, for a message."""
    known = sorted(set(names))
    return ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
