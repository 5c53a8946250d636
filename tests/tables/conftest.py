"""Small tables for the tests of this room: fields in a line, files from a text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from granger.engine.diagnostics import Span
from granger.engine.tables import sources
from granger.engine.tables.read import Tables, read_tables
from granger.engine.tables.shape import Field, Shape

SPAN = Span("granger.yaml", 3, 5, 3, 9)


@pytest.fixture(scope="session")
def field() -> Callable[..., Field]:
    def make(name: str, kind: str = "text", column: str | None = None, **more: Any) -> Field:
        return Field(name, column or name, kind, SPAN, **more)

    return make


@pytest.fixture(scope="session")
def shape() -> Callable[..., Shape]:
    def make(*fields: Field, name: str = "accounts", **more: Any) -> Shape:
        return Shape(name, fields, SPAN, **more)

    return make


@pytest.fixture(params=["small", "large"])
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Callable[..., Tables]:
    """Reads one table from the text or bytes of a file, or from any other source; files as small ones and as large."""
    monkeypatch.setattr(sources, "SMALL", 500_000_000 if request.param == "small" else -1)

    def go(shape: Shape, source: Any, *, suffix: str = ".csv", as_of: date = date(2026, 9, 30), **more: Any) -> Tables:
        if isinstance(source, (str, bytes)):
            path = tmp_path / f"{shape.name}{suffix}"
            path.write_bytes(source.encode() if isinstance(source, str) else source)
            source = path
        return read_tables([shape], {shape.name: source}, as_of=as_of, **more)

    return go
