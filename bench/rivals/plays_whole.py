"""What `granger tasks bench/workspaces/plays` does, as a script by somebody who knows Polars: the same files.

    python -m bench.rivals.plays_whole DATA OUT 2026-09-30

The policy stands in the code, nothing is explained beyond what the files say, and what was closed, skipped or past is
not counted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import polars_hash as plh

from bench.rivals.polars_plays import CLOSED, DAY, HOLIDAYS, PLAY, TASK, dues, in_memory, judged, unpaid
from bench.rivals.polars_whole import EMPTY, read
from bench.rivals.whole_scores import picked, write_csv
from bench.rivals.whole_tasks import TASK_COLUMNS, UNSERVED_COLUMNS, guarded

POLICY = "rhythm"
OFTEN, WEEKS = "everybody hears from us as often as it helps", "the weeks after signing decide"
FIGURES, FORTNIGHT = "the figures of the month, before it closes", "red accounts are worked every fortnight"
SILENT = "three months of silence are too long, and a month before the renewal it is too late"
ENOUGH, BILL = "two months are enough to mend what is wrong", "a bill that is open for a month"
NO_DATE, NO_END = "there is no date to count from", "there is no day on which the repeat ends"


@dataclass(frozen=True, slots=True)
class Touch:
    play: str
    task: str
    line: int
    because: str
    reads: str
    minutes: int
    activity: str = ""
    priority: str = "normal"
    channel: str = ""
    owner: str = "csm"
    after: str = ""


TOUCHES = [
    Touch("silence", "call", 54, SILENT, "contacted_on", 20, "call"),
    Touch("check-in", "check-in", 26, OFTEN, "signed_on", 20, "email"),
    Touch("renewal", "decision", 62, ENOUGH, "renewal_on", 30, "call", after="offer"),
    Touch("first-weeks", "first-value", 13, WEEKS, "signed_on", 30, "call"),
    Touch("forum", "forum", 40, OFTEN, "signed_on", 60, channel="video", owner="cs_lead"),
    Touch("first-weeks", "kick-off", 11, WEEKS, "signed_on", 45, "call", "high", "video"),
    Touch("month-end", "numbers", 33, FIGURES, "signed_on", 15, channel="email"),
    Touch("renewal", "offer", 61, ENOUGH, "renewal_on", 30, channel="email"),
    Touch("unpaid", "payment-call", 68, BILL, "days_overdue", 20, "call", "urgent", "phone"),
    Touch("first-weeks", "plan", 12, WEEKS, "signed_on", 30, after="kick-off"),
    Touch("rescue", "rescue-call", 48, FORTNIGHT, "contacted_on", 30, "call", "urgent", "phone"),
    Touch("renewal", "review", 60, ENOUGH, "renewal_on", 60, "review", "high"),
    Touch("unpaid", "tell-lead", 69, BILL, "days_overdue", 15, owner="cs_lead", after="payment-call"),
]
"""In the order of ``TASKS``."""


def why_free(day: date) -> str:
    if day in CLOSED:
        return f"{day} is a day off of the company"
    if day in HOLIDAYS:
        return f"{day} is a holiday in US: {HOLIDAYS[day]}"
    return f"{day} is a {day:%A}"


FIRST, DAYS_TOLD = date(2026, 6, 1), 400
"""From when on, and for how many days, it is known why they are free."""


def run(data: Path, out: Path, as_of: date) -> None:
    book, accounts_record = read(data / "accounts.parquet")
    assignments, assignments_record = read(data / "assignments.parquet")
    book, leads = in_memory(book.sort("account_id"), assignments)
    found = dues(book.lazy(), leads.lazy(), as_of).collect()
    out.mkdir(parents=True, exist_ok=True)
    listed = tasks(found.filter(pl.col("owner").is_not_null()), book, as_of)
    write_csv(listed, out / "tasks.csv")
    missed = unserved(found.filter(pl.col("owner").is_null()), book)
    write_csv(missed, out / "unserved.csv")
    write_csv(triggers(book, as_of), out / "triggers.csv")
    (out / "rejects.csv").write_text(EMPTY["rejects"] + "\r\n", encoding="utf-8", newline="")
    tables = {"accounts": accounts_record, "assignments": assignments_record}
    counts = dict(sorted(missed["level"].value_counts().rows()))
    plays = [{"policy": POLICY, "play": name, "tasks": n} for name, n in sorted(listed["play"].value_counts().rows())]
    record = {"workspace": "plays", "as_of": as_of.isoformat(), "tables": tables}
    record |= {"tasks": {"listed": listed.height, **counts, "plays": plays}}
    (out / "run.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def of_touch(what: str) -> pl.Expr:
    return picked([getattr(touch, what) for touch in TOUCHES], pl.col("task").to_physical())


def of_account(book: pl.DataFrame, name: str) -> pl.Expr:
    return pl.lit(book[name]).gather(pl.col("row"))


def tasks(found: pl.DataFrame, book: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """In the order of the file: no two touches of one kind fall on one day for one account."""
    found = found.sort("due", "owner", "row", "play", "task").with_columns(account_id=of_account(book, "account_id"))
    found = found.with_columns(occurrence=occurrence(), behind=of_touch("after"))
    found = found.with_columns(task_id=identity("task"), waits_for=identity("behind"))
    behind = found.filter(pl.col("task").is_in([touch.after for touch in TOUCHES if touch.after]))["task_id"]
    waits = pl.col("waits_for").is_in(behind.implode())
    return found.with_columns(
        policy=pl.lit(POLICY),
        account_name=guarded(of_account(book, "name")),
        owner=guarded(pl.col("owner").cast(pl.String)),
        role=of_touch("owner"),
        **{name: of_touch(name) for name in ("activity", "priority", "channel")},
        minutes=pl.lit(pl.Series([touch.minutes for touch in TOUCHES])).gather(pl.col("task").to_physical()),
        status=pl.when(waits).then(pl.lit("waiting")).otherwise(pl.lit("open")),
        opened_on=pl.lit(as_of),
        set_due="due",
        set_owner=guarded(pl.col("owner").cast(pl.String)),
        sequence=pl.lit(0),
        **{name: pl.lit(None, dtype=pl.String) for name in ("snoozed_until", "done_on", "closed_by")},
        moved=moved(),
        anchor="start",
        because=because(book),
        source=picked([f"playbook.yaml:{touch.line}" for touch in TOUCHES], pl.col("task").to_physical()),
    ).select(TASK_COLUMNS)


def occurrence() -> pl.Expr:
    number = pl.col("ordinal")
    day = pl.col("named").dt.to_string("%Y-%m-%d")
    return pl.when(number.is_null()).then(day).otherwise(pl.concat_str(day, pl.lit("#"), number))


def identity(task: str) -> pl.Expr:
    parts = (pl.lit(POLICY), pl.col("play"), pl.col(task), pl.col("account_id"), pl.col("occurrence"))
    return "T-" + plh.concat_str(*parts, separator="\0").chash.sha2_256().str.slice(0, 16)


def moved() -> pl.Expr:
    words = [why_free(FIRST + n * DAY) for n in range(DAYS_TOLD)]
    free = picked(words, (pl.col("asked") - FIRST).dt.total_days().clip(0, DAYS_TOLD - 1))
    pushed = pl.format("from {} to {}: not before {}", "own", "due", "behind")
    return pl.when(pl.col("own") != pl.col("due")).then(pushed).when(pl.col("asked") != pl.col("own")).then(free)


def because(book: pl.DataFrame) -> pl.Expr:
    """The reason, and the days or figures that it rests on."""
    reads = picked([f"{touch.because} ({touch.reads} = " for touch in TOUCHES], pl.col("task").to_physical())
    renewal = pl.format("{}, renewal_on = {}", "contacted_on", "renewal_on")
    figures = pl.concat_str("days_overdue", pl.lit(", arr = "), "dollars")
    dollars = pl.col("arr").map_elements("{:,.2f} USD".format, return_dtype=pl.String)
    owing = unpaid(book.lazy().with_row_index("row")).with_columns(dollars=dollars)
    told = owing.select("row", figures=figures).collect()
    rows = pl.DataFrame({"row": pl.int_range(book.height, dtype=pl.UInt32, eager=True)})
    told = rows.join(told, on="row", how="left", maintain_order="left").with_columns(book.select(renewal=renewal))
    of_row = {name: pl.lit(told[name]).gather(pl.col("row")) for name in ("figures", "renewal")}
    values = (
        pl.when(pl.col("play") == "silence")
        .then(of_row["renewal"])
        .when(pl.col("play") == "unpaid")
        .then(of_row["figures"])
        .otherwise(pl.col("named").dt.to_string("%Y-%m-%d"))
    )
    return pl.concat_str(reads, values, pl.lit(")"))


def unserved(nobody: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    lead = pl.format("nobody holds cs_lead on {}", "due")
    reason = pl.when(of_touch("owner") == "csm").then(pl.lit("the account has no csm")).otherwise(lead)
    none = pl.lit(None, dtype=pl.String)
    parts = [nobody.select("play", "task", "row", "due", level=pl.lit("unserved"), reason=reason, missing=none)]
    parts += [part.collect() for part in lacking(judged(book.lazy()))]
    found = pl.concat(parts).sort("play", "row", "task", "due")
    source = picked([f"playbook.yaml:{touch.line}" for touch in TOUCHES], pl.col("task").to_physical())
    whole = found.with_columns(policy=pl.lit(POLICY), account_id=of_account(book, "account_id"), source=source)
    return whole.select(UNSERVED_COLUMNS)


def lacking(book: pl.LazyFrame) -> Iterator[pl.LazyFrame]:
    """A line a touch for accounts without a day to count from, or without what decides."""
    served, red, renewal, contacted = pl.col("tier") != "self-serve", pl.col("red"), "renewal_on", "contacted_on"
    none = {name: pl.col(name).is_null() for name in (renewal, contacted)}
    both = pl.concat_str(
        *(pl.when(missing).then(pl.lit(name)) for name, missing in sorted(none.items())),
        separator=", ",
        ignore_nulls=True,
    )
    grade, end, overdue = pl.lit("health_grade"), pl.lit(renewal), pl.lit("days_overdue")
    of_interval = served & none[renewal].not_() & red.is_null()
    yield _lacks(book.filter(served & none[renewal]), "check-in", "unserved", NO_END, end)
    yield _lacks(book.filter(of_interval), "check-in", "undecided", "`interval` cannot be decided", grade)
    yield _lacks(book.filter(served & red.is_null()), "rescue", "undecided", "`for` cannot be decided", grade)
    yield _lacks(book.filter(served & red & none[contacted]), "rescue", "unserved", NO_DATE, pl.lit(contacted))
    yield _lacks(book.filter(none[renewal] | none[contacted]), "silence", "unserved", NO_DATE, both)
    yield _lacks(book.filter(none[renewal]), "renewal", "unserved", NO_DATE, end)
    unclear = pl.col("days_overdue").is_null() & (pl.col("arr") >= 20_000)
    yield _lacks(book.filter(unclear), "unpaid", "undecided", "`when` cannot be decided", overdue)


def _lacks(book: pl.LazyFrame, play: str, level: str, reason: str, missing: pl.Expr) -> pl.LazyFrame:
    touches = pl.LazyFrame({"task": [touch.task for touch in TOUCHES if touch.play == play]}, schema={"task": TASK})
    due = pl.lit(None, dtype=pl.Date)
    lines = book.select("row", missing=missing).join(touches, how="cross")
    lines = lines.with_columns(play=pl.lit(play, dtype=PLAY), due=due, level=pl.lit(level), reason=pl.lit(reason))
    return lines.select("play", "task", "row", "due", "level", "reason", "missing")


def triggers(book: pl.DataFrame, as_of: date) -> pl.DataFrame:
    return (
        unpaid(book.lazy())
        .collect()
        .select(
            policy=pl.lit(POLICY),
            play=pl.lit("unpaid"),
            account_id="account_id",
            since=pl.lit(as_of),
            fired=pl.lit(as_of),
            fired_before=pl.lit(None, dtype=pl.String),
            completed=pl.lit(None, dtype=pl.Date),
            held_back=pl.lit(None, dtype=pl.String),
        )
    )


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]))
