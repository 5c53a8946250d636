"""The pack that a new user starts from: copied, checked, run, clean; and small enough to read."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.writers.starter import SCHEMA_FOLDER, files_of

PACK = Path(__file__).resolve().parents[2] / "rules" / "starter"
AS_OF = date(2026, 9, 30)


@pytest.fixture(scope="module")
def run() -> granger.Run:
    return granger.load(PACK).run(as_of=AS_OF)


def rows(name: str) -> list[dict[str, str]]:
    with (PACK / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_is_clean(run: granger.Run) -> None:
    pack, diagnostics, _ = granger.check(PACK)
    assert pack is not None
    assert diagnostics == ()
    assert run.findings == ()
    assert not run.needs_a_look
    assert (run.outcome.rejects, run.outcome.unserved, run.outcome.triggers) == ([], [], [])


def test_tiers(run: granger.Run) -> None:
    arr = {row["Account ID"]: Fraction(row["ARR"].replace(",", "")) for row in rows("accounts.csv")}
    expected = {a: "key" if x >= 50_000 else "growth" if x >= 10_000 else "self-serve" for a, x in arr.items()}
    assert {row.account_id: row.tier for row in run.outcome.segments} == expected
    assert Counter(expected.values()) == {"key": 3, "growth": 3, "self-serve": 2}


def test_tasks(run: granger.Run) -> None:
    """Counted by hand on a calendar: 21 November 2026, 60 days before A-2's contract ends, is a Saturday."""
    assert [(t.due.isoformat(), t.owner, t.task, t.account_id) for t in run.outcome.tasks] == [
        ("2026-10-01", "Ana Silva", "onboarding-call", "A-3"),
        ("2026-10-05", "Ben Okafor", "onboarding-call", "A-6"),
        ("2026-10-07", "Ben Okafor", "renewal-call", "A-5"),
        ("2026-10-16", "Ana Silva", "renewal-call", "A-1"),
        ("2026-11-20", "Ben Okafor", "renewal-call", "A-2"),
    ]


def test_pay(run: granger.Run) -> None:
    sold: dict[str, Fraction] = {}
    for row in rows("deals.csv"):
        if "2026-07-01" <= row["Close Date"] <= "2026-09-30":
            sold[row["Seller"]] = sold.get(row["Seller"], Fraction(0)) + Fraction(row["Amount"].replace(",", ""))
    paid = {line.payee: line.amount for line in run.outcome.payouts}
    assert paid == {"Carla Weiss": Fraction(5960), "Dev Patel": Fraction("1322.67")}
    assert all(abs(paid[payee] - amount * 8 / 100) <= Fraction(1, 200) for payee, amount in sold.items())
    assert {line.period for line in run.outcome.payouts} == {"2026-Q3"}


def test_one_deal_is_later(run: granger.Run) -> None:
    deals = run.outcome.tables["deals"]
    assert (deals.read, len(deals), deals.later, deals.rejected) == (12, 11, 1, 0)


def test_its_readme_says_what_comes_out(run: granger.Run) -> None:
    text = (PACK / "README.md").read_text(encoding="utf-8")
    assert "3 `key`, 3 `growth` and 2 `self-serve` accounts, five calls" in text
    assert "pays Carla Weiss 5,960.00 and Dev Patel 1,322.67" in text
    assert len(run.outcome.tasks) == 5


def test_it_is_small_and_its_editor_finds_the_schemas(tmp_path: Path) -> None:
    copied = files_of("starter")
    policies = sorted(name for name in copied if name.endswith(".yaml"))
    assert policies == ["comp.yaml", "granger.yaml", "playbook.yaml", "tiers.yaml"]
    for name in policies:
        original = (PACK / name).read_text(encoding="utf-8")
        assert original.splitlines()[0].startswith("# yaml-language-server: $schema=../../schemas/")
        first = copied[name].splitlines()[0]
        assert first.removeprefix("# yaml-language-server: $schema=") in copied, first
        assert SCHEMA_FOLDER in first
        assert len(original.splitlines()) <= 60
        assert max(map(len, original.splitlines())) <= 120


def test_a_misspelt_field_is_told_and_does_not_break_the_check(tmp_path: Path) -> None:
    for name, text in files_of("starter").items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("arr < 50_000", "ar < 50_000"), encoding="utf-8")
    pack, diagnostics, _ = granger.check(tmp_path)
    assert pack is None
    assert [d.code for d in diagnostics] == ["unknown-name"]
    assert "'arr'" in diagnostics[0].help
