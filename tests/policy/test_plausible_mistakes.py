"""What people write into comp plans by mistake, and what would be read in silence if nobody told them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from granger.engine.diagnostics import Diagnostic

from .codes_of_pay import CREDIT, PLAN, bonus

Found = Callable[[dict[str, str]], list[Diagnostic]]


def commission(keys: str, credit: str = CREDIT) -> dict[str, str]:
    return {"p.yaml": f"{PLAN}components:\n  - component: c\n    {credit}\n    {keys}\n"}


def dated(by: str) -> dict[str, str]:
    return commission("rate: 1%", CREDIT.replace("to: sold_by", f"to: sold_by, dated_by: {by}"))


BANDS = "rate_table: {{kind: marginal, accumulate: period, bands: [{{rate: {}, from: 5}}, {{rate: {}}}]}}"
STEPS = "pays: {{kind: steps, bands: [{{earns: {}, from: 100%}}, {{earns: 0%}}]}}"
CURVE = "pays: {kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold, above_last: hold}"
MISTAKES = {
    "a rate of the person": (commission("rate: quota / 10"), "name-not-visible", "it is a field of people"),
    "10 for 10%": (commission("rate: 10"), "rate-above-all", "write 10% if that is meant, else 1000%"),
    "7.5 in a case": (commission("rate: [{rate: 7.5, when: amount > 1}, {rate: 1%}]"), "rate-above-all", "7.5%"),
    "17.5 in a band": (commission(BANDS.format("17.5", "1%")), "rate-above-all", "write 17.5%"),
    "120 for 120%": (bonus(CURVE, STEPS.format("120")), "rate-above-all", "write 120%"),
    "a rate of a bonus": (bonus("measure: m", "measure: m, rate: 5%"), "component-key", "remove it"),
    "a table of a bonus": (
        bonus("measure: m", "measure: m, " + BANDS.format("2%", "1%")),
        "component-key",
        "remove it",
    ),
    "rounding of credits in a bonus": (bonus("measure: m", "measure: m, round: each_credit"), "component-key", ""),
    "a commission if missing": (commission("rate: 1%\n    if_missing: wait"), "component-key", "remove it"),
    "a target of a commission": (commission("rate: 1%\n    target: 5"), "component-key", "remove it"),
    "no rate": (commission("cap: 5"), "component-rate", "write one of the two"),
    "a date that is none": (dated("amount"), "field-of-kind", "name another field"),
    "a date mistyped": (dated("closd_on"), "unknown-field", "did you mean 'closed_on'?"),
    "a cap that takes": (commission("rate: 1%\n    cap: -5"), "cap-below-zero", "write the most that is paid"),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_is_told_with_what_to_do(what: str, found: Found) -> None:
    files, code, help_text = MISTAKES[what]
    (told,) = found(files)
    assert (told.code, help_text in told.help) == (code, True), (told.message, told.help)


@pytest.mark.parametrize("keys", ["rate: 1.5", "rate: 200%", "rate: 1", BANDS.format("150%", "1%")])
def test_what_is_meant_is_left_alone(keys: str, found: Found) -> None:
    assert found(commission(keys)) == []
