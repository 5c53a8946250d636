"""A starter workspace with as many accounts as are asked for, and folders read as a mapping."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

STARTER = Path(__file__).resolve().parents[2] / "rules" / "starter"
Grown = Callable[[int, int], Path]


@pytest.fixture
def grown(tmp_path: Path) -> Grown:
    """``grown(accounts, sellers)``: the folder of the workspace; each account has a deal, each seller a statement."""

    def make(accounts: int, sellers: int) -> Path:
        folder = tmp_path / "workspace"
        shutil.copytree(STARTER, folder)
        numbers = range(accounts)
        tables = {
            "people": ["Name,Role", "Ana Silva,csm", *(f"Seller {i},seller" for i in range(sellers))],
            "accounts": [
                "Account ID,Account Name,ARR,Signed,Contract End",
                *(f"A-{i},Firm {i},{i % 90_000}.50,2025-12-15,2026-12-{i % 28 + 1:02}" for i in numbers),
            ],
            "assignments": ["Account ID,Role,Name,Start,End", *(f"A-{i},csm,Ana Silva,2025-12-15," for i in numbers)],
            "deals": [
                "Deal ID,Account ID,Amount,Close Date,Seller",
                *(f"D-{i},A-{i},{i % 7_000}.25,2026-08-{i % 31 + 1:02},Seller {i % sellers}" for i in numbers),
            ],
        }
        for name, lines in tables.items():
            (folder / "data" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder

    return make


@pytest.fixture
def contents() -> Callable[[Path], dict[str, bytes]]:
    """Every file of a folder by its path inside."""
    return lambda folder: {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
