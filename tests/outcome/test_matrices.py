"""Matrices of two figures, slices of an attainment, and what a bonus or a commission waits for without a figure."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import granger
import pytest
from granger.engine.outcome.pay.lines import Payout

Ran = Callable[..., granger.Run]

LIBRARY = """\
measures:
  sold: {sum: amount, table: deals, per: sold_by, window: quarter}
  won: {count: rows, table: deals, where: deal == 'won', per: sold_by, window: quarter}
"""
BONUS = """\
pay: {base: 0 per year, variable: 4000 per year}
components:
  - component: c
    weight: 100%
    measure: sold
    target: 1000
    if_missing: wait
    pays:
      kind: matrix
      across: won
      columns: [{from: 3}, {from: 2}, {}]
      rows: [{from: 100%, earns: [150%, 120%, 100%]}, {from: 50%, earns: [60%, 50%, 40%]}, {earns: [10%, 5%, 0%]}]
"""
TABLE = """\
components:
  - component: c
    credit: {table: deals, amount: amount, to: sold_by}
    rate_table:
      kind: matrix
      accumulate: period
      across: won
      columns: [{above: 1}, {}]
      rows: [{from: 1_000, rate: [10%, 8%]}, {rate: [5%, 4%]}]
"""


def ann(run: granger.Run) -> Payout:
    return next(line for line in run.outcome.payouts if line.payee == "ann")


def deals(*rows: tuple[str, int]) -> str:
    return "".join(f"d{i},a,{kind},{amount},2026-08-0{i},ann\n" for i, (kind, amount) in enumerate(rows, 1))


@pytest.mark.parametrize(
    ("sold", "won", "share"),
    [
        (1000, 2, "1.2"),
        (999, 2, "0.5"),
        (999, 1, "0.4"),
        (1000, 3, "1.5"),
        (499, 3, "0.1"),
        (500, 4, "0.6"),
        (10, 1, "0"),
    ],
)
def test_a_bonus_by_two_figures(sold: int, won: int, share: str, ran: Ran) -> None:
    """1,000 of variable pay a quarter; the row by the attainment of 1,000, the column by what was won."""
    rows = deals(*([("won", sold - won + 1)] + [("won", 1)] * (won - 1)))
    line = ann(ran({"library": LIBRARY, "comp": BONUS, "deals.csv": rows}))
    assert line.amount == 1000 * Fraction(share)
    place = "last column" if won == 1 else f"column from {min(won, 3)}"
    assert [step.text for step in line.steps] == [f"won = {won}: the {place}"]


def test_a_matrix_by_two_figures_of_the_payee(ran: Ran) -> None:
    plan = BONUS.replace("across: won\n", "across: won\n      down: sold\n").replace("from: 100%", "from: 1000")
    line = ann(
        ran({"library": LIBRARY, "comp": plan.replace("from: 50%", "from: 500"), "deals.csv": deals(("won", 700))})
    )
    assert line.amount == 400
    assert [step.text for step in line.steps] == ["sold = 700: the row from 500", "won = 1: the last column"]


@pytest.mark.parametrize(
    ("rows", "amount"),
    [((("won", 999),), "39.96"), ((("won", 500), ("won", 500)), "100"), ((("won", 500), ("lost", 500)), "80")],
)
def test_a_commission_by_two_figures(rows: tuple[tuple[str, int], ...], amount: str, ran: Ran) -> None:
    """All of the quarter's amount at the rate of the cell."""
    line = ann(ran({"library": LIBRARY, "comp": TABLE, "deals.csv": deals(*rows)}))
    assert line.amount == Fraction(amount)
    assert line.steps[0].text.startswith("won = ")
    assert (line.steps[1].input, line.steps[1].amount) == (line.credit_amount, line.amount)


@pytest.mark.parametrize(("plan", "why"), [(BONUS, "`across`"), (TABLE, "`across`")])
def test_without_the_figure_of_the_columns_it_waits(plan: str, why: str, ran: Ran) -> None:
    rows = deals(("lost", 2000))
    library = LIBRARY.replace("count: rows", "average: amount")
    line = ann(ran({"library": library, "comp": plan, "deals.csv": rows}))
    assert (line.amount, line.status) == (None, "waiting")
    assert f"{why} has no value without won" in line.reason


SLICES = """\
pay: {base: 0 per year, variable: 4000 per year}
components:
  - component: c
    weight: 100%
    measure: sold
    target: 1000
    if_missing: wait
    pays:
      kind: marginal
      bands: [{earns: 160%, from: 125%}, {earns: 140%, from: 100%}, {earns: 100%, from: 75%, retroactive: true}, {earns: 80%}]
"""


@pytest.mark.parametrize(
    ("sold", "amount"), [(740, "592"), (750, "750"), (1000, "1000"), (1250, "1350"), (1500, "1750")]
)
def test_slices_of_the_attainment(sold: int, amount: str, ran: Ran) -> None:
    """By hand: at 75 % of the target all is paid at the rate of 100 %; each percent above the target earns 1.4, then 1.6."""
    line = ann(ran({"library": LIBRARY, "comp": SLICES, "deals.csv": deals(("won", sold))}))
    assert line.amount == Fraction(amount)
    assert sum(step.amount or 0 for step in line.steps) * 1000 == line.amount
    if sold == 1500:
        assert [step.text for step in line.steps] == [
            "100% at 100% = 100%", "25% at 140% = 35%", "25% at 160% = 40%",
        ]  # fmt: skip
