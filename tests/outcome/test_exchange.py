"""Amounts in other currencies: the rate of which day, what waits, in which currency somebody is paid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.outcome.pay.lines import Pay

from .pay_both_ways import paid_alike

TOP = """
kind: workspace
name: w
currency: EUR
fiscal_year_starts: 4
tables:
  accounts: {file: a.csv, key: account_id, fields: {account_id: text}}
  people:
    file: p.csv
    key: person
    fields: {person: person, wallet: {required: false}, quota: {kind: money, currency: USD, required: false}}
  deals:
    file: d.csv
    key: deal_id
    dated_by: closed_on
    fields:
      deal_id: text
      price: {kind: number, required: false}
      coin: {required: false}
      dollars: {kind: money, currency: USD, required: false}
      closed_on: date
      sold_by: {refers_to: people}
  rates:
    file: r.csv
    DATED
    fields:
      from_currency: text
      to_currency: text
      rate: {kind: number, required: false}
      since: {kind: date, required: false}
      until: {kind: date, required: false}
"""
DATED, HELD = "dated_by: since", "valid: {from: since, before: until}"
PLAN = "kind: comp\nname: plan\neffective: {from: 2026-01-01}\npayees: true\nperiod: quarter\n"
IN_COINS = "amount: price, currency: coin"

Paid = Callable[..., Pay]


@pytest.fixture
def paid(workspace: Callable[[Mapping[str, str]], Path]) -> Paid:
    def run(
        *deals: Mapping[str, str],
        rates: Sequence[str],
        by: str = "transaction",
        dated: str = DATED,
        credit: str = IN_COINS,
        more: str = "",
        rate: str = "rate: 10%",
        wallet: str = "",
    ) -> Pay:
        text = f"{{table: deals, {credit}, to: sold_by}}"
        plan = f"{PLAN}exchange: {{table: rates, by: {by}}}\n{more}components:\n  - {{component: c, credit: {text}, {rate}}}\n"
        pack = granger.load(workspace({"granger.yaml": TOP.replace("DATED", dated), "comp.yaml": plan}))
        names = ("from_currency", "to_currency", "rate", "since", "until")
        given = {
            "accounts": [],
            "people": [{"person": "Ann", "wallet": wallet}],
            "deals": [
                {"deal_id": f"d{n}", "closed_on": "2026-08-10", "sold_by": "Ann", **deal}
                for n, deal in enumerate(deals)
            ],
            "rates": [dict(zip(names, text.split(" "), strict=False)) for text in rates],
        }
        return paid_alike(pack, pack.run(given, as_of=date(2026, 9, 30), parts=["pay"]).outcome)

    return run


def told(pay: Pay) -> list[tuple[Fraction | None, str, str]]:
    return [(credit.credit_amount, credit.status, credit.reason) for credit in pay.credits]


RATES = ["USD EUR 0.9 2026-04-01", "USD EUR 0.8 2026-08-01", "USD EUR 0.85 2026-08-10", "USD EUR 0.7 2026-08-11"]


@pytest.mark.parametrize(
    ("by", "amount", "said"),
    [
        ("transaction", 850, "USD at 0.85 of 2026-08-10"),
        ("period_average", Fraction(2350, 3), "USD at about 0.783333, the average of 2027-Q2"),
        ("plan_rate", 900, "USD at 0.9, the plan rate on 2026-04-01"),
    ],
)
def test_the_plan_says_the_rate_of_which_day_counts(by: str, amount: Fraction, said: str, paid: Paid) -> None:
    found = paid({"price": "1000", "coin": "USD"}, {"price": "1000", "coin": "EUR"}, rates=RATES, by=by)
    assert told(found) == [(amount, "credited", said), (1000, "credited", "")]
    assert {credit.currency for credit in found.credits} == {"EUR"}


def test_a_dated_rate_holds_until_the_next_and_not_before_its_day(paid: Paid) -> None:
    days = ("2026-07-01", "2026-08-09", "2026-08-11", "2026-09-30")
    deals = [{"price": "100", "coin": "USD", "closed_on": day} for day in days]
    assert [amount for amount, *_ in told(paid(*deals, rates=RATES))] == [90, 80, 70, 70]
    assert [status for _, status, _ in told(paid(*deals, rates=RATES[3:]))] == ["waiting"] * 2 + ["credited"] * 2


def test_a_rate_in_force_holds_as_long_as_its_row_says(paid: Paid) -> None:
    rates = ["USD EUR 0.5 2026-07-01 2026-08-10", "USD EUR 0.25 2026-08-10 2026-08-12"]
    days = ("2026-08-09", "2026-08-10", "2026-08-12")
    deals = [{"price": "100", "coin": "USD", "closed_on": day} for day in days]
    assert told(paid(*deals, rates=rates, dated=HELD)) == [
        (50, "credited", "USD at 0.5"),
        (25, "credited", "USD at 0.25"),
        (None, "waiting", "rates has no rate from USD to EUR on 2026-08-12"),
    ]


def test_the_average_of_rates_in_force_counts_their_days(paid: Paid) -> None:
    one, other = "USD EUR 0.5 2026-07-01 2026-08-01", "USD EUR 1 2026-08-01"
    deal = {"price": "92", "coin": "USD"}
    found = paid(deal, rates=[one, other], dated=HELD, by="period_average")
    assert told(found)[0][0] == Fraction(31, 2) + 61
    gap = paid(deal, rates=[one, other.replace("08-01", "08-02")], dated=HELD, by="period_average")
    assert told(gap) == [(None, "waiting", "rates has no rate from USD to EUR on some days of 2027-Q2")]
    twice = paid(deal, rates=[one, other.replace("08-01", "07-31")], dated=HELD, by="period_average")
    assert told(twice) == [(None, "waiting", "rates has several rates from USD to EUR on a day of 2027-Q2")]


@pytest.mark.parametrize(
    ("deal", "rates", "why"),
    [
        ({"price": "1", "coin": "CHF"}, RATES, "rates has no rate from CHF to EUR on 2026-08-10"),
        ({"price": "1", "coin": "CHF"}, ["EUR CHF 1.1 2026-01-01"], "rates has no rate from CHF to EUR on 2026-08-10"),
        ({"price": "1", "coin": ""}, RATES, "there is no currency: coin is missing"),
        ({"price": "", "coin": "USD"}, RATES, "there is no amount: price is missing"),
        ({"price": "", "coin": "CHF"}, RATES, "there is no amount: price is missing"),
        ({"price": "1", "coin": "USD"}, [*RATES, "USD EUR 0.86 2026-08-10"], "rates has 2 rates from USD to EUR on 2026-08-10"),
        ({"price": "1", "coin": "USD"}, ["USD EUR 0 2026-08-10"], "the rate from USD to EUR in rates is not above 0"),
        ({"price": "1", "coin": "USD"}, [*RATES[:2], "USD EUR  2026-08-10"], "rates has no rate from USD to EUR on 2026-08-10"),
    ],
)  # fmt: skip
def test_what_is_not_known_waits_and_is_never_zero(
    deal: Mapping[str, str], rates: list[str], why: str, paid: Paid
) -> None:
    found = paid(deal, rates=rates)
    assert told(found) == [(None, "waiting", why)]
    assert (found.payouts[0].amount, found.payouts[0].status) == (None, "waiting")


def test_what_waits_holds_nothing_else_up(paid: Paid) -> None:
    found = paid({"price": "100", "coin": "USD"}, {"price": "100", "coin": "CHF"}, rates=RATES)
    assert (found.payouts[0].amount, found.payouts[0].status) == (Fraction("8.5"), "partly_waiting")


def test_money_of_one_other_currency_is_exchanged_too(paid: Paid) -> None:
    found = paid({"dollars": "100"}, rates=RATES, credit="amount: dollars", more="currency: EUR\n")
    assert told(found) == [(85, "credited", "USD at 0.85 of 2026-08-10")]
    kept = paid({"dollars": "100"}, rates=RATES, credit="amount: dollars")
    assert [(credit.credit_amount, credit.currency) for credit in kept.credits] == [(100, "USD")]


def test_tables_and_caps_are_in_the_currency_of_the_plan(paid: Paid) -> None:
    table = "rate_table: {kind: marginal, accumulate: period, bands: [{rate: 50%, from: 100}, {rate: 10%}]}, cap: 20"
    found = paid({"price": "100", "coin": "USD"}, {"price": "47.05", "coin": "USD"}, rates=RATES, rate=table)
    assert found.payouts[0].amount == 20
    assert [credit.reason for credit in found.credits] == ["USD at 0.85 of 2026-08-10"] * 2


def test_a_line_is_paid_in_the_currency_of_the_payee(paid: Paid) -> None:
    rates = [*RATES, "EUR KWD 0.33333 2026-09-01", "EUR KWD 0.4 2026-10-01"]
    more = "pay_currency: wallet\n"
    (line,) = paid({"price": "100", "coin": "USD"}, rates=rates, more=more, wallet="KWD").payouts
    assert (line.amount, line.currency) == (Fraction("2.833"), "KWD")
    assert [(step.text, step.input, step.rate) for step in line.steps] == [
        ("8.50 EUR at 0.33333 of 2026-09-01 = 2.833 KWD", Fraction("8.5"), Fraction("0.33333"))
    ]
    (kept,) = paid({"price": "100", "coin": "USD"}, rates=rates, more=more, wallet="EUR").payouts
    assert (kept.amount, kept.currency, kept.steps) == (Fraction("8.5"), "EUR", ())


@pytest.mark.parametrize(
    ("wallet", "why"),
    [
        ("", "Ann has no currency to be paid in: wallet is missing"),
        ("SEA", "Ann has no currency to be paid in: 'SEA' is no currency"),
        ("CHF", "rates has no rate from EUR to CHF on 2026-09-30"),
    ],
)
def test_a_line_that_cannot_be_exchanged_waits(wallet: str, why: str, paid: Paid) -> None:
    (line,) = paid({"price": "100", "coin": "USD"}, rates=RATES, more="pay_currency: wallet\n", wallet=wallet).payouts
    assert (line.amount, line.status, line.reason, line.currency) == (None, "waiting", why, "EUR")
    (zero,) = paid(rates=RATES, more="pay_currency: wallet\n", wallet=wallet).payouts
    why_zero = "no row of deals counts for Ann in 2027-Q2"
    assert (zero.amount, zero.status, zero.reason, zero.currency) == (0, "zero", why_zero, "EUR")


def test_what_rounds_to_nothing_in_the_currency_of_the_payee_says_so(paid: Paid) -> None:
    rates = [*RATES, "EUR JPY 0.5 2026-09-01"]
    (line,) = paid({"price": "10", "coin": "USD"}, rates=rates, more="pay_currency: wallet\n", wallet="JPY").payouts
    assert (line.amount, line.status, line.currency) == (0, "zero", "JPY")
    assert line.reason == "0.85 EUR at 0.5 of 2026-09-01 rounds to zero"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("exchange: {table: rates, by: transaction}\n", "", "exchange-needed"),
        ("table: rates", "table: rate", "unknown-table"),
        ("table: rates", "table: deals", "rates-need rates-need rates-need"),
        ("currency: coin", "currency: price", "field-of-kind"),
        ("currency: coin", "currency: coins", "unknown-field"),
        ("pay_currency: wallet", "pay_currency: quota", "field-of-kind"),
        ("pay_currency: wallet", "pay_currency: purse", "unknown-field"),
        ("currency: EUR", "currency: EUX", "unknown-currency"),
        ("amount: price", "amount: dollars", "wrong-result"),
        ("rate: 10%", "rate_table: {kind: marginal, of: quota, accumulate: period, bands: [{rate: 9%}]}", "currency-differs"),
    ],
)  # fmt: skip
def test_what_can_be_wrong_without_data(
    old: str, new: str, code: str, workspace: Callable[[Mapping[str, str]], Path]
) -> None:
    head = f"{PLAN}currency: EUR\nexchange: {{table: rates, by: transaction}}\npay_currency: wallet\n"
    plan = f"{head}components:\n  - {{component: c, credit: {{table: deals, {IN_COINS}, to: sold_by}}, rate: 10%}}\n"
    assert old in plan
    files = {"granger.yaml": TOP.replace("DATED", DATED), "comp.yaml": plan.replace(old, new)}
    _, diagnostics, _ = granger.check(workspace(files))
    assert " ".join(d.code for d in diagnostics if d.code != "missing-file") == code


def test_rates_without_a_day_are_refused(workspace: Callable[[Mapping[str, str]], Path]) -> None:
    plan = f"{PLAN}exchange: {{table: rates, by: transaction}}\ncomponents:\n"
    plan += f"  - {{component: c, credit: {{table: deals, {IN_COINS}, to: sold_by}}, rate: 10%}}\n"
    _, diagnostics, _ = granger.check(workspace({"granger.yaml": TOP.replace("    DATED\n", ""), "comp.yaml": plan}))
    assert [d.code for d in diagnostics if d.code != "missing-file"] == ["rates-undated"]
