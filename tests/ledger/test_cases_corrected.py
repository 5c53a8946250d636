"""What the cases pay, locked period after period, then a row of their data is gone: it ends at a clean computation."""

from __future__ import annotations

import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.outcome.pay.lines import CARRIED, Payout, key_of
from granger.engine.runners.correcting import as_corrected

from .postgres import Server

CASES = Path(__file__).resolve().parents[1] / "cases" / "good"
QUARTERS = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
MONTHS = ["2026-01", "2026-02", "2026-03", "2026-Q1", "2026-04", "2026-05"]
LOCKED = [
    pytest.param("settlement", MONTHS, ["2026-06", "2026-Q2"], "2026-H1", marks=pytest.mark.slow),
    pytest.param("rate-tables", QUARTERS[:3], QUARTERS[3:], "2026", marks=pytest.mark.slow),
    ("terms", QUARTERS[:3], QUARTERS[3:], "2026"),
    ("pay-credits", QUARTERS[:3], QUARTERS[3:], "2026"),
]
LATER = date(2026, 12, 31)


def ran(pack: granger.Pack, period: str, ledger: str | Path | None, reading: str = "reference") -> granger.Run:
    return pack.run(as_of=LATER, period=period, parts=["pay"], ledger=ledger, reading=reading)


def sums(lines: list[Payout]) -> dict[tuple[str, ...], Fraction]:
    """What each line comes to in all, its corrections among it; nothing of what is carried on, nor of what is nothing."""
    found: dict[tuple[str, ...], Fraction] = {}
    for line in map(as_corrected, lines):
        if line.kind != CARRIED:
            found[key_of(line)] = found.get(key_of(line), Fraction(0)) + (line.amount or 0)
    return {key: amount for key, amount in found.items() if amount}


def posted(ledger: str | Path) -> list[Payout]:
    return list(granger.Ledger(ledger).posted().payouts)


@pytest.mark.parametrize(("case", "before", "after", "whole"), LOCKED)
def test_a_row_that_is_gone(tmp_path: Path, case: str, before: list[str], after: list[str], whole: str) -> None:
    folder, ledger = tmp_path / "w", tmp_path / "ledger.db"
    shutil.copytree(CASES / case, folder)
    pack = granger.load(folder)
    deals = folder / "data" / "deals.csv"
    header, *rows = deals.read_text(encoding="utf-8").splitlines()
    for period in before:
        ran(pack, period, ledger).lock()
    corrected = 0
    for gone in (0, len(rows) // 2, len(rows) - 1):
        deals.write_text("\n".join([header, *rows[:gone], *rows[gone + 1 :]]) + "\n", encoding="utf-8")
        own = shutil.copyfile(ledger, tmp_path / f"{gone}.db")
        for period in after:
            ran(pack, period, own).lock()
        clean = ran(pack, whole, None).outcome.payouts
        waits = {key_of(line) for line in clean if "waiting" in line.status}  # they are corrected once they are known
        known = {key: amount for key, amount in sums(posted(own)).items() if key not in waits}
        assert known == {key: amount for key, amount in sums(clean).items() if key not in waits}, rows[gone]
        assert len(known) >= 3
        assert granger.Ledger(own).verify() == []
        corrected += sum(1 for line in posted(own) if line.corrects)
    assert corrected >= 2


def test_on_a_server(tmp_path: Path, server: Server) -> None:
    """As in a file: from a proposal to the statements, in both readings."""
    folder, ledger = tmp_path / "w", server.fresh()
    shutil.copytree(CASES / "settlement", folder)
    pack = granger.load(folder)
    first = ran(pack, "2026-Q1", ledger)
    first.lock(by="Ana")
    (folder / "data" / "people.csv").write_text("person,hired_on,variable\nIda,2026-01-12,3500\n", encoding="utf-8")
    second, columns = (ran(pack, "2026-Q2", ledger, reading) for reading in ("reference", "columns"))
    assert columns.outcome.payouts == second.outcome.payouts
    second.lock(by="Bo")
    with pytest.raises(granger.RequestRejected, match="Bo locked 2026-Q2"):
        columns.lock(by="Cy")
    assert sums(posted(ledger)) == sums(ran(pack, "2026-H1", None).outcome.payouts)
    assert granger.Ledger(ledger).verify() == []
    assert granger.Ledger(ledger).paid("2026-Q1").payouts == first.outcome.payouts
