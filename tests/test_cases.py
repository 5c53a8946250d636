"""Every folder of cases: bad ones against their golden diagnostics, good ones against their golden output."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import granger
import pytest
from granger.engine.diagnostics import has_errors
from granger.engine.runners.memory import READINGS, REFERENCE
from granger.engine.writers.diagnostics import render_text

from .ledger.replayed import replay

CASES = Path(__file__).parent / "cases"
BAD = sorted(path.parent for path in CASES.glob("bad/*/granger.yaml"))
GOOD = sorted(path.parent for path in CASES.glob("good/*/granger.yaml"))


def test_the_sweep_meets_cases() -> None:
    assert len(BAD) >= 3
    assert len(GOOD) >= 6


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.name)
def test_bad(case: Path, update_expected: bool) -> None:
    pack, diagnostics, lines = granger.check(case)
    found = render_text(diagnostics, lines).rstrip() + "\n"
    assert diagnostics
    assert (pack is None) == has_errors(diagnostics)
    compare(case / "expected.txt", found, update_expected)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("case", GOOD, ids=lambda path: path.name)
def test_good(case: Path, reading: str, update_expected: bool) -> None:
    asked = (case / "run.txt").read_text(encoding="utf-8").split()
    period = asked[1] if len(asked) > 1 else None
    previous = case / "previous" if (case / "previous").is_dir() else None
    since = case / "since.csv" if (case / "since.csv").is_file() else None
    pack, as_of = granger.load(case), date.fromisoformat(asked[0])
    run = pack.run(as_of=as_of, period=period, reading=reading, previous=previous, since=since)
    texts = {name: text for name, text in run.texts().items() if name != "run.json"}
    texts["findings.txt"] = "".join(f"{d.severity}[{d.code}] {d.place}: {d.message}\n" for d in run.findings)
    expected = case / "expected"
    if update_expected:
        for path in sorted(expected.rglob("*.*")):
            path.unlink()
    for name, text in texts.items():
        compare(expected / name, text, update_expected)
    assert {str(path.relative_to(expected)) for path in expected.rglob("*.*")} == set(texts)
    if reading == REFERENCE:
        replay(run.outcome)
    for table in run.outcome.tables.values():
        assert table.read == len(table) + table.later + table.rejected


def compare(path: Path, found: str, update_expected: bool) -> None:
    if update_expected:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(found.encode("utf-8"))
    assert path.exists(), f"no {path.name}: write it with --update-expected and read it"
    assert found == path.read_bytes().decode("utf-8")
