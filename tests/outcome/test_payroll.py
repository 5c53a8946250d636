"""What payroll pays and what it does not are all lines; what is accrued is their cost; what is written off is what was earned."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import chain
from pathlib import Path

import granger
import pytest
from granger.engine.diagnostics import Span
from granger.engine.outcome.pay.accrual import HELD_BACK, OPEN, WAITS, accrued
from granger.engine.outcome.pay.lines import HELD, KINDS, RELEASED, Payout
from granger.engine.outcome.pay.payroll import for_payroll, payroll_rows
from granger.engine.policy.model_pay_forms import EarningCode, Payroll, PayrollColumn, PayrollFile
from granger.engine.tables.shape import Field, Shape, Table
from granger.engine.writers.pay_forms import pay_files

SPAN = Span("granger.yaml", 1, 1, 1, 2)
PERSONS = [f"P{n}" for n in range(6)]
COLUMNS = (
    PayrollColumn("Who", "number", SPAN, table="people"),
    PayrollColumn("Code", "code", SPAN),
    PayrollColumn("Amount", "amount", SPAN),
    PayrollColumn("Currency", "currency", SPAN),
    PayrollColumn("From", "", SPAN, text="us"),
)
CODES = (
    EarningCode("HOLD", SPAN, kind=HELD),
    EarningCode("ONE", SPAN, plan="one"),
    EarningCode("B", SPAN, plan="two", component="b"),
)


def people(*lacking: str) -> Table:
    fields = (Field("person", "person", "person", SPAN), Field("number", "number", "text", SPAN, required=False))
    numbers = [None if who in lacking else f"00{who[1:]}" for who in PERSONS]
    shape = Shape("people", fields, SPAN, key="person")
    return Table(shape, "people.csv", {"person": PERSONS, "number": numbers}, list(range(2, 8)), 6)


def line(rng: random.Random) -> Payout:
    waits = rng.random() < 0.2
    amount = None if waits and rng.random() < 0.5 else Fraction(rng.randint(-50, 500), 100) * rng.choice([0, 1, 1, 1])
    return Payout(
        rng.choice(["one", "two"]), rng.choice(PERSONS), rng.choice(["2026-Q2", "2026-Q3"]), rng.choice("ab"), None, 0, None,
        amount, rng.choice(["EUR", "EUR", "USD"]), "paid", int(waits), "it waits" if waits else "", "p.yaml:1", rng.choice(KINDS),
    )  # fmt: skip


def totals(*lists) -> dict[tuple[str, str, str], Fraction]:
    found: Counter = Counter()
    for row in chain(*lists):
        found[row.payee, row.period, row.currency] += row.amount or 0
    return {key: amount for key, amount in found.items() if amount}


def test_nothing_is_lost() -> None:
    met: Counter[str] = Counter()
    for seed in range(60):
        rng = random.Random(seed)
        lines = [line(rng) for _ in range(rng.randint(0, 40))]
        columns = COLUMNS if rng.random() < 0.7 else tuple(c for c in COLUMNS if c.field != "currency")
        payroll = Payroll((PayrollFile("payroll.csv", columns),), CODES, SPAN)
        table = people(*rng.sample(PERSONS, rng.choice([0, 0, 1])))
        found = for_payroll(payroll, lines, table)
        assert totals(found.paid, found.unpaid) == totals(lines)
        assert sum(row.waiting_credits for row in found.unpaid) == sum(each.waiting_credits for each in lines)
        keys = [(row.payee, row.period, row.code, row.currency) for row in found.paid]
        assert keys == sorted(set(keys))
        assert all(row.reason for row in found.unpaid)
        assert all(row.amount for row in found.paid)
        rows = list(payroll_rows(payroll.files[0], found.paid, table))
        assert all(len(cells) == len(columns) and all(cells) for cells in rows)
        met["rows"] += len(rows)
        met["unpaid"] += len(found.unpaid)
        met.update(row.reason.split(" ")[0] for row in found.unpaid)
    assert met["rows"] > 300
    assert met["unpaid"] > 300
    assert {"no", "people.number", "it", "payroll.csv"} <= met.keys()


def test_who_is_in_no_table_of_people_is_listed() -> None:
    lines = [replace(line(random.Random(1)), payee="Zed", amount=Fraction(1), plan="one", waiting_credits=0)]
    payroll = Payroll((PayrollFile("payroll.csv", COLUMNS),), CODES, SPAN)
    for table in (people(), None):
        found = for_payroll(payroll, lines, table)
        assert (found.paid, [row.reason for row in found.unpaid]) == (
            [],
            ["people.number is empty, which Who is to hold"],
        )


def test_what_is_accrued_is_the_cost_of_what_is_not_locked() -> None:
    lines = [line(random.Random(seed)) for seed in range(200)]
    found = accrued(lines, [], locked={"2026-Q2"})
    held = sum(-each.amount for each in lines if each.kind in (HELD, RELEASED) and each.amount)
    to_pay = sum(each.amount or 0 for each in lines if each.period == "2026-Q3")
    assert sum(row.amount for row in found if row.state == HELD_BACK) == held != 0
    assert sum(row.amount for row in found if row.state == OPEN) == to_pay != 0
    assert not [row for row in found if row.state == OPEN and row.period == "2026-Q2"]
    waiting = [row for row in found if row.state == WAITS]
    assert sum(row.waiting_credits for row in waiting) == sum(each.waiting_credits for each in lines) > 20
    assert all(row.amount is None for row in waiting)


WORKSPACE = """kind: workspace
name: w
currency: {currency}
payroll: {{codes: [{{code: A}}]}}
tables:
  accounts: {{file: a.csv, key: account_id, fields: {{account_id: text}}}}
  people: {{file: p.csv, key: person, fields: {{person: person}}}}
  deals:
    file: d.csv
    key: deal_id
    dated_by: closed_on
    fields: {{deal_id: text, amount: money, closed_on: date, sold_by: person, months: {{kind: number, required: false}}}}
"""
PLAN = """kind: comp
name: p
effective: {from: 2026-01-01}
payees: "true"
period: quarter
components:
  - component: c
    credit: {table: deals, amount: amount, to: sold_by}
    rate: 1/3
    amortise: {months: months}
"""


@pytest.mark.parametrize("reading", ["reference", "columns"])
@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
def test_months_add_up_to_what_was_earned(reading: str, currency: str, tmp_path) -> None:
    (tmp_path / "granger.yaml").write_text(WORKSPACE.format(currency=currency), encoding="utf-8")
    (tmp_path / "p.yaml").write_text(PLAN, encoding="utf-8")
    rng = random.Random(currency)
    deals = [
        {"deal_id": f"D{n}", "amount": rng.choice(["0", "1", "-7", "100", "12345"]), "closed_on": f"2026-08-{n % 31 + 1:02}",
         "sold_by": "Ann", "months": rng.choice([1, 3, 12, 60, 37, 0, 1.5, None])}
        for n in range(60)
    ]  # fmt: skip
    tables = {"accounts": [], "people": [{"person": "Ann"}], "deals": deals}
    run = granger.load(tmp_path).run(tables, as_of=date(2026, 9, 30), parts=["pay"], reading=reading)
    earned = {credit.record: credit.earning for credit in run.outcome.credits if credit.earning}
    months: dict[str, list] = {}
    for row in run.outcome.amortisation:
        months.setdefault(row.record, []).append(row)
    assert months.keys() == earned.keys()
    schedules = 0
    for deal in deals:
        rows = months.get(deal["deal_id"], [])
        if not rows:
            continue
        if deal["months"] in (0, 1.5, None):
            assert [(row.month, row.amount, row.balance) for row in rows] == [("", None, earned[deal["deal_id"]])]
            assert rows[0].reason
            continue
        schedules += 1
        assert len({row.month for row in rows}) == len(rows) == deal["months"]
        assert rows[0].month == "2026-08"
        assert sum(row.amount for row in rows) == earned[deal["deal_id"]]
        assert rows[-1].balance == 0
        assert max(row.amount for row in rows) - min(row.amount for row in rows) <= Fraction(
            1, 100 if currency == "EUR" else 1
        )
    assert schedules > 15
    assert "amortisation.csv" in run.texts()


def test_amounts_below_zero_stay_numbers(tmp_path) -> None:
    (tmp_path / "granger.yaml").write_text(WORKSPACE.format(currency="EUR"), encoding="utf-8")
    (tmp_path / "p.yaml").write_text(PLAN, encoding="utf-8")
    deals = [{"deal_id": "D", "amount": "-30", "closed_on": "2026-08-01", "sold_by": "=Ann", "months": 1}]
    tables = {"accounts": [], "people": [{"person": "=Ann"}], "deals": deals}
    run = granger.load(tmp_path).run(tables, as_of=date(2026, 9, 30), parts=["pay"])
    earned = replace(run.pay, payouts=[each for each in run.pay.payouts if each.kind == "earned"])
    files = pay_files(run.pack.policies.workspace, earned, run.outcome.tables)
    assert files["payroll.csv"].make() == "Payee,Period,Code,Amount,Currency\r\n'=Ann,2026-Q3,A,-10.00,EUR\r\n"


CANCELLED = PLAN.replace("1/3", "10%") + "    clawback: {day: cancelled_on, within: 8 months, prorate: months}\n"


def cancelling(folder: Path, plan: str = CANCELLED) -> granger.Pack:
    fields = "months: {{kind: number, required: false}}"
    text = WORKSPACE.replace(fields, f"{fields}, cancelled_on: {{{{kind: date, required: false}}}}")
    (folder / "granger.yaml").write_text(text.format(currency="EUR"), encoding="utf-8")
    (folder / "p.yaml").write_text(plan, encoding="utf-8")
    return granger.load(folder)


def sold(amount: int = 12_000, day: str = "2026-08-10", **more: object) -> dict[str, object]:
    return {"deal_id": "D1", "amount": amount, "closed_on": day, "sold_by": "Ann", "months": 12, **more}


@pytest.mark.parametrize("reading", ["reference", "columns"])
@pytest.mark.parametrize(
    ("cancelled", "plan", "first", "each", "many"),
    [
        # 1,200 over 12 months from August; taken back whole in November: four months at once
        ("2026-11-10", CANCELLED.replace(", within: 8 months, prorate: months", ""), -400, -100, 9),
        # five of eight months are left: 750 of it
        ("2026-11-10", CANCELLED, -250, Fraction("-62.5"), 9),
        # in the month in which it begins
        ("2026-08-31", CANCELLED, -100, -100, 12),
    ],
)
def test_what_is_taken_back_is_no_asset_any_more(
    reading: str, cancelled: str, plan: str, first: int, each: int, many: int, tmp_path: Path
) -> None:
    tables = {"accounts": [], "people": [{"person": "Ann"}], "deals": [sold(cancelled_on=cancelled)]}
    pack = cancelling(tmp_path, plan)
    run = pack.run(tables, as_of=date(2026, 12, 31), period="2026", parts=["pay"], reading=reading)
    back = [row for row in run.outcome.amortisation if row.amount and row.amount < 0]
    assert back[0].month == cancelled[:7] and back[-1].month == "2027-07"
    assert [row.amount for row in back] == [first, *[each] * (many - 1)]
    (line,) = [line for line in run.outcome.payouts if line.kind == "clawed_back"]
    assert sum(row.amount or 0 for row in back) == line.amount and back[-1].balance == 0
    assert {row.period for row in back} == {line.period} and {row.record for row in back} == {"D1"}
    of_credit = [row for row in run.outcome.amortisation if row not in back]
    assert sum(row.amount or 0 for row in of_credit) == 1200 and len(of_credit) == 12


def test_what_is_taken_back_once_all_is_written_off_goes_in_its_month(tmp_path: Path) -> None:
    pack = cancelling(tmp_path, CANCELLED.replace("months: months", "months: 2"))
    tables = {"accounts": [], "people": [{"person": "Ann"}], "deals": [sold(cancelled_on="2026-12-05", months=2)]}
    run = pack.run(tables, as_of=date(2026, 12, 31), period="2026", parts=["pay"])
    assert [(row.period, row.month, row.amount, row.balance) for row in run.outcome.amortisation] == [
        ("2026-Q3", "2026-08", 600, 600), ("2026-Q3", "2026-09", 600, 0), ("2026-Q4", "2026-12", -750, 0),
    ]  # fmt: skip


def test_a_correction_of_a_locked_period_is_told_in_the_schedule(tmp_path: Path) -> None:
    pack, ledger = cancelling(tmp_path), tmp_path / "ledger.db"
    tables = [{"accounts": [], "people": [{"person": "Ann"}], "deals": [sold(n)]} for n in (12_000, 15_000)]
    asked = {"as_of": date(2026, 12, 31), "parts": ["pay"], "ledger": ledger}
    pack.run(tables[0], period="2026-Q3", **asked).lock()
    (row,) = pack.run(tables[1], period="2026-Q4", **asked).outcome.amortisation
    assert (row.payee, row.period, row.month, row.amount, row.balance) == ("Ann", "2026-Q4", "", None, 300)
    assert (
        row.reason == "corrects 2026-Q3 earned #2: a run of that period without a ledger has the months of its credits"
    )


def test_credits_of_no_plan_that_amortises_are_left(tmp_path) -> None:
    (tmp_path / "granger.yaml").write_text(WORKSPACE.format(currency="EUR"), encoding="utf-8")
    (tmp_path / "p.yaml").write_text(PLAN.replace("    amortise: {months: months}\n", ""), encoding="utf-8")
    tables = {"accounts": [], "people": [], "deals": []}
    run = granger.load(tmp_path).run(tables, as_of=date(2026, 9, 30), parts=["pay"])
    assert run.outcome.amortisation == []
    assert "amortisation.csv" not in run.texts()
