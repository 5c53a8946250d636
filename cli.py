"""The command line. The only module that reads the clock, the environment and the terminal.

Everything but click is imported inside the commands, so that ``--help`` costs next to nothing.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from granger.engine.api import Pack, Run
    from granger.engine.diagnostics import Diagnostic
    from granger.engine.progress import Progress

CLEAN, FINDINGS, USAGE, REJECTED, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 4, 130

INTERRUPTION = "interrupted; nothing was written"

Command = Callable[..., Any]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="granger", message="granger %(version)s")
def granger() -> None:
    """Customer-success policy as code: tiers, playbooks and pay in YAML, applied exactly and explained.

    Exit codes: 0 clean; 1 findings, rejects or unserved work; 2 usage, or a policy that does not load; 3 data rejected
    beyond the ceiling, nothing written; 4 internal error; 130 interrupted.
    """


def _workspace(command: Command) -> Command:
    return click.argument("workspace", type=click.Path(path_type=Path, file_okay=False), default=".")(command)


def _format(command: Command) -> Command:
    option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
    return option(command)


def _day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> date:
    if value is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(value) if len(value) == 10 else _not_a_day(value)
    except ValueError:
        return _not_a_day(value)


def _not_a_day(value: str) -> NoReturn:
    raise click.BadParameter(f"{value!r} is not a day; write it like 2026-09-30")


def _tables(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for value in values:
        name, sign, path = value.partition("=")
        if not sign or not name or not path:
            raise click.BadParameter(f"{value!r} is not of the form NAME=PATH")
        found[name] = Path(path)
    return found


def _inputs(command: Command) -> Command:
    """The options that every command over data has."""
    options = [
        click.option("--as-of", callback=_day, metavar="DAY", help="The day whose close the run looks at (today)."),
        click.option(
            "--table", "tables", multiple=True, callback=_tables, metavar="NAME=PATH", help="A file for a table."
        ),
        click.option(
            "--data", type=click.Path(path_type=Path, file_okay=False), help="A folder with the tables' files."
        ),
        click.option(
            "--previous", type=click.Path(path_type=Path, file_okay=False), help="The folder of an earlier run."
        ),
        click.option(
            "--since",
            type=click.Path(path_type=Path, dir_okay=False, exists=True),
            help="Yesterday's tasks: a tasks.csv, or a CRM's export. Left out: those of --previous.",
        ),
        click.option("--period", metavar="PERIOD", help="Pay this period (2026-Q3) instead of the last that is over."),
        click.option(
            "--horizon", metavar="LENGTH", default="90 days", show_default=True, help="How far ahead tasks go."
        ),
        click.option(
            "--reading",
            type=click.Choice(["reference", "columns"]),
            help="Row by row, or in columns; both find the same. Left out: by the size of the tables.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _out(command: Command) -> Command:
    option = click.option(
        "--out", type=click.Path(path_type=Path), default="out", show_default=True, help="The folder to write."
    )
    return option(command)


@granger.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--pack", "name", default="starter", show_default=True, help="The bundled pack to start from.")
def init(folder: Path, name: str) -> None:
    """Make a new workspace in FOLDER from a bundled pack, with its sample data."""
    from granger.engine.writers.folder import FolderInUse, write_new
    from granger.engine.writers.starter import bundled, files_of

    if name not in bundled():
        raise click.BadParameter(f"there is no pack {name!r}; bundled: {', '.join(bundled())}", param_hint="--pack")
    try:
        with _watched(folder, bar=False) as progress:
            write_new(folder, files_of(name), progress)
    except FolderInUse as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"Made {folder} from the pack {name}. Next:\n  granger check {folder}\n  granger run {folder} --out out")


@granger.command()
@_workspace
@_format
def check(workspace: Path, form: str) -> None:
    """Check the policies of WORKSPACE without data: everything that can be known at once."""
    from granger.engine.api import check as check_folder

    pack, diagnostics, lines = check_folder(workspace)
    if form == "json":
        _json({"ok": pack is not None, "diagnostics": _as_json(diagnostics)})
    else:
        _show(diagnostics, lines, err=False)
        if pack is not None:
            policies = pack.policies
            days = ", ".join(str(day) for day in policies.version_days())
            click.echo(f"{policies.workspace.name}: {len(policies.policies)} policies fit together (changes on {days})")
    sys.exit(CLEAN if pack is not None else USAGE)


@granger.command(name="run")
@_workspace
@_inputs
@_out
@_format
def run_all(out: Path, form: str, **asked: Any) -> None:
    """Apply the policies of WORKSPACE to its data: tiers, tasks and pay, written to a folder."""
    _run_and_write(("segments", "tasks", "pay"), out, form, asked)


@granger.command()
@_workspace
@_inputs
@_out
@_format
def tasks(out: Path, form: str, **asked: Any) -> None:
    """Only the task list: tasks.csv, unserved.csv, triggers.csv."""
    _run_and_write(("tasks",), out, form, asked)


@granger.command()
@_workspace
@_inputs
@_out
@_format
def pay(out: Path, form: str, **asked: Any) -> None:
    """Only pay: credits.csv, payouts.csv and a statement per payee."""
    _run_and_write(("pay",), out, form, asked)


@granger.command()
@_workspace
@_inputs
@_format
def load(form: str, **asked: Any) -> None:
    """Who has how much time in which week of the coming quarter, how much of it is asked for, and what is over."""
    from granger.engine.writers.load_table import load_json, load_table

    run = _run(("tasks",), form, asked)
    if form == "json":
        _json(load_json(run.outcome.load))
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(load_table(run.outcome.load, colour=colour), nl=False)
    sys.exit(FINDINGS if any(row.over for row in run.outcome.load) else CLEAN)


@granger.command()
@click.argument("subject", type=click.Choice(["account", "payee", "task"]))
@click.argument("identity")
@_workspace
@_inputs
@_format
def explain(subject: str, identity: str, form: str, **asked: Any) -> None:
    """Why: the tree of reasons of one account, payee or task, down to lines of policy and rows of data."""
    from granger.engine.api import UnknownSubject
    from granger.engine.writers.reasons import tree_json, tree_text

    run = _run(("segments", "tasks", "pay"), form, asked)
    try:
        reason = run.explain(subject, identity)
    except UnknownSubject as error:
        raise click.UsageError(str(error)) from error
    if form == "json":
        _json(tree_json(reason))
    else:
        click.echo(tree_text(reason), nl=False)


@granger.command(name="test")
@_workspace
@_format
def run_tests(workspace: Path, form: str) -> None:
    """Run the policy tests of WORKSPACE (files of kind tests)."""
    pack = _load(workspace, form)
    verdicts = pack.test()
    failed = [verdict for verdict in verdicts if not verdict.passed]
    if form == "json":
        _json(
            [{"file": v.file, "test": v.test, "passed": v.passed, "failures": _as_json(v.failures)} for v in verdicts]
        )
    else:
        for verdict in failed:
            click.echo(f"FAILED {verdict.file}: {verdict.test}")
            _show(verdict.failures, pack.lines, err=False)
        if not verdicts:
            click.echo(f"{workspace} has no policy tests: write a file of kind tests")
        click.echo(f"{len(verdicts) - len(failed)} tests passed, {len(failed)} failed")
    sys.exit(FINDINGS if failed else CLEAN)


@granger.command()
@click.argument("kind", required=False)
def schema(kind: str | None) -> None:
    """Print the JSON Schema of a KIND of file, or list the kinds."""
    from granger.engine.writers.starter import schemas

    found = schemas()
    if kind is None:
        click.echo("\n".join(found))
    elif kind in found:
        click.echo(found[kind], nl=False)
    else:
        raise click.UsageError(f"there is no kind {kind!r}; kinds: {', '.join(found)}")


def _run_and_write(parts: tuple[str, ...], out: Path, form: str, asked: Mapping[str, Any]) -> None:
    run = _run(parts, form, asked, out)
    if form == "json":
        _json(run.record)
    else:
        from granger.engine.writers.summary import summary

        _show(run.findings, run.pack.lines, err=True)
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(summary(run.outcome, out, colour=colour), nl=False)
    sys.exit(FINDINGS if run.needs_a_look else CLEAN)


def _run(parts: tuple[str, ...], form: str, asked: Mapping[str, Any], out: Path | None = None) -> Run:
    """The run that was asked for, written to ``out`` if there is one."""
    from granger.engine.diagnostics import DataRejected, RequestRejected
    from granger.engine.periods import Duration

    pack = _load(asked["workspace"], form)
    horizon = Duration.parse(asked["horizon"])
    if horizon is None or horizon.count <= 0 or horizon.unit == "business days":
        raise click.BadParameter(
            f"{asked['horizon']!r} is not a length such as '90 days' or '3 months'", param_hint="--horizon"
        )
    try:
        with _watched(out, bar=form == "text" and sys.stderr.isatty()) as progress:
            run = pack.run(
                asked["tables"],
                as_of=asked["as_of"],
                data=asked["data"],
                period=asked["period"],
                horizon=horizon,
                previous=asked["previous"],
                since=asked["since"],
                parts=parts,
                reading=asked["reading"] or "",
                progress=progress,
            )
            if out is not None:
                _write(run, out, progress)
        return run
    except RequestRejected as error:
        _stop(error.diagnostics, pack.lines, form, USAGE)
    except DataRejected as error:
        _stop(error.diagnostics, pack.lines, form, REJECTED)


def _write(run: Run, out: Path, progress: Progress) -> None:
    from granger.engine.writers.folder import FolderInUse

    try:
        run.write(out, progress=progress)
    except FolderInUse as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error


@contextmanager
def _watched(out: Path | None = None, *, bar: bool) -> Iterator[Progress]:
    """Long work: ``bar`` shows on the terminal how far it is, and Ctrl-C takes away what was begun beside ``out``."""
    from granger.engine.progress import SILENT
    from granger.engine.writers.leftovers import discard

    clear: Callable[[], None] = partial(discard, out.resolve()) if out is not None else lambda: None
    shown: AbstractContextManager[Progress] = nullcontext(SILENT)
    erased = ""
    if bar:
        from granger.engine.writers.progress_bar import ERASED, ProgressBar

        shown, erased = ProgressBar(), ERASED
    with shown as progress:
        _on_ctrl_c(clear, erased)
        yield _Committing(progress)


class _Committing:
    """Passes on what it is told. Once the results take their place, Ctrl-C comes too late, and nothing heeds it."""

    def __init__(self, listener: Progress) -> None:
        self.begin, self.advance, self.end = listener.begin, listener.advance, listener.end

    def commit(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _on_ctrl_c(clear: Callable[[], None], erased: str = "") -> None:
    """From here on, Ctrl-C clears up, says one line, and ends the process then and there.

    A KeyboardInterrupt would have to find its way through the libraries at work, which may drop it or make it an error
    of theirs; and a second one would stop the clearing up. ``erased`` is what takes the progress off the terminal.
    """

    def stop(_signal: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            clear()
            os.write(2, f"{erased}{INTERRUPTION}\n".encode())
        finally:
            os._exit(INTERRUPTED)

    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # nohup and the like have switched it off
        signal.signal(signal.SIGINT, stop)


def _load(workspace: Path, form: str) -> Pack:
    from granger.engine.api import check as check_folder

    pack, diagnostics, lines = check_folder(workspace)
    if pack is None:
        _stop(diagnostics, lines, form, USAGE)
    if form == "text":
        _show(diagnostics, lines, err=True)
    return pack


def _stop(diagnostics: Sequence[Diagnostic], lines: Mapping[str, Sequence[str]], form: str, code: int) -> NoReturn:
    if form == "json":
        _json({"ok": False, "diagnostics": _as_json(diagnostics)})
    else:
        _show(diagnostics, lines, err=True)
    sys.exit(code)


def _show(diagnostics: Sequence[Diagnostic], lines: Mapping[str, Sequence[str]], *, err: bool) -> None:
    from granger.engine.writers.diagnostics import render_text

    if diagnostics:
        stream = sys.stderr if err else sys.stdout
        click.echo(render_text(diagnostics, lines, colour=stream.isatty() and "NO_COLOR" not in os.environ), err=err)


def _as_json(diagnostics: Sequence[Diagnostic]) -> list[dict[str, object]]:
    from granger.engine.writers.diagnostics import to_json

    return to_json(diagnostics)


def _json(value: object) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def main() -> None:
    """The console script: a user never sees a traceback; an internal error leaves a report file."""
    _on_ctrl_c(clear=lambda: None)
    try:
        granger.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(INTERRUPTION, err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except Exception as error:  # noqa: BLE001 - the last door: whatever went wrong inside is reported, never shown raw
        report = Path("granger-error-report.txt")
        report.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        click.echo(f"internal error: {type(error).__name__}. This is a bug in granger; {report} says more.", err=True)
        sys.exit(INTERNAL)
