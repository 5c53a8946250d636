"""The nine faults that matter, planted where each reading could have them: the twins of test_expressions catch each.

A faulty reading is shown the batches that the sound one was held to, and is caught by a cell that differs or a failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import chain

import pytest

from . import faults_of_columns as columns
from . import faults_of_generated as generated
from .readings import COLUMNS, GENERATED, Batch, of_columns, of_generated
from .test_expressions import extreme, ordinary

BATCHES = 24
"""At most, of about 5,000 cells each."""

Plant = Callable[[pytest.MonkeyPatch], None]
FAULTS: dict[str, list[tuple[str, Plant]]] = {
    "a range proof one bit too narrow": [
        (COLUMNS, columns.width_of_unsigned),
        (COLUMNS, columns.narrow_product),
        (COLUMNS, columns.narrow_sum),
        (COLUMNS, columns.narrow_difference),
        (GENERATED, generated.bits_one_too_many),
    ],
    "tie rule swapped": [(COLUMNS, columns.half_to_even), (GENERATED, generated.half_to_even)],
    "floor for round on negatives": [(COLUMNS, columns.floor_for_round), (GENERATED, generated.floor_for_round)],
    "missing treated as false": [
        (COLUMNS, columns.false_in_logic),
        (COLUMNS, columns.false_in_alternatives),
        (COLUMNS, columns.false_in_comparisons),
        (COLUMNS, columns.false_in_not),
        (GENERATED, generated.false_in_logic),
        (GENERATED, generated.false_in_comparisons),
    ],
    "a lost missing of a denominator": [
        (COLUMNS, columns.lost_missing_of_a_divisor),
        (COLUMNS, columns.zero_divisor_kept),
        (GENERATED, generated.lost_missing_of_a_divisor),
    ],
    "`>=` as `>`": [
        (COLUMNS, columns.greater_for_at_least),
        (COLUMNS, columns.greater_for_at_least_mirrored),
        (GENERATED, generated.greater_for_at_least),
    ],
    "a negative denominator not normalised": [
        (COLUMNS, columns.negative_divisor_kept),
        (GENERATED, generated.negative_divisor_kept),
    ],
    "`else` on a missing condition": [
        (COLUMNS, columns.else_on_missing),
        (COLUMNS, columns.else_without_guard),
        (GENERATED, generated.else_on_missing),
    ],
    "a sum in floats": [(COLUMNS, columns.sum_in_floats), (GENERATED, generated.sum_in_floats)],
}
PLANTED = [
    pytest.param(reading, plant, id=f"{fault}-{reading}-{plant.__name__}")
    for fault, some in FAULTS.items()
    for reading, plant in some
]


@cache
def known(seed: int) -> Batch:
    """With the reference's values, which no fault touches."""
    return extreme(seed) if seed % 2 else ordinary(seed)


def caught_at(reading: str) -> int:
    """The batch in which a difference is found, from 1; 0 for none."""
    for seed in range(BATCHES):
        some, swept = known(seed), Counter[str]()
        found = of_columns(some, 1 if seed % 2 else 15, swept) if reading == COLUMNS else of_generated(some, swept)
        if next(chain(found), None) is not None:
            return seed + 1
        assert swept[f"{reading} cells"] or not some.table.height, "nothing was computed"
    return 0


def test_nine_faults_in_both_readings() -> None:
    assert len(FAULTS) == 9
    assert all({reading for reading, _ in some} == {COLUMNS, GENERATED} for some in FAULTS.values())


@pytest.mark.parametrize("reading", [COLUMNS, GENERATED])
def test_a_sound_reading_is_not_caught(reading: str) -> None:
    assert caught_at(reading) == 0


@pytest.mark.parametrize(("reading", "plant"), PLANTED)
def test_a_planted_fault_is_caught(reading: str, plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    known(0), known(1)
    plant(monkeypatch)
    at = caught_at(reading)
    assert at
