"""A tier that is held, and what the rows would say without it, in both readings."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import granger
import pytest

TOP = """\
kind: workspace
name: w
currency: EUR
tables: {accounts: {file: accounts.csv, key: account_id, fields: {account_id: text, n: number}}}
"""
TIERS = """\
kind: segmentation
name: s
effective: {from: 2026-01-01}
hit_policy: any
hold: 90 days
tiers: [{tier: odd, when: n < 5}, {tier: even, when: n > 2}]
"""


@pytest.mark.parametrize("reading", ["reference", "columns"])
def test_rows_that_disagree_are_told_beside_the_tier_that_is_held(
    reading: str, workspace: Callable[[Mapping[str, str]], Path], tmp_path: Path
) -> None:
    folder = workspace({"granger.yaml": TOP, "s.yaml": TIERS, "accounts.csv": "account_id,n\nA,1\nB,3\nC,1\n"})
    pack, before = granger.load(folder), tmp_path / "before"
    pack.run(as_of=date(2026, 8, 1)).write(before)
    (folder / "accounts.csv").write_text("account_id,n\nA,3\nB,3\nC,7\n", encoding="utf-8")
    told = pack.run(as_of=date(2026, 9, 1), previous=before, reading=reading).texts()["segments.csv"]
    rows = {row["account_id"]: row for row in csv.DictReader(told.splitlines())}
    assert [rows[name]["status"] for name in "ABC"] == ["held", "conflict", "held"]
    assert "rows that exclude each other" in rows["A"]["because"] and "'even'" in rows["C"]["because"]
