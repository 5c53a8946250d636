"""Laws of pay by terms over drawn ones: every day counts once, parts sum to the whole, a cut without a change changes
nothing, nor does the order of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import granger
import pytest
from granger.engine.runners.memory import Outcome

from .pay_both_ways import paid_alike
from .test_terms import BONUS, COMMISSION, TOP, plan

SEEDS = [range(1), pytest.param(range(1, 9), marks=pytest.mark.slow)]
FIRST, LAST = date(2028, 1, 1), date(2028, 3, 31)  # 91 days, with a 29 February
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
TABLE = "rate_table: {kind: marginal, of: quota * days_share, accumulate: each_credit, bands: [{rate: 20%, from: 100%}, {rate: 10%}]}\n"
PAY = "pay: {{base: 0 per year, variable: own_variable per year, prorate: {}}}\n"
PLANS = {
    "plain.yaml": plan(COMMISSION + "rate: 7%\n", name="plain"),
    "days.yaml": plan(BONUS.replace("TARGET", "1"), COMMISSION + TABLE, name="days", more=PAY.format("days")),
    "none.yaml": plan(BONUS.replace("TARGET", "1"), name="none", more=PAY.format("none")),
}
Row = dict[str, str]


def drawn(random: Random) -> tuple[list[Row], list[Row]]:
    """Terms of two people, with and without leave between them, and deals of every few days."""
    agreed = []
    for person in ("Ann", "Ben"):
        cuts = sorted(random.sample([FIRST - timedelta(days=9), *DAYS], random.randint(1, 4)))
        for start, end in zip(cuts, [*cuts[1:], None], strict=True):
            if random.random() < 0.8:
                last = end if end is None or random.random() < 0.7 else end - timedelta(days=(end - start).days // 2)
                own = {"quota": random.choice(["500", "1300.7"]), "own_variable": random.choice(["3600", "7000.01"])}
                agreed.append({"person": person, "starts_on": str(start), "ends_on": str(last or ""), **own})
    agreed = [row for row in agreed if row["starts_on"] != row["ends_on"]]
    deals = [
        {
            "deal_id": f"d{i:02}",
            "closed_on": str(random.choice(DAYS)),
            "amount": random.choice(["100", "33.33", "700", "-5"]),
        }
        | {"sold_by": random.choice(["Ann", "Ben"])}
        for i in range(30)
    ]
    return agreed, deals


def held_on(agreed: list[Row], person: str, day: date) -> Row | None:
    found = [r for r in agreed if r["person"] == person and r["starts_on"] <= str(day) < (r["ends_on"] or "9999")]
    assert len(found) < 2
    return found[0] if found else None


@pytest.fixture
def paid(workspace: Callable[[Mapping[str, str]], Path]) -> Callable[[list[Row], list[Row]], Outcome]:
    pack = granger.load(workspace({"granger.yaml": TOP, **PLANS}))
    assert [d for d in pack.diagnostics if d.is_error] == []

    def run(agreed: list[Row], deals: list[Row]) -> Outcome:
        people = [{"person": "Ann"}, {"person": "Ben"}]
        tables = {"accounts": [], "people": people, "terms": agreed, "deals": deals}
        outcome = pack.run(tables, as_of=LAST, period="2028-Q1").outcome
        assert outcome.rejects == []
        paid_alike(pack, outcome)
        return outcome

    return run


def amounts(outcome: Outcome) -> dict[tuple[str, str, str], Fraction | None]:
    return {(row.plan, row.payee, row.component): row.amount for row in outcome.payouts}


@pytest.mark.parametrize("seeds", SEEDS, ids=["some", "more"])
def test_laws_of_terms(seeds: range, paid: Callable[[list[Row], list[Row]], Outcome]) -> None:
    covered = 0
    for seed in seeds:
        random = Random(seed)
        agreed, deals = drawn(random)
        found = paid(agreed, deals)
        for person in ("Ann", "Ben"):
            terms = [held_on(agreed, person, day) for day in DAYS]
            days = [Fraction(each["own_variable"]) / 4 for each in terms if each is not None]
            covered += len(days)
            credited = {c.record for c in found.credits if (c.plan, c.payee, c.status) == ("plain", person, "credited")}
            own = [deal for deal in deals if deal["sold_by"] == person]
            # every deal counts on its own day, if that is one of theirs, and once
            kept = [deal for deal in own if held_on(agreed, person, date.fromisoformat(deal["closed_on"]))]
            assert credited == {deal["deal_id"] for deal in kept}
            line = amounts(found).get(("plain", person, "c"))
            assert line == (round_cents(sum(Fraction(d["amount"]) for d in kept) * 7 / 100) if days else None)
            # the parts of variable pay sum to the part that is covered; with none to all of it
            by = {
                name: [a for a in found.attainments if (a.plan, a.payee) == (name, person)] for name in ("days", "none")
            }
            assert sum((a.target_amount for a in by["days"]), Fraction(0)) == sum(days, Fraction(0)) / len(DAYS)
            whole = sum(days, Fraction(0)) / len(days) if days else 0
            assert sum((a.target_amount for a in by["none"]), Fraction(0)) == whole
        shuffled = random.sample(agreed, len(agreed)), random.sample(deals, len(deals))
        assert amounts(paid(*shuffled)) == amounts(found)
        assert amounts_of_plain(paid(cut(agreed, random), deals)) == amounts_of_plain(found)
    assert covered > 50 * len(seeds)


def round_cents(value: Fraction) -> Fraction:
    cents = abs(value) * 100 + Fraction(1, 2)
    return Fraction(int(cents) * (-1 if value < 0 else 1), 100)


def cut(agreed: list[Row], random: Random) -> list[Row]:
    """Each row as two that say the same."""
    found = []
    for row in agreed:
        day = str(random.choice(DAYS))
        if row["starts_on"] < day < (row["ends_on"] or "9999"):
            found += [{**row, "ends_on": day}, {**row, "starts_on": day}]
        else:
            found.append(row)
    return found


def amounts_of_plain(outcome: Outcome) -> dict[tuple[str, str, str], Fraction | None]:
    """Of what hangs on no part of the period: rates, and variable pay by days."""
    return {key: amount for key, amount in amounts(outcome).items() if key[0] == "plain" or key[2] == "b"}
