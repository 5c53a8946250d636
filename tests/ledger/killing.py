"""Locks a ledger over and over in children that are killed; run as a program, in a process that is quick to fork.

``python -m tests.ledger.killing PLACE KILLS``: prints as JSON what came of it, and fails where something was lost.
PLACE is a folder, or the ``postgresql://`` URL of a server without a schema, which is added.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from granger.engine.ledger import store as stores
from granger.engine.ledger.entries import NO_ENTRY, Entry
from granger.engine.ledger.store import Store, open_store
from granger.engine.ledger.verify import Verifying

from .worked import lock

LOCKS_EACH = 12
"""Locks of one ledger, after which another is begun: many a kill is to meet the making of one."""

STEPS = ("before_cursor_execute", "after_cursor_execute", "begin", "commit", "engine_connect", "checkin", "close")
"""What a client sees of its database."""

NEVER = 10**9


class Countdown:
    """Is called at every step, and dies at one of them."""

    def __init__(self) -> None:
        self.left = NEVER

    def __call__(self, *_: object) -> None:
        self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(self) -> int:
        """How many steps there were since this was asked last."""
        steps, self.left = NEVER - self.left, NEVER
        return steps


INSTRUCTIONS, STATEMENTS = Countdown(), Countdown()


def watch() -> None:
    """Every instruction of SQLite's own machine, every statement and commit of a client."""
    opened = stores._opened

    def watched(path: Path) -> sqlite3.Connection:
        connection = opened(path)
        connection.set_progress_handler(INSTRUCTIONS, 1)
        return connection

    stores._opened = watched
    for name in STEPS:
        sa.event.listen(sa.engine.Engine, name, STATEMENTS)


def posted_in_child(place: str, first: list[Entry], dies: Callable[[], float | None]) -> bool:
    """Posts in a child that dies at a step, or is killed after so many seconds; whether it said that it has posted."""
    read, write = os.pipe()
    patience = dies()
    child = os.fork()
    if not child:
        open_store(place).post(before(first), first)
        os.write(write, b"posted")
        os._exit(0)
    INSTRUCTIONS.counted(), STATEMENTS.counted()
    os.close(write)
    if patience is not None:
        time.sleep(patience)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    said = os.read(read, 10)
    os.close(read)
    return said == b"posted"


def before(entries: list[Entry]) -> stores.Head:
    return stores.Head(entries[0].sequence - 1, entries[0].previous)


class Dying:
    """When a child dies: at a step of those that a lock takes, or at a moment of its time. Both are learnt."""

    def __init__(self, on_file: bool) -> None:
        self.draw, self.on_file = random.Random(20261127), on_file
        self.steps = {True: (3_000, 40), False: (1_000, 20)}
        self.seconds = 0.05

    def when(self, is_new: bool) -> float | None:
        instructions, statements = self.steps[is_new]
        kind = self.draw.choice(["moment", "statement", "instruction" if self.on_file else "statement"])
        if kind == "moment":
            return self.draw.uniform(0, self.seconds)
        if kind == "instruction":
            INSTRUCTIONS.left = self.draw.randint(1, instructions)
        else:
            STATEMENTS.left = self.draw.randint(1, statements)
        return None

    def learn(self, is_new: bool, steps: tuple[int, int], seconds: float) -> None:
        """What a lock took that nobody disturbed."""
        self.steps[is_new] = steps
        self.seconds = (self.seconds + seconds) / 2


def places(place: str) -> Callable[[int], str]:
    if "://" not in place:
        return lambda number: str(Path(place) / f"ledger{number}.db")
    engine = sa.create_engine(place.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)

    def made(number: int) -> str:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS killed{number}")
        return f"{place}&options=-csearch_path%3Dkilled{number}"

    return made


def sound(store: Store) -> list[Entry]:
    verifying = Verifying(store.name)
    entries = list(verifying.through(store.entries()))
    assert verifying.problems == [], verifying.problems
    return entries


def main(place: str, kills: int) -> dict[str, int]:
    watch()
    place_of, dies = places(place), Dying("://" not in place)
    came, expected, n = Counter[str](), list[Entry](), 0
    while came["killed"] < kills:
        if n % LOCKS_EACH == 0:
            store, expected = open_store(here := place_of(n // LOCKS_EACH)), []
        head = expected[-1].head if expected else NO_ENTRY
        first, again = (lock(head, f"2026-{n:04}", 10, by=by, wide=3) for by in ("first", "again"))
        said = posted_in_child(here, first, partial(dies.when, not expected))
        started = time.monotonic()
        store.post(head, again)  # somebody else tries at once: one of the two is in it, once and whole
        steps, seconds = (INSTRUCTIONS.counted(), STATEMENTS.counted()), time.monotonic() - started
        found = list(store.entries(after=head.sequence))
        assert found == first or (found == again and not said), (n, said, len(found))
        if found == again:
            dies.learn(not expected, steps, seconds)
        came["killed"] += not said
        came["killed, and all was posted"] += not said and found == first
        expected += found
        n += 1
        if n % LOCKS_EACH == 0 or came["killed"] == kills:
            assert sound(store) == expected
            came["entries"] += len(expected)
    return {**came, "locks": n}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
