"""The pack retention: its figures and the examples of its page, its sample data held to plain Python, its library shared."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import granger
import pytest

RULES = Path(__file__).resolve().parents[2] / "rules"
PACK = RULES / "retention"


def rows(name: str) -> list[dict[str, str]]:
    with (PACK / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def pack() -> granger.Pack:
    return granger.load(PACK)


def test_all_its_policy_tests_pass(pack: granger.Pack) -> None:
    verdicts = pack.test()
    assert [(v.test, [d.message for d in v.failures]) for v in verdicts if not v.passed] == []
    assert len(verdicts) == 12


def test_the_packs_have_the_same_library() -> None:
    files = sorted(RULES.glob("*/library-retention.yaml"))
    assert [file.parent.name for file in files] == ["executive-gate", "retention", "touch-model"]
    assert len({file.read_bytes() for file in files}) == 1


@pytest.mark.parametrize("as_of", [date(2026, 5, 31), date(2026, 8, 31)])
def test_months_by_plain_python(as_of: date, pack: granger.Pack) -> None:
    opening_on = as_of.replace(day=1) - timedelta(days=1)
    paid = {row["Customer ID"] for row in rows("accounts") if row["Plan"] == "paid"}
    spans: dict[str, list[tuple[Fraction, date, date]]] = defaultdict(list)
    for row in rows("subscriptions")[:-2]:  # the last two are rejected
        end = date.fromisoformat(row["End"] or "9999-12-31")
        amount = Fraction(row["Per Month"].replace(",", ""))
        spans[row["Customer ID"]].append((amount, date.fromisoformat(row["Start"]), end))

    def on(customer: str, day: date) -> Fraction:
        return sum((amount for amount, start, end in spans[customer] if start <= day < end), Fraction(0))

    moved = {customer: (on(customer, opening_on), on(customer, as_of)) for customer in spans}
    left = {c: [end for _, _, end in spans[c] if end <= opening_on] for c in spans}
    came = {c for c, (before, now) in moved.items() if now and not before}
    back = {c for c in came if left[c] and (as_of - max(left[c])).days < 365}
    cohort = [(before, now) for c, (before, now) in moved.items() if before and c in paid]
    opening = sum(before for before, _ in cohort)

    run = pack.run(as_of=as_of, parts=["segments"])
    found = {row.measure: row.exact for row in run.outcome.measures}
    assert found["total_reactivation_mrr"] == sum(moved[c][1] for c in back)
    assert found["total_new_mrr"] == sum(moved[c][1] for c in came - back)
    assert found["total_churned_mrr"] == sum(before for before, now in moved.values() if not now)
    assert found["net_retention"] == sum(now for _, now in cohort) / opening
    assert found["gross_retention"] == sum(min(before, now) for before, now in cohort) / opening
    assert found["logo_retention"] == Fraction(sum(now > 0 for _, now in cohort), len(cohort))
    signs = {"opening": 1, "new": 1, "reactivation": 1, "expansion": 1, "contraction": -1, "churned": -1}
    assert sum(sign * found[f"total_{name}_mrr"] for name, sign in signs.items()) == found["total_mrr"]
    assert [row.level for row in run.outcome.rejects] == ["row", "row"]
    if as_of.month == 8:
        assert len(back) == 6


RETURNS = {"a": date(2026, 3, 14), "b": date(2026, 3, 15), "c": date(2026, 6, 14), "d": date(2026, 6, 15)}
"""Each left on 15 December with 100 a month, and is back on that day with 60."""


@pytest.mark.parametrize(
    ("window", "back", "reading"),
    [(0, "", "late_renewal"), (3, "a", "reactivation"), (3, "a", "late_renewal"), (6, "abc", "reactivation"), (7, "abcd", "late_renewal")],
)  # fmt: skip
def test_returns_within_a_window_are_late_renewals_or_a_movement(
    window: int, back: str, reading: str, tmp_path: Path
) -> None:
    """A published policy for returning customers (gaingrowretain.com, discussion 10579): within X months a renewal with
    a downsell that counts in the cohort, later new business outside of it. The readings that it is set against leave
    returns out of the cohort, or know none. All are settings.
    """
    for file in PACK.glob("*.yaml"):
        text = file.read_text("utf-8").replace("    value: 12\n", f"    value: {window}\n")
        text = text.replace("choice: reactivation\n", f"choice: {reading}\n").replace("{value: 5,", "{value: 1,")
        (tmp_path / file.name).write_text(text, "utf-8")
    pack = granger.load(tmp_path)
    for as_of in (date(2026, 3, 31), date(2026, 6, 30)):
        due = {account: day for account, day in RETURNS.items() if day.month == as_of.month}
        spans = [(100, date(2025, 1, 1), date(2025, 12, 15)), (60, None, None)]
        contracts = [
            {"subscription_id": f"{a}{n}", "account_id": a, "product": "p", "monthly_amount": n, "starts_on": s or day, "ends_on": e}
            for a, day in due.items() for n, s, e in spans
        ]  # fmt: skip
        tables = {"accounts": [{"account_id": a, "name": a, "plan": "paid"} for a in due], "subscriptions": contracts}
        run = pack.run(tables, as_of=as_of, parts=["segments"], reading="reference")
        found = {row.measure: row.exact for row in run.outcome.measures}
        returned = sum(account in back for account in due)
        assert found["total_reactivation_mrr"] == 60 * returned
        assert found["total_new_mrr"] == 60 * (2 - returned)
        inside = returned if reading == "late_renewal" else 0
        assert (found["cohort_opening_mrr"], found["cohort_closing_mrr"]) == (100 * inside, 60 * inside)
        assert found["net_retention"] == (Fraction(60, 100) if inside else None)
