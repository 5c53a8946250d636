"""What the tests of the language share: an expression on line 1, column 1 of a file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from granger.engine.diagnostics import Diagnostic, Origin, Span
from granger.engine.language.expression import parse
from granger.engine.language.tree import Expression

ORIGIN = Origin("p.yaml", ((0, 1, 1),))


@pytest.fixture(scope="session")
def parsed() -> Callable[[str], Expression]:
    def read(text: str) -> Expression:
        found = parse(text, ORIGIN)
        assert isinstance(found, Expression), [(d.code, str(d.place), d.message) for d in found]
        return found

    return read


@pytest.fixture(scope="session")
def refused() -> Callable[[str], list[tuple[str, int, int]]]:
    """Code, line and column of every reason why a text is no expression."""

    def read(text: str) -> list[tuple[str, int, int]]:
        found = parse(text, ORIGIN)
        assert isinstance(found, list), "the text was read as an expression"
        assert found and all(isinstance(d, Diagnostic) and isinstance(d.place, Span) for d in found)
        return [(d.code, d.place.line, d.place.column) for d in found if isinstance(d.place, Span)]

    return read
