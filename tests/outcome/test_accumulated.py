"""Credits one after the other, the year to date, caps and floors of credits and of plans, gates of components: by hand."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import granger
import pytest
from granger.engine.outcome.pay.lines import Payout

Ran = Callable[..., granger.Run]
CREDIT = "credit: {table: deals, amount: amount, to: sold_by}"
BANDS = "[{rate: 12%, from: 200}, {rate: 10%, from: 100}, {rate: 5%}]"


def component(text: str, more: str = "") -> str:
    return f"components:\n  - component: c\n    {CREDIT}\n    {text}\n" + "".join(
        f"    {m}\n" for m in more.splitlines()
    )


def table(accumulate: str, kind: str = "marginal", shape: str = f"bands: {BANDS}") -> str:
    return f"rate_table: {{kind: {kind}, accumulate: {accumulate}, {shape}}}"


def deals(*rows: tuple[str, int | str]) -> str:
    """Ann's, by day."""
    return "".join(f"d{i},a,new,{amount},{day},ann\n" for i, (day, amount) in enumerate(rows))


def ann(run: granger.Run, name: str = "c", kind: str = "earned") -> Payout:
    (found,) = [p for p in run.outcome.payouts if (p.payee, p.component, p.kind) == ("ann", name, kind)]
    return found


def earned(run: granger.Run) -> list[str]:
    return [str(credit.earning) for credit in run.outcome.credits if credit.payee == "ann"]


# --- one after the other


def test_each_credit_has_the_slices_after_those_before_it(ran: Ran) -> None:
    """80, then 80 over the edge at 100, then 80 over the edge at 200; the order is that of the days."""
    rows = deals(("2026-09-01", 80), ("2026-07-01", 80), ("2026-08-01", 80))
    found = ran({"comp": component(table("running")), "deals.csv": rows})
    assert [(step.text, step.amount) for step in ann(found).steps] == [
        ("d1: 80.00 at 5% = 4.00", 4), ("d2: 20.00 at 5% = 1.00", 1), ("d2: 60.00 at 10% = 6.00", 6),
        ("d0: 40.00 at 10% = 4.00", 4), ("d0: 40.00 at 12% = 4.80", Fraction("4.8")),
    ]  # fmt: skip
    assert earned(found) == ["4", "7", "44/5"]
    assert (
        ann(found).amount
        == Fraction("19.8")
        == ann(ran({"comp": component(table("period")), "deals.csv": rows})).amount
    )


@pytest.mark.parametrize(
    ("kind", "shape", "shown"),
    [
        ("whole_amount", f"bands: {BANDS}", ["4", "8", "48/5"]),  # each at the rate that the sum reaches with it
        ("linear", "curve: [[0, 10], [160, 90], [200, 90]], below_first: hold, above_last: hold", ["50", "40", "0"]),
        (
            "top_tier_on_overage",
            f"of: 150, bands: {BANDS}".replace("200", "2").replace("100", "1"),
            ["4", "9/2", "8"],
        ),
        ("matrix", "across: 1, columns: [{}], rows: [{above: 160, rate: [10%]}, {rate: [1%]}]", ["4/5", "4/5", "8"]),
    ],
)
def test_other_kinds_after_those_before(kind: str, shape: str, shown: list[str], ran: Ran) -> None:
    """Overage, by hand: a quota of 150 at 5 %, which 70 of the second reach; 10 of it at 10 %; at 240, below 300, too."""
    rows = deals(("2026-07-01", 80), ("2026-08-01", 80), ("2026-09-01", 80))
    found = ran({"comp": component(table("running", kind, shape)), "deals.csv": rows})
    assert earned(found) == shown


def test_a_band_that_is_reached_re_rates_those_before(ran: Ran) -> None:
    shape = f"bands: {BANDS}".replace("from: 100", "from: 100, retroactive: true")
    found = ran(
        {"comp": component(table("running", shape=shape)), "deals.csv": deals(("2026-07-01", 80), ("2026-08-01", 50))}
    )
    assert [step.text for step in ann(found).steps] == [
        "d0: 80.00 at 5% = 4.00", "d1: -80.00 at 5% = -4.00", "d1: 130.00 at 10% = 13.00",
    ]  # fmt: skip
    assert earned(found) == ["4", "9"]


# --- the year to date

YEAR = deals(("2026-02-01", 80), ("2026-05-01", 80), ("2026-08-01", 80), ("2026-11-01", -30), ("2025-12-31", 900))
QUARTERS = {"2026-Q1": "4", "2026-Q2": "7", "2026-Q3": "8.8", "2026-Q4": "-3.6"}


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_year_to_date_less_what_it_was_before(quarter: str, ran: Ran) -> None:
    """240 a year over the bands pay 19.80; each quarter is paid what it adds, and 30 taken back cost 12 %."""
    found = ran({"comp": component(table("year")), "deals.csv": YEAR}, as_of="2026-12-31", period=quarter)
    line = ann(found)
    assert line.amount == Fraction(QUARTERS[quarter])
    assert earned(found) == [str(line.amount)]
    if quarter == "2026-Q2":
        assert [(step.text, step.amount) for step in line.steps] == [
            ("100.00 at 5% = 5.00", 5), ("60.00 at 10% = 6.00", 6), ("4.00 of it earned before in the year", -4),
        ]  # fmt: skip


def test_the_periods_of_a_year_sum_to_what_the_year_earns(ran: Ran) -> None:
    shapes = [f"bands: {BANDS}", f"bands: {BANDS}".replace("from: 100", "from: 100, retroactive: true")]
    for shape in shapes:
        by_quarter, alone = (component(table(how, shape=shape)) for how in ("year", "period"))
        found = [
            ann(ran({"comp": by_quarter, "deals.csv": YEAR}, as_of="2026-12-31", period=quarter)).amount
            for quarter in QUARTERS
        ]
        assert sum(amount or 0 for amount in found) == ann(ran_by_year(ran, alone)).amount


def ran_by_year(ran: Ran, plan: str) -> granger.Run:
    """The plan, paid by the year."""
    head = "kind: comp\nname: plan\neffective: {from: 2026-01-01}\npayees: role == 'seller'\nperiod: year\n"
    return ran({"comp.yaml": head + plan, "deals.csv": YEAR}, as_of="2026-12-31", period="2026")


def test_the_order_of_the_rows_changes_nothing(ran: Ran) -> None:
    rows = deals(("2026-09-01", 80), ("2026-07-01", 80), ("2026-08-01", 80), ("2026-08-01", 7)).splitlines(
        keepends=True
    )
    found = [
        ran({"comp": component(table("running")), "deals.csv": "".join(order)}).outcome
        for order in (rows, rows[::-1], rows[2:] + rows[:2])
    ]
    shown = [[(c.record, c.earning) for c in outcome.credits] for outcome in found]
    assert shown[0] == shown[1] == shown[2]
    assert found[0].payouts == found[1].payouts == found[2].payouts


@pytest.mark.parametrize("limit", ["cap: 9", "floor: 6"])
def test_the_limits_of_a_year_hold_the_year_to_date(limit: str, ran: Ran) -> None:
    expected = {"cap: 9": ["4", "5", "0", "0"], "floor: 6": ["6", "5", "44/5", "-18/5"]}[limit]
    plan = component(table("year"), limit)
    found = [ran({"comp": plan, "deals.csv": YEAR}, as_of="2026-12-31", period=quarter) for quarter in QUARTERS]
    assert [str(ann(run).amount) for run in found] == expected


def test_a_year_begins_with_the_version_and_with_the_fiscal_year(ran: Ran) -> None:
    plan = component(table("year"))
    fiscal = ("currency: CNY\n", "currency: CNY\nfiscal_year_starts: 4\n")
    found = ran({"comp": plan, "deals.csv": YEAR, "granger.yaml": fiscal}, as_of="2026-12-31", period="2027-Q2")
    assert ann(found).amount == 7  # the second 80 of a year from April


def test_what_a_shut_gate_kept_is_caught_up_with(ran: Ran) -> None:
    """Nothing in the second quarter, in which one deal is too few for the gate; all of the year in the third."""
    library = "measures: {n: {count: rows, table: deals, per: sold_by, window: quarter}}\n"
    gate = "gates: [{gate: busy, when: n >= 2, because: agreed}]"
    rows = YEAR + "x,a,new,0,2026-02-02,ann\ny,a,new,0,2026-08-02,ann\n"
    files = {"comp": component(table("year"), gate), "deals.csv": rows, "library": library}
    found = [ann(ran(files, as_of="2026-12-31", period=quarter)) for quarter in QUARTERS]
    assert [line.amount for line in found] == [4, 0, Fraction("15.8"), 0]
    assert found[1].reason == "the gate 'busy' is shut: n >= 2 (agreed)"
    assert [step.text for step in found[2].steps][-1] == "4.00 of it earned before in the year"


BONUS = """\
pay: {base: 0 per year, variable: 4000 per year}
components:
  - component: c
    weight: 100%
    measure: sold
    target: 100 * quarters
    if_missing: wait
    cap: 150%
    pays:
      kind: linear
      accumulate: year
      curve: [[50%, 0%], [100%, 100%], [200%, 200%]]
      below_first: zero
      above_last: extend
"""


def test_a_bonus_is_trued_up_over_the_year(ran: Ran) -> None:
    """100 a quarter: 40, then 220 of 200, then 240 of 300, then 800 of 400, which the cap of 150 % of the year holds."""
    library = (
        "settings: {start: {value: 1}}\n"
        "measures:\n"
        "  sold: {sum: amount, table: deals, per: sold_by, window: year}\n"
        "  quarters: {distinct: deal, table: deals, per: company, window: year}\n"
    )
    rows = "".join(
        f"d{i},a,q{i},{amount},2026-{month:02}-01,ann\n"
        for i, (month, amount) in enumerate([(2, 40), (5, 180), (8, 20), (11, 560)])
    )
    files = {"comp": BONUS, "deals.csv": rows, "library": library}
    found = [ran(files, as_of="2026-12-31", period=quarter) for quarter in QUARTERS]
    to_date = [Fraction(0), Fraction(2200), Fraction(3000) * (2 * Fraction(240, 300) - 1), Fraction(6000)]
    assert [ann(run).amount for run in found] == [b - a for a, b in zip([Fraction(0), *to_date], to_date, strict=False)]
    third = found[2].outcome.attainments[0]
    assert (third.attainment, third.target_amount, third.earning) == (Fraction(8, 10), 3000, -400)
    assert [step.text for step in ann(found[3]).steps] == [
        "the year to date earns 8,000.00", "capped to 6,000.00 (of 8,000.00)", "1,800.00 of it earned before in the year",
    ]  # fmt: skip


# --- for one credit, for the plan


def test_a_credit_is_held_by_its_own_cap_and_floor(ran: Ran) -> None:
    rows = deals(("2026-07-01", 900), ("2026-07-02", 100), ("2026-07-03", 0), ("2026-07-04", -900), ("2026-07-05", 400))
    found = ran({"comp": component("rate: 10%", "cap_per_credit: 50\nfloor_per_credit: 20"), "deals.csv": rows})
    assert earned(found) == ["50", "20", "0", "-50", "40"]
    assert [c.reason for c in found.outcome.credits] == [
        "no more than 50.00 for one credit", "no less than 20.00 for one credit", "the amount is 0",
        "no more than 50.00 for one credit", "",
    ]  # fmt: skip
    assert ann(found).amount == 60
    both = ran({"comp": component(table("each_credit"), "cap_per_credit: 50\ncap: 70"), "deals.csv": rows})
    assert ann(both).amount == 50 + 5 - 45 + 39


@pytest.mark.parametrize(
    ("limits", "line"),
    [
        ("cap: 70", ("cap", -30, "capped to 70.00 (of 100.00)")), ("floor: 120.50", ("floor", Fraction("20.5"), "raised to 120.50 (of 100.00)")),
        ("cap: 5%", ("cap", -50, "capped to 50.00 (of 100.00)")), ("cap: 100", None), ("floor: 10%", None),
    ],
)  # fmt: skip
def test_the_plan_holds_all_components_together(limits: str, line: tuple[str, Fraction, str] | None, ran: Ran) -> None:
    two = f"  - component: d\n    {CREDIT}\n    rate: 4%\n"
    plan = f"pay: {{base: 0 per year, variable: 4000 per year}}\n{limits}\n{component('rate: 6%')}{two}"
    found = ran({"comp": plan, "deals.csv": deals(("2026-07-01", 1000))})
    assert [p.amount for p in found.outcome.payouts if p.kind == "earned" and p.payee == "ann"] == [60, 40]
    kept = [
        (p.component, p.amount, p.steps[0].text)
        for p in found.outcome.payouts
        if p.kind == "limited" and p.payee == "ann"
    ]
    assert kept == ([line] if line else [])


def test_a_floor_of_the_plan_waits_while_a_line_does(ran: Ran) -> None:
    found = ran(
        {"comp": "floor: 50\n" + component("rate: 6%"), "deals.csv": deals(("2026-07-01", 100), ("2026-07-02", ""))}
    )
    line = ann(found, "floor", "limited")
    assert (line.amount, line.status, line.reason) == (None, "waiting", "what still waits may reach the floor")


def test_a_gate_of_a_component_shuts_it_alone_and_by_its_own_period(ran: Ran) -> None:
    library = "measures: {n: {count: rows, table: deals, per: sold_by, window: month}}\n"
    gated = component("rate: 10%", "period: month\ngates: [{gate: busy, when: n >= 2}]")
    plan = f"{gated}  - component: d\n    {CREDIT}\n    rate: 1%\n"
    rows = deals(("2026-07-01", 100), ("2026-07-02", 100), ("2026-08-01", 100))
    found = ran({"comp": plan, "deals.csv": rows, "library": library})
    assert (ann(found).amount, ann(found, "d").amount) == (20, 3)
    assert [c.reason for c in found.outcome.credits if c.component == "c"] == [
        "",
        "",
        "the gate 'busy' is shut: n >= 2",
    ]
