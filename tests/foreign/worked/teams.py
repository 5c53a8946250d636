"""Managers, teams, splits of credit, whole plans, guaranteed draws and quotas of a part of a year."""

from fractions import Fraction

from .compare import Shown
from .reading import attained, line, measured
from .registry import adapter
from .writing import Table, by_table, commission, library, people, plan, sales, terms


@adapter("posthog-team-quota-ramp")
def _(case, run):
    """A ramp is terms: half of the quota while a quarter starts inside the first three months, then all of it."""
    team, rule = case["inputs"], case["plan"]
    ramping_share = rule["ramping_share"].split()[0]
    ramped = [{"person": f"F{i}", "starts_on": "2025-10-01"} for i in range(int(team["fully_ramped"]))]
    ramping = [
        {"person": f"N{i}", "starts_on": start, "ends_on": end, "quota_share": share}
        for i in range(int(team["ramping"]))
        for start, end, share in (("2025-10-02", "2026-04-01", ramping_share), ("2026-04-01", "", "1"))
    ]
    outcome = run(
        {
            "people": people(*({"person": name} for name in {row["person"]: None for row in (*ramped, *ramping)})),
            "terms": terms(*ramped, *ramping),
        },
        library(
            settings=f"{{quota: {rule['quota']}}}",
            measures="""
  team_quota: {sum: quota * quota_share, table: terms, per: company, window: quarter, prorate: days}""",
        ),
    )
    return {"team_quota": measured(outcome, "team_quota")}


@adapter("prowi-override-threshold")
def _(case, run):
    """What the team sells counts for who manages it, and pays what lies above the threshold."""
    rule, sold = case["plan"], Fraction(case["inputs"]["team_sales"])
    tiers = f"[{{rate: {rule['override_rate']}, from: {rule['threshold']}}}, {{rate: 0%}}]"
    credit = "credit: {table: sales, amount: amount, to: [{to: person, through: manager, overlay: 100%}]}"
    component = by_table("override", "marginal", tiers, credit=credit)
    team = people(
        {"person": "Ana", "manager": "Lee"},
        {"person": "Ben", "manager": "Lee"},
        {"person": "Lee"},
        manager="{refers_to: people, required: false}",
    )
    rows = sales({"amount": "100000"}, {"amount": str(sold - 100_000), "person": "Ben"})
    outcome = run({"people": team, "sales": rows}, plan(component))
    return {"override": line(outcome, "override", "Lee").amount}


@adapter("prowi-split-sdr-ae")
def _(case, run):
    """The credit is split, then each plan pays its own rate on its part."""
    sdr, ae = case["plan"]["sdr"], case["plan"]["ae"]
    splits = f"[{{to: sdr, share: {sdr['split']}}}, {{to: person, share: {ae['split']}}}]"
    credit = f"credit: {{table: sales, where: kind == 'deal', amount: amount, to: {splits}}}"
    meeting = "credit: {table: sales, where: kind == 'meeting', amount: amount, to: sdr}"
    outcome = run(
        {
            "people": people({"person": "Ana", "role": "ae"}, {"person": "Sid", "role": "sdr"}),
            "sales": sales(
                {"amount": case["inputs"]["deal"], "kind": "deal", "sdr": "Sid"},
                {"amount": sdr["per_meeting"], "kind": "meeting", "sdr": "Sid"},
                kind="{kind: enum, one_of: [deal, meeting]}",
                sdr="{refers_to: people}",
            ),
        },
        plan(
            commission("deals", credit=credit, rate=sdr["rate"].split()[0]),
            commission("meetings", credit=meeting, rate="100%"),
            name="sdr",
            payees="role == 'sdr'",
        ),
        plan(commission("deals", credit=credit, rate=ae["rate"]), name="ae", payees="role == 'ae'"),
    )
    assert {row.status for row in outcome.credits} == {"credited"}
    paid = {
        "sdr": line(outcome, "deals", "Sid", plan="sdr").amount + line(outcome, "meetings", "Sid", plan="sdr").amount,
        "ae": line(outcome, "deals", "Ana", plan="ae").amount,
    }
    assert sum(row.amount for row in outcome.payouts) == sum(paid.values())
    return {**paid, "total": sum(paid.values())}


@adapter("prowi-split-handoff")
def _(case, run):
    rule = case["plan"]
    shares = {name: text.split()[0] for name, text in rule["splits"].items()}
    splits = f"[{{to: person, share: {shares['departing']}}}, {{to: new_person, share: {shares['new']}}}]"
    outcome = run(
        {
            "people": people({"person": "Ana"}, {"person": "Neu"}),
            "sales": sales({"amount": case["inputs"]["deal"], "new_person": "Neu"}, new_person="{refers_to: people}"),
        },
        plan(commission("deals", credit=f"credit: {{table: sales, amount: amount, to: {splits}}}", rate=rule["rate"])),
    )
    paid = {"departing": line(outcome, "deals", "Ana").amount, "new": line(outcome, "deals", "Neu").amount}
    return {**paid, "total": sum(paid.values())}


@adapter("falcon-am-plan-components")
def _(case, run):
    """Expansion earns its rates as parts of the rate at target: retroactive at 75 %, marginal above 100 %."""
    rule = case["plan"]
    variable = Fraction(rule["ttc"]) * Fraction(rule["mix"].split("/")[1]) / 100
    at_target = next(tier["rate"] for tier in rule["expansion_tiers_pct"] if tier["to"] == "100")
    rows = [
        f"earns: {tier['rate']} / {at_target}, from: {tier['from']}%, retroactive: {str(tier.get('retroactive', False)).lower()}"
        for tier in rule["expansion_tiers_pct"]
    ]
    lowest = rows[0].partition(",")[0]
    steps = ", ".join(f"{{{row}}}" for row in [*reversed(rows[1:]), lowest])
    shares = {name: f"{Fraction(weight) * 100}%" for name, weight in rule["weights"].items()}
    bonus = "component: {0}\nweight: {1}\nmeasure: {0}\nif_missing: wait\npays: {{kind: {2}, bands: [{3}]}}"
    hurdle = f"{{earns: 100%, from: {rule['nrr_hurdle_pct']}%}}, {{earns: 0%}}"
    thirds = "{earns: 100%, from: 100%}, {earns: 2 / 3, from: 66%}, {earns: 1 / 3, from: 33%}, {earns: 0%}"
    measures = """
  expansion: {sum: amount, over: quota, table: sales, where: kind == 'expansion', per: person, kind: percent}
  nrr: {sum: amount, over: quota, table: sales, where: kind == 'book', per: person, kind: percent}
  mbo: {share: amount == 1, table: sales, where: kind == 'objective', per: person}"""
    rows = sales(
        {"amount": "90000", "quota": "90000", "kind": "expansion"},
        {"amount": "95000", "quota": "100000", "kind": "book"},
        *({"amount": "1", "quota": "1", "kind": "objective"} for _ in range(3)),
        quota="money",
        kind="{kind: enum, one_of: [expansion, book, objective]}",
    )
    outcome = run(
        {"sales": rows},
        library(measures=measures),
        plan(
            bonus.format("expansion", shares["expansion"], "marginal", steps),
            bonus.format("nrr", shares["nrr"], "steps", hurdle),
            bonus.format("mbo", shares["mbo"], "steps", thirds),
            variable=f"{variable} per year",
        ),
    )
    at_target = {name: attained(outcome, name) for name in rule["weights"]}
    assert {name: found.earns for name, found in at_target.items()} == dict.fromkeys(at_target, 1)
    return {
        "quarterly_variable": sum(found.target_amount for found in at_target.values()),
        "nrr_target_pay": line(outcome, "nrr").amount,
        "mbo_target_pay": line(outcome, "mbo").amount,
    }


@adapter("quickbase-seasonal-quota-proration")
def _(case, run):
    """The quota of a quarter counts the whole months of it from the start on; a season's share is a row."""
    rule = case["plan"]
    component = """
component: quota
period: quarter
weight: 100%
measure: sold
target: annual_quota * season * months_share
if_missing: target
pays: {kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold, above_last: extend}
"""
    seasons = [
        {"quarter_from": f"2019-{1 + 3 * i:02}-01", "part": part} for i, part in enumerate(rule["seasonality"].values())
    ]
    outcome = run(
        {
            "terms": terms({"person": "Ana", "starts_on": case["inputs"]["start"]}),
            "sales": sales({"amount": "1000", "sold_on": "2019-04-01"}),
            "seasons": Table({"quarter_from": "date", "part": "number"}, seasons, {}, dated_by="quarter_from"),
        },
        library(
            settings=f"{{annual_quota: {rule['annual_quota']}}}",
            measures="""
  season: {sum: part, table: seasons, per: company, window: quarter}
  sold: {sum: amount, table: sales, per: person, window: quarter}""",
        ),
        plan(component, period="year", variable="1000 per year"),
        period="2019",
    )
    quotas = [row.target for row in outcome.attainments]
    assert [row.period for row in outcome.attainments] == [f"2019-Q{i}" for i in range(1, 5)]
    return {"quarters": [Shown(quota) for quota in quotas], "prorated_quota": Shown(sum(quotas))}
