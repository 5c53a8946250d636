"""The command line. With what it shares in ``cli_runs.py``, all that reads the clock, the environment, the terminal.

Everything but click is imported inside the commands, so that ``--help`` costs next to nothing.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any

import click
from granger import cli_pay
from granger.cli_runs import (
    CLEAN,
    FINDINGS,
    INTERNAL,
    INTERRUPTED,
    INTERRUPTION,
    USAGE,
    as_json,
    format_option,
    inputs,
    load_pack,
    on_ctrl_c,
    out_option,
    print_json,
    ran,
    run_and_write,
    show,
    watched,
    workspace_argument,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="granger", message="granger %(version)s")
def granger() -> None:
    """Customer-success policy as code: tiers, playbooks and pay in YAML, applied exactly and explained.

    Exit codes: 0 clean; 1 findings, rejects or unserved work; 2 usage, or a policy that does not load; 3 data rejected
    beyond the ceiling, nothing written; 4 internal error; 130 interrupted.
    """


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
        with watched(folder, bar=False) as progress:
            write_new(folder, files_of(name), progress)
    except FolderInUse as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"Made {folder} from the pack {name}. Next:\n  granger check {folder}\n  granger run {folder} --out out")


@granger.command()
@workspace_argument
@format_option
def check(workspace: Path, form: str) -> None:
    """Check the policies of WORKSPACE without data: everything that can be known at once."""
    from granger.engine.api import check as check_folder

    pack, diagnostics, lines = check_folder(workspace)
    if form == "json":
        print_json({"ok": pack is not None, "diagnostics": as_json(diagnostics)})
    else:
        show(diagnostics, lines, err=False)
        if pack is not None:
            policies = pack.policies
            days = ", ".join(str(day) for day in policies.version_days())
            click.echo(f"{policies.workspace.name}: {len(policies.policies)} policies fit together (changes on {days})")
    sys.exit(CLEAN if pack is not None else USAGE)


@granger.command(name="run")
@workspace_argument
@inputs
@out_option
@format_option
def run_all(out: Path, form: str, **asked: Any) -> None:
    """Apply the policies of WORKSPACE to its data: tiers, tasks and pay, written to a folder."""
    run_and_write(("segments", "tasks", "pay"), out, form, asked)


@granger.command()
@workspace_argument
@inputs
@out_option
@format_option
def tasks(out: Path, form: str, **asked: Any) -> None:
    """Only the task list: tasks.csv, unserved.csv, triggers.csv."""
    run_and_write(("tasks",), out, form, asked)


@granger.command()
@workspace_argument
@inputs
@format_option
def load(form: str, **asked: Any) -> None:
    """Who has how much time in which week of the coming quarter, how much of it is asked for, and what is over."""
    from granger.engine.writers.load_table import load_json, load_table

    run = ran(("tasks",), form, asked)
    if form == "json":
        print_json(load_json(run.outcome.load))
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(load_table(run.outcome.load, colour=colour), nl=False)
    sys.exit(FINDINGS if any(row.over for row in run.outcome.load) else CLEAN)


@granger.command()
@click.argument("subject", type=click.Choice(["account", "payee", "task"]))
@click.argument("identity")
@workspace_argument
@inputs
@click.option("--line", type=click.IntRange(1), metavar="N", help="Only line N of the statement of a payee.")
@click.option("--ledger", metavar="LEDGER", help=f"{cli_pay.WHERE}, whose locked periods this one corrects.")
@format_option
def explain(subject: str, identity: str, line: int | None, form: str, **asked: Any) -> None:
    """Why: the tree of reasons of one account, payee or task, down to lines of policy and rows of data."""
    from granger.engine.runs import UnknownSubject
    from granger.engine.writers.reasons import tree_json, tree_text

    run = ran(("segments", "tasks", "pay"), form, asked)
    try:
        reason = run.explain(subject, identity, line or 0)
    except UnknownSubject as error:
        raise click.UsageError(str(error)) from error
    if form == "json":
        print_json(tree_json(reason))
    else:
        click.echo(tree_text(reason), nl=False)


@granger.command(name="test")
@workspace_argument
@format_option
def run_tests(workspace: Path, form: str) -> None:
    """Run the policy tests of WORKSPACE (files of kind tests)."""
    pack = load_pack(workspace, form)
    verdicts = pack.test()
    failed = [verdict for verdict in verdicts if not verdict.passed]
    if form == "json":
        print_json(
            [{"file": v.file, "test": v.test, "passed": v.passed, "failures": as_json(v.failures)} for v in verdicts]
        )
    else:
        for verdict in failed:
            click.echo(f"FAILED {verdict.file}: {verdict.test}")
            show(verdict.failures, pack.lines, err=False)
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


for command in (cli_pay.pay, cli_pay.lock, cli_pay.ledger):
    granger.add_command(command)


def main() -> None:
    """The console script: a user never sees a traceback; an internal error leaves a report file."""
    on_ctrl_c(clear=lambda: None)
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
