"""What all tests share: where foreign data lies, and workspaces written in the test itself."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from granger.engine import api
from granger.engine.policy.pack import Policies
from granger.engine.progress import SILENT, Progress
from granger.engine.runners.memory import READINGS, Outcome, Request, run
from granger.engine.tables.read import Tables
from hypothesis import settings

settings.register_profile("few", derandomize=True, deadline=None, max_examples=30)
settings.register_profile("many", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("few")  # `make test-slow` takes the other for what is marked `law`

ROOT = Path(__file__).resolve().parent.parent


def _foreign_folder() -> Path | None:
    """``GRANGER_FOREIGN_DATA``, or ``shared/data`` beside the checkout."""
    named = os.environ.get("GRANGER_FOREIGN_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def foreign() -> Callable[[str], Path]:
    """``foreign("telco_churn_ibm/x.csv")``: the path of foreign data; skips, saying why, where the data is absent."""

    def find(name: str) -> Path:
        folder = _foreign_folder()
        if folder is None:
            pytest.skip("foreign data is absent: it lies beside the checkout or where GRANGER_FOREIGN_DATA says")
        path = folder / name
        assert path.exists(), f"the folder of foreign data has no {name}"
        return path

    return find


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """``workspace({"granger.yaml": "…", "data/accounts.csv": "…"})``: a folder with these files, dedented."""

    def write(files: Mapping[str, str]) -> Path:
        folder = tmp_path / "workspace"
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return folder

    return write


@pytest.fixture(scope="session")
def read_both_ways() -> Iterator[None]:
    """Every run that leaves the reading open is made by the reference and in columns, and must come to the same."""
    outputs = ["segments", "health", "health_measures", "measures", "tasks", "unserved", "triggers"]
    outputs += ["credits", "attainments", "payouts", "rejects", "findings"]

    def both(policies: Policies, read: Tables, request: Request, progress: Progress = SILENT) -> Outcome:
        if request.reading:  # somebody wants to know what that one says
            return run(policies, read, request, progress)
        reference, columns = (
            run(policies, read, replace(request, reading=reading), told)
            for reading, told in zip(READINGS, (progress, SILENT), strict=True)
        )
        for name in outputs:
            assert list(getattr(columns, name)) == list(getattr(reference, name)), name
        for name in ("touches_past", "touches_beyond", "touches_closed", "touches_skipped", "paid"):
            assert getattr(columns, name) == getattr(reference, name), name
        return reference

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "run", both)
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-expected", action="store_true", help="write the expected files of tests/cases anew")


@pytest.fixture(scope="session")
def update_expected(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-expected"))
