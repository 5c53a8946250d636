"""The laws of health scores, over drawn policies: each is held to a computation of its own over fractions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.runners.memory import Outcome
from hypothesis import given
from hypothesis import strategies as st

NAMES = ("u", "v", "x", "y", "z")
NEUTRAL = Fraction(50)
TOP = """\
kind: workspace
name: w
currency: CNY
tables:
  accounts:
    file: accounts.csv
    key: account_id
    fields:
      account_id: text
      flag: {kind: boolean, required: false}
      stop: {kind: boolean, required: false}
"""
TOP += "".join(f"      {name}: {{kind: number, required: false}}\n" for name in NAMES)
HEAD = "kind: health\nname: h\neffective: {from: 2026-01-01}\n"
GRADES = "grades: [{grade: green, from: 75}, {grade: yellow, from: 50}, {grade: red}]\n"

RULES = ("exclude", "neutral", "worst", "fail")


@dataclass(frozen=True)
class Measure:
    """``shape`` is bands, rising or curve; ``rows`` are its (edge, points), the edges rising; ``first`` are the points
    below all edges."""

    name: str
    weight: int
    missing: str
    shape: str
    rows: tuple[tuple[int, int], ...]
    first: int

    def points(self, value: Fraction | None) -> Fraction | None:
        if value is None:
            return None
        if self.shape == "curve":
            return rounded(self._on_curve(value), 4)
        reached = [points for edge, points in self.rows if value >= edge]
        return Fraction(reached[-1] if reached else self.first)

    def _on_curve(self, value: Fraction) -> Fraction:
        if value <= self.rows[0][0]:
            return Fraction(self.rows[0][1])
        for (left, low), (right, high) in itertools.pairwise(self.rows):
            if value <= right:
                return low + (high - low) * (value - left) / Fraction(right - left)
        return Fraction(self.rows[-1][1])

    @property
    def scale(self) -> tuple[Fraction, Fraction]:
        known = [points for _, points in self.rows] + ([] if self.shape == "curve" else [self.first])
        return Fraction(min(known)), Fraction(max(known))

    def text(self) -> str:
        if self.shape == "curve":
            body = f"curve: [{', '.join(f'[{x}, {y}]' for x, y in self.rows)}]"
        elif self.shape == "bands":
            rows = [f"{{points: {points}, from: {edge}}}" for edge, points in reversed(self.rows)]
            body = f"bands: [{', '.join([*rows, f'{{points: {self.first}}}'])}]"
        else:
            below = [self.first, *(points for _, points in self.rows)]
            rows = [f"{{points: {p}, below: {edge}}}" for p, (edge, _) in zip(below, self.rows, strict=False)]
            body = f"bands: [{', '.join([*rows, f'{{points: {below[-1]}}}'])}]"
        return f"{{measure: {self.name}, weight: {self.weight}%, missing: {self.missing}, {body}}}"


@dataclass(frozen=True)
class Group:
    weight: int
    missing: str
    parts: tuple[Measure, ...]

    def text(self) -> str:
        inner = ", ".join(part.text() for part in self.parts)
        return f"{{group: g{self.parts[0].name}, weight: {self.weight}%, missing: {self.missing}, measures: [{inner}]}}"

    @property
    def scale(self) -> tuple[Fraction, Fraction]:
        low = sum((Fraction(part.weight, 100) * part.scale[0] for part in self.parts), Fraction(0))
        high = sum((Fraction(part.weight, 100) * part.scale[1] for part in self.parts), Fraction(0))
        return low, high


Part = Measure | Group
Values = dict[str, Fraction | None]


def rounded(value: Fraction, digits: int) -> Fraction:
    """Half away from zero, in the plainest way there is."""
    unit = Fraction(1, 10**digits)
    whole = math.floor(abs(value) / unit + Fraction(1, 2)) * unit
    return -whole if value < 0 else whole


def mean(parts: tuple[Part, ...], values: Values) -> Fraction | None:
    """The weighted mean, each missing part treated as it says; None where one fails or none is left."""
    above = below = Fraction(0)
    for part in parts:
        known = points_of(part, values)
        if known is None:
            if part.missing == "exclude":
                continue
            if part.missing == "fail":
                return None
            known = NEUTRAL if part.missing == "neutral" else part.scale[0]
        above += part.weight * known
        below += part.weight
    return above / below if below else None


def points_of(part: Part, values: Values) -> Fraction | None:
    if isinstance(part, Measure):
        return part.points(values[part.name])
    found = mean(part.parts, values)
    return rounded(found, 4) if found is not None else None


def coverage(parts: tuple[Part, ...], values: Values) -> Fraction:
    found = Fraction(0)
    for part in parts:
        inner = coverage(part.parts, values) if isinstance(part, Group) else Fraction(values[part.name] is not None)
        found += Fraction(part.weight, 100) * inner
    return found


def measures_of(parts: tuple[Part, ...]) -> Iterator[Measure]:
    for part in parts:
        yield from measures_of(part.parts) if isinstance(part, Group) else (part,)


@st.composite
def weights(draw: st.DrawFn, count: int) -> list[int]:
    """So many whole percentages above zero that total 100 %."""
    cuts = sorted(draw(st.lists(st.integers(1, 99), min_size=count - 1, max_size=count - 1, unique=True)))
    return [right - left for left, right in itertools.pairwise([0, *cuts, 100])]


@st.composite
def measures(draw: st.DrawFn, name: str, weight: int) -> Measure:
    shape = draw(st.sampled_from(["bands", "rising", "curve"]))
    least = 2 if shape == "curve" else 1
    edges = sorted(draw(st.lists(st.integers(-3, 12), min_size=least, max_size=4, unique=True)))
    points = draw(st.lists(st.integers(0, 100), min_size=len(edges), max_size=len(edges)))
    rows = tuple(zip(edges, points, strict=True))
    return Measure(name, weight, draw(st.sampled_from(RULES)), shape, rows, draw(st.integers(0, 100)))


@st.composite
def policies(draw: st.DrawFn) -> tuple[Part, ...]:
    """Three parts; the second and third may be groups of two."""
    names = iter(NAMES)
    found: list[Part] = []
    for i, weight in enumerate(draw(weights(3))):
        if i and draw(st.booleans()):
            inner = [draw(measures(next(names), part)) for part in draw(weights(2))]
            found.append(Group(weight, draw(st.sampled_from(RULES)), tuple(inner)))
        else:
            found.append(draw(measures(next(names), weight)))
    return tuple(found)


VALUES = st.one_of(st.none(), st.integers(-8, 32).map(lambda n: Fraction(n, 2)))
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)), min_size=6, max_size=12)

Scored = Callable[..., Outcome]


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """Accounts A0, A1, … scored by the parts; ``rest`` are the other keys of the policy."""
    folder: Path = tmp_path_factory.mktemp("health")
    (folder / "granger.yaml").write_text(TOP, encoding="utf-8")

    def run(parts: tuple[Part, ...], rows: list[Values], rest: str = GRADES, **fields: str) -> Outcome:
        text = HEAD + "measures:\n" + "".join(f"  - {part.text()}\n" for part in parts) + rest
        (folder / "health.yaml").write_text(text, encoding="utf-8")
        accounts = [
            {"account_id": f"A{i:03}", **fields, **{k: str(float(v)) for k, v in row.items() if v is not None}}
            for i, row in enumerate(rows)
        ]
        return granger.load(folder).run({"accounts": accounts}, as_of=date(2026, 9, 30)).outcome

    return run


def test_score_grade_and_coverage_are_those_of_the_independent_computation(scored: Scored) -> None:
    """Every missing rule, inside and outside of groups; a grade is read from the score that is shown."""
    seen: dict[str, int] = {}

    @given(policies(), ROWS, st.integers(0, 3))
    def law(parts: tuple[Part, ...], rows: list[Values], digits: int) -> None:
        outcome = scored(parts, rows, f"{GRADES}digits: {digits}\nmin_coverage: 40%\n")
        for row, found in zip(rows, outcome.health, strict=True):
            exact, covered = mean(parts, row), coverage(parts, row)
            score = rounded(exact, digits) if exact is not None else None
            assert (found.score, found.coverage) == (score, covered)
            if score is None:
                assert (found.status, found.grade) == ("no_score", "") and found.because
            elif covered < Fraction(40, 100):
                assert (found.status, found.grade) == ("no_grade", "") and "less than 40%" in found.because
            else:
                assert found.status == "scored"
                assert found.grade == ("green" if score >= 75 else "yellow" if score >= 50 else "red")
            seen[found.status] = seen.get(found.status, 0) + 1

    law()
    assert min(seen[status] for status in ("scored", "no_grade", "no_score")) >= 30, seen


def test_points_stay_within_the_scale_of_their_measure(scored: Scored) -> None:
    treatments: dict[str, int] = {}

    @given(policies(), ROWS)
    def law(parts: tuple[Part, ...], rows: list[Values]) -> None:
        known = {measure.name: measure for measure in measures_of(parts)}
        for found in scored(parts, rows).health_measures:
            if found.measure not in known:  # a group without data has a row of its own
                continue
            measure, value = known[found.measure], rows[int(found.account_id[1:])][found.measure]
            low, high = measure.scale
            treatments[found.treatment] = treatments.get(found.treatment, 0) + 1
            if value is not None:
                assert found.treatment == "scored" and found.points == measure.points(value)
                assert found.points is not None and low <= found.points <= high
            else:
                names = {"exclude": "excluded", "neutral": "neutral", "worst": "worst", "fail": "failed"}
                filled = {"neutral": NEUTRAL, "worst": low}.get(measure.missing)
                assert (found.treatment, found.points) == (names[measure.missing], filled)

    law()
    assert set(treatments) == {"scored", "excluded", "neutral", "worst", "failed"} and min(treatments.values()) >= 30


def stand_in(parts: tuple[Part, ...], values: Values) -> bool:
    """A group counts by its neutral or worst points, not by those of its measures."""
    return any(
        isinstance(part, Group) and part.missing in ("neutral", "worst") and points_of(part, values) is None
        for part in parts
    )


def test_contributions_sum_to_the_score_and_counted_weights_to_all(scored: Scored) -> None:
    sums = 0

    @given(policies(), ROWS, st.integers(0, 4))
    def law(parts: tuple[Part, ...], rows: list[Values], digits: int) -> None:
        nonlocal sums
        outcome = scored(parts, rows, f"digits: {digits}\n")
        for row, found in zip(rows, outcome.health, strict=True):
            own = [m for m in outcome.health_measures if m.account_id == found.account_id]
            assert sum(m.weight for m in own) == 1
            if found.score is None or stand_in(parts, row):
                continue
            assert sum((m.contribution or Fraction(0) for m in own), Fraction(0)) == found.score
            assert sum(m.counted_weight for m in own) == 1
            assert all(m.contribution == 0 for m in own if m.treatment == "excluded")
            assert all(m.points is not None for m in own if m.counted_weight)
            sums += 1

    law()
    assert sums >= 100


@pytest.mark.parametrize("rest", ["", "exceptions: [{when: flag, at_most: 60}]\n", "both"])
def test_more_points_for_one_measure_never_lower_the_score(rest: str, scored: Scored) -> None:
    """Over the values of one measure, all else equal, under each missing rule of the others."""
    if rest == "both":
        rest = "exceptions: [{when: flag, at_most: 60}, {when: flag, at_least: 20}]\n"
    rises = 0

    @given(policies(), st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)), st.sampled_from(NAMES))
    def law(parts: tuple[Part, ...], others: Values, turned: str) -> None:
        nonlocal rises
        known = {measure.name: measure for measure in measures_of(parts)}
        if turned not in known:
            return
        rows = [{**others, turned: Fraction(n, 2)} for n in range(-8, 26)]
        scores = [found.score for found in scored(parts, rows, rest, flag="yes").health]
        points = [known[turned].points(row[turned]) for row in rows]
        pairs = zip(zip(points, scores, strict=True), zip(points[1:], scores[1:], strict=False), strict=False)
        for (low, before), (high, after) in pairs:
            assert (before is None) == (after is None)
            if low is not None and high is not None and before is not None and after is not None:
                assert (low <= high and before <= after) or (low >= high and before >= after)
                rises += low != high and before != after

    law()
    assert rises >= 30


def test_an_exception_holds_when_true_and_does_nothing_while_undecided(scored: Scored) -> None:
    moved = 0
    rest = "exceptions: [{when: flag, at_most: 40, because: late}, {when: stop, at_least: 60}]\n" + GRADES

    @given(policies(), ROWS, st.sampled_from(["yes", "no", ""]), st.sampled_from(["yes", "no", ""]))
    def law(parts: tuple[Part, ...], rows: list[Values], flag: str, stop: str) -> None:
        nonlocal moved
        for row, found in zip(rows, scored(parts, rows, rest, flag=flag, stop=stop).health, strict=True):
            exact = mean(parts, row)
            if exact is None:
                assert found.score is None
                continue
            score = free = rounded(exact, 1)
            score = min(score, Fraction(40)) if flag == "yes" else score
            score = max(score, Fraction(60)) if stop == "yes" else score
            assert found.score == score
            assert found.grade == ("green" if score >= 75 else "yellow" if score >= 50 else "red")
            assert ("at most 40: late" in found.because) == (flag == "" or (flag == "yes" and free > 40))
            assert found.because.count("undecided, so not applied") == (flag == "") + (stop == "")
            moved += score != free

    law()
    assert moved >= 30


def test_the_rule_for_missing_data_says_what_one_missing_measure_does(scored: Scored) -> None:
    """By hand: x has 100 points at weight 60 %, y is missing at 40 % and has 20 points at its worst."""
    x = Measure("x", 60, "fail", "bands", ((1, 100),), 0)
    expected = {"exclude": "100", "neutral": "80", "worst": "68", "fail": None}
    for rule, score in expected.items():
        y = Measure("y", 40, rule, "bands", ((1, 90),), 20)
        (found,) = scored((x, y), [{"x": Fraction(5), "y": None}]).health
        assert (found.score, found.coverage) == (Fraction(score) if score else None, Fraction(60, 100))
        assert found.missing == "y"
    assert found.because == "y is missing, and fails the score"
