"""The due dates of bench/workspaces/plays as somebody who knows Polars writes them: the plays stand in the code.

Every condition compares whole figures, so that floating point has nothing to get wrong: the days are the very same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

import polars as pl

HOLIDAYS = {
    date(2026, 7, 3): "Independence Day (observed)",
    date(2026, 9, 7): "Labor Day",
    date(2026, 10, 12): "Columbus Day",
    date(2026, 11, 11): "Veterans Day",
    date(2026, 11, 26): "Thanksgiving Day",
    date(2026, 12, 25): "Christmas Day",
    date(2027, 1, 1): "New Year's Day",
    date(2027, 1, 18): "Martin Luther King Jr. Day",
    date(2027, 2, 15): "Washington's Birthday",
    date(2027, 5, 31): "Memorial Day",
}
CLOSED = [date(2026, 11, 27), date(2026, 12, 24), date(2026, 12, 31)]
FREE = sorted([*HOLIDAYS, *CLOSED])
SKIPPED = date(2026, 11, 3)

PLAYS = ["check-in", "first-weeks", "forum", "month-end", "renewal", "rescue", "silence", "unpaid"]
TASKS = ["call", "check-in", "decision", "first-value", "forum", "kick-off", "numbers", "offer", "payment-call", "plan"]
TASKS += ["rescue-call", "review", "tell-lead"]
PLAY, TASK = pl.Enum(PLAYS), pl.Enum(TASKS)
DAYS = ["play", "task", "row", "ordinal", "named", "start", "asked", "own", "due", "owner"]
"""What is found of each touch of the account in that ``row`` of the book: the day ``asked`` for, its ``own`` as it is
worked, and when it is due, which may be later for another touch.
"""

TIER = pl.Enum(["strategic", "core", "standard", "self-serve"])
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def worked_after(day: pl.Expr, days: int) -> pl.Expr:
    """So many worked days after, or before, where the first need not be worked."""
    return day.dt.add_business_days(days, holidays=FREE, roll="backward" if days > 0 else "forward")


def following(day: pl.Expr) -> pl.Expr:
    return day.dt.add_business_days(0, holidays=FREE, roll="forward")


def preceding(day: pl.Expr) -> pl.Expr:
    return day.dt.add_business_days(0, holidays=FREE, roll="backward")


def nearest(day: pl.Expr) -> pl.Expr:
    after, before = following(day), preceding(day)
    return pl.when(after - day <= day - before).then(after).otherwise(before)


def later(day: pl.Expr, days: pl.Expr) -> pl.Expr:
    return (day.cast(pl.Int32) + days).cast(pl.Date)


def in_month(day: pl.Expr) -> pl.Expr:
    after = following(day)
    return pl.when(after.dt.month() == day.dt.month()).then(after).otherwise(preceding(day))


@dataclass(frozen=True, slots=True)
class Window:
    """Touches due from ``first`` on and before ``end`` are listed."""

    first: date
    end: date

    def holds(self, day: pl.Expr) -> pl.Expr:
        return (day >= self.first) & (day < self.end)

    def near(self, day: pl.Expr, most_before: int, most_after: int) -> pl.Expr:
        """Whether a touch up to so many days before or after the day can be due in time; others are left out early."""
        return (day >= self.first - most_after * DAY) & (day < self.end + most_before * DAY)

    def months(self) -> Iterator[tuple[date, date]]:
        """The first and the last day of the months that it touches, and of the one before."""
        first = (self.first.replace(day=1) - DAY).replace(day=1)
        while first < self.end:
            after = (first + 31 * DAY).replace(day=1)
            yield first, after - DAY
            first = after


def judged(book: pl.LazyFrame) -> pl.LazyFrame:
    """With the tier, the score and whether the account is red (null: not enough is known)."""
    overdue, nps, tickets = pl.col("days_overdue"), pl.col("nps"), pl.col("tickets")
    points = [
        pl.when(overdue < 1).then(100).when(overdue < 30).then(60).when(overdue < 60).then(20).otherwise(0) * 2,
        pl.when(nps >= 50).then(100).when(nps >= 20).then(80).when(nps >= 0).then(40).when(nps < 0).then(20),
        pl.when(tickets < 3)
        .then(100)
        .when(tickets < 8)
        .then(60)
        .when(tickets < 15)
        .then(20)
        .when(tickets >= 15)
        .then(0),
    ]
    score = points[0] + points[1].fill_null(50) + points[2].fill_null(50)
    known = overdue.is_not_null() | (nps.is_not_null() & tickets.is_not_null())
    names = {name: pl.lit(name, dtype=TIER) for name in TIER.categories}
    tier = (
        pl.when(pl.col("strategic") & (pl.col("arr") >= 100_000))
        .then(names["strategic"])
        .when((pl.col("fit") == "core") & (pl.col("arr") >= 20_000))
        .then(names["core"])
        .when(pl.col("arr") >= 5_000)
        .then(names["standard"])
        .otherwise(names["self-serve"])
    )
    return book.with_row_index("row").with_columns(tier=tier, red=pl.when(known).then(score < 200))


def dues(book: pl.LazyFrame, leads: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Every touch that is due in ninety days from ``as_of`` on, with who does it (null: nobody)."""
    window, found = Window(as_of, as_of + 90 * DAY), judged(book)
    plays = first_weeks, check_in, month_end, rescue, silence, renewal
    of_csm = [*chain.from_iterable(play(found, window) for play in plays), fired(found, as_of, "payment-call", 2)]
    of_lead = pl.concat([*forum(found, window), fired(found, as_of, "tell-lead", 5)])
    return pl.concat([pl.concat(of_csm).rename({"csm": "owner"}).select(DAYS), led(of_lead, leads).select(DAYS)])


def touch(
    frame: pl.LazyFrame,
    window: Window,
    play: str,
    task: str,
    *,
    named: pl.Expr,
    start: pl.Expr,
    due: pl.Expr,
    asked: pl.Expr | None = None,
    own: pl.Expr | None = None,
    ordinal: pl.Expr | None = None,
) -> pl.LazyFrame:
    listed = frame.with_columns(due=due).filter(window.holds(pl.col("due")))
    return listed.select(
        pl.lit(play, dtype=PLAY).alias("play"),
        pl.lit(task, dtype=TASK).alias("task"),
        "row",
        (pl.lit(None) if ordinal is None else ordinal).cast(pl.Int32).alias("ordinal"),
        named.alias("named"),
        start.alias("start"),
        (pl.col("due") if asked is None else asked).alias("asked"),
        (pl.col("due") if own is None else own).alias("own"),
        "due",
        "csm",
    )


def repeated(
    frame: pl.LazyFrame,
    window: Window,
    play: str,
    task: str,
    named: pl.Expr,
    start: pl.Expr,
    due: pl.Expr,
    ordinal: pl.Expr,
) -> pl.LazyFrame:
    return touch(frame, window, play, task, named=named, start=start, asked=start, due=due, ordinal=ordinal)


def first_weeks(found: pl.LazyFrame, window: Window) -> Iterator[pl.LazyFrame]:
    signed = pl.col("signed_on")
    new = found.filter(window.near(signed, 0, 40)).with_columns(
        kick_off=worked_after(signed, 3),
        plan=signed.dt.offset_by("5d"),
        value=signed.dt.offset_by("1mo"),
    )
    kick_off, asked, value = pl.col("kick_off"), pl.col("plan"), pl.col("value")
    plan = following(asked)
    anchored = {"named": signed, "start": signed}
    yield touch(new, window, "first-weeks", "kick-off", **anchored, due=kick_off)
    due = pl.max_horizontal(plan, kick_off)
    yield touch(new, window, "first-weeks", "plan", **anchored, asked=asked, own=plan, due=due)
    wanted = new.filter((pl.col("nps") >= 50).fill_null(False).not_())
    yield touch(wanted, window, "first-weeks", "first-value", **anchored, asked=value, due=in_month(value))


def month_of(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int32) * 12 + day.dt.month()


def check_in(found: pl.LazyFrame, window: Window) -> Iterator[pl.LazyFrame]:
    signed = pl.col("signed_on")
    some = found.filter(
        (pl.col("tier") != "self-serve") & pl.col("renewal_on").is_not_null() & pl.col("red").is_not_null()
    ).with_columns(every=pl.when("red").then(1).otherwise(3), month=month_of(signed), day=signed.dt.day())
    for first, last in window.months():
        months = first.year * 12 + first.month - pl.col("month")
        start = later(pl.lit(first - DAY), pl.col("day").clip(upper_bound=last.day))
        due = some.filter((months >= 0) & (months % pl.col("every") == 0)).with_columns(start=start)
        due = due.filter((pl.col("start") < pl.col("renewal_on")) & window.near(pl.col("start"), 0, 10))
        day = pl.col("start")
        yield repeated(due, window, "check-in", "check-in", signed, day, following(day), months + 1)


def month_end(found: pl.LazyFrame, window: Window) -> Iterator[pl.LazyFrame]:
    signed = pl.col("signed_on")
    some = found.filter(pl.col("tier").is_in(["strategic", "core"]))
    for first, last in window.months():
        ordinal = first.year * 12 + first.month - month_of(signed) + 1
        day = pl.lit(last)
        begun = some.filter(signed <= last)
        yield repeated(begun, window, "month-end", "numbers", signed, day, preceding(day), ordinal)


def forum(found: pl.LazyFrame, window: Window) -> Iterator[pl.LazyFrame]:
    """The first Tuesday and the third Thursday of each month; those before the signing are none."""
    signed = pl.col("signed_on")
    first_of = signed.dt.month_start()
    before = [first_of.dt.offset_by(f"{n}d") for n in (0, 14)]
    tuesday, thursday = (
        later(day, (weekday - day.dt.weekday().cast(pl.Int32)) % 7) for day, weekday in zip(before, (2, 4), strict=True)
    )
    missed = (tuesday < signed).cast(pl.Int32) + (thursday < signed).cast(pl.Int32)
    some = found.filter(pl.col("tier") == "strategic").with_columns(missed=missed, month=month_of(signed))
    for first, _ in window.months():
        for place, day in enumerate([_weekday_from(first, 1), _weekday_from(first + 14 * DAY, 3)], start=1):
            if window.first <= day < window.end and day != SKIPPED:
                ordinal = (first.year * 12 + first.month - pl.col("month")) * 2 + place - pl.col("missed")
                on = pl.lit(day)
                begun = some.filter(signed <= day)
                yield repeated(begun, window, "forum", "forum", signed, on, on, ordinal)


def _weekday_from(day: date, weekday: int) -> date:
    return day + (weekday - day.weekday()) % 7 * DAY


def rescue(found: pl.LazyFrame, window: Window) -> Iterator[pl.LazyFrame]:
    """Every second Monday, counted from the week of the last contact."""
    contacted = pl.col("contacted_on")
    monday = later(contacted, 1 - contacted.dt.weekday().cast(pl.Int32))
    red = found.filter(pl.col("red") & (pl.col("tier") != "self-serve") & contacted.is_not_null())
    red = red.with_columns(monday=monday, counted=(contacted.dt.weekday() == 1).cast(pl.Int32))
    near = ((pl.lit(window.first - WEEK) - pl.col("monday")).dt.total_days().cast(pl.Int32) // 14).clip(0)
    steps = pl.LazyFrame({"step": range(9)}, schema={"step": pl.Int32})
    some = red.with_columns(near=near).join(steps, how="cross").with_columns(pl.col("step") + pl.col("near"))
    some = some.with_columns(start=later(pl.col("monday"), pl.col("step") * 14)).filter(pl.col("start") >= contacted)
    start, ordinal = pl.col("start"), pl.col("step") + pl.col("counted")
    yield repeated(some, window, "rescue", "rescue-call", contacted, start, nearest(start), ordinal)


def silence(found: pl.LazyFrame, window: Window) -> Iterator[pl.LazyFrame]:
    quiet, late = pl.col("contacted_on").dt.offset_by("90d"), pl.col("renewal_on").dt.offset_by("-30d")
    some = found.with_columns(day=pl.when(quiet <= late).then(quiet).when(quiet > late).then(late))
    some, day = some.filter(window.near(pl.col("day"), 10, 10)), pl.col("day")
    yield touch(some, window, "silence", "call", named=day, start=day, asked=day, due=nearest(day))


def renewal(found: pl.LazyFrame, window: Window) -> Iterator[pl.LazyFrame]:
    day = pl.col("renewal_on")
    some = found.filter(window.near(day, 80, 0)).with_columns(
        review=day.dt.offset_by("-60d"),
        offer=worked_after(day, -20),
        decision=day.dt.offset_by("-1mo"),
    )
    anchored = {"named": day, "start": day}
    review, offer, asked = pl.col("review"), pl.col("offer"), pl.col("decision")
    decision = following(asked)
    yield touch(some, window, "renewal", "review", **anchored, asked=review, due=preceding(review))
    yield touch(some, window, "renewal", "offer", **anchored, due=offer)
    open_still = some.filter((pl.col("tickets") == 0).fill_null(False).not_())
    due = pl.max_horizontal(decision, offer)
    yield touch(open_still, window, "renewal", "decision", **anchored, asked=asked, own=decision, due=due)


def unpaid(found: pl.LazyFrame) -> pl.LazyFrame:
    return found.filter((pl.col("days_overdue") > 30) & (pl.col("arr") >= 20_000))


def worked(day: date, days: int) -> date:
    while days:
        day += DAY
        days -= day.weekday() < 5 and day not in FREE
    return day


def fired(found: pl.LazyFrame, as_of: date, task: str, days: int) -> pl.LazyFrame:
    """The trigger fires today, so that every account has one day."""
    today, window = pl.lit(as_of), Window(as_of, as_of + 90 * DAY)
    due = pl.lit(worked(as_of, days))
    return touch(unpaid(found), window, "unpaid", task, named=today, start=today, due=due)


def led(touches: pl.LazyFrame, leads: pl.LazyFrame) -> pl.LazyFrame:
    """With who leads the account on the day: whoever began last, and has not ended."""
    held = (
        touches.drop("csm")
        .sort("due")
        .join_asof(
            leads.sort("starts_on"),
            left_on="due",
            right_on="starts_on",
            by="row",
            strategy="backward",
            check_sortedness=False,
        )
    )
    ended = (pl.col("ends_on") <= pl.col("due")).fill_null(False)
    return held.with_columns(owner=pl.when(~ended).then("person"))


def in_memory(book: pl.DataFrame, assignments: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """People as whole numbers in the order of their names; the assignments by the row of the book that they are for."""
    people = pl.Enum(pl.concat([book["csm"], assignments["person"]]).unique().drop_nulls().sort())
    book, leads = book.with_columns(pl.col("csm").cast(people)), assignments.with_columns(pl.col("person").cast(people))
    rows = book.select("account_id").with_row_index("row")
    return book, leads.join(rows, on="account_id").select("row", "person", "starts_on", "ends_on")
