"""Words and lengths in a plan that are wrong in form: one message at the place, and nothing that goes on as if it were right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from granger.engine.diagnostics import Diagnostic

from .codes_of_settlement import BONUS, CASES, MEASURE, NEW, PLAN, clawback

Found = Callable[[dict[str, str]], list[Diagnostic]]


@pytest.mark.parametrize("within", ["6 mnths", "2026-12-31", "9999999 months", "6"])
def test_a_window_that_is_no_length_of_time_is_not_taken_as_none(within: str, found: Found) -> None:
    files = {name: text.replace("«", "") for name, text in clawback(f"within: '{within}'").items()}
    assert [d.code for d in found(files)] == ["wrong-form"]


def test_a_period_that_is_none_is_told_beside_a_holdback(found: Found) -> None:
    plan = CASES["released-too-early"]["p.yaml"].replace("«", "").replace("period: quarter", "period: decade")
    assert "unknown-word" in [d.code for d in found({"p.yaml": plan})]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_number_in_quotes_is_that_number(quote: str, found: Found) -> None:
    """Dropped in silence, it would leave a plan without its cap, and a curve without points."""
    crossed = PLAN + f"cap: {quote}5{quote}\nfloor: {quote}6{quote}\ncomponents:\n" + NEW
    assert [d.code for d in found({"p.yaml": crossed})] == ["limits-crossed"]
    curve = (PLAN + BONUS.split("    «")[0]).replace("[[0, 0%], [1, 100%]]", f"[[{quote}1{quote}, 0%], [0, 100%]]")
    assert [d.code for d in found({"p.yaml": curve, "l.yaml": MEASURE})] == ["curve-order"]
