"""The document ``granger.yaml`` to a Workspace: currency, roles, tables and their fields."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from fractions import Fraction
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..currencies import is_currency
from ..diagnostics import Diagnostic, Span
from ..messages import did_you_mean
from ..periods import WEEKDAYS, FiscalCalendar
from ..source.document import Document, List, Map, Node
from ..tables.shape import NUMERIC, Field, Shape
from .decode_forms import forms
from .decode_measures import measures
from .decode_pay_forms import pay_forms
from .decode_staffing import rate
from .model import BusinessCalendar, DaySpan, Role, Workspace
from .names import PERSON, TERMS
from .reading import Reading, day_of, number_of, text_of

_KEYS_OF_KINDS = {"currency": "money", "scale": "percent", "format": "date", "one_of": "enum", "words": "enum"}
"""Keys of a field that only one kind has."""


def decode_workspace(document: Document, problems: list[Diagnostic]) -> Workspace:
    top = Reading(document.root, problems, document.root.span)
    currency = top.text("currency")
    if currency and not is_currency(currency):
        top.problem("unknown-currency", top.span_of("currency"), found=currency)
    timezone = top.text("timezone") or None
    if timezone and not _is_timezone(timezone):
        top.problem("unknown-timezone", top.span_of("timezone"), found=timezone)
        timezone = None
    roles = _roles(top)
    shapes = {name: _shape(name, span, node, currency, problems) for name, span, node in top.named("tables")}
    shapes = {name: _reserved(_resolved(shape, shapes, problems)) for name, shape in shapes.items()}
    start = top.integer("fiscal_year_starts", 1)
    return Workspace(
        name=top.text("name"),
        currency=currency,
        span=top.span,
        fiscal=FiscalCalendar(start if 1 <= start <= 12 else 1),
        timezone=timezone,
        business=_business(top.inner("calendar")),
        roles=roles,
        shapes=shapes,
        measures=measures(top),
        forms=forms(top),
        pay_forms=pay_forms(top),
    )


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _business(reading: Reading) -> BusinessCalendar | None:
    if reading.map is None:
        return None
    subdivision = reading.text("subdivision") or None
    if subdivision and not reading.has("country"):
        reading.problem("subdivision-without-country", reading.span_of("subdivision"), found=subdivision)
    week = tuple(sorted(WEEKDAYS.index(word) for word, _ in reading.words("working_week") if word in WEEKDAYS))
    off, worked = (tuple(_days(reading, key)) for key in ("days_off", "days_worked"))
    for (start, until), span in worked:
        if any(first <= until and start <= last for (first, last), _ in off):
            reading.problem("day-off-and-worked", span, day=start)
    return BusinessCalendar(
        country=reading.text("country") or None,
        subdivision=subdivision if reading.has("country") else None,
        span=reading.span_of("country"),
        week=week or None,
        days_off=tuple(days for days, _ in off),
        days_worked=tuple(days for days, _ in worked),
    )


def _days(reading: Reading, key: str) -> Iterator[tuple[DaySpan, Span]]:
    """The days of a list, alone or from one to another."""
    node = reading.node(key)
    for item in node.items if isinstance(node, List) else ():
        if isinstance(item, Map):
            span = Reading(item, reading.problems, reading.span)
            start, until = span.day("from"), span.day("until")
            if start is not None and until is not None and until < start:
                span.problem("days-backwards", item.span, start=start, until=until)
            elif start is not None and until is not None:
                yield (start, until), item.span
        elif (day := day_of(item)) is not None:
            yield (day, day), item.span


def _roles(top: Reading) -> dict[str, Role]:
    found = {name: Reading(node, top.problems, span) for name, span, node in top.named("roles")}
    queues = {name for name, reading in found.items() if reading.boolean("queue", False)}
    spans = {name: span for name, span, _ in top.named("roles")}
    return {name: _role(name, spans[name], reading, found, queues) for name, reading in found.items()}


def _role(name: str, span: Span, reading: Reading, known: Collection[str], queues: Collection[str]) -> Role:
    words = reading.words("fallback")
    for word, at in words:
        if word not in known:
            reading.problem("unknown-role", at, name=word, near=did_you_mean(word, known))
    if name in queues and words:
        reading.problem("queue-falls-back", words[0][1], name=name)
    for word, at in words[:-1]:
        if word in queues:
            reading.problem("queue-not-last", at, name=word)
    people = tuple(word for word, _ in words if word not in queues)
    return Role(
        name,
        span,
        people,
        queue=name in queues,
        last=next((word for word, _ in words if word in queues), ""),
        hours=rate(reading, "hours", "week"),
        cost=rate(reading, "cost", "hour"),
    )


def _shape(name: str, span: Span, node: Node, currency: str, problems: list[Diagnostic]) -> Shape:
    reading = Reading(node, problems, span)
    valid = reading.inner("valid")
    fields = tuple(_field(key, at, value, currency, problems) for key, at, value in reading.named("fields"))
    return Shape(
        name=name,
        fields=fields,
        span=span,
        file=reading.text("file") or None,
        file_span=reading.span_of("file") if reading.has("file") else None,
        key=_one_of_fields(reading, "key", fields),
        dated_by=_one_of_fields(reading, "dated_by", fields, "date"),
        valid_from=_one_of_fields(valid, "from", fields, "date"),
        valid_before=_one_of_fields(valid, "before", fields, "date"),
        valid_until=_one_of_fields(valid, "until", fields, "date"),
        encoding=reading.text("encoding", "utf-8"),
        delimiter=reading.text("delimiter") or None,
        decimal=reading.text("decimal", "point"),
        sheet=reading.text("sheet") or None,
        reject_ceiling=_ceiling(reading),
        unique=_some_of_fields(reading, "unique", fields),
        in_order=_some_of_fields(reading, "in_order", fields, (*NUMERIC, "date")),
    )


def _ceiling(reading: Reading) -> Fraction:
    written = reading.number("reject_ceiling")
    return Fraction(5, 100) if written is None else written


def _one_of_fields(reading: Reading, key: str, fields: tuple[Field, ...], kind: str = "") -> str | None:
    """The field that ``key`` names, which must exist and be of ``kind``; none is None, and a wrong one, which is
    reported here, an empty text: nobody then asks for it once more.
    """
    name = reading.text(key)
    if not name:
        return None
    found = next((field for field in fields if field.name == name), None)
    if found is None:
        near = did_you_mean(name, [field.name for field in fields])
        reading.problem("unknown-field", reading.span_of(key), name=name, near=near)
        return ""
    if kind and found.kind != kind:
        reading.problem("field-of-kind", reading.span_of(key), name=name, found=found.kind, expected=kind)
        return ""
    return name


def _some_of_fields(
    reading: Reading, key: str, fields: tuple[Field, ...], kinds: Collection[str] = ()
) -> tuple[str, ...]:
    """The fields that ``key`` lists: each must exist, and all be of one of ``kinds`` and comparable; else none."""
    known = {field.name: field for field in fields}
    found = [(known.get(name), name, span) for name, span in reading.words(key)]
    sound = True
    for field, name, span in found:
        if field is None:
            reading.problem("unknown-field", span, name=name, near=did_you_mean(name, known))
        elif kinds and field.kind not in kinds:
            reading.problem("field-of-kind", span, name=name, found=field.kind, expected="date or number")
        elif kinds and found[0][0] is not None and (field.kind == "date") != (found[0][0].kind == "date"):
            reading.problem("field-of-kind", span, name=name, found=field.kind, expected=found[0][0].kind)
        else:
            continue
        sound = False
    return tuple(name for _, name, _ in found) if sound else ()


def _field(name: str, span: Span, node: Node, currency: str, problems: list[Diagnostic]) -> Field:
    if not isinstance(node, Map):
        kind = text_of(node) or "text"
        return Field(name, name, kind, span, currency=currency if kind == "money" else None)
    reading = Reading(node, problems, span)
    refers_to = reading.text("refers_to") or None
    kind = reading.text("kind") or ("reference" if refers_to else "text")
    words = tuple(word for word, _ in reading.words("one_of"))
    meant = {word: told for word, _, node in reading.named("words") if (told := text_of(node))}
    words = tuple(dict.fromkeys([*words, *meant.values()]))
    if kind == "enum" and not words:
        reading.problem("enum-without-words", reading.span_of("kind"), name=name)
    own = reading.text("currency")
    if own and not is_currency(own):
        reading.problem("unknown-currency", reading.span_of("currency"), found=own)
    for key, wanted in _KEYS_OF_KINDS.items():
        if reading.has(key) and kind != wanted:
            reading.problem("key-of-kind", reading.key_span(key), key=key, found=kind, expected=wanted)
    scale = reading.number("scale")
    return Field(
        name=name,
        column=reading.text("column", name),
        kind=kind,
        span=span,
        refers_to=refers_to,
        one_of=words if kind == "enum" else (),
        words=tuple(meant.items()) if kind == "enum" else (),
        at_least=number_of(reading.node("at_least")),
        at_most=number_of(reading.node("at_most")),
        required=reading.boolean("required", True),
        digits=reading.integer("digits", 0) if reading.has("digits") else None,
        scale=int(scale) if scale in (1, 100) else None,
        currency=(own or currency) if kind == "money" else None,
        format=reading.text("format") or None,
        on_unknown=reading.text("on_unknown", "finding"),
    )


def _resolved(shape: Shape, shapes: dict[str, Shape], problems: list[Diagnostic]) -> Shape:
    """References get the kind of the key that they hold."""
    fields = []
    top = Reading(None, problems, shape.span)
    for field in shape.fields:
        if field.refers_to is None:
            fields.append(field)
            continue
        target = shapes.get(field.refers_to)
        key = target.field(target.key) if target and target.key else None
        if target is None:
            top.problem("unknown-table", field.span, name=field.refers_to, near=did_you_mean(field.refers_to, shapes))
        elif target.key is None:
            top.problem("reference-without-key", field.span, table=field.refers_to)
        kind = field.kind if field.kind != "reference" else (key.kind if key else "text")
        fields.append(replace(field, kind="text" if kind == "reference" else kind))
    return replace(shape, fields=tuple(fields))


def _reserved(shape: Shape) -> Shape:
    """A person has one row of terms a day; terms of somebody whom the workspace does not know are rejected."""
    if shape.name != TERMS or shape.field(PERSON) is None:
        return shape
    fields = tuple(replace(f, on_unknown="reject") if f.name == PERSON else f for f in shape.fields)
    return replace(shape, fields=fields, apart_by=PERSON)
