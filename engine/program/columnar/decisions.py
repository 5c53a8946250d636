"""Decision tables in columns: which row was hit, as a step; and each account's decision, as the reference has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ...language.columnar.lower import Day, Operand
from ...language.columnar.numbers import Arm, Number
from ...language.columnar.steps import INTEGER, TRUTH, Step
from ...language.tree import Expression
from ..columns import Decided
from ..compile import Choice, Pick
from ..decisions import CONFLICT, DECIDED, HELD, OUT_OF_SCOPE, OVERRIDDEN, TENTATIVE, UNDECIDED, UNMATCHED
from .frame import Frame

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Deciding:
    """The steps of one choice. ``first`` is the first condition that holds, or the row for when none does; ``hit`` the
    row that decides, ``natural`` but for overrides and for the tiers that are kept;
    ``conflict`` is set where rows that hold exclude each other."""

    choice: Choice
    conditions: tuple[Step, ...]
    population: Step | None
    first: Step
    count: Step
    conflict: Step
    pinned: pl.Series | None
    kept: Kept | None
    natural: Step
    hit: Step

    @property
    def steps(self) -> tuple[Step, ...]:
        """What a decision is told from: of conditions under ``first``, those that may be undecided."""
        inside = (self.population,) if self.population is not None else ()
        all_count = self.choice.hit_policy != "first"
        conditions = [condition for condition in self.conditions if all_count or condition.nullable]
        return (*conditions, *inside, self.first, self.count, self.conflict, self.natural, self.hit)


@dataclass(frozen=True, slots=True)
class Kept:
    """The row (Int64) that ``hold`` keeps for each account, and the first day without it; null where it keeps none."""

    hit: pl.Series
    until: pl.Series


def deciding(
    frame: Frame,
    choice: Choice,
    pinned: pl.Series | None,
    kept: Kept | None,
    disagree: Callable[[pl.Series], pl.Series],
) -> Deciding:
    """``pinned`` (Int64) is the row that an override names; ``disagree`` says of accounts (their rows in the frame) on
    which several conditions hold whether the values of those differ."""
    graph = frame.graph
    conditions = tuple(frame.truth(condition) for condition in choice.conditions)
    population = frame.truth(choice.population) if choice.population is not None else None
    first = hit = graph.first_true(conditions, choice.default)
    count = graph.constant(0) if choice.hit_policy == "first" else graph.how_many_true(conditions)
    conflict = graph.constant(False)
    if choice.hit_policy == "unique" and len(conditions) > 1:
        conflict = graph.compare(">", count, graph.constant(1))
    if choice.hit_policy == "any" and len(conditions) > 1:
        conflict = _disagreement(frame, choice, count, disagree)
    if not conflict.is_constant:
        hit = graph.only_where(graph.negate(conflict), hit)
    if population is not None:
        hit = graph.only_where(population, hit)
    natural = hit
    if kept is not None:
        hit = graph.coalesce(_kept(frame, choice, population, kept, natural), natural)
    if pinned is not None:
        override = frame.inputs.step(f"override {choice.name}", pinned, INTEGER)
        hit = graph.coalesce(override, hit)
    return Deciding(choice, conditions, population, first, count, conflict, pinned, kept, natural, hit)


def _kept(frame: Frame, choice: Choice, population: Step | None, kept: Kept, natural: Step) -> Step:
    """The row that is kept, where the policy is for the account and another tier, or none, is decided."""
    graph = frame.graph
    row = frame.inputs.step(f"kept {choice.name}", kept.hit, INTEGER)
    same = graph.compare("==", graph.lookup(natural, _first_rows(choice), INTEGER), row)
    certain = graph.all_of([same, graph.negate(graph.is_missing(same))])
    row = graph.only_where(graph.negate(certain), row)
    if population is not None:
        row = graph.only_where(graph.any_of([population, graph.is_missing(population)]), row)
    return row


def _first_rows(choice: Choice) -> tuple[int, ...]:
    """For each row the first of the same tier."""
    names = [row.name for row in choice.rows]
    return tuple(names.index(name) for name in names)


def _disagreement(frame: Frame, choice: Choice, count: Step, disagree: Callable[[pl.Series], pl.Series]) -> Step:
    """Rows of several hits are few: the reference says of each whether its values agree."""
    several = (frame.series(count) > 1).arg_true()
    if not len(several):
        return frame.graph.constant(False)
    found = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True).scatter(several, disagree(several))
    return frame.inputs.step(f"conflict {choice.name}", found, TRUTH)


def picked(frame: Frame, pick: Pick, hit: Step, value_of: Callable[[Expression], Operand | None]) -> Operand | None:
    """The value that the row hit gives: looked up where all rows write theirs out, else chosen."""
    operands = [None if expression is None else value_of(expression) for expression in pick.values]
    known = [operand for operand in operands if operand is not None]
    if not known or (hit.is_constant and hit.data is None):
        return None
    if all(isinstance(operand, Number) and operand.over is None for operand in known):
        return _looked_up(frame, hit, operands)
    graph = frame.graph
    if any(isinstance(operand, Number) for operand in known):
        missing = frame.lowering.numbers.missing()
        values = [operand if isinstance(operand, Number) else missing for operand in operands]
        arms = [Arm(graph.compare("==", hit, graph.constant(i)), value) for i, value in enumerate(values)]
        return frame.lowering.numbers.choice([*arms, Arm(None, missing)])
    steps = [
        operand.step if isinstance(operand, Day) else operand for operand in operands if not isinstance(operand, Number)
    ]
    kind = next(step.kind for step in steps if step is not None)
    if all(step is None or step.is_constant for step in steps):
        data = tuple(None if step is None else step.data for step in steps)
        found = graph.lookup(hit, data, kind)  # type: ignore[arg-type]
    else:
        found = graph.constant(None, kind)
        for i, step in reversed(list(enumerate(steps))):
            own = step if step is not None else graph.constant(None, kind)
            found = graph.where(graph.compare("==", hit, graph.constant(i)), own, found)
    return Day(found) if any(isinstance(operand, Day) for operand in known) else found


def _looked_up(frame: Frame, hit: Step, operands: list[Operand | None]) -> Number:
    numbers = [operand.constant if isinstance(operand, Number) else None for operand in operands]
    unit = frame.lowering.numbers.unit([number for number in numbers if number is not None])
    data = tuple(None if number is None else int(number / unit) for number in numbers)
    return Number(unit, frame.graph.lookup(hit, data, INTEGER))


def decided(frame: Frame, found: Deciding, absent: Callable[[Expression], dict[str, Step]]) -> Decided:
    """Every account's decision. ``absent`` gives for each name that an expression reads whether it is missing."""
    frame.stages.run(found.steps)
    choice, height = found.choice, frame.height
    conditions = {i: frame.series(step) for i, step in enumerate(found.conditions) if step.nullable}
    first, count, conflict = frame.series(found.first), frame.series(found.count), frame.series(found.conflict)
    hit = frame.series(found.natural)
    inside = frame.series(found.population) if found.population is not None else _all(True, height)
    pinned = found.pinned.is_not_null() if found.pinned is not None else _all(False, height)
    looked = inside.fill_null(False) & ~pinned
    open_ = _undecided(choice, conditions, first)
    none = first.is_null() | (first == len(found.conditions)).fill_null(False)
    status = pl.select(
        pl.when(pinned)
        .then(pl.lit(OVERRIDDEN))
        .when(inside.is_null())
        .then(pl.lit(UNDECIDED))
        .when(~inside)
        .then(pl.lit(OUT_OF_SCOPE))
        .when(conflict)
        .then(pl.lit(CONFLICT))
        .when(none & open_)
        .then(pl.lit(UNDECIDED))
        .when(none & hit.is_null())
        .then(pl.lit(UNMATCHED))
        .when(~none & open_)
        .then(pl.lit(TENTATIVE))
        .otherwise(pl.lit(DECIDED))
    ).to_series()
    missing = _missing(frame, found, conditions, first, (inside.is_null() & ~pinned), looked & open_, absent)
    hit = frame.series(found.hit).zip_with(pinned, hit)
    natural = Decided(_sized(status, height), hit.cast(pl.Int32), _hits(frame, found, count, hit, looked), missing)
    return natural if found.kept is None else _holding(natural, found, found.kept, frame.series(found.hit))


def _holding(natural: Decided, found: Deciding, kept: Kept, hit: pl.Series) -> Decided:
    """With the tiers that are held in the place of those that are decided."""
    names = pl.Series([row.name for row in found.choice.rows], dtype=pl.String)
    free = natural.status.is_in([OVERRIDDEN, OUT_OF_SCOPE])
    same = names.gather(natural.hit) == names.gather(kept.hit)
    held = kept.hit.is_not_null() & ~free & ~same.fill_null(False)
    rows = held.arg_true()
    if rows.is_empty():
        return natural
    lists = hit.gather(rows).cast(pl.Int32).reshape((-1, 1)).cast(pl.List(pl.Int32))
    told = pl.DataFrame({"#": rows, "held": lists})
    hits = (
        pl.DataFrame({"hits": natural.hits}).with_row_index("#").join(told, on="#", how="left", maintain_order="left")
    )
    return Decided(
        natural.status.clone().scatter(rows, HELD),
        hit.cast(pl.Int32),
        hits.select(pl.coalesce("held", "hits")).to_series(),
        natural.missing,
        kept.until.zip_with(held, pl.Series([None], dtype=pl.Date)),
        natural,
    )


def _all(value: bool, height: int) -> pl.Series:
    return pl.repeat(value, height, dtype=pl.Boolean, eager=True)


def _sized(series: pl.Series, height: int) -> pl.Series:
    return series if len(series) == height else series.new_from_index(0, height)


def _undecided(choice: Choice, conditions: Mapping[int, pl.Series], first: pl.Series) -> pl.Series:
    """Whether a condition that counts is missing: under ``first`` those above the one that holds."""
    open_ = _all(False, len(first))
    for i, condition in conditions.items():
        if condition.null_count():
            counts = condition.is_null()
            if choice.hit_policy == "first":
                counts &= (first > i).fill_null(True)
            open_ |= counts
    return open_


def _missing(
    frame: Frame,
    found: Deciding,
    conditions: Mapping[int, pl.Series],
    first: pl.Series,
    outside: pl.Series,
    open_: pl.Series,
    absent: Callable[[Expression], dict[str, Step]],
) -> pl.Series:
    """The names without a value that the undecided conditions read, sorted, joined; looked for in few rows alone."""
    choice = found.choice
    flags: dict[str, pl.Series] = {}

    def note(expression: Expression, rows: pl.Series) -> None:
        if rows.any():
            for name, step in absent(expression).items():
                flag = rows & frame.series(step)
                flags[name] = flags[name] | flag if name in flags else flag

    if choice.population is not None:
        note(choice.population, outside)
    for i, condition in conditions.items():
        if condition.null_count():
            counts = open_ & condition.is_null()
            note(choice.conditions[i], counts & (first > i).fill_null(True) if choice.hit_policy == "first" else counts)
    return joined(flags, frame.height)


def joined(flags: dict[str, pl.Series], height: int) -> pl.Series:
    """The names whose flag is set, sorted, joined by ``", "``; only rows with any are worked on."""
    texts = pl.repeat("", height, dtype=pl.String, eager=True)
    flags = {name: flag for name, flag in flags.items() if flag.any()}
    if not flags:
        return texts
    frame = pl.DataFrame({name: flags[name] for name in sorted(flags)}).with_row_index("#")
    frame = frame.filter(pl.any_horizontal(pl.exclude("#")))
    words = [pl.when(pl.col(name)).then(pl.lit(name)) for name in sorted(flags)]
    found = frame.select("#", text=pl.concat_str(words, separator=", ", ignore_nulls=True))
    return texts.scatter(found["#"], found["text"])


def _hits(frame: Frame, found: Deciding, count: pl.Series, hit: pl.Series, looked: pl.Series) -> pl.Series:
    """All rows hit: the one that decides, or each condition that holds where several may."""
    lists = pl.List(pl.Int32)
    none, one = pl.lit([], dtype=lists), pl.concat_list(pl.col("hit").cast(pl.Int32))
    own = pl.when(pl.col("hit").is_not_null()).then(one).otherwise(none).cast(lists)
    single = pl.DataFrame({"hit": hit}).select(own).to_series()
    several = (looked & (count > 1)).arg_true()
    if not len(several):
        return single
    held = pl.DataFrame({str(i): frame.series(step).gather(several) for i, step in enumerate(found.conditions)})
    listed = [pl.when(pl.col(name)).then(pl.lit(int(name), dtype=pl.Int32)) for name in held.columns]
    more = held.select(held=pl.concat_list(listed).list.drop_nulls()).with_columns(several.cast(pl.UInt32).alias("#"))
    rows = pl.DataFrame({"single": single}).with_row_index("#")
    return rows.join(more, on="#", how="left", maintain_order="left").select(pl.coalesce("held", "single")).to_series()
