"""tasks.csv, unserved.csv and triggers.csv by hand, from the columns of the floating-point query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import polars_hash as plh

from bench.rivals.whole_scores import joined

TASK_COLUMNS = ["task_id", "policy", "play", "task", "account_id", "account_name", "due", "owner", "role", "activity"]
TASK_COLUMNS += ["priority", "minutes", "channel", "status", "opened_on", "snoozed_until", "done_on"]
TASK_COLUMNS += ["closed_by", "set_due", "set_owner"]
TASK_COLUMNS += ["waits_for", "moved", "sequence", "anchor", "occurrence", "because", "source"]
UNSERVED_COLUMNS = ["policy", "play", "task", "account_id", "due", "level", "reason", "missing", "source"]


@dataclass(frozen=True, slots=True)
class Touch:
    play: str
    task: str
    due: date
    owner: str
    activity: str | None
    priority: str
    minutes: int
    channel: str | None
    because: str
    line: int


@dataclass(frozen=True, slots=True)
class Play:
    name: str
    fires: str
    population: str | None
    reads: tuple[str, ...]
    touches: tuple[Touch, ...]


def worked(day: date, days: int) -> date:
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def plays(as_of: date) -> list[Play]:
    drop = "use fell by three tenths or more"
    leaves = "the lead knows before the customer leaves"
    two, five, one = worked(as_of, 2), worked(as_of, 5), worked(as_of, 1)
    week, open_bill = as_of + timedelta(weeks=1), "a quarter of the bill is open"
    rescue = Touch("usage-drop", "rescue-call", two, "csm", "call", "high", 45, "phone", drop, 12)
    tell = Touch("usage-drop", "tell-lead", five, "cs_lead", None, "normal", 15, None, leaves, 13)
    check = Touch("logins-drop", "check-in", week, "csm", "email", "normal", 10, None, "fewer people come", 18)
    pay = Touch("unpaid", "payment-call", one, "csm", "call", "urgent", 20, None, open_bill, 23)
    return [
        Play("logins-drop", "logins_drop", None, ("logins", "logins_before"), (check,)),
        Play("unpaid", "unpaid_drop", None, ("paid", "billed", "days_overdue"), (pay,)),
        Play("usage-drop", "usage_drop", "tier", ("usage", "usage_before"), (rescue, tell)),
    ]


def task_files(
    found: pl.DataFrame, assignments: pl.DataFrame, as_of: date
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Tasks, unserved and triggers, each in the order of its file."""
    listed, unserved, triggers = [], [], []
    for play in plays(as_of):
        fired = found.filter(pl.col(play.fires))
        triggers.append(
            fired.select(
                policy=pl.lit("alerts"),
                play=pl.lit(play.name),
                account_id="account_id",
                since=pl.lit(as_of),
                fired=pl.lit(as_of),
                fired_before=pl.lit(""),
                completed=pl.lit(None, dtype=pl.Date),
                held_back=pl.lit(""),
            )
        )
        unserved += list(undecided(found, play))
        because = fired.select(read=spoken(play)).to_series()
        for touch in play.touches:
            owned = with_owner(fired, because, assignments, touch)
            unserved.append(nobody(owned.filter(pl.col("owner").is_null()), touch))
            listed.append(tasks(owned.filter(pl.col("owner").is_not_null()), touch, as_of))
    order = ["due", "owner", "account_id", "policy", "play", "task", "task_id"]
    return (
        pl.concat(listed).sort(order),
        pl.concat(unserved).sort("policy", "play", "account_id", "task", "due", "reason"),
        pl.concat(triggers),
    )


def undecided(found: pl.DataFrame, play: Play) -> Iterator[pl.DataFrame]:
    """A line a touch for accounts of which it cannot be said whether the play is for them, or whether it fires."""
    inside = pl.lit(True)
    for touch in play.touches:
        if play.population is not None:
            unclear = pl.col(play.population).is_null()
            yield _unserved(found.filter(unclear), touch, "`for` cannot be decided", pl.lit("is_target"))
            inside = ~unclear
        missing = joined(*((name, pl.col(name).is_null()) for name in sorted(play.reads)))
        some = found.filter(inside & pl.col(play.fires).is_null())
        yield _unserved(some, touch, "`when` cannot be decided", missing)


def _unserved(found: pl.DataFrame, touch: Touch, reason: str, missing: pl.Expr) -> pl.DataFrame:
    return found.select(
        *_what(touch),
        account_id="account_id",
        due=pl.lit(None, dtype=pl.Date),
        level=pl.lit("undecided"),
        reason=pl.lit(reason),
        missing=missing,
        source=pl.lit(f"playbook.yaml:{touch.line}"),
    ).select(UNSERVED_COLUMNS)


def _what(touch: Touch) -> list[pl.Expr]:
    return [pl.lit("alerts").alias("policy"), pl.lit(touch.play).alias("play"), pl.lit(touch.task).alias("task")]


def spoken(play: Play) -> pl.Expr:
    """The values that the trigger read, as people read them."""
    parts: list[pl.Expr] = []
    for name in play.reads:
        value = pl.col(name)
        money = name in ("paid", "billed")
        form = "{:,.2f} USD" if money else "{:,}"
        parts.append(pl.lit(f"{', ' if parts else ''}{name} = "))
        parts.append(value.map_elements(form.format, return_dtype=pl.String))
    return pl.concat_str(*parts)


def with_owner(fired: pl.DataFrame, read: pl.Series, assignments: pl.DataFrame, touch: Touch) -> pl.DataFrame:
    some = fired.select("account_id", "name", "csm").with_columns(read=read)
    if touch.owner == "csm":
        return some.with_columns(owner=pl.col("csm"))
    held = assignments.filter(
        pl.col("role") == touch.owner,
        pl.col("starts_on") <= touch.due,
        pl.col("ends_on").is_null() | (pl.col("ends_on") > touch.due),
    ).select("account_id", owner="person")
    return some.join(held, on="account_id", how="left", maintain_order="left")


def nobody(some: pl.DataFrame, touch: Touch) -> pl.DataFrame:
    none = "the account has no csm" if touch.owner == "csm" else f"nobody holds {touch.owner} on {touch.due}"
    return some.select(
        *_what(touch),
        account_id="account_id",
        due=pl.lit(touch.due),
        level=pl.lit("unserved"),
        reason=pl.lit(none),
        missing=pl.lit(None, dtype=pl.String),
        source=pl.lit(f"playbook.yaml:{touch.line}"),
    )


def tasks(owned: pl.DataFrame, touch: Touch, as_of: date) -> pl.DataFrame:
    identity = ["alerts\0" + touch.play + "\0" + touch.task + "\0", "\0" + as_of.isoformat()]
    whole = plh.concat_str(pl.lit(identity[0]), pl.col("account_id"), pl.lit(identity[1]))
    text = {"activity": touch.activity, "priority": touch.priority, "channel": touch.channel}
    return owned.select(
        *_what(touch),
        *(pl.lit(value, dtype=pl.String).alias(name) for name, value in text.items()),
        task_id="T-" + whole.chash.sha2_256().str.slice(0, 16),
        account_id="account_id",
        account_name=guarded(pl.col("name")),
        due=pl.lit(touch.due),
        owner=guarded(pl.col("owner")),
        role=pl.lit(touch.owner),
        minutes=pl.lit(touch.minutes),
        status=pl.lit("open"),
        opened_on=pl.lit(as_of),
        set_due=pl.lit(touch.due),
        set_owner=guarded(pl.col("owner")),
        sequence=pl.lit(0),
        **{
            name: pl.lit(None, dtype=pl.String)
            for name in ("snoozed_until", "done_on", "closed_by", "waits_for", "moved")
        },
        anchor=pl.lit(as_of),
        occurrence=pl.lit(as_of.isoformat()),
        because=pl.lit(touch.because + " (") + pl.col("read") + ")",
        source=pl.lit(f"playbook.yaml:{touch.line}"),
    ).select(TASK_COLUMNS)


def guarded(text: pl.Expr) -> pl.Expr:
    """No cell may become a formula in a spreadsheet."""
    return pl.when(text.str.contains("^'*[=+\\-@\t\r]")).then("'" + text).otherwise(text)
