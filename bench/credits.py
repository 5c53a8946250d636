"""A million credit lines to the cent: the columnar step against exact whole numbers, and beside hand-written Polars.

Prints how many lines a floating-point computation gets wrong, the ratio of the step to a hand-written exact query and
to a floating-point one (medians of paired runs, alternating in one process), and time and peak memory of all ``pay``.
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import granger
import polars as pl
from granger.engine.outcome.pay.lines import Pay
from granger.engine.outcome.pay.payouts import pay
from granger.engine.outcome.pay.settled import earned
from granger.engine.outcome.pay.whole import Number
from granger.engine.policy.model_pay import Component, Plan
from granger.engine.runners.books import Books
from granger.engine.runners.memory import Request
from granger.engine.runners.plan_periods import plan_periods

LINES, PAYEES, RUNS, SEED = 1_000_000, 20_000, 7, 4
CASES = [Fraction(12, 100), Fraction(4, 100), Fraction(25, 1000), Fraction(1, 3)]
DIVISOR = 600
"""The least that makes the four rates whole; an amount counts cents."""

WORKSPACE = """kind: workspace
name: w
currency: EUR
tables:
  accounts: {file: accounts.csv, key: account_id, fields: {account_id: text}}
  people: {file: people.csv, key: person, fields: {person: person, role: text}}
  deals:
    file: deals.csv
    key: deal_id
    dated_by: closed_on
    fields: {deal_id: text, kind: text, amount: money, closed_on: date, sold_by: person}
"""
PLAN = """kind: comp
name: sales
effective: {from: 2026-01-01}
payees: role == 'seller'
period: quarter
components:
  - component: commission
    credit: {table: deals, amount: amount, to: sold_by}
    rate:
      - {rate: 12%, when: kind == 'new'}
      - {rate: 4%, when: kind == 'kept'}
      - {rate: 2.5%, when: kind == 'more'}
      - {rate: 1/3}
"""
KINDS = ["new", "kept", "more", "other"]


def generated() -> pl.DataFrame:
    """The lines in the order of payee, day and record; amounts in cents, one in eight made to end at half a cent."""
    rng = random.Random(SEED)
    first = date(2026, 7, 1)
    lines = []
    for n in range(LINES):
        amount = rng.randint(-200_000, 2_000_000) if rng.random() < 0.1 else rng.randint(0, 2_000_000)
        case = rng.randrange(4)
        if rng.random() < 0.125 and case < 3:
            amount = (2 * rng.randint(-500, 50_000) + 1) * (25, 25, 20)[case] // (2, 2, 1)[case]
        lines.append((rng.randrange(PAYEES), first + timedelta(rng.randrange(92)), f"D-{n}", amount, case))
    frame = pl.DataFrame(lines, schema=["payee", "day", "record", "amount", "case"], orient="row")
    return frame.sort("payee", "day", "record").with_columns(pl.col("payee").rle_id().alias("who"))


# --- what must come out, in plain whole numbers of Python


def half_up(number: int, divisor: int) -> int:
    whole = (2 * abs(number) + divisor) // (2 * divisor)
    return -whole if number < 0 else whole


def half_even(number: int, divisor: int) -> int:
    whole, rest = divmod(number, divisor)
    return whole + (2 * rest > divisor or (2 * rest == divisor and whole % 2 == 1))


def expected(frame: pl.DataFrame, each_credit: bool, rounding: Callable[[int, int], int]) -> list[int]:
    """The cents that each line shows."""
    rates = [int(rate * DIVISOR) for rate in CASES]
    exact = [amount * rates[case] for amount, case in frame.select("amount", "case").iter_rows()]
    if each_credit:
        return [rounding(number, DIVISOR) for number in exact]
    shown: list[int] = []
    for many in frame.group_by("who", maintain_order=True).len()["len"]:
        own = exact[len(shown) : len(shown) + many]
        total = rounding(sum(own), DIVISOR)
        sign = -1 if total < 0 else 1
        parts = [divmod(sign * number, DIVISOR) for number in own]
        left = abs(total) - sum(whole for whole, _ in parts)
        first = sorted(range(many), key=lambda i: (-parts[i][1], i))[:left]
        more = set(first)
        shown += [sign * (whole + (i in more)) for i, (whole, _) in enumerate(parts)]
    return shown


# --- the three ways


Ways = tuple[pl.Series, pl.Series]
"""What each credit shows, and what each payout line comes to."""


def ours(frame: pl.DataFrame, component: Component) -> Ways:
    rates = pl.Series([int(rate * DIVISOR) for rate in CASES])
    earning = Number(frame["amount"], 100) * Number(rates.gather(frame["case"]), DIVISOR)
    return earned(earning.series, earning.divisor, frame["who"], PAYEES, component, 2)


def by_hand(frame: pl.DataFrame, component: Component) -> Ways:
    """An exact query that somebody who knows these very figures would write."""
    case, n, d = pl.col("case"), pl.col("n"), pl.lit(DIVISOR)
    rate = pl.when(case == 0).then(72).when(case == 1).then(24).when(case == 2).then(15).otherwise(200)
    lines = frame.select("who", n=pl.col("amount") * rate)

    def nearest(number: pl.Expr) -> pl.Expr:
        return number.sign() * ((number.abs() * 2 + d) // (2 * d))

    if component.each_credit:
        shown = lines.select("who", nearest(n))
        return shown["n"], shown.group_by("who").sum().sort("who")["n"]
    lines = lines.with_columns(total=nearest(n.sum().over("who")))
    lines = lines.with_columns(sign=pl.when(pl.col("total") < 0).then(-1).otherwise(1))
    lines = lines.with_columns(floor=(n * pl.col("sign")) // d, rest=(n * pl.col("sign")) % d)
    left = pl.col("total").abs() - pl.col("floor").sum().over("who")
    more = (pl.col("rest").rank("ordinal", descending=True).over("who") <= left).cast(pl.Int64)
    totals = lines.group_by("who").agg(pl.col("total").first()).sort("who")["total"]
    return lines.select(pl.col("sign") * (pl.col("floor") + more)).to_series(), totals


def floating(frame: pl.DataFrame, component: Component) -> Ways:
    """The same in floating point, rounded half away from zero as the policy says."""
    case = pl.col("case")
    rate = pl.when(case == 0).then(0.12).when(case == 1).then(0.04).when(case == 2).then(0.025).otherwise(1 / 3)
    lines = frame.select("who", n=pl.col("amount") / 100 * rate)
    if component.each_credit:
        shown = lines.select("who", pl.col("n").round(2, mode="half_away_from_zero"))
        return shown["n"], shown.group_by("who").sum().sort("who")["n"]
    lines = lines.with_columns(total=pl.col("n").sum().over("who").round(2, mode="half_away_from_zero"))
    lines = lines.with_columns(sign=pl.when(pl.col("total") < 0).then(-1.0).otherwise(1.0))
    lines = lines.with_columns(cents=pl.col("n") * pl.col("sign") * 100).with_columns(floor=pl.col("cents").floor())
    left = (pl.col("total").abs() * 100).round() - pl.col("floor").sum().over("who")
    more = (pl.col("cents") - pl.col("floor")).rank("ordinal", descending=True).over("who") <= left
    totals = lines.group_by("who").agg(pl.col("total").first()).sort("who")["total"]
    return lines.select(pl.col("sign") * (pl.col("floor") + more.cast(pl.Float64)) / 100).to_series(), totals


def seconds(way: Callable[[], object]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def compare(frame: pl.DataFrame, component: Component) -> None:
    must = pl.Series(expected(frame, component.each_credit, half_up), dtype=pl.Int64)
    even = pl.Series(expected(frame, component.each_credit, half_even), dtype=pl.Int64)
    totals = pl.DataFrame({"who": frame["who"], "must": must}).group_by("who").sum().sort("who")["must"]

    def wrong(found: Ways, must: pl.Series = must) -> str:
        shown, lines = ((side * 100).round().cast(pl.Int64) if side.dtype == pl.Float64 else side for side in found)
        credits, sums = int((shown != must).sum()), int((lines != totals).sum())
        return f"{credits:>9,} of {LINES:,} credits, {sums:>6,} of {PAYEES:,} lines"

    print("\neach credit rounded" if component.each_credit else "\npayout line rounded, credits apportioned")
    print(f"  wrong, ours            {wrong(ours(frame, component))}")
    evenly = ours(frame, replace(component, rounding="half_even"))[0]
    print(f"  wrong, ours half even  {int((evenly != even).sum()):>9,} of {LINES:,} credits")
    print(f"  wrong, exact by hand   {wrong(by_hand(frame, component))}")
    print(f"  wrong, floating point  {wrong(floating(frame, component))}")
    ways = [lambda w=w: w(frame, component) for w in (ours, by_hand, floating)]  # type: ignore[misc]
    runs = [[seconds(way) for way in ways] for _ in range(RUNS)]
    mine, hand, floats = (statistics.median(side) * 1000 for side in zip(*runs, strict=True))
    print(f"  ours {mine:.1f} ms, by hand exact {hand:.1f} ms, floating {floats:.1f} ms")
    print(f"  ratio to exact by hand  {statistics.median(a / b for a, b, _ in runs):.2f}   (median of {RUNS} pairs)")
    print(f"  ratio to floating       {statistics.median(a / c for a, _, c in runs):.2f}")


# --- all of pay


def whole_pay(frame: pl.DataFrame, pack: granger.Pack) -> None:
    deals = frame.select(
        deal_id="record",
        kind=pl.Series(KINDS).gather(frame["case"]),
        amount=pl.col("amount").cast(pl.Decimal(18, 0)) / pl.lit(Decimal("100")),
        closed_on="day",
        sold_by=pl.format("P{}", "payee"),
    ).sample(fraction=1.0, shuffle=True, seed=SEED)
    people = [{"person": f"P{n}", "role": "seller"} for n in range(PAYEES)]
    as_of = date(2026, 9, 30)
    run = pack.run({"accounts": [], "people": people, "deals": deals}, as_of=as_of, parts=["pay"], reading="columns")
    fiscal = pack.policies.workspace.fiscal

    def paid() -> Pay:
        books = Books(pack.policies, run.outcome.tables, in_columns=True)
        return pay(plan_periods(pack.policies, Request(as_of)), books.paying, fiscal, books.rows_of)

    before = peak()
    took = [seconds(paid) for _ in range(3)]
    found = paid()
    print(f"\nall of pay: {LINES:,} rows to {len(found.credits):,} credits and {len(found.payouts):,} payout lines")
    print(f"  {statistics.median(took):.2f} s; peak memory {before:,} MB before, {peak():,} MB after")
    print(f"  one payee's credits: {seconds(lambda: found.credits.of('P17')) * 1000:.1f} ms")


def loaded() -> granger.Pack:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"granger.yaml": WORKSPACE, "comp.yaml": PLAN}.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        return granger.load(folder)


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    frame = generated()
    pack = loaded()
    (component,) = next(policy for policy in pack.policies.policies if isinstance(policy, Plan)).components
    for each_credit in (True, False):
        compare(frame, replace(component, each_credit=each_credit))
    whole_pay(frame, pack)


if __name__ == "__main__":
    sys.exit(main())
