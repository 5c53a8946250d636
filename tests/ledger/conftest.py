from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .postgres import ABSENT, Server, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if ABSENT:
        pytest.skip(ABSENT)
    with running() as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where no ledger is yet."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    server: Server = request.getfixturevalue("server")
    return server.fresh()
