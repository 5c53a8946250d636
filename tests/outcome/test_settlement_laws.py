"""Laws of settlement, over drawn histories: nothing is lost, nothing is owed below zero, and a run may be split."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import granger
import pytest
from granger.engine.language.expression import constant
from granger.engine.outcome.pay.clawbacks import left as part_left
from granger.engine.outcome.pay.draws import Given, acted
from granger.engine.outcome.pay.history import NOTHING_BEFORE
from granger.engine.outcome.pay.lines import Pay, Payout
from granger.engine.outcome.pay.settling import Account
from granger.engine.periods import Duration
from granger.engine.policy.model import Effective
from granger.engine.policy.model_pay import Plan
from granger.engine.policy.model_settlement import AtMost, Clawback, Draw
from granger.engine.program import lowering
from granger.engine.runners.books import Books
from granger.engine.runners.memory import Request
from hypothesis import given
from hypothesis import strategies as st

from .periods_in_order import paid_in_order
from .test_settlement import CLAWED, TOP, plan

NUMBERS = st.fractions(-5_000, 5_000, max_denominator=100)
NOWHERE = lowering.NOWHERE.span(0, 1)
NUMBER = constant(Fraction(1_000), "1000", lowering.NOWHERE)
PLAN = Plan("plan", Effective(date(2026, 1, 1), None, NOWHERE), NOWHERE, "")
AT = Account(PLAN, "ana", "2026-01", "USD")
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]
RUNS = 8


def drawn_plan(random: Random) -> str:
    kind = random.choice(["guarantee", "advance"])
    recover = random.choice(["never", "from_earnings", "from_earnings"])
    keys = [
        f"draw: d, kind: {kind}, amount: {random.choice(['1_000', '777.77', '1_500 / 7'])} per month, recover: {recover}"
    ]
    if random.random() < 0.5:
        keys.append(f"limit: {random.choice([900, 2500])}")
    if recover == "from_earnings":
        if random.random() < 0.5:
            keys.append(f"recover_at_most: {random.choice(['33%', '50%', '250'])}")
        if random.random() < 0.5:
            keys.append(f"before: 2026-08-11, at_end: {random.choice(['owed', 'forgiven'])}")
    release = random.choice(["add_months(as_of, 2)", "end_of('quarter', as_of)", "date('2026-12-15')"])
    more = f"""
draws: [{{{", ".join(keys)}}}]
holdbacks: [{{holdback: h, part: {random.choice(["10%", "1 / 3"])}, release_on: "{release}"}}]
negative: {random.choice(["carry", "pay", "forgive"])}
"""
    window = random.choice(["within: 4 months, prorate: months", "within: 100 days, prorate: days", "when: fault"])
    return plan(more, components=CLAWED % window)


def drawn_deals(random: Random) -> str:
    rows = []
    for i in range(random.randint(5, 40)):
        closed = date(2026, random.randint(1, 12), random.randint(1, 28))
        cancelled = random.choice(["", "", date(2026, random.randint(1, 12), random.randint(1, 28))])
        amount = Fraction(random.randint(-20_000, 300_000), 100)
        fault = random.choice(["true", "false", ""])
        rows.append(f"d{i},{random.choice(['ana', 'bob'])},{float(amount):.2f},{closed},{cancelled},{fault}")
    return "\n".join(["deal_id,sold_by,amount,closed_on,cancelled_on,fault", *rows]) + "\n"


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Pay]]:
    return [drawn_history(seed, tmp_path_factory.mktemp("laws")) for seed in range(RUNS)]


def drawn_history(seed: int, folder: Path) -> dict[str, Pay]:
    """Of a drawn workspace: the pay of each month alone, of all of them in one run under ``2026``, and of two runs."""
    random = Random(seed)
    files: Mapping[str, str] = {
        "granger.yaml": TOP,
        "plan.yaml": drawn_plan(random),
        "accounts.csv": "account_id\nx\n",
        "people.csv": "person,hired_on,variable\nana,,\nbob,,\n",
        "deals.csv": drawn_deals(random),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    pack = granger.load(folder)
    assert pack.diagnostics == ()
    outcome = pack.run(as_of=date(2026, 12, 31), period="2026-01", parts=["pay"]).outcome
    return paid_by(pack, outcome.tables)


def paid_by(pack: granger.Pack, tables: Mapping) -> dict[str, Pay]:  # type: ignore[type-arg]
    fiscal, policies = pack.policies.workspace.fiscal, pack.policies
    books, request = Books(policies, tables), Request(date(2026, 12, 31))

    def pays(names: list[str], earlier=NOTHING_BEFORE):  # type: ignore[no-untyped-def]
        periods = [period for name in names if (period := fiscal.parse(name)) is not None]
        return {period.name: pay for period, pay in paid_in_order(policies, books, periods, request, earlier=earlier)}

    alone = pays(MONTHS)
    whole = pays(["2026"])
    halves = pays(MONTHS[:5])
    known = NOTHING_BEFORE
    for pay in halves.values():
        known = known.after(pay)
    return {**whole, **alone, "split": _together([*halves.values(), *pays(MONTHS[5:], known).values()])}


def _together(pays: list[Pay]) -> Pay:
    found = Pay()
    for pay in pays:
        found.add(pay)
    return found


def of(pay: Pay, kind: str) -> list[Payout]:
    return [line for line in pay.payouts if line.kind == kind]


def total(lines: list[Payout]) -> Fraction:
    return sum((line.amount or Fraction(0) for line in lines), Fraction(0))


def months(history: dict[str, Pay]) -> list[Pay]:
    return [history[month] for month in MONTHS]


def test_splitting_a_run_of_periods_changes_nothing(histories: list[dict[str, Pay]]) -> None:
    swept = 0
    for history in histories:
        whole, alone = history["2026"].payouts, _together(months(history)).payouts
        assert alone == history["split"].payouts == sorted(whole, key=lambda line: MONTHS.index(line.period))
        swept += len(alone)
    assert swept > 350


def test_what_is_held_is_released_or_still_held_to_the_cent(histories: list[dict[str, Pay]]) -> None:
    held = released = 0
    for history in histories:
        pay = _together(months(history))
        kept = sum((each.amount for each in {*pay.kept.held} - {*pay.kept.released}), Fraction(0))
        assert -total(of(pay, "held")) == total(of(pay, "released")) + kept
        assert len(pay.kept.held) == len(set(pay.kept.held))
        for line in of(pay, "held"):
            earned = [
                each
                for each in pay.payouts
                if each.kind in ("earned", "clawed_back") and (each.payee, each.period) == (line.payee, line.period)
            ]
            assert 0 <= -(line.amount or 0) <= max(total(earned), 0)
        held += len(pay.kept.held)
        released += len(pay.kept.released)
    assert held > 50
    assert released > 30


def test_a_balance_is_never_below_zero_and_adds_up(histories: list[dict[str, Pay]]) -> None:
    swept = forgiven = 0
    for history in histories:
        pay = _together(months(history))
        for payee in ("ana", "bob"):
            own = [owed for owed in pay.kept.owed if owed.payee == payee]
            for before, after in itertools.pairwise(own):
                assert after.before == before.after
            for owed in own:
                assert min(owed.before, owed.drawn, owed.recovered, owed.forgiven, owed.after) >= 0
            lines = [line for kind in ("drawn", "recovered") for line in of(pay, kind) if line.payee == payee]
            drawn = sum((owed.drawn - owed.recovered for owed in own), Fraction(0))
            assert total(lines) == drawn
            if own:
                assert own[-1].after == drawn - sum((owed.forgiven for owed in own), Fraction(0))
            swept += len(own)
            forgiven += sum(1 for owed in own if owed.forgiven)
    assert swept > 100
    assert forgiven > 0


def test_no_more_is_taken_back_than_was_paid(histories: list[dict[str, Pay]]) -> None:
    swept = 0
    for history in histories:
        pays = months(history)
        paid: dict[tuple[str, str], Fraction] = {}
        for pay in pays:
            for credit in pay.credits:
                if credit.earning:
                    key = credit.payee, credit.record
                    paid[key] = paid.get(key, Fraction(0)) + credit.earning
        taken: dict[tuple[str, str], Fraction] = {}
        pay = _together(pays)
        for each in pay.kept.taken:
            assert each.amount > 0
            key = each.payee, each.credit.record
            taken[key] = taken.get(key, Fraction(0)) + each.amount
        assert all(amount <= paid[key] for key, amount in taken.items())
        assert -total(of(pay, "clawed_back")) == sum(taken.values(), Fraction(0))
        swept += len(taken)
    assert swept > 15


@pytest.mark.slow
def test_the_laws_hold_over_more_histories(tmp_path_factory: pytest.TempPathFactory) -> None:
    more = [drawn_history(seed, tmp_path_factory.mktemp("laws")) for seed in range(100, 130)]
    test_splitting_a_run_of_periods_changes_nothing(more)
    test_what_is_held_is_released_or_still_held_to_the_cent(more)
    test_a_balance_is_never_below_zero_and_adds_up(more)
    test_no_more_is_taken_back_than_was_paid(more)


@given(
    st.sampled_from(["guarantee", "advance"]),
    st.lists(st.tuples(NUMBERS, st.booleans(), st.booleans()), min_size=1, max_size=12),
    st.sampled_from([None, AtMost(Fraction(1, 2), True), AtMost(Fraction(300), False)]),
    st.sampled_from([None, Fraction(1_500)]),
)
def test_whatever_is_earned_a_draw_owes_what_was_drawn_and_not_paid_back(kind, earned, at_most, limit) -> None:  # type: ignore[no-untyped-def]
    draw = Draw("d", kind, NUMBER, "month", True, NOWHERE, recover_at_most=at_most, limit=limit)
    balance = Fraction(0)
    for left, in_force, recovers in earned:
        each = Given(draw, Fraction(1_000), in_force=in_force, recovers=recovers)
        owed = acted(each, AT, balance, left)
        assert min(owed.drawn, owed.recovered, owed.after) >= 0
        assert owed.recovered <= max(left, 0)
        if limit is not None:
            assert owed.after <= limit
        if kind == "guarantee" and in_force:
            assert owed.recovered <= max(left - 1_000, 0)
            assert left + owed.drawn - owed.recovered >= (1_000 if limit is None else min(left, 1_000))
        balance = owed.after


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.sampled_from(["none", "days", "months"]))
def test_the_part_that_is_taken_back_never_grows_with_time(dated, days, prorate) -> None:  # type: ignore[no-untyped-def]
    clawback = Clawback(NUMBER, NOWHERE, within=Duration(12, "months"), prorate=prorate)
    now, later = (part_left(clawback, dated, dated + timedelta(days=days + more)) for more in (0, 1))
    assert now is None or 0 < now <= 1
    assert later is None or (now is not None and later <= now)
