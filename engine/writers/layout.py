"""The layout of every output file, as ``schemas/outputs`` states it: columns, kinds, order, key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Column:
    """``digits`` is a number, ``currency`` (those of the row's currency), or None: exact."""

    name: str
    kind: str
    digits: int | str | None = None
    digits_at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    file: str
    version: int
    columns: tuple[Column, ...]
    key: tuple[str, ...]


@lru_cache(maxsize=32)
def layout(name: str) -> Layout:
    """The layout of ``segments``, ``tasks`` … Raises FileNotFoundError for a file granger does not write."""
    text = files("granger.schemas").joinpath(f"outputs/{name}.json").read_text(encoding="utf-8")
    read = json.loads(text)
    columns = tuple(Column(c["name"], c["kind"], c.get("digits"), c.get("digits_at_most")) for c in read["columns"])
    return Layout(read["file"], read["version"], columns, tuple(read.get("key", ())))
