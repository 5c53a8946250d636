"""What counts as a credit, for whom, in which period; counts and attainments."""

from datetime import date

from .compare import Shown, Unlike
from .reading import attained, line, measured
from .registry import adapter
from .writing import commission, library, people, plan, sales


@adapter("posthog-tam-renewal")
def _(case, run):
    rule, deal = case["plan"], case["inputs"]
    growth = "credit: {table: sales, amount: 'max(amount - prior, 0)', to: person}"
    rows = sales({"amount": deal["deal"], "prior": deal["prior"]}, prior="money")
    outcome = run(
        {"sales": rows},
        plan(
            commission("base", rate=rule["annual_base_rate"]),
            commission("growth", credit=growth, rate=rule["growth_rate"]),
        ),
    )
    return {"pay": line(outcome, "base").amount + line(outcome, "growth").amount}


@adapter("posthog-tam-monthly")
def _(case, run):
    """An invoice counts on the day on which it is paid. What does not count is there and does not: prepaid credit, a
    credit note, an invoice that is not paid yet. A refund would be below zero.
    """
    paid = [{"amount": amount, "means": "cash"} for amount in case["inputs"]["invoices_paid"]]
    other = [{"amount": "700", "means": "prepaid"}, {"amount": "-300", "means": "credit_note"}]
    rows = sales(
        *({**row, "sold_on": "2025-12-10", "paid_on": f"2026-02-0{i}"} for i, row in enumerate([*paid, *other], 1)),
        {"amount": "9000", "means": "cash"},
        means="{kind: enum, one_of: [cash, prepaid, credit_note]}",
        paid_on="{kind: date, required: false}",
    )
    credit = "credit: {table: sales, where: means == 'cash', amount: amount, to: person, dated_by: paid_on}"
    outcome = run({"sales": rows}, plan(commission("cash", credit=credit, rate=case["plan"]["rate"])))
    return {"pay": line(outcome, "cash").amount}


@adapter("posthog-multiyear-not-upfront")
def _(case, run):
    deal = case["inputs"]
    credit = "credit: {table: sales, amount: amount * (1 - standard_discount), to: person}"
    outcome = run(
        {"sales": sales({"amount": deal["list"], "years": deal["years"]}, years="integer")},
        library(settings=f"{{standard_discount: {deal['discount']}}}"),
        plan(commission("deal", credit=credit, rate="10%")),
    )
    value = line(outcome, "deal").credit_amount
    return {"deal_value": value, "not": Unlike(value)}


@adapter("posthog-lead-rollup")
def _(case, run):
    """What counts for a member of the team counts for the lead as well, whose quota the table's edges are parts of."""
    deal = case["inputs"]
    team = people(
        {"person": "Ana", "lead": "Lee"},
        {"person": "Ben", "lead": "Lee"},
        {"person": "Lee", "role": "lead"},
        lead="{refers_to: people, required: false}",
    )
    rows = sales(
        {"amount": deal["annual"], "contract": "annual"},
        {"amount": deal["cash"], "contract": "cash", "person": "Ben"},
        {"amount": "50000", "contract": "pilot"},
        contract="{kind: enum, one_of: [annual, cash, pilot]}",
    )
    credit = (
        "credit: {table: sales, where: \"contract in ('annual', 'cash')\", amount: amount, "
        "to: [{to: person, share: 100%}, {to: person, through: lead, overlay: 100%}]}"
    )
    table = f"{{kind: linear, accumulate: period, of: {case['plan']['quota']}, "
    table += "curve: [[0%, 0], [100%, 100]], below_first: hold, above_last: extend}"
    outcome = run(
        {"people": team, "sales": rows},
        plan(commission("team", credit=credit, rate_table=table), payees="role == 'lead'"),
    )
    found = line(outcome, "team", "Lee")
    assert [row.reason for row in outcome.credits if row.payee == "Lee"] == ["lead of Ana", "lead of Ben"]
    return {"total": found.credit_amount, "attainment_pct": found.amount}


@adapter("posthog-bdr-count")
def _(case, run):
    component = """
component: meetings
weight: 100%
measure: booked
target: 3 * monthly_quota
if_missing: wait
pays: {kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold, above_last: extend}
"""
    meetings = [
        {"amount": "0", "sold_on": f"2026-{1 + i % 3:02}-1{i // 3}"} for i in range(int(case["inputs"]["booked"]))
    ]
    outcome = run(
        {"sales": sales(*meetings)},
        library(
            settings=f"{{monthly_quota: {case['inputs']['monthly_quota']}}}",
            measures="{booked: {count: rows, table: sales, per: person, window: quarter}}",
        ),
        plan(component, variable="3000 per quarter"),
    )
    found = attained(outcome, "meetings")
    assert line(outcome, "meetings").amount == 4000  # no cap
    return {"quarter_quota": found.target, "attainment_pct": Shown(found.attainment * 100)}


@adapter("posthog-period-assignment")
def _(case, run):
    """A date is a field of the row, so the two dates are two components, and each row belongs to one of them."""
    earlier = "start_of('quarter', effective_on) < start_of('quarter', sold_on)"
    credit = 'credit: {{table: sales, where: "{}", amount: amount, to: person, dated_by: {}}}'
    rows = sales(
        *(
            {
                "sale_id": deal["id"],
                "amount": "100",
                "sold_on": f"2026-{deal['close']}",
                "effective_on": f"2026-{deal['effective']}",
            }
            for deal in case["inputs"]["deals"]
        ),
        effective_on="date",
    )
    outcome = run(
        {"sales": rows},
        plan(
            commission("by-effective", credit=credit.format(f"not ({earlier})", "effective_on"), rate="10%"),
            commission("by-close", credit=credit.format(earlier, "sold_on"), rate="10%"),
        ),
        period="2026",
    )
    assert len(outcome.credits) == len(case["inputs"]["deals"])
    return {"quarter": {credit.record: credit.period.removeprefix("2026-") for credit in outcome.credits}}


@adapter("prowi-ytd-attainment")
def _(case, run):
    quotas, sold = case["inputs"]["quota"], case["inputs"]["sales"]
    rows = sales(
        *(
            {"sold_on": f"2026-{month:02}-15", "amount": amount, "quota": quota}
            for month, (amount, quota) in enumerate(zip(sold, quotas, strict=True), 1)
        ),
        quota="money",
    )
    measures = """
  monthly: {sum: amount, over: quota, table: sales, per: person, window: month, kind: percent}
  to_date: {sum: amount, over: quota, table: sales, per: person, window: year, kind: percent}"""
    ends = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    outcomes = [run({"sales": rows}, library(measures=measures), as_of=day) for day in ends]
    return {
        "monthly_pct": [measured(outcome, "monthly", "Ana") * 100 for outcome in outcomes],
        "ytd_pct": [measured(outcome, "to_date", "Ana") * 100 for outcome in outcomes],
    }
