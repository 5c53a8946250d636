"""A ledger in SQLite and in PostgreSQL: all or nothing, one of two, and a database that refuses to forget."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from granger.engine.diagnostics import RequestRejected
from granger.engine.ledger import store as stores
from granger.engine.ledger.entries import NO_ENTRY
from granger.engine.ledger.store import Store, open_store
from granger.engine.ledger.verify import Verifying

from .worked import lock


def sound(store: Store) -> list[int]:
    """The numbers of the entries, all of which are sound."""
    verifying = Verifying(store.name)
    numbers = [entry.sequence for entry in verifying.through(store.entries())]
    assert verifying.problems == []
    return numbers


def code_of(caught: pytest.ExceptionInfo[RequestRejected]) -> str:
    (problem,) = caught.value.diagnostics
    assert problem.place is None
    return problem.code


def by_hand(place: str, *statements: str) -> None:
    """What somebody with the database's own tools does."""
    url = place.replace("postgresql:", "postgresql+psycopg:") if "://" in place else f"sqlite:///{place}"
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_what_is_posted_is_there_and_only_once(place: str) -> None:
    store = open_store(place)
    assert list(store.entries()) == []
    first = lock(NO_ENTRY, "2026-Q1", 700, wide=2)
    assert store.post(NO_ENTRY, first) == first[-1].head
    second = lock(first[-1].head, "2026-Q2", 2)
    assert store.post(first[-1].head, second) == second[-1].head
    assert list(open_store(place).entries()) == [*first, *second]
    assert next(iter(store.entries(after=701))) == second[0]
    # who proposed before the second was posted is told what stands there now, and adds nothing
    assert store.post(first[-1].head, lock(first[-1].head, "2026-Q2", 5)) == second[-1].head
    assert sound(store) == list(range(1, 705))


def test_the_database_refuses_to_change_delete_or_replace(place: str) -> None:
    entries = lock(NO_ENTRY, "2026-Q1", 2)
    store = open_store(place)
    store.post(NO_ENTRY, entries)
    row = "VALUES (2, '2026-Q1', 'p', '{}', 'h')"
    insert = "INSERT INTO granger_ledger (sequence, period, previous, payload, hash) " + row
    upsert = " ON CONFLICT (sequence) DO UPDATE SET payload = '{}'"
    refused = ["UPDATE granger_ledger SET payload = '{}' WHERE sequence = 2", "DELETE FROM granger_ledger"]
    refused += [insert, insert + upsert]
    refused += ["TRUNCATE granger_ledger"] if "://" in place else [insert.replace("INSERT", "INSERT OR REPLACE")]
    for statement in refused:
        with pytest.raises(sa.exc.DBAPIError):
            by_hand(place, statement)
    assert list(store.entries()) == entries


def test_of_many_at_once_one_wins(place: str) -> None:
    """Each from nothing: the table is made by whoever comes first."""
    names = [f"writer {n}" for n in range(6)]

    def post(name: str) -> tuple[str, bool]:
        entries = lock(NO_ENTRY, "2026-Q1", 20, by=name)
        return name, open_store(place).post(NO_ENTRY, entries) == entries[-1].head

    with ThreadPoolExecutor(len(names)) as pool:
        won = [name for name, wins in pool.map(post, names) if wins]
    (winner,) = won
    store = open_store(place)
    assert sound(store) == list(range(1, 22))
    assert next(iter(store.entries())).first["lock"] == {
        "period": "2026-Q1", "lines": 20, "by": winner, "at": "2026-10-02 09:30",
    }  # fmt: skip


def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "PATIENCE", 0.05)
    path = tmp_path / "ledger.db"
    store = open_store(path)
    entries = lock(NO_ENTRY, "2026-Q1", 2)
    store.post(NO_ENTRY, entries)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(RequestRejected) as caught:
        store.post(entries[-1].head, lock(entries[-1].head, "2026-Q2", 2))
    holder.close()
    assert code_of(caught) == "ledger-busy"
    assert list(store.entries()) == entries


def test_a_file_may_have_any_name(tmp_path: Path) -> None:
    entries = lock(NO_ENTRY, "2026-Q1", 1)
    for name in ("薪 酬.db", "50% off?#1&mode=ro.db", "it's"):
        open_store(tmp_path / name).post(NO_ENTRY, entries)
        assert (tmp_path / name).exists()
        assert list(open_store(str(tmp_path / name)).entries()) == entries


def test_what_is_no_ledger_is_told(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database, and long enough to be read as one" * 20)
    with pytest.raises(RequestRejected) as caught:
        list(open_store(text).entries())
    assert code_of(caught) == "ledger-failed"
    assert "file is not a database" in caught.value.diagnostics[0].message
    for url in ("mysql://host/db", "https://host/ledger.db", "postgresql+asyncpg://host/db"):
        with pytest.raises(RequestRejected) as caught:
            open_store(url)
        assert code_of(caught) == "ledger-unknown"
    assert not (tmp_path / "none.db").exists()
    assert list(open_store(tmp_path / "none.db").entries()) == []
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(RequestRejected) as caught:
        open_store(tmp_path / "no" / "folder.db").post(NO_ENTRY, lock(NO_ENTRY, "2026-Q1", 1))
    assert code_of(caught) == "ledger-failed"


def test_a_password_is_shown_to_nobody() -> None:
    store = open_store("postgresql://ana:secret@127.0.0.1:1/pay")
    with pytest.raises(RequestRejected) as caught:
        store.post(NO_ENTRY, lock(NO_ENTRY, "2026-Q1", 1))
    assert "secret" not in str(caught.value)
    assert caught.value.diagnostics[0].code in ("ledger-failed", "ledger-lost")


def test_without_the_driver_a_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(RequestRejected) as caught:
        open_store("postgresql://ana@host/pay")
    assert code_of(caught) == "ledger-driver-missing"


def test_a_full_file_posts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.db"
    store = open_store(path)
    entries = lock(NO_ENTRY, "2026-Q1", 2)
    store.post(NO_ENTRY, entries)
    opened = stores._opened

    def small(path: Path) -> sqlite3.Connection:
        connection = opened(path)
        connection.execute("PRAGMA max_page_count = 20")
        return connection

    monkeypatch.setattr(stores, "_opened", small)
    with pytest.raises(RequestRejected) as caught:
        store.post(entries[-1].head, lock(entries[-1].head, "2026-Q2", 50, wide=50))
    assert code_of(caught) == "ledger-failed"
    assert "full" in caught.value.diagnostics[0].message
    assert list(store.entries()) == entries
    monkeypatch.setattr(stores, "_opened", opened)
    again = lock(entries[-1].head, "2026-Q2", 50, wide=50)
    assert store.post(entries[-1].head, again) == again[-1].head
    assert sound(store) == list(range(1, 55))
