"""The documents of policies to their models, one function a kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ..diagnostics import Diagnostic, Span
from ..language.expression import constant
from ..periods import Duration
from ..source.document import Document, List, Map, Node, Scalar
from .decode_measures import measures
from .model import (
    Case,
    Component,
    Credit,
    Effective,
    Given,
    Library,
    Overrides,
    Plan,
    Play,
    Playbook,
    Policy,
    Segmentation,
    Setting,
    Tier,
    Touch,
)
from .reading import Reading, broken, expression_of


def decode_policy(document: Document, problems: list[Diagnostic]) -> Policy | None:
    """The policy of one file; None where its frame (name, dates, kind) is not there, which was reported."""
    decode = _KINDS.get(document.kind or "")
    top = Reading(document.root, problems, document.root.span)
    inner = top.inner("effective")
    start, before = inner.day("from"), inner.day("before")
    name = top.text("name")
    if decode is None or not name or start is None:
        return None
    if before is not None and before <= start:
        inner.problem("period-backwards", inner.span_of("before"), start=start, before=before)
        return None
    frame = {
        "name": name,
        "effective": Effective(start, before, top.span_of("effective")),
        "span": top.span_of("name"),
        "file": document.file,
        "because": top.text("because"),
    }
    return decode(top, frame)


def _library(top: Reading, frame: dict[str, Any]) -> Library:
    settings = tuple(_setting(name, span, node, top.problems) for name, span, node in top.named("settings"))
    return Library(**frame, settings=settings, measures=measures(top))


def _setting(name: str, span: Span, node: Node, problems: list[Diagnostic]) -> Setting:
    if not isinstance(node, Map):
        return Setting(name, expression_of(node, problems) or broken(span), span)
    reading = Reading(node, problems, span)
    if reading.has("value") == reading.has("choice"):
        reading.problem("setting-form", span, name=name)
        return Setting(name, broken(span), span)
    if reading.has("choice"):
        return _choice(name, span, reading)
    value = reading.expression("value") or broken(span)
    bounds = {key: reading.expression(key) for key in ("at_least", "at_most")}
    return Setting(name, value, span, because=reading.text("because"), **bounds)  # type: ignore[arg-type]


def _choice(name: str, span: Span, reading: Reading) -> Setting:
    node = reading.node("choice")
    words = tuple(word for word, _ in reading.words("one_of"))
    if not isinstance(node, Scalar) or not words:
        reading.problem("choice-without-words", span, name=name)
        return Setting(name, broken(span), span)
    if node.text not in words:
        reading.problem("choice-unknown", node.span, found=node.text, words=", ".join(words))
    value = constant(node.text, node.text, node.origin)
    return Setting(name, value, span, one_of=words, because=reading.text("because"))


def _segmentation(top: Reading, frame: dict[str, Any]) -> Segmentation:
    otherwise = top.node("otherwise")
    last = None
    if isinstance(otherwise, Scalar):
        last = Tier(otherwise.text, None, otherwise.span)
    elif isinstance(otherwise, Map):
        last = _tier(Reading(otherwise, top.problems, top.span))
    overrides = top.inner("overrides")
    return Segmentation(
        **frame,
        fact=top.text("fact", "tier"),
        population=top.expression("for"),
        hit_policy=top.text("hit_policy", "unique"),
        tiers=tuple(tier for row in top.readings("tiers") if (tier := _tier(row)).when is not None),
        otherwise=last,
        overrides=Overrides(
            overrides.text("table"), tuple(w for w, _ in overrides.words("require")), overrides.span_of("table")
        )
        if top.has("overrides")
        else None,
    )


def _tier(row: Reading) -> Tier:
    gives = tuple(
        Given(name, value, span)
        for name, span, node in row.named("gives")
        if (value := expression_of(node, row.problems)) is not None
    )
    return Tier(row.text("tier"), row.expression("when"), row.span_of("tier"), gives, row.text("because"))


def _playbook(top: Reading, frame: dict[str, Any]) -> Playbook:
    return Playbook(**frame, horizon=_horizon(top), plays=tuple(_play(row) for row in top.readings("plays")))


def _horizon(top: Reading) -> Duration | date | None:
    if isinstance(top.node("horizon"), Map):
        return top.inner("horizon").day("before")
    return top.duration("horizon")


def _play(row: Reading) -> Play:
    if not row.has("anchor") and not row.has("when"):
        row.problem("play-without-anchor", row.span_of("play"), play=row.text("play"))
    return Play(
        name=row.text("play"),
        span=row.span_of("play"),
        touches=tuple(_touch(touch) for touch in row.readings("touches")),
        population=row.expression("for"),
        when=row.expression("when"),
        anchor=row.expression("anchor"),
        because=row.text("because"),
    )


def _touch(row: Reading) -> Touch:
    return Touch(
        task=row.text("task"),
        due=row.duration("due") or Duration(0, "days"),
        owner=row.text("owner"),
        owner_span=row.span_of("owner"),
        span=row.span_of("task"),
        activity=row.text("activity"),
        minutes=row.integer("minutes", 0),
        priority=row.text("priority", "normal"),
        channel=row.text("channel"),
        roll=row.text("roll", "none"),
        because=row.text("because"),
    )


def _plan(top: Reading, frame: dict[str, Any]) -> Plan:
    components = tuple(component for row in top.readings("components") if (component := _component(row)))
    return Plan(**frame, payees=top.expression("payees"), period=top.text("period", "quarter"), components=components)


def _component(row: Reading) -> Component | None:
    credit = row.inner("credit")
    amount = credit.expression("amount")
    if amount is None:
        return None
    return Component(
        name=row.text("component"),
        span=row.span_of("component"),
        credit=Credit(
            table=credit.text("table"),
            table_span=credit.span_of("table"),
            amount=amount,
            to=credit.text("to"),
            to_span=credit.span_of("to"),
            span=credit.span,
            where=credit.expression("where"),
            dated_by=credit.text("dated_by") or None,
        ),
        rates=_cases(row, "rate"),
        rounding=row.text("rounding", "half_up"),
        each_credit=row.text("round") == "each_credit",
        because=row.text("because"),
    )


def _cases(row: Reading, key: str) -> tuple[Case, ...]:
    """Where one value may stand, a list of cases may: first match, the last row without ``when``."""
    node = row.node(key)
    if not isinstance(node, List):
        value = row.expression(key)
        return (Case(value, None, row.span_of(key)),) if value else ()
    cases: list[Case] = []
    readings = list(row.readings(key))
    for i, case in enumerate(readings):
        value, when = case.expression(key), case.expression("when")
        if (i < len(readings) - 1) != case.has("when"):
            row.problem("case-order", case.span, key=key)
        if value is not None and (when is not None) == case.has("when"):
            cases.append(Case(value, when, case.span_of(key), case.text("because")))
    return tuple(cases)


_KINDS: dict[str, Callable[[Reading, dict[str, Any]], Policy]] = {
    "library": _library,
    "segmentation": _segmentation,
    "playbook": _playbook,
    "comp": _plan,
}
