"""Whatever changes between the locks, correcting forward ends at a clean computation, and the ledger replays it all."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import granger
import pytest
from granger.engine.outcome.pay.lines import CARRIED
from hypothesis import example, given, settings
from hypothesis import strategies as st

from .months import MONTHS, RICH, deal, pack_of, posted_lines, run, sums, tables
from .replayed import replay

days = st.integers(1, 5).flatmap(lambda month: st.integers(1, 28).map(lambda day: date(2026, month, day)))
amounts = st.sampled_from([0, None, 10, None, "33.33", 100, 250, 999, -50])
"""None: unknown; at the end all are known."""
deals = st.fixed_dictionaries(
    {
        "amount": amounts,
        "closed_on": days,
        "sold_by": st.sampled_from(["ana", "bo", "cy"]),
        "cancelled_on": st.none() | days,
    }
)
worlds = st.dictionaries(st.sampled_from("abcdef"), deals, max_size=6)
histories = st.lists(worlds, min_size=2, max_size=3)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> tuple[granger.Pack, Path]:
    folder = tmp_path_factory.mktemp("rich")
    return pack_of(folder / "workspace", RICH), folder / "ledgers"


World = Mapping[str, Mapping[str, object]]


def data(world: World, *, backwards: bool = False) -> Mapping[str, list[Mapping[str, object]]]:
    rows = [{**each, "deal_id": name} for name, each in sorted(world.items(), reverse=backwards)]
    # who sells nothing and never did is no person of the workspace: people come and go too
    found = tables(rows, ["ana", *sorted({str(each["sold_by"]) for each in world.values()} - {"ana"})])
    return {name: list(reversed(some)) if backwards else list(some) for name, some in found.items()}


SEEN: dict[str, int] = {}


@pytest.mark.law
@settings(max_examples=settings.default.max_examples // 3)  # each is a dozen runs
@given(history=histories)
@example(history=[{"a": deal("", 1, 900)}, {"a": deal("", 1, 0)}, {"a": deal("", 1, 900, "bo")}])
def test_correcting_forward_ends_at_a_clean_computation(rich: tuple[granger.Pack, Path], history: list[World]) -> None:
    pack, folder = rich
    SEEN["unknown"] = SEEN.get("unknown", 0) + any(each["amount"] is None for w in history[:-1] for each in w.values())
    history = [*history[:-1], {name: {**each, "amount": each["amount"] or 0} for name, each in history[-1].items()}]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    ledger = folder / "ledger.db"
    for month, world in zip(MONTHS, history, strict=False):
        proposed = run(pack, data(world), month, ledger)
        if world is history[-1]:
            replay(proposed.outcome)
            mirrored = run(pack, data(world, backwards=True), month, ledger)
            assert mirrored.outcome.payouts == proposed.outcome.payouts  # rows in another order change nothing
        proposed.lock()
    posted = posted_lines(granger.Ledger(ledger).posted())
    clean = run(pack, data(history[-1]), "2026", None).outcome.payouts
    last = MONTHS[len(history) - 1]
    assert sums(posted) == {key: amount for key, amount in sums(clean).items() if key[0] <= last}
    # nobody is ever paid less than nothing: that is carried on
    paid = Counter[tuple[str, str]]()
    for line in posted:
        paid[line.payee, line.period] += line.amount or 0  # type: ignore[assignment]
    assert all(amount >= 0 for amount in paid.values())
    assert granger.Ledger(ledger).verify() == []
    SEEN["corrected"] = SEEN.get("corrected", 0) + sum(1 for line in posted if line.corrects)
    SEEN["carried"] = SEEN.get("carried", 0) + sum(1 for line in posted if line.kind == CARRIED)


def test_the_law_met_corrections_and_totals_below_zero() -> None:
    assert SEEN["corrected"] > 30 and SEEN["carried"] > 3 and SEEN["unknown"] > 5
