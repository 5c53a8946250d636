"""Bytes to text in the encoding a table declares."""

from __future__ import annotations

from collections.abc import Callable

from ..diagnostics import Cell
from ..messages import diagnose
from .records import Unreadable
from .shape import Shape

_UTF8 = ("utf-8", "utf8", "utf-8-sig")


def decode(shape: Shape, data: bytes, file: str, row_of: Callable[[str], int]) -> str:
    """The text of ``data`` without its byte order mark. ``row_of`` tells the row in which a text before it ends.

    Raises Unreadable.
    """
    encoding = "utf-8-sig" if shape.encoding.lower().replace("_", "-") in _UTF8 else shape.encoding
    try:
        b"a".decode(encoding, "ignore")
    except (LookupError, ValueError):
        raise Unreadable(diagnose("unknown-encoding", shape.span, encoding=shape.encoding, table=shape.name)) from None
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as failure:
        raise _undecodable(shape, data, file, row_of(data[: failure.start].decode(encoding, "ignore"))) from None
    except ValueError:  # a codec may refuse without saying where
        raise _undecodable(shape, data, file, 0) from None
    if "\0" in text:
        raise Unreadable(diagnose("nul-character", Cell(file, row_of(text[: text.index("\0")])), table=shape.name))
    return text


def line_of(before: str) -> int:
    return before.count("\n") + 1


def _undecodable(shape: Shape, data: bytes, file: str, row: int) -> Unreadable:
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    advice = "`encoding: utf-16`" if utf16 else "its real `encoding:` (for example windows-1252 or gb18030)"
    return Unreadable(
        diagnose("undecodable-text", Cell(file, row), encoding=shape.encoding, table=shape.name, advice=advice)
    )
