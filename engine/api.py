"""The library's face: load a workspace, run it, explain what came out. Everything the command line does is here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from .decide import Deciders, Rows
from .diagnostics import DataRejected, Diagnostic, PolicyRejected, RequestRejected, Severity, has_errors, in_order
from .ledger.posted import Posted
from .ledgers import Ledger, locked_by
from .messages import diagnose
from .outcome.tasks.calendar import unsupported
from .periods import Duration, Period
from .policy.decode_tests import TestFile
from .policy.load import load_policies
from .policy.names import TASKS
from .policy.pack import Policies
from .program.bounds import check_bounds
from .program.compile import compile_program
from .program.memory import NOTHING_EARLIER, Earlier
from .progress import SILENT, Progress
from .proof.witnesses import check_tiers
from .runners.memory import DEFAULT_HORIZON, PARTS, READINGS, Request, run
from .runners.plan_periods import plan_periods
from .runs import Run
from .suite import Verdict, run_tests
from .tables.read import Tables, read_tables
from .tables.sources import Source, locate
from .writers.previous import read_earlier, read_fired
from .writers.statements.pdf import unprintable
from .writers.yesterday import Remembered, is_own, remembered

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
"""The days a run can look at: windows and horizons around them stay inside the calendar."""


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
    found += unprintable(policies.workspace.pay_forms.statements)
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
        ledger: str | Path | None = None,
        progress: Progress = SILENT,
    ) -> Run:
        """Tiers, tasks and pay at the close of ``as_of``.

        ``tables`` brings a path, a frame (Polars, pandas, Arrow) or a list of dicts for a table by name; the others are
        read from ``data`` or from where granger.yaml says. ``period`` (``2026-Q3``) pays that period instead of each
        plan's last one that is over. ``previous`` is the folder of an earlier run. ``since`` are yesterday's tasks: a
        ``tasks.csv`` of granger's, or what a CRM exports of the table ``tasks``; without it those of ``previous``.
        ``ledger`` (a file, or a ``postgresql://`` URL) says what was paid: its locked periods are corrected forward, in
        the open one that is paid, and ``Run.lock`` adds that one to it. ``progress`` is told how far it is.
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
        kept = Ledger(ledger) if ledger is not None and "pay" in parts else None
        posted, paid = (None, paid) if kept is None else self._open(kept.posted(), as_of, paid)
        read = self._read(given, Path(data) if data else None, as_of, progress, without={TASKS} if own else set())
        if has_errors(read.diagnostics):
            raise DataRejected(read.diagnostics)
        earlier = Remembered()
        if "tasks" in parts:
            earlier = remembered(self.policies, read, own, Path(previous) if previous is not None else None, as_of)
        if has_errors(earlier.problems):
            raise DataRejected(earlier.problems)
        read = replace(read, rejects=tuple(sorted([*read.rejects, *earlier.rejects])))
        asked = Request(
            as_of, paid, horizon, fired, earlier.yesterday, decided, frozenset(parts), reading, posted=posted
        )
        return Run(self, run(self.policies, read, asked, progress), kept)

    def _open(self, posted: Posted, as_of: date, asked: Period | None) -> tuple[Posted, Period]:
        """What is posted, and the period that is asked for, in which something is open; else the last that is over."""
        last = {whole.name: whole for _, _, whole in plan_periods(self.policies, Request(as_of))}
        period = asked if asked is not None or len(last) != 1 else next(iter(last.values()))
        if period is None:
            raise RequestRejected([diagnose("period-needed", None, periods=", ".join(sorted(last)) or "none")])
        wholes = [whole for _, _, whole in plan_periods(self.policies, Request(as_of, period))]
        locks = [posted.closing(whole) for whole in wholes or [period]]
        if all(locks):
            closed = next(lock.period.name for lock in locks if lock is not None)
            told = "; ".join(dict.fromkeys(locked_by(lock) for lock in locks if lock is not None))
            raise RequestRejected([diagnose("period-locked", None, period=period.name, told=told, closed=closed)])
        return posted, period

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
