"""Where the entries are kept: a SQLite file, or a PostgreSQL database that a team shares. The one room of SQLAlchemy.

The database itself refuses to change or delete an entry, or to put two at one place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from ..diagnostics import Diagnostic, RequestRejected
from ..messages import diagnose
from .entries import NO_ENTRY, Entry, Head
from .schema import ENTRIES, NAME, create

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

PATIENCE = 30
"""Seconds to wait for another writer."""

AT_ONCE = 500
"""Entries that are in memory at one time while all are read."""


class Store:
    """One ledger. Reading makes nothing; the first posting makes the table."""

    def __init__(self, name: str, engine: Engine, path: Path | None = None) -> None:
        self.name, self._engine, self._path = name, engine, path

    @property
    def is_there(self) -> bool:
        """Whether there may be entries: a file that is not there has none."""
        return self._path is None or self._path.exists()

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """In their order, as they are at one moment; none where there is no ledger yet."""
        return self._read(ENTRIES.c.sequence > after)

    def some(self, numbers: Collection[int]) -> Iterator[Entry]:
        """Those with these numbers, in their order."""
        wanted = sorted(numbers)
        for start in range(0, len(wanted), AT_ONCE):
            yield from self._read(ENTRIES.c.sequence.in_(wanted[start : start + AT_ONCE]))

    def _read(self, condition: sa.ColumnElement[bool]) -> Iterator[Entry]:
        query = sa.select(ENTRIES).where(condition).order_by(ENTRIES.c.sequence)
        if not self.is_there:
            return
        with self._told("read"), self._engine.connect() as connection:
            if _has_table(connection):
                with connection.execute(query, execution_options={"yield_per": AT_ONCE}) as rows:
                    for row in rows:
                        yield Entry(*row)

    def post(self, head: Head, entries: Sequence[Entry]) -> Head:
        """Adds all entries, which follow ``head``, in one transaction, or none: where somebody was quicker.

        Gives the last entry that is there afterwards.
        """
        with self._told("written"), self._engine.connect().execution_options(writes=True) as connection:
            with connection.begin():
                if not _has_table(connection):
                    create(connection)
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
                    connection.exec_driver_sql(f"LOCK TABLE {NAME} IN EXCLUSIVE MODE")
                query = sa.select(ENTRIES.c.sequence, ENTRIES.c.hash).order_by(ENTRIES.c.sequence.desc()).limit(1)
                last = connection.execute(query).first()
                found = Head(*last) if last is not None else NO_ENTRY
                if found != head or not entries:
                    return found
                connection.execute(sa.insert(ENTRIES), [asdict(entry) for entry in entries])
            return entries[-1].head

    @contextmanager
    def _told(self, done: str) -> Iterator[None]:
        """What the database says in the words of granger."""
        try:
            yield
        except DBAPIError as error:
            raise RequestRejected([self._problem(error, done)]) from error

    def _problem(self, error: DBAPIError, done: str) -> Diagnostic:
        reason = str(error.orig).partition("\n")[0] or type(error.orig).__name__
        if getattr(error.orig, "sqlstate", "") == "55P03" or "database is locked" in reason:
            return diagnose("ledger-busy", None, ledger=self.name, seconds=PATIENCE)
        # who was cut off from a server while it was committing does not know what became of it
        unsure = done == "written" and error.connection_invalidated
        return diagnose("ledger-lost" if unsure else "ledger-failed", None, ledger=self.name, done=done, reason=reason)


def open_store(where: str | Path) -> Store:
    """The ledger in a file, or at a ``postgresql://`` URL. Raises RequestRejected for what is neither.

    Nothing is opened yet.
    """
    if isinstance(where, str) and "://" in where:
        return _on_server(where)
    path = Path(where)
    engine = sa.create_engine("sqlite://", creator=lambda: _opened(path), poolclass=sa.NullPool)
    sa.event.listen(engine, "begin", _begun)
    return Store(str(where), engine, path)


def _has_table(connection: Connection) -> bool:
    return sa.inspect(connection).has_table(NAME)


def _opened(path: Path) -> sqlite3.Connection:
    """``rwc`` also to read: what a killed writer left is undone by the next who comes."""
    uri = path.resolve().as_uri() + "?mode=rwc"
    opened = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
    opened.execute("PRAGMA synchronous = EXTRA")
    return opened


def _on_server(url: str) -> Store:
    try:
        read = sa.make_url(url)
    except ArgumentError:
        read = None
    if read is None or read.drivername not in ("postgresql", "postgres"):
        raise RequestRejected([diagnose("ledger-unknown", None, found=url.partition("://")[0] + "://")])
    try:
        url_of = read.set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url_of, connect_args={"connect_timeout": PATIENCE}, poolclass=sa.NullPool)
    except ModuleNotFoundError as error:
        raise RequestRejected([diagnose("ledger-driver-missing", None)]) from error
    return Store(read.database or "postgresql", engine)


def _begun(connection: Connection) -> None:
    """SQLite asks a writer to say so from the start, or two that read before they write shut each other out."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
