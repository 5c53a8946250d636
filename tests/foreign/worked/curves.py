"""Accelerators, decelerators and payout curves."""

from fractions import Fraction

from .reading import attained, line, slices
from .registry import adapter
from .writing import bands, by_table, commission, library, people, plan, sales, sellers


@adapter("testsuite-top-tier-on-overage")
def _(case, run):
    at_edges = [{"revenue": edge, "quota": "100000", "rate": "0.5"} for edge in ("125000", "150000")]
    rows = [*case["inputs"]["rows"], *at_edges]
    staff = [{"person": f"R{i}", "quota": row["quota"], "own_rate": row["rate"]} for i, row in enumerate(rows)]
    sold = [{"person": f"R{i}", "amount": row["revenue"]} for i, row in enumerate(rows)]
    tiers = bands(case["plan"]["tiers_pct"], edge="{}%", rate="own_rate * {}", value="multiplier")
    outcome = run(
        {"people": people(*staff, quota="money", own_rate="number"), "sales": sales(*sold)},
        plan(by_table("revenue", "top_tier_on_overage", tiers, of="quota")),
    )
    found, reached = [], []
    for i, row in enumerate(rows):
        paid = line(outcome, "revenue", f"R{i}")
        base, *over = slices(paid)
        found.append(
            {"base": base.earning, "overage": sum((cut.earning for cut in over), Fraction(0)), "total": paid.amount}
        )
        reached.append(over[0].rate / Fraction(row["rate"]) if over else None)
    return {"rows": found[:-2], "multiplier_at_exactly": {"125%": reached[-2], "150%": reached[-1]}}


@adapter("revopsmasters-single-accelerator")
def _(case, run):
    rule = case["plan"]
    settings = f"{{quota: {rule['quota']}, variable: {rule['variable']}, rate_at_quota: variable / quota}}"
    tiers = bands(rule["tiers_pct"], edge="{}%", rate="rate_at_quota * {}", value="multiplier")
    outcome = run(
        {"sales": sales({"amount": case["inputs"]["bookings"]})},
        library(settings=settings),
        plan(by_table("tiered", "marginal", tiers, of="quota"), commission("flat", rate="rate_at_quota")),
    )
    base, accelerated = slices(line(outcome, "tiered"))
    return {
        "base": base.earning,
        "accelerated": accelerated.earning,
        "total": line(outcome, "tiered").amount,
        "without_accelerator": line(outcome, "flat").amount,
    }


@adapter("revopsmasters-decelerator")
def _(case, run):
    """The page gives an attainment and no quota; any quota pays the same."""
    rule, quota = case["plan"], Fraction(250_000)
    bookings = quota * Fraction(case["inputs"]["attainment_pct"]) / 100
    settings = f"{{quota: {quota}, variable: {rule['variable']}, rate_at_quota: variable / quota}}"
    tiers = bands(rule["tiers_pct"], edge="{}%", rate="rate_at_quota * {}", value="multiplier")
    outcome = run(
        {"sales": sales({"amount": str(bookings)})},
        library(settings=settings),
        plan(by_table("pay", "whole_amount", tiers, of="quota"), commission("standard", rate="rate_at_quota")),
    )
    return {name: line(outcome, name).amount for name in ("pay", "standard")}


SOLD = library(measures="{sold: {sum: amount, table: sales, per: person, window: quarter}}")


@adapter("bonuspaycalc-piecewise-curve")
def _(case, run):
    rule, shares = case["plan"], case["inputs"]["attainment_pct"]
    points = ", ".join(f"[{x}%, {y}%]" for x, y in rule["points_attainment_to_payout_pct"])
    component = f"""
component: bonus
weight: 100%
measure: sold
target: {rule["quota"]}
if_missing: wait
pays: {{kind: linear, curve: [{points}], below_first: zero, above_last: extend}}
cap: {rule["cap_payout_pct"]}%
"""
    sold = [{"person": f"P{share}", "amount": str(Fraction(rule["quota"]) * int(share) / 100)} for share in shares]
    target = f"{rule['target_bonus']} per quarter"
    tables = {"people": sellers(shares), "sales": sales(*sold)}
    outcome = run(tables, SOLD, plan(component, variable=target))
    assert {share: attained(outcome, "bonus", f"P{share}").attainment * 100 for share in shares} == {
        share: Fraction(share) for share in shares
    }
    return {"payout": {share: line(outcome, "bonus", f"P{share}").amount for share in shares}}


@adapter("posthog-csm-nrr-linear")
def _(case, run):
    rates = case["inputs"]["nrr_pct"]
    points = ", ".join(f"[{x}%, {y}%]" for x, y in case["plan"]["points_nrr_to_bonus_pct"])
    component = f"""
component: bonus
weight: 100%
measure: nrr
if_missing: wait
pays: {{kind: linear, curve: [{points}], below_first: hold, above_last: extend}}
floor: 0%
"""
    books = sales(
        *({"person": f"P{rate}", "opening": "80000", "amount": str(800 * int(rate))} for rate in rates), opening="money"
    )
    outcome = run(
        {"people": sellers(rates), "sales": books},
        library(measures="{nrr: {sum: amount, over: opening, table: sales, per: person, window: quarter}}"),
        plan(component, variable="20000 per quarter"),
    )
    return {"bonus_pct": {rate: attained(outcome, "bonus", f"P{rate}").earns * 100 for rate in rates}}
