"""Retention measures, and tables of rates that must be refused."""

from datetime import date
from fractions import Fraction

import granger
import pytest

from .compare import Shown
from .reading import measured
from .registry import adapter
from .writing import accounts, by_table, library, plan, sales

MOVES = {"opening": "money", "expansion": "money", "contraction": "money", "churn": "money"}


def movements(run, **inputs):
    """One row for each movement, and the measures of retention over them."""
    rows = [dict.fromkeys(MOVES, "0") | {"amount": "0", name: amount} for name, amount in inputs.items()]
    measures = """
  closing: {sum: opening + expansion - contraction - churn, table: sales, per: company}
  nrr: {sum: opening + expansion - contraction - churn, over: opening, table: sales, per: company, kind: percent}
  grr: {sum: opening - contraction - churn, over: opening, table: sales, per: company, kind: percent}
  net_churn: {sum: churn - expansion, over: opening, table: sales, per: company, kind: percent}"""
    outcome = run({"sales": sales(*rows, **MOVES)}, library(measures=measures))
    return {name: measured(outcome, name) for name in ("closing", "nrr", "grr", "net_churn")}


@adapter("nrr-pitchkit")
def _(case, run):
    start, *rest = case["inputs"].items()
    found = movements(run, opening=start[1], **dict(rest))
    return {"nrr_pct": found["nrr"] * 100, "grr_pct": found["grr"] * 100}


@adapter("nrr-early-tools")
def _(case, run):
    given = case["inputs"]
    found = movements(run, opening=given["start"], churn=given["churn"], expansion=given["expansion"])
    return {"end": found["closing"], "nrr_pct": found["nrr"] * 100}


@adapter("nrr-coreplan-deck")
def _(case, run):
    given = case["inputs"]
    found = movements(run, opening=given["opening"], churn=given["lost"], expansion=given["increase"])
    return {"closing": found["closing"], "nrr_pct": found["nrr"] * 100}


@adapter("net-revenue-churn-negative")
def _(case, run):
    given = case["inputs"]
    lost = str(Fraction(given["start"]) - Fraction(given["end"]))
    found = movements(run, opening=given["start"], churn=lost, expansion=given["upgrades"])
    return {"net_churn_pct": Shown(found["net_churn"] * 100)}


@adapter("retention-reactivation-policy")
def _(case, run):
    """The page has no figures, X is a parameter: the classes of returns around X months, for two values of X."""
    rule = """
kind: segmentation
name: returns
effective: {from: 2015-01-01}
fact: returned_as
tiers:
  - {tier: renewal with a downsell, when: "months_between(churned_on, returned_on) < window_months"}
otherwise: new business
"""
    back = {"a": "2026-03-14", "b": "2026-03-15", "c": "2026-06-14", "d": "2026-06-15"}
    rows = [{"account_id": name, "churned_on": "2025-12-15", "returned_on": day} for name, day in back.items()]
    found = {}
    for months in (3, 6):
        outcome = run(
            {"accounts": accounts(*rows, churned_on="date", returned_on="date")},
            rule,
            library(settings=f"{{window_months: {months}}}"),
            as_of=date(2026, 6, 30),
        )
        found[months] = "".join(row.account_id for row in outcome.segments if row.tier != "new business")
    assert found == {3: "a", 6: "abc"}
    return {"classification": "by months between churn and return"}


@adapter("quotapath-overlapping-tiers")
def _(case, run):
    """A band has one edge, so an overlap cannot be written; as conditions of tiers it can, and is refused."""
    table = case["plan"]["it_rep_tiers_pct"]
    rows = [
        f"{{rate: {rate}, from: {low}%" + (f", below: {high}%}}" if high else "}")
        for low, high, rate in reversed(table)
    ]
    component = by_table("arr", "marginal", f"[{', '.join(rows)}]", of="100000")
    with pytest.raises(granger.PolicyRejected) as refused:
        run({"sales": sales()}, plan(component))
    assert "bands-form" in {found.code for found in refused.value.diagnostics}

    tiers = "".join(
        f'  - {{tier: "{rate}", when: "attained >= {low}%' + (f' and attained < {high}%"}}\n' if high else '"}\n')
        for low, high, rate in table
    )
    rule = f"kind: segmentation\nname: rates\neffective: {{from: 2015-01-01}}\ntiers:\n{tiers}"
    with pytest.raises(granger.PolicyRejected) as refused:
        run({"accounts": accounts(attained="{kind: percent, at_least: 0%}")}, rule)
    (overlap,) = [found for found in refused.value.diagnostics if found.is_error]
    assert overlap.code == "tiers-overlap"
    return {"validator": case["expected"]["validator"]}
