"""Health scores: measures and groups with weights, their points, what missing means, exceptions and grades."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from ..amounts import parse_decimal, percent, round_to
from .decode_shapes import bands, case_rows, curve
from .model import NO_TIME, Case
from .model_health import Health, HealthException, Scored, Settle
from .model_pay import Bands, Curve
from .reading import Reading

ONE = Fraction(1)


def health(top: Reading, frame: dict[str, Any]) -> Health:
    total = top.number("weights_total")
    measures = tuple(_scored(row) for row in top.readings("measures"))
    _check_total(top, "measures", measures, ONE if total is None else total)
    digits = top.integer("digits", 1)
    neutral, least = top.number("neutral"), top.number("min_coverage")
    return Health(
        **frame,
        fact=top.text("fact", "health"),
        population=top.expression("for"),
        measures=measures,
        weights_total=ONE if total is None else total,
        neutral=Fraction(50) if neutral is None else neutral,
        exceptions=tuple(found for row in top.readings("exceptions") if (found := _exception(row, digits))),
        grades=bands(top, "grades", "grade", words=True) if top.has("grades") else None,
        min_coverage=least or Fraction(0),
        digits=digits,
        settle=_settle(top) if top.has("settle") else None,
    )


def _settle(top: Reading) -> Settle | None:
    row = top.inner("settle")
    written = row.text("margin")
    found = re.fullmatch(r"(\S+) points?", written)
    margin = parse_decimal(found[1]) if found else None
    if written and (margin is None or margin < 0):
        row.problem("settle-margin", row.span_of("margin"), found=written)
    if not top.has("grades"):
        top.problem("settle-without-grades", top.key_span("settle"))
        return None
    lasting = row.length("lasting", least=0)
    return Settle(margin or Fraction(0), lasting or NO_TIME, top.key_span("settle"))


def _scored(row: Reading) -> Scored:
    is_group = row.has("group")
    name = row.text("group") if is_group else row.text("measure")
    parts = tuple(_scored(part) for part in row.readings("measures")) if is_group else ()
    if is_group == row.has("measure"):
        row.problem("scored-form", row.span)
    elif is_group:
        _check_total(row, "measures", parts, ONE)
    return Scored(
        name=name,
        span=row.span_of("group" if is_group else "measure"),
        weight=row.number("weight") or Fraction(0),
        missing=row.text("missing"),
        points=None if is_group else _points(row, name),
        parts=parts,
        because=row.text("because"),
    )


def _points(row: Reading, name: str) -> Bands | Curve | tuple[Case, ...]:
    shapes = [key for key in ("bands", "curve", "cases") if row.has(key)]
    if len(shapes) != 1:
        row.problem("points-form", row.span_of("measure"), name=name, found=" and ".join(shapes) or "none")
        return ()
    if shapes[0] == "bands":
        return bands(row, "bands", "points")
    if shapes[0] == "curve":
        return curve(row, "curve")
    return case_rows(list(row.readings("cases")), "points")


def _check_total(row: Reading, key: str, parts: tuple[Scored, ...], total: Fraction) -> None:
    found = sum((part.weight for part in parts), Fraction(0))
    if found != total:
        row.problem("weights-total", row.key_span(key), found=_shown(found, total), expected=_shown(total, total))


def _shown(value: Fraction, total: Fraction) -> str:
    return percent(value) if total == ONE else str(value)


def _exception(row: Reading, digits: int) -> HealthException | None:
    """Its points stand at the digits of the score, since what is shown decides."""
    when = row.expression("when")
    at_most = row.has("at_most")
    points = row.number("at_most" if at_most else "at_least")
    if at_most == row.has("at_least"):
        row.problem("exception-form", row.span)
    if when is None or points is None:
        return None
    return HealthException(when, round_to(points, digits), at_most, row.span, row.text("because"))
