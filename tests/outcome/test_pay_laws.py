"""Laws of pay over random books of deals: nothing lost, nothing twice, and the order of an export changes no amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import granger
import pytest

Ran = Callable[..., granger.Run]
Deal = dict[str, object]

PLANS = {
    "comp": """\
negative: pay
components:
  - component: new
    credit: {table: deals, where: deal == 'new', amount: amount, to: sold_by}
    rate: [{rate: 1/3, when: amount > 100}, {rate: 7%}]
  - component: all
    credit: {table: deals, amount: amount, to: sold_by}
    rate: 1/7
    round: each_credit
  - component: held
    credit: {table: deals, where: deal != 'gift', amount: amount / 3, to: csm}
    rate: 5%
    rounding: half_even
""",
}
WHERE: dict[str, Callable[[Deal], bool | None]] = {
    "new": lambda d: None if d["deal"] is None else d["deal"] == "new",
    "all": lambda d: True,
    "held": lambda d: None if d["deal"] is None else d["deal"] != "gift",
}
FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
DAYS = [FIRST - timedelta(days=1), FIRST, date(2026, 8, 14), date(2026, 8, 15), LAST]


def book(seed: int) -> list[Deal]:
    random = Random(seed)
    amounts = ["0.01", "0.05", "33.33", "100", "100.01", "-33.33", "-0.05", "0", "250", None]
    return [
        {
            "deal_id": f"d{i:03}",
            "account_id": random.choice(["a", "b", "zz", None]),
            "deal": random.choice(["new", "new", "upsell", "gift", None]),
            "amount": random.choice(amounts),
            "closed_on": str(random.choice(DAYS)),
            "sold_by": random.choice(["ann", "bob", "cat", "eve", None]),
        }
        for i in range(40)
    ]


@pytest.fixture
def pack(ran: Ran) -> granger.Pack:
    files = {"accounts.csv": "a,,,,\nb,,,,\n", "people.csv": "ann,seller\nbob,seller\ncat,csm\n"}
    return ran({**PLANS, **files, "assignments.csv": "a,csm,ann,,2026-08-15\na,csm,bob,2026-08-15,\n"}).pack


@pytest.fixture(params=[range(6), pytest.param(range(6, 40), marks=pytest.mark.slow)], ids=["some", "more"])
def seeds(request: pytest.FixtureRequest) -> range:
    found: range = request.param
    return found


def run(pack: granger.Pack, deals: list[Deal]) -> granger.Run:
    return pack.run({"deals": deals}, as_of=LAST)


def test_the_earnings_of_the_credits_sum_to_the_payouts(seeds: range, pack: granger.Pack) -> None:
    lines = 0
    for seed in seeds:
        outcome = run(pack, book(seed)).outcome
        for line in outcome.payouts:
            own = [
                c
                for c in outcome.credits
                if (c.payee, c.component, c.period) == (line.payee, line.component, line.period)
            ]
            earned = [c.earning for c in own if c.status == "credited"]
            assert sum(filter(None, earned), Fraction(0)) == (line.amount or 0)
            assert len(earned) == line.credits and sum(c.status == "waiting" for c in own) == line.waiting_credits
            assert all(e is not None and (e * 100).denominator == 1 for e in earned)
            assert line.reason or line.status == "paid"
            lines += 1
    assert lines == len(seeds) * 6


def test_a_line_is_the_exact_sum_rounded_once(seeds: range, pack: granger.Pack) -> None:
    checked = 0
    for seed in seeds:
        for line in run(pack, book(seed)).outcome.payouts:
            if line.component != "new" or line.amount is None:
                continue
            exact = Fraction(0)
            for deal in book(seed):
                if (
                    deal["deal"] == "new"
                    and deal["sold_by"] == line.payee
                    and deal["amount"]
                    and str(FIRST) <= str(deal["closed_on"]) <= str(LAST)
                ):
                    amount = Fraction(str(deal["amount"]))
                    exact += amount * (Fraction(1, 3) if amount > 100 else Fraction(7, 100))
            size = (abs(exact) * 200 + 1) // 2
            assert line.amount == (size if exact >= 0 else -size) / Fraction(100)
            checked += 1
    assert checked > len(seeds)


def test_every_row_that_may_count_is_in_the_credits_once_per_component(seeds: range, pack: granger.Pack) -> None:
    rows = 0
    for seed in seeds:
        found = Counter((c.record, c.component) for c in run(pack, book(seed)).outcome.credits)
        assert not found or max(found.values()) == 1
        for deal in book(seed):
            inside = str(FIRST) <= str(deal["closed_on"]) <= str(LAST)
            wanted = [name for name, where in WHERE.items() if inside and where(deal) is not False]
            listed = [name for name in WHERE if found[str(deal["deal_id"]), name]]
            assert set(listed) <= set(wanted)
            assert listed or not wanted, deal
            rows += bool(wanted)
    assert rows > 25 * len(seeds)


def test_every_row_is_told_in_every_component_that_it_matches(seeds: range, pack: granger.Pack) -> None:
    for seed in seeds:
        found = {(c.record, c.component) for c in run(pack, book(seed)).outcome.credits}
        for deal in book(seed):
            if str(FIRST) <= str(deal["closed_on"]) <= str(LAST):
                assert {n for n in WHERE if (deal["deal_id"], n) in found} == {
                    n for n, w in WHERE.items() if w(deal) is not False
                }


def test_the_order_of_the_rows_changes_no_payout(seeds: range, pack: granger.Pack) -> None:
    for seed in seeds:
        deals = book(seed)
        turned = Random(seed).sample(deals, len(deals))
        assert run(pack, turned).outcome.payouts == run(pack, deals).outcome.payouts


def test_the_order_of_the_rows_changes_no_credit(seeds: range, pack: granger.Pack) -> None:
    for seed in seeds:
        deals = book(seed)
        turned = Random(seed).sample(deals, len(deals))
        amounts = [
            {(c.record, c.component, c.payee, c.earning, c.status) for c in run(pack, rows).outcome.credits}
            for rows in (deals, turned)
        ]
        assert amounts[0] == amounts[1]


def mirrored(amount: object) -> object:
    return amount and (amount.removeprefix("-") if str(amount).startswith("-") else f"-{amount}")  # type: ignore[attr-defined]


def test_a_book_and_its_mirror_pay_the_same_with_the_sign_turned(seeds: range, pack: granger.Pack) -> None:
    """What half-up away from zero is for: a clawback takes back exactly what was paid."""
    for seed in seeds:
        deals = book(seed)
        small = [d for d in deals if d["amount"] is None or abs(Fraction(str(d["amount"]))) <= 100]
        turned = [{**d, "amount": mirrored(d["amount"])} for d in small]
        paid, taken = run(pack, small).outcome.payouts, run(pack, turned).outcome.payouts
        assert [p.amount for p in paid] == [None if p.amount is None else -p.amount for p in taken]
