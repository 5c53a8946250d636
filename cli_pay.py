"""The commands of pay: what is proposed, what is locked for good, and the ledger that keeps it."""

from __future__ import annotations

import getpass
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from granger.cli_runs import (
    CLEAN,
    FINDINGS,
    REJECTED,
    USAGE,
    Command,
    as_json,
    data_inputs,
    format_option,
    out_option,
    period_option,
    print_json,
    ran,
    refuse,
    run_and_write,
    show,
    watched,
    workspace_argument,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from granger.engine.ledger.posted import Posted
    from granger.engine.ledgers import Ledger
    from granger.engine.progress import Progress
    from granger.engine.runs import Run

LEDGER = "ledger.db"
"""The ledger of a workspace, inside it, unless another is named."""

WHERE = "A file, or a postgresql:// URL"

kept_where = click.argument("where", metavar="[LEDGER]", envvar="GRANGER_LEDGER", default=LEDGER)


def ledger_option(command: Command) -> Command:
    said = f"{WHERE}. Left out: {LEDGER} in the workspace."
    return click.option("--ledger", "where", envvar="GRANGER_LEDGER", metavar="LEDGER", help=said)(command)


@click.command()
@workspace_argument
@data_inputs
@period_option
@ledger_option
@out_option
@format_option
def pay(out: Path, form: str, where: str | None, **asked: Any) -> None:
    """What is to be paid: credits.csv, payouts.csv and a statement per payee.

    With a ledger the periods that are locked are corrected forward, in this one.
    """
    run_and_write(("pay",), out, form, {**asked, "ledger": where or _own_ledger(asked["workspace"])})


@click.command()
@click.argument("period")
@workspace_argument
@data_inputs
@ledger_option
@click.option("--by", metavar="NAME", help="Who locks it. Left out: who is logged in.")
@format_option
def lock(form: str, where: str | None, by: str | None, **asked: Any) -> None:
    """Post the pay of PERIOD to the ledger, for good: all that `granger pay` proposes, or nothing."""
    from granger.engine.writers.ledger_table import ledger_json, locked

    asked["ledger"] = where or asked["workspace"] / LEDGER
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    done: list[Posted] = []

    def post(run: Run, progress: Progress) -> None:
        progress.commit()
        done.append(run.lock(by=by or getpass.getuser(), at=at))

    run = ran(("pay",), form, asked, then=post)
    if form == "json":
        print_json(ledger_json(done[0]))
    else:
        from granger.engine.writers.summary import summary

        show(run.findings, run.pack.lines, err=True)
        click.echo(summary(run.outcome, None), nl=False)
        click.echo(locked(done[0]))
    sys.exit(FINDINGS if run.needs_a_look else CLEAN)


@click.group()
def ledger() -> None:
    """What was paid, for good: whether it is sound, what is in it, and its statements."""


@ledger.command()
@kept_where
@click.option("--digest", default="", help="The digest of the last entry, as somebody noted it.")
@format_option
def verify(where: str, digest: str, form: str) -> None:
    """Whether every entry is what was posted. Exit code 1: some are not."""

    def found(kept: Ledger) -> None:
        head, problems = kept.verified(digest)
        if form == "json":
            print_json({"ok": not problems, "diagnostics": as_json(problems)})
        elif problems:
            show(problems, {}, err=False)
        else:
            click.echo(f"{kept.name} is what was posted: {head.sequence} entries, the last digest is {head.hash}")
        sys.exit(FINDINGS if problems else CLEAN)

    _opened(where, form, found)


@ledger.command(name="show")
@kept_where
@click.option("--entry", type=int, help="One entry, whole.")
@format_option
def show_ledger(where: str, entry: int | None, form: str) -> None:
    """The locked periods; or all of one entry."""
    from granger.engine.writers.ledger_table import entry_json, ledger_json, ledger_table

    def shown(kept: Ledger) -> None:
        if entry is not None:
            found = next((each for each in kept.entries() if each.sequence == entry), None)
            if found is None:
                raise click.UsageError(f"{kept.name} has no entry {entry}")
            print_json(entry_json(found))
        elif form == "json":
            print_json(ledger_json(kept.posted()))
        else:
            click.echo(ledger_table(kept.posted()), nl=False)

    _opened(where, form, shown)


@ledger.command()
@click.argument("period")
@kept_where
@out_option
@format_option
def statement(period: str, where: str, out: Path, form: str) -> None:
    """Write the statements of a locked PERIOD anew, from the ledger alone."""

    def written(kept: Ledger) -> None:
        from granger.engine.writers.folder import FolderInUse

        try:
            with watched(out, bar=False) as progress:
                kept.write(period, out, progress=progress)
        except FolderInUse as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
        click.echo(f"Written to {out}")

    _opened(where, form, written)


def _opened(where: str, form: str, use: Callable[[Ledger], None]) -> None:
    """Does something with a ledger that is there."""
    from granger.engine.diagnostics import DataRejected, RequestRejected
    from granger.engine.ledgers import Ledger

    try:
        kept = Ledger(where)
        kept.must_be_there()
        use(kept)
    except RequestRejected as error:
        refuse(error.diagnostics, {}, form, USAGE)
    except DataRejected as error:
        refuse(error.diagnostics, {}, form, REJECTED)


def _own_ledger(workspace: Path) -> Path | None:
    return workspace / LEDGER if (workspace / LEDGER).exists() else None
