"""A PostgreSQL server of the tests' own, in a folder of its own; it has no network, and nothing is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

USER = "nobody"
"""As whom root runs the server, which refuses to be root's."""


def program(name: str) -> str | None:
    """Where a program of PostgreSQL is; distributions do not put all of them on the path."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(places[-1]) if places else None)


ABSENT = "" if program("initdb") and program("pg_ctl") else "there is no PostgreSQL on this machine"


class Server:
    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.schemas = folder, folder / "data", 0

    def fresh(self) -> str:
        """The URL of a new schema."""
        self.schemas += 1
        name = f"ledger{self.schemas}"
        with psycopg.connect(f"user=granger dbname=postgres host={self.folder}") as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"{self.base()}&options=-csearch_path%3D{name}"

    def base(self) -> str:
        return f"postgresql://granger@/postgres?host={self.folder}"

    @contextmanager
    def files_of_at_most(self, kilobytes: int) -> Iterator[None]:
        """Meanwhile no file of the server grows beyond that, as if its disk were full."""
        self.stop()
        self.start(kilobytes)
        try:
            yield
        finally:
            self.stop()
            self.start()

    def make(self) -> None:
        encoded = "--encoding=UTF8", "--locale=C", "--wal-segsize=1"
        self._run("initdb", "-D", self.data, "-U", "granger", "--auth=trust", "--no-sync", *encoded)
        self.start()

    def start(self, kilobytes: int | None = None) -> None:
        quick = "-c fsync=off -c full_page_writes=off -c shared_buffers=16MB -c max_connections=20"
        options = f"-k {self.folder} -c listen_addresses='' {quick}"
        self._run(
            "pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", options, "start", kilobytes=kilobytes
        )

    def stop(self) -> None:
        """At once, as if somebody had cut the power of its processes."""
        self._run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")

    def _run(self, name: str, *arguments: object, kilobytes: int | None = None) -> None:
        found = program(name)
        assert found is not None
        limited = ["bash", "-c", f'ulimit -S -f {kilobytes} && exec "$@"', "limited"] if kilobytes else []
        user = {"user": USER, "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(
            [*limited, found, *map(str, arguments)], cwd=self.folder, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, text=True, **user,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout


@contextmanager
def running() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="granger-"))  # beside pytest's, which is for root alone
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        server = Server(folder)
        server.make()
        try:
            yield server
        finally:
            with suppress(AssertionError):
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
