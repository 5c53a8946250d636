"""What LibreOffice works out of a statement's formulas are the cents that were paid."""

from __future__ import annotations

import csv
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from granger.engine.amounts import apportion, grouped, percent, round_to
from granger.engine.currencies import minor_digits
from granger.engine.outcome.pay.credits import Credited
from granger.engine.outcome.pay.lines import Payout, Step
from granger.engine.policy.model_pay_forms import StatementForms
from granger.engine.writers.statements.written import statement_files

from .paid_values import LIN, credit, line

OFFICE = shutil.which("soffice")
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
ROWS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"
"""The first sheet, with values as they are and not as they are shown."""

RATES = [Fraction(12, 100), Fraction(1, 3), Fraction(25, 1000), Fraction(1, 8), Fraction(2, 7), Fraction(-5, 100)]


def drawn(rng: random.Random, count: int) -> Iterator[tuple[Payout, list[Credited]]]:
    """Lines with credits, or with slices; sums that end at half a cent among them, and each credit rounded by itself."""
    for n in range(count):
        currency = rng.choice(["CNY", "JPY", "KWD"])
        digits, name = minor_digits(currency), f"c{n}"
        amounts = [
            Fraction(rng.randint(-(10**4), 10 ** rng.choice([4, 7, 9])), 10**digits) for _ in range(rng.randint(1, 6))
        ]
        rates = [rng.choice(RATES) for _ in amounts]
        exact = [amount * rate for amount, rate in zip(amounts, rates, strict=True)]
        paid = round_to(sum(exact), digits)
        if n % 5 == 0:
            paid = sum((round_to(each, digits) for each in exact), Fraction(0))
        own = line(name, "earned", paid, currency=currency, credits=len(amounts))
        if n % 3 == 0:
            steps = tuple(Step(told(*figures, digits), *figures) for figures in zip(amounts, rates, exact, strict=True))
            yield line(name, "earned", paid, currency=currency, steps=steps), []
        else:
            earned = apportion(paid, exact, digits)
            yield (
                own,
                [
                    credit(name, f"D-10{i + 10}", *figures, currency=currency)
                    for i, figures in enumerate(zip(amounts, rates, earned, strict=True))
                ],
            )


def told(amount: Fraction, rate: Fraction, earning: Fraction, digits: int) -> str:
    return f"{grouped(amount, digits)} at {percent(rate)} = {grouped(earning, digits)}"


def without_results(book: bytes, path: Path) -> int:
    """Writes the workbook with every result of a formula as 77; how many there are."""
    found = 0
    with ZipFile(path, "w") as out, ZipFile(BytesIO(book)) as parts:
        for name in parts.namelist():
            text = parts.read(name)
            if name.startswith("xl/worksheets/"):
                text, count = re.subn(rb"</f><v>[^<]*</v>", b"</f><v>77</v>", text)
                found += count
            out.writestr(name, text)
    return found


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here")
def test_libreoffice_recomputes_the_same_cents(tmp_path: Path) -> None:
    found = list(drawn(random.Random(5), 300))
    lines, credits = [line for line, _ in found], [credit for _, own in found for credit in own]
    (content,) = statement_files(StatementForms(("xlsx",)), "w", lines, credits, []).values()
    book = content.make()
    formulas = without_results(book, tmp_path / "book.xlsx")
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    command = [OFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", ROWS, "book.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    (table,) = tmp_path.glob("*.csv")
    told = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    rows = [row for row in told if row[0].isdigit()]
    assert len(rows) == len(lines) == 300
    for row, own in zip(rows, lines, strict=True):
        assert round_to(Fraction(row[7]), minor_digits(own.currency)) == own.amount, row
        assert abs(Fraction(row[7]) - own.amount) < Fraction(1, 10**6), row
    totals = {row[8]: Fraction(row[7]) for row in told if row[1:2] == ["Total"]}
    for currency, total in totals.items():
        paid = sum(own.amount for own in lines if own.currency == currency)
        assert round_to(total, minor_digits(currency)) == paid
    assert len(totals) == 3
    assert formulas > 1000
    assert LIN in {own.payee for own in lines}
