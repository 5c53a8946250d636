"""The laws of rate tables and splits: no pay changes with how a bracket is written, and parts sum to the whole."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.diagnostics import Origin, Span
from granger.engine.language.expression import constant
from granger.engine.outcome.pay.rates import band_of, on_curve, segments, slices
from granger.engine.outcome.pay.whole_bands import WholeBands
from granger.engine.policy.model_pay import Band, Bands, Curve, RateTable
from granger.engine.runners.memory import Outcome
from hypothesis import given, settings
from hypothesis import strategies as st

SPAN = Span("comp.yaml", 1, 1, 1, 2)
pytestmark = pytest.mark.law
KINDS = ("marginal", "whole_amount", "top_tier_on_overage")

EDGES = st.lists(st.integers(1, 400), min_size=1, max_size=6, unique=True).map(sorted)
RATES = st.lists(st.integers(0, 40), min_size=7, max_size=7)
AMOUNTS = st.fractions(min_value=-50, max_value=500, max_denominator=100)
ZERO = Fraction(0)


def bands(edges: list[int], rates: list[int], *, rising: bool) -> tuple[Bands, list[Fraction]]:
    """``rates[0]`` is below all edges. The rates are given in the order of the rows, as the payer would read them."""
    shown = [Fraction(rate, 100) for rate in rates[: len(edges) + 1]]
    rows = [*zip(map(Fraction, edges), shown, strict=False), (None, shown[-1])]
    if not rising:
        rows = [*reversed(list(zip(map(Fraction, edges), shown[1:], strict=True))), (None, shown[0])]
    made = [Band(edge, constant(rate, str(rate), Origin("", ((0, 1, 1),))), SPAN) for edge, rate in rows]
    return Bands(tuple(made), rising, SPAN), [rate for _, rate in rows]


def pay(
    kind: str, edges: list[int], rates: list[int], amount: Fraction, *, rising: bool = True, of: int = 0,
    retroactive: int | None = None, after: Fraction = ZERO,
) -> Fraction:  # fmt: skip
    """``retroactive``: which band is, lowest first."""
    shape, known = bands(edges, rates, rising=rising)
    quota = Fraction(of) if of else None
    table = [
        replace(each, retroactive=True) if i == retroactive else each
        for i, each in enumerate(segments(shape, known, quota))
    ]
    return sum((part.earning for part in slices(kind, table, amount, quota, after)), ZERO)


def by_hand(kind: str, edges: list[int], rates: list[int], amount: Fraction) -> Fraction:
    """Unit by unit: what lies between two edges is paid at the rate between them."""
    reached = sum(1 for edge in edges if amount >= edge)
    if kind == "whole_amount" or amount <= 0:
        return amount * Fraction(rates[reached], 100)
    bounds = [Fraction(0), *map(Fraction, edges), amount]
    total = Fraction(0)
    for i, (low, high) in enumerate(itertools.pairwise([*bounds[: reached + 1], amount])):
        total += (high - low) * Fraction(rates[i], 100)
    return total


@pytest.mark.parametrize("kind", ["marginal", "whole_amount"])
@given(EDGES, RATES, AMOUNTS, st.booleans())
def test_pay_is_what_is_worked_out_by_hand(
    kind: str, edges: list[int], rates: list[int], amount: Fraction, rising: bool
) -> None:
    assert pay(kind, edges, rates, amount, rising=rising) == by_hand(kind, edges, rates, amount)


@pytest.mark.parametrize("kind", KINDS)
@given(EDGES, RATES, AMOUNTS, st.integers(1, 450))
def test_both_directions_of_bands_pay_the_same(
    kind: str, edges: list[int], rates: list[int], amount: Fraction, of: int
) -> None:
    both = [pay(kind, edges, rates, amount, rising=rising, of=of) for rising in (True, False)]
    assert both[0] == both[1]


@pytest.mark.parametrize("kind", KINDS)
def test_splitting_a_bracket_at_an_equal_rate_changes_no_pay(kind: str) -> None:
    split = 0

    @given(EDGES, RATES, AMOUNTS, st.integers(1, 400), st.sampled_from([0, 1, 3]))
    def law(edges: list[int], rates: list[int], amount: Fraction, cut: int, of: int) -> None:
        nonlocal split
        if cut in edges:
            return
        at = sum(1 for edge in edges if edge < cut)
        finer = [*edges[:at], cut, *edges[at:]]
        known = rates[: len(edges) + 1]
        assert pay(kind, finer, [*known[: at + 1], known[at], *known[at + 1 :]], amount, of=of) == pay(
            kind, edges, known, amount, of=of
        )
        split += 1

    if kind == "top_tier_on_overage":
        split += 200  # without a quota it is whole_amount: nothing to count
    law()
    assert split >= settings().max_examples * 2 // 3


@given(EDGES, RATES, AMOUNTS, AMOUNTS)
def test_marginal_pay_never_falls_and_never_jumps(
    edges: list[int], rates: list[int], one: Fraction, other: Fraction
) -> None:
    """Between two amounts it rises by no less than the least and no more than the greatest rate."""
    low, high = sorted((one, other))
    rise = pay("marginal", edges, rates, high) - pay("marginal", edges, rates, low)
    known = [Fraction(rate, 100) for rate in rates[: len(edges) + 1]]
    assert min(known) * (high - low) <= rise <= max(known) * (high - low)


@given(EDGES, RATES)
def test_marginal_pay_meets_itself_at_every_edge(edges: list[int], rates: list[int]) -> None:
    near = Fraction(1, 10**12)
    for edge in (0, *edges):
        at = pay("marginal", edges, rates, Fraction(edge))
        assert abs(pay("marginal", edges, rates, edge - near) - at) <= near
        assert abs(pay("marginal", edges, rates, edge + near) - at) <= near


@pytest.mark.parametrize("kind", KINDS)
@given(EDGES, RATES, AMOUNTS, st.integers(1, 3))
def test_slices_sum_to_the_amount(kind: str, edges: list[int], rates: list[int], amount: Fraction, of: int) -> None:
    shape, known = bands(edges, rates, rising=True)
    cut = slices(kind, segments(shape, known, Fraction(of)), amount, Fraction(of))
    assert sum((part.amount for part in cut), Fraction(0)) == amount
    assert all(part.earning == part.amount * (part.rate or 0) for part in cut)


@given(EDGES, RATES, AMOUNTS, st.integers(1, 9))
def test_a_quota_scales_the_edges(edges: list[int], rates: list[int], amount: Fraction, of: int) -> None:
    for kind in ("marginal", "whole_amount"):
        scaled = [edge * of for edge in edges]
        assert pay(kind, edges, rates, amount, of=of) == pay(kind, scaled, rates, amount)


@given(EDGES, RATES, AMOUNTS, st.integers(1, 6), st.booleans())
def test_a_retroactive_band_re_rates_all_below_it_and_nothing_above(
    edges: list[int], rates: list[int], amount: Fraction, which: int, rising: bool
) -> None:
    """Below its edge as if it were not written so; from there on as if its rate stood in all bands below it."""
    which = 1 + which % len(edges)
    again = pay("marginal", edges, rates, amount, rising=rising, retroactive=which)
    levelled = [rates[which]] * which + rates[which:]
    reached = amount >= edges[which - 1]
    assert again == pay("marginal", edges, levelled if reached else rates, amount, rising=rising)


@pytest.mark.parametrize("kind", KINDS)
@given(
    EDGES, RATES, AMOUNTS, st.fractions(Fraction(1, 7), 400, max_denominator=12), st.booleans(), st.integers(0, 6),
    st.sampled_from(["", "exclusive", "quota", "exclusive quota"]),
)  # fmt: skip
def test_in_whole_numbers_a_table_earns_what_its_slices_do(
    kind: str, edges: list[int], rates: list[int], amount: Fraction, of: Fraction, rising: bool, which: int, how: str
) -> None:
    shape, known = bands(edges, rates, rising=rising)
    rows = [
        replace(row, retroactive=kind == "marginal" and i == which, edge=row.edge / 3 if row.edge is not None else None)
        for i, row in enumerate(shape.rows)
    ]
    shape = replace(shape, rows=tuple(rows), exclusive="exclusive" in how and not rising)
    quota = of if "quota" in how else None
    cut = slices(kind, segments(shape, known, quota), amount, quota)
    whole = WholeBands.of(RateTable(kind, shape, "period", SPAN))
    assert whole is not None
    number, divisor = whole.earned(amount.numerator, amount.denominator, quota)
    assert Fraction(number, divisor) == sum((part.earning for part in cut), ZERO)


@given(EDGES, RATES, st.lists(AMOUNTS, max_size=6), st.one_of(st.none(), st.integers(1, 6)))
def test_one_after_the_other_earns_what_the_sum_does(
    edges: list[int], rates: list[int], amounts: list[Fraction], which: int | None
) -> None:
    """In any order, clawbacks among them, and with a band that re-rates those before."""
    which = which if which is None else 1 + which % len(edges)
    running = sum(
        pay("marginal", edges, rates, amount, after=sum(amounts[:i], ZERO), retroactive=which)
        for i, amount in enumerate(amounts)
    )
    assert running == pay("marginal", edges, rates, sum(amounts, ZERO), retroactive=which)


@given(EDGES, RATES, AMOUNTS, AMOUNTS, st.integers(1, 400))
def test_slices_after_others_sum_to_the_amount(
    edges: list[int], rates: list[int], amount: Fraction, after: Fraction, of: int
) -> None:
    shape, known = bands(edges, rates, rising=True)
    for kind in KINDS:
        cut = slices(kind, segments(shape, known, None), amount, Fraction(of), after)
        assert sum((part.amount for part in cut), ZERO) == amount


@given(EDGES, RATES, st.integers(0, 400))
def test_an_edge_belongs_to_the_band_below_it_where_it_is_written_above(
    edges: list[int], rates: list[int], amount: int
) -> None:
    """Just below an edge both readings agree; on it ``above`` still pays what just below it is paid."""
    shape, known = bands(edges, rates, rising=False)
    exclusive = segments(replace(shape, exclusive=True), known, None)
    near = Fraction(amount) - Fraction(1, 1000)
    (found,) = slices("whole_amount", exclusive, Fraction(amount), None)
    assert found.rate == slices("whole_amount", segments(shape, known, None), near, None)[0].rate
    assert [band_of(shape, amount).edge, band_of(replace(shape, exclusive=True), amount).edge] == [
        max((edge for edge in edges if edge <= amount), default=None),
        max((edge for edge in edges if edge < amount), default=None),
    ]


def test_with_rising_rates_more_on_overage_is_never_paid_less() -> None:
    @given(EDGES, RATES.map(sorted), st.sampled_from([0, 1, 50]), st.integers(0, 300), st.data())
    def law(edges: list[int], rates: list[int], one: int, more: int, data: st.DataObject) -> None:
        of = data.draw(st.sampled_from(edges))
        shape, known = bands(edges, rates, rising=True)
        table = segments(shape, known, None)
        paid = [
            sum(part.earning for part in slices("top_tier_on_overage", table, Fraction(amount), Fraction(of)))
            for amount in (of + one, of + one + more)
        ]
        assert paid[0] <= paid[1]

    law()


@given(EDGES.filter(lambda edges: len(edges) > 1), RATES, AMOUNTS)
def test_a_point_on_a_straight_line_changes_no_curve(edges: list[int], rates: list[int], amount: Fraction) -> None:
    points = tuple((Fraction(edge), Fraction(rate)) for edge, rate in zip(edges, rates, strict=False))
    (x1, y1), (x2, y2) = points[0], points[1]
    finer = (points[0], ((x1 + x2) / 2, (y1 + y2) / 2), *points[1:])
    for end in ("hold", "extend", "zero"):
        one = on_curve(Curve(points, SPAN, end, end), amount, None)
        other = on_curve(Curve(finer, SPAN, end, end), amount, None)
        assert [part.earning for part in one] == [part.earning for part in other]


TOP = """\
kind: workspace
name: w
currency: CNY
roles: {csm: {}}
tables:
  accounts: {file: a.csv, key: account_id, fields: {account_id: text}}
  people: {file: p.csv, key: person, fields: {person: person}}
  assignments:
    file: h.csv
    valid: {from: starts_on}
    fields:
      account_id: {refers_to: accounts}
      role: text
      person: {refers_to: people}
      starts_on: {kind: date, required: false}
      split: percent
  deals:
    file: d.csv
    key: deal_id
    dated_by: closed_on
    fields: {deal_id: text, account_id: {refers_to: accounts}, amount: money, closed_on: date, sold_by: {refers_to: people}}
"""
PLAN = """\
kind: comp
name: plan
effective: {from: 2026-01-01}
payees: true
period: quarter
negative: pay
components:
  - component: c
    credit: {table: deals, amount: amount, to: [{to: sold_by, share: SHARE%}, {to: csm, share: 100% - SHARE%}]}
    HOW
"""
WAYS = (
    "rate: 7.5%",
    "rate_table: {kind: marginal, accumulate: period, bands: [{rate: 3%, below: 100}, {rate: 7%}]}",
    "rate_table: {kind: whole_amount, accumulate: each_credit, bands: [{rate: 3%, below: 100}, {rate: 7%}]}",
    "{rate: 7.5%, cap: 20}",
    "{rate: 7.5%, floor: 30, rounding: half_even}",
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Outcome]:
    folder: Path = tmp_path_factory.mktemp("splits")
    (folder / "granger.yaml").write_text(TOP, encoding="utf-8")

    def run(way: str, share: int, held: list[int], cents: list[int]) -> Outcome:
        how = way.strip("{}").replace(", ", "\n    ") if way.startswith("{") else way
        (folder / "comp.yaml").write_text(PLAN.replace("HOW", how).replace("SHARE", str(share)), encoding="utf-8")
        people = [{"person": name} for name in "XYZ"]
        rows = [
            {"account_id": "A", "role": "csm", "person": name, "split": f"{part}%"}
            for name, part in zip("XYZ", held, strict=True)
        ]
        deals = [
            {
                "deal_id": f"d{i}",
                "account_id": "A",
                "amount": f"{cent / 100:.2f}",
                "closed_on": "2026-08-01",
                "sold_by": "X",
            }
            for i, cent in enumerate(cents)
        ]
        tables = {"accounts": [{"account_id": "A"}], "people": people, "assignments": rows, "deals": deals}
        return granger.load(folder).run(tables, as_of=date(2026, 9, 30)).outcome

    return run


def test_parts_sum_to_the_whole(shared: Callable[..., Outcome]) -> None:
    """The shares of each deal sum to its amount, and the credits that are shown to the line, to the cent."""
    lines = 0

    @given(
        st.sampled_from(WAYS), st.integers(0, 100), st.integers(1, 98), st.integers(1, 98),
        st.lists(st.integers(-20_000, 40_000), min_size=1, max_size=5),
    )  # fmt: skip
    def law(way: str, share: int, first: int, second: int, cents: list[int]) -> None:
        nonlocal lines
        if first + second >= 100:
            first, second = 33, 33
        outcome = shared(way, share, [first, second, 100 - first - second], cents)
        for i, cent in enumerate(cents):
            parts = [credit for credit in outcome.credits if credit.record == f"d{i}"]
            assert sum((part.share or Fraction(0) for part in parts), Fraction(0)) == 1
            assert sum((part.credit_amount or Fraction(0) for part in parts), Fraction(0)) == Fraction(cent, 100)
        for line in outcome.payouts:
            own = [credit.earning for credit in outcome.credits if credit.payee == line.payee]
            assert all(earning is not None and (earning * 100).denominator == 1 for earning in own)
            assert sum((earning or Fraction(0) for earning in own), Fraction(0)) == line.amount
            lines += 1

    law()
    assert lines >= 2 * settings().max_examples
