"""A ledger, for who asked: whether it is sound, what was locked, and the statements of what is locked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .diagnostics import DataRejected, Diagnostic, RequestRejected, in_order
from .ledger.entries import Entry, Head, chained
from .ledger.posted import Lock, Posted, paid, posted, postings
from .ledger.verify import Verifying
from .messages import diagnose
from .outcome.pay.lines import Pay
from .progress import SILENT, Progress
from .writers.folder import Content, write_folder
from .writers.ledger_files import ledger_files


class Ledger:
    """What was paid, in a file or at a ``postgresql://`` URL. Nothing is opened, and no file made, before it is needed.

    All but ``verify`` and ``verified`` raise DataRejected where the ledger is not what was posted, and RequestRejected
    where the database refuses.
    """

    def __init__(self, where: str | Path) -> None:
        from .ledger.store import open_store  # SQLAlchemy takes its time

        self._store = open_store(where)

    @property
    def name(self) -> str:
        return self._store.name

    def must_be_there(self) -> None:
        """Raises RequestRejected where there is no such file."""
        if not self._store.is_there:
            raise RequestRejected([diagnose("ledger-absent", None, ledger=self.name)])

    def verify(self, digest: str = "") -> list[Diagnostic]:
        """What is wrong with which entry. ``digest`` is that of the last entry, where somebody noted it."""
        return self.verified(digest)[1]

    def verified(self, digest: str = "") -> tuple[Head, list[Diagnostic]]:
        """The last entry, and what ``verify`` finds on the way there."""
        verifying = Verifying(self.name)
        for _ in verifying.through(self._store.entries()):
            pass
        if digest:
            verifying.expect(digest)
        return verifying.head, in_order(verifying.problems)

    def posted(self) -> Posted:
        """All locks and lines."""
        return posted(self.entries(), self._store.some)

    def entries(self) -> Iterator[Entry]:
        """All entries; at the end they are known to be sound."""
        verifying = Verifying(self.name)
        yield from verifying.through(self._store.entries())
        if verifying.problems:
            raise DataRejected(verifying.problems)

    def paid(self, period: str) -> Pay:
        """What was posted when ``period`` was locked, as it was computed. Raises RequestRejected for another."""
        return paid(self._of(period))

    def files(self, period: str) -> dict[str, Content]:
        """The statements of a locked period and the lines under them, as ``Run.files`` gave them when it was locked."""
        own = self._of(period)
        return ledger_files(posted(own).locks, paid(own))

    def _of(self, period: str) -> list[Entry]:
        own = [entry for entry in self.entries() if entry.period == period]
        if not own:
            raise RequestRejected([diagnose("period-not-locked", None, period=period, ledger=self.name)])
        return own

    def write(self, period: str, folder: str | Path, *, progress: Progress = SILENT) -> None:
        """The files of a locked period in a folder, whole or not at all."""
        write_folder(Path(folder), self.files(period), progress)

    def post(self, before: Posted, lock: Lock, pay: Pay) -> Posted:
        """Posts all lines of a lock, or none; gives what it posted.

        Raises RequestRejected where somebody posted after ``before``.
        """
        entries = chained(before.head, postings(lock, pay))
        if self._store.post(before.head, entries) != entries[-1].head:
            raise RequestRejected([self._overtaken(before)])
        return posted(entries)

    def _overtaken(self, before: Posted) -> Diagnostic:
        locks = posted(self.entries()).locks
        later = [lock for lock in locks if lock.entry > before.head.sequence]
        told = locked_by(later[0]) if later else "entries are gone"
        return diagnose("ledger-overtaken", None, ledger=self.name, told=told)


def locked_by(lock: Lock) -> str:
    """Who locked what and when, for a message."""
    when = f" at {lock.at}" if lock.at else ""
    return f"{lock.by or 'somebody'} locked {lock.period.name}{when} (entry {lock.entry})"
