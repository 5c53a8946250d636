"""Writes the made-up book of ``bench.generate.accounts`` for the workspace ``plays``: with the day of the last contact.

python -m bench.generate.plays 1000000 --out build/bench/plays-1000000      (from the repository root)
"""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from bench.generate.accounts import AS_OF, SEED, accounts, assignments, days, sparse

FIELDS = ["account_id", "name", "fit", "strategic", "arr", "tickets", "nps", "days_overdue", "signed_on", "renewal_on"]


def contacted(book: pl.DataFrame, seed: int = SEED + 2) -> pl.DataFrame:
    """The accounts with ``contacted_on``, within half a year of AS_OF."""
    rng = np.random.default_rng(seed)
    day = sparse(rng, days(rng, book.height, AS_OF - timedelta(days=180), AS_OF))
    return book.select(*FIELDS, day.alias("contacted_on"), "csm")


def write(folder: Path, rows: int) -> Path:
    """``folder`` with accounts.parquet and assignments.parquet of ``rows`` accounts."""
    folder.mkdir(parents=True, exist_ok=True)
    book = accounts(rows)
    contacted(book).write_parquet(folder / "accounts.parquet")
    assignments(book).write_parquet(folder / "assignments.parquet")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description="write a book of business for the benchmark of playbooks")
    parser.add_argument("rows", type=int)
    parser.add_argument("--out", type=Path, required=True, help="folder for the Parquet files")
    asked = parser.parse_args()
    print(f"{asked.rows:,} accounts in {write(asked.out, asked.rows)}")


if __name__ == "__main__":
    main()
