"""Aggregation in columns against the reference's own ``take`` and ``in_window``, on data made to be nasty."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace

import polars as pl
import pytest
from granger.engine.columns import ExactColumn, exact_column, whole_numbers
from granger.engine.periods import Period
from granger.engine.policy.model import VERBS
from granger.engine.program.aggregate import Aggregation
from granger.engine.program.divisors import Beyond, with_common_divisor
from granger.engine.program.evaluate import Book
from granger.engine.program.grouped import Grouped, Rows, aggregated, in_window
from granger.engine.program.measured import Measured, _value

AS_OF = date(2026, 9, 30)
TEXTS = ["", "a", "A", "b", "é", "e\u0301", "=1+1", 'say "hi"', "x,y", "two\nlines", "漢字", "\U0001f600", "z", "~"]

Make = Callable[[random.Random, int], ExactColumn]


def over(numbers: Sequence[int | None], divisors: Sequence[int]) -> ExactColumn:
    return ExactColumn("number", whole_numbers(numbers), whole_numbers(divisors))


def some(rng: random.Random, rows: int, of: Callable[[], object]) -> list[object]:
    """One value in six is missing; now and then all or none are."""
    gaps = rng.choice([0, 1 / 6, 1 / 6, 1 / 6, 1])
    return [None if rng.random() < gaps else of() for _ in range(rows)]


def small(rng: random.Random, rows: int) -> ExactColumn:
    return ExactColumn(
        "number", pl.Series(some(rng, rows, lambda: rng.randint(-5, 5)), dtype=pl.Int64), rng.choice([1, 4, 100])
    )


def cents(rng: random.Random, rows: int) -> ExactColumn:
    numbers = some(rng, rows, lambda: rng.choice([0, 1, 5, -1, 10**12, rng.randint(-(10**9), 10**9)]))
    return ExactColumn("number", pl.Series(numbers, dtype=rng.choice([pl.Int64, pl.Int128])), 100)


def edges(rng: random.Random, rows: int) -> ExactColumn:
    near = [2**63 - 1, -(2**63), 2**63, 2**62, -(2**62), 2**62 + 1, 3, 0]
    return ExactColumn(
        "number", pl.Series(some(rng, rows, lambda: rng.choice(near)), dtype=pl.Int128), rng.choice([1, 100, 2**63 - 1])
    )


def wide_edges(rng: random.Random, rows: int) -> ExactColumn:
    near = [2**126, -(2**126), 2**126 - 1, 2**127 - 1, -(2**127), 2**124, -(2**124), 7, 0]
    return ExactColumn(
        "number", pl.Series(some(rng, rows, lambda: rng.choice(near)), dtype=pl.Int128), rng.choice([1, 10, 2**64])
    )


def ratios(rng: random.Random, rows: int) -> ExactColumn:
    numbers = some(rng, rows, lambda: rng.randint(-12, 12))
    return over(numbers, [rng.randint(1, 12) if n is not None else rng.choice([0, -3, 2**90]) for n in numbers])  # type: ignore[arg-type]


def wild_ratios(rng: random.Random, rows: int) -> ExactColumn:
    """No divisor is common to all, but one is to most groups."""
    return over(some(rng, rows, lambda: rng.randint(-(10**4), 10**4)), [rng.randint(1, 10**4) for _ in range(rows)])  # type: ignore[arg-type]


def primes(rng: random.Random, rows: int) -> ExactColumn:
    """Divisors whose product leaves 128 bits after two or three rows."""
    known = [2**31 - 1, 2**61 - 1, 2**89 - 1, 2**107 - 1, 2**127 - 1, 3, 1]
    return over(some(rng, rows, lambda: rng.randint(-9, 9)), [rng.choice(known) for _ in range(rows)])  # type: ignore[arg-type]


def dates(rng: random.Random, rows: int) -> ExactColumn:
    days = [date.min, date.max, date(2024, 2, 29), AS_OF, AS_OF - timedelta(1)]
    return exact_column("date", some(rng, rows, lambda: rng.choice(days)))


def truths(rng: random.Random, rows: int) -> ExactColumn:
    likely = rng.choice([0, 0.1, 0.5, 1])
    return exact_column("boolean", some(rng, rows, lambda: rng.random() < likely))


def texts(rng: random.Random, rows: int) -> ExactColumn:
    return exact_column("text", some(rng, rows, lambda: rng.choice(TEXTS)))


def enums(rng: random.Random, rows: int) -> ExactColumn:
    """The categories stand in an order that is not that of the texts."""
    order = rng.sample(TEXTS, len(TEXTS))
    return ExactColumn("text", texts(rng, rows).series.cast(pl.Enum(order)))


NUMBERS: list[Make] = [small, cents, edges, wide_edges, ratios, wild_ratios, primes]
ANY_KIND = [*NUMBERS, dates, truths, texts, enums]
OF_VERB: dict[str, list[Make]] = {
    "count": ANY_KIND, "distinct": ANY_KIND, "latest": ANY_KIND, "earliest": ANY_KIND,
    "min": ANY_KIND, "max": ANY_KIND, "sum": NUMBERS, "average": NUMBERS, "any": [truths], "share": [truths],
}  # fmt: skip
NEVER_BEYOND = {"small", "cents", "edges", "ratios", "dates", "truths", "texts", "enums"}


def reference(
    verb: str,
    rows: Rows,
    days: list[date | None] | None,
    window: Period | None,
    what: list[object] | None,
    by: list[object] | None,
) -> list[Aggregation]:
    """Row by row through ``Book.in_window`` and ``Book.take``; an expression is the name of its column."""
    definition = SimpleNamespace(
        where="where", what="what" if what is not None else None, over="over" if by is not None else None
    )
    book = SimpleNamespace(value=lambda expression, row: row[expression], as_of=AS_OF, window_of=lambda _: window)
    found = [Aggregation(verb, is_ratio=by is not None) for _ in range(rows.groups)]
    holds = rows.holds.to_list() if rows.holds is not None else [True] * len(rows.group)
    for i, group in enumerate(rows.group.to_list()):
        day = days[i] if days is not None else None
        if group is not None and Book.in_window(book, definition, day):  # type: ignore[arg-type]
            row = {"where": holds[i], "what": what[i] if what else None, "over": by[i] if by else None}
            Book.take(book, definition, found[group], row, day, i)  # type: ignore[arg-type]
    return found


def without(rows: Rows, groups: pl.Series) -> Rows:
    lost = set(groups.to_list())
    kept = [None if group in lost else group for group in rows.group.to_list()]
    return Rows(pl.Series(kept, dtype=pl.UInt32), rows.groups, rows.holds, rows.days)


def answered(verb: str, rows: Rows, what: ExactColumn | None, by: ExactColumn | None) -> tuple[Grouped, set[int]]:
    """As the caller does: groups that cannot be held are taken out until the others have an answer."""
    lost: set[int] = set()
    while True:
        try:
            return aggregated(verb, rows, what, by), lost
        except Beyond as beyond:
            named = beyond.groups.to_list()
            assert named == sorted(set(named)) and not lost & set(named)
            lost |= set(named)
            rows = without(rows, beyond.groups)


def questions(rng: random.Random) -> Iterator[tuple[str, Make | None, bool]]:
    for verb, makes in OF_VERB.items():
        for make in makes:
            yield verb, make, False
    yield "count", None, False
    for make in NUMBERS:
        yield "sum", make, True


def rows_of(rng: random.Random) -> tuple[Rows, list[date | None] | None, Period | None]:
    """Groups in no order, some without rows, rows of nobody, days with ties; the window as the caller applies it."""
    groups = rng.choice([1, 2, 7, 30, 30])
    count = rng.choice([0, 1, groups, 4 * groups, 4 * groups])
    group = pl.Series(
        [rng.randrange(groups) if rng.random() < 0.9 else None for _ in range(count)],
        dtype=rng.choice([pl.Int64, pl.UInt32]),
    )
    day_of = lambda: AS_OF + timedelta(rng.randint(-4, 1)) if rng.random() < 0.9 else rng.choice([date.min, date.max])  # noqa: E731
    days = pl.Series(some(rng, count, day_of), dtype=pl.Date)
    holds = (
        pl.Series([rng.choice([True, True, False, None]) for _ in range(count)], dtype=pl.Boolean)
        if rng.random() < 0.6
        else None
    )
    return Rows(group, groups, holds, days), days.to_list(), rng.choice([None, Period(AS_OF - timedelta(2), AS_OF)])  # type: ignore[return-value]


def test_every_verb_and_kind_is_what_the_reference_says() -> None:
    rng = random.Random(20260930)
    swept: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    values = beyond = missing = 0
    for _ in range(26):
        for verb, make, is_ratio in questions(rng):
            rows, days, window = rows_of(rng)
            count = len(rows.group)
            what = make(rng, count) if make else None
            below = rng.choice(NUMBERS) if is_ratio else None
            by = below(rng, count) if below else None
            assert rows.days is not None
            inside = in_window(rows.days, window, AS_OF)
            asked = Rows(rows.group, rows.groups, inside if rows.holds is None else rows.holds & inside, rows.days)
            found, lost = answered(verb, asked, what, by)
            expected = reference(
                verb,
                rows,
                days,
                window,
                what.values() if what is not None else None,
                by.values() if by is not None else None,
            )  # type: ignore[arg-type]
            read = found.value.values()
            assert len(read) == len(found.population) == len(found.skipped) == rows.groups
            assert found.population.dtype == found.skipped.dtype == pl.UInt32
            for i, truth in enumerate(expected):
                if i in lost:
                    continue
                told = (verb, make and make.__name__, i)
                assert (read[i], type(read[i])) == (truth.value, type(truth.value)), told
                assert (found.population[i], found.skipped[i]) == (len(truth.taken), len(truth.skipped)), told
                missing += truth.value is None
            swept[verb] += rows.groups - len(lost)
            kinds[make.__name__ if make else "rows"] += rows.groups - len(lost)
            values += rows.groups - len(lost)
            beyond += len(lost)
            if make and make.__name__ in NEVER_BEYOND and not is_ratio:
                assert not lost, (verb, make.__name__, lost)
    assert values >= 20_000 and {*swept, "since"} == set(VERBS) and min(swept.values()) >= 250, (values, swept)
    assert min(kinds.values()) >= 250 and len(kinds) == len(ANY_KIND) + 1, kinds
    assert 200 <= beyond <= values / 10 and missing >= 1_000, (beyond, missing)


def test_since_when_rows_hold_is_what_the_reference_says() -> None:
    """Spans that meet, overlap, lie inside of each other or leave a gap; some hold on."""
    rng = random.Random(3)
    swept: Counter[str] = Counter()
    for _ in range(40):
        rows, _, _ = rows_of(rng)
        first = [AS_OF - timedelta(rng.randint(0, 9)) for _ in range(len(rows.group))]
        ends = [rng.choice([date.max, start + timedelta(rng.randint(1, 4))]) for start in first]
        what, over = (exact_column("date", some(rng, len(first), iter(days).__next__)) for days in (first, ends))
        found = aggregated("since", rows, what, over)
        expected = reference(
            "since", Rows(rows.group, rows.groups, rows.holds), None, None, what.values(), over.values()
        )
        for i, truth in enumerate(expected):
            assert found.value.values()[i] == truth.value
            assert (found.population[i], found.skipped[i]) == (len(truth.taken), len(truth.skipped))
            swept["missing" if truth.value is None else "since"] += 1
    assert min(swept.values()) > 100


def test_per_person_values_and_their_status() -> None:
    """A sum that nobody knows is not zero; too few rows have no value."""
    rng = random.Random(7)
    seen: Counter[str] = Counter()
    for _ in range(60):
        for verb in ("sum", "count", "average", "any"):
            rows, _, _ = rows_of(rng)
            what = (truths if verb == "any" else small)(rng, len(rows.group))
            least = rng.choice([0, 1, 2, 5, 10**30])
            found = aggregated(verb, rows, what)
            value, status = found.measured(least)
            truth = [
                _value(a, least)
                for a in reference(verb, Rows(rows.group, rows.groups, rows.holds), None, None, what.values(), None)
            ]  # type: ignore[arg-type]
            for i, (expected, got) in enumerate(zip(truth, value.values(), strict=True)):
                assert isinstance(expected, Measured)
                assert (got, found.population[i], found.skipped[i], status[i]) == (
                    expected.value, expected.population, expected.skipped, expected.status,
                )  # fmt: skip
                seen[status[i]] += 1
    # of no rows an average is missing, and a sum 0 is measured
    assert set(seen) == {"measured", "missing", "population_too_small", "no_rows"} and min(seen.values()) > 20, seen


def rows(*group: int | None, groups: int = 1) -> Rows:
    return Rows(pl.Series(group, dtype=pl.UInt32), groups)


def number(*values: int | None, dtype: type[pl.DataType] = pl.Int64, divisor: int = 1) -> ExactColumn:
    return ExactColumn("number", pl.Series(values, dtype=dtype), divisor)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_sum_at_the_edge_of_64_bits_does_not_wrap(sign: int) -> None:
    most = sign * (2**63 - 1)
    assert aggregated("sum", rows(0, 0), number(most, sign)).value.values() == [sign * 2**63]
    assert aggregated("sum", rows(0, 0), number(most, most)).value.values() == [2 * most]
    assert aggregated("sum", rows(0, 0), number(-(2**63), -(2**63))).value.values() == [-(2**64)]
    assert aggregated("sum", rows(0), number(-(2**63))).value.values() == [-(2**63)]
    assert aggregated("average", rows(0, 0), number(most, most)).value.values() == [most]


def test_a_sum_is_64_bits_wide_where_it_can_be() -> None:
    assert aggregated("sum", rows(0, 0), number(2**62, -5)).value.series.dtype == pl.Int64
    assert aggregated("sum", rows(0, 0), number(2**62, 2**62)).value.series.dtype == pl.Int128


def test_sums_beyond_128_bits_are_refused_group_by_group() -> None:
    wide = number(2**126, 2**126, 2**126, -(2**126), 2**126 - 1, 1, -(2**127), dtype=pl.Int128)
    asked = rows(0, 0, 1, 2, 3, 3, 4, groups=5)
    for verb in ("sum", "average"):
        with pytest.raises(Beyond, match="2 groups") as refused:
            aggregated(verb, asked, wide)
        assert refused.value.groups.to_list() == [0, 4]
        assert refused.value.groups.dtype == pl.UInt32
    kept = aggregated("sum", without(asked, refused.value.groups), wide)
    assert kept.value.values() == [0, 2**126, -(2**126), 2**126, 0]
    assert aggregated("min", asked, wide).value.values() == [2**126, 2**126, -(2**126), 1, -(2**127)]
    edge = number(2**126 - 1, 2**126 - 1, dtype=pl.Int128)
    assert aggregated("sum", rows(0, 0), edge).value.values() == [2**127 - 2]


def test_an_average_whose_divisor_is_beyond_is_refused() -> None:
    assert aggregated("average", rows(0), number(1, divisor=2**126)).value.values() == [Fraction(1, 2**126)]
    with pytest.raises(Beyond) as refused:
        aggregated("average", rows(0, 1, 1, groups=2), number(1, 1, 1, divisor=2**126))
    assert refused.value.groups.to_list() == [1]


def test_a_ratio_of_sums() -> None:
    ratio = aggregated(
        "sum",
        rows(0, 0, 1, 2, 2, 3, groups=5),
        number(1, 2, 5, 3, 4, None, divisor=10),
        number(-2, -2, 0, 1, None, 7, divisor=4),
    )
    assert ratio.value.values() == [Fraction(-3, 10), None, Fraction(6, 5), None, None]
    assert (ratio.population.to_list(), ratio.skipped.to_list()) == ([2, 1, 1, 0, 0], [0, 0, 1, 1, 0])
    with pytest.raises(Beyond) as refused:
        aggregated("sum", rows(0, 1, groups=2), number(2**100, 1, dtype=pl.Int128), number(1, 1, divisor=2**30 - 1))
    assert refused.value.groups.to_list() == [0]


def test_a_common_divisor_is_found_for_all_or_for_each_group() -> None:
    groups = pl.Series([0, 0, 1, None], dtype=pl.UInt32)
    constant = with_common_divisor(over([1, 1, 1, 9], [2, 3, 4, 7]), groups)
    assert constant.divisor == 12 and constant.values() == [Fraction(1, 2), Fraction(1, 3), Fraction(1, 4), None]
    great = 2**61 - 1
    own = with_common_divisor(over([1, 1, 1, None], [great, 6, 4 * (great - 1), 0]), groups)
    assert isinstance(own.divisor, pl.Series) and own.divisor.to_list()[:3] == [6 * great, 6 * great, 4 * (great - 1)]
    assert own.values() == [Fraction(1, great), Fraction(1, 6), Fraction(1, 4 * (great - 1)), None]


def test_ties_on_a_day_go_by_the_file() -> None:
    day = date(2026, 9, 1)
    asked = Rows(pl.Series([0, 1, 0, 1], dtype=pl.UInt32), 2, days=pl.Series([day, date.min, day, date.min]))
    for column in (number(1, 2, 3, 4), exact_column("text", list("abcd")), over([1, 2, 3, 4], [5, 6, 7, 8])):
        given = column.values()
        assert aggregated("latest", asked, column).value.values() == given[2:]
        assert aggregated("earliest", asked, column).value.values() == given[:2]


def test_latest_needs_days() -> None:
    with pytest.raises(TypeError, match="latest goes by days"):
        aggregated("latest", rows(0), number(1))


def test_what_is_equal_is_not_distinct() -> None:
    assert aggregated("distinct", rows(0, 0, 0), over([1, 2, 3], [2, 4, 5])).value.values() == [2]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("groups", [0, 1, 3])
def test_no_rows_at_all(verb: str, groups: int) -> None:
    what = exact_column("boolean", []) if verb in ("any", "share") else number()
    empty = Rows(pl.Series([], dtype=pl.UInt32), groups, days=pl.Series([], dtype=pl.Date))
    found = aggregated(verb, empty, what)
    assert found.value.values() == [Aggregation(verb).value] * groups
    assert found.population.to_list() == found.skipped.to_list() == [0] * groups


def test_the_same_rows_give_the_same_bytes() -> None:
    rng = random.Random(3)
    group = pl.Series([rng.randrange(500) for _ in range(3_000)], dtype=pl.UInt32)
    what = wild_ratios(rng, 3_000)
    found = [answered("average", Rows(group, 500), what, None)[0].value for _ in range(4)]
    assert isinstance(found[0].divisor, pl.Series) and found[0].divisor.dtype == pl.Int128
    written = {(tuple(value.series.to_list()), tuple(value.divisor.to_list())) for value in found}  # type: ignore[union-attr]
    assert len(written) == 1
