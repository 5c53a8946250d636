"""Where pay is rounded, what the credits show, and what a change of a plan, a setting or the order of rows does."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import granger
import pytest

Ran = Callable[..., granger.Run]

FLAT = (
    "components:\n  - {{component: new, credit: {{table: deals, amount: amount, to: sold_by}}, rate: '{rate}'{more}}}\n"
)


def deals(*amounts: str, day: str = "2026-08-01") -> str:
    return "".join(f"d{i},a,x,{amount},{day},ann\n" for i, amount in enumerate(amounts, start=1))


def paid(found: granger.Run) -> tuple[object, dict[str, object]]:
    (line,) = (p for p in found.outcome.payouts if (p.payee, p.kind) == ("ann", "earned"))
    return line.amount, {c.record: c.earning for c in found.outcome.credits if c.payee == "ann"}


def cents(text: str) -> Fraction:
    return Fraction(text)


@pytest.mark.parametrize(
    ("rate", "more", "amounts", "line", "parts"),
    [
        ("10%", "", ["0.05"], "0.01", ["0.01"]), ("10%", ", rounding: half_even", ["0.05"], "0", ["0"]),
        ("10%", ", rounding: half_even", ["0.15"], "0.02", ["0.02"]), ("10%", "", ["-0.05"], "-0.01", ["-0.01"]),
        ("10%", "", ["0.05", "0.05"], "0.01", ["0.01", "0"]),
        ("10%", ", round: each_credit", ["0.05", "0.05"], "0.02", ["0.01", "0.01"]),
        ("10%", ", round: each_credit", ["0.04", "0.04", "0.04"], "0", ["0", "0", "0"]),
        ("10%", "", ["0.04", "0.04", "0.04"], "0.01", ["0.01", "0", "0"]),
        ("1/3", "", ["1", "1", "1"], "1", ["0.34", "0.33", "0.33"]),
        ("1/3", ", round: each_credit", ["1", "1", "1"], "0.99", ["0.33", "0.33", "0.33"]),
        ("1/3", ", round: each_credit, rounding: half_even", ["0.045", "-0.045"], "0", ["0.02", "-0.02"]),
        ("10%", "", ["100", "-30.55"], "6.95", ["10", "-3.05"]),
        ("10%", "", [], "0", []),
    ],
)  # fmt: skip
def test_a_line_is_rounded_once_and_its_credits_sum_to_it(
    rate: str, more: str, amounts: list[str], line: str, parts: list[str], ran: Ran
) -> None:
    amount, earned = paid(ran({"comp": FLAT.format(rate=rate, more=more), "deals.csv": deals(*amounts)}))
    assert amount == cents(line)
    assert earned == {f"d{i}": cents(part) for i, part in enumerate(parts, start=1)}
    assert sum(map(cents, parts), Fraction(0)) == cents(line)


def test_a_currency_without_a_minor_unit(ran: Ran) -> None:
    """The issue's figures: 20,007 times 5/6 pays 16,673, and as much is taken back."""
    for sign in ("", "-"):
        found = ran(
            {
                "granger.yaml": ("currency: CNY", "currency: JPY"),
                "comp": FLAT.format(rate="5/6", more=""),
                "deals.csv": deals(f"{sign}20007"),
            }
        )
        assert paid(found)[0] == cents(f"{sign}16673")
        even = ran(
            {
                "granger.yaml": ("currency: CNY", "currency: JPY"),
                "comp": FLAT.format(rate="5/6", more=", rounding: half_even"),
                "deals.csv": deals(f"{sign}20007"),
            }
        )
        assert paid(even)[0] == cents(f"{sign}16672")


def test_three_minor_digits(ran: Ran) -> None:
    found = ran(
        {
            "granger.yaml": ("currency: CNY", "currency: KWD"),
            "comp": FLAT.format(rate="1/3", more=""),
            "deals.csv": deals("1"),
        }
    )
    assert paid(found)[0] == cents("0.333")


def test_the_currency_of_the_field_decides(ran: Ran) -> None:
    top = ("amount: {kind: money, required: false}", "amount: {kind: money, currency: JPY, required: false}")
    found = ran({"granger.yaml": top, "comp": FLAT.format(rate="5/6", more=""), "deals.csv": deals("20007")})
    assert paid(found)[0] == 16673 and {p.currency for p in found.outcome.payouts} == {"JPY"}


def test_the_cent_of_a_tie_goes_to_the_smaller_key(ran: Ran) -> None:
    lines = deals("0.05", "0.05").splitlines(keepends=True)
    for text in ("".join(lines), "".join(reversed(lines))):
        assert paid(ran({"comp": FLAT.format(rate="10%", more=""), "deals.csv": text}))[1] == {
            "d1": cents("0.01"),
            "d2": 0,
        }


def test_a_clawback_takes_from_each_credit_what_it_got(ran: Ran) -> None:
    given = paid(ran({"comp": FLAT.format(rate="10%", more=""), "deals.csv": deals("0.05", "0.05")}))
    taken = paid(ran({"comp": FLAT.format(rate="10%", more=""), "deals.csv": deals("-0.05", "-0.05")}))
    assert taken[1] == {record: -earning for record, earning in given[1].items()}  # type: ignore[operator]


def library(rate: str, start: str, before: str = "") -> str:
    ends = f", before: {before}" if before else ""
    return f"kind: library\nname: rates\neffective: {{from: {start}{ends}}}\nsettings: {{r: {rate}}}\n"


def test_a_setting_that_changes_inside_a_period_counts_by_each_row_s_own_date(ran: Ran) -> None:
    found = ran({
        "a.yaml": library("10%", "2026-01-01", "2026-08-15"), "b.yaml": library("20%", "2026-08-15"),
        "comp": FLAT.format(rate="r", more=""),
        "deals.csv": "d1,a,x,100,2026-08-14,ann\nd2,a,x,100,2026-08-15,ann\n",
    })  # fmt: skip
    assert paid(found) == (30, {"d1": 10, "d2": 20})
    assert [(p.period, p.rate) for p in found.outcome.payouts if p.payee == "ann"] == [("2026-Q3", None)]


def plan(rate: str, start: str, before: str = "") -> str:
    ends = f", before: {before}" if before else ""
    frame = f"kind: comp\nname: plan\neffective: {{from: {start}{ends}}}\npayees: role == 'seller'\nperiod: quarter\n"
    return frame + FLAT.format(rate=rate, more="")


def test_a_plan_that_changes_splits_the_period(ran: Ran) -> None:
    found = ran({
        "a.yaml": plan("10%", "2026-01-01", "2026-08-15"), "b.yaml": plan("20%", "2026-08-15"),
        "deals.csv": (
            "d1,a,x,0.05,2026-08-14,ann\n"
            "d2,a,x,100,2026-08-15,ann\n"
            "d3,a,x,0.05,2026-07-01,ann\n"
            "d4,a,x,1,2026-09-30,ann\n"
        ),
    })  # fmt: skip
    assert [(p.period, p.payee, p.amount, p.rate) for p in found.outcome.payouts] == [
        ("2026-Q3", "ann", cents("0.01"), Fraction(1, 10)), ("2026-Q3", "bob", 0, None),
        ("2026-Q3 from 2026-08-15", "ann", cents("20.2"), Fraction(1, 5)),
        ("2026-Q3 from 2026-08-15", "bob", 0, None),
    ]  # fmt: skip
    assert [(c.record, c.period, c.source) for c in found.outcome.credits] == [
        ("d3", "2026-Q3", "a.yaml:7"), ("d1", "2026-Q3", "a.yaml:7"),
        ("d2", "2026-Q3 from 2026-08-15", "b.yaml:7"), ("d4", "2026-Q3 from 2026-08-15", "b.yaml:7"),
    ]  # fmt: skip
    text = granger.tree_text(found.explain("payee", "ann"))
    assert "a.yaml:7" in text and "b.yaml:7" in text and "deals.csv, row 4" in text


def test_a_plan_pays_only_the_days_it_is_in_force(ran: Ran) -> None:
    found = ran(
        {
            "a.yaml": plan("10%", "2026-08-01", "2026-09-01"),
            "deals.csv": "d1,a,x,100,2026-07-31,ann\nd2,a,x,100,2026-08-01,ann\nd3,a,x,100,2026-09-01,ann\n",
        }
    )
    assert paid(found) == (10, {"d2": 10})
    assert {p.period for p in found.outcome.payouts} == {"2026-Q3"}


@pytest.mark.parametrize(
    ("period", "as_of", "periods"),
    [
        (None, "2026-09-29", ["2026-Q2"]), (None, "2026-09-30", ["2026-Q3"]), (None, "2026-10-01", ["2026-Q3"]),
        ("2026-Q2", "2026-09-30", ["2026-Q2"]), ("2026", "2026-12-31", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]),
        ("2026-H2", "2026-12-31", ["2026-Q3", "2026-Q4"]),
    ],
)  # fmt: skip
def test_which_periods_are_paid(period: str | None, as_of: str, periods: list[str], ran: Ran) -> None:
    found = ran({"comp": FLAT.format(rate="10%", more="")}, as_of=as_of, period=period)
    assert sorted({p.period for p in found.outcome.payouts}) == periods


def test_pay_reads_measures_at_the_close_of_its_period_and_no_later_row(ran: Ran) -> None:
    files = {
        "library": "measures:\n  total: {sum: amount, table: deals, window: quarter}\n",
        "comp": FLAT.format(rate="amount / total", more=""),
        "deals.csv": "d1,a,x,100,2026-06-30,ann\nd2,a,x,300,2026-05-01,ann\nd3,a,x,600,2026-07-01,ann\n",
    }
    assert paid(ran(files, as_of="2026-09-30", period="2026-Q2")) == (250, {"d1": 25, "d2": 225})
