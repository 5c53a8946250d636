"""Every account's score as a row of ``health.csv``, and how it came about, measure by measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ..amounts import apportion, percent, round_to
from ..language.tree import Value
from ..language.types import Type
from ..policy.model_health import Health, HealthException, Scored
from ..policy.model_pay import Band, Bands
from ..program import lowering
from ..program.evaluate import Book, Facts
from ..program.settling import Settling
from ..program.spoken import source_of, spoken

ZERO = Fraction(0)
SCORED = "scored"
TREATMENTS = {"exclude": "excluded", "neutral": "neutral", "worst": "worst", "fail": "failed"}
"""What becomes of a measure without data, by what the policy says of it."""

OUTSIDE = "outside the accounts that the policy is `for`"
UNSURE = "whether the policy is `for` it cannot be decided"
NO_DATA = "no measure has data"
FAILED = " is missing, and fails the score"
UNCLEAR = "undecided, so not applied: "


@dataclass(frozen=True, slots=True)
class HealthScore:
    policy: str
    fact: str
    account_id: str
    score: Fraction | None
    grade: str
    grade_since: date | None
    pending_grade: str
    pending_since: date | None
    coverage: Fraction | None
    status: str
    because: str
    missing: str
    source: str


@dataclass(frozen=True, slots=True)
class HealthMeasure:
    """``counted_weight`` is its part of the score once missing ones are shared out; contributions sum to the score
    before exceptions."""

    policy: str
    account_id: str
    group: str
    measure: str
    value: str
    points: Fraction | None
    weight: Fraction
    counted_weight: Fraction
    contribution: Fraction | None
    treatment: str
    because: str
    source: str


@dataclass(frozen=True, slots=True)
class Part:
    """A measure with the points that count for it and its weight among all."""

    scored: Scored
    group: str
    points: Fraction | None
    counted: Fraction | None
    weight: Fraction
    share: Fraction
    treatment: str


def health_scores(book: Book, accounts: Sequence[str] | None = None) -> tuple[list[HealthScore], list[HealthMeasure]]:
    """The scores of these accounts or (None) of all."""
    scores: list[HealthScore] = []
    measures: list[HealthMeasure] = []
    for health in book.program.force.healths:
        for account_id in book.accounts if accounts is None else accounts:
            score, scored = account_health(book, health, book.accounts[account_id])
            scores.append(score)
            measures += scored
    scores.sort(key=lambda row: (row.policy, row.account_id))
    measures.sort(key=lambda row: (row.policy, row.account_id))
    return scores, measures


def account_health(book: Book, health: Health, facts: Facts) -> tuple[HealthScore, list[HealthMeasure]]:
    """One account's score and its measures, in the order of group, measure and source."""
    inside = True if health.population is None else book.value(health.population, facts)
    measures = _measures(book, health, facts) if inside is True else []
    measures.sort(key=lambda row: (row.group, row.measure, row.source))
    return _score(book, health, facts, inside), measures


def _score(book: Book, health: Health, facts: Facts, inside: Value) -> HealthScore:
    def row(status: str, because: str = "", missing: str = "", **values: Value) -> HealthScore:
        return HealthScore(
            policy=health.name,
            fact=health.fact,
            account_id=facts.account_id,
            score=_number(values.get("score")),
            grade=str(values.get("grade") or ""),
            grade_since=_day(values.get("grade_since")),
            pending_grade=str(values.get("pending_grade") or ""),
            pending_since=_day(values.get("pending_since")),
            coverage=_number(values.get("coverage")),
            status=status,
            because=because,
            missing=missing,
            source=source_of(health.span),
        )

    if inside is False:
        return row("out_of_scope", OUTSIDE)
    if inside is None and health.population is not None:
        missing = ", ".join(book.missing(health.population, facts))
        return row("undecided", UNSURE, missing)
    score, grade, coverage = facts[health.fact], facts[health.grade_name], facts[health.coverage_name]
    absent = [part for part in parts_of(book, health, facts) if part.points is None]
    missing = ", ".join(dict.fromkeys(part.scored.name for part in absent))
    if score is None:
        return row("no_score", no_score_told(absent), missing, coverage=coverage)
    held, unclear = _exceptions(book, health, facts)
    status = "capped" if held else "scored"
    because = "; ".join(held + unclear)
    if health.grades is not None and grade is None:
        status = "no_grade"
        reason = uncovered_told(health)
        because = "; ".join(filter(None, (reason, because)))
    if health.settle is None:
        return row(status, because, missing, score=score, grade=grade, coverage=coverage)
    today, since, pending, pending_since = (facts[name] for name in Settling(health).results)
    if today != grade:
        because = "; ".join(filter(None, (because, unsettled_told(str(today)))))
    settled = {"grade_since": since, "pending_grade": pending, "pending_since": pending_since}
    return row(status, because, missing, score=score, grade=grade, coverage=coverage, **settled)


def unsettled_told(today: str) -> str:
    """Why the grade is not that of the day's score."""
    return f"not settled: {today} by the score of the day"


def _day(value: Value) -> date | None:
    return value if isinstance(value, date) else None


def _number(value: Value) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def _exceptions(book: Book, health: Health, facts: Facts) -> tuple[list[str], list[str]]:
    """What held the score back or up, and what could not be decided."""
    held, unclear = [], []
    score = book.value(lowering.lowered(lowering.uncapped(health), "score", health.span), facts)
    for exception in health.exceptions:
        holds = book.value(exception.when, facts)
        told = exception_told(exception)
        if holds is None:
            unclear.append(UNCLEAR + told)
        elif holds and isinstance(score, Fraction):
            moved = min(score, exception.points) if exception.at_most else max(score, exception.points)
            if moved != score:
                held.append(told)
            score = moved
    return held, unclear


def exception_told(exception: HealthException) -> str:
    word = f"{'at most' if exception.at_most else 'at least'} {spoken(exception.points)}"
    return f"{word}: {exception.because or exception.when.text} ({source_of(exception.span)})"


def uncovered_told(health: Health) -> str:
    return f"data covers less than {percent(health.min_coverage)} of the weight"


def no_score_told(absent: Sequence[Part]) -> str:
    """Why there is no score, by the measures without points."""
    failed = [part.scored.name for part in absent if part.treatment == TREATMENTS["fail"]]
    return ", ".join(failed) + FAILED if failed else NO_DATA


def parts_of(book: Book, health: Health, facts: Mapping[str, Value]) -> list[Part]:
    """Every measure of a score, in the order it is written, with what it counts."""
    total = health.weights_total
    return list(_flat(book, health, facts, health.measures, "", Fraction(1), total))


def _flat(
    book: Book,
    health: Health,
    facts: Mapping[str, Value],
    parts: tuple[Scored, ...],
    group: str,
    outer: Fraction,
    total: Fraction,
) -> Iterator[Part]:
    """The measures with their weight among all (``weight``), and among those that count (``share``)."""
    known = {i: _points(book, health, facts, part) for i, part in enumerate(parts)}
    excluded = {i for i, part in enumerate(parts) if known[i] is None and part.missing == "exclude"}
    left = sum((part.weight for i, part in enumerate(parts) if i not in excluded), ZERO)
    for i, part in enumerate(parts):
        share = ZERO if i in excluded or not left else outer * part.weight / left
        if part.is_group:
            share_inside = share if known[i] is not None else ZERO
            inner = _flat(book, health, facts, part.parts, part.name, share_inside, Fraction(1))
            weight = part.weight / total
            yield from (_weighed(found, weight) for found in inner)
            if known[i] is not None or part.missing == "exclude":
                continue
        points = known[i]
        filled = {"neutral": health.neutral, "worst": lowering.lowest(part)}.get(part.missing)
        treatment = SCORED if points is not None else TREATMENTS[part.missing]
        counted = points if points is not None else filled
        # a group that counts by its stand-in has its weight on its measures' rows already
        weight = ZERO if part.is_group else part.weight / total
        yield Part(part, group, points, counted, weight, share, treatment)


def _weighed(part: Part, weight: Fraction) -> Part:
    return Part(part.scored, part.group, part.points, part.counted, part.weight * weight, part.share, part.treatment)


def _points(book: Book, health: Health, facts: Mapping[str, Value], part: Scored) -> Fraction | None:
    if part.is_group:
        node = lowering.part_points(health.fact, part, health.neutral)
        return _number(book.value(lowering.lowered(node, part.name, part.span), facts))
    return _number(facts[lowering.points_name(health.fact, part)])


def _measures(book: Book, health: Health, facts: Facts) -> list[HealthMeasure]:
    parts = parts_of(book, health, facts)
    raw = _number(book.value(lowering.lowered(lowering.uncapped(health), "score", health.span), facts))
    exact = [part.share * (part.counted or ZERO) for part in parts]
    total = round_to(raw, health.digits) if raw is not None else None
    shown = apportion(total, exact, health.digits) if total is not None else [None] * len(parts)
    found = []
    for part, contribution in zip(parts, shown, strict=True):
        value = facts[part.scored.name] if not part.scored.is_group else None
        because, source = _band(book, part.scored, value)
        found.append(
            HealthMeasure(
                policy=health.name,
                account_id=facts.account_id,
                group=part.group,
                measure=part.scored.name,
                value=spoken(value, book.program.types.get(part.scored.name)),
                points=part.counted,
                weight=part.weight,
                counted_weight=part.share,
                contribution=contribution if part.share else (ZERO if contribution is not None else None),
                treatment=part.treatment,
                because=because,
                source=source,
            )
        )
    return found


def _band(book: Book, scored: Scored, value: Value) -> tuple[str, str]:
    """Why these points: the band that the value lies in."""
    if isinstance(scored.points, Bands) and isinstance(value, Fraction):
        rising = scored.points.rising
        row = next(
            row for row in scored.points.rows if row.edge is None or (value < row.edge if rising else value >= row.edge)
        )
        return band_told(scored, scored.points, row, book.program.types.get(scored.name)), source_of(row.span)
    return scored.because, source_of(scored.span)


def band_told(scored: Scored, bands: Bands, row: Band, kind: Type | None) -> str:
    """The reason that a row of bands gives: its own, its measure's, or its edge."""
    word = "below" if bands.rising else "from"
    edge = f"{word} {spoken(row.edge, kind)}" if row.edge is not None else "the rest"
    return row.because or scored.because or edge
