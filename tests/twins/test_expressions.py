"""Expressions by every reading are those of the reference, over tables made to be nasty: 200,000 cells, no difference."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import get_args

import pytest
from granger.engine.language.signatures import FUNCTIONS, HELD_SINCE
from granger.engine.language.tree import Node

from .drawn_tables import PROFILES
from .readings import Batch, batch, constructs, of_columns, of_generated

SIGNS = {"+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "in", "not in"}
"""``and or not`` and the choice have nodes of their own; ``80%`` is a way to write a number."""


HEIGHTS = (240, 240, 1, 240, 240, 0, 240, 2)


def ordinary(seed: int) -> Batch:
    return batch(seed, 30, HEIGHTS[seed // 2 % 8], extreme=False)


def extreme(seed: int) -> Batch:
    return batch(seed, 30, HEIGHTS[seed // 2 % 8] // 2 or 1, extreme=True)


def sweep(seeds: range) -> Counter[str]:
    swept = Counter[str]()
    for seed in seeds:
        hard = seed % 2 == 1
        some = extreme(seed) if hard else ordinary(seed)
        here = Counter[str]()
        found = [*islice(of_columns(some, 1 if hard else 15, here), 3), *islice(of_generated(some, here), 3)]
        assert not found, f"seed {seed}\n" + "\n".join(map(str, found))
        swept.update(some.templates.values())
        swept.update(f"profile {profile}" for profile in some.table.profiles.values())
        for expression in some.expressions.values():
            swept.update(constructs(expression))
        swept.update({f"{name}, {'extreme' if hard else 'ordinary'}": count for name, count in here.items()})
    return swept


def enough(swept: Counter[str], cells: int) -> None:
    by_columns = swept["columns cells, ordinary"] + swept["columns cells, extreme"]
    generated = swept["generated cells, ordinary"] + swept["generated cells, extreme"]
    assert by_columns >= cells and generated >= cells
    assert swept["columns cells, extreme"] >= cells // 6
    missing = swept["missing, ordinary"] + swept["missing, extreme"]
    assert by_columns // 10 < missing < by_columns * 3 // 4
    assert swept["replayed, ordinary"] <= swept["columns cells, ordinary"] // 100
    nodes = {node.__name__ for node in get_args(Node)}
    # the name of a role stands for what only a workspace knows: test_workspaces
    met = nodes | SIGNS | (FUNCTIONS.keys() - {HELD_SINCE}) | {f"profile {profile}" for profile in PROFILES}
    assert {name: swept[name] for name in met if swept[name] < 10} == {}


def test_expressions_mean_the_same_by_every_reading() -> None:
    enough(sweep(range(92)), 200_000)


@pytest.mark.slow
def test_more_expressions_mean_the_same_by_every_reading() -> None:
    enough(sweep(range(1_000, 1_400)), 1_000_000)
