"""A Document put together from the parser's events; what granger does not read of YAML is refused on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from .. import messages
from ..diagnostics import Diagnostic, Origin, Related, Span
from ..messages import diagnose
from .cuts import Part, cut_at_hash, cuts_at_commas, quoted
from .document import List, Map, Node, Scalar
from .origins import Source, bounds, trace
from .scalars import Plain, Refusal, resolve, shown

MAX_DEPTH = 64
MAX_NODES = 200_000
MAX_PROBLEMS = 1_000


class Stop(Exception):
    """The rest of this file is not worth reading; why is told already."""


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet. In a mapping, ``key`` waits for its value (None: it was refused)."""

    start: int
    end: int
    flow: bool
    is_map: bool
    parts: list[Part] = field(default_factory=list)
    key: Scalar | None = None
    key_start: int = 0
    expects_key: bool = True


@dataclass(slots=True)
class Building:
    """``root`` is set once the whole of a file was taken and it is a mapping."""

    source: Source
    diagnostics: list[Diagnostic] = field(default_factory=list)
    root: Map | None = None
    _open: list[_Open] = field(default_factory=list)
    _nodes: int = 0
    _documents: int = 0

    def take(self, event: Event) -> None:
        """The next event. Raises Stop when the rest must not be read."""
        if isinstance(event, NodeEvent):
            self._count(event)
            self._check_margin(bounds(event)[0])
            self._refuse_properties(event)
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, AliasEvent):
            start, end = bounds(event)
            self._place(self._broken("*", start, end), start, end)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            start = self.source.after_properties(event)
            flow, is_map = bool(event.flow_style), isinstance(event, MappingStartEvent)
            self._open.append(_Open(start, start + 1, flow, is_map))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._finish(bounds(event)[1])
        elif isinstance(event, DocumentStartEvent):
            self._document(event)
        elif isinstance(event, StreamEndEvent) and not self._documents:
            self._tell("empty-file", Span(self.source.file, 1, 1, 1, 2))

    def abandon(self) -> None:
        """Tells what is wrong in the collections that a slip of syntax left open."""
        for unfinished in self._open:
            self._without_twins(unfinished.parts)

    def _tell(self, code: str, place: Span, *, related: tuple[Related, ...] = (), **values: Any) -> None:
        self.diagnostics.append(diagnose(code, place, related=related, **values))
        if len(self.diagnostics) == MAX_PROBLEMS:
            self.diagnostics.append(diagnose("more-problems", place, most=f"{MAX_PROBLEMS:,}"))
            raise Stop

    def _broken(self, text: str, start: int, end: int) -> Scalar:
        span = self.source.span(start, end)
        return Scalar(text, text, span, Origin(span.file, ((0, span.line, span.column),)), broken=True)

    # --- what is not read of YAML ----------------------------------------------------------------------------------

    def _count(self, event: NodeEvent) -> None:
        self._nodes += 1
        start = bounds(event)[0]
        if self._nodes > MAX_NODES:
            self._tell("too-many-nodes", self.source.span(start, start + 1), most=f"{MAX_NODES:,}")
            raise Stop
        if isinstance(event, MappingStartEvent | SequenceStartEvent) and len(self._open) >= MAX_DEPTH:
            self._tell("too-deep", self.source.span(start, start + 1), most=MAX_DEPTH)
            raise Stop

    def _check_margin(self, start: int) -> None:
        """A line inside brackets stands to the right of the block that the brackets are in; libyaml lets it pass."""
        if not self._open or not self._open[-1].flow:
            return
        block = next((outer for outer in reversed(self._open) if not outer.flow), None)
        line, column = self.source.place(start)
        if block and column <= self.source.place(block.start)[1] and line > self.source.place(self._open[-1].start)[0]:
            problem, advice = messages.SYNTAX["bad-indent"]
            self._tell("yaml-syntax", self.source.span(start, start + 1), problem=problem, advice=advice)

    def _check_tabs(self, start: int, end: int) -> None:
        tab = self.source.text.find("\n\t", start, end) + 1
        if tab and self._open:
            problem, advice = messages.SYNTAX["tab"]
            self._tell("yaml-syntax", self.source.span(tab, tab + 1), problem=problem, advice=advice)

    def _document(self, event: Event) -> None:
        self._documents += 1
        if self._documents > 1:
            start = bounds(event)[0]
            self._tell("several-documents", self.source.span(start, start + 3))
            self.root = None
            raise Stop

    def _refuse_properties(self, event: NodeEvent) -> None:
        if not event.anchor and not getattr(event, "tag", None):
            return
        start, end = bounds(event)
        if isinstance(event, AliasEvent):
            self._tell("alias-refused", self.source.span(start, end), word=shown(f"*{event.anchor}"))
            return
        for code, at, word in self.source.properties(event):
            self._tell(code, self.source.span(at, at + len(word)), word=shown(word))

    # --- values ----------------------------------------------------------------------------------------------------

    def _scalar(self, event: ScalarEvent) -> None:
        text, style = event.value, event.style or ""
        has_properties = bool(event.anchor or event.tag)
        start, end = bounds(event)
        if has_properties:
            start = self.source.after_properties(event)
        origin, end = trace(self.source, start, end, style, text)
        span, value = self.source.span(start, end), self._value(text, style)
        broken = isinstance(value, Refusal)
        if isinstance(value, Refusal):
            if text:
                self._tell(value.code, span, **value.values)
            elif has_properties:
                text = "&"  # told already; a value that is merely empty is told with its key
            value = text
        elif not style and (whole := cut_at_hash(self.source.text, start, end)):
            self._tell("unquoted-hash", span, before=shown(text), line=self._line(whole))
            broken = True
        scalar = Scalar(value, text, span, origin, bool(style), broken)
        self._check_text(scalar, style, start, end)
        self._place(scalar, start, end)

    def _value(self, text: str, style: str) -> Plain | Refusal:
        return text if style or self._wants_key else resolve(text)

    def _check_text(self, scalar: Scalar, style: str, start: int, end: int) -> None:
        if style in ("'", '"', "") and scalar.span.end_line > scalar.span.line:
            self._check_tabs(start, end)
        if style == '"':
            self._refuse_invisible(scalar)

    def _refuse_invisible(self, scalar: Scalar) -> None:
        for offset, char in enumerate(scalar.text):
            if char not in "\t\n" and (char < " " or "\x7f" <= char <= "\x9f"):
                self._tell("control-character", scalar.origin.span(offset, offset + 1), name=f"U+{ord(char):04X}")
                return

    def _line(self, value: str) -> str:
        """The entry as it should be pasted."""
        key = self._open[-1].key if self._open else None
        return f"{key.text}: {quoted(value)}" if key is not None else quoted(value)

    # --- collections -----------------------------------------------------------------------------------------------

    @property
    def _wants_key(self) -> bool:
        return bool(self._open) and self._open[-1].is_map and self._open[-1].expects_key

    def _place(self, node: Node, start: int, end: int) -> None:
        if not self._open:
            self._top(node, start)
            return
        top = self._open[-1]
        top.end = max(top.end, end)
        if not top.is_map:
            top.parts.append(Part(None, node, start, end))
        elif top.expects_key:
            top.expects_key, top.key, top.key_start = False, self._as_key(node, start), start
        else:
            if top.key is not None:
                top.parts.append(Part(top.key, node, top.key_start, end))
            top.expects_key = True

    def _as_key(self, node: Node, start: int) -> Scalar | None:
        if not isinstance(node, Scalar) or (not node.text and not node.quoted):
            found = "nothing" if isinstance(node, Scalar) else "list" if isinstance(node, List) else "mapping"
            self._tell("key-not-text", self.source.span(start, start + 1), found=messages.FOUND[found])
            return None
        if node.text == "<<" and not node.quoted:
            self._tell("merge-refused", node.span)
            return None
        return None if node.broken else node

    def _finish(self, end: int) -> None:
        done = self._open.pop()
        end = end if done.flow else done.end
        parts, span = self._settled(done), self.source.span(done.start, end)
        if done.is_map:
            entries = {part.key.text: part for part in parts if part.key is not None}
            keys = {name: part.key for name, part in entries.items() if part.key is not None}
            self._place(Map({name: part.node for name, part in entries.items()}, keys, span), done.start, end)
        else:
            self._place(List(tuple(part.node for part in parts), span), done.start, end)

    def _settled(self, done: _Open) -> list[Part]:
        """The parts of a collection: joined where a comma cut them, each key once, what is empty told."""
        parts = self._without_twins(self._joined(done) if done.flow else done.parts)
        for part in parts:
            if part.is_empty:
                self._tell_empty(part, done.flow)
        return parts

    def _without_twins(self, parts: list[Part]) -> list[Part]:
        first: dict[str, Scalar] = {}
        kept = []
        for part in parts:
            if part.key is not None and part.key.text in first:
                related = (Related(first[part.key.text].span, messages.LABELS["first"]),)
                self._tell("duplicate-key", part.key.span, related=related, key=shown(part.key.text))
                continue
            if part.key is not None:
                first[part.key.text] = part.key
            kept.append(part)
        return kept

    def _tell_empty(self, part: Part, flow: bool) -> None:
        if part.key is None:
            start = max(part.start - 1, 0)
            self._tell("empty-value", self.source.span(start, start + 1), found=messages.FOUND["empty-item"])
        elif flow and ":" in part.key.text.strip(":") and not part.key.quoted:
            key, _, value = part.key.text.partition(":")
            self._tell("unspaced-colon", part.key.span, line=f"{shown(key)}: {shown(value.strip())}")
        else:
            self._tell("empty-value", part.key.span, found=messages.FOUND["empty-key"].format(key=shown(part.key.text)))

    def _joined(self, done: _Open) -> list[Part]:
        parts = list(done.parts)
        for cut in reversed(cuts_at_commas(parts, done.is_map)):
            first, last = parts[cut.first], parts[cut.after - 1]
            start = self.source.index_of(first.node.span)
            text = self.source.text[start : last.end]
            line = f"{first.key.text}: {quoted(text)}" if first.key is not None else quoted(text)
            before = first.node.text if isinstance(first.node, Scalar) else ""
            brackets = "{ }" if done.is_map else "[ ]"
            self._tell(
                "unquoted-comma", self.source.span(start, last.end), brackets=brackets, before=shown(before), line=line
            )
            parts[cut.first : cut.after] = [Part(first.key, self._broken(text, start, last.end), first.start, last.end)]
        return parts

    def _top(self, node: Node, start: int) -> None:
        if isinstance(node, Map):
            self.root = node
        elif isinstance(node, Scalar) and not node.text:
            self._tell("empty-file", Span(self.source.file, 1, 1, 1, 2))
        else:
            found = (
                messages.FOUND["list"]
                if isinstance(node, List)
                else messages.FOUND["text"].format(text=shown(node.text))
            )
            self._tell("not-a-mapping", self.source.span(start, start + 1), found=found)
