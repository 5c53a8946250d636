"""The statements of the bench are of all payees and show all that they are paid; at full size they are made in time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.statements import paid, written

ROOT = Path(__file__).resolve().parents[2]


def test_a_small_bench_writes_every_statement(tmp_path: Path) -> None:
    run = paid(lines=600, payees=7)
    size = written(run, tmp_path, "zh_TW")
    pages = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert size == sum(len(page.encode()) for page in pages.values())
    assert len(pages) == 7
    assert sum(page.count("<tr><td>D-") for page in pages.values()) == 600
    (line,) = (line for line in run.outcome.payouts if line.payee == "P3")
    (page,) = (page for name, page in pages.items() if name.startswith("P3-"))
    assert f"<b>€{float(line.amount):,.2f}</b>" in page
    assert re.findall("<script|https?:", page) == []


@pytest.mark.slow
def test_a_million_lines_of_five_thousand_payees_take_less_than_a_minute() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.statements"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("1,000,000 credit lines to 5,000 statements in HTML")
