"""Levelling against a solver that knows nothing of it (OR-tools), and what it promises of itself."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from granger.engine.outcome.tasks.levelling import Movable, levelled
from ortools.sat.python import cp_model

SIZES = [15, 30, 45, 60, 90, 120, 240]
Drawn = tuple[list[Movable], list[int]]


def drawn(seed: int, *, equal: bool) -> Drawn:
    """A person's touches and weeks: some weeks off, a rush in the middle, 60 to 105 % of the time asked for."""
    r = Random(seed)
    weeks = r.randint(4, 13)
    capacity = [r.choice([300, 420, 600]) if r.random() > 0.1 else r.choice([0, 120]) for _ in range(weeks)]
    wanted, touches = sum(capacity) * r.uniform(0.6, 1.05), list[Movable]()
    while wanted > 0:
        asked = weeks // 2 if r.random() < 0.3 else r.randrange(weeks)
        first, last = max(0, asked - r.randint(0, 3)), min(weeks - 1, asked + r.randint(0, 3))
        minutes = 60 if equal else r.choice(SIZES)
        touches.append(Movable(f"T{len(touches):03d}", minutes, asked, tuple(range(first, last + 1))))
        wanted -= minutes
    return touches, capacity


def least(touches: Sequence[Movable], capacity: Sequence[int]) -> int:
    """The least overload that there is, proven by the solver."""
    model = cp_model.CpModel()
    inside = {(i, week): model.new_bool_var("") for i, touch in enumerate(touches) for week in touch.weeks}
    for i, touch in enumerate(touches):
        model.add_exactly_one(inside[i, week] for week in touch.weeks)
    over = [model.new_int_var(0, 100_000, "") for _ in capacity]
    for week, minutes in enumerate(capacity):
        asked = sum(touch.minutes * inside[i, week] for i, touch in enumerate(touches) if week in touch.weeks)
        model.add(asked - minutes <= over[week])
    model.minimize(sum(over))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, 60
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


def overload(touches: Sequence[Movable], capacity: Sequence[int], at: Sequence[int]) -> int:
    load = [0] * len(capacity)
    for touch, week in zip(touches, at, strict=True):
        assert week in touch.weeks
        load[week] += touch.minutes
    return sum(max(0, has - minutes) for has, minutes in zip(load, capacity, strict=True))


def compared(seeds: Sequence[int], *, equal: bool) -> list[tuple[int, int]]:
    """The overload that remains, and the least there is, of each instance."""
    found = []
    for seed in seeds:
        touches, capacity = drawn(seed, equal=equal)
        found.append((overload(touches, capacity, levelled(touches, capacity)), least(touches, capacity)))
    return found


def kinds(found: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """How many instances can do without an overload, and how many cannot."""
    feasible = sum(best == 0 for _, best in found)
    return feasible, len(found) - feasible


def held(found: Sequence[tuple[int, int]]) -> None:
    """At most 5 % of feasible instances keep an overload; of the rest, 95 % are within 10 % of the least."""
    kept = sum(over > 0 for over, best in found if best == 0)
    near = sum(over * 10 <= best * 11 for over, best in found if best > 0)
    feasible, others = kinds(found)
    assert kept * 20 <= feasible
    assert near * 100 >= 95 * others


def test_touches_of_one_length_keep_no_avoidable_overload() -> None:
    found = compared(range(25), equal=True)
    assert kinds(found) == (19, 6)
    assert all(over == best for over, best in found)


def test_touches_of_several_lengths() -> None:
    found = compared(range(20), equal=False)
    assert kinds(found) == (12, 8)
    held(found)


@pytest.mark.slow
def test_two_hundred_of_one_length() -> None:
    found = compared(range(200), equal=True)
    assert kinds(found) == (148, 52)
    assert all(over == best for over, best in found)


@pytest.mark.slow
def test_two_hundred_of_several_lengths() -> None:
    found = compared(range(200), equal=False)
    assert kinds(found) == (123, 77)
    held(found)


@pytest.mark.parametrize("equal", [True, False])
def test_levelling_what_was_levelled_moves_nothing(equal: bool) -> None:
    moved = 0
    for seed in range(300, 308):
        touches, capacity = drawn(seed, equal=equal)
        at = levelled(touches, capacity)
        assert overload(touches, capacity, at) <= overload(touches, capacity, [touch.asked for touch in touches])
        moved += sum(week != touch.asked for touch, week in zip(touches, at, strict=True))
        again = [Movable(t.key, t.minutes, week, t.weeks) for t, week in zip(touches, at, strict=True)]
        assert levelled(again, capacity) == at, seed
    assert moved > 15


def test_what_fits_stays_where_it_is_asked_for() -> None:
    touches, capacity = drawn(5, equal=False)
    roomy = [10_000] * len(capacity)
    assert levelled(touches, roomy) == [touch.asked for touch in touches]


def test_only_what_must_move_moves_and_to_the_nearest_week() -> None:
    touches = [Movable(f"t{i}", 60, 2, (0, 1, 2, 3, 4)) for i in range(3)]
    assert levelled(touches, [600, 600, 120, 600, 600]) == [1, 2, 2]


def test_an_earlier_deadline_leaves_first() -> None:
    touches = [Movable("a", 60, 1, (1, 2, 3)), Movable("b", 60, 1, (0, 1)), Movable("c", 60, 1, (1,))]
    assert levelled(touches, [60, 120, 0, 60]) == [1, 0, 1]


def test_a_chain_makes_room() -> None:
    """Week 0 is full with what may go to week 1 only, whose own may go on to week 2."""
    touches = [Movable("a", 60, 0, (0, 1)), Movable("b", 60, 0, (0,)), Movable("c", 60, 1, (1, 2))]
    assert levelled(touches, [60, 60, 60]) == [1, 0, 2]


def test_a_customer_without_room_is_not_given_one_more_contact() -> None:
    touches = [Movable("a", 60, 0, (0, 1, 2), "A1"), Movable("b", 60, 0, (0,))]
    assert levelled(touches, [60, 60, 60], {("A1", 1): 0}) == [2, 0]
    assert levelled(touches, [60, 60, 60], {("A1", 1): 0, ("A1", 2): 0}) == [0, 0]
