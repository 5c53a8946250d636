"""A million credit lines of 5,000 payees through a marginal rate table of quotas, a cap and a gate: the columnar step
beside a hand-written exact query, then all of pay, and writing it.

    python -m bench.rate_tables [LINES]      (from the repository root)
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import granger
import polars as pl
from granger.engine.outcome.pay.bonus import facts_day
from granger.engine.outcome.pay.credits import CREDITED, Crediting
from granger.engine.outcome.pay.gates import Opening
from granger.engine.outcome.pay.payees import Payees
from granger.engine.outcome.pay.settled import found_credits
from granger.engine.outcome.pay.tabled_columns import Together, paid_together
from granger.engine.runners.books import Books
from granger.engine.runners.memory import Request
from granger.engine.runners.plan_periods import plan_periods

from bench.rivals.polars_rate_table import settled_by_hand

LINES, PAYEES, RUNS, SEED, LIMIT = 1_000_000, 5_000, 7, 6, 4
CAP = 400_000
"""In cents."""

WORKSPACE = """kind: workspace
name: w
currency: EUR
tables:
  accounts: {file: accounts.csv, key: account_id, fields: {account_id: text}}
  people: {file: people.csv, key: person, fields: {person: person, quota: money, answers: integer}}
  deals:
    file: deals.csv
    key: deal_id
    dated_by: closed_on
    fields: {deal_id: text, amount: money, closed_on: date, sold_by: person}
"""
PLAN = f"""kind: comp
name: sales
effective: {{from: 2026-01-01}}
payees: true
period: quarter
gates: [{{gate: answers, when: answers >= 2}}]
components:
  - component: commission
    credit: {{table: deals, amount: amount, to: sold_by}}
    rate_table:
      kind: marginal
      of: quota
      accumulate: period
      bands: [{{rate: 12%, from: 120%}}, {{rate: 10%, from: 100%}}, {{rate: 8%}}]
    cap: {CAP // 100}
"""


def people() -> pl.DataFrame:
    rng = random.Random(SEED)
    rows = [(f"P{n:05}", 100 * rng.randint(5_000, 60_000), rng.choice([1, 2, 3, 5])) for n in range(PAYEES)]
    return pl.DataFrame(rows, schema=["person", "quota", "answers"], orient="row")


def deals(lines: int) -> pl.DataFrame:
    """Amounts in cents, one in ten of them possibly taken back."""
    rng = random.Random(SEED + 1)
    first = date(2026, 7, 1)
    rows = [
        (f"D-{n}", rng.randint(-20_000, 40_000) if rng.random() < 0.1 else rng.randint(0, 40_000),
         first + timedelta(rng.randrange(92)), f"P{rng.randrange(PAYEES):05}")
        for n in range(lines)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=["deal_id", "amount", "closed_on", "sold_by"], orient="row")


def loaded() -> granger.Pack:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"granger.yaml": WORKSPACE, "comp.yaml": PLAN}.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        return granger.load(folder)


def tables(sold: pl.DataFrame, staff: pl.DataFrame) -> dict[str, object]:
    def money(cents: pl.Series) -> pl.Series:
        return pl.Series(cents.name, [Decimal(each).scaleb(-2) for each in cents], dtype=pl.Decimal(18, 2))

    return {
        "accounts": [],
        "people": staff.with_columns(money(staff["quota"])),
        "deals": sold.with_columns(money(sold["amount"])),
    }


def step(pack: granger.Pack, run: granger.Run) -> Callable[[], Together]:
    """From the credits of all to what each earns, the gates and quotas of everybody asked on the way."""
    books = Books(pack.policies, run.outcome.tables, in_columns=True)
    (plan, part, whole), *_ = plan_periods(pack.policies, Request(date(2026, 9, 30)))
    book_on, (component,) = books.paying(whole.last_day, facts_day(plan, whole)), plan.components
    payees = Payees(plan, part, whole, book_on)
    if component.credit is None:
        raise ValueError("the plan of this bench credits deals")
    crediting = Crediting(plan, component, component.credit, part, part.name, "EUR", book_on, payees)
    found = found_credits([crediting], books.rows_of)
    if found is None:
        raise ValueError("the deals of this bench fit columns")

    def go() -> Together:
        opening = Opening(component, payees, part, whole, book_on)
        stretches = {person: opening.own(person) for person in payees}
        return paid_together(component, found, stretches, [part], payees)

    return go


def seconds(way: Callable[[], object]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def main(lines: int = LINES) -> None:
    sold, staff, pack = deals(lines), people(), loaded()
    given = tables(sold, staff)
    run = pack.run(given, as_of=date(2026, 9, 30), parts=["pay"], reading="columns")
    ours = step(pack, run)
    ordered = sold.sort("sold_by", "closed_on", "deal_id")
    hand = lambda: settled_by_hand(ordered, staff, CAP)  # noqa: E731
    mine, (shown, totals) = ours(), hand()
    written = pl.concat(each.frame for each in mine.written).filter(pl.col("status") == CREDITED)
    wrong = int((written["earning"].cast(pl.Int64) != shown).sum())
    sums = {person: int((line.amount or 0) * 100) for person, line in mine.lines.items()}
    off = sum(sums[person] != cents for person, cents in totals.iter_rows())
    print(f"{lines:,} credits of {PAYEES:,} payees: marginal table of quotas, cap, gate")
    print(f"  different from the exact query: {wrong:,} of {len(written):,} credits, {off:,} of {len(sums):,} lines")
    runs = [(seconds(ours), seconds(hand)) for _ in range(RUNS)]
    one, other = (statistics.median(side) * 1000 for side in zip(*runs, strict=True))
    ratio = statistics.median(a / b for a, b in runs)
    print(f"  step {one:.0f} ms, by hand {other:.0f} ms: {ratio:.2f} times (limit {LIMIT}), median of {RUNS} pairs")
    whole = seconds(lambda: pack.run(given, as_of=date(2026, 9, 30), parts=["pay"], reading="columns"))
    with tempfile.TemporaryDirectory() as folder:
        writing = seconds(lambda: run.write(Path(folder) / "out"))
    print(f"  all of `granger pay` in memory {whole:.1f} s, writing {writing:.1f} s")
    if wrong or off or len(written) != lines:
        sys.exit("the two differ")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
