"""What an author wrote that has no value, whatever the data: told at its place by ``check``, for every kind alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from granger.engine.diagnostics import Diagnostic

from .codes_of_pay import CREDIT, LIBRARY, PAY, PLAN, bonus

Found = Callable[[dict[str, str]], list[Diagnostic]]


def commission(keys: str = "rate: 1%", credit: str = CREDIT, of_plan: str = "") -> dict[str, str]:
    return {"p.yaml": f"{PLAN}{of_plan}components:\n  - component: c\n    {credit}\n    {keys}\n"}


def banded(band: str, of: str = "quota") -> dict[str, str]:
    table = f"kind: marginal, of: {of}, accumulate: period, bands: [{band}, {{rate: 1%}}]"
    return commission(f"rate_table: {{{table}}}")


DRAW = "draws: [{draw: d, kind: guarantee, amount: «1 / 0 per month, recover: never, because: x}]\n"
NEVER = {
    "weight": bonus("weight: 100%", "weight: «1/0"),
    "weight by cases": bonus("weight: 100%", "weight: [{weight: «1/0, when: quota > 1}, {weight: 100%}]"),
    "target": bonus("measure: m", "measure: m, target: «5 / (2 - 2)"),
    "rate": commission("rate: «1 / 0"),
    "rate by cases": commission("rate: [{rate: «2 / 0, when: amount > 1}, {rate: 1%}]"),
    "condition": commission("rate: [{rate: 2%, when: «1 / 0 > 1}, {rate: 1%}]"),
    "payees": {"p.yaml": PLAN.replace("role == 'seller'", "«0 / 0 > 1") + commission()["p.yaml"].removeprefix(PLAN)},
    "gate": commission(of_plan="gates: [{gate: g, when: «1 / 0 > 2}]\n"),
    "band": banded("{rate: «1 / 0, from: 50%}"),
    "quota": banded("{rate: 2%, from: 50%}", of="«100 / 0"),
    "amount": commission(credit=CREDIT.replace("amount: amount", "amount: «100 / 0")),
    "share": commission(credit=CREDIT.replace("to: sold_by", "to: [{to: sold_by, share: «1 / 0}]")),
    "day": commission("rate: 1%\n    clawback: {day: \"«add_days(date('2026-01-01'), 9_999_999)\", within: 6 months}"),
    "pay": bonus("component: c", "component: c", PAY.replace("variable: 1 ", "variable: «1 / 0 ")),
    "draw": commission(of_plan=DRAW),
    "setting": {"l.yaml": LIBRARY + "settings: {half: «1 / 0}\n"},
    "measure": {"l.yaml": LIBRARY + "measures: {half: {value: «1 / 0}}\n"},
}


@pytest.mark.parametrize("what", NEVER)
def test_what_never_has_a_value_is_told_where_it_is_written(what: str, found: Found) -> None:
    files = NEVER[what]
    told = found({name: text.replace("«", "") for name, text in files.items()})
    assert [d.code for d in told] == ["never-a-value"], [d.message for d in told]
    ((name, text),) = [(name, text) for name, text in files.items() if "«" in text]
    before = text[: text.index("«")]
    assert str(told[0].place) == f"{name}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def test_what_may_have_one_is_left_alone(found: Found) -> None:
    assert found(commission('rate: "coalesce(1 / 0, 5%)"')) == []
    assert found(commission('rate: "1% / (1 if amount > 5 else 0)"')) == []
