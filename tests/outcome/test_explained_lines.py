"""``explain`` goes from each line of a statement down to rows of data and lines of policy; numbers are the statement's."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import granger
import pytest
from granger.engine.outcome.pay.lines import EARNED
from granger.engine.runs import UnknownSubject

CASES = Path(__file__).resolve().parents[1] / "cases" / "good"


def ran(case: str) -> granger.Run:
    asked = (CASES / case / "run.txt").read_text(encoding="utf-8").split()
    return granger.load(CASES / case).run(
        as_of=date.fromisoformat(asked[0]), period=asked[1] if len(asked) > 1 else None, parts=["pay"]
    )


def test_one_line_is_that_of_all_lines_and_of_the_statement() -> None:
    swept, kinds = 0, set()
    for case in ("settlement", "pay-forms"):
        run = ran(case)
        statements = {name: text for name, text in run.texts().items() if name.startswith("statements/")}
        for payee in sorted({line.payee for line in run.outcome.payouts}):
            every = run.explain("payee", payee)
            own = [line for line in run.outcome.payouts if line.payee == payee]
            assert len(every.below) == len(own)
            (statement,) = (text for text in statements.values() if text.startswith(f"# Statement of {payee}\n"))
            shown = re.findall(r"^\| (\d+) \|.*`(\S+)` \|$", statement, re.MULTILINE)
            for number, (line, reason) in enumerate(zip(own, every.below, strict=True), 1):
                assert run.explain("payee", payee, number).below == (reason,)
                assert reason.text.startswith(f"line {number}: {line.plan}, {line.period}, {line.component}")
                assert shown[number - 1] == (str(number), reason.place)
                assert (line.kind == EARNED) == (f", {line.kind.replace('_', ' ')}" not in reason.text)
                swept, kinds = swept + 1, kinds | {line.kind}
    assert swept > 15
    assert {"earned", "drawn", "recovered", "held", "released", "clawed_back"} <= kinds


def test_slices_stand_at_their_rate_table_and_credits_at_their_rows() -> None:
    told = granger.tree_text(ran("pay-forms").explain("payee", "Ada", 1))
    assert "├─ 50,000.00 at 8% = 4,000.00   [seller.yaml:16]\n" in told
    assert "D1 of 2026-07-10: 56,000.00, its part of the line 5,090.91   [data/deals.csv, row 2]\n" in told


def test_what_settles_is_told_with_its_terms() -> None:
    run = ran("settlement")
    wanted = {"drawn": "amount", "held": "part: ", "released": "release on: ", "clawed_back": "on: "}
    met = set()
    for payee in sorted({line.payee for line in run.outcome.payouts}):
        own = [line for line in run.outcome.payouts if line.payee == payee]
        for line, reason in zip(own, run.explain("payee", payee).below, strict=True):
            if line.kind in wanted and line.kind != "drawn":
                assert any(below.text.startswith(wanted[line.kind]) and below.place for below in reason.below), reason
                met.add(line.kind)
            if line.kind == "drawn":
                assert any(re.match("(guarantee|advance), a (month|quarter|half|year): ", b.text) for b in reason.below)
                met.add(line.kind)
    assert met == set(wanted)


def test_a_line_that_is_not_on_the_statement() -> None:
    run = ran("pay-forms")
    lines = sum(line.payee == "Ada" for line in run.outcome.payouts)
    with pytest.raises(UnknownSubject, match=f"has no line {lines + 1}; it has {lines}"):
        run.explain("payee", "Ada", lines + 1)


def test_gates_and_quotas_are_told_down_to_the_cells_they_read() -> None:
    shut, quotas, swept = 0, 0, 0
    for case in ("terms", "rate-tables"):
        run = ran(case)
        for payee in sorted({line.payee for line in run.outcome.payouts}):
            own = [line for line in run.outcome.payouts if line.payee == payee]
            for line, reason in zip(own, run.explain("payee", payee).below, strict=True):
                told = [below for below in reason.below if below.text.startswith(("gate ", "quota, "))]
                name = re.match(r"the gate '(.+?)' is shut", line.reason)
                if name is not None:
                    assert any(below.text.startswith(f"gate {name[1]}, ") and "→ no" in below.text for below in told)
                    shut += 1
                quotas += sum(below.text.startswith("quota, ") for below in told)
                for below in told:
                    assert re.search(r"\.yaml:\d+$", below.place), below
                    assert below.below and all(each.place or "_share = " in each.text for each in below.below), below
                    swept += 1
    assert shut > 0 and quotas > 3 and swept > 10, (shut, quotas, swept)


def test_each_version_and_each_row_of_terms_is_told_by_itself() -> None:
    told = granger.tree_text(ran("terms").explain("payee", "Ann"))
    assert "quota, 2026-Q3: quota * quota_share * days_share → 45,000" in told
    assert "quota, 2026-Q3 from 2026-08-15: quota * quota_share * days_share → 94,000" in told
    assert "quota = 92,000.00 EUR   [data/terms.csv, row 2, column 'quota']" in told
    assert "quota = 184,000.00 EUR   [data/terms.csv, row 3, column 'quota']" in told
