"""A draw that a later version of its plan does not have: what is then owed, by both readings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import granger
import pytest
from granger.engine.outcome.pay.carrying import left_drawn
from granger.engine.outcome.pay.history import NOTHING_BEFORE
from granger.engine.policy.model_pay import Plan
from granger.engine.runners.memory import Outcome, Request
from granger.engine.runners.plan_periods import plan_periods

from .pay_both_ways import paid_alike
from .settled_plans import amounts, monthly, nets, of, plan, ran_in


@pytest.fixture
def dropped(workspace: Callable[[Mapping[str, str]], Path]) -> Callable[..., tuple[granger.Pack, Outcome]]:
    """``dropped(draw, later, deals)``: until the end of February the plan has a draw, then it is as ``later`` says."""

    def run(draw: str, later: str, deals: list[str]) -> tuple[granger.Pack, Outcome]:
        first, second = (plan(more) for more in (f"draws: [{{{draw}}}]", later))
        plans = {
            "plan.yaml": first.replace("2026-01-01}", "2026-01-01, before: 2026-03-01}"),
            "later.yaml": second.replace("2026-01-01}", "2026-03-01}"),
        }
        return ran_in(workspace, plans, deals)

    return run


DROPPED = "draw: base, kind: guarantee, amount: 1_000 per month, recover: from_earnings"


@pytest.mark.parametrize(
    ("keys", "later", "recovered", "expected"),
    [
        ("at_end: owed", "", {"03": -700, "04": -900}, [1000, 1000, 0, 100, 900]),
        ("at_end: owed, recover_at_most: 50%", "", {"03": -350, "04": -500, "05": -450}, [1000, 1000, 350, 500, 450]),
        ("at_end: owed, recover_from: 2026-04-30", "", {"04": -1000, "05": -600}, [1000, 1000, 700, 0, 300]),
        ("at_end: forgiven", "", {}, [1000, 1000, 700, 1000, 900]),
        # what is paid back is not taken out of the guarantee of another draw
        (
            "at_end: owed",
            "draws: [{draw: least, kind: guarantee, amount: 500 per month, recover: never}]",
            {"03": -700, "04": -900},
            [1000, 1000, 500, 500, 900],
        ),
        # the same draw, at another amount
        (
            "at_end: owed",
            "draws: [{draw: base, kind: guarantee, amount: 800 per month, recover: from_earnings}]",
            {"04": -200, "05": -100},
            [1000, 1000, 800, 800, 800],
        ),
    ],
)
def test_what_is_owed_of_a_draw_that_a_later_version_does_not_have(  # type: ignore[no-untyped-def]
    dropped, keys: str, later: str, recovered: dict[str, int], expected: list[int]
) -> None:
    pack, outcome = dropped(f"{DROPPED}, {keys}", later, monthly([400, 0, 700, 1000, 900]))
    pay = paid_alike(pack, outcome)
    assert {period[-2:]: amount for period, amount in amounts(pay, "recovered").items()} == recovered
    assert nets(pay, 5) == expected


def test_a_dropped_draw_says_on_its_line_what_becomes_of_it(dropped) -> None:  # type: ignore[no-untyped-def]
    pay = paid_alike(*dropped(f"{DROPPED}, at_end: forgiven", "", monthly([400])))
    lines = [line for line in of(pay, "recovered") if line.period >= "2026-03"]
    assert [(line.period, line.amount, line.reason) for line in lines] == [
        ("2026-03", 0, "1,600.00 still owed is forgiven: the draw is over")
    ]
    assert lines[0].source.startswith("plan.yaml")


def test_what_is_owed_of_draws_by_a_person_whom_nothing_pays_any_more_is_told(dropped) -> None:  # type: ignore[no-untyped-def]
    pack, outcome = dropped(f"{DROPPED}, at_end: owed", "", monthly([400]))
    policies = pack.policies
    plans = [policy for policy in policies.policies if isinstance(policy, Plan)]
    march = policies.workspace.fiscal.parse("2026-03")
    periods = plan_periods(policies, Request(date(2026, 12, 31), march))
    known = NOTHING_BEFORE.after(paid_alike(pack, outcome))
    (found,) = left_drawn(plans, [], periods, known)
    assert (
        found.message
        == "1,600.00 USD of draws is still owed to 'plan' by ana, and nothing is paid here that could pay it back"
    )
    settled = [owed for owed in paid_alike(pack, outcome).kept.owed if owed.period == "2026-03"]
    assert list(left_drawn(plans, settled, periods, known)) == []
