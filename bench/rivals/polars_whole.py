"""What `granger run bench/workspaces/million` does, as a script by somebody who knows Polars: the same files.

    python -m bench.rivals.polars_whole DATA OUT 2026-09-30

The figures are floating point, the policy stands in the code, nothing is explained beyond what the files say, and rows
that do not fit stop the script instead of being listed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from bench.rivals.polars_inner import COUNTRY, FIT
from bench.rivals.polars_million import TIERS, million
from bench.rivals.whole_measures import health_measures
from bench.rivals.whole_scores import health, segments, write_csv
from bench.rivals.whole_tasks import task_files

EMPTY = {
    "measures": "measure,of,value,population,skipped,status,as_of,source",
    "credits": "plan,payee,period,component,table,record,file,row,account_id,dated,credit_amount,rate,share,earning,"
    "currency,status,because,reason,source",
    "attainments": "plan,payee,period,component,measure,value,target,attainment,earns,target_amount,earning,currency,"
    "status,reason,source",
    "payouts": "plan,payee,period,component,kind,credit_amount,credits,rate,amount,currency,status,waiting_credits,"
    "reason,source,corrects",
    "rejects": "table,file,row,column,value,reason,level",
}
"""The files that have a header alone: nobody is paid, nothing is rejected."""

NEEDED = ["account_id", "name", "country", "arr", "seats", "signed_on"]
NOT_NEGATIVE = ["arr", "billed", "paid", "seats", "seats_used", "usage", "usage_before", "logins", "logins_before"]
NOT_NEGATIVE += ["tickets", "days_overdue"]


def read(path: Path) -> tuple[pl.DataFrame, dict[str, Any]]:
    data = path.read_bytes()
    table = pl.read_parquet(data)
    empty = {name: count for name, count in sorted(table.null_count().row(0, named=True).items()) if count}
    record = {"file": f"data/{path.name}", "digest": hashlib.sha256(data).hexdigest(), "read": table.height}
    return table, record | {"used": table.height, "later": 0, "rejected": 0, "empty": empty}


def check(book: pl.DataFrame, assignments: pl.DataFrame) -> None:
    """Raises ValueError for rows that the files could not be made of."""
    if book["account_id"].n_unique() != book.height or any(book[name].null_count() for name in NEEDED):
        raise ValueError("accounts without what they need, or twice")
    if book.select(pl.any_horizontal((pl.col(name) < 0).any() for name in NOT_NEGATIVE)).item():
        raise ValueError("figures below zero")
    if assignments.join(book.select("account_id"), on="account_id", how="anti").height:
        raise ValueError("assignments of unknown accounts")


def run(data: Path, out: Path, as_of: date) -> None:
    book, accounts_record = read(data / "accounts.parquet")
    assignments, assignments_record = read(data / "assignments.parquet")
    check(book, assignments)
    book = book.sort("account_id").with_columns(pl.col("country").cast(COUNTRY), pl.col("fit").cast(FIT))
    found = million(book.lazy()).collect()
    del book
    out.mkdir(parents=True, exist_ok=True)
    write_csv(segments(found), out / "segments.csv")
    write_csv(health(found), out / "health.csv")
    health_measures(found, out / "health_measures.csv")
    tasks, unserved, triggers = task_files(found, assignments, as_of)
    write_csv(tasks, out / "tasks.csv")
    write_csv(unserved, out / "unserved.csv")
    write_csv(triggers, out / "triggers.csv")
    for name, header in EMPTY.items():
        (out / f"{name}.csv").write_text(header + "\r\n", encoding="utf-8", newline="")
    tables = {"accounts": accounts_record, "assignments": assignments_record}
    record = run_record(found, tasks, unserved, tables, as_of)
    (out / "run.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def run_record(
    found: pl.DataFrame, tasks: pl.DataFrame, unserved: pl.DataFrame, tables: Mapping[str, Any], as_of: date
) -> dict[str, Any]:
    tiers = dict(found["tier"].value_counts().rows())
    counts = {"(undecided)": tiers.get(None, 0)} | {name: tiers.get(name, 0) for name in sorted(TIERS)}
    levels = dict(unserved["level"].value_counts().rows())
    plays = [{"policy": "alerts", "play": name, "tasks": n} for name, n in sorted(tasks["play"].value_counts().rows())]
    listed = {"listed": tasks.height, "past": 0, "beyond_horizon": 0}
    return {
        "workspace": "million",
        "as_of": as_of.isoformat(),
        "horizon": (as_of + timedelta(days=90)).isoformat(),
        "tables": tables,
        "tiers": {"tiers": {name: count for name, count in counts.items() if count}},
        "tasks": {
            **listed,
            "unserved": levels.get("unserved", 0),
            "undecided": levels.get("undecided", 0),
            "plays": plays,
        },
        "pay": [],
        "waiting": 0,
    }


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]))
