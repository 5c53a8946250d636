"""A tree of reasons as text, one line a reason, its place behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..program.explain import Reason
from .terminal import printable


def tree_text(reason: Reason) -> str:
    return "\n".join(_lines(reason, "", "")) + "\n"


def _lines(reason: Reason, first: str, rest: str) -> Iterator[str]:
    place = f"   [{printable(reason.place)}]" if reason.place else ""
    yield f"{first}{printable(reason.text)}{place}"
    for i, below in enumerate(reason.below):
        last = i == len(reason.below) - 1
        yield from _lines(below, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  "))


def tree_json(reason: Reason) -> dict[str, Any]:
    return {"text": reason.text, "place": reason.place, "below": [tree_json(below) for below in reason.below]}
