"""Whatever stops a lock, all of it is posted or nothing, once, and the ledger stays sound."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from granger.engine.diagnostics import RequestRejected
from granger.engine.ledger.entries import NO_ENTRY, Entry, Head, canonical, chained
from granger.engine.ledger.store import Store, open_store
from granger.engine.ledger.verify import Verifying

from .postgres import Server
from .worked import lock

resource = pytest.importorskip("resource", reason="faults are made by the means of Unix")

ROOT = Path(__file__).resolve().parents[2]


def killed(place: str, kills: int) -> dict[str, int]:
    path = f"{ROOT / '.typecheck'}:{ROOT}"
    command = [sys.executable, "-m", "tests.ledger.killing", place, str(kills)]
    environment = {"PYTHONPATH": path, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    assert found["killed"] == kills
    assert found["entries"] == 11 * found["locks"]
    return found


def sound(store: Store) -> list[Entry]:
    verifying = Verifying(store.name)
    entries = list(verifying.through(store.entries()))
    assert verifying.problems == []
    return entries


def heavy(head: Head, period: str, lines: int) -> list[Entry]:
    """A lock that no database makes smaller: some 8 kB a line."""
    draw = random.Random(lines)
    opened = lock(head, period, lines)[0]
    rest = [(period, canonical({"line": {"why": draw.randbytes(4_000).hex()}})) for _ in range(lines)]
    return chained(head, [(period, opened.payload), *rest])


def test_some_kills_of_a_file(tmp_path: Path) -> None:
    assert killed(str(tmp_path), 12)["killed"] == 12


@pytest.mark.slow
def test_a_hundred_kills_of_a_file(tmp_path: Path) -> None:
    assert killed(str(tmp_path), 100)["killed, and all was posted"] > 3


@pytest.mark.slow
def test_a_hundred_kills_of_a_client_of_a_server(server: Server) -> None:
    assert killed(server.base(), 100)["killed, and all was posted"] > 3


def test_a_file_that_may_not_grow_posts_nothing(tmp_path: Path) -> None:
    """As on a full disk: the journal or the ledger itself is cut short at any size."""
    store = open_store(tmp_path / "ledger.db")
    first = lock(NO_ENTRY, "2026-01", 10)
    store.post(NO_ENTRY, first)
    second = heavy(first[-1].head, "2026-02", 40)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    refused = 0
    for size in (1, 700, 5_000, 20_000, 60_000, 150_000, 300_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            with pytest.raises(RequestRejected) as caught:
                store.post(first[-1].head, second)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert caught.value.diagnostics[0].code == "ledger-failed"
        assert sound(store) == first
        refused += 1
    signal.signal(signal.SIGXFSZ, ignored)
    assert refused == 7
    assert store.post(first[-1].head, second) == second[-1].head
    assert sound(store) == [*first, *second]


@pytest.mark.slow
def test_a_server_that_may_not_write_posts_nothing(server: Server) -> None:
    store = open_store(server.fresh())
    first = lock(NO_ENTRY, "2026-01", 10)
    store.post(NO_ENTRY, first)
    second = heavy(first[-1].head, "2026-02", 500)
    with server.files_of_at_most(1_500), pytest.raises(RequestRejected) as caught:
        store.post(first[-1].head, second)
    assert caught.value.diagnostics[0].code == "ledger-failed"
    assert "could not extend file" in caught.value.diagnostics[0].message
    assert sound(store) == first
    assert store.post(first[-1].head, second) == second[-1].head
    assert sound(store) == [*first, *second]


@pytest.mark.slow
def test_a_server_that_is_killed_has_all_or_nothing(server: Server) -> None:
    store = open_store(server.fresh())
    expected: list[Entry] = []
    draw, met = random.Random(6), set[str]()
    for n in range(5):
        head = expected[-1].head if expected else NO_ENTRY
        first, again = heavy(head, f"2026-0{n + 1}", 150), lock(head, f"2026-0{n + 1}", 3, by="again")
        told: list[str] = []

        def post(head: Head = head, entries: list[Entry] = first, told: list[str] = told) -> None:
            try:
                store.post(head, entries)
                told.append("posted")
            except RequestRejected as error:
                told.append(error.diagnostics[0].code)

        thread = threading.Thread(target=post)
        thread.start()
        time.sleep(draw.uniform(0, 0.15))
        server.stop()
        thread.join()
        server.start()
        store.post(head, again)
        found = list(store.entries(after=head.sequence))
        assert found == first or (found == again and told != ["posted"]), told
        met.add(told[0])
        expected += found
    assert sound(store) == expected
    assert met <= {"posted", "ledger-lost", "ledger-failed"} and met - {"posted"}
