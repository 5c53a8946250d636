"""What a listener is told of a run and its writing, and that it may stop both."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import granger
import polars as pl
import pytest
from granger.engine.tables import csv_text

PACK = Path(__file__).resolve().parents[2] / "rules" / "starter"
AS_OF = date(2026, 9, 30)


class Listener:
    """Every stretch of work with what was expected of it and what was done; raises at the given word."""

    def __init__(self, until: int = 10**9) -> None:
        self.until, self.words = until, 0
        self.works: list[tuple[str, str, int | None, int]] = []
        self.open: tuple[str, str, int | None] | None = None
        self.done = 0
        self.committed = False

    def _word(self) -> None:
        self.words += 1
        if self.words > self.until:
            raise KeyboardInterrupt

    def begin(self, what: str, unit: str = "", total: int | None = None) -> None:
        assert self.open is None, "stretches of work do not nest"
        self._word()
        self.open, self.done = (what, unit, total), 0

    def advance(self, count: int = 1) -> None:
        assert self.open is not None
        self._word()
        self.done += count

    def end(self) -> None:
        assert self.open is not None
        self._word()
        self.works.append((*self.open, self.done))
        self.open = None

    def commit(self) -> None:
        assert self.open is None
        self._word()
        self.committed = True


def test_a_run_tells_each_stretch_of_its_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "BATCH", 5)
    listener = Listener()
    run = granger.load(PACK).run(as_of=AS_OF, progress=listener)
    assert sorted(listener.works[:4]) == [
        ("reading accounts", "rows", 8, 8),
        ("reading assignments", "rows", 7, 7),
        ("reading deals", "rows", 12, 12),
        ("reading people", "rows", 4, 4),
    ]
    assert listener.works[4:] == [
        ("tiers", "", None, 0),
        ("health scores", "", None, 0),
        ("tasks", "", None, 0),
        ("pay", "components", 1, 1),
        ("measures", "", None, 0),
    ]
    assert not listener.committed
    listener.works.clear()
    run.write(tmp_path / "out", progress=listener)
    files = sum(path.is_file() for path in (tmp_path / "out").rglob("*"))
    works = [(what, unit) for what, unit, _, _ in listener.works]
    assert works == [("rows to text", "rows"), ("writing", "files"), ("settling on disk", "files")]
    assert all(total == done for _, _, total, done in listener.works)
    assert listener.works[1][2] == files > 10
    assert listener.committed


def test_what_comes_from_memory_is_counted_too() -> None:
    people = pl.DataFrame({"Name": ["Ana Silva", "Dev Patel"], "Role": ["csm", "seller"]})
    sources = {
        "list": people.rename({"Name": "person", "Role": "role"}).to_dicts(),
        "frame": people,
        "lazy": people.lazy(),
    }
    for name, source in sources.items():
        listener = Listener()
        granger.load(PACK).run({"people": source}, as_of=AS_OF, progress=listener)
        assert ("reading people", "rows", None if name == "lazy" else 2, 2) in listener.works


def test_a_listener_may_stop_it_at_every_word(tmp_path: Path) -> None:
    pack, whole = granger.load(PACK), Listener()
    pack.run(as_of=AS_OF, progress=whole).write(tmp_path / "whole", progress=whole)
    assert whole.words > 40
    for word in range(whole.words):
        listener = Listener(word)
        with pytest.raises(KeyboardInterrupt):
            pack.run(as_of=AS_OF, progress=listener).write(tmp_path / "out", progress=listener)
        assert [path.name for path in tmp_path.iterdir()] == ["whole"]
