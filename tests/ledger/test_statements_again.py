"""Every statement of a locked period is made again from the ledger alone, byte for byte, in every form."""

from __future__ import annotations

import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import granger
import pytest
from granger.engine.progress import SILENT
from granger.engine.writers.folder import Content, Later

CASES = Path(__file__).resolve().parents[1] / "cases" / "good"
PAID = [
    ("pay-credits", "2026-Q3", "columns"),
    ("pay-credits", "2026-Q3", "reference"),
    ("rate-tables", "2026-Q3", "reference"),
    ("terms", "2026-Q3", "reference"),
    ("settlement", "2026-H1", "reference"),
    ("bonus", "2027-Q1", "reference"),
]
FORMS = "\nstatements: {forms: [markdown, html, xlsx, json], language: zh_CN}\n"


def whole(content: Content) -> bytes:
    made = content.make() if isinstance(content, Later) else content
    if isinstance(made, str | bytes):
        return made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")
    out = BytesIO()
    made(out, SILENT)
    return out.getvalue()


@pytest.mark.parametrize(("case", "period", "reading"), PAID)
def test_statements_from_the_ledger_are_those_of_the_run(tmp_path: Path, case: str, period: str, reading: str) -> None:
    shutil.copytree(CASES / case, tmp_path / "w")
    with (tmp_path / "w" / "granger.yaml").open("a", encoding="utf-8") as file:
        file.write(FORMS)
    pack = granger.load(tmp_path / "w")
    ledger = tmp_path / "ledger.db"
    run = pack.run(as_of=date(2026, 12, 31), period=period, parts=["pay"], reading=reading, ledger=ledger)
    run.lock(by="Ana")
    shutil.rmtree(tmp_path / "w")
    before = {name: whole(content) for name, content in run.files().items()}
    after = {name: whole(content) for name, content in granger.Ledger(ledger).files(period).items()}
    statements = {name for name in before if name.startswith("statements/")}
    assert {name.rpartition(".")[2] for name in statements} == {"md", "html", "xlsx", "json"}
    assert len(statements) == 4 * len({line.payee for line in run.outcome.payouts}) >= 8
    for name in sorted({*statements, "payouts.csv", "attainments.csv"}):
        assert after[name] == before[name], name
