"""Bytes of a YAML file to a Document, or to the reasons why not. It raises for no input.

The Document is built from the parser's events, without PyYAML's composer (which follows aliases, recurses and lets
duplicate keys overwrite each other in silence).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

import yaml

from ..diagnostics import Diagnostic, Span, in_order
from ..messages import diagnose
from .building import MAX_DEPTH, MAX_NODES, Building, Stop
from .document import Document
from .origins import Source
from .syntax import report, without_section

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "lines_of", "read"]

MAX_BYTES = 10_000_000
MAX_SLIPS = 10  # slips of syntax looked for in one file; in a very long one, only the first
LONG_TEXT = 500_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Control characters and those that some tools take for a line end, so that a line number means the same everywhere.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def read(data: bytes, file: str) -> tuple[Document | None, list[Diagnostic]]:
    """The Document in ``data``, None where its shape cannot be known; and everything that is wrong with it."""
    if len(data) > MAX_BYTES:
        return None, [diagnose("file-too-large", Span(file, 1, 1, 1, 2), most=f"{MAX_BYTES // 1_000_000} MB")]
    text, broken = _decoded(data, file)
    source = Source.of(file, text)
    if broken is not None:
        return None, [broken]
    if invisible := list(_invisible(source)):
        return None, invisible
    building, slip = _built(source)
    if slip is not None:
        return None, in_order([*_within(building), *_slips(source, slip)])
    document = Document(file, building.root, tuple(text.split("\n"))) if building.root is not None else None
    return document, in_order(building.diagnostics)


def lines_of(data: bytes) -> tuple[str, ...]:
    """The lines for snippets, of a file that may be broken in any way."""
    return tuple(_line_ends(data[:MAX_BYTES].decode("utf-8-sig", "replace")).split("\n"))


def _decoded(data: bytes, file: str) -> tuple[str, Diagnostic | None]:
    try:
        return _line_ends(data.decode("utf-8-sig")), None
    except UnicodeDecodeError as error:
        before = _line_ends(data[: error.start].decode("utf-8-sig", "replace")).split("\n")
        line, column = len(before), len(before[-1]) + 1
        place = Span(file, line, column, line, column + 1)
        return "", diagnose("not-utf-8", place, byte=f"{data[error.start] if error.start < len(data) else 0:#04x}")


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _invisible(source: Source) -> Iterator[Diagnostic]:
    for found, _ in zip(_INVISIBLE.finditer(source.text), range(20), strict=False):
        char = found.group()
        name = f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()
        yield diagnose("control-character", source.span(found.start(), found.end()), name=name)


def _built(source: Source) -> tuple[Building, yaml.YAMLError | None]:
    building = Building(source)
    try:
        with suppress(Stop):
            for event in yaml.parse(source.text, Loader=_LOADER):
                building.take(event)
    except yaml.YAMLError as error:
        with suppress(Stop):
            building.abandon()
        return building, error
    return building, None


def _slips(source: Source, error: yaml.YAMLError | None) -> Iterator[Diagnostic]:
    """The syntax error, and those that come to light when the entry it stands in is left out."""
    for _ in range(MAX_SLIPS):
        if error is None:
            return
        slip, line = report(error, source)
        yield slip
        rest = without_section(source.text, line)
        if rest is None or not rest.strip() or len(rest) > LONG_TEXT:
            return
        source = Source.of(source.file, rest)
        building, error = _built(source)
        yield from _within(building)


def _within(building: Building) -> Iterator[Diagnostic]:
    """What is known of a file that did not parse to its end: nothing about its whole."""
    return (d for d in building.diagnostics if d.code not in ("empty-file", "not-a-mapping"))
