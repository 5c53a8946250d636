"""The documents of policies to their models, one function a kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..diagnostics import Diagnostic, Span
from ..language.expression import constant
from ..periods import Duration
from ..source.document import Document, Map, Node, Scalar
from .decode_health import health
from .decode_life import lifecycle
from .decode_measures import measures
from .decode_pay import plan
from .decode_plays import playbook
from .decode_shapes import check_order
from .decode_staffing import staffing
from .decode_success import success
from .decode_watchlist import watchlist
from .model import (
    Duty,
    DutyCase,
    Effective,
    Given,
    Library,
    Overrides,
    Policy,
    Segmentation,
    Setting,
    Tier,
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
    duties = tuple(_duty(name, span, node, top.problems) for name, span, node in top.named("duties"))
    return Library(**frame, settings=settings, measures=measures(top), duties=duties)


def _duty(name: str, span: Span, node: Node, problems: list[Diagnostic]) -> Duty:
    """A role, or cases of roles; the last without ``when``."""
    reading = Reading(Map({"cases": node}, {}, node.span), problems, span)
    rows = list(reading.readings("cases"))
    check_order(rows, "role")
    cases = [
        DutyCase(row.text("role"), row.expression("when"), row.span_of("role"), row.text("because")) for row in rows
    ]
    return Duty(name, span, tuple(cases))


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
        hold=_hold(top),
    )


def _hold(top: Reading) -> Duration | None:
    if top.has("hold") and top.text("hit_policy") == "collect":
        top.problem("hold-of-several", top.key_span("hold"))
    return top.length("hold")


def _tier(row: Reading) -> Tier:
    gives = tuple(
        Given(name, value, span)
        for name, span, node in row.named("gives")
        if (value := expression_of(node, row.problems)) is not None
    )
    return Tier(row.text("tier"), row.expression("when"), row.span_of("tier"), gives, row.text("because"))


_KINDS: dict[str, Callable[[Reading, dict[str, Any]], Policy]] = {
    "library": _library,
    "segmentation": _segmentation,
    "playbook": playbook,
    "comp": plan,
    "health": health,
    "staffing": staffing,
    "lifecycle": lifecycle,
    "watchlist": watchlist,
    "success": success,
}
