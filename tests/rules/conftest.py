"""The bundled packs are held to both readings."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def both_ways(read_both_ways: None) -> None:
    pass
