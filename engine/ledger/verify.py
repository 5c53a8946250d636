"""Whether a ledger is what was posted: every entry itself, its place in the chain, and whole locks.

What a chain cannot show is that its end was cut off at the end of a lock, or written anew from some entry on: who noted
the last digest elsewhere finds that too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..diagnostics import Cell, Diagnostic
from ..messages import diagnose
from .entries import NO_ENTRY, Entry, Head, digest


@dataclass
class Verifying:
    """Looks at the entries that pass through it, in the order of their numbers; ``problems`` grow meanwhile.

    Every problem is found where it is: what comes after an edit is judged by what the edited entry says of itself.
    """

    ledger: str
    head: Head = NO_ENTRY
    problems: list[Diagnostic] = field(default_factory=list)
    _lock: tuple[int, int] | None = (0, 0)
    """The number of the last lock's entry, and that of its last line; None where that entry cannot be read."""

    def through(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The sound entries: who uses one need not fear its payload."""
        for entry in entries:
            if self._looked_at(entry):
                yield entry
        self._closed(self.head.sequence)

    def expect(self, noted: str) -> None:
        """Whether the last entry has the digest that somebody noted (its beginning is enough)."""
        if not self.head.hash.startswith(noted):
            self._tell("ledger-other-end", self.head.sequence, noted=noted, found=self.head.hash)

    def _looked_at(self, entry: Entry) -> bool:
        expected = self.head.sequence + 1
        self.head, before = entry.head, self.head
        if entry.sequence != expected:
            last = f" to {entry.sequence - 1}" if entry.sequence - 1 > expected else ""
            self._tell("entries-missing", expected, entries=f"{expected}{last}")
        elif entry.previous != before.hash:
            self._tell("entry-out-of-chain", entry.sequence, entry=entry.sequence, before=before.sequence)
        sound = digest(entry.sequence, entry.period, entry.previous, entry.payload) == entry.hash
        try:
            lines = lines_of(entry) if sound else None
        except ValueError:  # a new digest over what granger has not written
            sound, lines = False, None
        if not sound:
            self._tell("entry-edited", entry.sequence, entry=entry.sequence)
            if self._lock is not None and entry.sequence > self._lock[1]:
                self._lock = None
            return False
        if lines is not None:
            self._closed(entry.sequence - 1)
            self._lock = entry.sequence, entry.sequence + lines
        elif self._lock is not None and entry.sequence > self._lock[1]:
            self._tell("line-without-lock", entry.sequence, entry=entry.sequence)
        return True

    def _closed(self, last: int) -> None:
        """A lock that ends at ``last`` has all of its lines."""
        first, end = self._lock or (0, 0)
        if last < end:
            self._tell("lock-cut-off", first, entry=first, lines=end - first, found=max(last - first, 0))

    def _tell(self, code: str, sequence: int, **values: str | int) -> None:
        place = Cell(self.ledger, sequence)
        self.problems.append(diagnose(code, place, related=(), severity=None, **values))


def lines_of(entry: Entry) -> int | None:
    """How many lines follow the entry of a lock; None of a line."""
    lock = entry.first.get("lock")
    lines = lock.get("lines") if isinstance(lock, Mapping) else None
    return lines if isinstance(lines, int) else None
