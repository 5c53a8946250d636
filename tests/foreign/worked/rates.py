"""Rate tables: marginal, whole amount, linear; which slice an edge belongs to."""

from fractions import Fraction

from .compare import Shown
from .reading import line, slices
from .registry import adapter
from .writing import bands, by_table, commission, each, plan, sales, sellers


def each_transaction(case, run, component):
    """The credits by transaction, and what they sum to."""
    given = case["inputs"]["transactions"]
    rows = [{"sale_id": row["id"], "amount": row["amount"], "sold_on": row.get("date", "2015-01-01")} for row in given]
    outcome = run({"sales": sales(*rows)}, plan(component), period="2015-Q1")
    earned = {credit.record: credit for credit in outcome.credits}
    assert len(earned) == len(rows)
    return earned, line(outcome, "sold").amount


@adapter("oracle-step-individual")
def _(case, run):
    component = by_table("sold", "marginal", bands(case["plan"]["tiers"]), accumulate="each_credit")
    earned, paid = each_transaction(case, run, component)
    rates = {name: credit.earning / credit.credit_amount * 100 for name, credit in earned.items()}
    return {
        "per_transaction": {name: credit.earning for name, credit in earned.items()},
        "total": paid,
        "effective_rate_pct": {name: Shown(rates[name]) for name in case["expected"]["effective_rate_pct"]},
    }


@adapter("oracle-interpolated-individual")
def _(case, run):
    points, total = ["[0, 0]"], Fraction(0)
    for tier in case["plan"]["tiers"]:
        total += Fraction(tier["amount"])
        points.append(f"[{tier['to']}, {total}]")
    curve = f"[{', '.join(points)}]"
    ends = "below_first: hold, above_last: hold"
    component = by_table("sold", "linear", curve, ends=ends, accumulate="each_credit")
    earned, paid = each_transaction(case, run, component)
    return {"per_transaction": {name: credit.earning for name, credit in earned.items()}, "total": paid}


@adapter("oracle-step-same-table")
def _(case, run):
    amounts, tiers = case["inputs"]["amounts"], bands(case["plan"]["tiers"])
    components = by_table("step", "marginal", tiers), by_table("flat", "whole_amount", tiers)
    outcome = run({"people": sellers(amounts), "sales": each(amounts)}, plan(*components))
    steps = {text: slices(line(outcome, "step", f"P{text}")) for text in amounts}
    return {
        "slices": {text: [[cut.amount, cut.rate] for cut in steps[text]] for text in amounts},
        "step": {text: line(outcome, "step", f"P{text}").amount for text in amounts},
        "flat": {text: line(outcome, "flat", f"P{text}").amount for text in amounts},
    }


@adapter("oracle-24b-blended-step")
def _(case, run):
    amount = case["inputs"]["amount"]
    component = by_table("sold", "marginal", bands(case["plan"]["tiers"]))
    paid = line(run({"sales": sales({"amount": amount})}, plan(component)), "sold")
    cuts = slices(paid)
    return {
        "blended_rate_pct": paid.amount / paid.credit_amount * 100,
        "slices": [
            {
                "input": cut.amount,
                "tier_rate_pct": cut.rate * 100,
                "split_rate_pct": cut.earning / paid.credit_amount * 100,
            }
            for cut in cuts
        ],
    }


@adapter("oracle-boundary-inclusive")
def _(case, run):
    """What lies on an edge belongs to the band above it by `from`, to the one below it by `above`."""
    tiers = case["plan"]["tiers"]
    total = Fraction(case["inputs"]["accumulated"])
    halves = sales({"amount": str(total / 3)}, {"amount": str(total * 2 / 3)})
    components = (
        by_table("lower", "whole_amount", bands(tiers)),
        by_table("upper", "whole_amount", bands(tiers).replace("from:", "above:")),
    )
    outcome = run({"sales": halves}, plan(*components))
    lower, upper = (line(outcome, name) for name in ("lower", "upper"))
    assert lower.credit_amount == upper.credit_amount == total
    return {
        "rate_pct": {
            "lower_inclusive": lower.amount / total * 100,
            "upper_inclusive": upper.amount / total * 100,
        }
    }


@adapter("prowi-accelerator")
def _(case, run):
    quota, tiers = case["plan"]["quota"], case["plan"]["tiers_pct_of_quota"]
    tiered = by_table("tiered", "marginal", bands(tiers, edge="{}%"), of=quota)
    outcome = run(
        {"sales": sales({"amount": case["inputs"]["revenue"]})},
        plan(tiered, commission("flat", rate=tiers[0]["rate"])),
    )
    paid, flat = line(outcome, "tiered"), line(outcome, "flat")
    return {
        "per_tier": [cut.earning for cut in slices(paid)],
        "commission": paid.amount,
        "without_accelerator": flat.amount,
        "extra": paid.amount - flat.amount,
    }


@adapter("prowi-threshold-marginal")
def _(case, run):
    tiers = bands(case["plan"]["tiers_pct_of_quota"], edge="{}%")
    component = by_table("tiered", "marginal", tiers, of=case["plan"]["quota"])
    paid = line(run({"sales": sales({"amount": case["inputs"]["revenue"]})}, plan(component)), "tiered")
    return {"per_tier": [cut.earning for cut in slices(paid)], "commission": paid.amount}


@adapter("referello-two-tier")
def _(case, run):
    component = by_table("tiered", "marginal", bands(case["plan"]["tiers"]))
    paid = line(run({"sales": sales({"amount": case["inputs"]["revenue"]})}, plan(component)), "tiered")
    return {
        "per_tier": [cut.earning for cut in slices(paid)],
        "commission": paid.amount,
        "effective_rate_pct": Shown(paid.amount / paid.credit_amount * 100),
    }


@adapter("sparrowgenie-retroactive")
def _(case, run):
    rule, totals = case["plan"], case["inputs"]["totals"]
    tiers = f"[{{rate: {rule['enhanced_rate']}, from: {rule['threshold']}}}, {{rate: {rule['standard_rate']}}}]"
    outcome = run({"people": sellers(totals), "sales": each(totals)}, plan(by_table("revenue", "whole_amount", tiers)))
    return {"pay": {text: line(outcome, "revenue", f"P{text}").amount for text in totals}}


@adapter("oracle-r11-split-checkbox")
def _(case, run):
    tiers = bands(case["plan"]["tiers"])
    components = by_table("split", "marginal", tiers), by_table("non_split", "whole_amount", tiers)
    outcome = run({"sales": sales({"amount": case["inputs"]["amount"]})}, plan(*components))
    return {name: line(outcome, name).amount for name in ("split", "non_split")}
