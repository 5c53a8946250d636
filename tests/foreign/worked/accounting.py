"""Commissions in the books: what is written off of a capitalised commission, month by month."""

from .compare import Unlike
from .registry import adapter
from .writing import commission, plan, sales


@adapter("floqast-amortisation")
def _(case, run):
    """The page divides by 62.5 months; sixty are what it means."""
    component = commission("won", rate="100%", amortise="{months: 60}")
    outcome = run({"sales": sales({"amount": case["plan"]["capitalise"]})}, plan(component))
    months = outcome.amortisation
    assert [row.month for row in months] == [f"{2026 + m // 12}-{m % 12 + 1:02}" for m in range(1, 61)]
    assert sum(row.amount for row in months) == int(case["plan"]["capitalise"])
    assert (months[-1].balance, {row.amount for row in months[:40]}) == (0, {months[0].amount})
    return {"amortisation": Unlike(months[0].amount), "60_months": months[0].amount}
