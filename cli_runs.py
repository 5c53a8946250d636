"""What the commands share: the options of every command over data, the run that they ask for, what is shown of it.

Beside ``cli.py`` this reads the clock and the terminal; everything but click is imported inside, as there.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from granger.engine.api import Pack
    from granger.engine.diagnostics import Diagnostic
    from granger.engine.progress import Progress
    from granger.engine.runs import Run

CLEAN, FINDINGS, USAGE, REJECTED, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 4, 130

INTERRUPTION = "interrupted; nothing was written"

HORIZON = "90 days"

Command = Callable[..., Any]


def workspace_argument(command: Command) -> Command:
    return click.argument("workspace", type=click.Path(path_type=Path, file_okay=False), default=".")(command)


def format_option(command: Command) -> Command:
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


def _options(command: Command, options: Sequence[Command]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def data_inputs(command: Command) -> Command:
    """The options that every command over data has."""
    return _options(
        command,
        [
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
                "--reading",
                type=click.Choice(["reference", "columns"]),
                help="Row by row, or in columns; both find the same. Left out: by the size of the tables.",
            ),
        ],
    )


def inputs(command: Command) -> Command:
    """Those of a command that may look at tasks and at pay."""
    return _options(
        command,
        [
            data_inputs,
            click.option(
                "--since",
                type=click.Path(path_type=Path, dir_okay=False, exists=True),
                help="Yesterday's tasks: a tasks.csv, or a CRM's export. Left out: those of --previous.",
            ),
            period_option,
            click.option(
                "--horizon", metavar="LENGTH", default=HORIZON, show_default=True, help="How far ahead tasks go."
            ),
        ],
    )


def period_option(command: Command) -> Command:
    said = "Pay this period (2026-Q3) instead of the last that is over."
    return click.option("--period", metavar="PERIOD", help=said)(command)


def out_option(command: Command) -> Command:
    option = click.option(
        "--out", type=click.Path(path_type=Path), default="out", show_default=True, help="The folder to write."
    )
    return option(command)


def run_and_write(parts: tuple[str, ...], out: Path, form: str, asked: Mapping[str, Any]) -> None:
    run = ran(parts, form, asked, out, lambda run, progress: _write(run, out, progress))
    if form == "json":
        print_json(run.record)
    else:
        from granger.engine.writers.summary import summary

        show(run.findings, run.pack.lines, err=True)
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(summary(run.outcome, out, colour=colour), nl=False)
    sys.exit(FINDINGS if run.needs_a_look else CLEAN)


def ran(
    parts: tuple[str, ...],
    form: str,
    asked: Mapping[str, Any],
    out: Path | None = None,
    then: Callable[[Run, Progress], None] = lambda run, progress: None,
) -> Run:
    """The run that was asked for, after ``then`` did with it what is to be done: it may write to ``out``."""
    from granger.engine.diagnostics import DataRejected, RequestRejected
    from granger.engine.periods import Duration

    pack = load_pack(asked["workspace"], form)
    asked = {"period": None, "since": None, "horizon": HORIZON, "ledger": None, **asked}
    horizon = Duration.parse(asked["horizon"])
    if horizon is None or horizon.count <= 0 or horizon.unit == "business days":
        raise click.BadParameter(
            f"{asked['horizon']!r} is not a length such as '90 days' or '3 months'", param_hint="--horizon"
        )
    try:
        with watched(out, bar=form == "text" and sys.stderr.isatty()) as progress:
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
                ledger=asked["ledger"],
                progress=progress,
            )
            then(run, progress)
        return run
    except RequestRejected as error:
        refuse(error.diagnostics, pack.lines, form, USAGE)
    except DataRejected as error:
        refuse(error.diagnostics, pack.lines, form, REJECTED)


def _write(run: Run, out: Path, progress: Progress) -> None:
    from granger.engine.writers.folder import FolderInUse

    try:
        run.write(out, progress=progress)
    except FolderInUse as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error


@contextmanager
def watched(out: Path | None = None, *, bar: bool) -> Iterator[Progress]:
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
        on_ctrl_c(clear, erased)
        yield _Committing(progress)


class _Committing:
    """Passes on what it is told. Once the results take their place, Ctrl-C comes too late, and nothing heeds it."""

    def __init__(self, listener: Progress) -> None:
        self.begin, self.advance, self.end = listener.begin, listener.advance, listener.end

    def commit(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def on_ctrl_c(clear: Callable[[], None], erased: str = "") -> None:
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


def load_pack(workspace: Path, form: str) -> Pack:
    from granger.engine.api import check as check_folder

    pack, diagnostics, lines = check_folder(workspace)
    if pack is None:
        refuse(diagnostics, lines, form, USAGE)
    if form == "text":
        show(diagnostics, lines, err=True)
    return pack


def refuse(diagnostics: Sequence[Diagnostic], lines: Mapping[str, Sequence[str]], form: str, code: int) -> NoReturn:
    if form == "json":
        print_json({"ok": False, "diagnostics": as_json(diagnostics)})
    else:
        show(diagnostics, lines, err=True)
    sys.exit(code)


def show(diagnostics: Sequence[Diagnostic], lines: Mapping[str, Sequence[str]], *, err: bool) -> None:
    from granger.engine.writers.diagnostics import render_text

    if diagnostics:
        stream = sys.stderr if err else sys.stdout
        click.echo(render_text(diagnostics, lines, colour=stream.isatty() and "NO_COLOR" not in os.environ), err=err)


def as_json(diagnostics: Sequence[Diagnostic]) -> list[dict[str, object]]:
    from granger.engine.writers.diagnostics import to_json

    return to_json(diagnostics)


def print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
