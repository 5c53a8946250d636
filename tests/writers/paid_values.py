"""A payee with a line of every kind, credits, slices, attainments and zeros: values for the tests of statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from granger.engine.outcome.pay.bonus import Attainment
from granger.engine.outcome.pay.credits import Credited
from granger.engine.outcome.pay.lines import Payout, Step

F = Fraction
LIN, MO = "林悦", "Mo O'Neil"
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "<r><t>x</t></r>", "<b>bold</b>", "a|b", "'=1", "</td><script>alert(1)</script>", "&amp;", "{{ 7*7 }}",
            "http://x.example", "\u202egnp.exe", "\x00\x07", "\ud800", "\ufffe", "x" * 40_000]  # fmt: skip
"""Texts of data that a form could take for something else."""


def line(component: str, kind: str, amount: object, **values: object) -> Payout:
    known = None if amount is None else F(str(amount))
    status = "waiting" if known is None else "paid" if known else "zero"
    usual = Payout(
        "seller-2026",
        LIN,
        "2026-Q3",
        component,
        None,
        0,
        None,
        known,
        "CNY",
        status,
        0,
        "",
        "comp-seller.yaml:12",
        kind,
    )
    return replace(usual, **values)  # type: ignore[arg-type]


def credit(component: str, record: str, amount: object, rate: object, earning: object, **values: object) -> Credited:
    usual = Credited(
        plan="seller-2026", payee=LIN, period="2026-Q3", component=component, table="deals", record=record, file="data/deals.csv",
        row=int(record[-2:]), account_id=f"A-{record[-3:]}", dated=date(2026, 7, int(record[-2:])), credit_amount=F(str(amount)),
        rate=None if rate is None else F(str(rate)), share=F(1), earning=None if earning is None else F(str(earning)), currency="CNY",
        status="credited", because="", reason="", source="comp-seller.yaml:18",
    )  # fmt: skip
    return replace(usual, **values)  # type: ignore[arg-type]


CREDITS = [
    credit("new-business", "D-1003", "30500.50", "0.12", "3660.06", because="new customers pay more"),
    credit("new-business", "D-1009", "12000", "0.12", "1440", because="new customers pay more"),
    credit("new-business", "D-1017", "999.99", "1/3", "333.33"),
    credit("new-business", "D-1021", "4000", None, None, status="waiting", reason="the rate cannot be decided: signed_on is missing"),
    credit("new-business", "D-1022", "7000", "0", "0", reason="the rate is 0%", because="still the seller's"),
    credit("services", "D-1103", "80000", None, "4571.43"),
    credit("services", "D-1105", "60000", None, "3428.57"),
]  # fmt: skip
SLICES = (
    Step("2026-Q3: 112% of the quota: 140,000.00 of 125,000.00", F(140_000), quota=F(125_000)),
    Step("100,000.00 at 5% = 5,000.00", F(100_000), F(5, 100), F(5_000)),
    Step("40,000.00 at 7.5% = 3,000.00", F(40_000), F(75, 1000), F(3_000)),
)
ATTAINED = [
    Attainment("seller-2026", LIN, "2026-07", "retention", "renewal_rate", F(92, 100), F(90, 100), F(92, 90), F(11, 10), F(2_000), F("2200"), "CNY", "attained", "", "comp-seller.yaml:30", date(2026, 7, 1), "2026-Q3", "percent", date(2026, 8, 1)),
    Attainment("seller-2026", LIN, "2026-08", "retention", "renewal_rate", F(60, 100), F(90, 100), F(60, 90), F(0), F(2_000), F(0), "CNY", "zero", "renewal_rate earns 0% at this attainment", "comp-seller.yaml:30", date(2026, 8, 1), "2026-Q3", "percent", date(2026, 9, 1)),
    Attainment("seller-2026", LIN, "2026-09", "retention", "renewal_rate", None, F(90, 100), None, None, F(2_000), None, "CNY", "waiting", "renewal_rate has no value for 林悦 (no rows)", "comp-seller.yaml:30", date(2026, 9, 1), "2026-Q3", "percent", date(2026, 10, 1)),
]  # fmt: skip
LINES = [
    line("new-business", "earned", "5433.39", credit_amount=F("50500.49"), credits=4, waiting_credits=1, status="partly_waiting", reason="1 waiting: the rate cannot be decided: signed_on is missing"),
    line("retention", "earned", "2200", status="partly_waiting", source="comp-seller.yaml:30", reason="renewal_rate has no value for 林悦 (no rows)"),
    line("services", "earned", "8000", credit_amount=F(140_000), credits=2, steps=SLICES, source="comp-seller.yaml:24"),
    line("spiff", "earned", 0, reason="no row of deals counts for 林悦 in 2026-Q3", source="comp-seller.yaml:40"),
    line("plan cap", "limited", "-500", reason="capped", source="comp-seller.yaml:5"),
    line("new-business", "clawed_back", "-120.5", reason="contract cancelled in month 4", source="comp-seller.yaml:22"),
    line("ramp", "drawn", "3000", source="comp-seller.yaml:44"),
    line("ramp", "recovered", "-1000", source="comp-seller.yaml:44"),
    line("reserve", "held", "-800", source="comp-seller.yaml:50"),
    line("reserve", "released", "640", source="comp-seller.yaml:50"),
    line("balance", "carried", "-35.25", source="comp-seller.yaml:5"),
    line("new-business", "adjustment", "77.77", corrects="2026-Q2 earned #14", reason="D-0907 was entered late", source="comp-seller.yaml:18"),
    line("new-business", "earned", None, payee=MO, waiting_credits=2, reason="2 waiting: there is no amount: amount is missing"),
    line("dollars", "earned", "12.5", payee=MO, currency="USD"),
]  # fmt: skip
