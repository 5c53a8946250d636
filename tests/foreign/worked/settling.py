"""Draws, holdbacks and clawbacks: examples of several periods in a row, all in 2026."""

import re
from datetime import date
from fractions import Fraction

from .registry import adapter
from .writing import commission, plan, sales

EARNED = commission("earned", rate="100%")


def months(*amounts):
    """One sale in each month from January on."""
    return sales(*({"amount": amount, "sold_on": f"2026-{i:02}-10"} for i, amount in enumerate(amounts, 1)))


def lines(outcome, kind, month=None):
    found = [row for row in outcome.payouts if row.kind == kind]
    return [row for row in found if month is None or row.period == f"2026-{month:02}"]


def net(outcome, month):
    return sum((row.amount for row in outcome.payouts if row.period == f"2026-{month:02}"), Fraction(0))


def owed_after(row):
    (step,) = [step for step in row.steps if step.text.startswith("owed after: ")]
    return step.amount


@adapter("siebel-draw-topup")
def _(case, run):
    draw = f"draws: [{{draw: d, kind: guarantee, amount: {case['plan']['draw']} per month, recover: never}}]"
    outcome = run({"sales": months(case["inputs"]["gross"])}, plan(EARNED, period="month", more=draw), period="2026-Q1")
    (drawn,) = lines(outcome, "drawn", 1)
    return {"top_up": drawn.amount, "net": net(outcome, 1)}


@adapter("siebel-recoverable-draw")
def _(case, run):
    amount = case["plan"]["draw"]
    draw = f"draws: [{{draw: d, kind: guarantee, amount: {amount}, recover: from_earnings}}]"
    gross = case["inputs"]["gross"]
    outcome = run(
        {"sales": months(*gross)}, plan(EARNED, period="month", more=draw), period="2026", as_of=date(2026, 6, 30)
    )
    every = range(1, len(gross) + 1)
    owed = [owed_after(lines(outcome, "drawn", month)[0]) for month in every]
    above = [net(outcome, month) - Fraction(amount.split()[0]) for month in every]
    return {
        "net": [net(outcome, month) for month in every],
        # the page's column mixes two things: what is owed, and what is paid above the draw
        "page_column_draw_balance": [more or -left for more, left in zip(above, owed, strict=True)],
        "owed_after": owed,
    }


@adapter("oracle-draw-delayed-recovery")
def _(case, run):
    draw = """draws:
  - {draw: d, kind: guarantee, amount: 1000 per month, before: 2026-07-01, at_end: owed,
     recover: from_earnings, recover_from: 2026-04-01, recover_at_most: 100%}"""
    earnings = case["inputs"]["earnings"]
    outcome = run({"sales": months(*earnings.values())}, plan(EARNED, period="month", more=draw), period="2026-Q1")
    drawn = {key: lines(outcome, "drawn", int(key))[0] for key in earnings}
    return {
        "draw": {key: row.amount for key, row in drawn.items()},
        "paid": {key: net(outcome, int(key)) for key in earnings},
        "balance": {key: owed_after(row) for key, row in drawn.items()},
    }


@adapter("qcommission-draw-as-advance")
def _(case, run):
    """The page's recoverable draw comes on top of what is earned; its other one is a guarantee."""
    draws = {
        "recoverable": "kind: advance, amount: 1000 per month, before: 2026-02-01, recover: from_earnings, at_end: owed",
        "non_recoverable": "kind: guarantee, amount: 2000 per month, recover: never",
    }
    found = {}
    for name, draw in draws.items():
        earned = case["inputs"][f"{name}_earned"]
        policy = plan(EARNED, period="month", more=f"draws: [{{draw: d, {draw}}}]")
        outcome = run({"sales": months(*earned)}, policy, period="2026-Q1")
        found[f"{name}_paid"] = [net(outcome, month) for month in range(1, len(earned) + 1)]
    return found


@adapter("centify-clawback-paid-part-only")
def _(case, run):
    """An instalment is a row, credited on the day it is paid; the contract is cancelled after the first."""
    rows = [
        {"amount": part["amount"], "sold_on": "2026-01-10" if part["paid"] else "", "cancelled_on": "2026-03-05"}
        for part in case["inputs"]["installments"]
    ]
    instalments = sales(*rows, sold_on="{kind: date, required: false}", cancelled_on="date")
    clawed = commission("earned", rate="100%", clawback="{day: cancelled_on}")
    outcome = run({"sales": instalments}, plan(clawed, period="month"), period="2026-Q1")
    (taken,) = lines(outcome, "clawed_back")
    assert [step.text.split()[0] for step in taken.steps] == ["S1"]
    unpaid = [credit.earning for credit in outcome.credits if credit.record == "S2"]
    return {"clawback_eur": taken.amount, "never_paid": sum(unpaid, Fraction(0))}


@adapter("rolling-reserve-10pct")
def _(case, run):
    part = Fraction(case["plan"]["hold"]) * 100
    day = "add_days(add_months(start_of('month', as_of), 6), 14)"
    hold = f'holdbacks: [{{holdback: reserve, part: {part}%, release_on: "{day}"}}]'
    outcome = run({"sales": months(case["inputs"]["earned"])}, plan(EARNED, period="month", more=hold), period="2026")
    held = re.fullmatch(r"released on (\S+)", lines(outcome, "held", 1)[0].reason)
    (released,) = lines(outcome, "released")
    release = date.fromisoformat(held[1])
    assert released.period == f"{release:%Y-%m}"
    return {"paid_now": net(outcome, 1), "released": released.amount, "release_date": f"{release:%B} {release.day}"}


@adapter("posthog-at-risk-clawback")
def _(case, run):
    """A cutoff is 14 days after the quarter. Beside the page's deal: one paid in time, one paid late, one overdue."""
    cutoff = "add_days(end_of('quarter', sold_on), 14)"
    last_day = "end_of('quarter', add_days(end_of('quarter', sold_on), 1))"
    credit = f'credit: {{table: sales, where: "coalesce(paid_on <= {cutoff}, false) or due_on >= {cutoff}", amount: amount, to: person}}'
    clawback = f'{{day: "{last_day}", when: "coalesce(paid_on > add_days({last_day}, 14), true)"}}'
    assert (case["inputs"]["signed"], case["inputs"]["paid_by_01_14"]) == ("Q3", False)
    due = f"2026-{case['inputs']['invoice_due']}"
    deals = sales(
        {"sale_id": "page", "amount": "100", "sold_on": "2026-08-20", "due_on": due},
        {"sale_id": "in time", "amount": "200", "sold_on": "2026-08-20", "due_on": due, "paid_on": "2027-01-14"},
        {"sale_id": "late", "amount": "400", "sold_on": "2026-08-20", "due_on": due, "paid_on": "2027-01-15"},
        {
            "sale_id": "overdue",
            "amount": "800",
            "sold_on": "2026-08-20",
            "due_on": "2026-10-13",
            "paid_on": "2026-11-01",
        },
        due_on="date",
        paid_on="{kind: date, required: false}",
    )
    policy = plan(commission("deals", credit=credit, rate="10%", clawback=clawback), more="negative: pay")
    outcome = run({"sales": deals}, policy, period="2026", as_of=date(2027, 1, 31))
    q3 = sorted(credit.record for credit in outcome.credits if credit.period == "2026-Q3" and credit.earning)
    (taken,) = lines(outcome, "clawed_back")
    assert (q3, taken.period, taken.amount) == (["in time", "late", "page"], "2026-Q4", -50)
    gone = [step.text.split()[0] for step in taken.steps]
    assert gone == ["late", "page"]
    return {"Q3": "added, at risk" if "page" in q3 else "", "Q4": "clawed back" if "page" in gone else ""}
