"""The library's face: load a workspace, run it, explain what came out. Everything the command line does is here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .decide import Deciders, Rows
from .diagnostics import (
    DataRejected,
    Diagnostic,
    GrangerError,
    PolicyRejected,
    RequestRejected,
    Severity,
    has_errors,
    in_order,
)
from .lines import InColumns, counted, part_of
from .messages import diagnose, did_you_mean
from .outcome.explain import explain_account
from .outcome.explain_pay import explain_payee
from .outcome.explain_task import explain_step, explain_task
from .outcome.pay.bonus import facts_day
from .outcome.pay.payouts import Pay
from .outcome.tasks.calendar import Calendars, unsupported
from .outcome.tasks.planned import plan_lines
from .outcome.tasks.standing import NOTHING_STANDS
from .outcome.tasks.touches import Task, Tasks, tasks
from .periods import Duration
from .policy.decode_tests import TestFile
from .policy.load import load_policies
from .policy.model import Policy
from .policy.model_life import Lifecycle
from .policy.model_pay import Component, Plan
from .policy.model_staffing import Staffing
from .policy.model_success import Success
from .policy.names import ACCOUNTS, TASKS
from .policy.pack import Policies
from .program.bounds import check_bounds
from .program.compile import compile_program
from .program.decisions import CONFLICT
from .program.evaluate import Book
from .program.explain import Reason
from .program.memory import NOTHING_EARLIER, Earlier
from .progress import SILENT, Progress
from .proof.witnesses import check_tiers
from .runners.books import Books
from .runners.memory import DEFAULT_HORIZON, PARTS, READINGS, Outcome, Request, run
from .runners.work import remembered_triggers
from .suite import Verdict, run_tests
from .tables.read import Tables, read_tables
from .tables.sources import Source, locate
from .writers.csv_file import csv_text
from .writers.folder import Content, Later, write_folder
from .writers.forms import form_files
from .writers.layout import Layout, layout
from .writers.previous import read_earlier, read_fired
from .writers.run_record import json_text, run_record
from .writers.statement import statements
from .writers.version import version
from .writers.watchlist_file import list_files
from .writers.yesterday import Remembered, is_own, remembered

if TYPE_CHECKING:
    import polars

FILES = {
    "segments": ("segments", "health", "health_measures", "stages", "successes", "measures", "staffing"),
    "tasks": ("tasks", "unserved", "triggers", "budgets", "load"),
    "pay": ("credits", "attainments", "payouts"),
}
OF_KINDS: Mapping[str, tuple[type[Policy], ...]] = {
    "stages": (Lifecycle,),
    "successes": (Success,),
    "staffing": (Staffing,),
    "budgets": (Staffing,),
}
"""Files that are written where the workspace has a policy of these kinds, in force or not."""


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
"""The days a run can look at: windows and horizons around them stay inside the calendar."""


class UnknownSubject(GrangerError):
    """What was to be explained is not in the run."""


def load(folder: str | Path) -> Pack:
    """The checked policies of a workspace folder. Raises PolicyRejected with every diagnostic when one is an error."""
    pack, diagnostics, _ = check(folder)
    if pack is None:
        raise PolicyRejected(diagnostics)
    return pack


def check(folder: str | Path) -> tuple[Pack | None, tuple[Diagnostic, ...], Mapping[str, tuple[str, ...]]]:
    """All that can be found without data: the pack (None when there is an error), the diagnostics, the files' lines."""
    loaded = load_policies(Path(folder))
    found = list(loaded.diagnostics)
    policies = loaded.policies
    if policies is None:
        return None, tuple(found), loaded.lines
    found += unsupported(policies.workspace.business)
    found += _missing_files(policies, Path(folder))
    sound = not has_errors(found)
    days = policies.version_days()
    found += check_tiers([policies.on(day) for day in days])
    for day in days if sound else ():
        found += check_bounds(compile_program(policies.on(day)))
    diagnostics = tuple(in_order(found))
    pack = None if has_errors(diagnostics) else Pack(policies, Path(folder), diagnostics, loaded.lines, loaded.tests)
    return pack, diagnostics, loaded.lines


def _missing_files(policies: Policies, folder: Path) -> list[Diagnostic]:
    """Files that are not there are only warned of: a run may bring its own."""
    places = [locate(folder, shape) for shape in policies.workspace.shapes.values() if shape.file is not None]
    return [replace(place, severity=Severity.WARNING) for place in places if isinstance(place, Diagnostic)]


@dataclass(frozen=True)
class Pack:
    """A workspace that passed its checks; ``diagnostics`` are its warnings, ``lines`` its files for their snippets."""

    policies: Policies
    folder: Path
    diagnostics: tuple[Diagnostic, ...] = ()
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    tests: tuple[TestFile, ...] = field(default=(), repr=False)

    def decide(self, account: Mapping[str, object], *, as_of: date, rows: Rows | None = None) -> dict[str, Any]:
        """Tiers, scores and tasks of one account, plain dicts in and out; see ``engine.decide``."""
        return self.deciders.decide(account, as_of, rows or {})

    @cached_property
    def deciders(self) -> Deciders:
        """What decides single accounts, made ready for the days that were asked for."""
        return Deciders(self.policies)

    def test(self) -> list[Verdict]:
        """Runs the policy tests of the workspace, in the order they are written."""
        return run_tests(self.policies, self.tests)

    def run(
        self,
        tables: Mapping[str, Source] | None = None,
        *,
        as_of: date,
        data: str | Path | None = None,
        period: str | None = None,
        horizon: Duration = DEFAULT_HORIZON,
        previous: str | Path | None = None,
        since: Source | None = None,
        parts: Iterable[str] = PARTS,
        reading: str = "",
        progress: Progress = SILENT,
    ) -> Run:
        """Tiers, tasks and pay at the close of ``as_of``.

        ``tables`` brings a path, a frame (Polars, pandas, Arrow) or a list of dicts for a table by name; the others are
        read from ``data`` or from where granger.yaml says. ``period`` (``2026-Q3``) pays that period instead of each
        plan's last one that is over. ``previous`` is the folder of an earlier run. ``since`` are yesterday's tasks: a
        ``tasks.csv`` of granger's, or what a CRM exports of the table ``tasks``; without it those of ``previous``.
        ``progress`` is told how far it is.
        ``reading`` is ``reference`` (row by row) or ``columns``: both find the same. Empty: by the size of the tables.

        Raises RequestRejected for a period, table or folder that there is not, and DataRejected when a file cannot be
        read or more rows are rejected than the ceiling allows.
        """
        given, shapes, fiscal = dict(tables or {}), self.policies.workspace.shapes, self.policies.workspace.fiscal
        fired, problems = read_fired(Path(previous)) if previous is not None else ({}, [])
        own = Path(since) if isinstance(since, (str, Path)) and is_own(Path(since)) else None
        if own is None and since is not None and TASKS in shapes:
            given[TASKS] = since
        elif own is None and since is not None:
            name = Path(since).name if isinstance(since, (str, Path)) else TASKS
            problems.append(diagnose("since-unreadable", None, file=name))
        decided, unread = self._decided(Path(previous), as_of) if previous is not None else (NOTHING_EARLIER, [])
        problems += unread
        paid = fiscal.parse(period) if period else None
        if period and paid is None:
            problems.append(diagnose("period-unknown", None, found=period))
        if reading and reading not in READINGS:
            problems.append(diagnose("reading-unknown", None, found=reading, known=", ".join(READINGS)))
        for name in given:
            if name not in shapes:
                problems.append(diagnose("table-not-declared", None, name=name, known=", ".join(sorted(shapes))))
        if not FIRST_DAY <= as_of <= LAST_DAY:
            problems.append(diagnose("day-out-of-reach", None, found=as_of, first=FIRST_DAY, last=LAST_DAY))
        if problems:
            raise RequestRejected(problems)
        read = self._read(given, Path(data) if data else None, as_of, progress, without={TASKS} if own else set())
        if has_errors(read.diagnostics):
            raise DataRejected(read.diagnostics)
        earlier = Remembered()
        if "tasks" in parts:
            earlier = remembered(self.policies, read, own, Path(previous) if previous is not None else None, as_of)
        if has_errors(earlier.problems):
            raise DataRejected(earlier.problems)
        read = replace(read, rejects=tuple(sorted([*read.rejects, *earlier.rejects])))
        asked = Request(as_of, paid, horizon, fired, earlier.yesterday, decided, frozenset(parts), reading)
        return Run(self, run(self.policies, read, asked, progress))

    def _decided(self, previous: Path, as_of: date) -> tuple[Earlier, list[Diagnostic]]:
        """What the run before decided; nothing for a day that is out of reach, which is told."""
        if not FIRST_DAY <= as_of <= LAST_DAY:
            return NOTHING_EARLIER, []
        return read_earlier(previous, self.policies.on(as_of))

    def _read(
        self,
        given: Mapping[str, Source],
        data: Path | None,
        as_of: date,
        progress: Progress,
        without: Collection[str] = (),
    ) -> Tables:
        """Every declared table; one whose file is not there is missing beside what the others say.

        The tasks of yesterday are read where there are some.
        """
        shapes = {name: shape for name, shape in self.policies.workspace.shapes.items() if name not in without}
        if TASKS in shapes and TASKS not in given and shapes[TASKS].file is None:
            del shapes[TASKS]
        sources: dict[str, Source] = dict(given)
        problems: list[Diagnostic] = []
        for name, shape in shapes.items():
            if name in sources or shape.file is None:
                continue
            place = locate(self.folder, shape) if data is None else data / Path(shape.file).name
            if isinstance(place, Diagnostic):
                problems.append(place)
            else:
                sources[name] = place
        absent = {problem.place for problem in problems}
        kept = [shape for shape in shapes.values() if shape.name in sources or shape.file_span not in absent]
        timezone = self.policies.workspace.timezone
        read = read_tables(kept, sources, as_of=as_of, timezone=timezone, progress=progress)
        return replace(read, diagnostics=tuple(in_order([*problems, *read.diagnostics])))


@dataclass(frozen=True)
class Run:
    """What a run found. Frames are exact: amounts are decimals, missing is null."""

    pack: Pack
    outcome: Outcome

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
        for name, text in statements(self.outcome.payouts, self.outcome.credits, self.outcome.attainments).items():
            files[f"statements/{name}"] = text
        files |= list_files(self.outcome.lists)
        files |= form_files(self.pack.policies.workspace, self.outcome)
        return {**files, "run.json": json_text(self.record)}

    def _has(self, name: str) -> bool:
        """Whether a file is written: those of some kinds of policy are where the workspace has one."""
        if name == "load":
            return bool(self.outcome.load)
        kinds = OF_KINDS.get(name)
        return kinds is None or any(isinstance(policy, kinds) for policy in self.pack.policies.policies)

    def texts(self) -> dict[str, str]:
        """``files`` with the whole text of each."""
        return {name: _whole(file) for name, file in self.files().items()}

    def write(self, folder: str | Path, *, progress: Progress = SILENT) -> None:
        """The output folder, whole or not at all. Raises FolderInUse where something else stands there."""
        write_folder(Path(folder), self.files(progress), progress)

    def explain(self, subject: str, identity: str) -> Reason:
        """The reasons of an ``account``, a ``payee`` or a ``task``. Raises UnknownSubject for one the run has not."""
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
            return self._payee(books, identity)
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

    def _payee(self, books: Books, payee: str) -> Reason:
        outcome = self.outcome
        if all(line.payee != payee for line in outcome.payouts):
            raise UnknownSubject(f"this run pays no payee {payee!r}; payees: {_some(p.payee for p in outcome.payouts)}")
        policies = self.pack.policies
        plans = [plan for plan in policies.policies if isinstance(plan, Plan)]

        def book_of(plan: Plan, component: Component, day: date) -> Book:
            period = policies.workspace.fiscal.containing(component.period, day)
            return books.on(day, period.last_day, facts_day(plan, period))

        return explain_payee(payee, Pay(outcome.credits, outcome.attainments, outcome.payouts), plans, book_of)


def _csv(rows: Sequence[object], layout: Layout) -> Content:
    part = part_of(rows)
    if part is None:
        return csv_text(rows, layout)
    from .writers.csv_columns import csv_writer

    return csv_writer(part, layout)


def _whole(content: Content) -> str:
    if isinstance(content, str | Later):
        return content if isinstance(content, str) else content.make()
    out = BytesIO()
    content(out, SILENT)
    return out.getvalue().decode("utf-8", "surrogatepass")


def _some(names: Iterable[str]) -> str:
    """The first few of the names, for a message."""
    known = sorted(set(names))
    return ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
