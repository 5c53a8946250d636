"""What a run came to, in a few short tables for the terminal (rich is here and in progress_bar.py)."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from ..amounts import grouped
from ..amounts import short as in_short
from ..currencies import minor_digits
from ..lines import counted
from ..outcome.pay.lines import ADJUSTMENT, Payout
from ..outcome.staffing import MISSING, StaffingRow
from ..outcome.successes import FAILED, MET, UNDECIDED
from ..policy.model_life import BEHIND, STUCK
from ..runners.memory import Outcome
from .terminal import printable

WIDTH = 80
MAX_ROWS = 40


def summary(outcome: Outcome, out: Path | None, *, width: int = WIDTH, colour: bool = False) -> str:
    """Accounts by tier, tasks by play and owner, pay by plan, rows read, where the files are."""
    text = io.StringIO()
    console = Console(file=text, width=width, force_terminal=colour, no_color=not colour, highlight=False, markup=False)
    parts = outcome.request.parts
    if "segments" in parts and outcome.segments:
        console.print(_tiers(outcome))
    if outcome.stages:
        console.print(_stages(outcome))
    if outcome.successes:
        console.print(_successes(outcome))
    _lines(console, _listed(outcome))
    if "tasks" in parts:
        console.print(_tasks(outcome))
        _lines(console, _unserved(outcome))
    if outcome.staffing:
        console.print(_staffing(outcome))
    if outcome.budgets:
        console.print(_budgets(outcome))
    if "pay" in parts:
        console.print(_pay(outcome))
        _lines(console, _corrections(outcome))
    console.print(_tables(outcome))
    _lines(console, _rejects(outcome))
    if out is not None:
        console.print(f"Written to {out}", soft_wrap=True)  # a path that is broken in two cannot be copied
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _lines(console: Console, lines: list[str]) -> None:
    for line in lines:
        console.print(line)
    if lines:
        console.print()


def _table(title: str, *columns: tuple[str, bool]) -> Table:
    table = Table(title=title, box=box.SIMPLE, title_justify="left", title_style="bold", pad_edge=False)
    for name, is_number in columns:
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    return table


def _tiers(outcome: Outcome) -> Table:
    table = _table("Accounts by tier", ("policy", False), ("tier", False), ("accounts", True))
    counts: Counter[tuple[str, str]] = Counter()
    for (policy, tier, status), count in counted(outcome.segments, "policy", "tier", "status").items():
        counts[str(policy), str(tier or f"({status})")] += count
    for (policy, tier), count in sorted(counts.items()):
        table.add_row(printable(policy), printable(tier), f"{count:,}")
    return table


def _stages(outcome: Outcome) -> Table:
    """The stages in the order of their names; an account in none counts by its status."""
    title = "Accounts by stage"
    table = _table(title, ("policy", False), ("stage", False), ("accounts", True), (BEHIND, True), (STUCK, True))
    counts: dict[tuple[str, str], Counter[str]] = {}
    for (policy, stage, status), count in counted(outcome.stages, "policy", "stage", "status").items():
        counts.setdefault((str(policy), str(stage or f"({status})")), Counter())[str(status)] += count
    for (policy, stage), found in sorted(counts.items()):
        numbers = (found.total(), found[BEHIND], found[STUCK])
        table.add_row(printable(policy), printable(stage), *(f"{number:,}" for number in numbers))
    return table


def _listed(outcome: Outcome) -> list[str]:
    """How many lines each list has; of one that is told over time, at its last day."""
    told = []
    for each in outcome.lists:
        last = max((row.day for row in each.rows), default=None)
        told.append(f"{sum(row.day == last for row in each.rows):,} on the list {printable(each.name)}")
    return told


def _successes(outcome: Outcome) -> Table:
    """Criteria by use case, in the order of their names; accounts without a use stand together."""
    columns = [("policy", False), ("use case", False), *((status, True) for status in (MET, FAILED, UNDECIDED))]
    table = _table("Criteria of success", *columns)
    counts: dict[tuple[str, str], Counter[str]] = {}
    for (policy, use, status), count in counted(outcome.successes, "policy", "use_case", "status").items():
        counts.setdefault((str(policy), str(use or "(none)")), Counter())[str(status)] += count
    for (policy, use), found in sorted(counts.items()):
        numbers = (found[MET], found[FAILED], found[UNDECIDED])
        table.add_row(printable(policy), printable(use), *(f"{number:,}" for number in numbers))
    return table


def _tasks(outcome: Outcome) -> Table:
    """By play and owner, with the day that all are due before: of a playbook that looks further ahead, that one's."""
    until = outcome.request.horizon.after(outcome.request.as_of)
    days = (day for (day,) in counted(outcome.tasks, "due") if isinstance(day, date))
    until = max([until, *(day + timedelta(days=1) for day in days)])
    table = _table(f"Tasks due before {until}", ("play", False), ("owner", False), ("tasks", True))
    counts = sorted((str(play), str(owner), n) for (play, owner), n in counted(outcome.tasks, "play", "owner").items())
    for play, owner, count in counts[:MAX_ROWS]:
        table.add_row(printable(play), printable(owner), f"{count:,}")
    if len(counts) > MAX_ROWS:
        rest = counts[MAX_ROWS:]
        table.add_row("…", f"{len(rest)} more", f"{sum(count for _, _, count in rest):,}")
    return table


def _unserved(outcome: Outcome) -> list[str]:
    levels = counted(outcome.unserved, "level")
    unserved, undecided = levels["unserved",], levels["undecided",]
    lines = []
    if unserved:
        lines.append(f"{unserved} unserved: a play wants them and nobody can do them (unserved.csv)")
    if levels["crowded",]:
        lines.append(f"{levels['crowded',]} crowded: the customer has no room for them in the week (unserved.csv)")
    over = sum(row.over > 0 for row in outcome.load)
    if over:
        lines.append(f"{over} weeks ask for more than a person has (load.csv, granger load)")
    if undecided:
        lines.append(f"{undecided} undecided: a field that a play reads is missing (unserved.csv)")
    return lines


def _staffing(outcome: Outcome) -> Table:
    """How many lines of each ratio are short, and of how many people in all."""
    title = "Staffing"
    table = _table(title, ("ratio", False), ("lines", True), ("short", True), ("people short", True), ("missing", True))
    groups: dict[tuple[str, str], list[StaffingRow]] = {}
    for row in outcome.staffing:
        groups.setdefault((row.policy, row.ratio), []).append(row)
    for (_, ratio), rows in groups.items():
        short = [row.short for row in rows if row.short is not None and row.short > 0]
        missing = sum(row.status == MISSING for row in rows)
        told = f"{len(rows):,}", f"{len(short):,}", in_short(sum(short, Fraction(0))), f"{missing:,}"
        table.add_row(printable(ratio), *told)
    return table


def _budgets(outcome: Outcome) -> Table:
    """The accounts of each budget by how they are served."""
    table = _table("Accounts by budget", ("budget", False), ("service", False), ("accounts", True))
    counts = Counter[tuple[str, str]]()
    for (budget, service), count in counted(outcome.budgets, "budget", "service").items():
        counts[str(budget), str(service) or "(missing)"] += count
    for (budget_name, word), count in sorted(counts.items()):
        table.add_row(printable(budget_name), printable(word), f"{count:,}")
    return table


def _corrections(outcome: Outcome) -> list[str]:
    """What of the pay corrects periods that are locked."""
    totals: dict[str, Fraction] = {}
    lines = [line for line in outcome.payouts if line.kind == ADJUSTMENT]
    for line in lines:
        totals[line.currency] = totals.get(line.currency, Fraction(0)) + (line.amount or Fraction(0))
    told = ", ".join(f"{grouped(total, minor_digits(money))} {money}" for money, total in sorted(totals.items()))
    counted_lines = f"{len(lines):,} line corrects" if len(lines) == 1 else f"{len(lines):,} lines correct"
    return [f"{counted_lines} locked periods, by {told} in all (payouts.csv)"] if lines else []


def _pay(outcome: Outcome) -> Table:
    table = _table(
        "Pay",
        ("plan", False),
        ("period", False),
        ("payees", True),
        ("lines", True),
        ("amount", True),
        ("waiting", True),
    )
    groups: dict[tuple[str, str, str], list[Payout]] = {}
    for line in outcome.payouts:
        groups.setdefault((line.plan, line.period, line.currency), []).append(line)
    for (plan, period, currency), lines in sorted(groups.items()):
        total = sum(line.amount for line in lines if line.amount is not None)
        table.add_row(
            printable(plan),
            period,
            f"{len({line.payee for line in lines}):,}",
            f"{len(lines):,}",
            f"{grouped(total, minor_digits(currency)) if total else '0'} {currency}",
            f"{sum(line.waiting_credits for line in lines):,}",
        )
    return table


def _tables(outcome: Outcome) -> Table:
    table = _table("Rows read", ("table", False), ("read", True), ("used", True), ("later", True), ("rejected", True))
    for name, found in sorted(outcome.tables.items()):
        table.add_row(name, f"{found.read:,}", f"{len(found):,}", f"{found.later:,}", f"{found.rejected:,}")
    return table


def _rejects(outcome: Outcome) -> list[str]:
    counts = Counter(reject.level for reject in outcome.rejects)
    spoken = {
        "row": ("rejected row", "rejected rows"),
        "cell": ("bad cell read as missing", "bad cells read as missing"),
        "finding": ("reference that leads nowhere", "references that lead nowhere"),
    }
    listed = [f"{counts[level]:,} {words[counts[level] != 1]}" for level, words in spoken.items() if counts[level]]
    lines = [f"In rejects.csv: {', '.join(listed)}"] if listed else []
    unpaid = counted(outcome.credits, "status")["unpaid",]
    return lines + (
        [f"{unpaid:,} rows match a plan and are paid to nobody (credits.csv, status unpaid)"] if unpaid else []
    )
