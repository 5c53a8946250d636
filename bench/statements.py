"""Statements in HTML of 5,000 payees over a million credit lines: seconds from what pay found to files on disk."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import granger
import polars as pl
from granger.engine.outcome.pay.lines import Pay
from granger.engine.policy.model_pay_forms import StatementForms
from granger.engine.runs import Run
from granger.engine.writers.folder import Later
from granger.engine.writers.statements.written import statement_files

LINES, PAYEES, LIMIT = 1_000_000, 5_000, 60

WORKSPACE = """kind: workspace
name: bench
currency: EUR
tables:
  accounts: {file: accounts.csv, key: account_id, fields: {account_id: text}}
  people: {file: people.csv, key: person, fields: {person: person}}
  deals:
    file: deals.csv
    key: deal_id
    dated_by: closed_on
    fields: {deal_id: text, kind: text, amount: money, closed_on: date, sold_by: person}
"""
PLAN = """kind: comp
name: sales
effective: {from: 2026-01-01}
payees: "true"
period: quarter
components:
  - component: commission
    credit: {table: deals, amount: amount, to: sold_by}
    rate: [{rate: 12%, when: kind == 'new', because: a new customer}, {rate: 1/3}]
"""


def paid(lines: int = LINES, payees: int = PAYEES) -> Run:
    """The pay of a quarter, of ``lines`` deals."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"granger.yaml": WORKSPACE, "comp.yaml": PLAN}.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        pack = granger.load(folder)
    n = pl.int_range(lines, eager=True)
    deals = pl.DataFrame(
        {
            "deal_id": "D-" + n.cast(pl.String),
            "kind": pl.Series(["new", "kept", "<b>more</b>"]).gather(n % 3),
            "amount": (n % 99_991).cast(pl.String) + ".25",
            "closed_on": pl.Series([(date(2026, 7, 1) + timedelta(days=d)).isoformat() for d in range(92)]).gather(
                n % 92
            ),
            "sold_by": "P" + (n % payees).cast(pl.String),
        }
    )
    people = [{"person": f"P{n}"} for n in range(payees)]
    tables = {"accounts": [], "people": people, "deals": deals}
    return pack.run(tables, as_of=date(2026, 9, 30), parts=["pay"], reading="columns")


def written(run: Run, folder: Path, language: str = "en") -> int:
    """Bytes of all statements, which are files of ``folder``."""
    found: Pay = run.pay
    forms = StatementForms(("html",), language)
    size = 0
    for name, content in statement_files(forms, "bench", found.payouts, found.credits, found.attainments).items():
        assert isinstance(content, Later)
        text = content.make()
        data = text.encode() if isinstance(text, str) else text
        (folder / Path(name).name).write_bytes(data)
        size += len(data)
    return size


def main() -> None:
    run = paid()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with tempfile.TemporaryDirectory() as folder:
        clock, work = time.perf_counter(), time.process_time()
        size = written(run, Path(folder))
        took, worked = time.perf_counter() - clock, time.process_time() - work
        files = sum(1 for _ in Path(folder).iterdir())
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(run.outcome.credits):,} credit lines to {files:,} statements in HTML, {size / 1e6:,.0f} MB")
    print(
        f"  {took:.1f} s, {worked:.1f} s of work (limit {LIMIT}); peak memory {before:,} MB before, {after:,} MB after"
    )
    sys.exit(worked > LIMIT)


if __name__ == "__main__":
    main()
